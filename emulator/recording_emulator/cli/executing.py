"""``recording-emulator exec``: a server around one command, which needs to know nothing of it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
import msgspec

from recording_emulator.cli import namespace, trust
from recording_emulator.cli.serving import Options, Served
from recording_emulator.core import story
from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Leak
from recording_emulator.scenario.judge import live_and_ended
from recording_emulator.server.run import new_loop

TIMED_OUT: Final = 124
NOT_FOUND: Final = 127
BY_SIGNAL: Final = 128
"""Exit codes as ``timeout`` and shells have them."""
LEAKED: Final = 1
STOP_S: Final = 5.0
"""How long a command that was asked to stop may take."""
IDLE_S: Final = 10.0
"""After so long without a call, with every task ended, a command is said to outlive its work."""
SHOWN: Final = 200
PR_SET_CHILD_SUBREAPER: Final = 36
"""Of ``linux/prctl.h``: what a command leaves behind becomes ours to end."""

PORTS: Final[Mapping[str, dict[str, int | None]]] = {
    "namespace": {"port": 80, "tls_port": 443, "dns_port": 53},
    "proxy": {"port": 0, "tls_port": 0, "proxy_port": 0},
    "env": {"port": 0, "tls_port": 0},
}
"""Where we listen, by the way in; nobody else can have taken a port of a private network."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The flags of ``exec`` besides those of ``serve``."""

    command: tuple[str, ...]
    via: str
    timeout_s: float | None
    shows_story: bool


def run(wish: Wish, options: Options) -> int:
    """Run the command; returns its exit code, or 1 if it is 0 but a call would have leaked.

    Raises:
        click.ClickException: If a flag is wrong; nothing was started.
    """
    with tempfile.TemporaryDirectory(prefix="recording-emulator-") as folder:
        try:
            way = _way(wish.via, Path(folder))
            with asyncio.Runner(loop_factory=new_loop) as runner:
                return runner.run(_execute(wish, options, way, Path(folder)))
        except EmulatorError as error:
            raise click.ClickException(str(error)) from None


def _way(via: str, folder: Path) -> str:
    """Choose how calls come here, and move into a private network if that is how."""
    if via == "auto":
        via = "namespace" if namespace.is_possible() else "proxy"
    if via == "namespace":
        namespace.enter(folder)
    return via


async def _execute(wish: Wish, options: Options, way: str, folder: Path) -> int:
    served = Served(msgspec.structs.replace(options, **PORTS[way]), _warn)
    try:
        await served.open()
        return await _Execution(wish, served, folder).run()
    finally:
        await served.close()


def _warn(leak: Leak) -> None:
    click.secho(f"recording-emulator: refused: {leak.hint}", fg="red", err=True)


