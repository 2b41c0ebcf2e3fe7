"""``recording-emulator serve`` under cProfile: ``profiled_serve.py STATS_FILE [flags ...]``."""

import cProfile
import sys

from recording_emulator.cli import main

if __name__ == "__main__":
    profile = cProfile.Profile()
    try:
        profile.runcall(main, ["serve", *sys.argv[2:]])
    finally:
        profile.dump_stats(sys.argv[1])
