"""StartRecord: ids, a second start, the caller's own key, the quota, and how a task begins.

Source:
    Sheet §3 (TaskId), §5.1, §5.4, §1.6, §6.4.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Set, Stage

DAY_MS = 86_400_000


def test_a_task_is_status_1_until_its_recorder_is_there(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record()

    before = (job.status, job.files)
    stage.advance(1_000)

    assert before == (1, [])
    assert (job.status, len(job.files)) == (2, 1)


def test_a_task_id_begins_with_the_second_of_its_start(stage: Stage) -> None:
    stage.at(5_000)

    task = stage.record().task

    raw = base64.urlsafe_b64decode(task)
    assert (len(task), len(raw)) == (16, 12)
    assert int.from_bytes(raw[:4], "big") == (stage.start_ms + 5_000) // 1000


def test_what_one_room_does_changes_no_id_in_another(set_stage: Set) -> None:
    alone, busy = set_stage(), set_stage()
    for _ in range(3):
        busy.record("other")

    assert alone.record("demo").task == busy.record("demo").task


def test_the_same_start_again_makes_another_task(stage: Stage) -> None:
    stage.join("u1")
    one, other = stage.record(), stage.record()

    stage.advance(10_000)

    assert one.task != other.task
    assert [each.status for each in (one, other)] == [2, 2]
    assert one.files[0]["FileId"].removeprefix(one.task) == other.files[0]["FileId"].removeprefix(
        other.task
    )


def test_the_callers_own_key_finds_the_task_and_nothing_starts(stage: Stage) -> None:
    first = stage.record(ClientTaskId="lesson-77")

    again = stage.start("another room", ClientTaskId="lesson-77", MaxIdleTime=60)
    stage.advance(40_000)

    assert again["Data"]["TaskId"] == first.task
    assert first.status == 4
    assert stage.start(ClientTaskId="lesson-77")["Data"]["TaskId"] == first.task


def test_the_callers_own_key_finds_only_live_tasks_if_set_so(set_stage: Set) -> None:
    stage = set_stage(client_ids="live")
    first = stage.record(ClientTaskId="lesson-77")
    same = stage.start(ClientTaskId="lesson-77")["Data"]["TaskId"]
    first.stop()

    other = stage.start(ClientTaskId="lesson-77")["Data"]["TaskId"]

    assert (same == first.task, other == first.task) == (True, False)


def test_the_callers_own_key_is_free_again_after_three_days(stage: Stage) -> None:
    first = stage.record(ClientTaskId="lesson-77")
    first.stop()
    stage.at(3 * DAY_MS)
    kept = stage.start(ClientTaskId="lesson-77")["Data"]["TaskId"]

    stage.at(3 * DAY_MS + 1)
    other = stage.start(ClientTaskId="lesson-77")["Data"]["TaskId"]

    assert (kept == first.task, other == first.task) == (True, False)


def test_a_key_goes_with_its_task_when_that_is_forgotten(set_stage: Set) -> None:
    stage = set_stage(ended_limit=3)  # the task, its recorder, its uploader

    tasks = []
    for number in range(5):
        job = stage.record(ClientTaskId=f"c{number}")
        job.stop()
        stage.advance(10_000)
        tasks.append(job.task)

    assert list(stage.world.claims.values()) == tasks[-1:]


def test_the_quota_counts_live_tasks_paused_ones_too(set_stage: Set) -> None:
    stage = set_stage(concurrency=2)
    stage.join("u1")
    job = stage.record(mixed=True)
    stage.record()
    stage.advance(1_000)
    assert job.code("PauseRecord") == 0

    refused = stage.start()
    job.stop()
    accepted = stage.start()

    assert (refused["Code"], accepted["Code"]) == (300000006, 0)


@pytest.mark.parametrize(
    ("effect", "reason"), [("fail", 1), ("login_fails", 2), ("engine_fails", 5)]
)
def test_a_recorder_that_does_not_start_ends_the_task(
    stage: Stage, effect: str, reason: int
) -> None:
    stage.fault("recorder", effect)
    stage.join("u1")

    job = stage.record()
    stage.advance(1_000)

    assert (job.status, job.files, job.stop()) == (4, [], 300001001)
    assert [(name, told) for _, name, told in stage.events()] == [
        ("2", {"quit_reason": reason}),
        ("1", {"upload_status": 1}),
    ]


def test_a_first_try_records_somebody_who_leaves_when_a_real_one_comes(set_stage: Set) -> None:
    stage = set_stage(audience="auto")
    job = stage.record()
    stage.advance(10_000)

    stage.join("u1", "s1")
    stage.advance(10_000)

    assert job.told("Duration")[0] == (9_000,)
    assert job.told("StreamId", "Duration")[1] == ("s1", 10_000)


def test_a_first_try_with_a_whiteboard_records_one(set_stage: Set) -> None:
    stage = set_stage(audience="auto")
    board = {"HorizontalRatio": 16, "VerticalRatio": 9, "WhiteboardId": "5550001"}

    job = stage.record(HasWhiteboard=True, Whiteboard=[board])
    stage.advance(10_000)

    assert job.told("StreamId", "MediaTrackType")[1] == ("whiteboard", 2)


def test_storage_may_be_left_out_where_the_console_has_one(set_stage: Set) -> None:
    stage = set_stage(storage_optional=True)
    body = {"RoomId": "demo", "RecordInputParams": {"RecordMode": 1}}
    stage.join("u1")

    said = stage.send("StartRecord", body)
    stage.advance(2_000)
    stage.send("StopRecord", {"TaskId": said["Data"]["TaskId"]})
    stage.advance(5_000)

    assert len(stage.objects("console")) == 1
