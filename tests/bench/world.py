"""A world driven in process, as the server drives it but without sockets."""

from __future__ import annotations

from typing import Any

import msgspec

from recording_emulator.core.inputs import Answered, Dispatch, Elapse, Fire
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.core.world import World
from recording_emulator.delivery.http import Courier
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors import base
from recording_emulator.vendors.agora import ADAPTER, client
from recording_emulator.vendors.base import Outward

UID = "900001"
CREDENTIALS = ADAPTER.credentials("bench")
ROOMY: dict[str, dict[str, Any]] = {"agora": {"concurrency": 10_000_000}}
TARGET = CallbackTarget("nowhere", "agora", "http://127.0.0.1:9/", CREDENTIALS["callback_secret"])


class NullCourier(Courier):
    """Answers every attempt at once; nothing is sent."""

    def open(self) -> None:
        return None

    async def post(self, attempt: Outgoing) -> Answered:
        return Answered(attempt.attempt, 200, b"{}")

    async def close(self) -> None:
        pass


class Playing:
    """A tenant whose clients call it through the adapter's own front door."""

    def __init__(self, live_limit: int = 100_000) -> None:
        self._directory = Directory([ADAPTER], NullCourier())
        wanted = Wanted("bench", settings=ROOMY, live_limit=live_limit)
        self.hand: Hand = self._directory.create(wanted, 0)
        self.world: World = self.hand.world
        self._credentials = self.hand.credentials["agora"]

    async def record(self, cname: str, uid: str = UID) -> tuple[str, str, str, str]:
        """Acquire and start; returns cname, uid, resource and sid."""
        acquired = await self.ask(client.acquire(self._credentials, cname, uid))
        resource = acquired["resourceId"]
        started = await self.ask(client.start(self._credentials, cname, uid, resource))
        return cname, uid, resource, started["sid"]

    async def call(self, operation: str, about: tuple[str, str, str, str], **params: Any) -> None:
        await self.ask(client.task_call(self._credentials, operation, *about, **params))

    async def ask(self, call: Outward) -> Any:
        headers = {name.lower().encode(): value.encode() for name, value in call.headers.items()}
        request = base.Request(call.method, call.path, "", headers, call.body, 0)
        ADAPTER.identify(request)  # the server asks whose it is first
        self.hand.enter()
        try:
            response = await ADAPTER.handle(request, self.hand)
        finally:
            self.hand.leave()
        assert response.status == 200, (call.path, response.status, response.body)
        return msgspec.json.decode(response.body)


def fire_until(world: World, to_ms: int) -> tuple[int, int]:
    """Fire what is due, answer every delivery at once; how many timers and deliveries."""
    timers = deliveries = 0
    apply, due = world.apply, world.timers.peek()
    while due is not None and due.due_ms <= to_ms:
        if due.due_ms > world.now_ms:
            apply(Elapse(due.due_ms))
        apply(Fire())
        timers += 1
        while (out := apply(Dispatch())) is not None:
            apply(Answered(out.attempt, 200, b"{}"))
            deliveries += 1
        due = world.timers.peek()
    apply(Elapse(to_ms))
    return timers, deliveries
