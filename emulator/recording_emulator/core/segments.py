"""Segments: the stretches in which something was recorded, and what follows from them.

A segment has a start and an end (None: still going on). Slices and pictures follow from segments by
arithmetic; nothing is kept per slice, so that a day costs as little as a minute.
"""

from collections.abc import Iterator

Segments = tuple[tuple[int, int | None], ...]


def slices(segments: Segments, slice_ms: int, now_ms: int) -> Iterator[tuple[int, int, int]]:
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
