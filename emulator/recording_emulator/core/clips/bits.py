"""Bits as codecs write them, and the one checksum that two containers share.

Source:
    ue(v), se(v): ITU-T H.264 §9.1. The checksum: ISO/IEC 13818-1 annex A; RFC 3533 §6 has the same
    polynomial.
"""

import zlib
from typing import Final

_MIRRORED: Final = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))


class Bits:
    """Collects bits, first one first."""

    def __init__(self) -> None:
        self._value = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, value: int, width: int) -> "Bits":
        assert 0 <= value < 1 << width, (value, width)
        self._value = self._value << width | value
        self._count += width
        return self

    def ue(self, value: int) -> "Bits":
        """Put an unsigned Exp-Golomb code.

        >>> Bits().ue(0).ue(3).trailed().hex()
        '92'
        """
        width = (value + 1).bit_length()
        return self.put(value + 1, 2 * width - 1)

    def se(self, value: int) -> "Bits":
        """Put a signed Exp-Golomb code."""
        return self.ue(2 * value - 1 if value > 0 else -2 * value)

    def raw(self, data: bytes) -> "Bits":
        """Put whole bytes."""
        return self.put(int.from_bytes(data, "big"), 8 * len(data))

    def join(self, other: "Bits") -> "Bits":
        return self.put(other._value, other._count)

    def aligned(self) -> bytes:
        """Return the bytes, the last one filled up with zeros."""
        spare = -self._count % 8
        return (self._value << spare).to_bytes((self._count + spare) // 8, "big")

    def trailed(self) -> bytes:
        """Return the bytes after a one that says where the bits end."""
        return self.put(1, 1).aligned()


def crc(data: bytes, start: int) -> int:
    """Compute the CRC of polynomial 0x04C11DB7, high bit first, from a start value of 0 or ~0.

    >>> hex(crc(b"123456789", 0xFFFFFFFF)), hex(crc(b"123456789", 0))
    ('0x376e6e7', '0x89a1897f')
    """
    mirrored = zlib.crc32(data.translate(_MIRRORED), ~start & 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
