"""Ends that nobody asked for: idle rooms, the length cap, failures; and event 4 before them.

Source:
    Sheet §5.2, §5.3, §5.9, §6.4, §6.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.zego.faults import ENDINGS

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Set, Stage

HOUR_MS = 3_600_000
BOARD = {"HorizontalRatio": 16, "VerticalRatio": 9, "WhiteboardId": "5550001"}


def test_an_empty_room_is_left_after_30_seconds_and_event_4_comes_first(stage: Stage) -> None:
    stage.listen()
    job = stage.record()

    stage.at(29_999)
    before = job.status
    stage.at(60_000)

    assert (before, job.status, job.describe()["RecordEndTimestamp"]) == (
        2, 4, stage.start_ms + 30_000,
    )  # fmt: skip
    assert job.events == [(30, "4"), (30, "2"), (30, "1")]
    assert stage.events()[1][2] == {"quit_reason": 3}


def test_event_4_comes_every_30_seconds_from_the_begin_until_a_stream_returns(
    stage: Stage,
) -> None:
    stage.listen()
    stage.join("u1")
    job = stage.record(MaxIdleTime=120)
    stage.at(40_000)
    stage.leave("u1")

    stage.at(100_000)
    stage.join("u2")
    stage.at(200_000)
    stage.leave("u2")
    stage.at(330_000)

    assert job.events == [
        (60, "4"), (90, "4"), (210, "4"), (240, "4"), (270, "4"), (300, "4"),
        (320, "2"), (320, "7"), (325, "1"),
    ]  # fmt: skip


def test_where_tick_and_idle_stop_coincide_later_on_the_tick_is_first(stage: Stage) -> None:
    stage.listen()
    job = stage.record(MaxIdleTime=90)

    stage.at(95_000)

    assert job.events == [(30, "4"), (60, "4"), (90, "4"), (90, "2"), (90, "1")]


def test_any_stream_of_the_room_keeps_a_task_alive_wanted_or_not(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(RecordStreamList=[{"StreamId": "host"}])

    stage.at(HOUR_MS)

    assert (job.status, job.files) == (2, [])
    assert stage.events() == [(30_000, "6", {"stream_id": "host"})]


def test_somebody_who_publishes_nothing_is_no_stream(stage: Stage) -> None:
    stage.join("u1", audio=False, video=False)
    job = stage.record()

    stage.at(31_000)

    assert job.status == 4


@pytest.mark.parametrize(("has_board", "status"), [(True, 2), (False, 4)])
def test_a_whiteboard_keeps_a_task_alive_only_if_it_is_recorded(
    stage: Stage, has_board: bool, status: int
) -> None:
    stage.join("u1", audio=False, video=False, board=True)
    given: dict[str, Any] = {"HasWhiteboard": True, "Whiteboard": [BOARD]} if has_board else {}
    job = stage.record(**given)

    stage.at(60_000)

    assert job.status == status


def test_filling_blanks_does_not_keep_a_task_alive(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(FillBlank=True)
    stage.at(10_000)

    stage.leave("u1")
    stage.at(60_000)

    assert job.describe()["RecordEndTimestamp"] == stage.start_ms + 40_000
    assert job.told("Duration") == [(39_000,)]


@pytest.mark.parametrize(("minds", "status"), [(True, 4), (False, 5)])
def test_a_pause_longer_than_the_idle_limit_ends_the_task_unless_set_otherwise(
    set_stage: Set, minds: bool, status: int
) -> None:
    stage = set_stage(idle_while_paused=minds)
    stage.listen()
    stage.join("u1")
    job = stage.record(mixed=True)
    stage.at(10_000)
    job.call("PauseRecord")
    stage.leave("u1")

    stage.at(100_000)

    assert job.status == status
    assert [name for _, name in job.events] == ["201", "2", "7", "1"][: 4 if minds else 1]
    if not minds:
        assert job.code("ResumeRecord") == 0
        stage.advance(30_000)
        assert job.status == 4


def test_a_day_is_recorded_and_then_it_is_enough(stage: Stage) -> None:
    stage.listen()
    stage.join("u1", "s1")
    job = stage.record(mixed=True)

    stage.at(24 * HOUR_MS - 1)
    before = job.status
    stage.at(24 * HOUR_MS + 10_000)

    assert (before, job.status, job.stop()) == (2, 4, 300001001)
    assert job.events == [(86_400, "2"), (86_400, "7"), (86_405, "1")]
    assert stage.events()[0][2] == {"quit_reason": 4}
    assert job.told("Duration", "Status") == [(24 * HOUR_MS - 1_000, 3)]


def test_a_pause_does_not_stop_the_clock_of_the_length(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(mixed=True, MaxRecordTime=300)
    stage.at(100_000)
    job.call("PauseRecord")

    stage.at(300_000)

    assert job.status == 4
    assert job.told("Duration") == [(99_000,)]


def test_48_hours_need_an_app_that_may(set_stage: Set) -> None:
    plain, raised = set_stage(), set_stage(max_record_h=48)

    codes = [each.start(MaxRecordTime=172_800)["Code"] for each in (plain, raised)]

    assert codes == [300000004, 0]
    assert raised.start(MaxRecordTime=172_801)["Code"] == 300000004


@pytest.mark.parametrize(("effect", "reason"), [(k, code) for k, (code, _) in ENDINGS.items()])
def test_a_failure_of_the_recording_ends_the_task_with_its_reason(
    stage: Stage, effect: str, reason: int
) -> None:
    stage.join("u1")
    job = stage.record()
    stage.at(10_000)

    stage.fault("recording", effect, after_ms=5_000)
    stage.at(30_000)

    assert (job.status, job.told("Duration", "Status")) == (4, [(14_000, 3)])
    assert stage.events()[0][1:] == ("2", {"quit_reason": reason})


def test_a_name_that_is_too_long_ends_the_task(stage: Stage) -> None:
    stage.join("u" * 100, "s" * 100)
    job = stage.record("r" * 128)
    stage.join("u" * 100, "s" * 100, "r" * 128)

    stage.at(2_000)

    assert (job.status, job.files) == (4, [])
    assert stage.events()[0][1:] == ("2", {"quit_reason": 1002})


def test_a_recorder_that_dies_is_followed_by_another_with_files_of_its_own(stage: Stage) -> None:
    stage.listen()
    stage.fault("recorder", "crash", after_ms=10_000, for_ms=90_000)
    stage.join("u1")
    job = stage.record(mixed=True, FillBlank=True)

    stage.at(50_000)
    down = (job.status, job.told("Duration"))
    stage.at(111_000)

    assert down == (2, [(10_000,)])
    assert job.status == 2
    assert job.told("Duration", "BeginTimestamp") == [
        (10_000, stage.start_ms + 1_000),
        (10_000, stage.start_ms + 101_000),
    ]
    assert job.events == []
