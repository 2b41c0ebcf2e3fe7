"""H.264 in one colour, of any size: a key frame that is one macroblock, and frames that repeat it.

The first macroblock of a key frame is written as it is (I_PCM); each one after it predicts its
colour from its neighbours and adds nothing, which takes a byte. A frame in between skips all of its
macroblocks. So a picture of any resolution is written in microseconds and costs next to nothing.

Source:
    ITU-T H.264 §7.3 (syntax), §8.3 (intra prediction), §9.2 (the number of coefficients beside an
    I_PCM macroblock), annex A (levels). ISO/IEC 14496-15 §5.3 (its configuration in a container).
"""

import functools
import struct
from typing import Final

from recording_emulator.core.clips.bits import Bits

COLOUR: Final = (0x51, 0x8C, 0x68)
"""Y, Cb and Cr of all pictures (ours): a slate that nobody takes for a black screen."""
START: Final = b"\x00\x00\x00\x01"
FILLER_MIN: Final = 2
_FRAME_NUM_BITS: Final = 16
_LEVELS: Final = (
    (31, 3_600, 108_000),
    (40, 8_192, 245_760),
    (42, 8_704, 522_240),
    (51, 36_864, 983_040),
)
"""Levels, and how many macroblocks a picture and a second may have."""
_LEVEL_MAX: Final = 52
_BESIDE_PCM: Final = (0b000011, 6)
"""No coefficients, where a neighbour counts as having sixteen."""
_FLAT: Final = (0b00100_1_1_1, 8)
"""I_16x16 by the mean of the neighbours, chroma too, same quantiser, no coefficients."""
_PCM: Final = 25


def even(size: int) -> int:
    """Return the side of a picture: chroma has half as many samples, so it is even."""
    return max(2, size - size % 2)


def _blocks(width: int, height: int) -> tuple[int, int]:
    return -(-even(width) // 16), -(-even(height) // 16)


def nal(kind: int, payload: bytes) -> bytes:
    """Wrap a payload into a unit, so that no start code stands in it."""
    found = bytearray([kind])
    zeros = 0
    for each in payload:
        if zeros >= 2 and each <= 3:
            found.append(3)
            zeros = 0
        found.append(each)
        zeros = zeros + 1 if each == 0 else 0
    return bytes(found)


def filler(size_bytes: int) -> bytes:
    """Write a unit of this size, at least ``FILLER_MIN``, that decoders throw away."""
    return b"\x0c" + b"\xff" * (size_bytes - 2) + b"\x80"


@functools.lru_cache(maxsize=64)
def parameters(width: int, height: int, fps: int) -> tuple[bytes, bytes]:
    """Write the sequence and the picture parameter set."""
    across, down = _blocks(width, height)
    count = across * down
    fits = (level for level, size, rate in _LEVELS if count <= size and count * fps <= rate)
    bits = Bits().put(66, 8).put(0xC0, 8).put(next(fits, _LEVEL_MAX), 8).ue(0)
    bits.ue(_FRAME_NUM_BITS - 4).ue(2).ue(1).put(0, 1)
    bits.ue(across - 1).ue(down - 1).put(0b11, 2)
    bits.put(1, 1).ue(0).ue((across * 16 - even(width)) // 2)
    bits.ue(0).ue((down * 16 - even(height)) // 2)
    bits.put(0b1_0000_1, 6).put(1, 32).put(2 * fps, 32).put(0b1_00_0, 4)
    bits.put(0b1_1, 2).ue(0).ue(0).ue(10).ue(10).ue(0).ue(1)
    picture = Bits().ue(0).ue(0).put(0, 2).ue(0).ue(0).ue(0).put(0, 3).se(0).se(0).se(0)
    return nal(0x67, bits.trailed()), nal(0x68, picture.put(0b100, 3).trailed())


@functools.lru_cache(maxsize=64)
def key_frame(width: int, height: int) -> bytes:
    """Write a picture that needs no other."""
    across, down = _blocks(width, height)
    bits = Bits().ue(0).ue(7).ue(0).put(0, _FRAME_NUM_BITS).ue(0).put(0, 2).se(0).ue(1)
    bits.ue(_PCM)
    bits.put(0, -len(bits) % 8)
    luma, blue, red = COLOUR
    bits.raw(bytes([luma]) * 256 + bytes([blue]) * 64 + bytes([red]) * 64)
    beside = Bits().ue(3).ue(0).se(0).put(*_BESIDE_PCM)
    flat = bytes([_FLAT[0]])
    if across > 1:
        bits.join(beside).raw(flat * (across - 2))
    if down > 1:
        bits.join(beside).raw(flat * (across * (down - 1) - 1))
    return nal(0x65, bits.trailed())


def repeat_frame(width: int, height: int, nth: int) -> bytes:
    """Write the ``nth`` picture after a key frame: the same again."""
    across, down = _blocks(width, height)
    bits = Bits().ue(0).ue(5).ue(0).put(nth % (1 << _FRAME_NUM_BITS), _FRAME_NUM_BITS)
    bits.put(0, 3).se(0).ue(1).ue(across * down)
    return nal(0x41, bits.trailed())


@functools.lru_cache(maxsize=64)
def group(width: int, height: int, fps: int) -> tuple[bytes, ...]:
    """Write two seconds of pictures: a key frame and those that repeat it."""
    rest = (repeat_frame(width, height, nth) for nth in range(1, 2 * fps))
    return (key_frame(width, height), *rest)


def configuration(width: int, height: int, fps: int) -> bytes:
    """Write an AVCDecoderConfigurationRecord."""
    sequence, picture = parameters(width, height, fps)
    sizes = struct.pack(">BH", 0xE1, len(sequence)), struct.pack(">BH", 1, len(picture))
    head = bytes([1, *sequence[1:4], 0xFF])
    return head + sizes[0] + sequence + sizes[1] + picture


def measured(unit: bytes) -> bytes:
    """Write a unit after its length, as MP4 and FLV have it."""
    return struct.pack(">I", len(unit)) + unit


def group_bytes(count: int, group: list[bytes]) -> int:
    """Sum up ``count`` frames of groups like this one."""
    whole, rest = divmod(count, len(group))
    return whole * sum(map(len, group)) + sum(map(len, group[:rest]))
