"""Recipes of media that only have the right size, whatever the vendor."""

from collections.abc import Iterator

import msgspec

from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.objects import Content, File, Filler, Recipe, pattern_of
from recording_emulator.core.segments import Segments, pictures


class Series(Recipe):
    """Files that follow from one recipe and are kept under a pattern; each is filler."""

    __slots__ = ()

    def content(self, key: str, now_ms: int, /) -> Filler | None:
        for file in self.files("", pattern_of(key), now_ms):
            if file.key == key:
                return _filler(file)
        return None

    def contents(self, bucket: str, key: str, now_ms: int) -> Iterator[tuple[File, Content]]:
        return ((file, _filler(file)) for file in self.files(bucket, key, now_ms))


def _filler(file: File) -> Filler:
    return Filler(file.size_bytes, f"{file.key}\n".encode())


class Pictures(msgspec.Struct, Series, frozen=True, gc=False, tag="core.Pictures"):
    """All pictures of one stream, taken while it is there, under the key ``<stem>_*.jpg``."""

    segments: Segments
    every_ms: int
    each_bytes: int

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        for taken_ms in pictures(self.segments, self.every_ms, now_ms):
            name = key.replace("*", utc_stamp(taken_ms))
            yield File(bucket, name, self.each_bytes, "image/jpeg", taken_ms)
