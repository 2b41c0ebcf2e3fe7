"""The language-neutral control API under ``/_emulator/``."""
