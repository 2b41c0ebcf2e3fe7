"""Names, slices and playlists of an Agora recording in mix mode, all from its segments.

A *segment* is a stretch in which something was recorded, from its start to its end (None: still
going on). Slices, the playlist and the MP4 files follow from the segments by arithmetic; nothing
is kept per slice.

Source:
    Vendor sheet §5.4 (names) and §5.5 (slicing, playlist lines): DS and CN23 manage-files. The
    MP4's two hours: DS start page (its manage-files page says three).
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.objects import File, Filler, Recipe, Text

SLICE_MS: Final = 15_000
MOVIE_MS: Final = 2 * 3_600_000
TRACKS: Final = {0: "audio", 1: "video", 2: "audio_and_video"}

Segments = tuple[tuple[int, int | None], ...]


class Layout(msgspec.Struct, frozen=True):
    """What the names and sizes of one recording are made of."""

    sid: str
    cname: str
    prefix: str
    stream_types: int
    kbps: int
    movies: bool
    comma: bool = False

    @property
    def stem(self) -> str:
        return f"{self.prefix}{self.sid}_{self.cname}"

    @property
    def playlist(self) -> str:
        return f"{self.stem}.m3u8"

    def size_bytes(self, length_ms: int) -> int:
        """Size by the documented rule: Kbps × seconds / 8."""
        return max(1, self.kbps * length_ms // 8)


def slices(segments: Segments, now_ms: int) -> Iterator[tuple[int, int, int]]:
    """List the closed slices as (start_ms, length_ms, segment index).

    >>> list(slices(((0, 20_000), (60_000, None)), 76_000))
    [(0, 15000, 0), (15000, 5000, 0), (60000, 15000, 1)]
    """
    for index, (start_ms, end_ms) in enumerate(segments):
        at_ms, until_ms = start_ms, now_ms if end_ms is None else min(end_ms, now_ms)
        while at_ms + SLICE_MS <= until_ms:
            yield at_ms, SLICE_MS, index
            at_ms += SLICE_MS
        if end_ms is not None and end_ms <= now_ms and at_ms < end_ms:
            yield at_ms, end_ms - at_ms, index


def recorded_ms(segments: Segments, now_ms: int) -> int:
    """Sum up what has been recorded so far."""
    return sum((now_ms if end is None else end) - start for start, end in segments)


def uploaded_ms(segments: Segments, now_ms: int) -> int:
    """Sum up what stands in closed slices so far, without listing them."""
    total = 0
    for start_ms, end_ms in segments:
        length = (now_ms if end_ms is None else end_ms) - start_ms
        total += length if end_ms is not None else length - length % SLICE_MS
    return total


def movies(segments: Segments, now_ms: int, has_ended: bool) -> Iterator[tuple[int, int, int]]:
    """List the MP4 files as (index, start_ms, length_ms); the last is open until the end.

    Each holds two hours of recorded time, whatever gaps lie in between.
    """
    index, started_ms, length_ms = 0, -1, 0
    for start_ms, end_ms in segments:
        at_ms, until_ms = start_ms, now_ms if end_ms is None else end_ms
        while at_ms < until_ms:
            started_ms = at_ms if length_ms == 0 else started_ms
            taken = min(until_ms - at_ms, MOVIE_MS - length_ms)
            at_ms, length_ms = at_ms + taken, length_ms + taken
            if length_ms == MOVIE_MS:
                yield index, started_ms, length_ms
                index, length_ms = index + 1, 0
    if length_ms and (has_ended or length_ms >= SLICE_MS):
        yield index, started_ms, length_ms


class Playlist(msgspec.Struct, Recipe, frozen=True, tag="agora.Playlist"):
    """The index of a recording, rewritten as it grows."""

    layout: Layout
    segments: Segments
    has_ended: bool = False

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        content = self.content(key, now_ms)
        if content is not None:
            stored_ms = max(start + length for start, length, _ in slices(self.segments, now_ms))
            yield File(bucket, key, content.size_bytes, "application/vnd.apple.mpegurl", stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        """Write the lines that players and Agora's documents expect."""
        lines: list[str] = []
        longest, before, comma = 0, -1, "," if self.layout.comma else ""
        stem = f"{self.layout.sid}_{self.layout.cname}"
        kinds = ("AUDIO", "VIDEO") if self.layout.stream_types == 2 else (
            ("AUDIO",) if self.layout.stream_types == 0 else ("VIDEO",)
        )  # fmt: skip
        for start_ms, length_ms, index in slices(self.segments, now_ms):
            if index != before:
                lines.append("#EXT-X-DISCONTINUITY")
                stamp = utc_stamp(start_ms)
                lines += [
                    f"#EXT-X-AGORA-TRACK-EVENT:EVENT=START,TRACK_TYPE={kind},TIME={stamp}"
                    for kind in kinds
                ]
                before = index
            longest = max(longest, length_ms)
            lines.append(f"#EXTINF:{length_ms / 1000:.6f}{comma}")
            lines.append(f"{stem}_{utc_stamp(start_ms)}.ts")
        if not lines:
            return None
        head = [
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-ALLOW-CACHE:YES",
            f"#EXT-X-TARGETDURATION:{-(-longest // 1000)}",
        ]
        tail = ["#EXT-X-ENDLIST"] if self.has_ended else []
        return Text("\n".join([*head, *lines, *tail, ""]).encode())


