"""MPEG-TS: one slice, on the time line of its stream.

Its packet counters begin anew, which its first packets announce, so that a slice needs nothing of
those before it. Null packets after each frame fill it up to an even bit rate.

Source:
    ISO/IEC 13818-1 §2.4.3 (packets), §2.4.3.7 (PES), §2.4.4 (tables), §2.14 (H.264 in it).
"""

from __future__ import annotations

import functools
import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import h264, sound
from recording_emulator.core.clips.bits import crc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recording_emulator.core.clips.clip import Clip, Runs

PACKET: Final = 188
_PAYLOAD: Final = PACKET - 4
NULL: Final = b"\x47\x1f\xff\x10" + b"\xff" * _PAYLOAD
_PMT_PID, _VIDEO_PID, _AUDIO_PID = 0x1000, 0x100, 0x101
_VIDEO_STREAM, _AUDIO_STREAM = 0xE0, 0xC0
_H264, _AAC = 0x1B, 0x0F
_SOUNDS: Final = 12
"""Frames of sound in a packet, about a quarter of a second."""
_LEAST: Final = 24
"""Players want to see some packets before they take a file for a stream (ours)."""
_PES: Final = 14
_PCR: Final = 8
"""An adaptation field with a clock; one without is at least two bytes where it has flags."""
_HZ: Final = 90_000
_LEAD: Final = _HZ
"""A stream's first frame is shown a second after its clock began (ours)."""
_DELAY: Final = _HZ // 2
_TIME: Final = 1 << 33
_DELIMITER: Final = h264.START + b"\x09\xf0"
_SILENCE: Final = sound.adts(sound.ADTS_BYTES + sound.AAC_MIN)


def _packet(pid: int, counter: int, payload: bytes, *, starts: bool, field: bytes) -> bytes:
    """Write a packet, its adaptation field stuffed until it is full."""
    room = _PAYLOAD - len(payload)
    assert room >= len(field) + bool(field), (room, field)
    flags = 0x30 if room else 0x10
    head = struct.pack(">BHB", 0x47, starts << 14 | pid, flags | counter & 15)
    if not room:
        return head + payload
    inside = (field or b"\x00")[: room - 1].ljust(room - 1, b"\xff")
    return head + bytes([room - 1]) + inside + payload


def _pes(pid: int, counter: int, unit: bytes, field: bytes) -> list[bytes]:
    """Cut a PES packet into packets of the stream; ``field`` is for the first."""
    first = _PAYLOAD - len(field) - bool(field)
    found = [_packet(pid, counter, unit[:first], starts=True, field=field)]
    for at in range(first, len(unit), _PAYLOAD):
        part = unit[at : at + _PAYLOAD]
        found.append(_packet(pid, counter + len(found), part, starts=False, field=b""))
    return found


