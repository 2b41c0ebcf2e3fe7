"""Real players: what PyAV and Debian's ffprobe find in a file."""

import array
import io
import json
import math
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import av
import av.container
import httpx
import pytest

from recording_emulator.core.clips.clip import Clip, written
from recording_emulator.core.objects import Text
from recording_emulator.core.scenes import Scene, scene
from recording_emulator.core.world import World
from recording_emulator.store.objects import made
from recording_emulator.store.rendering import rendered
from recording_emulator.vendors.handle import StoredObject

NAMES = {
    "ts": "mpegts",
    "m4a": "mov,mp4,m4a,3gp,3g2,mj2",
    "mp4": "mov,mp4,m4a,3gp,3g2,mj2",
    "jpg": "jpeg_pipe",
    "webm": "matroska,webm",
}
"""What players call our containers, where it is another name."""
SOUND = {"mp3": "mp3", "avi": "mp3", "ogg": "opus", "webm": "opus", "wav": "pcm_s16le"}
PICTURE = {"jpg": "mjpeg", "webm": "vp8"}
NONE = (0, 0)
RATE_HZ = 48_000
LAST_MS = 300
"""How long a frame lasts at most: in a slice sound comes a quarter of a second at a time."""

Found = tuple[str, list[str], tuple[int, int]]


def expected(clip: Clip) -> Found:
    """Say what a player is to find: the container, the codecs, the size of the picture."""
    kind = clip.container
    codecs = [PICTURE.get(kind, "h264")] * clip.has_video
    codecs += [SOUND.get(kind, "aac")] * clip.has_audio
    size = (clip.width, clip.height) if kind == "jpg" else clip.size
    return NAMES.get(kind, kind), sorted(codecs), size if clip.has_video else NONE


def ffprobe(path: Path) -> tuple[Found, float]:
    """Open a file with ffprobe; return what it holds, and how long it lasts in milliseconds."""
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed (Debian's package ffmpeg)")
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    complaints = [each for each in done.stderr.splitlines() if b"EOI missing" not in each]
    assert complaints == [], complaints  # it misses the end of each picture of one colour
    found = json.loads(done.stdout)
    sizes = [(each["width"], each["height"]) for each in found["streams"] if "width" in each]
    codecs = sorted(each["codec_name"] for each in found["streams"])
    name = found["format"]["format_name"].replace("image2", "jpeg_pipe")
    held = name, codecs, sizes[0] if sizes else NONE
    return held, float(found["format"].get("duration", 0)) * 1_000


def pyav(content: bytes) -> tuple[Found, float]:
    """Open and decode a file with PyAV; return the same, counted from its frames."""
    with av.open(io.BytesIO(content), "r") as opened:
        codecs = sorted(each.codec_context.name for each in opened.streams)
        videos = opened.streams.video
        size = (videos[0].width, videos[0].height) if videos else NONE
        held = opened.format.name, [NATIVE.get(each, each) for each in codecs], size
        begin, end = 10.0**9, 0.0
        assert isinstance(opened, av.container.InputContainer)
        for frame in opened.decode(*opened.streams):
            assert not frame.is_corrupt
            rate = getattr(frame, "sample_rate", 0)
            pictures_s = float(videos[0].average_rate or 25) if videos else 0
            last = getattr(frame, "samples", 0) / rate if rate else 1 / pictures_s
            begin, end = min(begin, frame.time), max(end, frame.time + last)
    return held, (end - begin) * 1_000


def told_ms(path: Path) -> int | None:
    """Return how long ffprobe says that a file lasts; None if it finds nothing to play."""
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed (Debian's package ffmpeg)")
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=False).stdout or "{}")
    if not found.get("streams"):
        return None
    return round(float(found["format"].get("duration", 0)) * 1_000)


def played_ms(content: bytes) -> int | None:
    """Return how far PyAV gets in a file that may be broken; None if there is no frame."""
    begin, end = 10.0**9, -1.0
    try:
        with av.open(io.BytesIO(content), "r") as opened:
            assert isinstance(opened, av.container.InputContainer)
            for frame in opened.decode(*opened.streams):
                begin, end = min(begin, frame.time or 0), max(end, frame.time or 0)
    except (av.error.InvalidDataError, av.error.EOFError):
        pass
    return None if end < 0 else round((end - begin) * 1_000)


NATIVE = {"mp3float": "mp3", "libvpx": "vp8", "libopus": "opus"}


def check(clip: Clip, path: Path, *, decodes: bool = True) -> None:
    """Be sure that players find in a clip what it was to hold, and its length within a frame."""
    content = b"".join(written(clip))
    path.write_bytes(content)
    found = [ffprobe(path)]
    if decodes:
        found.append(pyav(content))
    assert len(content) == clip.size_bytes
    for held, length_ms in found:
        assert held == expected(clip)
        if clip.container != "jpg":
            assert abs(length_ms - clip.length_ms) <= LAST_MS, (length_ms, clip)


