"""How a task begins: resources, the start decision table, and the components coming up.

Source:
    Sheet §2.2 (timing rules), §4.4 (decision table), §5.1, §5.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
SPENT = {"code": 433, "reason": "resourceId expired"}


@pytest.mark.parametrize(
    ("ms", "status"),
    [
        (0, 0),
        (499, 0),
        (500, 1),
        (999, 1),
        (1_000, 2),
        (1_999, 2),
        (2_000, 3),
        (2_999, 3),
        (3_000, 4),
        (17_999, 4),
        (18_000, 5),
        (3_600_000, 5),
    ],
)
def test_the_status_follows_the_start_timeline(stage: Stage, ms: int, status: int) -> None:
    job = stage.record()

    stage.at(ms)

    assert job.status == status


def test_the_uploader_comes_up_before_the_recorder(stage: Stage) -> None:
    stage.record()

    stage.at(3_000)

    assert [(ms, event) for ms, event, _ in stage.events()][:2] == [(2_000, "30"), (3_000, "40")]


def test_a_room_that_nobody_has_touched_gets_someone_to_record(stage: Stage) -> None:
    stage.record()

    room = stage.world.room("agora", "demo")
    (stand_in,) = room.participants.values()
    assert (stand_in.synthetic, stand_in.audio, stand_in.video) == (True, True, True)


def test_the_stand_in_leaves_at_the_first_real_join_and_the_recording_goes_on(
    stage: Stage,
) -> None:
    job = stage.record()
    stage.at(20_000)

    stage.join("41")

    assert list(stage.world.room("agora", "demo").participants) == ["41"]
    assert job.events.count("42") == 1
    assert job.status == 5


def test_ids_have_the_documented_form(stage: Stage) -> None:
    job = stage.record()

    assert re.fullmatch(r"[A-Za-z0-9_-]{230,300}", job.resource)
    assert re.fullmatch(r"[0-9a-f]{32}", job.sid)


def test_every_acquire_grants_another_resource(stage: Stage) -> None:
    first, second = stage.acquire(), stage.acquire()

    assert first.resource != second.resource


def test_equal_seeds_grant_equal_ids_and_other_seeds_other_ones(set_stage: Set) -> None:
    first, again, other = (set_stage(seed=seed).record() for seed in (0, 0, 1))

    assert (first.resource, first.sid) == (again.resource, again.sid)
    assert len({first.resource, other.resource}) == len({first.sid, other.sid}) == 2


def test_what_another_channel_does_changes_no_id(set_stage: Set) -> None:
    alone, busy = set_stage(), set_stage()
    busy.record("other")

    assert alone.record().sid == busy.record().sid


def test_a_resource_can_be_started_until_just_before_five_minutes(stage: Stage) -> None:
    job = stage.acquire()

    stage.at(299_999)

    assert job.start()[0] == 200


def test_a_resource_is_spent_at_exactly_five_minutes(stage: Stage) -> None:
    job = stage.acquire()

    stage.at(300_000)

    assert job.start() == (400, {**job.names, **SPENT})


def test_a_resource_that_is_used_does_not_expire(stage: Stage) -> None:
    job = stage.record()

    stage.at(300_000)

    assert job.status == 5


def test_a_resource_is_used_once(stage: Stage) -> None:
    job = stage.record()
    stage.at(20_000)
    job.stop()
    stage.advance(100)

    status, said = job.start()

    assert (status, said) == (400, {**job.names, **SPENT})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cname": "other", "uid": "7"},
        {"clientRequest": {}},
        {"clientRequest": {"recordingConfig": {"maxIdleTime": 1}}},
    ],
)
def test_a_second_start_is_already_started_whatever_its_body_and_tells_the_sid(
    stage: Stage, body: dict[str, Any]
) -> None:
    job = stage.record()
    stage.at(20_000)

    status, said = job.call("start", {"storageConfig": STORAGE}, **body)

    started = {"code": 7, "reason": "already started"}
    assert (status, said) == (201, {**job.names, **started})
    assert stage.events()[-1] == (
        20_000,
        "3",
        {"status": 5, "recordingMode": 0, "fileList": f"{job.file}.m3u8"},
    )
    assert job.status == 5


@pytest.mark.parametrize("ms", [0, 500, 1_000, 2_000, 3_000, 20_000])
def test_a_second_start_changes_nothing_at_any_time(set_stage: Set, ms: int) -> None:
    once, twice = set_stage(), set_stage()
    first, second = once.record(), twice.record()
    once.at(ms)
    twice.at(ms)

    second.start()

    once.at(60_000)
    twice.at(60_000)
    assert [each for each in twice.events() if each[1] != "3"] == once.events()
    assert (second.sid, second.query()) == (first.sid, first.query())


def test_while_a_task_lives_the_same_cname_and_uid_conflict_under_another_resource(
    stage: Stage,
) -> None:
    stage.record()
    other = stage.acquire()

    status, said = other.start()

    assert (status, said) == (400, {**other.names, "code": 53, "reason": "task conflict"})


@pytest.mark.parametrize(("cname", "uid"), [("demo", "900002"), ("other", "900001")])
def test_another_uid_or_another_channel_is_another_task(stage: Stage, cname: str, uid: str) -> None:
    first = stage.record()

    second = stage.record(cname, uid)

    stage.at(3_000)
    assert (first.status, second.status) == (4, 4)
    assert first.sid != second.sid


def test_after_a_conflict_the_resource_works_once_the_other_task_has_gone(stage: Stage) -> None:
    first = stage.record()
    second = stage.acquire()
    assert second.start()[0] == 400
    stage.at(20_000)
    first.stop()
    stage.advance(99)
    still = second.start()

    stage.advance(1)

    assert still[1]["code"] == 53
    assert second.start()[0] == 200


def test_a_start_whose_cname_or_uid_is_not_that_of_acquire_is_a_mismatch(stage: Stage) -> None:
    job = stage.acquire()

    answers = [
        job.call("start", {"storageConfig": STORAGE}, cname="other"),
        job.call("start", {"storageConfig": STORAGE}, uid="900002"),
    ]

    reason = "invalid parameter or resourceId does not match"
    assert answers == [(400, {**job.names, "code": 432, "reason": reason})] * 2


def test_a_resource_for_the_web_scene_cannot_be_started_in_mix_mode(stage: Stage) -> None:
    job = stage.acquire(scene=1)

    status, said = job.start()

    reason = "Start: invalid mode value!"
    assert (status, said) == (400, {**job.names, "code": 2, "reason": reason})


def test_a_start_in_a_mode_that_does_not_exist_is_code_2(stage: Stage) -> None:
    job = stage.acquire()
    body = {"cname": "demo", "uid": "900001", "clientRequest": {"storageConfig": STORAGE}}

    status, said = stage.send("start", f"resourceid/{job.resource}/mode/Mix/start", body)

    reason = "Start: invalid mode value!"
    assert (status, said) == (400, {**job.names, "code": 2, "reason": reason})


def test_a_start_parameter_binds_the_start_whatever_the_order_of_its_keys(stage: Stage) -> None:
    wanted = {"storageConfig": STORAGE, "recordingConfig": {"maxIdleTime": 60, "channelType": 1}}
    turned = {"recordingConfig": {"channelType": 1, "maxIdleTime": 60}, "storageConfig": STORAGE}
    job = stage.acquire(startParameter=wanted)

    other = job.call("start", {"storageConfig": STORAGE})
    same = job.call("start", turned)

    reason = "Start: invalid clientRequest value!"
    assert other == (400, {**job.names, "code": 2, "reason": reason})
    assert same[0] == 200


def test_an_invalid_start_parameter_fails_the_start_and_not_the_acquire(stage: Stage) -> None:
    wrong = {"storageConfig": STORAGE, "recordingConfig": {"maxIdleTime": 1}}
    job = stage.acquire(startParameter=wrong)

    status, said = job.call("start", wrong)

    reason = "Start: invalid maxIdleTime value!"
    assert (status, said) == (400, {**job.names, "code": 2, "reason": reason})


def test_the_quota_counts_tasks_from_start_to_exit_and_no_unused_resources(set_stage: Set) -> None:
    stage = set_stage(concurrency=1)
    body = {"cname": "third", "uid": "1", "clientRequest": {}}
    stage.acquire("unused")
    job = stage.record()

    stage.at(20_000)
    while_live = stage.send("acquire", "acquire", body)
    job.stop()
    stage.advance(100)
    after = stage.send("acquire", "acquire", body)

    assert while_live == (400, {"code": 406, "reason": "vendor_over_load"})
    assert after[0] == 200
