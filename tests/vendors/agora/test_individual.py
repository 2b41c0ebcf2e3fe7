"""Individual mode: a track for each user and medium, and pictures instead of or beside them.

Source:
    Sheet §2.3 (individual, snapshotConfig), §3.1 variants 1 and 2, §3.2, §5.4, §6.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import rooms
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.machine import Target

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
UIDS = ["41"]
PICTURES = {"fileType": ["jpg"]}
HLS: dict[str, Any] = {"recordingFileConfig": {"avFileType": ["hls"]}}
MIX = {"transConfig": {"transMode": "audioMix"}}
TRANSCODE = {"transConfig": {"transMode": "postponeTranscoding"}}
POSTPONED = {"combinationPolicy": "postpone_transcoding"}


@pytest.fixture
def empty(set_stage: Set) -> Stage:
    return set_stage(audience="none")


def start(stage: Stage, config: Any, scene: int = 0, **params: Any) -> tuple[int, dict[str, Any]]:
    """Start in individual mode; ``config`` None leaves recordingConfig out."""
    given = {} if config is None else {"recordingConfig": {"subscribeUidGroup": 0, **config}}
    return stage.acquire(mode="individual", scene=scene).start(**given, **params)


def snapshots(**params: Any) -> dict[str, Any]:
    return {"snapshotConfig": {**PICTURES, **params}}


@pytest.mark.parametrize(
    ("config", "params", "field"),
    [
        (None, {}, "recordingConfig"),
        ({"subscribeUidGroup": 6}, {}, "subscribeUidGroup"),
        ({"subscribeUidGroup": "0"}, {}, "subscribeUidGroup"),
        ({"streamMode": "other"}, {}, "streamMode"),
        ({"transcodingConfig": {}}, {}, "transcodingConfig"),
        ({"streamTypes": 0, "subscribeVideoUids": UIDS}, {}, "subscribeVideoUids"),
        ({"decryptionMode": 1}, {}, "secret"),
        ({"maxIdleTime": 4}, {}, "maxIdleTime"),
        ({}, {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}, "avFileType"),
        ({}, {"recordingFileConfig": {"avFileType": []}}, "avFileType"),
        ({}, {"extensionServiceConfig": {}}, "extensionServiceConfig"),
        ({}, {"snapshotConfig": {}}, "fileType"),
        ({}, snapshots(fileType=[]), "fileType"),
        ({}, snapshots(fileType=["png"]), "fileType"),
        ({}, snapshots(captureInterval=0), "captureInterval"),
        ({}, snapshots(captureInterval=3_601), "captureInterval"),
        ({"streamTypes": 0}, snapshots(), "streamTypes"),
        ({"subscribeAudioUids": UIDS}, snapshots(), "subscribeVideoUids"),
        ({}, {"appsCollection": POSTPONED}, "transcodeOptions"),
        ({}, {"appsCollection": {"combinationPolicy": "other"}}, "combinationPolicy"),
        ({}, {"transcodeOptions": TRANSCODE}, "combinationPolicy"),
        ({}, {"appsCollection": POSTPONED, "transcodeOptions": {}}, "transConfig"),
        ({}, {"appsCollection": POSTPONED, "transcodeOptions": MIX}, "streamMode"),
        ({}, {"appsCollection": POSTPONED, "transcodeOptions": TRANSCODE}, "combinationPolicy"),
        (
            {"streamMode": "standard"},
            {"appsCollection": POSTPONED, "transcodeOptions": TRANSCODE},
            "streamMode",
        ),
        (
            {},
            {
                "appsCollection": POSTPONED,
                "transcodeOptions": {**TRANSCODE, "container": {"format": "mp3"}},
            },
            "format",
        ),
    ],
)
def test_what_individual_mode_cannot_take_is_code_2_and_named(
    stage: Stage, config: Any, params: dict[str, Any], field: str
) -> None:
    status, said = start(stage, config, **params)

    assert (status, said["code"], said["reason"]) == (400, 2, f"Start: invalid {field} value!")


def test_the_group_of_uids_is_required(stage: Stage) -> None:
    status, said = stage.acquire(mode="individual").start(recordingConfig={})

    assert (status, said["reason"]) == (400, "Start: invalid subscribeUidGroup value!")


@pytest.mark.parametrize(
    ("config", "params", "scene"),
    [
        ({"subscribeUidGroup": 5, "streamMode": "standard", "audioProfile": 2}, {}, 0),
        ({"streamMode": "original", "streamTypes": 0}, {}, 0),
        ({"streamMode": "original"}, HLS, 0),
        ({}, snapshots(captureInterval=1), 0),
        ({}, {**snapshots(captureInterval=3_600), **HLS}, 0),
        ({"subscribeAudioUids": UIDS, "subscribeVideoUids": UIDS}, snapshots(), 0),
        ({"subscribeVideoUids": UIDS}, snapshots(), 0),
        ({}, {"appsCollection": {}}, 0),
        ({}, {"appsCollection": POSTPONED, "transcodeOptions": TRANSCODE}, 2),
        (
            {"streamMode": "original", "streamTypes": 0},
            {"appsCollection": POSTPONED, "transcodeOptions": MIX},
            0,
        ),
    ],
)
def test_what_individual_mode_takes(
    stage: Stage, config: Any, params: dict[str, Any], scene: int
) -> None:
    status, said = start(stage, config, scene, **params)

    assert status == 200, said


@pytest.mark.parametrize(("scene", "mode"), [(1, "mix"), (1, "individual"), (2, "mix")])
def test_a_scene_is_for_its_own_mode(stage: Stage, scene: int, mode: str) -> None:
    job = stage.acquire(mode=mode, scene=scene)

    status, said = job.start(recordingConfig={"subscribeUidGroup": 0})

    assert (status, said["reason"]) == (400, "Start: invalid mode value!")


def listed(job: Job) -> list[tuple[str, str, bool]]:
    files = job.query()[1]["serverResponse"]["fileList"]
    return [
        (
            each["fileName"].removeprefix(f"{job.file}__uid_s_"),
            each["trackType"],
            each["isPlayable"],
        )
        for each in files
    ]


def test_nothing_is_listed_until_somebody_publishes(empty: Stage) -> None:
    empty.join("41", audio=False, video=False)
    job = empty.record_users()
    empty.at(20_000)

    assert job.query() == (
        200,
        {
            **job.names,
            "serverResponse": {
                "status": 4, "fileListMode": "json", "fileList": [], "sliceStartTime": 0,
            },
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (
            {},
            [("41__uid_e_audio.m3u8", "audio", True), ("41__uid_e_video.m3u8", "video", False)],
        ),
        (
            {"streamMode": "standard"},
            [
                ("41__uid_e_audio.m3u8", "audio", True),
                ("41__uid_e_video.m3u8", "video", False),
                ("41__uid_e_av.m3u8", "audio_and_video", True),
            ],
        ),
        ({"streamTypes": 1, "streamMode": "standard"}, [("41__uid_e_video.m3u8", "video", False)]),
        ({"streamTypes": 0, "streamMode": "original"}, [("41__uid_e_audio.m3u8", "audio", True)]),
    ],
)
def test_the_stream_mode_says_which_indexes_there_are(
    empty: Stage, config: dict[str, Any], names: list[tuple[str, str, bool]]
) -> None:
    empty.join("41")
    job = empty.record_users(config)

    empty.at(18_000)

    assert listed(job) == names
    stored = [key for key, _ in empty.objects() if key.endswith(".m3u8")]
    assert sorted(stored) == sorted(f"{job.file}__uid_s_{name}" for name, _, _ in names)


def test_each_track_has_its_own_first_file_and_the_task_is_in_progress_with_the_first(
    empty: Stage,
) -> None:
    empty.join("41", video=False)
    job = empty.record_users()
    empty.at(10_000)
    empty.join("42", audio=False)
    empty.at(17_999)
    before = job.status
    empty.at(18_000)
    after = job.status

    empty.at(60_000)

    assert (before, after) == (4, 5)
    assert [(ms, details) for ms, event, details in empty.events() if event == "4"] == [
        (18_000, {"fileList": f"{job.file}__uid_s_41__uid_e_audio.m3u8"}),
        (25_000, {"fileList": f"{job.file}__uid_s_42__uid_e_video.m3u8"}),
    ]


def test_a_user_who_comes_back_goes_on_in_the_same_track(empty: Stage) -> None:
    empty.join("41", video=False)
    job = empty.record_users()
    empty.at(20_000)
    empty.room(rooms.Leave("41"))
    empty.at(30_000)

    empty.join("41", video=False)

    gaps = [
        (each["discontinueUtcMs"] - empty.start_ms, each["startUtcMs"] - empty.start_ms)
        for _, event, each in empty.events()
        if event == "42"
    ]
    assert gaps == [(3_000, 3_000), (20_000, 30_000)]
    assert listed(job) == [("41__uid_e_audio.m3u8", "audio", True)]


@pytest.mark.parametrize(("group", "size"), [(0, 2), (1, 7), (2, 12), (3, 17), (4, 32), (5, 49)])
@pytest.mark.parametrize("is_capped", [True, False])
def test_the_group_caps_the_users_and_seventeen_the_videos(
    set_stage: Set, group: int, size: int, is_capped: bool
) -> None:
    stage = set_stage(audience="none", cap_uid_group=is_capped)
    for uid in range(1, 52):
        stage.join(str(uid))
    job = stage.record_users({"subscribeUidGroup": group})

    stage.at(3_000)

    bot = stage.world.things[Target("agora.recorder", job.resource)]
    expected = size if is_capped else 51
    assert (len(bot.heard), len(bot.seen)) == (expected, min(expected, 17))


def test_the_next_to_join_takes_the_place_of_one_who_leaves(empty: Stage) -> None:
    for uid in ("41", "42", "43"):
        empty.join(uid, video=False)
    job = empty.record_users({"subscribeUidGroup": 0})
    empty.at(3_000)

    empty.room(rooms.Leave("41"))

    bot = empty.world.things[Target("agora.recorder", job.resource)]
    assert bot.heard == ("42", "43")


def test_a_stop_with_nothing_recorded_is_code_435(empty: Stage) -> None:
    empty.join("41", audio=False, video=False)
    job = empty.record_users()
    empty.at(20_000)

    assert (job.stop()[0], job.status) == (206, 6)


def test_layout_is_a_matter_of_mix_mode(stage: Stage) -> None:
    job = stage.record_users()
    stage.at(3_000)

    status, said = job.update_layout(mixedVideoLayout=1)

    assert (status, said["reason"]) == (400, "UpdateLayout: invalid mode value!")


def test_an_update_replaces_who_is_recorded(empty: Stage) -> None:
    empty.join("41")
    empty.join("42")
    job = empty.record_users()
    empty.at(20_000)

    job.update(streamSubscribe={"audioUidList": {"subscribeAudioUids": ["42"]}})

    bot = empty.world.things[Target("agora.recorder", job.resource)]
    assert (bot.heard, bot.seen) == (("42",), ())


# --- snapshots ------------------------------------------------------------------------------------


def taken(stage: Stage) -> list[int]:
    return [ms for ms, event, _ in stage.events() if event == "45"]


def test_pictures_come_at_their_interval_while_a_user_is_seen(empty: Stage) -> None:
    empty.listen()
    empty.join("41")
    empty.record_users(**snapshots())
    empty.at(25_000)
    empty.room(rooms.Publish("41", video=False))
    empty.at(40_000)
    empty.room(rooms.Publish("41", video=True))

    empty.at(55_000)

    assert taken(empty) == [3_000, 13_000, 23_000, 40_000, 50_000]
    stamps = ["0003", "0013", "0023", "0040", "0050"]
    assert [key.rpartition("_")[2] for key, _ in empty.objects()] == [
        f"2030010100{each}000.jpg" for each in stamps
    ]


def test_without_a_subscriber_pictures_are_stored_and_no_timer_runs(empty: Stage) -> None:
    empty.join("41")
    empty.record_users(**snapshots())

    empty.at(24 * 3_600_000)

    assert taken(empty) == []
    assert len(empty.objects()) == 8_640
    assert len(empty.world.timers) == 1


def test_a_subscriber_who_comes_later_is_told_of_the_next_picture(empty: Stage) -> None:
    empty.join("41")
    empty.record_users(**snapshots())
    empty.at(20_000)

    empty.listen(events=("45",))

    empty.at(40_000)
    assert taken(empty) == [23_000, 33_000]


def test_a_picture_can_be_read_and_has_its_size(empty: Stage) -> None:
    empty.join("41")
    job = empty.record_users(**snapshots())
    empty.at(15_000)
    name = f"{job.file}__uid_s_41__uid_e_video_20300101000013000.jpg"

    found = empty.world.objects.find("recordings", name, empty.world.now_ms)

    assert found is not None
    assert found[1] == Clip("jpg", 0, False, 640, 360, wanted_bytes=65_536)
    missing = name.replace("13000", "14000")
    assert empty.world.objects.find("recordings", missing, empty.world.now_ms) is None


@pytest.mark.parametrize(("params", "scene"), [({}, "rtc_record"), (snapshots(), "rtc_snapshot")])
def test_the_scene_of_the_callbacks_is_that_of_the_task(
    stage: Stage, params: dict[str, Any], scene: str
) -> None:
    stage.record_users(**params)
    stage.at(60_000)

    told = {each.detail.scene for each in stage.world.journal if each.kind == "event"}

    assert told == {scene}


def test_nothing_is_left_armed_when_a_task_with_pictures_has_ended(stage: Stage) -> None:
    stage.listen()
    job = stage.record_users(**snapshots(), **HLS)
    stage.at(30_000)
    job.stop()
    stage.deliver()

    stage.advance(100)
    stage.deliver()

    assert [each.name for each in stage.world.timers] == []
    assert stage.world.room("agora", "demo").watchers == ()
