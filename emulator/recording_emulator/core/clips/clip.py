"""Clips: files of media as numbers; sizes follow by arithmetic, bytes when somebody reads them.

Rules:

1. ``size_bytes`` makes no bytes: what is told of a file costs the clock nothing.
2. A file has the size that its vendor's rule wants (``wanted_bytes``) wherever the container can
   be filled up to it with what players skip; where its own bytes are more, they count.
3. Bytes come as *runs*, a block and how often it stands there: a file of gigabytes is hashed and
   read in ranges without being kept.
"""

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

import msgspec

from recording_emulator.core.clips import avi, flv, jpeg, mp4, mpegts, ogg, raw, webm
from recording_emulator.core.clips.h264 import even

CHUNK_BYTES: Final = 1 << 18
Runs = Iterable[tuple[bytes, int]]


class Clip(msgspec.Struct, frozen=True, gc=False):
    """One file of media; without a ``width`` it has no picture.

    ``start_ms`` is where it begins on the time line of its stream, which only ``ts`` shows.
    """

    container: str
    length_ms: int
    has_audio: bool = True
    width: int = 0
    height: int = 0
    fps: int = 15
    wanted_bytes: int = 0
    start_ms: int = 0

    @property
    def has_video(self) -> bool:
        return self.width > 0

    @property
    def size(self) -> tuple[int, int]:
        """How large its pictures are: H.264 halves colours, so the sides are even."""
        return even(self.width), even(self.height)

    @property
    def size_bytes(self) -> int:
        return FORMATS[self.container].size(self)

    def frames(self, samples: int, rate_hz: int) -> range:
        """Number the frames of ``samples`` each that begin in it, at least one."""
        first = -(-self.start_ms * rate_hz // (1_000 * samples))
        end = -(-(self.start_ms + self.length_ms) * rate_hz // (1_000 * samples))
        return range(first, max(end, first + 1))

    @property
    def pictures(self) -> range:
        return self.frames(1, self.fps)

    def runs(self) -> Runs:
        return FORMATS[self.container].runs(self)

    def filled(self, own_bytes: int, least: int) -> int:
        """Return the wanted size if ``own_bytes`` leave at least ``least`` to fill up, or them."""
        return self.wanted_bytes if self.wanted_bytes >= own_bytes + least else own_bytes


class _Sizer(Protocol):
    def __call__(self, clip: Clip, /) -> int: ...


class _Runner(Protocol):
    def __call__(self, clip: Clip, /) -> Runs: ...


class Format(NamedTuple):
    """How a container is measured, written, and called on the wire."""

    size: _Sizer
    runs: _Runner
    content_type: str


FORMATS: Final[Mapping[str, Format]] = {
    "ts": Format(mpegts.size, mpegts.runs, "video/mp2t"),
    "mp4": Format(mp4.size, mp4.runs, "video/mp4"),
    "m4a": Format(mp4.size, mp4.runs, "audio/mp4"),
    "flv": Format(flv.size, flv.runs, "video/x-flv"),
    "avi": Format(avi.size, avi.runs, "video/x-msvideo"),
    "webm": Format(webm.size, webm.runs, "video/webm"),
    "aac": Format(raw.aac_size, raw.aac_runs, "audio/aac"),
    "mp3": Format(raw.mp3_size, raw.mp3_runs, "audio/mpeg"),
    "wav": Format(raw.wav_size, raw.wav_runs, "audio/wav"),
    "ogg": Format(ogg.size, ogg.runs, "audio/ogg"),
    "jpg": Format(jpeg.size, jpeg.runs, "image/jpeg"),
}


def written(clip: Clip, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """Write the bytes ``start..stop`` of a clip, in chunks; what lies before costs little.

    Small blocks are joined, for whoever reads pays for every chunk.
    """
    held: list[bytes] = []
    size = 0
    for block in _blocks(clip, start, stop):
        if held and size + len(block) > CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
        held.append(block)
        size += len(block)
    if held:
        yield b"".join(held)


def _blocks(clip: Clip, start: int, stop: int | None) -> Iterator[bytes]:
    at, end = 0, clip.size_bytes if stop is None else stop
    for block, times in clip.runs():
        whole = len(block) * times
        if at >= end:
            return
        low, high = max(start - at, 0), min(end - at, whole)
        many = block * min(times, max(1, CHUNK_BYTES // max(1, len(block))))
        while low < high:
            offset = low % len(block)
            size = min(len(many) - offset, high - low)
            yield many[offset : offset + size]
            low += size
        at += whole


@functools.lru_cache(maxsize=4_096)
def md5(clip: Clip) -> str:
    """Hash a clip; those of equal numbers have equal bytes, so this is done once for them."""
    found = hashlib.md5(usedforsecurity=False)
    for chunk in written(clip):
        found.update(chunk)
    return found.hexdigest()
