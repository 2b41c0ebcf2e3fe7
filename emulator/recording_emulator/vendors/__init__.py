"""One folder per vendor: every fact about that vendor, and nothing else."""
