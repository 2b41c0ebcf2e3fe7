"""What becomes a file: by mode, type, format and interruption; names, addresses, the upload.

Source:
    Sheet §5.5, §5.6, §5.7, §7.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.zego import client

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Job, Set, Stage

DAY_MS = 86_400_000
MP3 = {"RecordOutputParams": {"OutputFileFormat": "mp3"}}
KINDS = ("OutputFileFormat", "MediaTrackType")


def output(**params: Any) -> dict[str, Any]:
    return {"RecordOutputParams": params}


def storage(vendor: int, **params: Any) -> dict[str, Any]:
    return {"StorageParams": {**client.STORAGE, "Vendor": vendor, **params}}


# --- which files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize(
    ("stream_type", "container", "expected"),
    [
        (1, "mp4", [("mp4", 1)]),
        (2, "mp4", [("mp4", 2)]),
        (3, "mp4", [("mp4", 3)]),
        (4, "mp4", [("mp4", 2), ("aac", 1)]),
        (4, "flv", [("flv", 2), ("aac", 1)]),
        (3, "hls", [("hls", 3)]),
        (4, "hls", [("hls", 2), ("hls", 1)]),
        (1, "mp3", [("mp3", 1)]),
        (3, "aac", [("aac", 1)]),
        (2, "ogg", []),
        (3, "jpg", []),
    ],
)
def test_type_and_format_say_which_files_there_are(
    stage: Stage, mixed: bool, stream_type: int, container: str, expected: list[Any]
) -> None:
    stage.join("u1")
    job = stage.record(mixed=mixed, StreamType=stream_type, **output(OutputFileFormat=container))

    stage.advance(5_000)

    assert job.told(*KINDS) == expected


def test_a_file_of_one_medium_begins_when_that_medium_does(stage: Stage) -> None:
    stage.join("u1", video=False)
    job = stage.record(StreamType=4)
    stage.at(11_000)

    stage.publish("u1", video=True, audio=False)
    stage.at(21_000)

    assert job.told("MediaTrackType", "Duration") == [(1, 20_000), (2, 10_000)]


def test_only_streams_on_the_list_are_recorded(stage: Stage) -> None:
    for uid, stream in (("u1", "s1"), ("u2", "s2"), ("u3", "s3")):
        stage.join(uid, stream)
    wanted = [{"StreamId": each} for each in ("s3", "s1", "s9")]
    job = stage.record(RecordStreamList=wanted)

    stage.at(31_000)

    assert job.told("StreamId", "UserId", "UserName") == [("s1", "u1", "u1"), ("s3", "u3", "u3")]
    assert stage.events() == [(30_000, "6", {"stream_id": "s9"})]


def test_the_list_is_for_single_streams_and_ignored_in_a_mix(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(mixed=True, RecordStreamList=[{"StreamId": "s9"}])

    stage.at(31_000)

    assert (len(job.files), stage.events()) == (1, [])


@pytest.mark.parametrize(("mixed", "cap"), [(False, 36), (True, 25)])
def test_streams_beyond_the_cap_are_silently_left_out(stage: Stage, mixed: bool, cap: int) -> None:
    for number in range(40):
        stage.join(f"u{number}", f"s{number}")
    stage.record(mixed=mixed)

    stage.advance(5_000)

    (recorder,) = stage.world.views["zego"].every("zego.recorder")
    assert [each.stream for each in recorder.feeds.streams] == [f"s{n}" for n in range(cap)]
    assert stage.events() == []


# --- interruptions --------------------------------------------------------------------------------


def interrupted(stage: Stage, *, mixed: bool = False, **params: Any) -> Job:
    """Publish for 10 s, be away for 20 s, publish for 10 s more."""
    stage.join("u1", "s1")
    job = stage.record(mixed=mixed, **params)
    stage.at(11_000)
    stage.leave("u1")
    stage.at(31_000)
    stage.join("u1", "s1")
    stage.at(41_000)
    return job


@pytest.mark.parametrize(
    ("params", "lengths"),
    [
        ({}, [10_000, 10_000]),
        ({"FillBlank": True}, [40_000]),
        ({"FillBlank": True, "StreamType": 1}, [40_000]),
        ({"FillBlank": True, "StreamType": 2}, [10_000, 10_000]),
        ({"FillBlank": True, "StreamType": 4}, [10_000, 40_000, 10_000]),
        ({"ResumeWithoutInterruption": True}, [20_000]),
        ({"ResumeWithoutInterruption": True, "StreamType": 4}, [20_000, 20_000]),
    ],
)
def test_a_stream_that_comes_back_goes_on_in_a_new_file_unless_filled_or_resumed(
    stage: Stage, params: dict[str, Any], lengths: list[int]
) -> None:
    job = interrupted(stage, **params)

    assert [each["Duration"] for each in job.files] == lengths


@pytest.mark.parametrize("fills", [False, True])
def test_a_mix_stays_one_file(stage: Stage, fills: bool) -> None:
    job = interrupted(stage, mixed=True, FillBlank=fills)

    assert job.told("Duration") == [(40_000,)]


@pytest.mark.parametrize(("always", "begin_ms"), [(False, 11_000), (True, 1_000)])
def test_a_mix_begins_with_the_first_stream_or_with_the_task(
    stage: Stage, always: bool, begin_ms: int
) -> None:
    job = stage.record(mixed=True, MixConfig={**client.MIX, "IsAlwaysMix": always})
    stage.at(11_000)

    stage.join("u1")
    stage.at(21_000)

    assert job.told("BeginTimestamp") == [(stage.start_ms + begin_ms,)]


def muted(stage: Stage, **params: Any) -> Job:
    """Speak for 10 s, be silent for 20 s, speak for 10 s more; the camera is always on."""
    stage.join("u1", "s1")
    job = stage.record(**params)
    stage.at(11_000)
    stage.publish("u1", audio=False)
    stage.at(31_000)
    stage.publish("u1", audio=True)
    stage.at(41_000)
    return job


@pytest.mark.parametrize(
    ("params", "lengths"),
    [
        ({"StreamType": 1, **MP3}, [40_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, **MP3}, [20_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": 20, **MP3},
         [10_000, 10_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": 0, **MP3},
         [10_000, 10_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": 21, **MP3},
         [20_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": -1, **MP3},
         [20_000]),
        ({"StreamType": 1, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": 0}, [40_000]),
        ({"StreamType": 3, "RecordMuteAudio": 2, "RecordMuteAudioSplitThreshold": 0, **MP3},
         [40_000]),
    ],
)  # fmt: skip
def test_silence_is_left_out_and_splits_only_where_all_conditions_hold(
    stage: Stage, params: dict[str, Any], lengths: list[int]
) -> None:
    job = muted(stage, **params)

    assert [each["Duration"] for each in job.files] == lengths


# --- names and addresses --------------------------------------------------------------------------


def test_files_are_named_by_the_rule(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(StreamType=4)
    mix = stage.record(mixed=True)

    stage.at(5_004)

    stamp = "20300101000001000"
    assert job.told("FileId") == [
        (f"{job.task}_demo_u1_s1_V_{stamp}.mp4",), (f"{job.task}_demo_u1_s1_A_{stamp}.aac",),
    ]  # fmt: skip
    assert mix.told("FileId", "UserId", "StreamId") == [
        (f"{mix.task}_demo_mix_VA_{stamp}.mp4", "mix", "mix")
    ]


@pytest.mark.parametrize(
    ("folder", "prefix"), [("", ""), ("record/", "record/"), ("a/b", "a/b/"), ("/", "/")]
)
def test_a_folder_stands_in_front_of_the_key(stage: Stage, folder: str, prefix: str) -> None:
    stage.join("u1", "s1")
    job = stage.record(**output(OutputFolder=folder))
    stage.advance(5_000)

    job.stop()
    stage.advance(5_000)

    assert stage.objects() == [f"{prefix}{job.files[0]['FileId']}"]


def test_a_file_goes_from_recording_to_uploading_to_stored(stage: Stage) -> None:
    stage.join("u1", "s 1")
    job = stage.record()
    stage.at(11_000)
    seen = [job.told("Status", "FileSize")]
    job.stop()
    seen.append(job.told("Status", "FileSize"))
    there = stage.objects()
    stage.advance(5_000)
    seen.append(job.told("Status", "FileSize"))

    assert seen == [[(1, 935_000)], [(2, 935_000)], [(3, 935_000)]]
    assert (there, len(stage.objects())) == ([], 1)
    assert job.files[0]["FileUrl"].endswith(
        f"/_files/stage/recordings/{job.task}_demo_u1_s%201_VA_20300101000001000.mp4"
    )


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (storage(1), "https://recordings.s3.cn-north-1.amazonaws.com/NAME"),
        (storage(2, Region="oss-cn-hangzhou"), "https://recordings.oss-cn-hangzhou.aliyuncs.com/NAME"),
        (storage(10, EndPoint="http://127.0.0.1:9000", S3ForcePathStyle=True),
         "http://127.0.0.1:9000/recordings/NAME"),
        (storage(10, EndPoint="s3.test"), "https://recordings.s3.test/NAME"),
    ],
)  # fmt: skip
def test_urls_can_be_those_of_the_storage(set_stage: Set, given: dict[str, Any], url: str) -> None:
    stage = set_stage(file_urls="vendor")
    stage.join("u1")
    job = stage.record(**given)
    stage.advance(5_000)

    job.stop()
    stage.advance(5_000)

    (file,) = job.files
    assert file["FileUrl"] == url.replace("NAME", file["FileId"])


VODS = {
    5: {"AlibabaCloudVodParams": {
        "Region": "r", "AccessKeyId": "a", "AccessKeySecret": "s", "Title": "t",
        "StorageLocation": "l"}},
    6: {"TencentCloudVodParams": {"SecretId": "i", "SecretKey": "k", "Region": "r"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("vendor", "has_url", "has_video"), [(4, False, False), (5, False, True), (6, True, True)]
)
def test_some_storage_has_no_url_and_some_a_video_id(
    stage: Stage, vendor: int, has_url: bool, has_video: bool
) -> None:
    stage.join("u1")
    empty = {"Region": "", "Bucket": "", "AccessKeyId": "", "AccessKeySecret": ""}
    given = {"Vendor": vendor, **VODS[vendor], **empty} if vendor in VODS else storage(4)
    job = stage.record(StorageParams=given.get("StorageParams", given))
    stage.advance(5_000)
    job.stop()
    early = job.files[0]["VideoId"]

    stage.advance(5_000)

    (file,) = job.files
    assert ("FileUrl" in file, bool(file["VideoId"]), early) == (has_url, has_video, "")


# --- uploads that go wrong ------------------------------------------------------------------------


def test_wrong_keys_send_every_file_to_the_backup_which_keeps_it_for_three_days(
    stage: Stage,
) -> None:
    stage.fault("upload", "divert", times=None)
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    job = stage.record()
    stage.at(10_000)
    job.stop()

    stage.at(15_000)
    there = stage.objects("zego-backup")
    files = job.files
    stage.at(15_000 + 3 * DAY_MS - 1)
    late = stage.objects("zego-backup")
    stage.at(15_000 + 3 * DAY_MS)

    assert [each["Status"] for each in files] == [4, 4]
    assert all("/zego-backup/" in each["FileUrl"] for each in files)
    assert (len(there), len(late), stage.objects("zego-backup")) == (2, 2, [])
    assert stage.objects() == []
    assert stage.events()[-1][2] == {"upload_status": 2}


def test_a_file_can_be_lost_while_others_are_stored_and_the_slowest_is_waited_for(
    stage: Stage,
) -> None:
    stage.fault("upload", "fail")
    stage.fault("upload", "slow", by_ms=60_000)
    for number in range(3):
        stage.join(f"u{number}", f"s{number}")
    job = stage.record()
    stage.at(10_000)
    job.stop()

    stage.at(15_000)
    early = job.told("Status")
    stage.at(75_000)

    assert early == [(5,), (2,), (3,)]
    assert job.told("Status") == [(5,), (3,), (3,)]
    assert "FileUrl" not in job.files[0]
    assert job.events == [(10, "5"), (10, "7"), (75, "1")]


def test_who_published_nothing_leaves_nothing(stage: Stage) -> None:
    job = stage.record()
    stage.at(5_000)

    job.stop()
    stage.at(10_000)

    assert "RecordFiles" not in job.describe()
    assert job.events == [(5, "5"), (5, "1")]


# --- fragments, pictures, waves -------------------------------------------------------------------


def test_fragments_are_stored_at_the_end_and_listed_by_their_playlist(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(**output(OutputFileFormat="hls", OutputFolder="rec", FragmentSeconds=10))
    stage.at(26_000)
    before = stage.objects()

    job.stop()
    stage.advance(5_000)

    base = f"rec/{job.task}_demo_u1_s1_VA_20300101000001000"
    assert (before, stage.events()[0][1]) == ([], "5")
    assert stage.objects() == [f"{base}.m3u8", *(f"{base}_{n}.ts" for n in range(3))]
    assert stage.read_object(f"{base}.m3u8").decode().splitlines() == [
        "#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:10", "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXTINF:10.000,", f"{base}_0.ts", "#EXTINF:10.000,", f"{base}_1.ts",
        "#EXTINF:5.000,", f"{base}_2.ts", "#EXT-X-ENDLIST",
    ]  # fmt: skip


@pytest.mark.parametrize("is_short", [False, True])
def test_fragments_in_real_time_are_told_with_the_first_and_grow(
    stage: Stage, is_short: bool
) -> None:
    stage.join("u1", "s1")
    params = {"RealtimeUploadFragment": True, "ShortFragmentPath": is_short}
    job = stage.record(**output(OutputFileFormat="hls", OutputFolder="rec/", **params))

    stage.at(15_999)
    before = stage.objects()
    stage.at(31_500)
    growing = stage.objects()
    key = growing[0]
    text = stage.read_object(key).decode()
    job.stop()
    stage.advance(5_000)

    assert (before, len(growing), len(stage.objects())) == ([], 3, 4)
    assert [(ms, name) for ms, name in job.events if name == "102"] == [(16, "102")]
    assert "#EXT-X-ENDLIST" not in text
    assert stage.read_object(key).decode().endswith("#EXT-X-ENDLIST\n")
    assert ("\nrec/" in text) is not is_short


def test_a_stream_that_goes_before_its_first_fragment_is_not_told(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(**output(OutputFileFormat="hls", RealtimeUploadFragment=True))
    stage.at(10_000)

    stage.leave("u1")
    stage.at(30_000)

    assert [name for _, name in job.events] == []


def test_pictures_come_at_once_and_then_every_so_often_one_event_each(stage: Stage) -> None:
    stage.listen(("1",))
    stage.join("u1", "s1")
    stage.join("u2", "s2", video=False)
    job = stage.record(**output(OutputFileFormat="jpg", SnapshotInterval=20))
    stage.at(45_000)
    stage.publish("u1", video=False)
    stage.at(60_000)
    stage.publish("u1", video=True)
    stage.at(75_000)

    job.stop()
    stage.advance(10_000)

    stamps = ("001000", "021000", "041000", "100000")
    assert stage.objects() == [f"{job.task}_demo_u1_s1_V_20300101000{each}.jpg" for each in stamps]
    assert job.events == [(1, "1"), (21, "1"), (41, "1"), (60, "1"), (75, "5")]
    assert "RecordFiles" not in job.describe()


def test_pictures_of_a_mix_are_called_by_its_name(stage: Stage) -> None:
    stage.listen(("1",))
    stage.join("u1")
    job = stage.record(mixed=True, **output(OutputFileFormat="jpg"))

    stage.at(15_000)

    assert stage.objects() == [
        f"{job.task}_demo_mix_V_20300101000{each}.jpg" for each in ("001000", "011000")
    ]


def test_who_asks_for_pictures_late_hears_of_the_next(stage: Stage) -> None:
    stage.join("u1")
    job = stage.record(**output(OutputFileFormat="jpg"))
    stage.at(15_000)

    stage.listen()
    stage.at(25_000)

    assert job.events == [(21, "1")]


@pytest.mark.parametrize(("kind", "label"), [(0, "stream_id"), (1, "user_id")])
def test_a_sound_wave_says_who_was_how_loud_every_second(
    stage: Stage, kind: int, label: str
) -> None:
    stage.join("u1", "s1")
    mix = {**client.MIX, "RecordSoundWave": True, "SoundWaveType": kind}
    job = stage.record(mixed=True, MixConfig=mix)
    stage.at(3_000)
    stage.join("u2", "s2")
    stage.at(5_000)
    job.stop()
    stage.advance(5_000)

    key = job.files[0]["FileId"].replace(".mp4", ".sw")
    waves = json.loads(stage.read_object(key))

    names = ["s1", "s2"] if label == "stream_id" else ["u1", "u2"]
    assert [each["time"] - stage.start_ms for each in waves] == [1_000, 2_000, 3_000, 4_000]
    assert [[one[label] for one in each["sound_wave"]] for each in waves] == [
        names[:1], names[:1], names, names,
    ]  # fmt: skip
    assert all(0 <= one["volume"] <= 100 for each in waves for one in each["sound_wave"])
    assert len(job.files) == 1


@pytest.mark.parametrize("how", ["start", "update"])
def test_a_picture_that_cannot_be_had_is_left_out_and_told(stage: Stage, how: str) -> None:
    bad = "http://127.0.0.1:9/none.png"
    view = {"Top": 0, "Left": 0, "Bottom": 9, "Right": 9, "Layer": 1, "StreamId": "s",
            "BackgroundImage": bad}  # fmt: skip
    stage.fault("image", "fail", times=None)
    mix = client.MIX
    if how == "start":
        mix = {
            **mix, "MixMode": 1, "MixInputList": [view], "MixOutputBackgroundImage": bad,
            "MixOutputWatermarkImage": bad, "DefaultMixStreamBackgroundImage": bad,
        }  # fmt: skip
    job = stage.record(mixed=True, MixConfig=mix)
    stage.advance(1_000)
    if how == "update":
        assert job.code("UpdateLayout", MixMode=1, MixInputList=[view]) == 0

    kinds = [1, 2, 3, 4] if how == "start" else [4]
    assert [told for _, name, told in stage.events() if name == "3"] == [
        {"image_type": each, "image_url": bad} for each in kinds
    ]
    assert job.status == 2
