"""Spoiled objects: what a fault does to a stored file, told nobody but who looks.

What a vendor announces stays as it would be: the client's app is to notice by itself that a slice
is missing, or that a file is shorter than it was told. Of a series (the slices of a playlist) one
file is hit: the first that is stored at ``from_ms`` or later.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.objects import Broken, Content, File, Text

MISSING: Final = "missing"
TRUNCATE: Final = "truncate"
EMPTY: Final = "empty"
CORRUPT: Final = "corrupt"
WRONG_DURATION: Final = "wrong_duration"
LATE: Final = "late"
LISTED_EARLY: Final = "listed_early"
_LENGTH: Final = re.compile(rb"(?m)^#EXTINF:(\d+(?:\.\d+)?)")


class Spoil(msgspec.Struct, frozen=True, gc=False, tag="core.Spoil"):
    """What is done to one file of an entry."""

    effect: str
    from_ms: int
    by_ms: int = 0

    def applied(
        self, found: Iterator[tuple[File, Content]], now_ms: int
    ) -> Iterator[tuple[File, Content | None]]:
        """Pass files on, one of them spoiled; one that is listed and not there has no content."""
        is_done = False
        for file, content in found:
            if is_done or file.stored_ms < self.from_ms:
                yield file, content
                continue
            is_done = True
            yield from self._spoiled(file, content, now_ms)

    def found(
        self, file: File, content: Content, every: Iterator[File], now_ms: int
    ) -> tuple[File, Content] | None:
        """Return one file as it is by now; ``every`` are those of its entry, oldest first."""
        hit = self.hit(every) if file.stored_ms >= self.from_ms else None
        if hit is None or hit.key != file.key:
            return file, content
        for spoilt, left in self._spoiled(file, content, now_ms):
            if left is not None:
                return spoilt, left
        return None

    def due_ms(self, every: Iterator[File]) -> int | None:
        """Return when the file that is hit comes, if it comes late."""
        if self.effect not in (LATE, LISTED_EARLY):
            return None
        hit = self.hit(every)
        return None if hit is None else hit.stored_ms + self.by_ms

    def hit(self, every: Iterator[File]) -> File | None:
        """Return the file that is hit, as it would be; ``every`` are those of its entry."""
        return next((each for each in every if each.stored_ms >= self.from_ms), None)

    def _spoiled(
        self, file: File, content: Content, now_ms: int
    ) -> Iterator[tuple[File, Content | None]]:
        there_ms = file.stored_ms + self.by_ms
        match self.effect:
            case "missing":
                return
            case "truncate":
                content = Broken(content, content.size_bytes // 2)
            case "empty":
                content = Text(b"")
            case "corrupt":
                content = Broken(content, content.size_bytes, is_flipped=True)
            case "wrong_duration":
                content = _twice_as_long(content)
            case "late":
                if now_ms < there_ms:
                    return
                file = msgspec.structs.replace(file, stored_ms=there_ms)
            case "listed_early" if now_ms < there_ms:
                yield file, None
                return
        yield msgspec.structs.replace(file, size_bytes=content.size_bytes), content


def _twice_as_long(content: Content) -> Content:
    r"""Let a playlist say that its slices last twice as long as they do; media really do.

    >>> _twice_as_long(Text(b"#EXTM3U\n#EXTINF:15.5,\na.ts\n")).body
    b'#EXTM3U\n#EXTINF:31.0,\na.ts\n'
    """
    if isinstance(content, Clip):
        return msgspec.structs.replace(content, length_ms=2 * content.length_ms)
    if not isinstance(content, Text):
        return content
    return Text(_LENGTH.sub(lambda found: b"#EXTINF:%s" % _doubled(found[1]), content.body))


def _doubled(length: bytes) -> bytes:
    text = length.decode()
    digits = len(text.partition(".")[2])
    return f"{float(text) * 2:.{digits}f}".encode()
