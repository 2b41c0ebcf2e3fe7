"""Same seed, same inputs: the same journal, byte for byte, whatever the process."""

import os
import subprocess
import sys
from pathlib import Path

STORY = Path(__file__).with_name("story.py")


def played(seed: int, hash_seed: str) -> bytes:
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, str(STORY), str(seed)]
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_journal_is_the_same_in_other_processes_with_other_hash_seeds() -> None:
    journals = {played(7, hash_seed) for hash_seed in ("0", "1", "4242")}

    assert len(journals) == 1
    lines = journals.pop().splitlines()
    assert len(lines) > 100
    assert not any(b"127.0.0.1" in line for line in lines)


def test_another_seed_gives_other_ids_and_the_same_story() -> None:
    one, two = played(7, "0").splitlines(), played(8, "0").splitlines()

    assert one != two
    assert len(one) == len(two)
