"""What one more operation costs when many tasks live, and what a live task weighs."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc

import msgspec
import uvloop
from tests.bench.measure import OWN_CORE, Options, Row, core, median, rss_mb
from tests.bench.world import Playing, fire_until

SIZES = (100, 10_000, 100_000)
SHARED_ROOMS = 9_000
"""Below the core's limit of rooms; more tasks than that share them."""
MORE = 400
WEIGHED = 2_000


class Found(msgspec.Struct):
    """What was measured beside so many live tasks, in seconds each and megabytes."""

    live: int
    call_s: float
    mean_call_s: float
    fire_s: float
    grown_mb: float


def run(_options: Options) -> list[Row]:
    """Measure beside ever more tasks, then the weight of one."""
    with core(OWN_CORE):
        found = [uvloop.run(_beside(size, SHARED_ROOMS)) for size in SIZES]
        crowded = uvloop.run(_beside(12_000, 12_000))
        weight = uvloop.run(_weight())
    least = found[0]
    rows = []
    for each in found:
        rows += _rows(each, least, f"{each.live:,} live")
    rows += _rows(crowded, least, "12,000 live, each in its own room")
    big = found[-1]
    rss = big.grown_mb * 1_048_576 / big.live
    rows.append(Row("live", "memory of a live task (tracemalloc)", weight, "B", target="report"))
    rows.append(Row("live", "… by RSS at 100,000", rss, "B", target="report"))
    return rows


def _rows(each: Found, least: Found, beside: str) -> list[Row]:
    few, flat = f"at {least.live}", "flat"
    call, mean, fire = each.call_s * 1e6, each.mean_call_s * 1e6, each.fire_s * 1e6
    return [
        Row("live", f"one more call, {beside}", call, "µs", few, least.call_s * 1e6, flat),
        Row("live", "… mean, garbage collection included", mean, "µs"),
        Row("live", "… one timer fired", fire, "µs", few, least.fire_s * 1e6, flat),
    ]


async def _beside(size: int, rooms: int) -> Found:
    gc.collect()
    before_mb = rss_mb(os.getpid())
    playing = Playing(live_limit=10_000_000)
    await _fill(playing, 0, size, rooms)
    gc.collect()
    grown_mb = rss_mb(os.getpid()) - before_mb
    spent = []
    for number in range(MORE):
        begun = time.perf_counter()
        about = await playing.record(f"more{number % 90}", str(number + 1))
        await playing.call("query", about)
        spent.append((time.perf_counter() - begun) / 3)
    begun = time.perf_counter()
    fired, _ = fire_until(playing.world, playing.world.now_ms + 20_000)
    fire_s = (time.perf_counter() - begun) / fired
    await playing.hand.close()
    return Found(size, median(spent), sum(spent) / len(spent), fire_s, grown_mb)


async def _fill(playing: Playing, first: int, last: int, rooms: int) -> None:
    """Have these tasks record: started in batches, each batch moved past its first slice."""
    for number in range(first, last):
        await playing.record(f"room{number % rooms}", str(number + 1))
        if number % 2_000 == 1_999 or number == last - 1:
            fire_until(playing.world, playing.world.now_ms + 20_000)


async def _weight() -> float:
    """Weigh the second lot of tasks: by then the journal is full and grows no more."""
    playing = Playing(live_limit=10_000_000)
    await _fill(playing, 0, WEIGHED, SHARED_ROOMS)
    tracemalloc.start()
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    await _fill(playing, WEIGHED, 2 * WEIGHED, SHARED_ROOMS)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await playing.hand.close()
    return (after - before) / WEIGHED
