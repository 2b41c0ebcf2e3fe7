"""Every error of the catalogue can be had on demand, and every fault is noticed from outside."""

from __future__ import annotations

import functools
import hashlib
from typing import Any, NamedTuple

import httpx
import pytest

from recording_emulator.core.faults import known_points
from recording_emulator.core.surface import Row
from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator, Tenant
from recording_emulator.vendors.base import Outward
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.errors import ROWS
from recording_emulator.vendors.zego.handle import Zego
from recording_emulator.vendors.zego.surface import SURFACE

OPERATIONS = [each.name for each in SURFACE.operations]
CASES = [(row, operation) for row in ROWS for operation in (row.operations or OPERATIONS)]
EVERY = [(p.name, e.name) for p in known_points(SURFACE.faults).values() for e in p.effects]
NOTICED = [each for each in EVERY if each != ("callback", "disconnect")]
"""A receiver over HTTP has no connection to lose."""
PARAMETERS: dict[str, dict[str, Any]] = {
    "answer": {"code": "300010000"},
    "status": {"status": 502},
    "slow": {"by_ms": 1_000},
    "delay": {"by_ms": 90_000},
    "stale": {"by_ms": 90_000},
    "skew": {"by_ms": 3_600_000},
    "wrong_duration": {"file": "m3u8"},
    "late": {"by_ms": 86_400_000},
    "listed_early": {"by_ms": 86_400_000},
}


def send(zego: Zego, asked: Outward) -> httpx.Response:
    url = f"{zego.base_url}{asked.path}"
    return httpx.request(asked.method, url, content=asked.body, headers=asked.headers, timeout=0.5)


def call(zego: Zego, action: str) -> httpx.Response:
    asked = client.CLIENT.request(
        action, zego.credentials, {"task": "A" * 16}, {}, wallclock.now_ms()
    )
    return send(zego, asked)


@pytest.mark.parametrize(("row", "operation"), CASES, ids=lambda each: getattr(each, "id", each))
def test_a_fault_answers_with_the_row_once(zego: Zego, row: Row, operation: str) -> None:
    zego.faults.answer(operation, row.id)

    faulty, plain = call(zego, operation), call(zego, operation)

    body = faulty.json()
    assert faulty.status_code == row.http
    assert body.get("Code") == row.code
    assert body["Message"] == (row.text or "invalid param")
    assert "fault fault-" in faulty.headers["x-recording-emulator-hint"]
    assert "fault" not in plain.headers.get("x-recording-emulator-hint", "")
    assert [fault["fired"] for fault in zego.faults.all()] == [1]


def test_a_fault_may_ask_for_the_room_of_a_call_that_only_names_its_task(zego: Zego) -> None:
    tasks = [
        send(zego, client.start(zego.credentials, room, wallclock.now_ms())).json()
        for room in ("one", "two")
    ]
    zego.faults.answer("StopRecord", 300010000, room="two", times=None)

    codes = [
        send(
            zego,
            client.task_call(
                zego.credentials, "StopRecord", each["Data"]["TaskId"], wallclock.now_ms()
            ),
        ).json()["Code"]
        for each in tasks
    ]

    assert codes == [0, 300010000]


# --- a naive client and a naive receiver ----------------------------------------------------------


class Noticed(NamedTuple):
    """What a client and a receiver know of one story."""

    answers: list[Any]
    callbacks: list[tuple[int | str, bool, str]]
    files: list[tuple[str, int, str]]


class NaiveClient:
    """Makes calls and writes down what comes back, whatever that is."""

    def __init__(self, tenant: Tenant) -> None:
        self.zego = tenant.zego
        self.answers: list[Any] = []

    def call(self, asked: Outward) -> dict[str, Any]:
        try:
            answer = send(self.zego, asked)
            body: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            self.answers.append(type(error).__name__)
            return {}
        told = {key: value for key, value in body.items() if key != "RequestId"}
        self.answers.append((answer.status_code, told))
        return body


def play(
    server: Emulator, faults: list[dict[str, Any]], container: str = "mp4"
) -> tuple[Noticed, list[int]]:
    """Record for two minutes, stop, and wait for the uploads."""
    tenant = server.tenant("every-fault", replace=True)
    inbox, naive, zego = tenant.inbox(), NaiveClient(tenant), tenant.zego
    armed = [zego.faults.add(**fault) for fault in faults]
    zego.room("demo").join("u1", stream="s1")
    pair, mix = zego.credentials, {**client.MIX, "MixOutputBackgroundImage": "http://x.test/b.png"}
    body = client.start_body("demo", mixed=True, MixConfig=mix)
    body["RecordOutputParams"] = {"OutputFileFormat": container}
    started = naive.call(client.call(pair, "StartRecord", wallclock.now_ms(), body))
    task = (started.get("Data") or {}).get("TaskId", "A" * 16)
    zego.advance(minutes=2)
    for action in ("DescribeRecordStatus", "StopRecord", "DescribeRecordStatus"):
        naive.call(client.task_call(pair, action, task, wallclock.now_ms()))
        zego.advance(seconds=10)
    zego.advance(hours=1)
    seen = [(each.event_type, each.is_genuine, sent(each)) for each in inbox.callbacks]
    base = tenant.emulator.url
    noticed = Noticed(naive.answers, seen, sorted(map(fetched, zego.objects())))
    fired = {each["id"]: each["fired"] for each in zego.faults.all()}
    tenant.close()
    assert base
    return noticed, [fired[each["id"]] for each in armed]


def fetched(file: Any) -> tuple[str, int, str]:
    """Fetch a file: what it is listed as, and a digest of what came."""
    answer = httpx.get(file.url)
    told = f"{answer.status_code} {hashlib.md5(answer.content).hexdigest()}"
    return file.key, file.size_bytes, told


def sent(received: Any) -> str:
    return str(received.json["timestamp"]) if received.is_genuine else ""


@pytest.fixture(scope="module")
def clean(recording_emulator_server: Emulator) -> Any:
    """The same story without faults, played once."""
    return functools.cache(lambda kind: play(recording_emulator_server, [], kind)[0])


@pytest.mark.parametrize(("point", "effect"), NOTICED, ids=lambda each: each)
def test_somebody_outside_notices_a_fault(
    recording_emulator_server: Emulator, clean: Any, point: str, effect: str
) -> None:
    fault: dict[str, Any] = {"on": point, "effect": effect, **PARAMETERS.get(effect, {})}
    if point == "call":
        fault["operation"] = "StopRecord"

    container = "hls" if point == "object" else "mp4"

    noticed, fired = play(recording_emulator_server, [fault], container)

    assert fired == [1]
    assert noticed != clean(container)
