"""Every container and codec opens in PyAV and in ffprobe, and lasts as long as it was to."""

from pathlib import Path

import pytest
from tests.players import check, ffprobe

from recording_emulator.core.clips.clip import FORMATS, Clip, written

SIZES = [(640, 360), (1280, 720), (1920, 1080), (2, 2), (855, 481), (16, 16), (360, 640)]
WITH_BOTH = ["avi", "flv", "mp4", "ts"]


@pytest.mark.parametrize("wanted_bytes", [0, 1_027_500])
@pytest.mark.parametrize("container", sorted(FORMATS))
def test_every_container_plays(container: str, wanted_bytes: int, tmp_path: Path) -> None:
    size = (640, 480) if container in (*WITH_BOTH, "webm", "jpg") else (0, 0)
    clip = Clip(container, 15_000, container != "jpg", *size, wanted_bytes=wanted_bytes)

    check(clip, tmp_path / f"clip.{container}")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("container", [*WITH_BOTH, "jpg"])
def test_every_size_plays(container: str, size: tuple[int, int], tmp_path: Path) -> None:
    clip = Clip(container, 2_000, container != "jpg", *size)

    check(clip, tmp_path / f"clip.{container}")


@pytest.mark.parametrize("fps", [1, 12, 15, 24, 30, 60])
@pytest.mark.parametrize("container", WITH_BOTH)
def test_every_frame_rate_plays_without_sound(container: str, fps: int, tmp_path: Path) -> None:
    clip = Clip(container, 5_000, False, 320, 240, fps, wanted_bytes=50_000)

    check(clip, tmp_path / f"clip.{container}")


@pytest.mark.parametrize("container", ["flv", "m4a", "mp4", "ts", "webm"])
def test_containers_of_pictures_play_with_sound_alone(container: str, tmp_path: Path) -> None:
    check(Clip(container, 5_000, wanted_bytes=70_000), tmp_path / f"clip.{container}")


@pytest.mark.parametrize("length_ms", [1, 40, 999, 1_001, 10_200])
@pytest.mark.parametrize("container", WITH_BOTH)
def test_short_and_odd_lengths_play(container: str, length_ms: int, tmp_path: Path) -> None:
    check(Clip(container, length_ms, True, 640, 360), tmp_path / f"clip.{container}")


@pytest.mark.parametrize("container", ["mp4", "flv", "m4a", "mp3", "ogg"])
def test_two_hours_last_two_hours(container: str, tmp_path: Path) -> None:
    size = (1280, 720) if container in ("mp4", "flv") else (0, 0)
    clip = Clip(container, 7_200_000, True, *size, wanted_bytes=14_400_000)

    check(clip, tmp_path / f"clip.{container}", decodes=False)


@pytest.mark.parametrize("seconds", range(4))
def test_a_slice_begins_where_the_one_before_it_ended(seconds: int, tmp_path: Path) -> None:
    """A player that joins them has one time line, whatever the clock of the stream wraps to."""
    begin_ms = 95_443_000 // 15_000 * 15_000 * seconds
    slices = [Clip("ts", 15_000, True, 640, 360, start_ms=begin_ms + at) for at in (0, 15_000)]
    joined = tmp_path / "joined.ts"

    joined.write_bytes(b"".join(part for each in slices for part in written(each)))

    assert abs(ffprobe(joined)[1] - 30_000) < 300
