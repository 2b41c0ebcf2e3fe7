"""The least that can talk HTTP/1.1: kept connections, one request at a time each, loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import msgspec

from recording_emulator.vendors.base import Outward

Answer: TypeAlias = tuple[int, bytes]


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: Any = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer = self._buffer + data if self._buffer else data
        head_end = buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        at = buffer.find(b"content-length: ", 0, head_end)
        length = int(buffer[at + 16 : buffer.find(b"\r", at)]) if at >= 0 else 0
        end = head_end + 4 + length
        if len(buffer) < end:
            return
        self._buffer = buffer[end:]
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result((int(buffer[9:12]), buffer[head_end + 4 : end]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("closed by the server"))

    def ask(self, raw: bytes) -> asyncio.Future[Answer]:
        """Send a request; await what comes back."""
        assert self._waiting is None
        self._waiting = self._loop.create_future()
        self._transport.write(raw)
        return self._waiting

    def close(self) -> None:
        self._transport.close()


async def connect(port: int, count: int) -> list[Line]:
    """Open connections to a server on this machine."""
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Line, "127.0.0.1", port))[1] for _ in range(count)]


def request(method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    """Write a request as bytes."""
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def vendor_request(prefix: str, call: Outward) -> bytes:
    """Write a vendor's call as bytes."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    return request(call.method, f"/{prefix}{call.path}", call.body, headers)


async def admin(line: Line, method: str, path: str, body: Any = None) -> Any:
    """Make one call of the admin API and decode its answer."""
    raw = b"" if body is None else msgspec.json.encode(body)
    content = "content-type: application/json\r\n"
    status, answer = await line.ask(request(method, f"/_emulator{path}", raw, content))
    assert status < 300, (method, path, status, answer)
    return msgspec.json.decode(answer) if answer else None


async def share(lines: list[Line], work: Callable[[Line, int], Awaitable[None]], n: int) -> None:
    """Run ``work`` for 0..n-1, over all connections at once."""
    numbers = iter(range(n))

    async def one(line: Line) -> None:
        for number in numbers:
            await work(line, number)

    await asyncio.gather(*(one(line) for line in lines))
