"""Requests to the admin API: kept connections, blocking or from a worker thread."""

import asyncio
import http.client
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from recording_emulator.errors import BY_NAME, BadRequest, EmulatorError, SyncInEventLoop
from recording_emulator.vendors.handle import INSIDE, Ask

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
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._ask(ask)
        raise SyncInEventLoop(
            "this handle blocks, and an event loop is running in this thread: a callback that "
            "your app serves on that loop could never be answered. Use the handle's aio form: "
            "`await agora.aio.advance(hours=2)`."
        )

    async def ask_async(self, ask: Ask[R]) -> R:
        """Carry a request out in a worker thread, so that this loop stays free."""
        return await asyncio.to_thread(self._ask, ask)

    def _ask(self, ask: Ask[R]) -> R:
        connection = self._idle.pop() if self._idle else self._connect()
        headers = {"content-type": "application/json"}
        try:
            try:
                connection.request(ask.method, ask.path, ask.body, headers)
                response = connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                connection.close()
                connection = self._connect()
                connection.request(ask.method, ask.path, ask.body, headers)
                response = connection.getresponse()
            body = response.read()
        except OSError as error:
            connection.close()
            raise EmulatorError(f"no emulator answers at {self.url}: {error}") from error
        self._idle.append(connection)
        if response.status >= 400:
            raise _error(ask, response.status, body)
        return ask.read(body)

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._where.hostname or "", self._where.port
        if self._where.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


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
