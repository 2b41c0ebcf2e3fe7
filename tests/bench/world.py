"""A world driven in process, as the server drives it but without sockets."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import msgspec
from tests.couriers import AtHand

from recording_emulator.core.filming import BUILT_IN, Media
from recording_emulator.core.inputs import Answered, Call, Dispatch, Elapse, Fire
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.core.world import World
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.vendors import base
from recording_emulator.vendors.agora import ADAPTER, client, paths, requests
from recording_emulator.vendors.base import Outward

UID = "900001"
CREDENTIALS = ADAPTER.credentials("bench")
ROOMY: dict[str, dict[str, Any]] = {"agora": {"concurrency": 10_000_000}}
TARGET = CallbackTarget("nowhere", "agora", "http://127.0.0.1:9/", CREDENTIALS["callback_secret"])


class Playing:
    """A tenant whose clients call it through the adapter's own front door."""

    def __init__(self, live_limit: int = 100_000, media: Media = BUILT_IN) -> None:
        self._directory = Directory([ADAPTER], AtHand())
        self._app = App(base.load(), self._directory, Store())
        wanted = Wanted("bench", settings=ROOMY, live_limit=live_limit, media=media)
        self.hand: Hand = self._directory.create(wanted, 0)
        self.world: World = self.hand.world
        self.credentials = self.hand.credentials["agora"]

    async def record(self, cname: str, uid: str = UID) -> tuple[str, str, str, str]:
        """Acquire and start; returns cname, uid, resource and sid."""
        acquired = await self.ask(client.acquire(self.credentials, cname, uid))
        resource = acquired["resourceId"]
        started = await self.ask(client.start(self.credentials, cname, uid, resource))
        return cname, uid, resource, started["sid"]

    async def call(self, operation: str, about: tuple[str, str, str, str], **params: Any) -> None:
        await self.ask(client.task_call(self.credentials, operation, *about, **params))

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

    async def step(self, call: Outward) -> tuple[float, dict[str, str]]:
        """Step the world by a call that is decoded already; seconds it took, and its answer."""
        route = paths.find(call.method, call.path)
        assert isinstance(route, paths.Route), call.path
        given, notes = requests.read(route, call.body, "", lax_uid=False)
        decoded = Call("agora", route.operation, given, notes)
        begun = time.thread_time()
        answer = self.world.apply(decoded)
        took = time.thread_time() - begun
        assert not answer.row, (call.path, answer)
        return took, msgspec.to_builtins(answer.facts)

    async def serve(self, call: Outward) -> tuple[float, dict[str, str]]:
        """Have the whole application serve a call; seconds it took, and its answer."""
        path = f"/agora{urlsplit(call.path).path}"
        scope = {
            "type": "http",
            "method": call.method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), v.encode()) for name, v in call.headers.items()],
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": call.body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        begun = time.thread_time()
        await self._app(scope, receive, send)
        took = time.thread_time() - begun
        assert sent[0]["status"] == 200, (call.path, sent)
        return took, msgspec.json.decode(sent[1]["body"])


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