def check_world(world: World, path: Path) -> set[str]:
    """Be sure that every listed file is there, as large as listed, and plays; return the kinds.

    Files that differ only in when they begin are opened once.
    """
    seen, kinds = set[object](), set[str]()
    for file in world.objects.files(world.now_ms):
        found = world.objects.find(file.bucket, file.key, world.now_ms)
        assert found is not None, file
        content = found[1]
        assert isinstance(content, Text | Clip), file
        assert content.size_bytes == file.size_bytes
        kinds.add(file.key.rpartition(".")[2])
        if isinstance(content, Text) or (content.container, content.length_ms) in seen:
            continue
        seen.add((content.container, content.length_ms))
        written = sum(len(each) for each in made(content, 0, content.size_bytes))
        assert written == file.size_bytes
        check(content, path / f"file.{content.container}")
    return kinds


def check_served(objects: Iterable[StoredObject], lengths_ms: set[int], path: Path) -> set[str]:
    """Be sure that every stored file can be read and plays for one of these lengths.

    Returns:
        How they end.
    """
    kinds = set[str]()
    for each in objects:
        content = httpx.get(each.url).content
        kind = each.key.rpartition(".")[2]
        at = path / f"file.{kind}"
        at.write_bytes(content)
        kinds.add(kind)
        assert len(content) == each.size_bytes
        for (container, codecs, _), length_ms in (ffprobe(at), pyav(content)):
            assert container == NAMES.get(kind, kind)
            assert codecs, each.key
            assert min(abs(length_ms - wanted) for wanted in lengths_ms) <= LAST_MS, length_ms
    return kinds


def lengths(playlist: bytes) -> list[float]:
    """Return what a playlist says its slices last, in seconds."""
    lines: Iterable[str] = playlist.decode().splitlines()
    return [float(each[8:].rstrip(",")) for each in lines if each.startswith("#EXTINF:")]


def scene_of(world: World, bucket: str, key: str) -> Scene:
    """Return what a stored file shows and lets be heard, where media are rendered."""
    found = world.objects.find(bucket, key, world.now_ms)
    assert found is not None, key
    content, recipe = found[1], world.objects.recipe(bucket, key)
    shot = recipe.shot(key, world.now_ms)
    assert shot is not None, key
    assert isinstance(content, Clip), key
    return scene(world.casts.by_name, shot, content.size)


Told = list[tuple[int, dict[str, tuple[int, ...]], str]]


def told(seen: Scene) -> Told:
    """Say of each part of a scene how long it lasts, whose picture is where, and who is heard.

    Somebody without a picture has brackets around the name.
    """
    names = {each.number: each.name for take in seen for each in take.shown}
    return [
        (
            take.length_ms,
            {each.name if each.video else f"({each.name})": each.tile for each in take.shown},
            " ".join(names.get(number, f"#{number}") for number in take.heard),
        )
        for take in seen
    ]


def is_like(found: Sequence[int], wanted: str) -> bool:
    """Say whether a colour is the one wanted (``#rrggbb``), as far as encoders leave it."""
    parts = [int(wanted[n : n + 2], 16) for n in (1, 3, 5)]
    return all(abs(a - b) < 24 for a, b in zip(found, parts, strict=True))


def rendered_of(world: World, bucket: str, key: str) -> bytes:
    """Render a stored file."""
    found = world.objects.find(bucket, key, world.now_ms)
    assert found is not None, key
    assert isinstance(found[1], Clip), key
    body = rendered(found[1], scene_of(world, bucket, key))
    assert body is not None, key
    return body


def frames(body: bytes, kind: str) -> Iterator[Any]:
    """Decode the first stream of a kind, ``video`` or ``audio``."""
    with av.open(io.BytesIO(body), "r") as file:
        yield from file.decode(**{kind: 0})


def samples(body: bytes) -> "array.array[int]":
    """Decode the sound of a file, as it is heard on one loudspeaker at ``RATE_HZ``."""
    heard = array.array("h")
    even = av.AudioResampler("s16", "mono", RATE_HZ)
    for frame in frames(body, "audio"):
        for each in even.resample(frame):
            heard.frombytes(bytes(each.planes[0])[: 2 * each.samples])
    return heard


def loudness(samples: "array.array[int]", hz: int) -> float:
    """Say how much of a tone is in samples (Goertzel), 0 where there is none."""
    turn = 2 * math.pi * hz / RATE_HZ
    real = sum(value * math.cos(turn * n) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(turn * n) for n, value in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)


def colour_at(frame: Any, left: int, top: int) -> tuple[int, ...]:
    """Return what colour a picture has at a point."""
    return tuple(frame.to_image().getpixel((left, top)))
