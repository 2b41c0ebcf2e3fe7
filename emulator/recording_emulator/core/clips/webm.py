"""WebM: VP8 and Opus in clusters of two seconds.

Source:
    Matroska (RFC 9559) §5 (elements), WebM container guidelines. What fills a file up is an element
    of nothing (``Void``).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import sound, vp8
from recording_emulator.core.clips.ogg import OPUS_HEAD

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

_SEGMENT: Final = struct.pack(">IQ", 0x18538067, (1 << 57) - 1)
"""A segment that lasts to the file's end."""
_CLUSTER_MS: Final = 2_000
_CLUSTER: Final = 29
_BLOCK: Final = 9
VOID_MIN: Final = 9
_KEY: Final = 0x80
_SILENCE: Final = sound.opus(sound.OPUS_MIN)
_NAME: Final = b"recording-emulator"


def _element(name: int, body: bytes) -> bytes:
    known = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return known + struct.pack(">Q", 1 << 56 | len(body)) + body


def _number(name: int, value: int) -> bytes:
    return _element(name, struct.pack(">Q", value))


def _tracks(clip: Clip) -> bytes:
    found = []
    if clip.has_video:
        width, height = clip.size
        size = _element(0xE0, _number(0xB0, width) + _number(0xBA, height))
        about = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1)
        rate = _number(0x23E383, 1_000_000_000 // clip.fps)
        found.append(_element(0xAE, about + _element(0x86, b"V_VP8") + rate + size))
    if clip.has_audio:
        form = _element(0xB5, struct.pack(">d", sound.RATE_HZ)) + _number(0x9F, 1)
        about = _number(0xD7, 2) + _number(0x73C5, 2) + _number(0x83, 2)
        codec = _element(0x86, b"A_OPUS") + _element(0x63A2, OPUS_HEAD)
        found.append(_element(0xAE, about + codec + _element(0xE1, form)))
    return _element(0x1654AE6B, b"".join(found))


def _head(clip: Clip) -> bytes:
    kind = b"".join(_number(name, 1) for name in (0x4286, 0x42F7))
    kind += _number(0x42F2, 4) + _number(0x42F3, 8) + _element(0x4282, b"webm")
    kind += _number(0x4287, 4) + _number(0x4285, 2)
    length = _element(0x4489, struct.pack(">d", clip.length_ms))
    names = _element(0x4D80, _NAME) + _element(0x5741, _NAME)
    info = _element(0x1549A966, _number(0x2AD7B1, 1_000_000) + length + names)
    return _element(0x1A45DFA3, kind) + _SEGMENT + info + _tracks(clip)


def _block(track: int, at_ms: int, flags: int, frame: bytes) -> bytes:
    size = 0x10000000 | len(frame) + 4
    return b"\xa3" + struct.pack(">IBhB", size, 0x80 | track, at_ms, flags) + frame


def _sounds(clip: Clip) -> int:
    return max(1, -(-clip.length_ms // sound.OPUS_MS)) if clip.has_audio else 0


def _clusters(clip: Clip) -> int:
    return max(1, -(-clip.length_ms // _CLUSTER_MS))


def _keys(clip: Clip) -> int:
    """Count the clusters in which a picture begins: each begins with a key frame."""
    return -(-len(clip.pictures) // (clip.fps * _CLUSTER_MS // 1_000))


def _own(clip: Clip) -> int:
    total = len(_head(clip)) + _CLUSTER * _clusters(clip)
    total += _sounds(clip) * (_BLOCK + sound.OPUS_MIN)
    if clip.has_video:
        pictures, keys = len(clip.pictures), _keys(clip)
        total += pictures * _BLOCK + keys * len(vp8.KEY) + (pictures - keys) * len(vp8.REPEAT)
    return total


def size(clip: Clip) -> int:
    return clip.filled(_own(clip), VOID_MIN)


def runs(clip: Clip) -> Runs:
    assert not clip.has_video or clip.size == vp8.SIZE, clip
    yield _head(clip), 1
    yield from void(size(clip) - _own(clip))
    pictures = len(clip.pictures) if clip.has_video else 0
    group, silences = clip.fps * _CLUSTER_MS // 1_000, _CLUSTER_MS // sound.OPUS_MS
    for nth in range(_clusters(clip)):
        blocks = []
        for at in range(nth * group, min((nth + 1) * group, pictures)):
            is_key = at == nth * group
            at_ms = at * 1_000 // clip.fps - nth * _CLUSTER_MS
            frame = vp8.KEY if is_key else vp8.REPEAT
            blocks.append((at_ms, _block(1, at_ms, _KEY if is_key else 0, frame)))
        for at in range(nth * silences, min((nth + 1) * silences, _sounds(clip))):
            at_ms = at * sound.OPUS_MS - nth * _CLUSTER_MS
            blocks.append((at_ms, _block(2, at_ms, _KEY, _SILENCE)))
        blocks.sort(key=lambda each: each[0])
        body = _number(0xE7, nth * _CLUSTER_MS) + b"".join(block for _, block in blocks)
        yield _element(0x1F43B675, body), 1


def void(spare: int) -> Runs:
    """Write an element of this size, at least ``VOID_MIN``, that players skip, or none."""
    if spare:
        yield b"\xec" + struct.pack(">Q", 1 << 56 | spare - VOID_MIN), 1
        yield b"\x00", spare - VOID_MIN
