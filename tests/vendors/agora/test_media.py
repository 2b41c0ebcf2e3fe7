"""What an Agora recording leaves plays, and lasts as long as its playlist says."""

from pathlib import Path

import pytest
from tests.players import check_world, ffprobe, lengths
from tests.vendors.agora.conftest import Set
from tests.vendors.agora.test_individual import snapshots
from tests.vendors.agora.test_postponed import record as record_for_later
from tests.vendors.agora.test_web import page, start

from recording_emulator.core import rooms

HOUR_MS = 3_600_000


@pytest.mark.parametrize("stream_types", [0, 1, 2])
def test_a_mixed_recording_plays(set_stage: Set, tmp_path: Path, stream_types: int) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    picture = {"width": 856, "height": 481, "fps": 30, "bitrate": 900}
    config = {"streamTypes": stream_types, "transcodingConfig": picture}
    files = {"avFileType": ["hls", "mp4"]}
    job = stage.record(recordingConfig=config, recordingFileConfig=files)
    stage.at(40_500)
    stage.room(rooms.Leave("41"))
    stage.at(50_000)
    stage.join("41")
    stage.at(70_000)

    job.stop()

    assert check_world(stage.world, tmp_path) == {"m3u8", "ts", "mp4"}
    assert sum(lengths(stage.read_object(f"{job.file}.m3u8"))) == 57.7


def test_a_player_follows_the_playlist_over_its_gap(set_stage: Set, tmp_path: Path) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    job = stage.record()
    stage.at(40_500)
    stage.room(rooms.Leave("41"))
    stage.at(50_000)
    stage.join("41")
    stage.at(70_000)
    job.stop()

    for file in stage.world.objects.files(stage.world.now_ms):
        (tmp_path / file.key).write_bytes(stage.read_object(file.key))

    held, length_ms = ffprobe(tmp_path / f"{job.file}.m3u8")
    assert held == ("hls", ["aac", "h264"], (360, 640))
    assert abs(length_ms - 57_700) <= 300


def test_an_individual_recording_and_its_pictures_play(set_stage: Set, tmp_path: Path) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    job = stage.record_users(**snapshots())
    stage.at(21_000)

    job.stop()

    assert check_world(stage.world, tmp_path) == {"jpg"}


@pytest.mark.parametrize("suffix", ["", "mp3", "m4a", "aac"])
def test_what_is_made_later_plays(set_stage: Set, tmp_path: Path, suffix: str) -> None:
    stage = set_stage(audience="none")
    job = record_for_later(stage, suffix)
    job.stop()

    stage.at(2 * HOUR_MS)

    assert check_world(stage.world, tmp_path) == {"m3u8", "ts", suffix or "mp4"}


def test_a_page_plays_in_its_own_size(set_stage: Set, tmp_path: Path) -> None:
    stage = set_stage()
    changes = {"videoWidth": 1280, "videoHeight": 720, "videoFps": 24}
    files = {"avFileType": ["hls", "mp4"]}
    start(stage, page(**changes), recordingFileConfig=files)

    stage.at(40_000)

    assert check_world(stage.world, tmp_path) == {"m3u8", "ts"}
