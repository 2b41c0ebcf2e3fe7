import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

CLEAN = {name: value for name, value in os.environ.items() if "RECORDING_EMULATOR" not in name}


class Serving:
    """A ``serve`` that runs: what it said when it was ready, and its end."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.first_line = process.stdout.readline()

    @property
    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.json.decode(self.first_line)
        return told

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Ask it to stop; returns its exit code and what else it printed."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.send_signal(how)
        out, err = self.process.stdout.read(), self.process.stderr.read()
        return self.process.wait(10), out, err


Serve = Callable[..., Serving]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start ``recording-emulator serve`` in an empty folder."""
    running: list[subprocess.Popen[str]] = []
    (tmp_path / "work").mkdir()

    def start(*flags: str, **environment: str) -> Serving:
        process = subprocess.Popen(
            [sys.executable, "-m", "recording_emulator", "serve", *flags],
            cwd=tmp_path / "work",
            env={**CLEAN, "XDG_STATE_HOME": str(tmp_path / "state"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return Serving(process)

    yield start
    for process in running:
        process.kill()
        process.communicate()
