"""Servers as subprocesses on a core of their own.

They find their modules compiled, as an installed package has them, whatever this process was told.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from tests.bench.measure import SERVER_CORE, core, cpu_s, rss_mb

HERE = Path(__file__).parent
SERVE = [str(Path(sysconfig.get_path("scripts")) / "recording-emulator"), "serve"]
FLAGS = ["--no-tls", "--port", "0", "--json"]
BARE = [sys.executable, str(HERE / "bare_server.py")]
SDK = [sys.executable, str(HERE / "sdk_server.py")]
COMPILED = tempfile.TemporaryDirectory(prefix="recording-emulator-bench-")
ENV = {**os.environ, "PYTHONPYCACHEPREFIX": COMPILED.name, "PYTHONDONTWRITEBYTECODE": ""}


class Served:
    """A server that runs: where it listens, and what it has used."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, ready: bytes) -> None:
        self.process = process
        self.port = port
        self._ready = ready

    @property
    def credentials(self) -> dict[str, str]:
        """The credentials of its tenant, of the first of its vendors."""
        found: dict[str, dict[str, str]] = msgspec.json.decode(self._ready)["credentials"]
        return next(iter(found.values()))

    @property
    def cpu_s(self) -> float:
        return cpu_s(self.process.pid)

    @property
    def rss_mb(self) -> float:
        return rss_mb(self.process.pid)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def start(command: list[str]) -> Served:
    """Start a server on its core and return when it has said where it listens."""
    with core(SERVER_CORE):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENV)
    assert os.sched_getaffinity(process.pid) == {SERVER_CORE}, "the server is on another core"
    assert process.stdout is not None
    ready = process.stdout.readline()
    found = msgspec.json.decode(ready)
    port = found if isinstance(found, int) else urlsplit(found["url"]).port
    assert port, ready
    return Served(process, port, ready)


@contextmanager
def served(command: list[str]) -> Iterator[Served]:
    """Start a server for a while."""
    server = start(command)
    try:
        yield server
    finally:
        server.stop()


def emulator(*flags: str) -> list[str]:
    """Return the command of an emulator on a free port."""
    return [*SERVE, *FLAGS, *flags]


def profiled(stats: Path) -> list[str]:
    """Return the command of an emulator under cProfile."""
    return [sys.executable, str(HERE / "profiled_serve.py"), str(stats), *FLAGS]
