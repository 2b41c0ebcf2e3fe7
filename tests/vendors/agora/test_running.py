"""What a running task does: whom it hears, when it is idle, what its calls change.

Source:
    Sheet §2.3 (subscription), §2.4, §2.5, §5.1, §5.2, §5.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import rooms
from recording_emulator.core.machine import Target
from recording_emulator.vendors.agora.bodies import Transcoding

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
GONE = {"code": 404, "reason": "failed to find worker"}


@pytest.fixture
def empty(set_stage: Set) -> Stage:
    """A stage without stand-ins: rooms are as the test fills them."""
    return set_stage(audience="none")


def sources(job: Job) -> tuple[list[str], list[str]]:
    """Return whom the recorder hears and sees right now."""
    bot = job.stage.world.things[Target("agora.recorder", job.resource)]
    return list(bot.heard), list(bot.seen)


def crowd(stage: Stage) -> None:
    """Three people: one publishes both, one audio only, one video only."""
    stage.join("41")
    stage.join("42", video=False)
    stage.join("43", audio=False)


@pytest.mark.parametrize(
    ("config", "heard", "seen"),
    [
        ({}, ["41", "42"], ["41", "43"]),
        ({"streamTypes": 2}, ["41", "42"], ["41", "43"]),
        ({"streamTypes": 0}, ["41", "42"], []),
        ({"streamTypes": 1}, [], ["41", "43"]),
        ({"subscribeAudioUids": ["42"]}, ["42"], []),
        ({"subscribeVideoUids": ["43"]}, [], ["43"]),
        ({"subscribeAudioUids": ["#allstream#"]}, ["41", "42"], []),
        (
            {"subscribeAudioUids": ["41"], "subscribeVideoUids": ["#allstream#"]},
            ["41"],
            ["41", "43"],
        ),
        ({"unSubscribeAudioUids": ["41"]}, ["42"], []),
        ({"unsubscribeAudioUids": ["41"]}, ["42"], []),
        ({"unSubscribeVideoUids": ["41"]}, [], ["43"]),
        ({"unsubscribeVideoUids": ["41"]}, [], ["43"]),
        ({"unSubscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["41"]}, [], ["41"]),
        ({"streamTypes": 0, "subscribeAudioUids": ["99"]}, [], []),
    ],
)
def test_the_lists_of_a_start_say_who_is_recorded(
    empty: Stage, config: dict[str, Any], heard: list[str], seen: list[str]
) -> None:
    crowd(empty)

    job = empty.record(recordingConfig=config)

    empty.at(3_000)
    assert sources(job) == (heard, seen)


@pytest.mark.parametrize(
    ("lists", "heard", "seen"),
    [
        ({"audioUidList": {"subscribeAudioUids": ["42"]}}, ["42"], []),
        ({"audioUidList": {"unSubscribeAudioUids": ["42"]}}, ["41"], []),
        ({"audioUidList": {"unsubscribeAudioUids": ["42"]}}, ["41"], []),
        ({"videoUidList": {"subscribeVideoUids": ["43"]}}, [], ["43"]),
        ({"videoUidList": {"unSubscribeVideoUids": ["43"]}}, [], ["41"]),
        ({"videoUidList": {"unsunscribeVideoUids": ["43"]}}, [], ["41"]),
        (
            {
                "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
                "videoUidList": {"subscribeVideoUids": ["#allstream#"]},
            },
            ["41", "42"],
            ["41", "43"],
        ),
    ],
)
@pytest.mark.parametrize("ms", [0, 20_000])
def test_an_update_replaces_who_is_recorded_before_and_after_the_bot_is_in(
    empty: Stage, ms: int, lists: dict[str, Any], heard: list[str], seen: list[str]
) -> None:
    crowd(empty)
    job = empty.record(recordingConfig={"subscribeAudioUids": ["41"]})
    empty.at(ms)

    answer = job.update(streamSubscribe=lists)

    empty.at(30_000)
    assert answer == (200, job.names)
    assert sources(job) == (heard, seen)


def test_an_update_announces_who_came_and_who_went(empty: Stage) -> None:
    crowd(empty)
    job = empty.record(recordingConfig={"streamTypes": 0, "subscribeAudioUids": ["41"]})
    empty.at(20_000)
    told = len(empty.events())

    job.update(streamSubscribe={"audioUidList": {"subscribeAudioUids": ["42"]}})

    now_ms = empty.world.now_ms
    assert empty.events()[told:] == [
        (20_000, "43", {"streamUid": "42", "state": 0, "UtcMs": now_ms}),
        (20_000, "43", {"streamUid": "41", "state": 1, "UtcMs": now_ms}),
    ]


def test_a_storage_update_leaves_the_subscription_as_it_is(empty: Stage) -> None:
    crowd(empty)
    job = empty.record(recordingConfig={"subscribeAudioUids": ["41"]})
    empty.at(20_000)

    answer = job.update(storageConfig={**STORAGE, "stsToken": "fresh", "stsExpiration": 2**31})

    task = empty.world.things[Target("agora.task", job.resource)]
    assert answer == (200, job.names)
    assert sources(job) == (["41"], [])
    assert task.params.storageConfig.stsToken == "fresh"


def test_a_layout_update_replaces_the_whole_layout_and_keeps_the_size(stage: Stage) -> None:
    picture = {"width": 640, "backgroundColor": "#ff0000", "mixedVideoLayout": 1}
    job = stage.record(recordingConfig={"transcodingConfig": picture})

    answer = job.update_layout(mixedVideoLayout=2, maxResolutionUid="41")

    task = stage.world.things[Target("agora.task", job.resource)]
    assert answer == (200, job.names)
    assert task.params.recordingConfig.transcodingConfig == Transcoding(
        width=640, mixedVideoLayout=2, maxResolutionUid="41", backgroundColor="#000000"
    )


def test_at_most_seventeen_are_seen_and_the_eighteenth_replaces_one_that_leaves(
    empty: Stage,
) -> None:
    for uid in range(1, 20):
        empty.join(str(uid))
    job = empty.record()
    empty.at(3_000)
    first = sources(job)[1]

    empty.room(rooms.Leave("5"))

    assert first == [str(uid) for uid in range(1, 18)]
    assert sources(job)[1] == [str(uid) for uid in range(1, 19) if uid != 5]


def test_publishing_later_starts_the_recording_then(empty: Stage) -> None:
    empty.join("41", audio=False, video=False)
    job = empty.record()
    empty.at(60_000)
    before = (job.events, job.status)

    empty.room(rooms.Publish("41", audio=True))

    assert before == (["30", "40"], 4)
    assert [event for _, event, _ in empty.events()][2:] == ["43", "43", "42"]
    empty.advance(15_000)
    assert job.status == 5


@pytest.mark.parametrize("max_idle_s", [5, 30, 300])
def test_an_empty_channel_ends_the_task_after_max_idle_time(empty: Stage, max_idle_s: int) -> None:
    job = empty.record(recordingConfig={"maxIdleTime": max_idle_s})
    exit_ms = 3_000 + max_idle_s * 1_000

    empty.at(exit_ms - 1)
    before = job.status
    empty.at(exit_ms)
    at_exit = job.status
    empty.at(exit_ms + 100)

    assert (before, at_exit, job.status) == (4, 7, None)
    assert empty.events()[2:] == [
        (exit_ms, "41", {"leaveCode": 4}),
        (exit_ms + 100, "11", {"exitStatus": 0}),
    ]


def test_a_recording_that_falls_idle_is_uploaded_and_ends(empty: Stage) -> None:
    empty.join("41")
    job = empty.record()
    empty.at(60_000)

    empty.room(rooms.Leave("41"))

    empty.at(90_000 + 900)
    assert [(ms, event) for ms, event, _ in empty.events()][-8:] == [
        (60_000, "43"),
        (60_000, "44"),
        (60_000, "43"),
        (60_000, "44"),
        (90_000, "41"),
        (90_800, "33"),
        (90_800, "31"),
        (90_900, "11"),
    ]
    assert job.stop() == (404, {**job.names, **GONE})


def test_someone_who_comes_back_in_time_keeps_the_task_alive(empty: Stage) -> None:
    empty.join("41")
    job = empty.record()
    empty.at(20_000)
    empty.room(rooms.Leave("41"))
    empty.at(49_999)

    empty.join("41")

    empty.at(200_000)
    assert job.status == 5
    assert job.events.count("42") == 2


def test_silent_people_are_not_idle_in_a_communication_channel(empty: Stage) -> None:
    empty.join("41", audio=False, video=False)
    job = empty.record(recordingConfig={"channelType": 0})

    empty.at(3_600_000)

    assert job.status == 4


def test_an_audience_alone_is_idle_in_a_live_channel(empty: Stage) -> None:
    empty.join("41", role=rooms.Role.AUDIENCE)
    job = empty.record(recordingConfig={"channelType": 1})

    empty.at(33_000)

    assert (job.status, job.events) == (7, ["30", "40", "41"])


def test_an_audience_alone_is_not_idle_in_a_communication_channel(empty: Stage) -> None:
    empty.join("41", role=rooms.Role.AUDIENCE)
    job = empty.record(recordingConfig={"channelType": 0})

    empty.at(3_600_000)

    assert job.status == 4


def test_a_silent_host_is_not_idle_in_a_live_channel(empty: Stage) -> None:
    empty.join("41", audio=False, video=False)
    job = empty.record(recordingConfig={"channelType": 1})

    empty.at(3_600_000)

    assert job.status == 4


def test_the_recorder_is_kicked_when_its_uid_is_in_the_channel_already(empty: Stage) -> None:
    empty.join("900001")
    job = empty.record()

    empty.at(3_000)

    assert empty.events()[1:] == [(3_000, "40", {"status": 0}), (3_000, "41", {"leaveCode": 16})]
    assert job.stop() == (400, {**job.names, "code": 49, "reason": "invalid operation"})
    empty.at(3_100)
    assert job.query() == (404, {**job.names, **GONE})


def test_the_recorder_is_kicked_when_someone_joins_with_its_uid(empty: Stage) -> None:
    empty.join("41")
    job = empty.record()
    empty.at(60_000)

    empty.join("900001")

    assert (job.status, job.events[-1]) == (7, "41")
    empty.at(60_900)
    assert (job.status, job.events[-1]) == (None, "11")


def test_control_ends_with_resource_expired_hour_and_the_recording_goes_on(empty: Stage) -> None:
    empty.join("41")
    job = empty.acquire(resourceExpiredHour=1)
    job.start()
    empty.at(3_599_999)
    before = job.status

    empty.at(3_600_000)

    calls = [job.query(), job.update(storageConfig=STORAGE), job.update_layout(), job.stop()]
    assert before == 5
    assert calls == [(404, {**job.names, **GONE})] * 4
    assert job.start()[0] == 201
    assert len([key for key, _ in empty.objects() if key.endswith(".ts")]) == 239
    empty.at(7_200_000)
    assert len([key for key, _ in empty.objects() if key.endswith(".ts")]) == 479


def test_a_task_beyond_control_still_ends_by_itself(empty: Stage) -> None:
    empty.join("41")
    job = empty.acquire(resourceExpiredHour=1)
    job.start()
    empty.at(3_700_000)

    empty.room(rooms.Leave("41"))

    empty.advance(30_900)
    assert job.events[-4:] == ["41", "33", "31", "11"]


def test_the_control_window_counts_from_start_and_not_from_acquire(empty: Stage) -> None:
    empty.join("41")
    job = empty.acquire(resourceExpiredHour=1)
    empty.at(200_000)
    job.start()

    empty.at(3_799_999)

    assert job.status == 5
