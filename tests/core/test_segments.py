"""Segments: what is calculated is what is listed."""

from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.core.clock import of_stamp, utc_stamp
from recording_emulator.core.segments import (
    Segments,
    is_picture,
    nth_slice,
    picture_count,
    pictures,
    slice_at,
    slice_count,
    slices,
)


@st.composite
def some_segments(draw: st.DrawFn) -> Segments:
    marks = sorted(draw(st.lists(st.integers(0, 300), max_size=9)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    return (*pairs, (marks[-1], None)) if len(marks) % 2 else tuple(pairs)


EVERY = st.integers(1, 40)
NOW = st.integers(0, 320)


@given(some_segments(), EVERY, NOW)
def test_a_slice_is_found_by_its_number_as_it_is_listed(
    segments: Segments, slice_ms: int, now_ms: int
) -> None:
    listed = list(slices(segments, slice_ms, now_ms))

    found = [nth_slice(segments, slice_ms, nth, now_ms) for nth in range(len(listed) + 1)]

    assert found == [*listed, None]
    assert slice_count(segments, slice_ms, now_ms) == len(listed)


@given(some_segments(), EVERY, NOW)
def test_a_slice_is_found_by_its_start_as_it_is_listed(
    segments: Segments, slice_ms: int, now_ms: int
) -> None:
    listed = list(slices(segments, slice_ms, now_ms))

    found = [slice_at(segments, slice_ms, at_ms, now_ms) for at_ms in range(-5, 330)]

    assert [each for each in found if each] == listed


@given(some_segments(), EVERY, NOW)
def test_a_picture_is_known_by_its_instant_as_it_is_listed(
    segments: Segments, every_ms: int, now_ms: int
) -> None:
    now_ms = max([now_ms, *(start for start, _ in segments)])  # what has begun has begun
    listed = list(pictures(segments, every_ms, now_ms))

    known = [at for at in range(-5, 330) if is_picture(segments, every_ms, at, now_ms)]

    assert known == listed
    assert picture_count(segments, every_ms, now_ms) == len(listed)


@given(st.integers(0, 10**15))
def test_a_stamp_is_read_as_it_was_written(at_ms: int) -> None:
    assert of_stamp(utc_stamp(at_ms)) == at_ms


@given(st.text("0123456789-+ _٣²", max_size=20) | st.integers(0, 10**18).map(str))
def test_what_is_no_stamp_is_no_instant(text: str) -> None:
    found = of_stamp(text)

    assert found is None or utc_stamp(found) == text
