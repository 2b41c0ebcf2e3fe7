"""Virtual time: what a fired event costs in process, and a callback that is really sent."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
import uvloop
from tests.bench.measure import OWN_CORE, Options, Row, core, median, timed
from tests.bench.world import TARGET, Playing, fire_until

from recording_emulator.core.inputs import AddTarget
from recording_emulator.server.run import Site
from recording_emulator.testing import Emulator
from recording_emulator.testing.emulator import Loop
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

DAY_MS = 86_400_000
LEAST = "heap, JSON, two HMACs"


def run(options: Options) -> list[Row]:
    """Measure a day at each level, in turns."""
    with core(OWN_CORE):
        days = [uvloop.run(_day()) for _ in range(options.turns + 1)]
        sent = _sent(options.turns)
    days = days[1:]
    fired, least_us = days[0].fired, median([each.least_us for each in days])
    world_s, hand_s = median([d.world_s for d in days]), median([d.hand_s for d in days])
    return [
        _row("day of every event, in the world", world_s * 1e3, "ms", "≤ 150 ms"),
        _row(f"… a fired event ({fired} timers)", world_s / fired * 1e6, "µs", "≤ 20", least_us),
        _row("day of every event, by the hand", hand_s * 1e3, "ms", "≤ 150 ms"),
        _row(f"… a fired event ({fired} timers)", hand_s / fired * 1e6, "µs", "≤ 20", least_us),
        _row("day without periodic events, world", median([d.quiet_s for d in days]) * 1e3, "ms"),
        _row(
            "day without periodic events, hand",
            median([d.quiet_hand_s for d in days]) * 1e3,
            "ms",
            "≤ 5 ms",
        ),
        *sent,
    ]


def _row(what: str, value: float, unit: str, target: str = "", least: float | None = None) -> Row:
    return Row("virtual", what, value, unit, LEAST if least else "", least, target)


class Day(msgspec.Struct):
    """One turn: seconds per day at each level, and the least an event could cost."""

    fired: int
    world_s: float
    hand_s: float
    quiet_s: float
    quiet_hand_s: float
    least_us: float


async def _day() -> Day:
    subscribed = await _recording(is_subscribed=True)
    world = subscribed.world
    begun = time.perf_counter()
    fired, sent = fire_until(world, world.now_ms + DAY_MS)
    world_s = time.perf_counter() - begun
    assert sent > 1_400, (fired, sent)
    await subscribed.hand.close()
    quiet = await _recording(is_subscribed=False)
    quiet_s = timed(lambda: fire_until(quiet.world, quiet.world.now_ms + DAY_MS))
    await quiet.hand.close()
    hand_s = await _by_hand(is_subscribed=True)
    quiet_hand_s = await _by_hand(is_subscribed=False)
    return Day(fired, world_s, hand_s, quiet_s, quiet_hand_s, _least_us())


async def _recording(*, is_subscribed: bool) -> Playing:
    playing = Playing()
    if is_subscribed:
        playing.hand.apply(AddTarget(TARGET))
    await playing.record("demo")
    return playing


async def _by_hand(*, is_subscribed: bool) -> float:
    playing = await _recording(is_subscribed=is_subscribed)
    begun = time.perf_counter()
    await playing.hand.advance(DAY_MS)
    took = time.perf_counter() - begun
    await playing.hand.close()
    return took


def _least_us() -> float:
    """Time what no event can do without: order in a heap, its JSON, and both signatures."""
    heap = [(number, number) for number in range(16)]
    details = {"msgName": "uploading_progress", "progress": 9_000}
    payload = {"cname": "demo", "uid": "900001", "sid": "5" * 32, "details": details}
    notice = {"noticeId": "2" * 32, "productId": 3, "eventType": 33, "payload": payload}
    secret = b"0123456789abcdef"

    def work() -> None:
        for number in range(1_000):
            heapq.heapreplace(heap, (number + 16, number))
            raw = msgspec.json.encode(notice)
            hmac.new(secret, raw, hashlib.sha1).hexdigest()
            hmac.new(secret, raw, hashlib.sha256).hexdigest()

    return timed(work) * 1e6 / 1_000


# --- really sent ---------------------------------------------------------------------------------


def _sent(turns: int) -> list[Row]:
    ours, theirs, count, types = [], [], 0, 0
    for turn in range(min(turns, 3)):
        server = Emulator()
        tenant = server.tenant(f"sent{turn}")
        inbox = tenant.inbox()
        stop = _play(tenant.agora)
        begun = time.perf_counter()
        tenant.agora.advance(hours=24)
        _ask(tenant.agora, stop)
        tenant.agora.advance(seconds=5)
        took = time.perf_counter() - begun
        inbox_bodies = [each.body for each in inbox.callbacks]
        count, types = len(inbox_bodies), len(set(inbox.event_types))
        ours.append(took / count)
        server.close()
        theirs.append(_aiohttp(inbox_bodies) / count)
    what = f"a callback sent ({count}, {types} types)"
    one = median(ours) * 1e3
    return [Row("virtual", what, one, "ms", "aiohttp alone", median(theirs) * 1e3, "≤ 1 ms")]


def _play(agora: Any) -> Outward:
    """Record, with everything that announces itself, and return the call that ends it."""
    acquired = _ask(agora, client.acquire(agora.credentials, "demo", "900001"))
    start = client.start(
        agora.credentials,
        "demo",
        "900001",
        acquired["resourceId"],
        recordingConfig={"maxIdleTime": 60},
    )
    sid = _ask(agora, start)["sid"]
    _ask(agora, start)  # announced as event 3
    agora.room("demo").join(uid=41)
    agora.advance(minutes=1)
    agora.room("demo").publish(uid=41, video=False)
    about = ("demo", "900001", acquired["resourceId"], sid)
    return client.task_call(agora.credentials, "stop", *about, async_stop=True)


def _ask(agora: Any, call: Any) -> Any:
    where = urlsplit(agora.base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
    connection.request(call.method, f"{where.path}{call.path}", call.body, call.headers)
    answer = msgspec.json.decode(connection.getresponse().read())
    connection.close()
    return answer


async def _swallow(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    content = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": content})
    await send({"type": "http.response.body", "body": b"{}"})


def _aiohttp(bodies: list[bytes]) -> float:
    """Time aiohttp sending the same bodies, one by one, to a receiver in the same loop."""
    loop = Loop()
    took = loop.run(_post_all(bodies))
    loop.close()
    return took


async def _post_all(bodies: list[bytes]) -> float:
    site = Site(_swallow)
    host, port = await site.listen("127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        begun = time.perf_counter()
        for body in bodies:
            async with session.post(f"http://{host}:{port}/", data=body) as response:
                await response.read()
        took = time.perf_counter() - begun
    await site.close()
    return took
