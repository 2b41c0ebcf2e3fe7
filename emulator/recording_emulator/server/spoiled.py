"""Answers spoiled by a fault: late, replaced, cut, or a connection that breaks instead."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any, Final

from recording_emulator.core.faults import Fault
from recording_emulator.server.run import PROTOCOL
from recording_emulator.vendors.base import HINT_HEADER, Response, hint_value

if TYPE_CHECKING:
    from recording_emulator.server.app import Receive, Scope, Send

HANG_S: Final = 600
"""A client that has not given up by then is cut off."""
SLOW_MS: Final = "recording_emulator.slow_ms"
"""In process: by how much an answer would have been late."""
LINGER_OFF: Final = struct.pack("ii", 1, 0)
"""Close with a reset: SO_LINGER on, for no time."""


async def send(
    response: Response, fault: Fault, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send an answer as a fault on a call has it.

    Raises:
        ConnectionResetError: If there is no socket to break (an application called in process).
    """
    hint = hint_value(f"fault {fault.id}, firing {fault.fired}: {fault.effect}")
    headers = [*response.headers, (HINT_HEADER, hint)]
    match fault.effect:
        case "slow":
            if PROTOCOL in scope.get("state", {}):
                await asyncio.sleep(fault.by_ms / 1000)
            else:  # called in process, nobody waits in real time: they are told
                await send({"type": "http.response.debug", SLOW_MS: fault.by_ms})
            await _whole(send, response.status, headers, response.body)
        case "status":
            page = f"<html><body><h1>{fault.status}</h1></body></html>".encode()
            html = [(b"content-type", b"text/html"), (HINT_HEADER, hint)]
            await _whole(send, fault.status, html, page)
        case "malform":
            await _whole(send, response.status, headers, _half(response.body))
        case "truncate":
            length = (b"content-length", str(len(response.body)).encode())
            start = {"status": response.status, "headers": [*headers, length]}
            await send({"type": "http.response.start", **start})
            body = {"body": _half(response.body), "more_body": True}
            await send({"type": "http.response.body", **body})
            transport(scope).close()
            await _until_gone(receive)
        case "empty":
            transport(scope).close()
            await _until_gone(receive)
        case "reset":
            _reset(transport(scope))
            await _until_gone(receive)
        case "hang":
            broken = transport(scope)
            try:
                async with asyncio.timeout(HANG_S):
                    await _until_gone(receive)
            except TimeoutError:
                broken.abort()
        case _:
            raise AssertionError(fault)


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


async def _whole(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def transport(scope: Scope) -> Any:
    """Return the connection a request came in by.

    Raises:
        ConnectionResetError: If there is none (an application called in process).
    """
    protocol = scope.get("state", {}).get(PROTOCOL)
    if protocol is None:
        raise ConnectionResetError("a fault broke the connection")
    return protocol.transport


async def _until_gone(receive: Receive) -> None:
    """Wait until the server has noticed that the connection is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: Any) -> None:
    """Break a connection; over plain TCP the peer sees a reset, over TLS an abrupt end."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
    transport.abort()
