"""Filling up: making a rendered file as large as it was told, by what players skip.

A rendered file takes what fills it up where the built-in one of its container has it, too.

Source:
    What players skip: ISO/IEC 14496-12 §8.1.2 (free), 13818-1 §2.4.1 (null packets), RFC 9559
    (Void), ID3v2.3.0 §4.28 (a private frame), ITU-T H.264 §7.3.2.7 (filler), ITU-T T.81
    (COM).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from recording_emulator.core.clips import avi, h264, jpeg, mpegts, raw, sound, webm

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Runs

_FLV_HEAD: Final = 13
_TAG_HEAD: Final = 11
_TAG_MAX: Final = (1 << 24) - 1
_SOUND_TAG: Final = 8
_FILLER_MIN: Final = 6
_FREE_MIN: Final = 8


Fill: TypeAlias = Callable[[bytes, int], bytes | None]
"""Makes a file larger by so many bytes; None: that is too little for what its container has."""


def filled(made: bytes, size_bytes: int, fill: Fill) -> bytes | None:
    """Make a file exactly as large as it was told; None: there is no way."""
    spare = size_bytes - len(made)
    return fill(made, spare) if spare else made


def _joined(runs: Runs) -> bytes:
    return b"".join(block * times for block, times in runs)


def with_free(made: bytes, spare: int) -> bytes | None:
    """Put free space before the table, which comes last: a file that was cut does not play."""
    if spare < _FREE_MIN:
        return None
    at = _table_at(made)
    return made[:at] + struct.pack(">I4s", spare, b"free") + bytes(spare - _FREE_MIN) + made[at:]


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


def with_null_packets(made: bytes, spare: int) -> bytes | None:
    return None if spare < 0 else made + mpegts.NULL * (spare // mpegts.PACKET)


def with_filler(made: bytes, spare: int) -> bytes | None:
    """Let key frames end with filler, or sounds with zeros where there is no picture."""
    tags = list(_tags(made))
    keys = [n for n, tag in enumerate(tags) if tag[_TAG_HEAD : _TAG_HEAD + 2] == b"\x17\x01"]
    takers = keys or [n for n, tag in enumerate(tags) if tag[0] == _SOUND_TAG]
    if not takers or spare < _FILLER_MIN * len(takers):
        return None
    for index, more in zip(takers, _shares(spare, len(takers)), strict=True):
        tag = tags[index]
        filler = h264.measured(h264.filler(more - 4)) if keys else bytes(more)
        body = tag[_TAG_HEAD:-4] + filler
        if len(body) > _TAG_MAX:
            return None
        head = tag[:1] + len(body).to_bytes(3, "big") + tag[4:_TAG_HEAD]
        tags[index] = head + body + struct.pack(">I", len(body) + _TAG_HEAD)
    return made[:_FLV_HEAD] + b"".join(tags)


def _shares(spare: int, count: int) -> Iterator[int]:
    """Share out what is spare as evenly as can be.

    >>> list(_shares(7, 3))
    [2, 2, 3]
    """
    return (spare * (nth + 1) // count - spare * nth // count for nth in range(count))


def _tags(made: bytes) -> Iterator[bytes]:
    at = _FLV_HEAD
    while at < len(made):
        end = at + _TAG_HEAD + int.from_bytes(made[at + 1 : at + 4], "big") + 4
        yield made[at:end]
        at = end


def with_junk(made: bytes, spare: int) -> bytes | None:
    return None if spare < avi.JUNK_MIN or spare % 2 else made + _joined(avi.junk(spare))


def with_void(made: bytes, spare: int) -> bytes | None:
    return None if spare < webm.VOID_MIN else made + _joined(webm.void(spare))


def with_id3(made: bytes, spare: int) -> bytes | None:
    return None if spare < raw.ID3_MIN else _joined(raw.id3(spare)) + made


def with_comment(made: bytes, spare: int) -> bytes | None:
    if spare < jpeg.COMMENT_MIN:
        return None
    return made[:2] + _joined(jpeg.comments(spare)) + made[2:]


def with_longer_frames(made: bytes, spare: int) -> bytes | None:
    """Let each ADTS frame end with zeros: players guess how long it lasts by the bit rate."""
    if spare < 0:
        return None
    frames = []
    at = 0
    while at < len(made):
        size = (made[at + 3] & 3) << 11 | made[at + 4] << 3 | made[at + 5] >> 5
        frames.append(made[at : at + size])
        at += size
    found = []
    for frame, more in zip(frames, _shares(spare, len(frames)), strict=True):
        size = len(frame) + more
        if size > sound.ADTS_MAX:
            return None
        sizes = bytes(
            [frame[3] & ~3 | size >> 11, size >> 3 & 0xFF, frame[5] & 0x1F | size << 5 & 0xE0]
        )
        found.append(frame[:3] + sizes + frame[6:] + bytes(more))
    return b"".join(found)


def with_silence(made: bytes, spare: int) -> bytes | None:
    """Cut or fill up samples that take as much a second whatever they are."""
    return made + bytes(spare) if spare > 0 else made[:spare]
