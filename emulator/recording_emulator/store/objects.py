"""Object bytes: made from the recipe when read, kept in a folder if there is one (obstore).

Names come from recordings and so from requests: every segment is quoted, so that no key leaves the
store's folder, whatever it is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import quote

from recording_emulator.core.clips.clip import Clip, written
from recording_emulator.core.objects import Broken, Content, Text

if TYPE_CHECKING:
    from obstore.store import LocalStore

CHUNK_BYTES: Final = 1 << 20
NAME_MAX: Final = 250
"""What file systems commonly take as one name, less what a temporary file adds to it."""


def safe_path(tenant: str, bucket: str, key: str) -> str:
    """Join names into a path below the store's root; different names make different paths.

    >>> safe_path("default", "../up", "dirA/a b.ts")
    'default/..%2Fup/dirA/a%20b.ts'
    >>> safe_path("default", "..", "dirA//.")
    'default/%2E%2E/dirA/%/%2E'
    """
    return "/".join(map(safe_name, (tenant, bucket, *key.split("/"))))


def safe_name(name: str) -> str:
    """Write a name as one segment that every file system takes; the empty one becomes ``%``."""
    quoted = quote(name, safe="-_.~!$'()+,;=@&") or "%"
    if len(quoted) > NAME_MAX:
        digest = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return f"{quoted[: NAME_MAX - 33]}%{digest}"
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


class Writer(Protocol):
    """Writes the bytes ``start..stop`` of a clip; all of them are ``clip.size_bytes``.

    The built-in one needs no encoder; another may show more, as long as the size is the same, which
    has been told by then.
    """

    def __call__(self, clip: Clip, start: int, stop: int, /) -> Iterator[bytes]: ...


class Store:
    """Where the bytes of all tenants come from.

    Without a folder nothing is kept: a clip is made for each reader, a chunk at a time, which takes
    less than it would to keep it.
    """

    def __init__(self, folder: Path | None = None, write: Writer = written) -> None:
        self.folder = folder
        self._write = write
        self._opened: LocalStore | None = None

    def made(self, content: Content, start: int, stop: int) -> Iterator[bytes]:
        """Make the bytes ``start..stop`` of a content."""
        if isinstance(content, Broken):
            whole = self.made(content.content, start, stop)
            return _flipped(whole) if content.is_flipped and start == 0 else whole
        if isinstance(content, Text):
            return iter((content.body[start:stop],))
        return self._write(content, start, stop)

    async def read(
        self,
        tenant: str,
        bucket: str,
        key: str,
        content: Content,
        start: int = 0,
        stop: int | None = None,
    ) -> AsyncIterator[bytes]:
        """Return bytes of an object; a folder keeps what is not broken whole."""
        size = content.size_bytes
        end = size if stop is None else min(stop, size)
        if self.folder is None or isinstance(content, Broken) or start >= end:
            return _each(self.made(content, start, end))
        store, path = self._store(self.folder), safe_path(tenant, bucket, key)
        if isinstance(content, Text) or not await _is_there(store, path, size):
            await store.put_async(path, self.made(content, 0, size))
        found = await store.get_async(path, options={"range": (start, end)})
        return (bytes(chunk) async for chunk in found.stream(min_chunk_size=CHUNK_BYTES))

    def _store(self, folder: Path) -> LocalStore:
        if self._opened is None:
            from obstore.store import LocalStore

            self._opened = LocalStore(folder, mkdir=True)
        return self._opened


async def _is_there(store: LocalStore, path: str, size_bytes: int) -> bool:
    try:
        return (await store.head_async(path))["size"] == size_bytes
    except FileNotFoundError:
        return False


def _flipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Turn over the first byte, if there is one."""
    first = next(chunks, b"")
    yield bytes(each ^ 0xFF for each in first[:1]) + first[1:]
    yield from chunks


async def _each(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
