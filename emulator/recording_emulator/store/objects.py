"""Object bytes: made from the recipe when first read, kept in memory or in a folder (obstore).

Names come from recordings and so from requests: every segment is quoted, so that no key leaves the
store's folder, whatever it is called.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from recording_emulator.core.objects import Broken, Content, Text

if TYPE_CHECKING:
    from obstore.store import LocalStore, MemoryStore

CHUNK_BYTES: Final = 1 << 20
NAME_MAX: Final = 250
"""What file systems commonly take as one name, less what a temporary file adds to it."""
KEPT_IN_MEMORY_BYTES: Final = 8 << 20
"""Larger filler is made anew for each reader of a memory store instead of being kept."""


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


def made(content: Content, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """Make the bytes ``start..stop`` of a content, a chunk at a time."""
    end = content.size_bytes if stop is None else min(stop, content.size_bytes)
    if isinstance(content, Broken):
        chunks = made(content.content, start, end)
        if content.is_flipped and start == 0 < end:
            first = next(chunks)
            yield bytes([first[0] ^ 0xFF]) + first[1:]
        yield from chunks
        return
    if isinstance(content, Text):
        yield content.body[start:end]
        return
    pattern = content.pattern * (CHUNK_BYTES // len(content.pattern) + 2)
    at = start
    while at < end:
        offset = at % len(content.pattern)
        size = min(CHUNK_BYTES, end - at)
        yield pattern[offset : offset + size]
        at += size


class Store:
    """Where the bytes of all tenants are kept; opened when first used."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._opened: MemoryStore | LocalStore | None = None

    def _store(self) -> MemoryStore | LocalStore:
        if self._opened is None:
            from obstore.store import LocalStore, MemoryStore

            if self.folder is None:
                self._opened = MemoryStore()
            else:
                self._opened = LocalStore(self.folder, mkdir=True)
        return self._opened

    async def read(
        self, tenant: str, bucket: str, key: str, content: Content
    ) -> AsyncIterator[bytes]:
        """Return the bytes of an object, making and keeping them if this is the first look."""
        is_large = content.size_bytes > KEPT_IN_MEMORY_BYTES
        if isinstance(content, Broken) or (self.folder is None and is_large):
            return _each(made(content))
        store, path = self._store(), safe_path(tenant, bucket, key)
        if isinstance(content, Text) or not await _is_there(store, path, content.size_bytes):
            await store.put_async(path, made(content))
        found = await store.get_async(path)
        return (bytes(chunk) async for chunk in found.stream(min_chunk_size=CHUNK_BYTES))

    async def forget(self, tenant: str) -> None:
        """Drop what is kept in memory for a tenant; a folder is the user's and stays."""
        if self._opened is None or self.folder is not None:
            return
        for found in await self._opened.list(safe_name(tenant)).collect_async():
            await self._opened.delete_async(found["path"])


async def _is_there(store: MemoryStore | LocalStore, path: str, size_bytes: int) -> bool:
    try:
        return (await store.head_async(path))["size"] == size_bytes
    except FileNotFoundError:
        return False


async def _each(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
