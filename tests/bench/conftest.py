"""Benches are run by hand (``python tests/bench/run.py``), never collected as tests."""

collect_ignore_glob = ["*.py"]
