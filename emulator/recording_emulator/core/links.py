"""Links to stored files that are signed and end: what a vendor hands out, and what serves it."""

import hashlib
from typing import Final

from recording_emulator.core import ids
from recording_emulator.core.objects import File

EXPIRES: Final = "Expires"
SIGNATURE: Final = "Signature"


def signature(name: str, expires: str) -> str:
    """Sign the last part of a URL's path, as it is written there; how is ours.

    It takes neither the host, which is another every time, nor a secret, which nobody would keep.
    """
    return hashlib.sha1(f"{name} {expires}".encode(), usedforsecurity=False).hexdigest()[:20]


def signed(url: str, until_ms: int) -> str:
    """Sign a URL until an instant; it counts in whole seconds.

    Source:
        ``Expires`` and ``Signature`` in downloads: sheet neroom §2.6.

    >>> signed("http://x/a.mp4", 1_000)
    'http://x/a.mp4?Expires=1&Signature=b0f7c0a8cc0782bfe0fd'
    """
    expires = str(until_ms // 1000)
    mark = signature(url.rpartition("/")[2], expires)
    return f"{url}{'&' if '?' in url else '?'}{EXPIRES}={expires}&{SIGNATURE}={mark}"


def is_alive(expires: str, now_ms: int) -> bool:
    """Whether a link's time is not over.

    >>> is_alive("1", 999), is_alive("1", 1_000), is_alive("soon", 0)
    (True, False, False)
    """
    return expires.isascii() and expires.isdigit() and now_ms < int(expires[:18]) * 1000


def etag(file: File) -> str:
    """Return what changes when a file does."""
    return ids.derive(0, "core.etag", f"{file.bucket}/{file.key}", file.stored_ms, 8).hex() + (
        f"-{file.size_bytes:x}"
    )
