"""MP4 (and M4A): a sample table whose samples are all the same few bytes.

Two seconds of samples stand in the file, and each chunk of the table points at them, which a table
may; so hours take a table and nothing else. What fills a file up is a box of free space before the
table, which comes last, as recorders write it: a file that was cut short does not play.

Source:
    ISO/IEC 14496-12 §8 (boxes), 14496-14 §5.6 (esds), 14496-15 §5.3 (avcC).
"""

from __future__ import annotations

import functools
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from recording_emulator.core.clips import h264, sound

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

_SOUNDS: Final = 94
"""Frames of sound in a chunk: two seconds, as long as a chunk of pictures."""
_BOX: Final = 8
_LARGE_BOX: Final = 16
_UNITY: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_DATA_AT: Final = 40
"""Where the samples begin: after ``ftyp`` (32 bytes) and the head of ``mdat``."""


class _Track(NamedTuple):
    """What differs between sound and pictures; ``chunk`` is the samples that a chunk repeats."""

    scale: int
    each: int
    total: int
    samples: int
    chunk: tuple[int, ...]
    offset: int
    is_video: bool

    @property
    def chunks(self) -> int:
        return -(-self.samples // len(self.chunk))

    @property
    def rest(self) -> int:
        return self.samples % len(self.chunk)

    @property
    def is_even(self) -> bool:
        """Whether all samples have one size."""
        return len(set(self.chunk)) == 1


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + _BOX) + kind + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


@functools.lru_cache(maxsize=64)
def _data(width: int, height: int, fps: int, has_audio: bool) -> tuple[bytes, tuple[int, ...]]:
    """Return the samples, and how large each picture is."""
    frames = [h264.measured(each) for each in h264.group(width, height, fps)] if fps else []
    audio = sound.aac(sound.AAC_MIN) * _SOUNDS if has_audio else b""
    return b"".join(frames) + audio, tuple(map(len, frames))


def _samples(clip: Clip) -> tuple[bytes, tuple[int, ...]]:
    video = (*clip.size, clip.fps) if clip.has_video else (0, 0, 0)
    return _data(*video, clip.has_audio)


def _tracks(clip: Clip) -> list[_Track]:
    found = []
    pictures = _samples(clip)[1]
    if clip.has_video:
        scale = clip.fps * 1_000
        total = clip.length_ms * clip.fps
        count = len(clip.pictures)
        found.append(_Track(scale, 1_000, total, count, pictures, _DATA_AT, True))
    if clip.has_audio:
        count = len(clip.frames(sound.AAC_SAMPLES, sound.RATE_HZ))
        total = clip.length_ms * sound.RATE_HZ // 1_000
        chunk, offset = (sound.AAC_MIN,) * _SOUNDS, _DATA_AT + sum(pictures)
        found.append(_Track(sound.RATE_HZ, sound.AAC_SAMPLES, total, count, chunk, offset, False))
    return found


