"""The least that can talk WebSocket: text frames, on the loopback, every one answered at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

Answer: TypeAlias = Callable[[bytes], bytes | None]
"""Takes a frame and returns what is sent back at once, if anything."""
TEXT = 0x81
KEY = b"\x00\x00\x00\x00"
"""A mask that changes nothing: frames need one, and it need not hide anything here."""


def framed(text: bytes) -> bytes:
    """Write a client's text frame, of less than 65,536 bytes."""
    size = len(text)
    head = bytes((TEXT, 0x80 | size)) if size < 126 else bytes((TEXT, 0xFE)) + size.to_bytes(2)
    return head + KEY + text


class Socket(asyncio.Protocol):
    """One connection; ``answer`` is asked for every frame that comes."""

    def __init__(self, path: str, answer: Answer) -> None:
        self._path, self._answer = path, answer
        self._buffer = b""
        self._is_open = False
        self._transport: Any = None
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\n"
            "connection: Upgrade\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self._is_open:
            head, end, buffer = buffer.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_open = True
            self.opened.set_result(None)
        at, answers = 0, []
        while len(buffer) >= at + 2:
            size, start = buffer[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4]), at + 4
            if len(buffer) < max(start, at + 4) or len(buffer) < start + size:
                break
            assert buffer[at] == TEXT, buffer[at : start + size]
            answer = self._answer(buffer[start : start + size])
            if answer is not None:
                answers.append(framed(answer))
            at = start + size
        self._buffer = buffer[at:]
        if answers:
            self._transport.write(b"".join(answers))

    def send(self, text: bytes) -> None:
        self._transport.write(framed(text))

    def close(self) -> None:
        self._transport.close()


async def connect(port: int, path: str, answer: Answer) -> Socket:
    """Open a connection to a server on this machine."""
    loop = asyncio.get_running_loop()
    _, made = await loop.create_connection(lambda: Socket(path, answer), "127.0.0.1", port)
    await made.opened
    return made
