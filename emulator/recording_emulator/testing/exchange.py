"""One request into an application without a socket: as a server would put it, with what comes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from recording_emulator.server.run import PROTOCOL
from recording_emulator.server.spoiled import SLOW_MS

CLOSED: Final = "closed"
RESET: Final = "reset"
"""How a connection broke."""


class Asked(msgspec.Struct, frozen=True):
    """A request; ``target`` is its path with its query, as it stands in the first line."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


class Replied(msgspec.Struct):
    """What came back; ``status`` is 0 if nothing did, ``broke`` says how the connection ended.

    ``slow_ms`` is by how much the answer would have been late, where nobody waited for it.
    """

    status: int = 0
    headers: list[tuple[bytes, bytes]] = []
    body: bytes = b""
    broke: str = ""
    slow_ms: int = 0


class Connection:
    """What stands for a connection: a fault can break it, and a client can give it up.

    It is its own transport, as far as ``server/spoiled.py`` asks one for anything.
    """

    def __init__(self) -> None:
        self.broke = ""
        self._is_gone = asyncio.Event()

    @property
    def transport(self) -> Connection:
        return self

    def get_extra_info(self, _name: str) -> None:
        """Have no socket to tell of."""

    def close(self) -> None:
        """End it as a server does."""
        self._end(CLOSED)

    def abort(self) -> None:
        """Break it."""
        self._end(RESET)

    def _end(self, how: str) -> None:
        self.broke = self.broke or how
        self._is_gone.set()

    async def gone(self) -> None:
        """Wait until either side has ended it."""
        await self._is_gone.wait()


async def exchange(app: Any, asked: Asked, connection: Connection | None = None) -> Replied:
    """Call an ASGI application.

    Without a connection nobody waits in real time: a late answer says by how much (``slow_ms``),
    and one that a fault breaks is no answer.
    """
    path, _, query = asked.target.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": asked.method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in asked.headers
        ],
    }
    if connection is not None:
        scope["state"] = {PROTOCOL: connection}
    messages = [{"type": "http.request", "body": asked.body}]
    replied = Replied()

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        if connection is not None:
            await connection.gone()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        replied.status = message.get("status", replied.status)
        replied.headers = message.get("headers", replied.headers)
        replied.slow_ms = message.get(SLOW_MS, replied.slow_ms)
        replied.body += message.get("body", b"")

    try:
        await app(scope, receive, send)
    except ConnectionResetError:  # there is no connection that a fault could break
        return Replied(broke=RESET)
    if connection is not None:
        replied.broke = connection.broke
    return replied
