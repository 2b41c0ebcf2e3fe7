"""Throughput: acquire, start, query and stop against a bare JSON POST, both on the same core.

A stop at the instant of the start has nothing recorded to keep, and in real time three seconds pass
before anything is. So a turn is: acquire and start for every task; the manual clock moves 20 s, in
which each recorder boots, joins and records the synthetic participant; query and asynchronous stop
for every task; 5 s more, in which each uploads and exits. The headline counts the four calls; the
second row also counts the time of the two advances, which no bare endpoint has to spend.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import uvloop
from tests.bench import processes, raw_client
from tests.bench.measure import OWN_CORE, Options, Row, core, median, paired
from tests.bench.processes import Served
from tests.bench.raw_client import Line

from recording_emulator.vendors.agora import client

LINES = 8
UID = "900001"
FULL = 0.9
"""A pair of turns counts if both servers had this much of their core; others want it too."""
TARGET = "≥ 0.7, aim 1.0"
ROOMY: dict[str, Any] = {"concurrency": 10_000_000}


class Turn(msgspec.Struct):
    """One turn against one server: what it took, in seconds and in processor seconds."""

    requests: int
    calls_s: float
    whole_s: float
    server_cpu_s: float
    client_cpu_s: float

    @property
    def rate(self) -> float:
        return self.requests / self.calls_s

    @property
    def whole_rate(self) -> float:
        return self.requests / self.whole_s

    @property
    def load(self) -> float:
        """How much of a core the server had while it was called."""
        return self.server_cpu_s / self.calls_s

    @property
    def cpu_us(self) -> float:
        return self.server_cpu_s / self.requests * 1e6


Pair: TypeAlias = tuple[Turn, Turn]
"""A turn of ours and the bare server's next to it."""


class Cycles:
    """Many tasks of one tenant, from acquire to stop."""

    def __init__(self, lines: list[Line], credentials: dict[str, str], count: int) -> None:
        self._lines, self._credentials, self._count = lines, credentials, count
        self._named: list[tuple[str, str, str]] = [("", "", "")] * count

    async def begin(self, prefix: str) -> None:
        """Acquire and start."""

        async def one(line: Line, number: int) -> None:
            cname = f"{prefix}-{number}"
            acquired = await self._ask(line, client.acquire(self._credentials, cname, UID))
            resource = acquired["resourceId"]
            started = await self._ask(line, client.start(self._credentials, cname, UID, resource))
            self._named[number] = cname, resource, started["sid"]

        await raw_client.share(self._lines, one, self._count)

    async def end(self) -> None:
        """Query and stop."""

        async def one(line: Line, number: int) -> None:
            cname, resource, sid = self._named[number]
            about = (cname, UID, resource, sid)
            await self._ask(line, client.task_call(self._credentials, "query", *about))
            stop = client.task_call(self._credentials, "stop", *about, async_stop=True)
            await self._ask(line, stop)

        await raw_client.share(self._lines, one, self._count)

    @staticmethod
    async def _ask(line: Line, call: Any) -> dict[str, str]:
        status, body = await line.ask(raw_client.vendor_request("agora", call))
        assert status == 200, (status, body)
        answer: dict[str, str] = msgspec.json.decode(body)
        return answer


async def emulator_turn(server: Served, lines: list[Line], name: str, options: Options) -> Turn:
    """Play one turn in a tenant of its own."""
    wanted = {"name": name, "settings": {"agora": ROOMY}}
    made = await raw_client.admin(lines[0], "POST", "/tenants", wanted)
    cycles = Cycles(lines, made["credentials"]["agora"], options.cycles)
    clock = f"/tenants/{made['id']}/clock/advance"
    begun_cpu, begun_own, begun = server.cpu_s, time.process_time(), time.perf_counter()
    await cycles.begin(name)
    started = time.perf_counter()
    started_cpu = server.cpu_s
    await raw_client.admin(lines[0], "POST", clock, {"delta_ms": 20_000})
    recorded, recorded_cpu = time.perf_counter(), server.cpu_s
    await cycles.end()
    stopped, stopped_cpu = time.perf_counter(), server.cpu_s
    await raw_client.admin(lines[0], "POST", clock, {"delta_ms": 5_000})
    ended = time.perf_counter()
    own_cpu = time.process_time() - begun_own
    await raw_client.admin(lines[0], "DELETE", f"/tenants/{made['id']}")
    return Turn(
        requests=4 * options.cycles,
        calls_s=started - begun + stopped - recorded,
        whole_s=ended - begun,
        server_cpu_s=started_cpu - begun_cpu + stopped_cpu - recorded_cpu,
        client_cpu_s=own_cpu,
    )