class Slices(msgspec.Struct, Recipe, frozen=True, tag="agora.Slices"):
    """All slices of a recording, under the key ``<stem>_*.ts``."""

    layout: Layout
    segments: Segments

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        for start_ms, length_ms, _ in slices(self.segments, now_ms):
            name = key.replace("*", utc_stamp(start_ms))
            size = self.layout.size_bytes(length_ms)
            yield File(bucket, name, size, "video/mp2t", start_ms + length_ms)

    def content(self, key: str, now_ms: int, /) -> Filler | None:
        for start_ms, length_ms, _ in slices(self.segments, now_ms):
            if key.endswith(f"_{utc_stamp(start_ms)}.ts"):
                return Filler(self.layout.size_bytes(length_ms), f"{key}\n".encode())
        return None


class Movies(msgspec.Struct, Recipe, frozen=True, tag="agora.Movies"):
    """All MP4 files of a recording, under the key ``<stem>_*.mp4``; each is stored when closed."""

    layout: Layout
    segments: Segments
    has_ended: bool = False

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        for index, start_ms, length_ms in movies(self.segments, now_ms, self.has_ended):
            if length_ms == MOVIE_MS or self.has_ended:
                size = self.layout.size_bytes(length_ms)
                name = key.replace("*", str(index))
                yield File(bucket, name, size, "video/mp4", start_ms + length_ms)

    def content(self, key: str, now_ms: int, /) -> Filler | None:
        pattern = f"{self.layout.stem}_*.mp4"
        for file in self.files("", pattern, now_ms):
            if file.key == key:
                return Filler(file.size_bytes, f"{key}\n".encode())
        return None


def listed(
    layout: Layout, segments: Segments, now_ms: int, has_ended: bool
) -> list[dict[str, object]]:
    """List the files as replies and event 31 do when MP4 is on: index first, then each MP4.

    Source:
        Keys and order: sheet §3.1 variant 4. That the index is listed from the start, with time 0
        until there is media, and that a movie is listed once its first slice has closed, is
        assumed.
    """
    first_ms = segments[0][0] if segments else 0
    names = [(layout.playlist, first_ms)]
    if layout.movies:
        names += [
            (f"{layout.stem}_{index}.mp4", start_ms)
            for index, start_ms, _ in movies(segments, now_ms, has_ended)
        ]
    return [
        {
            "fileName": name,
            "trackType": TRACKS[layout.stream_types],
            "uid": "0",
            "mixedAllUser": True,
            "isPlayable": True,
            "sliceStartTime": start_ms,
        }
        for name, start_ms in names
    ]
