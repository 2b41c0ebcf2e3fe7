"""Recipes of media, whatever the vendor: one clip, or series that follow from plain data."""

from collections.abc import Iterator
from typing import Final

import msgspec

from recording_emulator.core.clips.clip import FORMATS, Clip
from recording_emulator.core.clock import of_stamp, utc_stamp
from recording_emulator.core.objects import (
    Content,
    File,
    Recipe,
    Text,
    member,
    part_of,
    pattern_of,
)
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments, is_picture, picture_count, pictures

NEVER_MS: Final = 2**53


def stored(bucket: str, key: str, clip: Clip, stored_ms: int) -> File:
    """List a clip as a stored file: its size and type are its own."""
    kind = FORMATS[clip.container].content_type
    return File(bucket, key, clip.size_bytes, kind, stored_ms)


class OneFile(msgspec.Struct, Recipe, frozen=True, gc=False, tag="core.OneFile"):
    """One clip, from when it is stored until it is thrown away; an empty one lost its bytes.

    ``filmed`` is what it shows, where that is known.
    """

    clip: Clip
    stored_ms: int
    until_ms: int = NEVER_MS
    is_empty: bool = False
    filmed: Shot | None = None

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        if self.stored_ms <= now_ms < self.until_ms:
            file = stored(bucket, key, self.clip, self.stored_ms)
            yield msgspec.structs.replace(file, size_bytes=0) if self.is_empty else file

    def content(self, _key: str, now_ms: int, /) -> Clip | Text | None:
        if not self.stored_ms <= now_ms < self.until_ms:
            return None
        return Text(b"") if self.is_empty else self.clip

    def shot(self, _key: str, _now_ms: int, /) -> Shot | None:
        return self.filmed


class Series(Recipe):
    """Clips that follow from one recipe and are kept under a pattern."""

    __slots__ = ()

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        """List what stands in place of the pattern's star, the clip, and when it was stored."""
        raise NotImplementedError

    def clip(self, part: str, now_ms: int) -> tuple[Clip, int] | None:
        """Return the clip of one such part and when it was stored; long series calculate it."""
        found = ((clip, at_ms) for each, clip, at_ms in self.clips(now_ms) if each == part)
        return next(found, None)

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        return (file for file, _ in self.contents(bucket, key, now_ms))

    def content(self, key: str, now_ms: int, /) -> Clip | None:
        found = self.clip(part_of(pattern_of(key), key), now_ms)
        return None if found is None else found[0]

    def contents(self, bucket: str, key: str, now_ms: int) -> Iterator[tuple[File, Content]]:
        for part, clip, stored_ms in self.clips(now_ms):
            yield stored(bucket, member(key, part), clip, stored_ms), clip

    def count(self, _bucket: str, _key: str, now_ms: int, /) -> int:
        return sum(1 for _ in self.clips(now_ms))

    def find(self, bucket: str, key: str, name: str, now_ms: int) -> tuple[File, Content] | None:
        found = self.clip(part_of(key, name), now_ms)
        return None if found is None else (stored(bucket, name, *found), found[0])


class Pictures(msgspec.Struct, Series, frozen=True, gc=False, tag="core.Pictures"):
    """All pictures of one stream, taken while it is there, under the key ``<stem>_*.jpg``.

    Those of ``user`` None are of all, mixed.
    """

    segments: Segments
    every_ms: int
    picture: Clip
    cast: str = ""
    user: str | None = ""

    def clips(self, now_ms: int) -> Iterator[tuple[str, Clip, int]]:
        for taken_ms in pictures(self.segments, self.every_ms, now_ms):
            yield utc_stamp(taken_ms), self.picture, taken_ms

    def clip(self, part: str, now_ms: int) -> tuple[Clip, int] | None:
        at_ms = of_stamp(part)
        if at_ms is None or not is_picture(self.segments, self.every_ms, at_ms, now_ms):
            return None
        return self.picture, at_ms

    def count(self, _bucket: str, _key: str, now_ms: int, /) -> int:
        return picture_count(self.segments, self.every_ms, now_ms)

    def shot(self, key: str, now_ms: int, /) -> Shot | None:
        found = self.clip(part_of(pattern_of(key), key), now_ms)
        return found and Shot(self.cast, ((found[1], found[1] + 1),), self.user)
