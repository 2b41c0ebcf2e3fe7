"""Silence in the codecs that vendors record in; every frame can be made larger, and stays silent.

Source:
    AAC: ISO/IEC 14496-3 §4.4.2 (a channel without bands, fill elements), §1.A.2.2 (ADTS). MP3:
    ISO/IEC 11172-3 and 13818-3 §2.4 (a frame whose granules have no bits). Opus: RFC 6716 §3.
"""

from typing import Final

from recording_emulator.core.clips.bits import Bits

RATE_HZ: Final = 48_000
AAC_SAMPLES: Final = 1_024
AAC_MIN: Final = 4
AAC_CONFIG: Final = bytes([0x11, 0x88])
"""AudioSpecificConfig: AAC-LC, 48 kHz, one channel."""
ADTS_BYTES: Final = 7
ADTS_MAX: Final = 8_191
OPUS_MS: Final = 20
OPUS_MIN: Final = 3
_OPUS: Final = b"\xff\xfe"
_FILL_MAX: Final = 15 + 254


def aac(size_bytes: int) -> bytes:
    """Write a silent AAC frame of this size, at least ``AAC_MIN``."""
    bits = Bits().put(0, 7).put(100, 8).put(0, 14)
    room = size_bytes * 8 - len(bits) - 3
    while room >= 7:
        count = min((room - 7) // 8, 14)
        if (room - 15) // 8 >= 15:
            count = min((room - 15) // 8, _FILL_MAX)
            bits.put(0b110_1111, 7).put(count - 14, 8)
        else:
            bits.put(0b110, 3).put(count, 4)
        bits.put(0, 8 * count)
        room = size_bytes * 8 - len(bits) - 3
    return bits.put(0b111, 3).aligned().ljust(size_bytes, b"\x00")


def adts(size_bytes: int) -> bytes:
    """Write a silent AAC frame with its header, all of this size."""
    assert ADTS_BYTES + AAC_MIN <= size_bytes <= ADTS_MAX, size_bytes
    bits = Bits().put(0xFFF1, 16).put(1, 2).put(3, 4).put(0, 1).put(1, 3).put(0, 4)
    header = bits.put(size_bytes, 13).put(0x7FF, 11).put(0, 2)
    return header.aligned() + aac(size_bytes - ADTS_BYTES)


class Mp3:
    """MP3 of one bit rate: that of the standard's next below, or the lowest there is."""

    _FULL: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    _HALF: Final = (8, 16, 24)

    def __init__(self, kbps: int) -> None:
        is_full = kbps >= self._FULL[0]
        rates = self._FULL if is_full else self._HALF
        index = max([n for n, each in enumerate(rates) if each <= kbps], default=0)
        self.samples, self.rate_hz = (1_152, 48_000) if is_full else (576, 24_000)
        self.frame_bytes = self.samples // 8 * rates[index] * 1_000 // self.rate_hz
        version = 0xFB if is_full else 0xF3
        header = bytes([0xFF, version, index + 1 << 4 | 0b0100, 0b11_000000])
        self.frame = header.ljust(self.frame_bytes, b"\x00")


def opus(size_bytes: int) -> bytes:
    """Write a silent Opus packet of 20 ms of this size, at least ``OPUS_MIN``."""
    if size_bytes == OPUS_MIN:
        return b"\xf8" + _OPUS
    spare = size_bytes - 2 - len(_OPUS)  # the two are what says that there is padding
    if spare == 0:
        return b"\xfb\x01" + _OPUS
    full, rest = divmod(spare - 1, 255)
    length = b"\xff" * full + bytes([rest])
    return b"\xfb\x41" + length + _OPUS + bytes(spare - len(length))
