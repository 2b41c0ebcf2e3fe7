"""A WebSocket of a client with an SDK, at the ASGI level."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

MAX_FIELDS: Final = 64


class Socket:
    """One connection; ``abort`` breaks it without a word."""

    def __init__(
        self, query: bytes, receive: Receive, send: Send, abort: Callable[[], None]
    ) -> None:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)[:MAX_FIELDS]
        self.query = dict(pairs)
        self.abort = abort
        self._receive = receive
        self._send = send

    async def accept(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})

    async def receive(self) -> str | bytes | None:
        """Return what the client sent, or None when it is gone."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            return None
        text: str | bytes | None = message.get("text")
        return message["bytes"] if text is None else text

    async def write(self, text: str) -> None:
        """Send a frame.

        Raises:
            OSError: If the client is gone.
        """
        try:
            await self._send({"type": "websocket.send", "text": text})
        except RuntimeError as error:
            raise ConnectionResetError(str(error)) from None

    async def close(self, code: int, reason: str) -> None:
        short = reason.encode()[:120].decode(errors="ignore")
        try:
            await self._send({"type": "websocket.close", "code": code, "reason": short})
        except (OSError, RuntimeError):
            return
