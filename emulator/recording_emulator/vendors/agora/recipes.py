"""The stored files of an Agora recording: playlists in full, media as clips.

Source:
    Vendor sheet §5.4 (names) and §5.5 (playlist lines): DS and CN23 manage-files.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.clock import of_stamp, utc_stamp
from recording_emulator.core.media import Series
from recording_emulator.core.objects import File, Recipe, Text, member, part_of, pattern_of
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import (
    Segments,
    Slice,
    slice_at,
    slice_count,
    slices,
    stretch,
)
from recording_emulator.vendors.agora.files import (
    AUDIO,
    BOTH,
    MOVIE_MS,
    SLICE_MS,
    USER_SIZE,
    VIDEO,
    Layout,
    movies,
)

PLAYLIST: Final = "application/vnd.apple.mpegurl"
PICTURE_BYTES: Final = 65_536
"""The size of a snapshot; nothing is documented, assumed."""
PICTURE: Final = Clip("jpg", 0, False, *USER_SIZE, wanted_bytes=PICTURE_BYTES)
_KINDS: Final = {AUDIO: ("AUDIO",), VIDEO: ("VIDEO",), BOTH: ("AUDIO", "VIDEO")}


class Playlist(msgspec.Struct, Recipe, frozen=True, gc=False, tag="agora.Playlist"):
    """The index of a track, rewritten as it grows."""

    layout: Layout
    segments: Segments
    has_ended: bool = False

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        content = self.content(key, now_ms)
        if content is not None:
            stored_ms = max(
                start + length for start, length, _ in slices(self.segments, SLICE_MS, now_ms)
            )
            yield File(bucket, key, content.size_bytes, PLAYLIST, stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        """Write the lines that players and Agora's documents expect."""
        lines: list[str] = []
        longest, before, comma = 0, -1, "," if self.layout.comma else ""
        name = self.layout.name
        for start_ms, length_ms, index in slices(self.segments, SLICE_MS, now_ms):
            if index != before:
                lines.append("#EXT-X-DISCONTINUITY")
                stamp = utc_stamp(start_ms)
                lines += [
                    f"#EXT-X-AGORA-TRACK-EVENT:EVENT=START,TRACK_TYPE={kind},TIME={stamp}"
                    for kind in _KINDS[self.layout.stream_types]
                ]
                before = index
            longest = max(longest, length_ms)
            lines.append(f"#EXTINF:{length_ms / 1000:.6f}{comma}")
            lines.append(f"{name}_{utc_stamp(start_ms)}.ts")
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


class Merged(msgspec.Struct, Recipe, frozen=True, gc=False, tag="agora.Merged"):
    """The index that joins a user's audio and video (``streamMode`` standard).

    Source:
        That there is one: DS. Its name and content are documented nowhere; a master playlist that
        names both indexes is assumed.
    """

    layout: Layout
    audio: Segments
    video: Segments

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        content = self.content(key, now_ms)
        if content is not None:
            first = [next(slices(each, SLICE_MS, now_ms)) for each in (self.audio, self.video)]
            stored_ms = max(start + length for start, length, _ in first)
            yield File(bucket, key, content.size_bytes, PLAYLIST, stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        if not all(any(slices(each, SLICE_MS, now_ms)) for each in (self.audio, self.video)):
            return None
        uid, era = self.layout.uid, self.layout.era
        names = {kind: f"{self.layout.of(uid, kind, era).name}.m3u8" for kind in (AUDIO, VIDEO)}
        sound = 'TYPE=AUDIO,GROUP-ID="audio",NAME="audio",DEFAULT=YES'
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            f'#EXT-X-MEDIA:{sound},URI="{names[AUDIO]}"',
            f'#EXT-X-STREAM-INF:BANDWIDTH={self.layout.kbps * 1000},AUDIO="audio"',
            names[VIDEO],
            "",
        ]
        return Text("\n".join(lines).encode())


class Slices(msgspec.Struct, Series, frozen=True, gc=False, tag="agora.Slices"):
    """All slices of a track, under the key ``<stem>_*.ts``."""

    layout: Layout
    segments: Segments

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        for each in slices(self.segments, SLICE_MS, now_ms):
            yield utc_stamp(each[0]), *self._cut(each)

    def clip(self, part: str, now_ms: int) -> tuple[Clip, int] | None:
        found = self._found(part, now_ms)
        return found and self._cut(found)

    def count(self, _bucket: str, _key: str, now_ms: int, /) -> int:
        return slice_count(self.segments, SLICE_MS, now_ms)

    def _found(self, part: str, now_ms: int) -> Slice | None:
        at_ms = of_stamp(part)
        return None if at_ms is None else slice_at(self.segments, SLICE_MS, at_ms, now_ms)

    def _cut(self, cut: Slice) -> tuple[Clip, int]:
        start_ms, length_ms, _ = cut
        clip = self.layout.clip("ts", length_ms, start_ms - self.segments[0][0])
        return clip, start_ms + length_ms

    def shot(self, key: str, now_ms: int, /) -> Shot | None:
        found = self._found(part_of(pattern_of(key), key), now_ms)
        return found and self.layout.shot((found[0], found[0] + found[1]))


class Movies(msgspec.Struct, Series, frozen=True, gc=False, tag="agora.Movies"):
    """All MP4 files of a recording, under the key ``<stem>_*.mp4``; each is stored when closed."""

    layout: Layout
    segments: Segments
    has_ended: bool = False

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        whole_ms = self.layout.movie_ms
        for index, start_ms, length_ms in movies(self.segments, now_ms, self.has_ended, whole_ms):
            if length_ms == whole_ms or self.has_ended:
                clip = self.layout.clip("mp4", length_ms)
                yield str(index), clip, start_ms + length_ms

    def shot(self, key: str, now_ms: int, /) -> Shot | None:
        whole_ms = self.layout.movie_ms
        index = int(key.removesuffix(".mp4").rpartition("_")[2])
        spans = stretch(self.segments, index * whole_ms, whole_ms, now_ms)
        return self.layout.shot(*spans)


class Transcoded(msgspec.Struct, Series, frozen=True, gc=False, tag="agora.TranscodedFiles"):
    """The files postponed work made, under the key ``<stem>_*.<suffix>``; all stored at once."""

    layout: Layout
    suffix: str
    segments: Segments
    stored_ms: int

    def names(self, key: str) -> list[str]:
        return [member(key, part) for part, _, _ in self.clips(self.stored_ms)]

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        assert now_ms >= self.stored_ms, (now_ms, self)
        for index, _, length_ms in movies(self.segments, now_ms, has_ended=True):
            yield str(index), self.layout.clip(self.suffix, length_ms), self.stored_ms

    def shot(self, key: str, now_ms: int, /) -> Shot | None:
        index = int(key.removesuffix(f".{self.suffix}").rpartition("_")[2])
        return self.layout.shot(*stretch(self.segments, index * MOVIE_MS, MOVIE_MS, now_ms))
