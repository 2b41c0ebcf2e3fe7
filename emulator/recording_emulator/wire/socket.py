"""A WebSocket of a client with an SDK, at the ASGI level."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import parse_qsl

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

MAX_FIELDS: Final = 64
INSIDE: Final = "recording_emulator.inside"
"""The ASGI extension of a client in process: a ``Near`` in place of a socket."""


class Near(Protocol):
    """The other end of a connection that has no socket, for what happens beside its frames."""

    def abort(self) -> None:
        """Break it without a word."""

    def late(self, by_ms: int) -> None:
        """Hear that an answer comes so much later in real time."""

    def silent(self) -> None:
        """Hear that no answer comes."""


class Socket:
    """One connection; ``abort`` breaks it without a word."""

    def __init__(
        self,
        query: bytes,
        receive: Receive,
        send: Send,
        abort: Callable[[], None],
        near: Near | None = None,
    ) -> None:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)[:MAX_FIELDS]
        self.query = dict(pairs)
        self.abort = abort
        self._receive = receive
        self._send = send
        self._near = near

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

    async def late(self, by_ms: int) -> None:
        """Let real time pass before an answer; in process nobody waits, and the client is told."""
        if self._near is None:
            await asyncio.sleep(by_ms / 1000)
        else:
            self._near.late(by_ms)

    def silent(self) -> None:
        """Answer nothing, ever; a client in process is told, for it would wait for ever."""
        if self._near is not None:
            self._near.silent()

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
