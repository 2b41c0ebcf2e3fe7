"""httpx by the vendors' names; httpx is the user's to install."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import httpx

from recording_emulator.testing.exchange import RESET, Asked, Replied

if TYPE_CHECKING:
    from recording_emulator.testing.inprocess import InProcess, Replacement

BY = "httpx"


class Transport(httpx.BaseTransport):
    """Vendors' names come to a server in this process; other names go on by another transport."""

    def __init__(self, server: InProcess, onward: httpx.BaseTransport | None = None) -> None:
        self._server = server
        self._onward = onward or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request out."""
        if _is_ours(self._server, request):
            return _answered(self._server, request, request.read())
        return self._onward.handle_request(request)

    def close(self) -> None:
        """Close what other names go by."""
        self._onward.close()


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for ``httpx.AsyncClient``, in any event loop that httpx knows."""

    def __init__(self, server: InProcess, onward: httpx.AsyncBaseTransport | None = None) -> None:
        self._server = server
        self._onward = onward or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request out, in a thread that waits for it."""
        if _is_ours(self._server, request):
            return await _answered_beside(self._server, request)
        return await self._onward.handle_async_request(request)

    async def aclose(self) -> None:
        """Close what other names go by."""
        await self._onward.aclose()


def replacements(server: InProcess) -> list[Replacement]:
    """Return what makes every client of httpx's own transports come here by vendors' names."""
    onward = httpx.HTTPTransport.handle_request
    async_onward = httpx.AsyncHTTPTransport.handle_async_request

    def handle(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if _is_ours(server, request):
            return _answered(server, request, request.read())
        return onward(self, request)

    async def handle_async(
        self: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        if _is_ours(server, request):
            return await _answered_beside(server, request)
        return await async_onward(self, request)

    return [
        (httpx.HTTPTransport, "handle_request", handle),
        (httpx.AsyncHTTPTransport, "handle_async_request", handle_async),
    ]


def _is_ours(server: InProcess, request: httpx.Request) -> bool:
    try:
        return server.takes(request.url.host, BY)
    except ConnectionRefusedError as error:
        raise httpx.ConnectError(str(error), request=request) from None


async def _answered_beside(server: InProcess, request: httpx.Request) -> httpx.Response:
    body = await request.aread()
    alone = anyio.CapacityLimiter(1)
    return await anyio.to_thread.run_sync(
        _answered, server, request, body, abandon_on_cancel=True, limiter=alone
    )


def _answered(server: InProcess, request: httpx.Request, body: bytes) -> httpx.Response:
    """Wait for the answer as httpx does, and fail as it does."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in _raw(request)]
    target = request.url.raw_path.decode("ascii")
    try:
        replied = server.ask(
            Asked(request.method, target, headers, body),
            request.extensions.get("timeout", {}).get("read"),
        )
    except TimeoutError:
        raise httpx.ReadTimeout("The read operation timed out", request=request) from None
    if replied.broke == RESET:
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    if not replied.status:
        text = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(text, request=request)
    return httpx.Response(
        replied.status, headers=replied.headers, stream=_Body(replied), request=request
    )


def _raw(request: httpx.Request) -> list[tuple[bytes, bytes]]:
    return request.headers.raw


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer; one that was cut off ends as httpx says it does."""

    def __init__(self, replied: Replied) -> None:
        self._replied = replied

    def __iter__(self) -> Iterator[bytes]:
        yield self._replied.body
        if self._replied.broke:
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body (received "
                f"{len(self._replied.body)} bytes, expected {_length(self._replied)})"
            )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self:
            yield each


def _length(replied: Replied) -> Any:
    return int(dict(replied.headers).get(b"content-length", b"0"))
