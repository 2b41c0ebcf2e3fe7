"""A client with an SDK in process: its WebSocket is a queue on either side of the application.

It acknowledges every event at once, so it is part of each instant, as our doubles are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec

from recording_emulator.scenario.driver import Said
from recording_emulator.wire import frames
from recording_emulator.wire.door import PATH
from recording_emulator.wire.socket import INSIDE, Message

if TYPE_CHECKING:
    from recording_emulator.server.app import App

GONE: Final[Message] = {"type": "websocket.disconnect", "code": 1006}


class InsideMember:
    """One connection of one member; it makes one call at a time."""

    def __init__(self, app: App, vendor: str) -> None:
        self._app = app
        self._path = f"/{vendor}{PATH}"
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._welcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answer: asyncio.Future[Said] | None = None
        self._task: asyncio.Task[None] | None = None
        self._slow_ms = 0
        self._calls = 0
        self.id = ""
        self.seq = 0
        self.is_up = False

    async def open(self, query: Mapping[str, str]) -> str:
        """Connect; returns why that was refused, or an empty text."""
        scope: dict[str, Any] = {
            "type": "websocket",
            "path": self._path,
            "query_string": urlencode({**query, "ack": "1"}).encode(),
            "headers": [],
            "extensions": {INSIDE: self},
        }
        self._sent.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._app(scope, self._sent.get, self._receive))
        return await self._welcome

    async def call(self, method: str, params: Mapping[str, Any]) -> Said:
        """Call a method and wait until its promise is settled, or will never be."""
        self._calls += 1
        self._slow_ms = 0
        answer: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._say({"jsonrpc": "2.0", "id": self._calls, "method": method, "params": params})
        return await answer

    async def rest(self) -> None:
        """Wait until the application is done with this connection."""
        if self._task is not None:
            await self._task

    def _say(self, frame: dict[str, Any]) -> None:
        text = msgspec.json.encode(frame).decode()
        self._sent.put_nowait({"type": "websocket.receive", "text": text})

    # --- what the application does to it ------------------------------------------------------

    def abort(self) -> None:
        """Lose the connection."""
        self._lose("the connection was broken")

    def late(self, by_ms: int) -> None:
        """Hear that the answer is late by so much."""
        self._slow_ms = by_ms

    def silent(self) -> None:
        """Hear that no answer comes."""
        self._settle(Said())

    async def _receive(self, message: Message) -> None:
        match message["type"]:
            case "websocket.close":
                self._lose(f"closed with {message.get('code', 1000)}: {message.get('reason', '')}")
            case "websocket.send":
                self._hear(message["text"])
            case _:
                return

    def _hear(self, text: str) -> None:
        try:
            frame = msgspec.json.decode(text)
        except msgspec.DecodeError:  # cut in half by a fault
            self._settle(Said())
            return
        if "method" not in frame:
            self._settle(_said(frame, self._slow_ms))
        elif frame["method"] == frames.CONNECTED:
            self.id, self.seq = frame["params"]["member"], frame["params"]["seq"]
            self.is_up = True
            self._welcome.set_result("")
        elif self.is_up:
            self.seq = frame["params"]["seq"]
            self._say({"jsonrpc": "2.0", "method": frames.ACK, "params": {"seq": self.seq}})

    def _settle(self, said: Said) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(said)

    def _lose(self, why: str) -> None:
        if not self._welcome.done():
            self._welcome.set_result(why)
        self.is_up = False
        self._sent.put_nowait(GONE)
        self._settle(Said())


def _said(frame: Mapping[str, Any], slow_ms: int) -> Said:
    """Read what a promise was settled with; our protocol's own errors reject it, too."""
    if "error" not in frame:
        return Said(0, msgspec.json.encode(frame["result"]), slow_ms, "resolved")
    error = frame["error"]
    return Said(0, msgspec.json.encode(error.get("data", error)), slow_ms, "rejected")
