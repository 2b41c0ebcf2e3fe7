"""How a task ends: the stop timeline, its answers, and what late calls are told.

Source:
    Sheet §2.6, §3.2, §4.2, §5.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
GONE = {"code": 404, "reason": "failed to find worker"}
EXITING = {"code": 49, "reason": "invalid operation"}
NO_DATA = {"code": 435, "reason": "no recorded data"}


@pytest.fixture
def job(stage: Stage) -> Job:
    """A task that has recorded for a minute."""
    made = stage.record()
    stage.at(63_000)
    return made


def stopped(job: Job, status: str) -> dict[str, Any]:
    files = {"fileListMode": "string", "fileList": f"{job.file}.m3u8"}
    return {**job.names, "serverResponse": {**files, "uploadingStatus": status}}


def test_a_stop_answers_when_everything_is_uploaded(stage: Stage, job: Job) -> None:
    answer = job.stop()

    assert answer == (200, stopped(job, "uploaded"))
    assert stage.now_ms == 64_000


@pytest.mark.parametrize(
    ("ms", "status"), [(0, 6), (199, 6), (200, 7), (1_000, 7), (1_099, 7), (1_100, None)]
)
def test_the_status_follows_the_stop_timeline(
    stage: Stage, job: Job, ms: int, status: int | None
) -> None:
    job.stop(async_stop=True)

    stage.at(63_000 + ms)

    assert job.status == status


def test_the_events_of_a_stop_come_in_order(stage: Stage, job: Job) -> None:
    told = len(stage.events())
    job.stop()

    stage.at(70_000)

    assert [(ms - 63_000, event) for ms, event, _ in stage.events()[told:]] == [
        (200, "43"),
        (200, "44"),
        (200, "43"),
        (200, "44"),
        (200, "41"),
        (1_000, "33"),
        (1_000, "31"),
        (1_100, "11"),
    ]


def test_an_asynchronous_stop_answers_at_once(stage: Stage, job: Job) -> None:
    answer = job.stop(async_stop=True)

    assert answer == (200, stopped(job, "unknown"))
    assert stage.now_ms == 63_000


@pytest.mark.parametrize(("upload_ms", "took_ms"), [(0, 200), (800, 1_000), (19_700, 19_900)])
def test_a_stop_waits_for_the_upload(set_stage: Set, upload_ms: int, took_ms: int) -> None:
    stage = set_stage(upload_ms=upload_ms)
    job = stage.record()
    stage.at(20_000)

    status, _ = job.stop()

    assert (status, stage.now_ms) == (200, 20_000 + took_ms)


def test_a_stop_past_twenty_seconds_is_code_50_and_the_upload_goes_on(set_stage: Set) -> None:
    stage = set_stage(upload_ms=30_000)
    job = stage.record()
    stage.at(20_000)

    answer = job.stop()

    assert answer == (206, {**job.names, "code": 50, "reason": "upload timeout"})
    assert (stage.now_ms, job.status) == (40_000, 7)
    stage.at(50_300)
    assert (job.status, job.events[-3:]) == (None, ["33", "31", "11"])


@pytest.mark.parametrize("ms", [0, 700, 1_500, 2_500, 3_000, 20_000])
@pytest.mark.parametrize("params", [{}, {"async_stop": True}])
def test_a_stop_with_nothing_recorded_is_code_435_and_ends_the_task(
    set_stage: Set, ms: int, params: dict[str, Any]
) -> None:
    stage = set_stage(audience="none")
    stage.join("41", audio=False, video=False)
    job = stage.record()
    stage.at(ms)

    answer = job.stop(**params)

    assert answer == (206, {**job.names, **NO_DATA})
    assert (stage.now_ms, job.status) == (ms, 6)
    stage.advance(300)
    assert job.status is None
    assert stage.events()[-1] == (ms + 300, "11", {"exitStatus": 0})
    assert not set(job.events) & {"4", "31", "42"}
    assert stage.objects() == []


@pytest.mark.parametrize("ms", [0, 200, 1_000, 1_099])
def test_a_second_stop_is_refused_and_the_first_goes_on(stage: Stage, job: Job, ms: int) -> None:
    job.stop(async_stop=True)
    stage.advance(ms)

    again = job.stop()

    assert again == (400, {**job.names, **EXITING})
    assert stage.now_ms == 63_000 + ms
    stage.at(64_100)
    assert job.events[-2:] == ["31", "11"]


@pytest.mark.parametrize("ms", [0, 200, 1_000])
def test_a_task_on_its_way_out_takes_no_updates(stage: Stage, job: Job, ms: int) -> None:
    job.stop(async_stop=True)
    stage.advance(ms)

    answers = [job.update(storageConfig=STORAGE), job.update_layout()]

    assert answers == [(404, {**job.names, **GONE})] * 2
    assert job.start()[0] == 201


def test_after_the_exit_every_call_finds_nothing(stage: Stage, job: Job) -> None:
    job.stop()
    stage.advance(100)

    answers = [job.query(), job.update(storageConfig=STORAGE), job.update_layout(), job.stop()]

    assert answers == [(404, {**job.names, **GONE})] * 4
    stage.advance(30 * 86_400_000)
    assert job.query() == (404, {**job.names, **GONE})


def test_a_stop_during_an_idle_exit_is_refused(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = stage.record()
    stage.at(33_000)

    assert job.stop() == (400, {**job.names, **EXITING})


def test_an_idle_exit_in_the_middle_of_a_stop_ends_the_task_once(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = stage.record()
    stage.at(32_900)

    job.stop()

    stage.at(40_000)
    assert stage.events()[2:] == [
        (33_000, "41", {"leaveCode": 4}),
        (33_100, "11", {"exitStatus": 0}),
    ]


def test_a_tenant_may_cap_the_length_of_a_recording(set_stage: Set) -> None:
    stage = set_stage(max_recording_h=1)
    job = stage.record()

    stage.at(3_599_999)
    before = job.status
    stage.at(3_600_000)

    assert (before, job.status) == (5, 6)
    stage.at(3_601_100)
    assert stage.events()[-1] == (3_601_100, "11", {"exitStatus": 0})


def test_nothing_caps_the_length_of_a_recording_otherwise(stage: Stage) -> None:
    job = stage.record()

    stage.at(71 * 3_600_000)

    assert job.status == 5


def test_nothing_is_left_armed_or_claimed_when_a_task_has_ended(stage: Stage, job: Job) -> None:
    job.stop()

    stage.advance(100)

    assert list(stage.world.timers) == []
    assert (stage.world.claims, dict(stage.world.live), stage.world.parked) == ({}, {}, {})
    assert stage.world.room("agora", "demo").watchers == ()


def test_a_task_of_the_same_channel_and_uid_can_follow(stage: Stage, job: Job) -> None:
    job.stop()
    stage.advance(100)

    after = stage.record()

    stage.advance(3_000)
    assert after.status == 4
    assert after.sid != job.sid


# --- faults that end a task -----------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, 3, 10, 60])
def test_an_expired_token_ends_the_task_with_an_error(set_stage: Set, seconds: int) -> None:
    stage = set_stage(token_ttl_s=seconds)
    job = stage.record(token="t")

    stage.at(seconds * 1_000 + 2_000)

    told = {event: details for _, event, details in stage.events()}
    assert told["1"] == {
        "module": 0, "errorLevel": 5, "errorCode": 109, "stat": 0, "errorMsg": "token expired",
    }  # fmt: skip
    assert told.get("41", {"leaveCode": 0}) == {"leaveCode": 0}
    assert (stage.events()[-1][1:], job.status) == (("11", {"exitStatus": 1}), None)
    assert list(stage.world.timers) == []


@pytest.mark.parametrize(("settings", "token"), [({"token_ttl_s": 60}, ""), ({}, "t")])
def test_without_a_token_or_a_limit_nothing_expires(
    set_stage: Set, settings: dict[str, int], token: str
) -> None:
    stage = set_stage(**settings)
    job = stage.record(token=token)

    stage.at(120_000)

    assert job.status == 5


def test_a_token_that_expires_while_a_task_stops_changes_nothing(set_stage: Set) -> None:
    stage = set_stage(token_ttl_s=60)
    job = stage.record(token="t")
    stage.at(59_900)

    assert job.stop()[0] == 200

    stage.at(70_000)
    assert (stage.events()[-1][2], list(stage.world.timers)) == ({"exitStatus": 0}, [])


def test_storage_that_denies_its_credentials_ends_the_task_before_anything_is_stored(
    set_stage: Set,
) -> None:
    stage = set_stage()
    stage.fault("storage", "deny")
    job = stage.record()
    stage.at(3_000)
    exiting = job.stop()

    stage.at(4_000)

    assert exiting == (400, {**job.names, **EXITING})
    assert [(ms, event) for ms, event, _ in stage.events()] == [
        (2_000, "30"), (3_000, "40"), (3_000, "1"), (3_000, "41"), (3_100, "11"),
    ]  # fmt: skip
    assert stage.events()[2][2]["errorCode"] == 32
    assert (job.status, stage.objects(), list(stage.world.timers)) == (None, [], [])


@pytest.mark.parametrize("mode", ["individual", "web"])
def test_the_other_modes_end_when_storage_denies_too(set_stage: Set, mode: str) -> None:
    stage = set_stage()
    stage.fault("storage", "deny")
    job = stage.record_page() if mode == "web" else stage.record_users()

    stage.at(10_000)

    assert stage.events()[-1][2] == {"exitStatus": 1}
    assert (job.status, stage.objects(), list(stage.world.timers)) == (None, [], [])
