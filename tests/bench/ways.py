"""What each way in costs before a command begins, against the command alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

from tests.bench.measure import OWN_CORE, Options, Row, core, median, paired

COMMAND = ["true"]
WAYS = ("env", "proxy", "namespace")


def run(options: Options) -> list[Row]:
    """Run a command that does nothing, alone and by each way in, in turns."""
    with tempfile.TemporaryDirectory() as folder, core(OWN_CORE):
        served = [sys.executable, "-m", "recording_emulator", "exec", "--ca-dir", folder]
        interpreter = [sys.executable, "-c", "pass"]
        commands = {via: [*served, "--via", via, "--", *COMMAND] for via in WAYS}
        usable = {via: each for via, each in commands.items() if not subprocess.call(each)}
        took: dict[str, list[float]] = {via: [] for via in ("alone", *usable)}
        for _ in range(options.turns):
            for via, command in {"alone": interpreter, **usable}.items():
                begun = time.perf_counter()
                subprocess.check_call(command)
                took[via].append(time.perf_counter() - begun)
    return [
        Row(
            "ways",
            f"exec --via {via} -- true",
            median(took[via]) * 1000,
            "ms",
            "python -c pass",
            median(took["alone"]) * 1000,
            "",
            paired(took[via], took["alone"]),
        )
        for via in usable
    ]
