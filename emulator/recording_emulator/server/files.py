"""Stored files over HTTP, as object storage serves them: HEAD, ranges, an ETag, signed URLs.

A URL that carries a signature is judged: a wrong one and one whose time is over, on the tenant's
clock, get 403. One without is served: it is what the control API lists.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import parse_qs, unquote

from recording_emulator.core import links
from recording_emulator.core.filming import filmed
from recording_emulator.core.objects import Content, File
from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Directory
from recording_emulator.server.ranges import Part
from recording_emulator.store.objects import Store
from recording_emulator.vendors.base import HINT_HEADER, hint_value

Scope: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

LISTED: Final = "GET an object's url as /_emulator/tenants/{id}/objects lists it"
EXPIRED: Final = "the signed url is over on the tenant's clock"
FORGED: Final = "the signature is not that of this url"


class Found(NamedTuple):
    """A file that is there, and whose it is."""

    tenant: str
    file: File
    content: Content


class Files:
    """The files of every tenant, below ``/_files/``."""

    def __init__(self, directory: Directory, store: Store) -> None:
        self._directory = directory
        self._store = store

    async def serve(self, scope: Scope, send: Send) -> None:
        """Answer a request for a file."""
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 404, LISTED)
            return
        found = self._find(scope["raw_path"], scope["query_string"].decode("latin-1"))
        if not isinstance(found, Found):
            await _refuse(send, *found)
            return
        tenant, file, content = found
        asked = dict(scope["headers"]).get(b"range", b"").decode("latin-1")
        part = Part.of(asked, content.size_bytes)
        headers: Headers = [
            (b"content-type", file.content_type.encode()),
            (b"access-control-allow-origin", b"*"),  # a web app plays and saves recordings
            (b"etag", f'"{links.etag(file)}"'.encode()),
            *part.headers,
        ]
        await send({"type": "http.response.start", "status": part.status, "headers": headers})
        if scope["method"] == "GET":
            where, at = (tenant, file.bucket, file.key), (part.start, part.stop)
            async for chunk in await self._store.read(*where, content, *at):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _find(self, raw_path: bytes, query: str) -> Found | tuple[int, str]:
        parts = raw_path.decode("latin-1").split("/", 4)
        if len(parts) < 5:
            return 404, LISTED
        tenant, bucket, key = map(unquote, parts[2:])
        try:
            world = self._directory.get(tenant).world
        except EmulatorError:
            return 404, LISTED
        asked = parse_qs(query)
        if links.SIGNATURE in asked:
            signature = asked[links.SIGNATURE][0]
            expires = asked.get(links.EXPIRES, [""])[0]
            if signature != links.signature(parts[4].rpartition("/")[2], expires):
                return 403, FORGED
            if not links.is_alive(expires, world.now_ms):
                return 403, EXPIRED
        found = world.objects.find(bucket, key, world.now_ms)
        if found is None:
            return 404, LISTED
        file, content = found
        recipe = world.objects.recipe(bucket, key)
        return Found(tenant, file, filmed(world, recipe, key, content, world.now_ms))


async def _refuse(send: Send, status: int, hint: str) -> None:
    headers = [(b"content-length", b"0"), (HINT_HEADER, hint_value(hint))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
