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


FLV_HEAD = 13
FIVE_HOURS_MS = 5 * 3_600_000
"""More than the lower three bytes of a tag's time hold."""


def flv_times(content: bytes, kind: int) -> list[int]:
    """Return when each tag of a kind is shown, but the first, which describes the codec."""
    found, at = [], FLV_HEAD
    while at < len(content):
        size = int.from_bytes(content[at + 1 : at + 4], "big")
        assert int.from_bytes(content[at + 11 + size : at + 15 + size], "big") == size + 11
        if content[at] == kind:
            found.append(int.from_bytes(content[at + 7 : at + 8] + content[at + 4 : at + 7], "big"))
        at += 15 + size
    return found[1:]


@pytest.mark.parametrize("fps", [1, 7])
def test_every_picture_of_a_long_flv_says_when_it_is_shown(fps: int) -> None:
    clip = Clip("flv", FIVE_HOURS_MS, False, 16, 16, fps, wanted_bytes=6_000_000)

    times = flv_times(b"".join(written(clip)), 9)

    assert times == [nth * 1_000 // fps for nth in range(5 * 3_600 * fps)]


@pytest.mark.parametrize("size", [(0, 0), (16, 16)])
@pytest.mark.parametrize("length_ms", [15_999, 16_000, 95_999, 96_021])
def test_every_sound_of_an_flv_says_when_it_is_heard(size: tuple[int, int], length_ms: int) -> None:
    clip = Clip("flv", length_ms, True, *size, wanted_bytes=300_000)

    times = flv_times(b"".join(written(clip)), 8)

    assert times == [nth * 64 // 3 for nth in range(-(-length_ms * 3 // 64))]


def test_sounds_of_a_long_flv_go_on_where_three_bytes_of_their_time_run_over() -> None:
    clip = Clip("flv", FIVE_HOURS_MS)
    end = clip.size_bytes
    tag = 15 + 2 + 4
    count = -(-FIVE_HOURS_MS * 3 // 64)

    whole = b"".join(written(clip, end - count * tag, end))

    times = [
        whole[at * tag + 7] << 24 | int.from_bytes(whole[at * tag + 4 : at * tag + 7], "big")
        for at in range(0, count, 97)
    ]
    assert times == [nth * 64 // 3 for nth in range(0, count, 97)]
