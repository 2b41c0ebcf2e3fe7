"""Where the time goes: cProfile of the server under the load of throughput, and of a day."""

from __future__ import annotations

import cProfile
import io
import pstats
import tempfile
from pathlib import Path

import uvloop
from tests.bench import processes, throughput
from tests.bench.measure import OWN_CORE, Options, core
from tests.bench.world import TARGET, Playing

from recording_emulator.core.inputs import AddTarget

LINES = 45


def run(options: Options) -> str:
    """Return both profiles, by own time and by cumulated time."""
    with core(OWN_CORE), tempfile.TemporaryDirectory() as folder:
        stats = Path(folder) / "stats"
        with processes.served(processes.profiled(stats)) as server:
            uvloop.run(throughput.load(server, options))
        served = _told(pstats.Stats(str(stats)))
        profile = cProfile.Profile()
        uvloop.run(_day(profile))
        day = _told(pstats.Stats(profile))
    return f"=== server under load\n{served}\n=== a day of every event, by the hand\n{day}"


async def _day(profile: cProfile.Profile) -> None:
    playing = Playing()
    playing.hand.apply(AddTarget(TARGET))
    await playing.record("demo")
    profile.enable()
    await playing.hand.advance(86_400_000)
    profile.disable()
    await playing.hand.close()


def _told(stats: pstats.Stats) -> str:
    out = io.StringIO()
    stats.stream = out  # type: ignore[attr-defined]
    for order in ("tottime", "cumtime"):
        stats.sort_stats(order).print_stats(LINES)
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    root = str(processes.HERE.parents[1])
    return "\n".join(lines).replace(root, "").replace("/emulator/recording_emulator", "")
