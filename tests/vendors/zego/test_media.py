"""What a ZEGO recording leaves plays, and is as large and as long as it is told."""

from pathlib import Path
from typing import Any

import pytest
from tests.players import check_world, lengths
from tests.vendors.zego.conftest import Set

from recording_emulator.core.objects import Text

FORMATS = [("mp4", {"mp4"}), ("flv", {"flv"}), ("hls", {"m3u8", "ts"}), ("jpg", {"jpg"})]
SOUNDS = [("aac", {"aac"}), ("mp3", {"mp3"}), ("ogg", {"ogg"})]


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize(("container", "kinds"), [*FORMATS, *SOUNDS])
def test_every_format_plays(
    set_stage: Set, tmp_path: Path, container: str, kinds: set[str], mixed: bool
) -> None:
    stage = set_stage(audience="none")
    stage.join("u1", "s1")
    stream_type = 1 if container in ("aac", "mp3", "ogg") else 3
    output: dict[str, Any] = {"OutputFileFormat": container, "FragmentSeconds": 6}
    job = stage.record(mixed=mixed, StreamType=stream_type, RecordOutputParams=output)
    stage.at(21_500)
    job.stop()
    stage.advance(5_000)

    found = check_world(stage.world, tmp_path)

    assert found == kinds
    objects = list(stage.world.objects.files(stage.world.now_ms))
    for each in job.files if container != "jpg" else ():
        parts = [file.size_bytes for file in objects if not file.key.endswith(".m3u8")]
        assert each["FileSize"] == sum(parts)
    for file in objects:
        if file.key.endswith(".m3u8"):
            found_list = stage.world.objects.find(file.bucket, file.key, stage.world.now_ms)
            assert found_list is not None
            assert isinstance(found_list[1], Text)
            told = sum(lengths(found_list[1].body))
            assert told * 1_000 == job.files[0]["Duration"]


@pytest.mark.parametrize("stream_type", [1, 2, 3, 4])
def test_every_kind_of_stream_plays(set_stage: Set, tmp_path: Path, stream_type: int) -> None:
    stage = set_stage(audience="none")
    stage.join("u1", "s1", board=True)
    job = stage.record(StreamType=stream_type)
    stage.at(12_345)
    job.stop()
    stage.advance(5_000)

    assert check_world(stage.world, tmp_path) >= {"mp4"}
