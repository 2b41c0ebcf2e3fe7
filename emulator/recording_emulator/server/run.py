"""Listening: one application on any number of sockets, opened and closed in milliseconds.

uvicorn's protocols do the HTTP; its ``Server`` is not used, because its shutdown sleeps.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import ServerState

from recording_emulator.errors import BadRequest
from recording_emulator.server.upgrade import Protocol

PROTOCOL: Final = "protocol"
"""Where a request's scope has the protocol it came in by (in ``state``), for faults to break."""
MAX_MESSAGE_BYTES: Final = 1_048_576
"""A longer WebSocket message ends its connection, with code 1009."""
TURNS_TO_CLOSE: Final = 20
"""Turns of the loop in which aborted connections notice; TLS needs a few."""


class Site:
    """An application that listens."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._is_closing = False
        self._config = Config(
            self._serve,
            interface="asgi3",
            http=Protocol,
            ws="websockets-sansio",
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_ping_interval=None,  # a client that stands in a debugger is not gone
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        self._config.load()
        self._state = ServerState()
        self._servers: list[asyncio.Server] = []

    async def listen(
        self, host: str, port: int, context: ssl.SSLContext | None = None
    ) -> tuple[str, int]:
        """Open one more socket and return its address; port 0 takes a free one.

        Raises:
            BadRequest: If the address cannot be had; the message says what to do.
        """
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(self._protocol, host, port, ssl=context, backlog=2048)
        except OSError as error:
            why = error.strerror or str(error)
            raise BadRequest(f"cannot listen on {host}:{port} ({why}); choose another") from None
        self._servers.append(server)
        address: tuple[str, int] = server.sockets[0].getsockname()[:2]
        return address

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._is_closing:
                raise

    def _protocol(self) -> Any:
        kind: Any = self._config.http_protocol_class
        state: dict[str, Any] = {}
        state[PROTOCOL] = protocol = kind(
            config=self._config, server_state=self._state, app_state=state
        )
        return protocol

    async def close(self) -> None:
        """Close the sockets and every connection; requests under way are cancelled."""
        for server in self._servers:
            server.close()
        self._is_closing = True
        for connection in list(self._state.connections):
            transport: Any = connection.transport
            transport.abort()
        for _ in range(TURNS_TO_CLOSE):
            if not self._state.connections:
                break
            await asyncio.sleep(0)
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        await asyncio.sleep(0)


def new_loop() -> asyncio.AbstractEventLoop:
    """Make an event loop: uvloop's where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def local_url(scheme: str, address: tuple[str, int]) -> str:
    """Write an address as a client on this machine uses it.

    >>> local_url("http", ("0.0.0.0", 8787))
    'http://127.0.0.1:8787'
    """
    host, port = address
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
