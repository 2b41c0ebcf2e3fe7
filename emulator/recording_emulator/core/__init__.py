"""Pure: no I/O, no wall clock, no unseeded number. Everything here is a function of its inputs."""