class _Execution:
    """One command, with a server around it that is open."""

    def __init__(self, wish: Wish, served: Served, folder: Path) -> None:
        self._wish, self._served, self._folder = wish, served, folder
        self._group = 0

    async def run(self) -> int:
        """Run it to its end, and what it has left behind."""
        _adopt_orphans()
        environment = {**os.environ, **self._environment()}
        self._take_signals()
        try:
            child = _begin(self._wish.command, environment)
        except OSError as error:
            click.echo(f"recording-emulator: {self._wish.command[0]}: {error.strerror}", err=True)
            return NOT_FOUND
        self._group = child.pid
        with _foreground(child.pid):
            watch = asyncio.ensure_future(self._watch())
            code = await self._outcome(child)
            watch.cancel()
            await asyncio.to_thread(_end_the_rest, child.pid)
        return self._told(code)

    def _take_signals(self) -> None:
        """Pass signals on, from before the command begins: so it has none ignored but SIGHUP."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            is_left_alone = each == signal.SIGHUP and signal.getsignal(each) == signal.SIG_IGN
            if not is_left_alone:  # as nohup wants it
                loop.add_signal_handler(each, self._pass_on, each)

    def _pass_on(self, number: int) -> None:
        if self._group:
            _forward(self._group, number)

    def _environment(self) -> dict[str, str]:
        served = self._served
        assert served.ca is not None
        found = trust.environment(served.ca, self._folder, os.environ)
        if served.proxy is not None:
            found = trust.proxied(found, served.proxy[1])
        found |= {
            "RECORDING_EMULATOR_URL": served.url,
            "RECORDING_EMULATOR_TLS_URL": served.tls_url,
            "RECORDING_EMULATOR_CA": str(served.ca.cert_path),
        }
        for vendor, pair in served.hand.credentials.items():
            prefix = f"RECORDING_EMULATOR_{vendor.upper()}"
            found[f"{prefix}_URL"] = f"{served.url}/{vendor}"
            found |= {f"{prefix}_{name.upper()}": value for name, value in pair.items()}
        return found

    async def _outcome(self, child: subprocess.Popen[bytes]) -> int:
        """Wait for the command's end, up to the limit; returns its exit code as a shell has it."""
        ended = asyncio.ensure_future(asyncio.to_thread(child.wait))
        await asyncio.wait([ended], timeout=self._wish.timeout_s)
        if not ended.done():
            click.secho(
                f"recording-emulator: still running after {self._wish.timeout_s:g} s (--timeout)"
                f"{self._standing()}",
                fg="red",
                err=True,
            )
            _forward(child.pid, signal.SIGTERM)
            await asyncio.wait([ended], timeout=STOP_S)
            if not ended.done():
                _forward(child.pid, signal.SIGKILL)
            await ended
            return TIMED_OUT
        code = ended.result()
        return code if code >= 0 else BY_SIGNAL - code

    def _standing(self) -> str:
        """Say what the command has left to wait for, if anything."""
        live = self._live()
        if live:
            return f"; {live} of its recordings are still going on"
        if not self._served.hand.world.journal.last_seq:
            return "; it has not called any vendor"
        return (
            "; every recording has ended. A client that keeps a thread never lets its program end "
            "(Agora's for Python does): end it with os._exit"
        )

    def _live(self) -> int:
        """Count the recordings that have not ended."""
        world = self._served.hand.world
        tasks = [
            each for adapter in self._served.adapters for each in live_and_ended(world, adapter)
        ]
        return sum(not each["is_ended"] for each in tasks)

    async def _watch(self) -> None:
        """Say once that a command seems to have outlived its work."""
        world, seen = self._served.hand.world, 0
        while True:
            await asyncio.sleep(IDLE_S)
            last = world.journal.last_seq
            if last and last == seen and not self._live():
                text = f"recording-emulator: no call for {IDLE_S:g} s{self._standing()}, or give "
                click.secho(f"{text}--timeout", fg="yellow", err=True)
                return
            seen = last

    def _told(self, code: int) -> int:
        """Say what went wrong, and return the exit code of the whole."""
        served, leaks = self._served, self._served.directory.counts["leaks"]
        if served.played is not None:
            verdict = served.played.judge(served.hand, as_json=served.options.as_json)
            code = code or verdict
        if leaks:
            names = ", ".join(dict.fromkeys(each.host for each in served.directory.leaks))
            text = f"called names of vendors that are not emulated, {leaks} times in all: {names}"
            click.secho(f"recording-emulator: {text}", fg="red", err=True)
            code = code or LEAKED
        if code and self._wish.shows_story:
            self._tell_story()
        return code

    def _tell_story(self) -> None:
        world, hand = self._served.hand.world, self._served.hand
        secrets = frozenset().union(*(each.secrets for each in self._served.adapters))
        spec = world.spec
        head = story.heading(
            spec.name, str(hand.mode), spec.seed, spec.start_ms, world.now_ms, world.journal.evicted
        )
        lines = story.timeline(world.journal, spec.start_ms, secrets)
        click.echo("\n".join((head, *lines[-SHOWN:])), err=True)


# --- processes -----------------------------------------------------------------------------------


def _begin(command: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a command in a group of its own; uvloop's way of starting one knows no groups."""
    return subprocess.Popen(command, env=environment, process_group=0)


def _forward(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


class _foreground:  # noqa: N801 - used as a statement
    """Give a terminal to a group of processes, so that Ctrl-C reaches it, and take it back."""

    def __init__(self, group: int) -> None:
        self._group = group
        self._before: int | None = None

    def __enter__(self) -> None:
        if not sys.stdin.isatty():
            return
        self._handler = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            self._before = os.tcgetpgrp(0)
            os.tcsetpgrp(0, self._group)

    def __exit__(self, *_error: object) -> None:
        if self._before is not None:
            with contextlib.suppress(OSError):
                os.tcsetpgrp(0, self._before)
        if sys.stdin.isatty():
            signal.signal(signal.SIGTTOU, self._handler)


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_the_rest(group: int) -> None:
    """End what a command has left behind: its group, and what has become ours since."""
    import psutil

    _forward(group, signal.SIGTERM)
    left = psutil.Process().children(recursive=True)
    for each in left:
        with contextlib.suppress(psutil.Error):
            each.terminate()
    _gone, alive = psutil.wait_procs(left, timeout=STOP_S)
    for each in alive:
        with contextlib.suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(alive, timeout=STOP_S)
