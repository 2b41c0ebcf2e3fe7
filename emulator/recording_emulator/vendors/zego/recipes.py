"""The stored files of a ZEGO recording: playlists and sound waves in full, media as clips.

Source:
    Sheet §5.6 (fragments ``<base>_<n>.ts`` from 0, assumed), §5.7 (the backup keeps for 3 days;
    DOC), §7 (``.sw`` side files; DOC). The lines of a playlist are documented nowhere: assumed.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.media import NEVER_MS, Series
from recording_emulator.core.objects import File as Stored
from recording_emulator.core.objects import Recipe, Text
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments, Slice, nth_slice, slice_count, slices
from recording_emulator.vendors.zego.files import Stream

PLAYLIST: Final = "application/vnd.apple.mpegurl"
_DIGITS: Final = 16
"""A fragment's number has fewer."""
WAVE_MS: Final = 1_000
"""A volume is written every second (DOC)."""


class Playlist(msgspec.Struct, Recipe, frozen=True, gc=False, tag="zego.Playlist"):
    """The index of fragments: whole after the upload, or growing while they are uploaded."""

    base: str
    segments: Segments
    fragment_ms: int
    stored_ms: int
    has_ended: bool
    until_ms: int = NEVER_MS

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[Stored]:
        content = self.content(key, now_ms)
        if content is not None:
            yield Stored(bucket, key, content.size_bytes, PLAYLIST, self.stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        if not self.stored_ms <= now_ms < self.until_ms:
            return None
        lines, longest, before = [], 0, 0
        for nth, (_, length_ms, index) in enumerate(
            slices(self.segments, self.fragment_ms, now_ms)
        ):
            longest = max(longest, length_ms)
            if index != before:
                lines.append("#EXT-X-DISCONTINUITY")
            before = index
            lines += [f"#EXTINF:{length_ms / 1000:.3f},", f"{self.base}_{nth}.ts"]
        if not lines:
            return None
        head = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{-(-longest // 1000)}"]
        tail = ["#EXT-X-ENDLIST"] if self.has_ended else []
        return Text("\n".join([*head, "#EXT-X-MEDIA-SEQUENCE:0", *lines, *tail, ""]).encode())


class Fragments(msgspec.Struct, Series, frozen=True, gc=False, tag="zego.Fragments"):
    """All fragments of a playlist, under the key ``<base>_*.ts``."""

    stream: Stream
    segments: Segments
    fragment_ms: int
    stored_ms: int
    until_ms: int = NEVER_MS

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        if not self.stored_ms <= now_ms < self.until_ms:
            return
        for nth, each in enumerate(slices(self.segments, self.fragment_ms, now_ms)):
            yield str(nth), *self._cut(each)

    def clip(self, part: str, now_ms: int) -> tuple[Clip, int] | None:
        nth = int(part) if part.isascii() and part.isdigit() and len(part) < _DIGITS else -1
        if str(nth) != part or not self.stored_ms <= now_ms < self.until_ms:
            return None
        found = nth_slice(self.segments, self.fragment_ms, nth, now_ms)
        return None if found is None else self._cut(found)

    def count(self, _bucket: str, _key: str, now_ms: int, /) -> int:
        if not self.stored_ms <= now_ms < self.until_ms:
            return 0
        return slice_count(self.segments, self.fragment_ms, now_ms)

    def _cut(self, cut: Slice) -> tuple[Clip, int]:
        start_ms, length_ms, _ = cut
        clip = self.stream.clip("ts", length_ms, start_ms - self.segments[0][0])
        return clip, max(self.stored_ms, start_ms + length_ms)

    def shot(self, key: str, now_ms: int, /) -> Shot | None:
        nth = int(key.removesuffix(".ts").rpartition("_")[2])
        found = nth_slice(self.segments, self.fragment_ms, nth, now_ms)
        return None if found is None else self.stream.shot((found[0], found[0] + found[1]))


class SoundWave(msgspec.Struct, Recipe, frozen=True, gc=False, tag="zego.SoundWave"):
    """Who was how loud, second by second; ``heard`` says who could be, from when on.

    Source:
        Shape: sheet §2.1.3 (DOC). That the whole is one array is assumed; the volumes are ours.
    """

    label: str
    heard: tuple[tuple[int, tuple[str, ...]], ...]
    segments: Segments
    stored_ms: int
    until_ms: int = NEVER_MS

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[Stored]:
        content = self.content(key, now_ms)
        if content is not None:
            yield Stored(bucket, key, content.size_bytes, "application/json", self.stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        if not self.stored_ms <= now_ms < self.until_ms:
            return None
        return Text(msgspec.json.encode(list(self._waves(now_ms))))

    def _seconds(self, now_ms: int) -> Iterator[int]:
        for start_ms, end_ms in self.segments:
            yield from range(start_ms, now_ms + 1 if end_ms is None else end_ms, WAVE_MS)

    def _waves(self, now_ms: int) -> Iterator[dict[str, object]]:
        changes = iter([*self.heard, (NEVER_MS, ())])
        voices: tuple[str, ...] = ()
        then_ms, coming = next(changes)
        for at_ms in self._seconds(now_ms):
            while then_ms <= at_ms:
                voices = coming
                then_ms, coming = next(changes)
            wave = [
                {self.label: each, "volume": (at_ms // WAVE_MS * 37 + nth * 13) % 101}
                for nth, each in enumerate(voices)
            ]
            yield {"time": at_ms, "sound_wave": wave}
