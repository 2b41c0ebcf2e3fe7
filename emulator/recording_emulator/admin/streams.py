"""WebSocket streams of a tenant: its journal as it grows, and its callbacks to a subscriber.

A callback sent here is exactly the one an HTTP receiver would get, and what the subscriber answers
counts as that receiver's answer would; so time holds for it, too.
"""

import asyncio
import itertools
from typing import Any, Final

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from recording_emulator.core.inputs import AddTarget, RemoveTarget
from recording_emulator.core.journal import redact
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.delivery.socket import SCHEME, Line
from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.runtime.directory import Directory
from recording_emulator.runtime.hand import Hand

BAD_REQUEST: Final = 4400
"""Close code for what a 4xx would be over HTTP; the reason says what is wrong."""


class Streams:
    """The WebSocket half of the control API."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._numbers = itertools.count(1)

    async def journal(self, socket: WebSocket) -> None:
        """Send every entry after ``since`` as one message, secrets marked, until the end."""
        await socket.accept()
        try:
            hand = self._directory.get(socket.path_params["tenant"])
            since = int(socket.query_params.get("since", "0"))
        except (EmulatorError, ValueError) as error:
            await socket.close(BAD_REQUEST, str(error)[:120])
            return
        reader = asyncio.ensure_future(_until_gone(socket))
        try:
            await self._send_entries(socket, hand, since, reader)
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            reader.cancel()

    async def _send_entries(
        self, socket: WebSocket, hand: Hand, since: int, reader: "asyncio.Future[None]"
    ) -> None:
        secrets = frozenset().union(*(each.secrets for each in self._directory.adapters.values()))
        news = hand.watch()
        try:
            while not reader.done():
                news.clear()
                for entry in hand.world.journal.since(since):
                    if entry.seq > since + 1:
                        gone = {"evicted": entry.seq - since - 1}
                        await socket.send_text(msgspec.json.encode(gone).decode())
                    since = entry.seq
                    told: Any = redact(entry, secrets)
                    await socket.send_text(msgspec.json.encode(told).decode())
                waiting = asyncio.ensure_future(news.wait())
                pending: list[asyncio.Future[Any]] = [waiting, reader]
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        finally:
            hand.unwatch(news)

    async def callbacks(self, socket: WebSocket) -> None:
        """Deliver a vendor's callbacks over this connection, for as long as it lasts."""
        await socket.accept()
        try:
            hand = self._directory.get(socket.path_params["tenant"])
            target = self._target(socket, hand)
        except EmulatorError as error:
            await socket.close(BAD_REQUEST, str(error)[:120])
            return
        line = Line(socket.send_text, socket.close)
        self._directory.switch.connect(target.url, line)
        hand.apply(AddTarget(target))
        await socket.send_text(msgspec.json.encode({"target": target.id}).decode())
        try:
            while True:
                wrong = line.answer(await socket.receive_text())
                if wrong:
                    await socket.send_text(msgspec.json.encode({"error": wrong}).decode())
        except (WebSocketDisconnect, KeyError):
            return
        finally:
            self._directory.switch.disconnect(target.url)
            hand.apply(RemoveTarget(target.id))

    def _target(self, socket: WebSocket, hand: Hand) -> CallbackTarget:
        vendor = socket.query_params.get("vendor", "")
        adapter = self._directory.adapters.get(vendor)
        if adapter is None:
            raise BadRequest(f"no vendor {vendor!r}; there are {sorted(self._directory.adapters)}")
        events = None
        wanted = socket.query_params.get("events")
        if wanted is not None:
            try:
                events = tuple(adapter.event_name(each) for each in wanted.split(",") if each)
            except KeyError as error:
                raise BadRequest(str(error.args[0])) from None
        name = f"websocket-{next(self._numbers)}"
        secret = hand.credentials[vendor].get("callback_secret", "")
        return CallbackTarget(name, vendor, f"{SCHEME}{hand.name}/{name}", secret, events)


async def _until_gone(socket: WebSocket) -> None:
    """Wait until the other side closes; what it says meanwhile is ignored."""
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    except RuntimeError:
        return
