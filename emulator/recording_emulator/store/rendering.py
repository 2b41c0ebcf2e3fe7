"""Rendered media: a clip that shows who was there, encoded by PyAV; needs the extra ``media``.

Rules:

1. A rendered file has the size that was told of it: the clip's. It is encoded coarser until it is
   no larger, and what is missing is filled up with what players skip.
2. What cannot be rendered stays as the built-in writer makes it: longer clips than ``LONGEST_MS``,
   containers without an entry in ``_KINDS``, and those that are too large at any quality.
3. Slices stand on the time line of their stream, and their sound begins where the last one ended:
   the encoder is fed a little of what was before, and its packets of that are thrown away.
"""

from __future__ import annotations

import array
import functools
import heapq
import io
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from recording_emulator.store import filling

if TYPE_CHECKING:
    from recording_emulator.core.clips.clip import Clip
    from recording_emulator.core.scenes import Scene, Take

LONGEST_MS: Final = 10 * 60_000
NEEDS: Final = {"av": "PyAV", "PIL": "Pillow"}
QUALITIES: Final = ((28, 32_000), (40, 16_000), (51, 8_000))
"""How coarse pictures are (x264's ``crf``), and the bit rate of sound; tried in this order."""
TONES_HZ: Final = (262, 330, 392, 440, 523, 587, 659, 784)
"""Whoever is the nth to come sounds like the nth, over and over."""
LOUD: Final = 6_000
_RATE_HZ: Final = 48_000
_FRAME: Final = 1_024
_PREROLL: Final = 2
"""Frames of sound before a clip that its encoder needs to swing in."""


def missing() -> list[str]:
    """Name what rendering needs and is not installed."""
    return [name for module, name in NEEDS.items() if find_spec(module) is None]


class _Kind(NamedTuple):
    """How a container is written, and filled up."""

    format: str
    audio: str
    fill: filling.Fill
    video: str = ""
    options: Mapping[str, str] = {}


def rendered(clip: Clip, scene: Scene) -> bytes | None:
    """Encode a clip, exactly as large as it was told; None: leave it as it is built in."""
    kind = _KINDS.get(clip.container)
    if kind is None or clip.length_ms > LONGEST_MS:
        return None
    if clip.container == "jpg":
        return _jpg(clip, scene)
    for crf, bit_rate in QUALITIES:
        encoded = _encoded(clip, scene, kind, crf, bit_rate)
        made = filling.filled(encoded, clip.size_bytes, kind.fill)
        if made is not None:
            assert len(made) == clip.size_bytes, (clip, len(made))
            return made
    return None


def _encoded(clip: Clip, scene: Scene, kind: _Kind, crf: int, bit_rate: int) -> bytes:
    import av

    out = io.BytesIO()
    with av.open(out, "w", format=kind.format, options=dict(kind.options)) as box:
        box.flags |= 0x400  # bit exact: no names and versions of libraries
        streams: list[Iterator[Any]] = []
        if clip.has_video:
            video: Any = box.add_stream(kind.video, rate=clip.fps)
            video.width, video.height = clip.size
            video.pix_fmt = "yuv420p"
            video.codec_context.thread_count = 1
            video.options = _video_options(kind.video, clip.fps, crf)
            streams.append(_pictures(clip, scene, video))
        if clip.has_audio:
            rate = 44_100 if clip.container == "wav" else _RATE_HZ
            audio: Any = box.add_stream(kind.audio, rate=rate)
            audio.layout = "stereo" if clip.container == "wav" else "mono"
            audio.codec_context.bit_rate = bit_rate
            streams.append(_sounds(clip, scene, audio, rate))
        for packet in heapq.merge(*streams, key=lambda each: each.dts * each.time_base):
            box.mux(packet)
    return out.getvalue()


def _video_options(codec: str, fps: int, crf: int) -> dict[str, str]:
    if codec == "libx264":
        fixed = {"preset": "veryfast", "tune": "stillimage", "bf": "0", "g": str(2 * fps)}
        return {**fixed, "crf": str(crf), "x264-params": "threads=1:sliced-threads=0"}
    return {"deadline": "realtime", "cpu-used": "8", "crf": str(min(63, crf)), "b:v": "200k"}


