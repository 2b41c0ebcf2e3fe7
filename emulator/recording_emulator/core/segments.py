"""Segments: the stretches in which something was recorded, and what follows from them.

A segment has a start and an end (None: still going on). Slices and pictures follow from segments by
arithmetic; nothing is kept per slice, so that a day costs as little as a minute.
"""

from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

Segments = tuple[tuple[int, int | None], ...]
"""In the order of time."""
Slice = tuple[int, int, int]
"""A closed slice: start_ms, length_ms, segment index."""


def slices(segments: Segments, slice_ms: int, now_ms: int) -> Iterator[Slice]:
    """List the closed slices as (start_ms, length_ms, segment index).

    >>> list(slices(((0, 20_000), (60_000, None)), 15_000, 76_000))
    [(0, 15000, 0), (15000, 5000, 0), (60000, 15000, 1)]
    """
    for index, (start_ms, end_ms) in enumerate(segments):
        at_ms, until_ms = start_ms, now_ms if end_ms is None else min(end_ms, now_ms)
        while at_ms + slice_ms <= until_ms:
            yield at_ms, slice_ms, index
            at_ms += slice_ms
        if end_ms is not None and end_ms <= now_ms and at_ms < end_ms:
            yield at_ms, end_ms - at_ms, index


def slice_count(segments: Segments, slice_ms: int, now_ms: int) -> int:
    """Count the closed slices without listing them.

    >>> slice_count(((0, 20_000), (60_000, None)), 15_000, 76_000)
    3
    """
    return sum(_closed(each, slice_ms, now_ms) for each in segments)


def slice_at(segments: Segments, slice_ms: int, at_ms: int, now_ms: int) -> Slice | None:
    """Find the closed slice that begins at an instant.

    >>> slice_at(((0, 20_000), (60_000, None)), 15_000, 15_000, 76_000)
    (15000, 5000, 0)
    """
    index = _segment_of(segments, at_ms)
    if index is None:
        return None
    nth, rest = divmod(at_ms - segments[index][0], slice_ms)
    return None if rest else _cut(segments, index, slice_ms, nth, now_ms)


def nth_slice(segments: Segments, slice_ms: int, nth: int, now_ms: int) -> Slice | None:
    """Find a closed slice by its number, counted from 0.

    >>> nth_slice(((0, 20_000), (60_000, None)), 15_000, 2, 76_000)
    (60000, 15000, 1)
    """
    for index, segment in enumerate(segments):
        count = _closed(segment, slice_ms, now_ms)
        if nth < count:
            return _cut(segments, index, slice_ms, nth, now_ms)
        nth -= count
    return None


def _segment_of(segments: Segments, at_ms: int) -> int | None:
    """Find the last segment that has begun at an instant."""
    index = bisect_right(segments, at_ms, key=itemgetter(0)) - 1
    return index if index >= 0 else None


def _closed(segment: tuple[int, int | None], slice_ms: int, now_ms: int) -> int:
    """Count a segment's closed slices."""
    start_ms, end_ms = segment
    if end_ms is not None and end_ms <= now_ms:
        return max(0, -(-(end_ms - start_ms) // slice_ms))
    return max(0, (now_ms - start_ms) // slice_ms)


def _cut(segments: Segments, index: int, slice_ms: int, nth: int, now_ms: int) -> Slice | None:
    start_ms, end_ms = segments[index]
    if nth >= _closed(segments[index], slice_ms, now_ms):
        return None
    at_ms = start_ms + nth * slice_ms
    return at_ms, slice_ms if end_ms is None else min(slice_ms, end_ms - at_ms), index


def stretch(
    segments: Segments, from_ms: int, length_ms: int, now_ms: int
) -> tuple[tuple[int, int], ...]:
    """Return when the part of a recording was that begins after ``from_ms`` of recorded time.

    >>> stretch(((0, 20_000), (60_000, None)), 15_000, 10_000, 90_000)
    ((15000, 20000), (60000, 65000))
    """
    found: list[tuple[int, int]] = []
    for start_ms, end_ms in segments:
        until_ms = now_ms if end_ms is None else end_ms
        skipped = min(from_ms, until_ms - start_ms)
        from_ms -= skipped
        begin_ms = start_ms + skipped
        taken = min(until_ms - begin_ms, length_ms)
        if taken > 0:
            found.append((begin_ms, begin_ms + taken))
            length_ms -= taken
    return tuple(found)


def recorded_ms(segments: Segments, now_ms: int) -> int:
    """Sum up what has been recorded so far.

    >>> recorded_ms(((0, 20_000), (60_000, None)), 61_000)
    21000
    """
    return sum((now_ms if end is None else end) - start for start, end in segments)


def pictures(segments: Segments, every_ms: int, now_ms: int) -> Iterator[int]:
    """List when pictures were taken: as a segment begins and every so often while it lasts.

    One that is due as a segment ends was still taken: it has been told of by then.

    Source:
        That the first comes with the first frame is assumed, whatever the vendor.

    >>> list(pictures(((0, 10_000), (60_000, None)), 10_000, 75_000))
    [0, 10000, 60000, 70000]
    >>> list(pictures(((0, 10_000), (10_000, 15_000)), 10_000, 75_000))
    [0, 10000]
    """
    last_ms = -1
    for start_ms, end_ms in segments:
        until_ms = now_ms if end_ms is None else end_ms
        for at_ms in range(start_ms, until_ms + 1, every_ms):
            if at_ms > last_ms:
                yield at_ms
                last_ms = at_ms


def is_picture(segments: Segments, every_ms: int, at_ms: int, now_ms: int) -> bool:
    """Whether a picture was taken at an instant.

    >>> [is_picture(((0, 10_000), (60_000, None)), 10_000, at, 75_000) for at in (5_000, 70_000)]
    [False, True]
    """
    index = _segment_of(segments, at_ms)
    if index is None:
        return False
    start_ms, end_ms = segments[index]
    return at_ms <= (now_ms if end_ms is None else end_ms) and (at_ms - start_ms) % every_ms == 0


def picture_count(segments: Segments, every_ms: int, now_ms: int) -> int:
    """Count the pictures without listing them.

    >>> picture_count(((0, 10_000), (60_000, None)), 10_000, 75_000)
    4
    """
    total, last_ms = 0, -1
    for start_ms, end_ms in segments:
        count = ((now_ms if end_ms is None else end_ms) - start_ms) // every_ms + 1
        if count > 0:
            total += count - (start_ms == last_ms)
            last_ms = start_ms + (count - 1) * every_ms
    return total
