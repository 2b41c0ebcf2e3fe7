"""Calls that would have reached a vendor: which name was asked for, which way, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from recording_emulator.runtime.directory import Directory, Leak


class Leaks:
    """The leaks of one server; ``told`` hears of each as it happens."""

    def __init__(
        self, directory: Directory, told: Callable[[Leak], None] = lambda _leak: None
    ) -> None:
        self._directory = directory
        self._told = told

    def note(self, host: str, way: str, peer: tuple[Any, ...], *, is_udp: bool = False) -> Leak:
        """Remember that somebody asked for a vendor's name that is not served here."""
        leak = self._directory.note_leak(host, way, _program(peer, is_udp=is_udp))
        self._told(leak)
        return leak


def _program(peer: tuple[Any, ...], *, is_udp: bool) -> str:
    """Name the program at the other end of a connection, if it is on this machine and alive."""
    import psutil

    try:
        for each in psutil.net_connections("udp" if is_udp else "tcp"):
            here = tuple(each.laddr)
            is_its = here[1:] == peer[1:] and (is_udp or here == peer)
            if is_its and each.pid:
                return " ".join(psutil.Process(each.pid).cmdline())[:200]
    except (psutil.Error, OSError):
        pass  # it is gone, or not ours to look at
    return f"{peer[0]}:{peer[1]}"
