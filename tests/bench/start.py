"""Cold start, import time and memory, against the bare server's."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time

import uvloop
from msgspec.structs import replace
from tests.bench import processes, raw_client, throughput
from tests.bench.measure import OWN_CORE, SERVER_CORE, Options, Row, core, median, paired
from tests.bench.processes import Served

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

IMPORTS = """
import time
begun = time.perf_counter()
import pytest
between = time.perf_counter()
import recording_emulator.pytest_plugin
print(between - begun, time.perf_counter() - between)
"""


def run(options: Options) -> list[Row]:
    """Measure starts in turns, then imports in fresh interpreters."""
    starts = _starts(2 * options.turns)
    ours, theirs = [each[0] for each in starts], [each[1] for each in starts]
    our_rss, their_rss = median([each[2] for each in starts]), median([each[3] for each in starts])
    imports = [_imports() for _ in range(2 * options.turns)]
    return [
        Row(
            "start",
            "serve, to its first answer to a client",
            median(ours) * 1000,
            "ms",
            "bare server",
            median(theirs) * 1000,
            "≤ 1.5",
            paired(ours, theirs),
        ),
        Row(
            "start",
            "import of the pytest plugin, after pytest",
            median([each[1] for each in imports]) * 1000,
            "ms",
            "import pytest",
            median([each[0] for each in imports]) * 1000,
            "≤ 20 ms",
        ),
        Row("start", "idle memory", our_rss, "MB", "bare server", their_rss, "≤ bare + 15 MB"),
        Row("start", "idle memory above bare", our_rss - their_rss, "MB", target="≤ 15 MB"),
    ]


def _starts(turns: int) -> list[tuple[float, float, float, float]]:
    found = []
    for _ in range(turns + 1):
        ours_s, ours_mb = _start(processes.emulator())
        bare_s, bare_mb = _start(processes.BARE)
        found.append((ours_s, bare_s, ours_mb, bare_mb))
    return found[1:]


def _start(command: list[str]) -> tuple[float, float]:
    with core(OWN_CORE):
        begun = time.perf_counter()
        server = processes.start(command)
        if command is processes.BARE:
            sample = client.acquire(
                {"app_id": "", "customer_id": "", "customer_secret": ""}, "", ""
            )
            _ask(server, "/json", sample)
        else:
            call = client.acquire(server.credentials, "demo", "900001")
            _ask(server, f"/agora{call.path}", call)
        took = time.perf_counter() - begun
        time.sleep(0.2)
        used_mb = server.rss_mb
        server.stop()
    return took, used_mb


def _ask(server: Served, path: str, call: Outward) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(call.method, path, call.body, call.headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200, (path, response.status, body)
    connection.close()


def _imports() -> tuple[float, float]:
    command = [sys.executable, "-c", IMPORTS]
    with core(SERVER_CORE):
        told = subprocess.check_output(command, text=True, env=processes.ENV)
    pytest_s, plugin_s = map(float, told.split())
    return pytest_s, plugin_s


def run_memory(options: Options) -> list[Row]:
    """Measure memory under many requests in one tenant, every cycle in a room of its own."""
    last = options.requests
    marks = (min(20_000, last // 4), last // 10 if last >= 400_000 else last // 3, last // 2, last)
    with core(OWN_CORE):
        with processes.served(processes.emulator()) as ours:
            begun = time.perf_counter()
            found = uvloop.run(throughput.soak(ours, marks))
            took = time.perf_counter() - begun
        with processes.served(processes.BARE) as bare:
            cycles = Options(cycles=last // 4)
            theirs = uvloop.run(_bare(bare, cycles))
    rows = [
        Row("memory", f"resident after {done:,} requests", used, "MB")
        for done, used in zip(marks, found, strict=True)
    ]
    growth = found[-1] - found[-2]
    rows[-1] = replace(
        rows[-1], yardstick="bare server, as many", yardstick_value=theirs, target="bounded"
    )
    return [
        *rows,
        Row("memory", "… growth in the second half", growth, "MB", target="0"),
        Row("memory", "… their rate, client and clock included", last / took, "req/s"),
    ]


async def _bare(server: Served, options: Options) -> float:
    lines = await raw_client.connect(server.port, throughput.LINES)
    await throughput.bare_turn(server, lines, options)
    for line in lines:
        line.close()
    return server.rss_mb
