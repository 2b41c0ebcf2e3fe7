"""Object bytes: made from the recipe when read, kept in a folder if there is one (obstore).

Names come from recordings and so from requests: every segment is quoted, so that no key leaves the
store's folder, whatever it is called.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from recording_emulator.core.clips.clip import Clip, written
from recording_emulator.core.objects import Broken, Content, Filmed, Text

if TYPE_CHECKING:
    from obstore.store import LocalStore

CHUNK_BYTES: Final = 1 << 20
KEPT_BYTES: Final = 64 << 20
"""How much of what was rendered last is kept."""
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


class Renderer:
    """Renders one file at a time, and keeps the last ones: a player reads a file in many ranges."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Filmed, bytes | None] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def made(self, filmed: Filmed) -> bytes | None:
        """Return the bytes of what was filmed; None: leave it as it is built in."""
        with self._one_at_a_time:
            if filmed not in self._kept:
                from recording_emulator.store.rendering import rendered

                self._kept[filmed] = rendered(filmed.clip, filmed.scene)
                kept = sum(len(each or b"") for each in self._kept.values())
                while kept > KEPT_BYTES and len(self._kept) > 1:
                    kept -= len(self._kept.popitem(last=False)[1] or b"")
            return self._kept[filmed]


class Store:
    """Where the bytes of all tenants come from.

    Without a folder nothing is kept: a clip is made for each reader, a chunk at a time, which takes
    less than it would to keep it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._opened: LocalStore | None = None
        self._renderer = Renderer()

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
        content = await self._drawn(content)
        size = content.size_bytes
        end = size if stop is None else min(stop, size)
        if self.folder is None or isinstance(content, Broken) or start >= end:
            return _each(made(content, start, end))
        store, path = self._store(self.folder), safe_path(tenant, bucket, key)
        if isinstance(content, Text) or not await _is_there(store, path, size):
            await store.put_async(path, made(content, 0, size))
        found = await store.get_async(path, options={"range": (start, end)})
        return (bytes(chunk) async for chunk in found.stream(min_chunk_size=CHUNK_BYTES))

    def render(self, filmed: Filmed) -> bytes | None:
        """Make the bytes of what was filmed; None: it stays as it is built in."""
        return self._renderer.made(filmed)

    async def _drawn(self, content: Content) -> Content:
        """Put the rendered bytes in place of what was filmed; they are made in a thread."""
        if isinstance(content, Broken):
            whole = await self._drawn(content.content)
            return Broken(whole, content.size_bytes, content.is_flipped)
        if not isinstance(content, Filmed):
            return content
        body = await asyncio.to_thread(self.render, content)
        return content.clip if body is None else Text(body)

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


def made(content: Content, start: int, stop: int) -> Iterator[bytes]:
    """Make the bytes ``start..stop`` of a content that is drawn, if it was to be."""
    if isinstance(content, Broken):
        whole = made(content.content, start, stop)
        return _flipped(whole) if content.is_flipped and start == 0 else whole
    if isinstance(content, Text):
        return iter((content.body[start:stop],))
    assert isinstance(content, Clip), content
    return written(content, start, stop)


def _flipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Turn over the first byte, if there is one."""
    first = next(chunks, b"")
    yield bytes(each ^ 0xFF for each in first[:1]) + first[1:]
    yield from chunks


async def _each(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
