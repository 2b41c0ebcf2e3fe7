"""A local emulator of cloud-recording backends, for tests."""

__version__ = "0.1.0"
