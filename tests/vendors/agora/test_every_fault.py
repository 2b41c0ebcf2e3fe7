"""Every fault there is, seen by a naive client and a naive receiver; and nothing without it.

A story is played once without faults and once with one: the fault must have fired, and somebody
outside must have noticed.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any, NamedTuple

import httpx
import pytest

from recording_emulator.core.faults import known_points
from recording_emulator.server.wallclock import now_ms
from recording_emulator.testing import Emulator, Tenant
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.surface import SURFACE

EVERY = [(p.name, e.name) for p in known_points(SURFACE.faults).values() for e in p.effects]
CASES = [each for each in EVERY if each != ("callback", "disconnect")]
"""A receiver over HTTP has no connection to lose; ``test_spoiled_callbacks`` has one that does."""
PARAMETERS: dict[str, dict[str, Any]] = {
    "answer": {"code": "65"},
    "status": {"status": 502},
    "slow": {"by_ms": 1_000},
    "delay": {"by_ms": 90_000},
    "stale": {"by_ms": 90_000},
    "skew": {"by_ms": 2 * 86_400_000},
    "wrong_duration": {"file": "m3u8"},
    "late": {"by_ms": 86_400_000},
    "listed_early": {"by_ms": 86_400_000},
}
PAGE = {
    "serviceName": "web_recorder_service",
    "serviceParam": {
        "url": "https://example.test/", "audioProfile": 0, "videoWidth": 1280, "videoHeight": 720,
        "maxRecordingHour": 1, "readyTimeout": 10,
    },
}  # fmt: skip
POSTPONED = {
    "recordingConfig": {"subscribeUidGroup": 1},
    "appsCollection": {"combinationPolicy": "postpone_transcoding"},
    "transcodeOptions": {"transConfig": {"transMode": "postponeTranscoding"}},
}


class Noticed(NamedTuple):
    """What a client and a receiver know of one story."""

    answers: list[Any]
    callbacks: list[tuple[int | str, bool, int]]
    files: list[tuple[str, int, str]]


class NaiveClient:
    """Makes calls and writes down what comes back, whatever that is."""

    def __init__(self, tenant: Tenant) -> None:
        self.agora = tenant.agora
        self.answers: list[Any] = []

    def call(self, asked: Any) -> dict[str, Any]:
        url = f"{self.agora.base_url}{asked.path}"
        sent = {"content": asked.body, "headers": asked.headers, "timeout": 0.5}
        try:
            answer = httpx.request(asked.method, url, **sent)
            body: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            self.answers.append(type(error).__name__)
            return {}
        self.answers.append((answer.status_code, body))
        return body


def mode_of(point: str) -> tuple[str, int, dict[str, Any]]:
    """Say which kind of recording a point belongs to: mode, scene, parameters of start."""
    if point == "page":
        return "web", 1, {"extensionServiceConfig": {"extensionServices": [PAGE]}}
    if point == "transcoder":
        return "individual", 2, POSTPONED
    if point == "door":
        ends_s = now_ms() // 1000 + 86_400
        storage = {**client.STORAGE, "stsToken": "t", "stsExpiration": ends_s}
        return "mix", 0, {"storageConfig": storage}
    return "mix", 0, {}


def play(server: Emulator, point: str, faults: list[dict[str, Any]]) -> tuple[Noticed, list[int]]:
    """Record for two minutes, stop, and wait for what is made later."""
    tenant = server.tenant("every-fault", replace=True)
    inbox, naive = tenant.inbox(), NaiveClient(tenant)
    agora, (mode, scene, params) = tenant.agora, mode_of(point)
    armed = [agora.faults.add(**fault) for fault in faults]
    acquired = naive.call(client.acquire(agora.credentials, "demo", "9", scene=scene))
    args = (agora.credentials, "demo", "9", acquired.get("resourceId", "r"))
    agora.room("demo").join(41)
    agora.room("demo").join(42, video=False)
    started = naive.call(client.start(*args, mode=mode, **params))
    agora.advance(minutes=2)
    for operation in ("query", "stop"):
        task = (*args[2:], started.get("sid", "s"))
        call = client.task_call(args[0], operation, args[1], *task, mode=mode)
        naive.call(call)
        agora.advance(seconds=10)
    agora.advance(hours=3)
    seen = [(each.event_type, each.is_genuine, notice_ms(each)) for each in inbox.callbacks]
    files = [(each.key, each.size_bytes, fetched(each, point)) for each in agora.objects()]
    noticed = Noticed(naive.answers, seen, sorted(files))
    fired = {each["id"]: each["fired"] for each in agora.faults.all()}
    tenant.close()
    return noticed, [fired[each["id"]] for each in armed]


def fetched(file: Any, point: str) -> str:
    """Fetch a file, where faults are about files, and return a digest of what came."""
    if point != "object":
        return ""
    answer = httpx.get(file.url)
    return f"{answer.status_code} {hashlib.md5(answer.content).hexdigest()}"


def notice_ms(received: Any) -> int:
    return int(received.json["notifyMs"]) if received.is_genuine else 0


@pytest.fixture(scope="module")
def clean(recording_emulator_server: Emulator) -> Any:
    """The same story without faults, played once for each kind of recording."""
    return functools.cache(lambda point: play(recording_emulator_server, point, [])[0])


@pytest.mark.parametrize(("point", "effect"), CASES, ids=lambda each: each)
def test_somebody_outside_notices_a_fault_and_a_clean_run_has_none(
    recording_emulator_server: Emulator, clean: Any, point: str, effect: str
) -> None:
    fault: dict[str, Any] = {"on": point, "effect": effect, **PARAMETERS.get(effect, {})}
    if point == "call":
        fault["operation"] = "start"
    if point == "door":
        fault["nth"] = 2
    alike = point if point in ("page", "transcoder", "door", "object") else ""

    noticed, fired = play(recording_emulator_server, point, [fault])

    assert fired == [1]
    assert noticed != clean(alike)
