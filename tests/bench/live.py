"""What an operation costs beside ever more live tasks, and what a live task weighs.

Each operation is timed twice on tasks of its own, beside the others: as the input that steps the
world, and as the request that enters the whole ASGI application. Times are processor time.
"""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import msgspec
import uvloop
from tests.bench.measure import OWN_CORE, Options, Row, core, median, rss_mb
from tests.bench.world import UID, Playing, fire_until

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

SMALL = (100, 10_000)
SHARED_ROOMS = 1_000
MORE = 400
WEIGHED = 2_000
LIVE_LIMIT = 10_000_000
FIRED = "one timer fired"
EVERYBODY = {
    "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
    "videoUidList": {"subscribeVideoUids": ["#allstream#"]},
}


class Found(msgspec.Struct):
    """What was measured beside so many live tasks: seconds by operation, and memory."""

    live: int
    spent: dict[str, float]
    mean_s: float
    grown_mb: float


def run(options: Options) -> list[Row]:
    """Measure beside ever more tasks, then the weight of one."""
    sizes = (*(size for size in SMALL if size < options.live), options.live)
    with core(OWN_CORE), _as_served():
        found = [uvloop.run(_beside(size, size)) for size in sizes]
        crowded = uvloop.run(_beside(SMALL[-1], SHARED_ROOMS))
        weight = uvloop.run(_weight())
    least, big = found[0], found[-1]
    rows = [row for each in found for row in _rows(each, least, f"beside {each.live:,}")]
    shared = f"beside {crowded.live:,} in {SHARED_ROOMS:,} rooms"
    rows += [row for row in _rows(crowded, least, shared) if "start" in row.what]
    rss = big.grown_mb * 1_048_576 / big.live
    rows.append(Row("live", "memory of a live task (tracemalloc)", weight, "B", target="report"))
    rows.append(Row("live", f"… by RSS at {big.live:,}", rss, "B", target="report"))
    rows.append(Row("live", f"all {big.live:,} live tasks, by RSS", big.grown_mb, "MB"))
    return rows


@contextmanager
def _as_served() -> Iterator[None]:
    """Have the collector look as seldom as it does in a server."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    yield
    gc.set_threshold(*before)


def _rows(each: Found, least: Found, beside: str) -> list[Row]:
    few = f"beside {least.live}"
    rows = [
        Row("live", f"{name}, {beside}", took * 1e6, "µs", few, least.spent[name] * 1e6, "flat")
        for name, took in each.spent.items()
    ]
    mean, its_mean = each.mean_s * 1e6, least.mean_s * 1e6
    what = f"mean of all, garbage collected, {beside}"
    return [*rows, Row("live", what, mean, "µs", few, its_mean, "flat")]


async def _beside(size: int, rooms: int) -> Found:
    gc.collect()
    before_mb = rss_mb(os.getpid())
    playing = Playing(live_limit=LIVE_LIMIT)
    await _fill(playing, 0, size, rooms)
    gc.collect()
    grown_mb = rss_mb(os.getpid()) - before_mb
    spent: dict[str, list[float]] = {}
    await _lives(playing, "world", playing.step, spent)
    await _lives(playing, "app", playing.serve, spent)
    await playing.hand.close()
    every = [took for name, each in spent.items() if name != FIRED for took in each]
    medians = {name: median(each) for name, each in spent.items()}
    return Found(size, medians, sum(every) / len(every), grown_mb)


Way = Callable[[Outward], Awaitable[tuple[float, dict[str, str]]]]
"""Carries one call out: the processor seconds it took, and what was answered."""


async def _lives(playing: Playing, way: str, ask: Way, spent: dict[str, list[float]]) -> None:
    """Have more tasks live from acquire to stop, timing every step of the way."""

    async def timed(operation: str, call: Outward) -> dict[str, str]:
        took, answer = await ask(call)
        spent.setdefault(f"{operation} ({way})", []).append(took)
        return answer

    about = []
    for number in range(MORE):
        cname = f"{way}{number}"
        acquired = await timed("acquire", client.acquire(playing.credentials, cname, UID))
        resource = acquired["resourceId"]
        start = client.start(playing.credentials, cname, UID, resource)
        about.append((cname, UID, resource, (await timed("start", start))["sid"]))
    lots = [_fire(playing, 20_000)]
    for operation, params in (
        ("query", {}),
        ("update", {"streamSubscribe": EVERYBODY}),
        ("stop", {"async_stop": True}),
    ):
        for task in about:
            call = client.task_call(playing.credentials, operation, *task, **params)
            await timed(operation, call)
    lots.append(_fire(playing, 5_000))
    fired = sum(count for _, count in lots)
    spent.setdefault(FIRED, []).append(sum(took for took, _ in lots) / fired)


def _fire(playing: Playing, delta_ms: int) -> tuple[float, int]:
    begun = time.thread_time()
    fired, _ = fire_until(playing.world, playing.world.now_ms + delta_ms)
    return time.thread_time() - begun, fired


async def _fill(playing: Playing, first: int, last: int, rooms: int) -> None:
    """Have these tasks record: started in batches, each batch moved past its first slice."""
    for number in range(first, last):
        await playing.record(f"room{number % rooms}", str(number + 1))
        if number % 2_000 == 1_999 or number == last - 1:
            fire_until(playing.world, playing.world.now_ms + 20_000)


async def _weight() -> float:
    """Weigh the second lot of tasks: by then the journal is full and grows no more."""
    playing = Playing(live_limit=LIVE_LIMIT)
    await _fill(playing, 0, WEIGHED, 2 * WEIGHED)
    tracemalloc.start()
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    await _fill(playing, WEIGHED, 2 * WEIGHED, 2 * WEIGHED)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await playing.hand.close()
    return (after - before) / WEIGHED
