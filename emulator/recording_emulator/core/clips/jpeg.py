"""JPEG in one colour: the first block has it, all others add nothing.

Source:
    ITU-T T.81 annex B (segments), F.1.2 (how coefficients are coded); JFIF 1.02 (colours).
"""

from __future__ import annotations

import functools
import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips.bits import Bits
from recording_emulator.core.clips.h264 import COLOUR

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

_STEP: Final = 8
"""The quantiser: so a block's first coefficient is its colour, less the middle."""
COMMENT_MIN: Final = 4
_COMMENT_MAX: Final = 65_537
_NOTHING: Final = 12
"""Bits of a block of 16 × 16 pixels that adds nothing: two for each of its six parts."""


def _segment(mark: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(payload) + 2) + payload


def _head(width: int, height: int) -> bytes:
    """Write all up to the coefficients; the code of no level, and of the end, is one bit."""
    parts = bytes([1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0])
    levels = bytes([0x00, 1, 0, 0, 0, 8]) + bytes(11) + bytes(range(9))
    ends = bytes([0x10, 1]) + bytes(15) + bytes(1)
    return b"".join(
        (
            _segment(0xDB, b"\x00" + bytes([_STEP]) * 64),
            _segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + parts),
            _segment(0xC4, levels),
            _segment(0xC4, ends),
            _segment(0xDA, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
        )
    )


@functools.lru_cache(maxsize=64)
def _picture(width: int, height: int) -> bytes:
    """Write a picture from its tables to its end."""
    count = -(-width // 16) * -(-height // 16)
    bits = Bits()
    luma, blue, red = (each - 128 for each in COLOUR)
    for level in (luma, 0, 0, 0, blue, red):
        width_bits = abs(level).bit_length()
        if width_bits == 0:
            bits.put(0, 1)
        else:
            coded = level if level > 0 else level + (1 << width_bits) - 1
            bits.put(0b10000 + width_bits - 1, 5).put(coded, width_bits)
        bits.put(0, 1)
    bits.put(0, _NOTHING * (count - 1))
    spare = -len(bits) % 8
    bits.put((1 << spare) - 1, spare)
    return _head(width, height) + bits.aligned().replace(b"\xff", b"\xff\x00") + b"\xff\xd9"


def size(clip: Clip) -> int:
    return clip.filled(2 + len(_picture(clip.width, clip.height)), COMMENT_MIN)


def runs(clip: Clip) -> Runs:
    picture = _picture(clip.width, clip.height)
    yield b"\xff\xd8", 1
    yield from comments(size(clip) - 2 - len(picture))
    yield picture, 1


def comments(spare: int) -> Runs:
    """Write comments of this size, at least ``COMMENT_MIN``, or none."""
    while spare:
        part = min(spare, _COMMENT_MAX)
        if 0 < spare - part < COMMENT_MIN:
            part -= COMMENT_MIN
        yield _segment(0xFE, bytes(part - COMMENT_MIN)), 1
        spare -= part
