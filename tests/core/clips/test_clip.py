"""Clips: their size is known before their bytes, which are the same however they are read."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recording_emulator.core.clips import clip as clips
from recording_emulator.core.clips.clip import FORMATS, Clip, written

VP8 = (640, 480)
SOUNDS = ("m4a", "aac", "mp3", "wav", "ogg")
PICTURES = ("jpg",)


@st.composite
def some_clips(draw: st.DrawFn) -> Clip:
    container = draw(st.sampled_from(sorted(FORMATS)))
    size = draw(st.tuples(st.integers(1, 700), st.integers(1, 400)))
    size = VP8 if container == "webm" else size
    has_video = container not in SOUNDS
    if container not in ("jpg", "avi", *SOUNDS):
        has_video = draw(st.booleans())
    return Clip(
        container,
        draw(st.integers(0, 20_000)),
        draw(st.booleans()) or not has_video,
        *(size if has_video else (0, 0)),
        fps=draw(st.integers(1, 60)),
        wanted_bytes=draw(st.integers(0, 1_000_000)),
        start_ms=draw(st.integers(0, 10**8)) if container == "ts" else 0,
    )


@settings(max_examples=300, deadline=None)
@given(some_clips())
def test_a_clip_is_as_large_as_it_says_and_no_smaller_than_wanted(clip: Clip) -> None:
    made = sum(len(block) * times for block, times in clip.runs())

    assert made == clip.size_bytes


@settings(max_examples=100, deadline=None)
@given(some_clips(), st.data())
def test_a_range_is_the_same_bytes_as_of_the_whole(clip: Clip, data: st.DataObject) -> None:
    whole = b"".join(written(clip))
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))

    assert b"".join(written(clip, start, stop)) == whole[start:stop]


@pytest.mark.parametrize("frames", [1, 63, 64, 100, 127, 128])
def test_sound_fills_up_to_the_largest_frames_there_are(frames: int) -> None:
    clip = Clip("aac", frames * 1_024 * 1_000 // 48_000, wanted_bytes=10**7)

    sizes = sum(len(block) * times for block, times in clip.runs())

    assert sizes == clip.size_bytes


@pytest.mark.parametrize("container", ["mp4", "flv", "aac", "jpg", "m4a", "mp3"])
def test_a_file_has_the_size_that_its_vendor_wants(container: str) -> None:
    size = (0, 0) if container in SOUNDS else (640, 360)

    assert Clip(container, 15_000, True, *size, wanted_bytes=100_003).size_bytes == 100_003


def test_a_slice_has_whole_packets() -> None:
    clip = Clip("ts", 15_000, True, 640, 360, wanted_bytes=100_003)

    assert clip.size_bytes == 100_003 // 188 * 188


def test_a_hash_is_that_of_the_bytes() -> None:
    clip = Clip("mp4", 7_200_000, True, 640, 360, wanted_bytes=14_400_000)

    assert clips.md5(clip) == hashlib.md5(b"".join(written(clip))).hexdigest()


def test_a_day_takes_no_more_memory_at_once_than_its_table() -> None:
    clip = Clip("mp4", 86_400_000, True, 1280, 720, wanted_bytes=6 * 10**9)

    blocks = [len(block) for block, _ in clip.runs()]

    assert clip.size_bytes == 6 * 10**9
    assert max(blocks) < 8 << 20


def test_the_end_of_a_large_file_is_read_without_what_lies_before() -> None:
    clip = Clip("aac", 86_400_000, wanted_bytes=4 * 10**9)

    (tail,) = written(clip, clip.size_bytes - 100)

    assert len(tail) == 100
