"""What a test pays: a tenant, the whole fixture, a server of its own. All on one core."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.routing import Route
from tests.bench import bare_server
from tests.bench.measure import OWN_CORE, Options, Row, core, median, timed

from recording_emulator.server.run import Site
from recording_emulator.testing import Emulator
from recording_emulator.testing.emulator import Loop

ROUNDS = 40
BODY = b'{"cname":"demo","uid":"1"}'


def run(options: Options) -> list[Row]:
    """Measure each with the least that could do it, in turns."""
    with core(OWN_CORE), _bare_trip() as trip:
        server = Emulator()
        tenants, fixtures, trips, sockets = [], [], [], []
        for turn in range(options.turns + 1):
            tenants.append(_each(lambda n: _tenant(server, n), f"t{turn}"))
            fixtures.append(_each(lambda n: _fixture(server, n), f"f{turn}"))
            trips.append(_each(lambda _: trip(), ""))
            sockets.append(_each(lambda _: _listener(server.loop), ""))
        server.close()
        own = [timed(lambda: Emulator().close()) for _ in range(4 * options.turns)]
        threads = [timed(_thread_and_socket) for _ in range(4 * options.turns)]
    trip_ms, socket_ms = median(trips[1:]) * 1000, median(sockets[1:]) * 1000
    return [
        Row(
            "per test",
            "a fresh tenant, made and deleted",
            median(tenants[1:]) * 1000,
            "ms",
            "two bare HTTP calls",
            2 * trip_ms,
            "≤ 1 ms",
        ),
        Row(
            "per test",
            "the whole fixture: tenant, inbox, faults asked for, close",
            median(fixtures[1:]) * 1000,
            "ms",
            "four calls, one socket",
            4 * trip_ms + socket_ms,
            "≤ 3 ms",
        ),
        Row(
            "per test",
            "a server of one's own, up and down",
            median(own) * 1000,
            "ms",
            "thread, loop and socket",
            median(threads) * 1000,
            "≤ 30 ms",
        ),
        Row("per test", "… the first one of a process", own[0] * 1000, "ms"),
    ]


def _each(work: Callable[[str], None], name: str) -> float:
    begun = time.perf_counter()
    for number in range(ROUNDS):
        work(f"{name}-{number}")
    return (time.perf_counter() - begun) / ROUNDS


def _tenant(server: Emulator, name: str) -> None:
    server.tenant(name).close()


def _fixture(server: Emulator, name: str) -> None:
    tenant = server.tenant(name)
    tenant.inbox()
    tenant.unfired()
    tenant.close()


@contextmanager
def _bare_trip() -> Iterator[Callable[[], None]]:
    """Open a bare Starlette in a thread like the emulator's, and one kept connection to it."""
    loop = Loop()
    site = Site(Starlette(routes=[Route("/json", bare_server.post, methods=["POST"])]))
    _, port = loop.run(site.listen("127.0.0.1", 0))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def trip() -> None:
        connection.request("POST", "/json", BODY, {"content-type": "application/json"})
        assert connection.getresponse().read()

    yield trip
    connection.close()
    loop.run(site.close())
    loop.close()


async def _open_and_close() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    server.close()
    await server.wait_closed()


def _listener(loop: Loop) -> None:
    loop.run(_open_and_close())


def _thread_and_socket() -> None:
    loop = Loop()
    _listener(loop)
    loop.close()