async def bare_turn(server: Served, lines: list[Line], options: Options) -> Turn:
    """Post as many times as a turn of the emulator has calls."""
    call = client.acquire({"app_id": "a", "customer_id": "b", "customer_secret": "c"}, "demo", UID)
    headers = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    raw = raw_client.request("POST", "/json", call.body, headers)
    count = 4 * options.cycles

    async def one(line: Line, _number: int) -> None:
        status, body = await line.ask(raw)
        assert status == 200, (status, body)

    begun_cpu, begun_own, begun = server.cpu_s, time.process_time(), time.perf_counter()
    await raw_client.share(lines, one, count)
    took = time.perf_counter() - begun
    own_cpu = time.process_time() - begun_own
    return Turn(count, took, took, server.cpu_s - begun_cpu, own_cpu)


async def _turns(
    ours: Served, bare: Served, options: Options
) -> tuple[list[tuple[Turn, Turn]], int]:
    our_lines = await raw_client.connect(ours.port, LINES)
    bare_lines = await raw_client.connect(bare.port, LINES)
    pairs: list[Pair] = []
    tried = 0
    while len(pairs) < options.turns and tried < 4 * options.turns:
        mine = await emulator_turn(ours, our_lines, f"turn{tried}", options)
        theirs = await bare_turn(bare, bare_lines, options)
        tried += 1
        if tried > 1 and min(mine.load, theirs.load) >= FULL:  # the first turn warms both up
            pairs.append((mine, theirs))
    for line in our_lines + bare_lines:
        line.close()
    return pairs, tried - 1 - len(pairs)


def run(options: Options) -> list[Row]:
    """Measure in alternating turns."""
    with (
        core(OWN_CORE),
        processes.served(processes.emulator()) as ours,
        processes.served(processes.BARE) as bare,
    ):
        pairs, aside = uvloop.run(_turns(ours, bare, options))
    if not pairs:
        return [Row("throughput", "no pair of turns had its core: the machine is busy", aside, "")]
    found, theirs = [each[0] for each in pairs], [each[1] for each in pairs]
    bare_rates, bare_cpu = [each.rate for each in theirs], [each.cpu_us for each in theirs]

    def row(what: str, ours: list[float], unit: str, base: list[float], target: str) -> Row:
        ratio = paired(ours, base)
        return Row("throughput", what, median(ours), unit, YARD, median(base), target, ratio)

    rates, whole = [each.rate for each in found], [each.whole_rate for each in found]
    return [
        row("acquire-start-query-stop, calls", rates, "req/s", bare_rates, TARGET),
        row("… and the tasks' virtual lives", whole, "req/s", bare_rates, ""),
        row("server CPU a call", [each.cpu_us for each in found], "µs", bare_cpu, ""),
        Row("throughput", "client CPU, below 100", *_busy(found), YARD, _busy(theirs)[0]),
        Row("throughput", "server CPU, near 100", *_load(found), YARD, _load(theirs)[0]),
        Row("throughput", f"pairs set aside, of {aside + len(pairs)}", aside, ""),
    ]


def _busy(turns: list[Turn]) -> tuple[float, str]:
    return median([each.client_cpu_s / each.whole_s for each in turns]) * 100, "%"


def _load(turns: list[Turn]) -> tuple[float, str]:
    return median([each.load for each in turns]) * 100, "%"


YARD = "bare Starlette JSON POST"


async def load(server: Served, options: Options) -> None:
    """Put a server under load without measuring it, for a profile."""
    lines = await raw_client.connect(server.port, LINES)
    for number in range(2):
        await emulator_turn(server, lines, f"profiled{number}", options)
    for line in lines:
        line.close()


async def soak(server: Served, marks: Sequence[int]) -> list[float]:
    """Run requests through one tenant, every task in a room of its own; RSS at each mark."""
    lines = await raw_client.connect(server.port, LINES)
    wanted = {"name": "soak", "settings": {"agora": ROOMY}}
    made = await raw_client.admin(lines[0], "POST", "/tenants", wanted)
    clock = f"/tenants/{made['id']}/clock/advance"
    found: list[float] = []
    done, wave = 0, 250
    while len(found) < len(marks):
        cycles = Cycles(lines, made["credentials"]["agora"], wave)
        await cycles.begin(f"soak{done}")
        await raw_client.admin(lines[0], "POST", clock, {"delta_ms": 20_000})
        await cycles.end()
        await raw_client.admin(lines[0], "POST", clock, {"delta_ms": 5_000})
        done += 4 * wave
        if done >= marks[len(found)]:
            found.append(server.rss_mb)
    for line in lines:
        line.close()
    return found
