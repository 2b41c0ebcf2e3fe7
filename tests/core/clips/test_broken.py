"""Spoilt media in real players: what is cut is short or does not open, what is empty never does."""

from pathlib import Path

import pytest
from tests.players import LAST_MS, played_ms, told_ms

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.objects import File
from recording_emulator.core.spoils import Spoil
from recording_emulator.store.objects import made

LENGTH_MS = 10_000
PICTURES = ("avi", "flv", "mp4", "ts", "webm")
SOUNDS = ("aac", "m4a", "mp3", "ogg", "wav")
WANTED = [0, 600_000]
"""As small as it can be, and mostly filler."""


def spoilt(kind: str, effect: str, wanted_bytes: int) -> bytes:
    """Make a file of ten seconds, as a fault leaves it."""
    size = (640, 480) if kind in (*PICTURES, "jpg") else (0, 0)
    length_ms = 0 if kind == "jpg" else LENGTH_MS
    clip = Clip(kind, length_ms, kind != "jpg", *size, wanted_bytes=wanted_bytes)
    file = File("bucket", f"a.{kind}", clip.size_bytes, "", 0)
    ((after, content),) = Spoil(effect, 0).applied(iter([(file, clip)]), 0)
    assert content is not None
    found = b"".join(made(content, 0, content.size_bytes))
    assert len(found) == after.size_bytes
    return found


def players(kind: str, content: bytes, path: Path) -> tuple[int | None, int | None]:
    """Say what ffprobe tells of its length, and how much of it PyAV plays."""
    at = path / f"a.{kind}"
    at.write_bytes(content)
    return told_ms(at), played_ms(content)


@pytest.mark.parametrize("wanted_bytes", WANTED)
@pytest.mark.parametrize("kind", ["mp4", "m4a"])
def test_an_mp4_that_was_cut_does_not_play(kind: str, wanted_bytes: int, tmp_path: Path) -> None:
    content = spoilt(kind, "truncate", wanted_bytes)

    assert players(kind, content, tmp_path) == (None, None)


@pytest.mark.parametrize("kind", ["ts", "aac", "ogg", "wav", "mp3", "flv"])
@pytest.mark.parametrize("wanted_bytes", WANTED)
def test_what_was_cut_elsewhere_plays_for_a_part_of_its_time(
    kind: str, wanted_bytes: int, tmp_path: Path
) -> None:
    content = spoilt(kind, "truncate", wanted_bytes)

    told, played = players(kind, content, tmp_path)

    assert played is not None
    assert played < 0.7 * LENGTH_MS
    assert told is not None
    if kind == "flv":  # what it says of itself, which no longer holds
        assert told == LENGTH_MS
    else:
        assert told <= played + 2 * LAST_MS


@pytest.mark.parametrize("wanted_bytes", WANTED)
def test_an_avi_that_was_cut_loses_its_end_or_all_of_it(wanted_bytes: int, tmp_path: Path) -> None:
    content = spoilt("avi", "truncate", wanted_bytes)

    played = players("avi", content, tmp_path)[1]

    assert (played or 0) < 0.7 * LENGTH_MS
    assert (played is None) == (wanted_bytes > 0)


@pytest.mark.parametrize("wanted_bytes", WANTED)
def test_a_picture_that_was_cut_shows_nothing(wanted_bytes: int, tmp_path: Path) -> None:
    content = spoilt("jpg", "truncate", wanted_bytes)

    assert players("jpg", content, tmp_path)[1] is None


@pytest.mark.parametrize("kind", [*PICTURES, *SOUNDS, "jpg"])
def test_what_is_empty_opens_nowhere(kind: str, tmp_path: Path) -> None:
    assert players(kind, spoilt(kind, "empty", 0), tmp_path) == (None, None)


@pytest.mark.parametrize("wanted_bytes", WANTED)
@pytest.mark.parametrize("kind", ["flv", "m4a", "mp4", "ogg", "wav", "webm"])
def test_a_container_whose_first_byte_is_another_opens_nowhere(
    kind: str, wanted_bytes: int, tmp_path: Path
) -> None:
    content = spoilt(kind, "corrupt", wanted_bytes)

    assert players(kind, content, tmp_path) == (None, None)


@pytest.mark.parametrize("wanted_bytes", WANTED)
@pytest.mark.parametrize("kind", ["aac", "ts"])
def test_a_stream_whose_first_byte_is_another_plays_on_and_only_its_md5_is_wrong(
    kind: str, wanted_bytes: int, tmp_path: Path
) -> None:
    content = spoilt(kind, "corrupt", wanted_bytes)

    _, played = players(kind, content, tmp_path)

    assert played is not None
    if kind == "ts":
        assert abs(played - LENGTH_MS) <= LAST_MS


@pytest.mark.parametrize("wanted_bytes", WANTED)
@pytest.mark.parametrize("kind", [*PICTURES, *SOUNDS])
def test_a_wrong_duration_is_twice_the_time_that_was_told(
    kind: str, wanted_bytes: int, tmp_path: Path
) -> None:
    content = spoilt(kind, "wrong_duration", wanted_bytes)

    told, played = players(kind, content, tmp_path)

    assert told is not None
    assert played is not None
    assert abs(told - 2 * LENGTH_MS) <= LAST_MS
    assert abs(played - 2 * LENGTH_MS) <= LAST_MS