def _sizes(track: _Track) -> bytes:
    if track.is_even:
        return _full(b"stsz", struct.pack(">II", track.chunk[0], track.samples))
    chunk = struct.pack(f">{len(track.chunk)}I", *track.chunk)
    table = chunk * (track.samples // len(track.chunk)) + chunk[: 4 * track.rest]
    return _full(b"stsz", struct.pack(">II", 0, track.samples), table)


def _tables(track: _Track) -> list[bytes]:
    last = track.total - track.each * (track.samples - 1)
    times = [(track.samples - 1, track.each)] * (track.samples > 1) + [(1, max(last, 1))]
    runs = [(1, len(track.chunk), 1)] * (track.samples >= len(track.chunk))
    if track.rest:
        runs.append((track.chunks, track.rest, 1))
    found = [
        _full(b"stts", struct.pack(">I", len(times)), *(struct.pack(">II", *n) for n in times)),
        _full(b"stsc", struct.pack(">I", len(runs)), *(struct.pack(">III", *n) for n in runs)),
        _sizes(track),
        _full(
            b"stco",
            struct.pack(">I", track.chunks),
            struct.pack(">I", track.offset) * track.chunks,
        ),
    ]
    if track.is_video:
        keys = range(1, track.samples + 1, len(track.chunk))
        found.append(_full(b"stss", struct.pack(f">I{len(keys)}I", len(keys), *keys)))
    return found


def _tables_bytes(track: _Track) -> int:
    """Say how large the tables will be, without making them."""
    times = 1 + (track.samples > 1)
    runs = (track.samples >= len(track.chunk)) + (track.rest > 0)
    sizes = 0 if track.is_even else track.samples
    keys = 16 + 4 * track.chunks if track.is_video else 0
    return 16 + 8 * times + 16 + 12 * runs + 20 + 4 * sizes + 16 + 4 * track.chunks + keys


def _entry(clip: Clip, track: _Track) -> bytes:
    if track.is_video:
        width, height = clip.size
        body = struct.pack(">6xH16xHHIII", 1, width, height, 0x480000, 0x480000, 0)
        name = b"\x00" * 32
        avc = _box(b"avcC", h264.configuration(*clip.size, clip.fps))
        return _box(b"avc1", body + struct.pack(">H", 1) + name + b"\x00\x18\xff\xff", avc)
    config = b"\x05" + bytes([len(sound.AAC_CONFIG)]) + sound.AAC_CONFIG
    decoder = b"\x40\x15" + bytes(11) + config
    stream = b"\x00\x00\x00" + b"\x04" + bytes([len(decoder)]) + decoder + b"\x06\x01\x02"
    esds = _full(b"esds", b"\x03" + bytes([len(stream)]) + stream)
    body = struct.pack(">6xH8xHHII", 1, 1, 16, 0, sound.RATE_HZ << 16)
    return _box(b"mp4a", body, esds)


def _trak(clip: Clip, track: _Track, nth: int, tables: list[bytes]) -> bytes:
    width, height = clip.size if track.is_video else (0, 0)
    volume = 0 if track.is_video else 0x100
    length = clip.length_ms
    tkhd = _full(
        b"tkhd",
        struct.pack(">IIIII8xHHHH", 0, 0, nth, 0, length, 0, 0, volume, 0),
        _UNITY,
        struct.pack(">II", width << 16, height << 16),
        flags=7,
    )
    if track.total >= 1 << 32:
        long = struct.pack(">QQIQHH", 0, 0, track.scale, track.total, 0x55C4, 0)
        mdhd = _full(b"mdhd", long, flags=1 << 24)
    else:
        short = struct.pack(">IIIIHH", 0, 0, track.scale, track.total, 0x55C4, 0)
        mdhd = _full(b"mdhd", short)
    kind, name = (b"vide", b"video\x00") if track.is_video else (b"soun", b"sound\x00")
    hdlr = _full(b"hdlr", struct.pack(">I4s12x", 0, kind), name)
    head = _full(b"vmhd", bytes(8), flags=1) if track.is_video else _full(b"smhd", bytes(4))
    dinf = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    stsd = _full(b"stsd", struct.pack(">I", 1), _entry(clip, track))
    stbl = _box(b"stbl", stsd, *tables)
    return _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, _box(b"minf", head, dinf, stbl)))


def _moov(clip: Clip, tracks: list[_Track], tables: list[list[bytes]]) -> bytes:
    times = struct.pack(">IIII", 0, 0, 1_000, clip.length_ms)
    mvhd = _full(
        b"mvhd",
        times,
        struct.pack(">IH10x", 0x10000, 0x100),
        _UNITY,
        struct.pack(">24xI", len(tracks) + 1),
    )
    found = (_trak(clip, each, n + 1, tables[n]) for n, each in enumerate(tracks))
    return _box(b"moov", mvhd, *found)


def _own(clip: Clip) -> int:
    tracks = _tracks(clip)
    bare = len(_moov(clip, tracks, [[] for _ in tracks]))
    return _DATA_AT + len(_samples(clip)[0]) + bare + sum(map(_tables_bytes, tracks))


def size(clip: Clip) -> int:
    return clip.filled(_own(clip), _LARGE_BOX)


def runs(clip: Clip) -> Runs:
    tracks, data = _tracks(clip), _samples(clip)[0]
    ftyp = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    moov = _moov(clip, tracks, [_tables(each) for each in tracks])
    spare = size(clip) - _own(clip)
    free = struct.pack(">I4sQ", 1, b"free", spare) if spare else b""
    yield ftyp + _box(b"mdat", data) + free, 1
    yield b"\x00", spare - len(free)
    yield moov, 1
