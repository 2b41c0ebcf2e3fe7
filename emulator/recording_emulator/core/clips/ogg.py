"""Ogg with Opus: pages of a second.

Source:
    RFC 3533 §6 (pages), RFC 7845 §5 (the two headers). That ZEGO's ogg holds Opus is assumed.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import sound
from recording_emulator.core.clips.bits import crc

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

PACKETS: Final = 50
PACKET_MAX: Final = 1_274
"""A page has 255 laces at most, a packet of this size takes five."""
OPUS_HEAD: Final = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, sound.RATE_HZ, 0, 0)
_NAME: Final = b"recording-emulator"
_TAGS: Final = struct.pack("<8sI18sI", b"OpusTags", len(_NAME), _NAME, 0)
_PAGE: Final = 27
_SERIAL: Final = 1
_FIRST, _MIDDLE, _LAST = 2, 0, 4


def _page(kind: int, granule: int, nth: int, packets: tuple[bytes, ...]) -> bytes:
    lacing = b"".join(b"\xff" * (len(each) // 255) + bytes([len(each) % 255]) for each in packets)
    body = bytes([len(lacing)]) + lacing + b"".join(packets)
    head = struct.pack("<4sBBqII", b"OggS", 0, kind, granule, _SERIAL, nth)
    checksum = crc(head + bytes(4) + body, 0)
    return head + struct.pack("<I", checksum) + body


def _laced(size: int) -> int:
    return size + size // 255 + 1


_HEADS: Final = 2 * _PAGE + _laced(len(OPUS_HEAD)) + _laced(len(_TAGS))


def _packets(clip: Clip) -> tuple[int, int]:
    """Say how many packets there are, and how large each is."""
    count = max(1, -(-clip.length_ms // sound.OPUS_MS))
    room = clip.wanted_bytes - _HEADS - _PAGE * -(-count // PACKETS)
    size = min(max(room // count - 1, sound.OPUS_MIN), PACKET_MAX)
    while size > sound.OPUS_MIN and _laced(size) * count > room:
        size -= 1
    return count, size


def size(clip: Clip) -> int:
    count, each = _packets(clip)
    return _HEADS + _PAGE * -(-count // PACKETS) + count * _laced(each)


def runs(clip: Clip) -> Runs:
    count, each = _packets(clip)
    packets = (sound.opus(each),) * PACKETS
    samples = sound.RATE_HZ // 1_000
    yield _page(_FIRST, 0, 0, (OPUS_HEAD,)) + _page(_MIDDLE, 0, 1, (_TAGS,)), 1
    pages = -(-count // PACKETS)
    for nth in range(pages - 1):
        granule = (nth + 1) * PACKETS * sound.OPUS_MS * samples
        yield _page(_MIDDLE, granule, nth + 2, packets), 1
    rest = packets[: count - (pages - 1) * PACKETS]
    yield _page(_LAST, clip.length_ms * samples, pages + 1, rest), 1
