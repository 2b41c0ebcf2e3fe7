"""Media: what a day of recordings costs to list, hash and read, and what it leaves on disk."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from pathlib import Path

from tests.bench.measure import OWN_CORE, Options, Row, core

from recording_emulator.core.clips.clip import Clip, md5, written
from recording_emulator.core.segments import slices
from recording_emulator.store.objects import Store

DAY_MS = 86_400_000
SLICE_MS = 15_000
KBPS = 548
SIZE = (640, 360)


def run(_options: Options) -> list[Row]:
    """Measure a day as slices, and as the longest single files there are."""
    with core(OWN_CORE):
        return [*_slices(), *_movie(), *_hash()]


def _slices() -> list[Row]:
    cut = [at for at, _, _ in slices(((0, DAY_MS),), SLICE_MS, DAY_MS)]
    wanted = KBPS * SLICE_MS // 8
    began = time.perf_counter()
    clips = [Clip("ts", SLICE_MS, True, *SIZE, wanted_bytes=wanted, start_ms=at) for at in cut]
    told = sum(each.size_bytes for each in clips)
    listed_s = time.perf_counter() - began
    began = time.perf_counter()
    read = sum(len(part) for each in clips for part in written(each))
    read_s = time.perf_counter() - began
    assert read == told
    return [
        Row(
            "media",
            f"sizes of a day's slices ({len(clips)}, {told / 1e9:.1f} GB)",
            listed_s * 1e3,
            "ms",
        ),
        Row("media", "… all their bytes made", read_s, "s"),
        Row("media", "… one slice made", read_s / len(clips) * 1e3, "ms"),
    ]


def _movie() -> list[Row]:
    clip = Clip("mp4", DAY_MS, True, *SIZE, wanted_bytes=KBPS * DAY_MS // 8)
    began = time.perf_counter()
    size = clip.size_bytes
    sized_s = time.perf_counter() - began
    began = time.perf_counter()
    assert sum(map(len, written(clip))) == size
    read_s = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_kept(Path(folder)))
        kept = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    return [
        Row("media", f"size of a day's MP4 ({size / 1e9:.1f} GB)", sized_s * 1e6, "µs"),
        Row("media", "… all its bytes made", read_s, "s"),
        Row("media", "… resident memory by then", peak_mb, "MB"),
        Row("media", "bytes on disk of a slice that was read, with a folder", kept / 1e6, "MB"),
        Row("media", "bytes on disk without a folder, or unread", 0, "MB"),
    ]


async def _kept(folder: Path) -> None:
    clip = Clip("ts", SLICE_MS, True, *SIZE, wanted_bytes=KBPS * SLICE_MS // 8)
    async for _ in await Store(folder).read("t", "b", "a.ts", clip):
        pass


def _hash() -> list[Row]:
    rows = []
    for kind in ("mp4", "flv"):
        clip = Clip(kind, DAY_MS // 12, True, 1_280, 720, wanted_bytes=14_400_000)
        began = time.perf_counter()
        md5(clip)
        rows.append(
            Row("media", f"md5 of two hours of {kind}", (time.perf_counter() - began) * 1e3, "ms")
        )
    return rows
