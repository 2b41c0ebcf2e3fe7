"""Media: what the files of a day's recording cost to tell, hash, read and keep, by container.

Bytes are made when somebody reads them, so a clock that runs past a recording is to cost the same
whether its files are read or not, and whether they show who was there or not: the last two groups.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import uvloop
from tests.bench.measure import OWN_CORE, Options, Row, core, median, timed
from tests.bench.world import Playing

from recording_emulator.core import rooms
from recording_emulator.core.clips.clip import Clip, md5, written
from recording_emulator.core.filming import BUILT_IN, RENDERED, Media, filmed
from recording_emulator.core.inputs import ChangeRoom
from recording_emulator.core.objects import Content, Text
from recording_emulator.core.segments import slices
from recording_emulator.store.objects import Store

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SLICE_MS = 15_000
KBPS = 48
SIZE = (640, 360)
WEIGHED = 100
"""Of slices, so many are read where memory is traced, which takes its time."""
CONTAINERS = ("ts", "mp4", "flv", "m4a", "aac")
SOUNDS = ("m4a", "aac")


def run(options: Options) -> list[Row]:
    """Measure a day in each container, then the clock."""
    with core(OWN_CORE):
        rows = [row for each in CONTAINERS for row in _container(each)]
        return rows + _clock(min(options.turns, 3)) + _rendered(min(options.turns, 3))


# --- a day in each container ----------------------------------------------------------------------


def day(container: str) -> list[Content]:
    """Say what a day leaves: one file, or a playlist and its slices."""
    size = (0, 0) if container in SOUNDS else SIZE
    if container != "ts":
        return [Clip(container, DAY_MS, True, *size, wanted_bytes=KBPS * DAY_MS // 8)]
    wanted = KBPS * SLICE_MS // 8
    starts = [at for at, _, _ in slices(((0, DAY_MS),), SLICE_MS, DAY_MS)]
    lines = "".join(f"#EXTINF:15.000000\n{at}.ts\n" for at in starts)
    clips = (Clip("ts", SLICE_MS, True, *size, wanted_bytes=wanted, start_ms=at) for at in starts)
    return [Text(f"#EXTM3U\n{lines}".encode()), *clips]


def _container(container: str) -> Iterator[Row]:
    files = day(container)
    begun = time.perf_counter()
    told = sum(each.size_bytes for each in files)
    told_s = time.perf_counter() - begun
    clips = [each for each in files if isinstance(each, Clip)]
    read_s, read = _read(files, None)
    assert read == told
    with tempfile.TemporaryDirectory() as folder:
        kept_s, read = _read(files, Path(folder))
        assert read == told
        kept = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    peak = _peak(clips[:WEIGHED])
    name = f"24 h of {container} ({len(files):,} files, {told / 1e9:.2f} GB)"
    yield _row(f"{name}, told", told_s * 1e3, "ms")
    if len(clips) == 1:  # no vendor tells the hash of a slice
        hashed_s, bare_s = timed(lambda: md5(clips[0])), timed(lambda: _zeros(told))
        yield _row("… hashed", hashed_s, "s", "md5 of zeros", bare_s)
    yield _row("… read, none kept", read_s, "s")
    yield _row("… read, all kept in a folder", kept_s, "s")
    yield _row("… on disk then", kept / 1e6, "MB", "told", told / 1e6)
    yield _row("… the most memory a reader takes (tracemalloc)", peak / 1e6, "MB")


def _row(
    what: str, value: float, unit: str, yardstick: str = "", theirs: float | None = None
) -> Row:
    return Row("media", what, value, unit, yardstick, theirs)


def _zeros(size: int) -> None:
    found, zeros = hashlib.md5(usedforsecurity=False), bytes(1 << 18)
    for _ in range(size >> 18):
        found.update(zeros)


def _read(files: list[Content], folder: Path | None) -> tuple[float, int]:
    store = Store(folder)

    async def everything() -> int:
        read = 0
        for number, each in enumerate(files):
            async for chunk in await store.read("t", "b", f"{number}", each):
                read += len(chunk)
        return read

    begun = time.perf_counter()
    read = asyncio.run(everything())
    return time.perf_counter() - begun, read


def _peak(clips: list[Clip]) -> int:
    tracemalloc.start()
    for clip in clips:
        for _ in written(clip):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


# --- the clock, with and without readers ----------------------------------------------------------


def _clock(turns: int) -> list[Row]:
    unread = [uvloop.run(_recorded(is_read=False))[0] for _ in range(turns)]
    clock_s, found_s, files, read_s = uvloop.run(_recorded(is_read=True))
    return [
        _row("24 h on the clock, hour by hour, no file read", median(unread) * 1e3, "ms"),
        _row(f"… {files:,} files read", clock_s * 1e3, "ms", "none read", median(unread) * 1e3),
        _row("… finding one of them by its name", found_s / files * 1e6, "µs"),
        _row("… the reading itself", read_s, "s"),
    ]


async def _recorded(*, is_read: bool) -> tuple[float, float, int, float]:
    """Record a day; seconds on the clock, seconds to find files, how many, seconds to read them."""
    playing, store = Playing(), Store()
    await playing.record("demo")
    world, count = playing.world, 0
    clock_s = found_s = read_s = 0.0
    for _ in range(24):
        gc.collect()
        begun = time.perf_counter()
        await playing.hand.advance(HOUR_MS)
        clock_s += time.perf_counter() - begun
        if not is_read:
            continue
        names = [(each.bucket, each.key) for each in world.objects.files(world.now_ms, count)]
        begun = time.perf_counter()
        found = [world.objects.find(*each, world.now_ms) for each in names]
        found_s += time.perf_counter() - begun
        begun = time.perf_counter()
        for each in found:
            assert each is not None
            async for _ in await store.read("t", "b", "k", each[1]):
                pass
        read_s += time.perf_counter() - begun
        count += len(found)
    await playing.hand.close()
    return clock_s, found_s, count, read_s


# --- rendered media -------------------------------------------------------------------------------


def _rendered(turns: int) -> list[Row]:
    plain = [uvloop.run(_muting(BUILT_IN))[0] for _ in range(turns)]
    asked = [uvloop.run(_muting(RENDERED)) for _ in range(turns)]
    clock_s = median([each[0] for each in asked])
    slice_s = median([each[1] for each in asked])
    return [
        _row(
            "24 h on the clock, somebody mutes each minute, files to be rendered",
            clock_s * 1e3, "ms", "files built in", median(plain) * 1e3,
        ),
        _row("… a slice of 15 s, 360x640, rendered for its reader", slice_s * 1e3, "ms"),
    ]  # fmt: skip


async def _muting(media: Media) -> tuple[float, float]:
    """Record a day in which somebody mutes and unmutes; seconds on the clock, and of one slice."""
    playing = Playing(media=media)
    world = playing.world
    world.apply(ChangeRoom("agora", "demo", rooms.Join("41")))
    await playing.record("demo")
    gc.collect()
    begun = time.perf_counter()
    for minute in range(24 * 60):
        await playing.hand.advance(60_000)
        muted = rooms.Publish("41", audio=minute % 2 == 1)
        world.apply(ChangeRoom("agora", "demo", muted))
    clock_s = time.perf_counter() - begun
    key = next(each.key for each in world.objects.files(world.now_ms) if each.key.endswith(".ts"))
    bucket = next(iter(world.objects.entries))[0]
    found = world.objects.find(bucket, key, world.now_ms)
    assert found is not None
    content = filmed(world, world.objects.recipe(bucket, key), key, found[1], world.now_ms)
    begun = time.perf_counter()
    async for _ in await Store().read("t", bucket, key, content):
        pass
    await playing.hand.close()
    return clock_s, time.perf_counter() - begun
