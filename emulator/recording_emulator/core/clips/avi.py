"""AVI: H.264 and MP3 in chunks, and an index behind them.

Source:
    Microsoft, AVI RIFF File Reference. What fills a file up is a chunk of junk, as far as 4 GiB: a
    larger file stays as large as its own chunks. That CloudRoom's holds these codecs is assumed.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import h264, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recording_emulator.core.clips.clip import Clip, Runs

_SOUND: Final = sound.Mp3(32)
_HEAD: Final = 8
JUNK_MIN: Final = _HEAD
_ENTRY: Final = 16
_MOST: Final = 1 << 32
_IS_KEY: Final = 0x10
_HAS_INDEX: Final = 0x110
"""There is an index, and its streams are interleaved."""
_LAYER_3: Final = 0x55


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)


def _list(kind: bytes, *parts: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(parts))


def _strh(kind: bytes, codec: bytes, scale: int, rate: int, count: int, size: bytes) -> bytes:
    body = struct.pack("<4s4sIIIIIIIiI", kind, codec, 0, 0, 0, scale, rate, 0, count, -1, 0)
    return _chunk(b"strh", body + size)


def _head(clip: Clip) -> bytes:
    width, height = clip.size
    count, sounds = len(clip.pictures), len(_sounds(clip))
    avih = struct.pack(
        "<10I16x", 1_000_000 // clip.fps, 0, 0, _HAS_INDEX, count, 0, 1 + clip.has_audio, 0,
        width, height,
    )  # fmt: skip
    frame = struct.pack("<4H", 0, 0, width, height)
    picture = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"H264", 0, 0, 0, 0, 0)
    video = _strh(b"vids", b"H264", 1, clip.fps, count, frame), _chunk(b"strf", picture)
    found = [_chunk(b"avih", avih), _list(b"strl", *video)]
    if clip.has_audio:
        strh = _strh(b"auds", b"\x00" * 4, _SOUND.samples, _SOUND.rate_hz, sounds, bytes(8))
        bps = _SOUND.frame_bytes * _SOUND.rate_hz // _SOUND.samples
        wave = struct.pack("<HHIIHHH", _LAYER_3, 1, _SOUND.rate_hz, bps, _SOUND.samples, 0, 12)
        layer = struct.pack("<HIHHH", 1, 2, _SOUND.frame_bytes, 1, 0)
        found.append(_list(b"strl", strh, _chunk(b"strf", wave + layer)))
    return _list(b"hdrl", *found)


def _sounds(clip: Clip) -> range:
    return clip.frames(_SOUND.samples, _SOUND.rate_hz) if clip.has_audio else range(0)


def _group(clip: Clip) -> list[bytes]:
    """Write a group of pictures as chunks."""
    parameters = h264.parameters(*clip.size, clip.fps)
    key, *rest = h264.group(*clip.size, clip.fps)
    first = b"".join(h264.START + each for each in (*parameters, key))
    return [_chunk(b"00dc", each) for each in (first, *(h264.START + unit for unit in rest))]


def _movi_bytes(clip: Clip, group: list[bytes]) -> int:
    pictures = h264.group_bytes(len(clip.pictures), group)
    return 4 + pictures + len(_sounds(clip)) * (_HEAD + _SOUND.frame_bytes)


def _own(clip: Clip) -> int:
    count = len(clip.pictures) + len(_sounds(clip))
    index = _HEAD + _ENTRY * count
    return 12 + len(_head(clip)) + _HEAD + _movi_bytes(clip, _group(clip)) + index


def size(clip: Clip) -> int:
    total = clip.filled(_own(clip), _HEAD + 1) // 2 * 2
    return total if total < _MOST else _own(clip)


def runs(clip: Clip) -> Runs:
    group, total = _group(clip), size(clip)
    own = _own(clip)
    yield struct.pack("<4sI4s", b"RIFF", total - _HEAD, b"AVI ") + _head(clip), 1
    yield from junk(total - own)
    yield struct.pack("<4sI4s", b"LIST", _movi_bytes(clip, group), b"movi"), 1
    for chunks in _seconds(clip, group):
        yield b"".join(chunks), 1
    count = len(clip.pictures) + len(_sounds(clip))
    yield struct.pack("<4sI", b"idx1", _ENTRY * count), 1
    at, nth = 4, 0
    for chunks in _seconds(clip, group):
        entries = []
        for each in chunks:
            length: int = struct.unpack_from("<I", each, 4)[0]
            is_sound = each[:4] == b"01wb"
            flags = _IS_KEY if is_sound or nth % len(group) == 0 else 0
            nth += not is_sound
            entries.append(struct.pack("<4sIII", each[:4], flags, at, length))
            at += len(each)
        yield b"".join(entries), 1


def junk(spare: int) -> Runs:
    """Write a chunk of this even size, at least ``JUNK_MIN``, that players skip, or none."""
    if spare:
        yield struct.pack("<4sI", b"JUNK", spare - JUNK_MIN), 1
        yield b"\x00", spare - JUNK_MIN


def _seconds(clip: Clip, group: list[bytes]) -> Iterator[list[bytes]]:
    """List the chunks of each second."""
    silence, sounds, heard = _chunk(b"01wb", _SOUND.frame), len(_sounds(clip)), 0
    count = len(clip.pictures)
    for start in range(0, count, clip.fps):
        stop = min(start + clip.fps, count)
        due = min(sounds, stop * _SOUND.rate_hz // (clip.fps * _SOUND.samples))
        due = sounds if stop == count else due
        yield [silence] * (due - heard) + [group[n % len(group)] for n in range(start, stop)]
        heard = due
