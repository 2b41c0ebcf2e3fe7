"""FLV: tags of H.264 and AAC, as they come.

Source:
    Adobe Flash Video File Format 10.1, annex E. What fills a file up is filler in its key frames,
    or in its sound where there is no picture.

Every tag says when it is shown, so no two are alike. But groups of pictures and frames of sound
come in step again every sixteen seconds, and all times are sixteen seconds later then: read as one
large number, such a period is the one before it and always the same added. So hours are written
nearly as fast as they are hashed.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

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
_BEFORE_FILLER: Final = _TAG - _LENGTH + _VIDEO_HEAD
_PERIOD_MS: Final = 16_000
"""Whole groups of pictures, of two seconds, and 750 whole frames of sound."""
_GROUPS: Final = 8
_SOUNDS: Final = 750
_LEAD_MS: Final = 1_000
"""A frame of sound before a period's first picture began this much earlier at most."""

Period: TypeAlias = tuple[bytes, tuple[int, ...]]
"""The tags of sixteen seconds, and where filler is still to be put in."""


def _tag(kind: int, at_ms: int, payload: bytes, filler: int = 0) -> bytes:
    """Write a tag; so many bytes of filler are still to be put in."""
    size = len(payload) + filler
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
        found += _tag(_VIDEO, 0, b"\x17\x00\x00\x00\x00" + h264.configuration(*clip.size, clip.fps))
    if clip.has_audio:
        found += _tag(_AUDIO, 0, b"\xaf\x00" + sound.AAC_CONFIG)
    return found


def _group(clip: Clip) -> list[bytes]:
    return (
        [h264.measured(each) for each in h264.group(*clip.size, clip.fps)] if clip.has_video else []
    )


def _sounds(clip: Clip) -> range:
    return clip.frames(sound.AAC_SAMPLES, sound.RATE_HZ) if clip.has_audio else range(0)


def _own(clip: Clip) -> int:
    """Say how large it is without anything to fill it up."""
    audio = len(_sounds(clip)) * (_TAG + _AUDIO_HEAD + sound.AAC_MIN)
    if not clip.has_video:
        return len(_head(clip)) + audio
    count = len(clip.pictures)
    video = count * (_TAG + _VIDEO_HEAD) + h264.group_bytes(count, _group(clip))
    return len(_head(clip)) + audio + video


def size(clip: Clip) -> int:
    return clip.filled(_own(clip), _FILLER_MIN)


def runs(clip: Clip) -> Runs:
    yield _head(clip), 1
    spare = size(clip) - _own(clip)
    yield from _pictures(clip, spare) if clip.has_video else _sound_alone(clip, spare)


def _sound_ms(nth: int) -> int:
    return nth * sound.AAC_SAMPLES * 1_000 // sound.RATE_HZ


def _sounds_before(at_ms: int) -> int:
    """Count the frames of sound that begin earlier.

    >>> _sounds_before(0), _sounds_before(1), _sounds_before(_PERIOD_MS)
    (0, 1, 750)
    """
    return -(-at_ms * sound.RATE_HZ // (sound.AAC_SAMPLES * 1_000))


def _periods(write: Callable[[int], Period], alike: Callable[[int], object]) -> Iterator[Period]:
    """Write periods without end: two of a kind as they are, those after them by adding.

    Args:
        write: Writes the nth period.
        alike: Says of what kind it is: those of a kind differ in nothing but their times.
    """
    kind: object = None
    number = step = length = 0
    cuts: tuple[int, ...] = ()
    for nth in itertools.count():
        before, kind = kind, (alike(nth), _era(nth))
        if step and kind == before:
            number += step
            yield number.to_bytes(length, "big"), cuts
            continue
        made, cuts = write(nth)
        length, known, number = len(made), number, int.from_bytes(made, "big")
        step = number - known if kind == before else 0
        yield made, cuts


def _era(period: int) -> tuple[int, int]:
    """Say how often times had run over the three bytes of their lower part: first and last."""
    begin_ms = period * _PERIOD_MS
    return max(0, begin_ms - _LEAD_MS) >> 24, begin_ms + _PERIOD_MS - 1 >> 24


def _sound_alone(clip: Clip, spare: int) -> Runs:
    count = len(_sounds(clip))
    each, more = divmod(spare, count)
    frame, larger = (b"\xaf\x01" + sound.aac(sound.AAC_MIN + each + n) for n in (0, 1))

    def write(period: int) -> Period:
        frames = range(period * _SOUNDS, min((period + 1) * _SOUNDS, count))
        tags = [_tag(_AUDIO, _sound_ms(nth), larger if nth < more else frame) for nth in frames]
        return b"".join(tags), ()

    def alike(period: int) -> object:
        first, end = period * _SOUNDS, (period + 1) * _SOUNDS
        return first < more, end <= more, end <= count

    for block, _ in itertools.islice(_periods(write, alike), -(-count // _SOUNDS)):
        yield block, 1


def _pictures(clip: Clip, spare: int) -> Runs:
    """Write groups of pictures, each with its sound."""
    group, count = _group(clip), len(clip.pictures)
    keys = -(-count // len(group))
    each = spare // keys if spare // keys >= _FILLER_MIN else 0
    first = spare - each * (keys - 1)
    sounds, silence = len(_sounds(clip)), b"\xaf\x01" + sound.aac(sound.AAC_MIN)
    many = _GROUPS * len(group)

    def write(period: int) -> Period:
        found, cuts = bytearray(), []
        for nth in range(period * many, min((period + 1) * many, count)):
            now_ms = nth * 1_000 // clip.fps
            heard = _sounds_before((nth - 1) * 1_000 // clip.fps) if nth else 0
            for at in range(heard, min(_sounds_before(now_ms), sounds)):
                found += _tag(_AUDIO, _sound_ms(at), silence)
            key, inside = divmod(nth, len(group))
            fill = (each if key else first) if inside == 0 else 0
            if fill:
                cuts.append(len(found) + _BEFORE_FILLER)
            head = b"\x27\x01\x00\x00\x00" if inside else b"\x17\x01\x00\x00\x00"
            found += _tag(_VIDEO, now_ms, head + group[inside], fill)
        return bytes(found), tuple(cuts)

    def alike(period: int) -> object:
        return period > 0, (period + 1) * many <= count

    fillers = itertools.chain([_filler(first)], itertools.repeat(_filler(each)))
    for block, cuts in itertools.islice(_periods(write, alike), -(-count // many)):
        at = 0
        for cut in cuts:
            yield block[at:cut], 1
            yield next(fillers), 1
            at = cut
        yield block[at:], 1
    last_ms = (count - 1) * 1_000 // clip.fps
    rest = range(_sounds_before(last_ms), sounds)
    yield b"".join(_tag(_AUDIO, _sound_ms(nth), silence) for nth in rest), 1


def _filler(size_bytes: int) -> bytes:
    return h264.measured(h264.filler(size_bytes - _LENGTH)) if size_bytes else b""
