"""A private network for a command and for us: vendors' names are here, nothing else is reachable.

Linux only. The process itself moves into new namespaces before it starts anything, so that these go
when the last process in them ends: there is nothing to clean up.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Final

from recording_emulator.errors import BadRequest

CLONE_NEWNS: Final = 0x0002_0000
CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWNET: Final = 0x4000_0000
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x4_0000
SIOCGIFFLAGS: Final = 0x8913
SIOCSIFFLAGS: Final = 0x8914
IFF_UP: Final = 0x1
"""Of ``linux/sched.h``, ``linux/mount.h``, ``linux/sockios.h`` and ``linux/if.h``."""


class Unavailable(BadRequest):
    """This machine, or this user, cannot make a private network."""


def enter(folder: Path) -> None:
    """Move this process into a network of its own, with us as its only name server.

    Call it before any thread is started.

    Raises:
        Unavailable: If that is not possible; the message says why. Nothing was changed then, or
            the process is of no further use for anything but saying so.
    """
    if sys.platform != "linux":
        raise Unavailable("a private network needs Linux; use --via proxy")
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    flags = CLONE_NEWNET | CLONE_NEWNS | (CLONE_NEWUSER if uid else 0)
    _check(libc.unshare(flags), "unshare")
    try:
        if uid:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
        _raise_loopback()
    except OSError as error:
        raise Unavailable(f"{error}; use --via proxy") from None
    resolv = folder / "resolv.conf"
    resolv.write_text("nameserver 127.0.0.1\noptions attempts:1 timeout:2\n")
    _check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount /")
    target = os.path.realpath("/etc/resolv.conf").encode()
    _check(libc.mount(bytes(resolv), target, None, MS_BIND, None), "mount /etc/resolv.conf")


def _check(result: int, what: str) -> None:
    if result != 0:
        why = os.strerror(ctypes.get_errno())
        raise Unavailable(f"cannot make a private network ({what}: {why}); use --via proxy")


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        found = fcntl.ioctl(any_socket, SIOCGIFFLAGS, request)
        flags = struct.unpack("16sH14x", found)[1] | IFF_UP
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags))


def is_possible() -> bool:
    """Try it in a process that does nothing else."""
    pid = os.fork()
    if pid == 0:
        import tempfile

        status = 1
        try:
            with tempfile.TemporaryDirectory() as folder:
                enter(Path(folder))
                status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