def _pictures(clip: Clip, scene: Scene, stream: Any) -> Iterator[Any]:
    """Encode the pictures of a clip; each is drawn once and told again until it changes."""
    import av

    from recording_emulator.store.drawing import picture

    before: Any = None
    frame: Any = None
    for nth in clip.pictures:
        take, clock_ms = _at(scene, nth * 1_000 // clip.fps - clip.start_ms)
        what = (take.shown, take.heard, clock_ms // 1_000) if take else ((), (), 0)
        if frame is None or what != before:
            drawn = picture(clip.size, what[0], what[1], what[2] * 1_000)
            made: Any = av.VideoFrame.from_image(drawn)  # type: ignore[no-untyped-call]
            frame, before = made.reformat(format="yuv420p"), what
        frame.pts = nth if clip.container == "ts" else nth - clip.pictures.start
        frame.time_base = Fraction(1, clip.fps)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _at(scene: Scene, at_ms: int) -> tuple[Take | None, int]:
    """Return the part of a scene at a time of its clip, and what the tenant's clock says then."""
    for take in scene:
        if at_ms < take.at_ms + take.length_ms:
            return take, take.clock_ms + max(0, at_ms - take.at_ms)
    return (scene[-1], scene[-1].clock_ms + scene[-1].length_ms - 1) if scene else (None, 0)


def _sounds(clip: Clip, scene: Scene, stream: Any, rate_hz: int) -> Iterator[Any]:
    """Encode the sound of a clip, without what its encoder puts before it."""
    import av

    first = clip.start_ms * rate_hz // 1_000
    frames = clip.frames(_FRAME, rate_hz)
    shift = 0 if clip.container == "ts" else frames.start * _FRAME
    channels = len(stream.layout.channels)
    codec = stream.codec_context
    primes = codec.name == "aac"
    for nth in range(frames.start - (_PREROLL if primes else 0), frames.stop):
        at = nth * _FRAME
        frame = av.AudioFrame("s16", stream.layout.name, _FRAME)
        frame.planes[0].update(_waves(scene, at - first, _FRAME, rate_hz, channels))
        frame.sample_rate, frame.pts = rate_hz, at
        yield from _within(codec.encode(frame), stream, frames, shift)
    yield from _within(codec.encode(None), stream, frames, shift)


def _within(packets: Any, stream: Any, frames: range, shift: int) -> Iterator[Any]:
    """Keep the packets of the clip itself, on its own time line."""
    for packet in packets:
        if frames.start * _FRAME <= packet.pts < frames.stop * _FRAME:
            packet.pts -= shift
            packet.dts -= shift
            packet.stream = stream
            yield packet


def _waves(scene: Scene, first: int, count: int, rate_hz: int, channels: int) -> bytes:
    """Sound for ``count`` samples from ``first`` of a clip on: a tone for everybody heard."""
    found, at, end = array.array("h"), first, first + count
    for take in scene:
        begin = take.at_ms * rate_hz // 1_000
        until = (take.at_ms + take.length_ms) * rate_hz // 1_000
        if take is scene[0]:
            begin = min(begin, first)
        if until <= at or begin >= end:
            continue
        upto = min(until, end)
        offset = at % rate_hz
        found.extend(_table(take.heard, rate_hz)[offset : offset + upto - at])
        at = upto
    found.frombytes(bytes(2 * (end - at)))
    if channels == 1:
        return found.tobytes()
    both = array.array("h", bytes(2 * channels * len(found)))
    for channel in range(channels):
        both[channel::channels] = found
    return both.tobytes()


@functools.lru_cache(maxsize=64)
def _table(heard: tuple[int, ...], rate_hz: int) -> array.array[int]:
    """Return a second of sound and a frame more: tones are whole numbers of waves a second."""
    tones = sorted({TONES_HZ[each % len(TONES_HZ)] for each in heard})
    turn = 2 * math.pi / rate_hz
    loud = LOUD / max(1, len(tones))
    wave = [round(sum(loud * math.sin(turn * hz * n) for hz in tones)) for n in range(rate_hz)]
    return array.array("h", [*wave, *wave[:_FRAME]])


def _jpg(clip: Clip, scene: Scene) -> bytes | None:
    from recording_emulator.store.drawing import picture

    take, clock_ms = _at(scene, 0)
    if take is None:
        return None
    drawn = picture((clip.width, clip.height), take.shown, take.heard, clock_ms)
    for quality in (90, 60, 30, 10):
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality)
        made = filling.filled(out.getvalue(), clip.size_bytes, filling.with_comment)
        if made is not None:
            return made
    return None


_KINDS: Final[Mapping[str, _Kind]] = {
    "ts": _Kind("mpegts", "aac", filling.with_null_packets, "libx264", {"mpegts_copyts": "1"}),
    "mp4": _Kind("mp4", "aac", filling.with_free, "libx264"),
    "m4a": _Kind("mp4", "aac", filling.with_free),
    "flv": _Kind("flv", "aac", filling.with_filler, "libx264"),
    "avi": _Kind("avi", "libmp3lame", filling.with_junk, "libx264"),
    "webm": _Kind("webm", "libopus", filling.with_void, "libvpx"),
    "aac": _Kind("adts", "aac", filling.with_longer_frames),
    "mp3": _Kind("mp3", "libmp3lame", filling.with_id3),
    "wav": _Kind("wav", "pcm_s16le", filling.with_silence),
    "jpg": _Kind("", "", filling.with_comment),
}
