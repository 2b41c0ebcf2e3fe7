"""``python -m recording_emulator``."""

from recording_emulator.cli import main

if __name__ == "__main__":
    main()
