"""Filling up: making a rendered file as large as it was told, by what players skip.

Each function takes a file and the size wanted, and returns the file at that size, or None where it
is too large, or too little is missing for what its container has.

Source:
    What players skip: ISO/IEC 14496-12 §8.1.2 (free), 13818-1 §2.4.1 (null packets), RFC 9559
    (Void), ID3v2.3.0 §4.28 (a private frame), ITU-T H.264 §7.3.2.7 (filler), ITU-T T.81
    (COM).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from recording_emulator.core.clips import h264, mpegts, sound

_FLV_HEAD: Final = 13
_TAG_HEAD: Final = 11
_TAG_MAX: Final = (1 << 24) - 1
_SOUND_TAG: Final = 8
_FILLER_MIN: Final = 6


def _spare(made: bytes, size_bytes: int, least: int) -> int | None:
    """Say by how much to fill up; None: there is no room for that."""
    spare = size_bytes - len(made)
    return spare if spare == 0 or spare >= least else None


def with_free(made: bytes, size_bytes: int) -> bytes | None:
    """Put free space before the table, which comes last: a file that was cut does not play."""
    spare = _spare(made, size_bytes, 8)
    if spare is None or spare == 0:
        return None if spare is None else made
    at = _table_at(made)
    return made[:at] + struct.pack(">I4s", spare, b"free") + bytes(spare - 8) + made[at:]


def _table_at(made: bytes) -> int:
    """Find the box ``moov`` after the samples, whose places it tells from the file's start."""
    at, has_samples = 0, False
    while at + 8 <= len(made):
        size, kind = struct.unpack_from(">I4s", made, at)
        if kind == b"moov" and has_samples:
            return at
        has_samples |= kind == b"mdat"
        at += struct.unpack_from(">Q", made, at + 8)[0] if size == 1 else max(size, 8)
    return len(made)


def with_null_packets(made: bytes, size_bytes: int) -> bytes | None:
    spare = _spare(made, size_bytes, 0)
    return None if spare is None else made + mpegts.NULL * (spare // mpegts.PACKET)


def with_filler(made: bytes, size_bytes: int) -> bytes | None:
    """Let key frames end with filler, or sounds with zeros where there is no picture."""
    tags = list(_tags(made))
    keys = [n for n, tag in enumerate(tags) if tag[_TAG_HEAD : _TAG_HEAD + 2] == b"\x17\x01"]
    takers = keys or [n for n, tag in enumerate(tags) if tag[0] == _SOUND_TAG]
    spare = _spare(made, size_bytes, _FILLER_MIN * max(1, len(takers)))
    if not spare or not takers:
        return made if spare == 0 else None
    for nth, index in enumerate(takers):
        more = spare * (nth + 1) // len(takers) - spare * nth // len(takers)
        tag = tags[index]
        filler = h264.filler(more - 4) if keys else bytes(more)
        body = tag[_TAG_HEAD:-4] + (struct.pack(">I", len(filler)) + filler if keys else filler)
        if len(body) > _TAG_MAX:
            return None
        head = tag[:1] + len(body).to_bytes(3, "big") + tag[4:_TAG_HEAD]
        tags[index] = head + body + struct.pack(">I", len(body) + _TAG_HEAD)
    return made[:_FLV_HEAD] + b"".join(tags)


def _tags(made: bytes) -> Iterator[bytes]:
    at = _FLV_HEAD
    while at < len(made):
        end = at + _TAG_HEAD + int.from_bytes(made[at + 1 : at + 4], "big") + 4
        yield made[at:end]
        at = end


def with_junk(made: bytes, size_bytes: int) -> bytes | None:
    spare = _spare(made, size_bytes, 8)
    if spare is None or spare == 0 or spare % 2:
        return made if spare == 0 else None
    return made + struct.pack("<4sI", b"JUNK", spare - 8) + bytes(spare - 8)


def with_void(made: bytes, size_bytes: int) -> bytes | None:
    spare = _spare(made, size_bytes, 9)
    if spare is None or spare == 0:
        return None if spare is None else made
    return made + b"\xec" + struct.pack(">Q", 1 << 56 | spare - 9) + bytes(spare - 9)


def with_id3(made: bytes, size_bytes: int) -> bytes | None:
    spare = _spare(made, size_bytes, 21)
    if spare is None or spare == 0:
        return None if spare is None else made
    inside = spare - 10
    size = bytes(inside >> shift & 0x7F for shift in (21, 14, 7, 0))
    frame = struct.pack(">4sIH", b"PRIV", inside - 10, 0)
    return b"ID3\x03\x00\x00" + size + frame + bytes(inside - 10) + made


def with_longer_frames(made: bytes, size_bytes: int) -> bytes | None:
    """Let each ADTS frame end with zeros: players guess how long it lasts by the bit rate."""
    spare = _spare(made, size_bytes, 0)
    if spare is None:
        return None
    frames = []
    at = 0
    while at < len(made):
        size = (made[at + 3] & 3) << 11 | made[at + 4] << 3 | made[at + 5] >> 5
        frames.append(made[at : at + size])
        at += size
    found = []
    for nth, frame in enumerate(frames):
        more = spare * (nth + 1) // len(frames) - spare * nth // len(frames)
        size = len(frame) + more
        if size > sound.ADTS_MAX:
            return None
        sizes = bytes(
            [frame[3] & ~3 | size >> 11, size >> 3 & 0xFF, frame[5] & 0x1F | size << 5 & 0xE0]
        )
        found.append(frame[:3] + sizes + frame[6:] + bytes(more))
    return b"".join(found)


def with_comment(made: bytes, size_bytes: int) -> bytes | None:
    spare = _spare(made, size_bytes, 4)
    if spare is None:
        return None
    comments = b""
    while spare:
        size = min(spare, 0xFFFF)
        size -= 4 if 0 < spare - size < 4 else 0
        comments += struct.pack(">HH", 0xFFFE, size - 2) + bytes(size - 4)
        spare -= size
    return made[:2] + comments + made[2:]


def as_it_is(made: bytes, size_bytes: int) -> bytes | None:
    """Cut or fill up samples that take as much a second whatever they are."""
    return made[:size_bytes].ljust(size_bytes, b"\x00")
