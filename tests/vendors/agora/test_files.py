"""Names, playlists, slices and movies, from the segments of a recording.

Source:
    Sheet §5.4 (names), §5.5 (slicing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import rooms
from recording_emulator.core.clips.clip import Clip

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Golden, Job, Set, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
BOTH: dict[str, Any] = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
PREFIXED: dict[str, Any] = {"storageConfig": {**STORAGE, "fileNamePrefix": ["dirA", "dirB"]}}
HOUR_MS = 3_600_000
AV_BYTES_PER_S = (48 + 500) * 1_000 // 8


@pytest.fixture
def empty(set_stage: Set) -> Stage:
    return set_stage(audience="none")


def record_with_a_gap(stage: Stage, **params: Any) -> Job:
    """Record from 3 s to 40.5 s and from 60 s to the stop at 70 s."""
    stage.join("41")
    job = stage.record(**params)
    stage.at(40_500)
    stage.room(rooms.Leave("41"))
    stage.at(60_000)
    stage.join("41")
    stage.at(70_000)
    return job


def packets(length_s: float) -> int:
    """Return the size of a slice, which has whole packets."""
    return int(length_s * AV_BYTES_PER_S) // 188 * 188


def test_names_follow_the_documented_pattern(empty: Stage, golden: Golden) -> None:
    job = record_with_a_gap(empty, **PREFIXED, **BOTH)
    job.stop()

    assert empty.objects() == [
        (f"dirA/dirB/{job.file}.m3u8", len(golden("playlists/finished.m3u8"))),
        (f"dirA/dirB/{job.file}_20300101000003000.ts", packets(15)),
        (f"dirA/dirB/{job.file}_20300101000018000.ts", packets(15)),
        (f"dirA/dirB/{job.file}_20300101000033000.ts", packets(7.5)),
        (f"dirA/dirB/{job.file}_20300101000100000.ts", packets(10.2)),
        (f"dirA/dirB/{job.file}_0.mp4", int(47.7 * AV_BYTES_PER_S)),
    ]


def test_a_finished_playlist_is_the_golden_one(empty: Stage, golden: Golden) -> None:
    job = record_with_a_gap(empty)

    job.stop()

    assert empty.read_object(f"{job.file}.m3u8") == golden("playlists/finished.m3u8")


def test_a_playlist_grows_while_the_recording_goes_on(empty: Stage, golden: Golden) -> None:
    empty.join("41")
    job = empty.record()

    empty.at(40_000)

    assert empty.read_object(f"{job.file}.m3u8") == golden("playlists/growing.m3u8")


def test_an_audio_playlist_with_commas_is_the_golden_one(empty: Stage, golden: Golden) -> None:
    config = {"streamTypes": 0, "privateParams": '{"correctEXTINF": true}'}
    job = record_with_a_gap(empty, **PREFIXED, recordingConfig=config)

    job.stop()

    name = f"dirA/dirB/{job.file}.m3u8"
    assert empty.read_object(name) == golden("playlists/audio_with_commas.m3u8")


def test_there_is_no_file_before_the_first_slice_has_closed(empty: Stage) -> None:
    empty.join("41")
    job = empty.record()

    empty.at(17_999)
    before = empty.objects()
    empty.at(18_000)

    assert before == []
    assert [key for key, _ in empty.objects()] == [
        f"{job.file}.m3u8",
        f"{job.file}_20300101000003000.ts",
    ]


@pytest.mark.parametrize(
    ("config", "kbps"),
    [
        ({}, 548),
        ({"streamTypes": 0}, 48),
        ({"streamTypes": 0, "audioProfile": 1}, 128),
        ({"streamTypes": 0, "audioProfile": 2}, 192),
        ({"streamTypes": 1}, 500),
        ({"streamTypes": 1, "transcodingConfig": {"bitrate": 2_000}}, 2_000),
        ({"audioProfile": 2, "transcodingConfig": {"bitrate": 2_000}}, 2_192),
    ],
)
def test_a_slice_has_the_size_of_its_bit_rates(
    empty: Stage, config: dict[str, Any], kbps: int
) -> None:
    empty.join("41")
    empty.record(recordingConfig=config)

    empty.at(18_000)

    assert empty.objects()[1][1] == kbps * 15_000 // 8 // 188 * 188


def test_the_bytes_of_a_slice_have_its_size_and_are_nobody_elses(empty: Stage) -> None:
    job = record_with_a_gap(empty)
    name = f"{job.file}_20300101000003000.ts"

    found = empty.world.objects.find("recordings", name, empty.world.now_ms)

    assert found is not None
    assert found[1] == Clip("ts", 15_000, True, 360, 640, wanted_bytes=15 * AV_BYTES_PER_S)


@pytest.mark.parametrize(
    "name", ["{}_20300101000003001.ts", "{}_1.mp4", "other_20300101000003000.ts", "{}_x.ts", ""]
)
def test_a_name_that_is_not_listed_is_not_found(empty: Stage, name: str) -> None:
    job = record_with_a_gap(empty, **BOTH)
    job.stop()

    found = empty.world.objects.find("recordings", name.format(job.file), empty.world.now_ms)

    assert found is None


def test_a_movie_ends_after_two_hours_and_the_next_begins(empty: Stage) -> None:
    empty.join("41")
    job = empty.record(**BOTH)
    empty.at(3_000 + 2 * HOUR_MS - 1)
    before = movies(empty)
    empty.at(3_000 + 2 * HOUR_MS)
    after = movies(empty)
    empty.at(3_000 + 5 * HOUR_MS)

    job.stop()

    assert before == []
    assert after == [(f"{job.file}_0.mp4", 7_200 * AV_BYTES_PER_S)]
    assert movies(empty) == [
        (f"{job.file}_0.mp4", 7_200 * AV_BYTES_PER_S),
        (f"{job.file}_1.mp4", 7_200 * AV_BYTES_PER_S),
        (f"{job.file}_2.mp4", int(3_600.2 * AV_BYTES_PER_S)),
    ]


def test_a_movie_counts_recorded_time_and_not_the_gaps(empty: Stage) -> None:
    empty.join("41")
    job = empty.record(**BOTH, recordingConfig={"maxIdleTime": 86_400})
    empty.at(3_000 + HOUR_MS)
    empty.room(rooms.Leave("41"))
    empty.at(3_000 + 2 * HOUR_MS)
    empty.join("41")
    empty.at(3_000 + 3 * HOUR_MS - 1)
    before = movies(empty)

    empty.at(3_000 + 3 * HOUR_MS)

    assert (before, movies(empty)) == ([], [(f"{job.file}_0.mp4", 7_200 * AV_BYTES_PER_S)])


def movies(stage: Stage) -> list[tuple[str, int]]:
    return [(key, size) for key, size in stage.objects() if key.endswith(".mp4")]


def test_a_movie_is_listed_once_its_first_slice_has_closed_and_stored_when_it_ends(
    empty: Stage,
) -> None:
    empty.join("41")
    job = empty.record(**BOTH)
    empty.at(17_999)
    before = listed(job)
    empty.at(18_000)

    assert before == [f"{job.file}.m3u8"]
    assert listed(job) == [f"{job.file}.m3u8", f"{job.file}_0.mp4"]
    assert movies(empty) == []


def listed(job: Job) -> list[str]:
    files = job.query()[1]["serverResponse"]["fileList"]
    return [each["fileName"] for each in files]


def test_a_day_is_cut_into_slices_of_fifteen_seconds(empty: Stage) -> None:
    empty.join("41")
    job = empty.record()

    empty.at(3_000 + 24 * HOUR_MS)

    keys = [key for key, _ in empty.objects()]
    assert len(keys) == 1 + 5_760
    assert keys[-1] == f"{job.file}_20300101235948000.ts"


def test_a_fresh_storage_takes_the_names_of_the_same_recording(empty: Stage) -> None:
    job = record_with_a_gap(empty)

    job.update(storageConfig={**STORAGE, "stsToken": "fresh", "stsExpiration": 2**31})

    job.stop()
    assert {file.bucket for file in empty.world.objects.files(empty.world.now_ms)} == {"recordings"}
