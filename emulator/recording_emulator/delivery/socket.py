"""Callbacks over a WebSocket: for a subscriber that no HTTP request can reach.

It gets the exact headers and body that a receiver would, as one JSON message an attempt, and
answers with a status and a body, which count as an HTTP answer would::

    → {"attempt": 17, "url": "websocket:…", "headers": [["Agora-Signature", "…"]], "body": "{…}",
       "number": 9}
    ← {"attempt": 17, "status": 200, "body": "{}"}

An ``error`` in words instead of a status says that nothing came back. ``number`` is the
callback's, which a replay asks for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import msgspec

from recording_emulator.core.inputs import Answered
from recording_emulator.core.members import SCHEME as SDK
from recording_emulator.core.outbox import Outgoing
from recording_emulator.delivery.http import Courier

SCHEME: Final = "websocket:"
SCENARIO_URL: Final = "scenario:receiver"
"""A receiver that takes everything, for a scenario whose user has none."""

Send = Callable[[str], Awaitable[None]]


class Sent(msgspec.Struct, frozen=True):
    """One attempt on the wire."""

    attempt: int
    url: str
    headers: list[tuple[str, str]]
    body: str
    number: int


class Returned(msgspec.Struct, frozen=True):
    """A subscriber's answer to one attempt."""

    attempt: int
    status: int = 200
    body: str = "{}"
    error: str = ""


class Line:
    """One subscriber's connection: attempts out, answers back, by attempt."""

    def __init__(self, send: Send, cut: Callable[[], Awaitable[None]]) -> None:
        self._send = send
        self.cut = cut
        self._waiting: dict[int, asyncio.Future[Returned]] = {}

    async def post(self, attempt: Outgoing) -> Answered:
        waiting: asyncio.Future[Returned] = asyncio.get_running_loop().create_future()
        self._waiting[attempt.attempt] = waiting
        headers, body = list(attempt.headers), attempt.body.decode()
        sent = Sent(attempt.attempt, attempt.url, headers, body, attempt.number)
        try:
            await self._send(msgspec.json.encode(sent).decode())
            answer = await waiting
            if answer.error:
                return Answered(attempt.attempt, error=answer.error[:500])
            return Answered(attempt.attempt, answer.status, answer.body.encode())
        except (OSError, RuntimeError) as error:
            return Answered(attempt.attempt, error=f"{type(error).__name__}: {error}")
        finally:
            self._waiting.pop(attempt.attempt, None)

    def answer(self, raw: str | bytes) -> str:
        """Take a subscriber's message; returns what is wrong with it, or an empty text."""
        try:
            returned = msgspec.json.decode(raw, type=Returned)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return f"not an answer: {error}"
        waiting = self._waiting.get(returned.attempt)
        if waiting is None or waiting.done():
            return f"attempt {returned.attempt} is not waiting for an answer"
        waiting.set_result(returned)
        return ""

    def hang_up(self) -> None:
        """Fail what waits: the connection is gone."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the subscriber hung up"))


class Connected(Protocol):
    """A connection that attempts go out on."""

    async def post(self, attempt: Outgoing) -> Answered: ...

    @property
    def cut(self) -> Callable[[], Awaitable[None]]:
        """Break it, and return when that is known."""

    def hang_up(self) -> None:
        """Fail what waits: it is gone."""


class Switch:
    """The courier of a server: sockets for those who are connected, HTTP for everybody else."""

    def __init__(self, http: Courier) -> None:
        self._http = http
        self._lines: dict[str, Connected] = {}

    def connect(self, url: str, line: Connected) -> None:
        self._lines[url] = line

    def disconnect(self, url: str) -> None:
        line = self._lines.pop(url, None)
        if line is not None:
            line.hang_up()

    async def cut(self, url: str) -> None:
        """Break one connection, if it is still there."""
        line = self._lines.get(url)
        if line is not None:
            await line.cut()

    async def cut_all(self, start: str) -> None:
        """Break every connection whose name begins so."""
        for url in [each for each in self._lines if each.startswith(start)]:
            await self.cut(url)

    def open(self) -> None:
        self._http.open()

    async def post(self, attempt: Outgoing) -> Answered:
        if attempt.url == SCENARIO_URL:
            return Answered(attempt.attempt, 200, b"{}")
        if not attempt.url.startswith((SCHEME, SDK)):
            return await self._http.post(attempt)
        line = self._lines.get(attempt.url)
        if line is None:
            return Answered(attempt.attempt, error="the subscriber is not connected")
        if attempt.is_cut_off:
            await line.cut()
            return Answered(attempt.attempt, error="the subscriber was cut off (fault)")
        return await line.post(attempt)

    async def close(self) -> None:
        for url in list(self._lines):
            self.disconnect(url)
        await self._http.close()
