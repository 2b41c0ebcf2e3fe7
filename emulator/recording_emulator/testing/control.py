"""Requests to the admin API: kept connections, blocking or from a worker thread."""

import asyncio
import http.client
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from recording_emulator.errors import BY_NAME, BadRequest, EmulatorError, SyncInEventLoop
from recording_emulator.vendors.verbs import INSIDE, Ask

R = TypeVar("R")
TIMEOUT_S: Final = 600.0


class HttpControl:
    """The admin API of one server. Safe to use from several threads at once."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._where = urlsplit(self.url)
        self._idle: list[http.client.HTTPConnection] = []

    def ask(self, ask: Ask[R]) -> R:
        """Carry a request out and wait for it.

        Raises:
            SyncInEventLoop: If a loop runs in this thread: it would be blocked.
            EmulatorError: What the server says is wrong.
        """
        if _is_in_event_loop():
            raise SyncInEventLoop(
                "this handle blocks, and an event loop is running in this thread: a callback that "
                "your app serves on that loop could never be answered. Use the handle's aio form: "
                "`await agora.aio.advance(hours=2)`."
            )
        return self._ask(ask)

    async def ask_async(self, ask: Ask[R]) -> R:
        """Carry a request out in a worker thread, so that this loop stays free."""
        return await asyncio.to_thread(self._ask, ask)

    def _ask(self, ask: Ask[R]) -> R:
        connection, is_kept = self._take()
        try:
            try:
                response = _send(connection, ask)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                connection.close()
                if not is_kept:
                    raise
                connection = self._connect()
                response = _send(connection, ask)
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise EmulatorError(f"no emulator answers at {self.url}: {error}") from error
        self._idle.append(connection)
        if response.status >= 400:
            raise _error(ask, response.status, body)
        return ask.read(body)

    def _take(self) -> tuple[http.client.HTTPConnection, bool]:
        """Take a kept connection, which the server may have closed meanwhile, or a new one."""
        try:
            return self._idle.pop(), True
        except IndexError:
            return self._connect(), False

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._where.hostname or "", self._where.port
        if self._where.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _send(connection: http.client.HTTPConnection, ask: Ask[R]) -> http.client.HTTPResponse:
    connection.request(ask.method, ask.path, ask.body, {"content-type": "application/json"})
    return connection.getresponse()


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class _Refused(msgspec.Struct):
    error: str = ""
    message: str = ""


def _error(ask: Ask[R], status: int, body: bytes) -> EmulatorError:
    try:
        told = msgspec.json.decode(body, type=_Refused)
    except msgspec.DecodeError:
        return EmulatorError(f"{ask.method} {ask.path}: HTTP {status}: {body[:200]!r}")
    return BY_NAME.get(told.error, BadRequest)(told.message)


__all__ = ["INSIDE", "HttpControl"]
