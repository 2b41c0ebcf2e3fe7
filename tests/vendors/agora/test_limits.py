"""Every limit of the catalogue, reached at the number its row says, on both sides of it.

A case is given the numbers of its row, in the order in which they stand there, so that a row and
what happens cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import httpx
import msgspec
import pytest

from recording_emulator.core.inputs import Answered, Dispatch
from recording_emulator.core.surface import Limit
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.agora.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Said, Set, Stage

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
STORAGE: Final = {
    "vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s",
}  # fmt: skip
BOTH: Final[dict[str, Any]] = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
RECORDING_MS: Final = 3_000
"""When the first frame comes, after a start."""
OPEN_MS: Final = 5_000
"""When a page is open, after a start."""
LEAVING_MS: Final = 200
"""How long a recorder takes to leave, after a stop."""

Case = Callable[..., None]
CASES: Final[dict[str, Case]] = {}


def reaches(name: str) -> Callable[[Case], Case]:
    """Enter a function as the case of a row."""

    def enter(case: Case) -> Case:
        CASES[name] = case
        return case

    return enter


def code(said: Said) -> int | None:
    """Return the code of an answer, None where it succeeded."""
    found: int | None = said[1].get("code")
    return found


def happened(stage: Stage, at_ms: int, event: str) -> tuple[bool, bool]:
    """Let time pass; whether an event had happened just before an instant, and then at it."""
    stage.at(at_ms - 1)
    before = event in [name for _, name, _ in stage.events()]
    stage.at(at_ms)
    return before, event in [name for _, name, _ in stage.events()]


def stored(stage: Stage, at_ms: int, ending: str) -> tuple[int, int]:
    """Let time pass; how many such files were stored just before an instant, and then at it."""
    stage.at(at_ms - 1)
    before = sum(key.endswith(ending) for key, _ in stage.objects())
    stage.at(at_ms)
    return before, sum(key.endswith(ending) for key, _ in stage.objects())


def given(name: str, low: int, high: int, default: int) -> list[tuple[int, dict[str, Any]]]:
    """List what a field may be and how to say so: its edges, and the default by saying nothing."""
    return [(low, {name: low}), (high, {name: high}), (default, {})]


# --- calls ----------------------------------------------------------------------------------------


@reaches("resource_ttl_s")
def resource(set_stage: Set, ttl_s: int) -> None:
    in_time, late = set_stage().acquire(), set_stage().acquire()
    in_time.stage.at(ttl_s * SECOND_MS - 1)
    late.stage.at(ttl_s * SECOND_MS)

    assert (code(in_time.start()), code(late.start())) == (None, 433)


@reaches("resourceExpiredHour")
def control(set_stage: Set, low: int, high: int, default: int) -> None:
    for hours, params in given("resourceExpiredHour", low, high, default):
        job = set_stage().acquire(**params)
        job.start()
        job.stage.at(hours * HOUR_MS - 1)
        before = code(job.query())
        job.stage.at(hours * HOUR_MS)
        assert (before, code(job.query())) == (None, 404)
    for hours in (low - 1, high + 1):
        asked = {"cname": "demo", "uid": "1", "clientRequest": {"resourceExpiredHour": hours}}
        assert code(set_stage().send("acquire", "acquire", asked)) == 2


@reaches("calls_per_second")
def rate(set_stage: Set, per_second: int) -> None:
    stage = set_stage(rate_limits=True)
    body = {"cname": "demo", "uid": "1", "clientRequest": {}}

    burst = [stage.send("acquire", "acquire", body)[0] for _ in range(per_second + 1)]
    stage.advance(SECOND_MS - 1)
    before = stage.send("acquire", "acquire", body)[0]
    stage.advance(1)
    after = stage.send("acquire", "acquire", body)[0]

    assert (burst, before, after) == ([200] * per_second + [429], 429, 200)


@reaches("concurrent_tasks")
def tasks(set_stage: Set, most: int) -> None:
    stage = set_stage()
    for uid in range(1, most):
        stage.record(uid=str(uid))

    last = code(stage.acquire(uid=str(most)).start())

    body = {"cname": "demo", "uid": str(most + 1), "clientRequest": {}}
    assert (last, code(stage.send("acquire", "acquire", body))) == (None, 406)


@reaches("stop_budget_s")
def stop(set_stage: Set, budget_s: int) -> None:
    budget_ms = budget_s * SECOND_MS
    for took_ms, expected in ((budget_ms - 1, None), (budget_ms, 50)):
        stage = set_stage(upload_ms=took_ms - LEAVING_MS)
        job = stage.record()
        stage.at(MINUTE_MS)
        assert code(job.stop()) == expected
        assert stage.now_ms == MINUTE_MS + took_ms


@reaches("cname_bytes")
def channel(set_stage: Set, most: int) -> None:
    for name, expected in (("x" * most, None), ("x" * (most + 1), 401)):
        asked = {"cname": name, "uid": "1", "clientRequest": {}}
        assert code(set_stage().send("acquire", "acquire", asked)) == expected


@reaches("web_label_bytes")
def label(set_stage: Set, most: int) -> None:
    for name, expected in (("会" * (most // 3) + "x", None), ("会" * (most // 3) + "xx", 401)):
        asked = {"cname": name, "uid": "1", "clientRequest": {"scene": 1}}
        assert code(set_stage().send("acquire", "acquire", asked)) == expected


@reaches("file_prefix_chars")
def prefix(set_stage: Set, most: int) -> None:
    for size, expected in ((most - len("/y/"), None), (most - len("/y/") + 1, 2)):
        storage = {**STORAGE, "fileNamePrefix": ["x" * size, "y"]}
        assert code(set_stage().acquire().start(storageConfig=storage)) == expected


@reaches("picture_pixels")
def pixels(set_stage: Set, width: int, height: int) -> None:
    for more, expected in ((0, None), (1, 2)):
        picture = {"width": width, "height": height + more}
        assert start(set_stage(), transcodingConfig=picture) == expected
        page = {"videoWidth": width, "videoHeight": height + more}
        assert start_page(set_stage(), **page) == expected


@reaches("body_bytes")
def body(_set_stage: Set, most: int, *, agora: Agora) -> None:
    call = client.acquire(agora.credentials, "demo", "1")

    answers = [
        httpx.post(
            f"{agora.base_url}{call.path}", content=call.body.ljust(size), headers=call.headers
        ).status_code
        for size in (most, most + 1)
    ]

    assert answers == [200, 413]


# --- what ends or repeats by itself ---------------------------------------------------------------


def start(stage: Stage, **config: Any) -> int | None:
    """Start in mix mode; returns the code of a refusal."""
    return code(stage.acquire().start(recordingConfig=config))


@reaches("maxIdleTime_s")
def idle(set_stage: Set, low: int, high: int, default: int) -> None:
    for idle_s, config in given("maxIdleTime", low, high, default):
        stage = set_stage(audience="none")
        assert start(stage, **config) is None
        assert happened(stage, RECORDING_MS + idle_s * SECOND_MS, "41") == (False, True)
    assert [start(set_stage(), maxIdleTime=each) for each in (low - 1, high + 1)] == [2, 2]


def start_pictures(stage: Stage, **config: Any) -> int | None:
    pictures = {"fileType": ["jpg"], **config}
    job = stage.acquire(mode="individual")
    users = {"subscribeUidGroup": 1}
    return code(job.start(recordingConfig=users, snapshotConfig=pictures))


@reaches("snapshot_interval_s")
def snapshot(set_stage: Set, low: int, high: int, default: int) -> None:
    for interval_s, config in given("captureInterval", low, high, default):
        stage = set_stage(audience="none")
        stage.join("41")
        assert start_pictures(stage, **config) is None
        assert stored(stage, RECORDING_MS, ".jpg") == (0, 1)
        assert stored(stage, RECORDING_MS + interval_s * SECOND_MS, ".jpg") == (1, 2)
    refused = [start_pictures(set_stage(), captureInterval=each) for each in (low - 1, high + 1)]
    assert refused == [2, 2]


@reaches("slice_s")
def slices(set_stage: Set, length_s: int) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.record()

    assert stored(stage, RECORDING_MS + length_s * SECOND_MS, ".ts") == (0, 1)
    assert stored(stage, RECORDING_MS + 2 * length_s * SECOND_MS, ".ts") == (1, 2)


@reaches("mp4_h")
def movies(set_stage: Set, length_h: int) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.record(**BOTH)

    assert stored(stage, RECORDING_MS + length_h * HOUR_MS, ".mp4") == (0, 1)
    assert stored(stage, RECORDING_MS + 2 * length_h * HOUR_MS, ".mp4") == (1, 2)


# --- pages ----------------------------------------------------------------------------------------


def start_page(stage: Stage, **page: Any) -> int | None:
    """Record a page; returns the code of a refusal."""
    given = {
        "url": "https://example.test/", "audioProfile": 0, "videoWidth": 640, "videoHeight": 480,
        "maxRecordingHour": 720, **page,
    }  # fmt: skip
    service = {"serviceName": "web_recorder_service", "serviceParam": given}
    config = {"extensionServiceConfig": {"extensionServices": [service]}}
    return code(stage.acquire(mode="web", scene=1).start(**BOTH, **config))


@reaches("maxRecordingHour")
def hours(set_stage: Set, low: int, high: int) -> None:
    for each in (low, high):
        stage = set_stage()
        assert start_page(stage, maxRecordingHour=each) is None
        assert happened(stage, each * HOUR_MS, "71") == (False, True)
    assert [start_page(set_stage(), maxRecordingHour=each) for each in (low - 1, high + 1)] == [
        2,
        2,
    ]


@reaches("readyTimeout_s")
def ready(set_stage: Set, low: int, high: int, default: int) -> None:
    stage = set_stage()
    stage.fault("page", "hang")
    assert start_page(stage, readyTimeout=high) is None
    assert happened(stage, OPEN_MS + high * SECOND_MS, "73") == (False, True)
    for page in ({"readyTimeout": low}, {}):
        unwatched = set_stage()
        unwatched.fault("page", "hang")
        assert start_page(unwatched, **page) is None
        assert happened(unwatched, HOUR_MS, "73") == (False, False)
    assert [start_page(set_stage(), readyTimeout=each) for each in (low - 1, high + 1)] == [2, 2]
    assert low == default


@reaches("web_mp4_min")
def page_movies(set_stage: Set, low: int, high: int, default: int) -> None:
    for minutes, page in given("maxVideoDuration", low, high, default):
        stage = set_stage()
        assert start_page(stage, **page) is None
        assert stored(stage, OPEN_MS + minutes * MINUTE_MS, ".mp4") == (0, 1)
    refused = [start_page(set_stage(), maxVideoDuration=each) for each in (low - 1, high + 1)]
    assert refused == [2, 2]


# --- callbacks ------------------------------------------------------------------------------------


@reaches("callback_answer_s")
def answer(set_stage: Set, limit_s: int) -> None:
    fates = []
    for took_ms in (limit_s * SECOND_MS - 1, limit_s * SECOND_MS):
        stage = set_stage()
        stage.listen(events=("40",))
        stage.record()
        stage.at(RECORDING_MS)
        out = stage.world.apply(Dispatch())
        stage.advance(took_ms)
        stage.world.apply(Answered(out.attempt, 200, b"{}"))
        (delivery,) = stage.world.outbox.every()
        fates.append((delivery.fate, delivery.tried[0].outcome))

    assert fates == [("delivered", "accepted"), ("ready", "timed_out")]


@reaches("callback_retries")
def retries(set_stage: Set, most: int, *gaps_s: int) -> None:
    for failures, fate in ((most, "delivered"), (most + 1, "lost")):
        stage = set_stage()
        stage.listen(events=("40",))
        stage.record()
        sent_ms = []
        for nth, gap_s in enumerate((0, *gaps_s)):
            stage.at(RECORDING_MS + sum(gaps_s[:nth]) * SECOND_MS)
            (out,) = stage.deliver(500 if nth < failures else 200)
            sent_ms.append(msgspec.json.decode(out.body)["notifyMs"] - stage.start_ms)
            assert gap_s == 0 or stage.now_ms - sent_ms[nth - 1] == gap_s * SECOND_MS
        stage.advance(HOUR_MS)
        assert (len(sent_ms), stage.deliver()) == (most + 1, [])
        assert [each.fate for each in stage.world.outbox.every()] == [fate]


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SURFACE.limits, ids=lambda row: row.name)
def test_a_limit_holds_at_its_number_and_not_before(
    row: Limit, set_stage: Set, request: pytest.FixtureRequest
) -> None:
    case = CASES[row.name]
    more = {"agora": request.getfixturevalue("agora")} if row.name == "body_bytes" else {}

    case(set_stage, *map(int, re.findall(r"\d+", row.value)), **more)


def test_every_limit_has_its_case_and_every_case_its_limit() -> None:
    assert set(CASES) == {row.name for row in SURFACE.limits if row.supported}
