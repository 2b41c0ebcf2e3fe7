"""Sound without much of a container: AAC (ADTS), MP3, WAV.

Source:
    ID3: v2.3.0 §3.1 and §4.28 (a private frame, here of zeros). WAV: 44.1 kHz, 16 bit, stereo,
    176,400 bytes a second.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import sound

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

PATTERN: Final = 64
"""AAC frames of two sizes alternate in patterns of so many, for an even bit rate."""
WAV_HZ: Final = 44_100
WAV_BLOCK: Final = 4
_WAV_HEAD: Final = 44
_ID3: Final = 10
ID3_MIN: Final = 2 * _ID3 + 1
_ID3_MAX: Final = (1 << 28) + _ID3 - 1


def _aac(clip: Clip) -> tuple[int, int]:
    count = len(clip.frames(sound.AAC_SAMPLES, sound.RATE_HZ))
    least = count * (sound.ADTS_BYTES + sound.AAC_MIN)
    most = count * (sound.ADTS_MAX - 2)  # a pattern makes some frames up to two bytes larger
    return count, min(max(clip.wanted_bytes, least), most)


def aac_size(clip: Clip) -> int:
    return _aac(clip)[1]


def aac_runs(clip: Clip) -> Runs:
    count, total = _aac(clip)
    base, extra = divmod(total, count)
    patterns, rest = divmod(count, PATTERN)
    if patterns == 0:
        yield _pattern(base, extra, count), 1
        return
    each, more = divmod(extra, patterns)
    yield _pattern(base, each + 1, PATTERN), more
    yield _pattern(base, each, PATTERN), patterns - more
    yield sound.adts(base), rest


def _pattern(base: int, extra: int, count: int) -> bytes:
    """Write frames that take ``extra`` bytes more than ``base`` each, spread evenly."""
    sizes = (base + (n + 1) * extra // count - n * extra // count for n in range(count))
    kinds: dict[int, bytes] = {}
    return b"".join(kinds.setdefault(size, sound.adts(size)) for size in sizes)


def _mp3(clip: Clip) -> tuple[sound.Mp3, int, int]:
    kind = sound.Mp3(clip.wanted_bytes * 8 // max(1, clip.length_ms))
    count = max(1, clip.length_ms * kind.rate_hz // (1_000 * kind.samples))
    own = count * kind.frame_bytes
    total = clip.filled(own, ID3_MIN)
    return kind, count, total - own if total - own <= _ID3_MAX else 0


def mp3_size(clip: Clip) -> int:
    kind, count, spare = _mp3(clip)
    return count * kind.frame_bytes + spare


def mp3_runs(clip: Clip) -> Runs:
    kind, count, spare = _mp3(clip)
    yield from id3(spare)
    yield kind.frame, count


def id3(spare: int) -> Runs:
    """Write a tag of this size, at least ``ID3_MIN``, with a private frame, or none."""
    if spare:
        inside = spare - _ID3
        size = bytes(inside >> shift & 0x7F for shift in (21, 14, 7, 0))
        yield b"ID3\x03\x00\x00" + size + struct.pack(">4sIH", b"PRIV", inside - _ID3, 0), 1
        yield b"\x00", inside - _ID3


def wav_size(clip: Clip) -> int:
    """Say how large it is: its rate for so long, of which the head takes a quarter millisecond."""
    return max(_WAV_HEAD, WAV_BLOCK * (clip.length_ms * WAV_HZ // 1_000))


def wav_runs(clip: Clip) -> Runs:
    data = wav_size(clip) - _WAV_HEAD
    form = struct.pack("<IHHIIHH", 16, 1, 2, WAV_HZ, WAV_HZ * WAV_BLOCK, WAV_BLOCK, 16)
    head = struct.pack("<4sI4s", b"RIFF", (data + _WAV_HEAD - 8) % 2**32, b"WAVEfmt ")
    yield head[:8] + b"WAVEfmt " + form + struct.pack("<4sI", b"data", data % 2**32), 1
    yield bytes(WAV_BLOCK), data // WAV_BLOCK