def _count(unit_bytes: int, field_bytes: int) -> int:
    first = _PAYLOAD - field_bytes - bool(field_bytes)
    return 1 + max(0, -(-(unit_bytes - first) // _PAYLOAD))


def _stamp(at: int) -> bytes:
    at %= _TIME
    high, middle, low = at >> 30 & 7, at >> 15 & 0x7FFF, at & 0x7FFF
    return struct.pack(">BHH", 0x21 | high << 1, middle << 1 | 1, low << 1 | 1)


def _wrapped(stream: int, at: int, data: bytes, *, sized: bool) -> bytes:
    length = len(data) + _PES - 6 if sized else 0
    return struct.pack(">IHBBB", 0x100 | stream, length, 0x84, 0x80, 5) + _stamp(at) + data


def _clock(at: int, *, is_first: bool, is_key: bool) -> bytes:
    base = (at - _DELAY) % _TIME
    flags = 0x10 | is_first << 7 | is_key << 6
    return struct.pack(">BIH", flags, base >> 1, (base & 1) << 15 | 0x7E00)


def _section(pid: int, table: bytes) -> bytes:
    checked = table + struct.pack(">I", crc(table, 0xFFFFFFFF))
    field = b"\x80"
    payload = (b"\x00" + checked).ljust(_PAYLOAD - len(field) - 1, b"\xff")
    return _packet(pid, 0, payload, starts=True, field=field)


@functools.lru_cache(maxsize=4)
def _tables(has_video: bool, has_audio: bool) -> bytes:
    """Write which programme there is, and of what streams."""
    streams = [(_H264, _VIDEO_PID)] * has_video + [(_AAC, _AUDIO_PID)] * has_audio
    body = b"".join(struct.pack(">BHH", kind, 0xE000 | pid, 0xF000) for kind, pid in streams)
    clock = streams[0][1]
    pat = struct.pack(">BHHBBBHH", 0, 0xB00D, 1, 0xC1, 0, 0, 1, 0xE000 | _PMT_PID)
    size = 0xB000 | 13 + len(body)
    pmt = struct.pack(">BHHBBBHH", 2, size, 1, 0xC1, 0, 0, 0xE000 | clock, 0xF000) + body
    return _section(0, pat) + _section(_PMT_PID, pmt)


@functools.lru_cache(maxsize=64)
def _pictures(width: int, height: int, fps: int) -> tuple[bytes, ...]:
    parameters = b"".join(h264.START + each for each in h264.parameters(width, height, fps))
    key, *rest = h264.group(width, height, fps)
    first = _DELIMITER + parameters + h264.START + key
    return (first, *(_DELIMITER + h264.START + each for each in rest))


def _sounds(clip: Clip) -> range:
    return clip.frames(sound.AAC_SAMPLES, sound.RATE_HZ) if clip.has_audio else range(0)


def _own(clip: Clip) -> int:
    """Count the packets there are without anything to fill it up."""
    sounds = len(_sounds(clip))
    total = 2 + -(-sounds // _SOUNDS)
    if not clip.has_video:
        return total
    count = len(clip.pictures)
    group = _pictures(*clip.size, clip.fps)
    keys = -(-count // len(group))
    return total + count - keys + keys * _count(_PES + len(group[0]), _PCR - 1)


def size(clip: Clip) -> int:
    return PACKET * max(_own(clip), _LEAST, clip.wanted_bytes // PACKET)


def runs(clip: Clip) -> Runs:
    yield _tables(clip.has_video, clip.has_audio), 1
    own = _own(clip)
    spare = size(clip) // PACKET - own
    frames = _frames(clip)
    made = 0
    total = own - 2
    for packets in frames:
        before = made
        made += len(packets)
        fill = spare * made // total - spare * before // total
        yield b"".join(packets) + NULL * fill, 1


def _frames(clip: Clip) -> Iterator[list[bytes]]:
    """Write the packets of each frame, in the order of their times."""
    group = _pictures(*clip.size, clip.fps) if clip.has_video else ()
    pictures = clip.pictures if clip.has_video else range(0)
    sounds = _sounds(clip)
    parts = [sounds[at : at + _SOUNDS] for at in range(0, len(sounds), _SOUNDS)]
    heard = 0
    counter = 0
    for nth in pictures:
        at = nth * _HZ // clip.fps + _LEAD
        while heard < len(parts) and _sound_at(parts[heard]) < at:
            yield _sound(clip, parts[heard], heard)
            heard += 1
        kind = (nth - pictures.start) % len(group)
        field = _clock(at, is_first=nth == pictures.start, is_key=kind == 0)
        unit = _wrapped(_VIDEO_STREAM, at, group[kind], sized=False)
        packets = _pes(_VIDEO_PID, counter, unit, field)
        counter += len(packets)
        yield packets
    for nth in range(heard, len(parts)):
        yield _sound(clip, parts[nth], nth)


def _sound_at(part: range) -> int:
    return part.start * sound.AAC_SAMPLES * _HZ // sound.RATE_HZ + _LEAD


def _sound(clip: Clip, part: range, nth: int) -> list[bytes]:
    at = _sound_at(part)
    if not clip.has_video:
        field = _clock(at, is_first=nth == 0, is_key=True)
    else:
        field = b"\xc0" if nth == 0 else b""
    unit = _wrapped(_AUDIO_STREAM, at, _SILENCE * len(part), sized=True)
    return _pes(_AUDIO_PID, nth, unit, field)
