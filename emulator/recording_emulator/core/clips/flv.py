"""FLV: tags of H.264 and AAC, as they come.

Source:
    Adobe Flash Video File Format 10.1, annex E. What fills a file up is filler in its key frames,
    or in its sound where there is no picture.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from recording_emulator.core.clips import h264, sound

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip, Runs

_AUDIO, _VIDEO, _SCRIPT = 8, 9, 18
_AVC, _AAC = 7, 10
_TAG: Final = 15
_VIDEO_HEAD: Final = 5
_AUDIO_HEAD: Final = 2
_LENGTH: Final = 4
_FILLER_MIN: Final = _LENGTH + h264.FILLER_MIN


def configuration(clip: Clip) -> bytes:
    """Write an AVCDecoderConfigurationRecord."""
    sequence, picture = h264.parameters(*clip.size, clip.fps)
    sizes = struct.pack(">BH", 0xE1, len(sequence)), struct.pack(">BH", 1, len(picture))
    head = bytes([1, *sequence[1:4], 0xFF])
    return head + sizes[0] + sequence + sizes[1] + picture


def measured(unit: bytes) -> bytes:
    """Write a unit after its length, as MP4 and FLV have it."""
    return struct.pack(">I", len(unit)) + unit


def _tag(kind: int, at_ms: int, payload: bytes) -> bytes:
    size = len(payload)
    time = (at_ms & 0xFFFFFF) << 8 | at_ms >> 24 & 0xFF
    head = struct.pack(">IIBH", kind << 24 | size, time, 0, 0)
    return head + payload + struct.pack(">I", size + 11)


def _about(clip: Clip) -> bytes:
    """Write ``onMetaData``."""
    numbers: dict[str, float] = {"duration": clip.length_ms / 1_000}
    if clip.has_video:
        width, height = clip.size
        numbers |= {"width": width, "height": height, "framerate": clip.fps, "videocodecid": _AVC}
    if clip.has_audio:
        numbers |= {"audiosamplerate": sound.RATE_HZ, "audiosamplesize": 16, "audiocodecid": _AAC}
    pairs = [
        struct.pack(">H", len(name)) + name.encode() + struct.pack(">Bd", 0, value)
        for name, value in numbers.items()
    ]
    name = b"onMetaData"
    head = struct.pack(">BH10sBI", 2, len(name), name, 8, len(pairs))
    return head + b"".join(pairs) + b"\x00\x00\x09"


def _head(clip: Clip) -> bytes:
    flags = 4 * clip.has_audio | clip.has_video
    found = struct.pack(">3sBBII", b"FLV", 1, flags, 9, 0) + _tag(_SCRIPT, 0, _about(clip))
    if clip.has_video:
        found += _tag(_VIDEO, 0, b"\x17\x00\x00\x00\x00" + configuration(clip))
    if clip.has_audio:
        found += _tag(_AUDIO, 0, b"\xaf\x00" + sound.AAC_CONFIG)
    return found


def _group(clip: Clip) -> list[bytes]:
    return [measured(each) for each in h264.group(*clip.size, clip.fps)] if clip.has_video else []


def group_bytes(count: int, group: list[bytes]) -> int:
    """Sum up ``count`` frames of groups like this one."""
    whole, rest = divmod(count, len(group))
    return whole * sum(map(len, group)) + sum(map(len, group[:rest]))


def _sounds(clip: Clip) -> range:
    return clip.frames(sound.AAC_SAMPLES, sound.RATE_HZ) if clip.has_audio else range(0)


def _own(clip: Clip) -> int:
    """Say how large it is without anything to fill it up."""
    audio = len(_sounds(clip)) * (_TAG + _AUDIO_HEAD + sound.AAC_MIN)
    if not clip.has_video:
        return len(_head(clip)) + audio
    count = len(clip.pictures)
    video = count * (_TAG + _VIDEO_HEAD) + group_bytes(count, _group(clip))
    return len(_head(clip)) + audio + video


def size(clip: Clip) -> int:
    return clip.filled(_own(clip), _FILLER_MIN)


def runs(clip: Clip) -> Runs:
    yield _head(clip), 1
    spare = size(clip) - _own(clip)
    if clip.has_video:
        yield from _pictures(clip, spare)
        return
    sounds = _sounds(clip)
    each, more = divmod(spare, len(sounds))
    frame, larger = (b"\xaf\x01" + sound.aac(sound.AAC_MIN + each + n) for n in (0, 1))
    for nth in sounds:
        yield _tag(_AUDIO, _sound_ms(nth), larger if nth < more else frame), 1


def _sound_ms(nth: int) -> int:
    return nth * sound.AAC_SAMPLES * 1_000 // sound.RATE_HZ


def _pictures(clip: Clip, spare: int) -> Runs:
    """Write groups of pictures, each with its sound."""
    group, count = _group(clip), len(clip.pictures)
    keys = -(-count // len(group))
    each = spare // keys if spare // keys >= _FILLER_MIN else 0
    sounds, silence = _sounds(clip), b"\xaf\x01" + sound.aac(sound.AAC_MIN)
    at, waiting = 0, len(sounds)
    for key in range(keys):
        fill = each if key else spare - each * (keys - 1)
        found: list[bytes] = []
        for nth in range(key * len(group), min((key + 1) * len(group), count)):
            now_ms = nth * 1_000 // clip.fps
            while at < waiting and _sound_ms(at) < now_ms:
                found.append(_tag(_AUDIO, _sound_ms(at), silence))
                at += 1
            is_key = nth % len(group) == 0
            head = b"\x17\x01\x00\x00\x00" if is_key else b"\x27\x01\x00\x00\x00"
            frame = group[nth % len(group)]
            if is_key and fill:
                frame = measured(h264.filler(fill - _LENGTH)) + frame
            found.append(_tag(_VIDEO, now_ms, head + frame))
        yield b"".join(found), 1
    yield b"".join(_tag(_AUDIO, _sound_ms(nth), silence) for nth in range(at, waiting)), 1
