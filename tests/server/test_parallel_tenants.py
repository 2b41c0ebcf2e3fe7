"""Sixteen workers on one server: nobody's world changes because of anybody else's."""

import http.client
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from recording_emulator.testing import Emulator
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

WORKERS = 16


class Played(msgspec.Struct, frozen=True):
    """What is left of one worker's story: its journal, and every callback it got."""

    journal: bytes
    callbacks: list[bytes]


def play(emulator: Emulator, nth: int, together: Callable[[], Any]) -> Played:
    """Record two rooms, one of them badly; ``together`` is where the others may overtake."""
    tenant = emulator.tenant(f"worker-{nth}", seed=nth % 3)
    agora, inbox = tenant.agora, tenant.inbox()
    where = urlsplit(agora.base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)

    def call(outward: Outward) -> dict[str, Any]:
        path = f"{where.path}{outward.path}"
        connection.request(outward.method, path, outward.body, outward.headers)
        answer: dict[str, Any] = msgspec.json.decode(connection.getresponse().read())
        agora.settle()  # its callbacks are answered before the next call: arrival order is input
        together()
        return answer

    pair = agora.credentials
    agora.faults.drop(42, times=1)
    tasks = []
    for room, uid in (("demo", "900001"), (f"room-{nth}", "900002")):
        resource = call(client.acquire(pair, room, uid))["resourceId"]
        agora.room(room).join(41 + nth)
        sid = call(client.start(pair, room, uid, resource))["sid"]
        tasks.append((room, uid, resource, sid))
    agora.advance(minutes=2 + nth)
    together()
    inbox.fail(times=2)
    for room, uid, resource, sid in tasks:
        call(client.task_call(pair, "query", room, uid, resource, sid))
        call(client.task_call(pair, "stop", room, uid, resource, sid))
    agora.advance(hours=1)
    played = Played(agora.canonical_journal(), [each.body for each in inbox.callbacks])
    connection.close()
    tenant.close()
    return played


@pytest.fixture
def alone() -> list[Played]:
    """The stories, one after the other, each on a server of its own."""
    found = []
    for nth in range(WORKERS):
        emulator = Emulator()
        found.append(play(emulator, nth, lambda: None))
        emulator.close()
    return found


def test_sixteen_workers_on_one_server_see_what_each_would_see_alone(alone: list[Played]) -> None:
    emulator = Emulator()
    together = threading.Barrier(WORKERS, timeout=60)

    with ThreadPoolExecutor(WORKERS) as pool:
        at_once = list(pool.map(lambda nth: play(emulator, nth, together.wait), range(WORKERS)))
    emulator.close()

    assert at_once == alone
    assert len({each.journal for each in at_once}) == WORKERS
    assert all(each.callbacks for each in at_once)
