"""Calls about a task: what each state makes of them, what they change, what they tell.

Source:
    Sheet §2.2, §3, §4.2, §5.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Job, Set, Stage

DAY_MS = 86_400_000
ACTIONS: dict[str, dict[str, Any]] = {
    "StopRecord": {},
    "UpdateLayout": {"MixMode": 2},
    "UpdateWhiteboard": {"WhiteboardId": "5550002"},
    "PauseRecord": {},
    "ResumeRecord": {},
    "TakeSnapshot": {},
}
BOARD = {"HorizontalRatio": 4, "VerticalRatio": 3, "Width": 800, "Height": 600}
VIEW = {"Top": 0, "Left": 0, "Bottom": 540, "Right": 640, "Layer": 1}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("how", ["stopped", "idle", "length"])
def test_a_task_that_has_ended_however_is_over_for_every_call(
    stage: Stage, how: str, action: str
) -> None:
    job = stage.record(mixed=True, MaxIdleTime=86_400 if how == "length" else 30, MaxRecordTime=300)
    stage.advance(1_000)
    if how == "stopped":
        job.stop()
    stage.advance(400_000)

    assert job.status == (3 if how == "stopped" else 4)
    assert job.code(action, **ACTIONS[action]) == 300001001


@pytest.mark.parametrize("action", [*ACTIONS, "DescribeRecordStatus"])
def test_a_task_that_there_is_not_does_not_exist(stage: Stage, action: str) -> None:
    body = {"TaskId": "A" * 16, **ACTIONS.get(action, {})}

    assert stage.send(action, body)["Code"] == 300001000


@pytest.mark.parametrize("action", ["UpdateLayout", "UpdateWhiteboard", "PauseRecord",
                                    "TakeSnapshot"])  # fmt: skip
def test_a_single_stream_task_has_no_mix_and_no_board(stage: Stage, action: str) -> None:
    job = stage.record()
    stage.advance(1_000)

    assert job.code(action, **ACTIONS[action]) == 300000004


def test_resume_needs_a_pause_and_a_second_pause_changes_nothing(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(mixed=True)
    early = [job.code(each) for each in ("PauseRecord", "ResumeRecord", "TakeSnapshot")]
    stage.advance(1_000)

    codes = [
        job.code(each)
        for each in ("ResumeRecord", "PauseRecord", "PauseRecord", "ResumeRecord", "ResumeRecord")
    ]

    assert early == [300000004, 300001004, 300000004]
    assert codes == [300001004, 0, 0, 0, 300001004]
    assert job.events == [(1, "201"), (1, "202")]


def test_a_pause_leaves_a_gap_out_of_the_same_file(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(mixed=True)
    stage.at(11_000)
    job.call("PauseRecord")
    paused = job.status
    stage.at(61_000)
    job.call("ResumeRecord")
    stage.at(66_000)

    assert (paused, job.status) == (5, 2)
    assert job.told("Duration", "BeginTimestamp") == [(15_000, stage.start_ms + 1_000)]


def test_while_paused_layouts_are_taken_and_pictures_are_not(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(mixed=True)
    stage.advance(1_000)
    job.call("PauseRecord")

    assert [job.code("UpdateLayout"), job.code("TakeSnapshot")] == [0, 300000004]
    assert job.stop() == 0


def test_a_picture_of_the_mix_comes_by_callback_alone(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(mixed=True)
    stage.at(10_000)

    code = job.code("TakeSnapshot")

    name = f"{job.task}_demo_mix_V_20300101000010000.jpg"
    assert (code, stage.objects()) == (0, [name])
    assert [each["FileId"] for each in job.files] == [
        f"{job.task}_demo_mix_VA_20300101000001000.mp4"
    ]
    assert job.events == [(10, "1")]


def test_sound_alone_has_no_picture(stage: Stage) -> None:
    job = stage.record(mixed=True, StreamType=1)
    stage.advance(1_000)

    assert job.code("TakeSnapshot") == 300000004


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 0),
        ({"MixMode": 1}, 300000004),
        ({"MixMode": 1, "MixInputList": [VIEW]}, 0),
        ({"MixMode": 1, "MixInputList": [VIEW] * 26}, 300000004),
        ({"MixMode": 1, "MixInputList": [{**VIEW, "ViewType": 2}] * 2}, 300000004),
        ({"MixMode": 1, "MixInputList": [{**VIEW, "Right": 1281}]}, 300000004),
        ({"MixMode": 1, "MixInputList": [{**VIEW, "Left": 641}]}, 300000004),
        ({"MixMode": 6}, 300000004),
    ],
)
def test_a_layout_is_judged_as_at_the_start(stage: Stage, body: dict[str, Any], code: int) -> None:
    job = stage.record(mixed=True)

    assert job.code("UpdateLayout", **body) == code


def test_a_board_is_recorded_once_it_has_an_id_and_somebody_shows_it(stage: Stage) -> None:
    stage.join("u1", "s1", board=True)
    job = stage.record(HasWhiteboard=True, Whiteboard=[BOARD])
    stage.at(11_000)
    before = job.told("StreamId")
    job.call("UpdateWhiteboard", WhiteboardId="5550001")
    stage.at(21_000)
    stage.publish("u1", board=False)
    stage.at(31_000)
    stage.publish("u1", board=True)
    job.call("UpdateWhiteboard", WhiteboardId="5550002")
    stage.at(41_000)

    assert before == [("s1",)]
    assert job.told("UserId", "MediaTrackType", "Duration", "ResolutionWidth")[1:] == [
        ("whiteboard", 2, 20_000, 800)
    ]
    assert job.files[1]["FileId"] == f"{job.task}_demo_whiteboard_V_20300101000011000.mp4"


# --- asking ---------------------------------------------------------------------------------------


def test_a_task_tells_itself_with_effective_values(stage: Stage) -> None:
    job = stage.record()
    stage.advance(5_000)

    assert job.describe() == {
        "RoomId": "demo",
        "RecordMode": 1,
        "StreamType": 3,
        "RecordBeginTimestamp": stage.start_ms,
        "RecordEndTimestamp": 0,
        "Status": 2,
    }


def test_a_task_can_be_asked_for_three_days_from_its_begin(stage: Stage) -> None:
    job = stage.record()
    job.stop()

    stage.at(3 * DAY_MS)
    kept = job.code("DescribeRecordStatus")
    stage.at(3 * DAY_MS + 1)

    assert (kept, job.code("DescribeRecordStatus")) == (0, 300001000)


def listed(stage: Stage, **body: Any) -> dict[str, Any]:
    window = {"StartTime": stage.world.now_ms - DAY_MS, "EndTime": stage.world.now_ms + 1}
    said = stage.send("DescribeTasks", {"Status": 2, **window, **body})
    assert said["Code"] == 0, said
    found: dict[str, Any] = said["Data"]
    return found


def tasks(stage: Stage, **body: Any) -> list[str]:
    return [each["TaskId"] for each in listed(stage, **body)["TaskidList"]]


@pytest.fixture
def jobs(stage: Stage) -> list[Job]:
    """Five tasks, a second apart: paused, live, stopped, live elsewhere, just begun."""
    stage.join("u1")
    stage.join("u1", name="other")
    made = [stage.record(mixed=True)]
    for room in ("demo", "demo", "other"):
        stage.advance(1_000)
        made.append(stage.record(room))
    stage.advance(1_000)
    made[0].call("PauseRecord")
    made[2].stop()
    made.append(stage.record())
    return made


def test_tasks_are_listed_newest_first_live_or_ended(stage: Stage, jobs: list[Job]) -> None:
    page = listed(stage)

    assert {key: page[key] for key in ("PageOffset", "PageSize", "TotalCount")} == {
        "PageOffset": 1, "PageSize": 50, "TotalCount": 4,
    }  # fmt: skip
    assert [(each["TaskId"], each["Status"]) for each in page["TaskidList"]] == [
        (jobs[4].task, 1), (jobs[3].task, 2), (jobs[1].task, 2), (jobs[0].task, 5),
    ]  # fmt: skip
    assert tasks(stage, Status=3) == [jobs[2].task]
    assert tasks(stage, RoomId="other") == [jobs[3].task]
    assert tasks(stage, RoomId="nowhere") == []


def test_tasks_come_in_pages_and_beyond_the_last_there_are_none(
    stage: Stage, jobs: list[Job]
) -> None:
    pages = [tasks(stage, PageSize=3, PageOffset=page) for page in (0, 1, 2, 3)]

    assert [len(each) for each in pages] == [3, 3, 1, 0]
    assert pages[0] == pages[1]
    assert listed(stage, PageSize=3, PageOffset=3)["TotalCount"] == 4


def test_the_window_is_about_the_begin_of_a_task(stage: Stage, jobs: list[Job]) -> None:
    begin_ms = stage.start_ms + 1_000

    assert tasks(stage, StartTime=begin_ms, EndTime=begin_ms + 1) == [jobs[1].task]


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "code"),
    [
        (-3 * DAY_MS, 0, 0),
        (-3 * DAY_MS - 1, 0, 300000004),
        (0, 0, 300000004),
        (1, 0, 300000004),
        (-DAY_MS, 2 * DAY_MS, 0),
        (-DAY_MS, 2 * DAY_MS + 1, 300000004),
    ],
)
def test_a_window_reaches_back_three_days_and_is_no_longer_than_that(
    stage: Stage, start_ms: int, end_ms: int, code: int
) -> None:
    now_ms = stage.world.now_ms
    body = {"Status": 2, "StartTime": now_ms + start_ms, "EndTime": now_ms + end_ms}

    assert stage.send("DescribeTasks", body)["Code"] == code


def test_a_poll_in_mode_auto_never_runs_into_the_length_cap(set_stage: Set) -> None:
    stage = set_stage()
    stage.record(MaxRecordTime=300)

    timers = {timer.name: timer.tempo for timer in stage.world.timers}

    assert timers["length"] == "expiry"
