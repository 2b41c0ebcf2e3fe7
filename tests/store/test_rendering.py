"""Rendered media: who was there is seen and heard, in files as large as they were told."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import pytest
from tests.players import RATE_HZ, colour_at, frames, is_like, loudness, played_ms, samples

from recording_emulator.core.casts import NOW, Cast, Seen
from recording_emulator.core.clips.clip import FORMATS, Clip
from recording_emulator.core.scenes import Shot, scene
from recording_emulator.core.tiles import Tile, grid
from recording_emulator.store.drawing import COLOURS, EMPTY, MUTED
from recording_emulator.store.rendering import LONGEST_MS, TONES_HZ, rendered

LENGTH_MS = 6_000
SIZE = (320, 180)
SOUNDS = ("m4a", "aac", "mp3", "wav")


def two_people() -> Cast:
    """Alice is alone, Bob comes, Alice mutes herself, Bob turns his camera off, Alice goes."""
    cast = Cast()
    left, right = grid(2, *SIZE)
    alone = Tile(0, 0, *SIZE)
    cast.becomes([Seen("alice", True, True, alone)], 10_000)
    cast.becomes([Seen("alice", True, True, left), Seen("bob", True, True, right)], 12_000)
    cast.becomes([Seen("alice", False, True, left), Seen("bob", True, True, right)], 13_000)
    cast.becomes([Seen("alice", False, True, left), Seen("bob", True, False, right)], 14_000)
    cast.becomes([Seen("bob", True, False, alone)], 15_000)
    return cast


def clip_of(container: str, *, length_ms: int = LENGTH_MS, start_ms: int = 0) -> Clip:
    width, height = (0, 0) if container in SOUNDS else SIZE
    is_still = container == "jpg"
    wanted = 65_536 if is_still else 548 * length_ms // 8
    length = 0 if is_still else length_ms
    return Clip(container, length, not is_still, width, height, 15, wanted, start_ms)


def made_of(clip: Clip, user: str | None = None) -> bytes:
    shot = Shot("it", ((10_000, 10_000 + LENGTH_MS),), user)
    found = rendered(clip, scene({"it": two_people()}, shot, SIZE))
    assert found is not None
    return found


@pytest.mark.parametrize("container", [each for each in FORMATS if each != "ogg"])
def test_a_rendered_file_has_the_size_that_was_told_and_plays(container: str) -> None:
    clip = clip_of(container)

    body = made_of(clip)

    assert len(body) == clip.size_bytes
    with av.open(io.BytesIO(body)) as file:
        kinds = {stream.type for stream in file.streams}
    assert ("video" in kinds, "audio" in kinds) == (clip.has_video, clip.has_audio)


@pytest.mark.parametrize("container", ["ts", "mp4", "flv", "avi", "webm"])
def test_pictures_show_who_was_there_and_where(container: str) -> None:
    at = {round(each.time * 15): each for each in frames(made_of(clip_of(container)), "video")}
    first = min(at)

    alone, both, off, last = (at[first + n] for n in (15, 37, 67, 82))

    assert is_like(colour_at(alone, 310, 10), COLOURS[0])
    assert is_like(colour_at(both, 10, 30), COLOURS[0])
    assert is_like(colour_at(both, 310, 30), COLOURS[1])
    assert is_like(colour_at(off, 10, 30), COLOURS[0])
    assert is_like(colour_at(off, 310, 30), MUTED)
    assert is_like(colour_at(last, 10, 10), MUTED)


def test_a_text_is_written_and_tells_the_time() -> None:
    box = Tile(20, 100, 280, 40)
    cast = Cast()
    cast.becomes([Seen("caption", tile=box, text=f"Now {NOW}")], 10_000)
    shot = Shot("it", ((10_000, 13_000),))
    body = rendered(clip_of("mp4", length_ms=3_000), scene({"it": cast}, shot, SIZE))

    first, last = (
        each.to_image() for nth, each in enumerate(frames(body or b"", "video")) if nth in (5, 40)
    )

    assert is_like(first.getpixel((22, 102)), MUTED)
    assert is_like(first.getpixel((22, 90)), EMPTY)
    inside = first.crop((20, 100, 300, 140))
    assert inside.getextrema()[0][1] > 200
    assert inside.tobytes() != last.crop((20, 100, 300, 140)).tobytes()


def test_each_second_shows_another_time() -> None:
    video = frames(made_of(clip_of("mp4")), "video")
    shown = [bytes(each.planes[0])[: 320 * 180] for each in video]

    assert shown[3] == shown[12]
    assert shown[12] != shown[18]


@pytest.mark.parametrize("container", ["mp4", "aac", "mp3", "wav", "webm"])
def test_a_speaker_is_a_tone_and_silence_when_muted(container: str) -> None:
    heard = samples(made_of(clip_of(container)))

    def tone(second: float, hz: int) -> float:
        begin = round(second * RATE_HZ)
        return loudness(heard[begin : begin + RATE_HZ // 4], hz)

    alice, bob = TONES_HZ[:2]
    assert tone(0.5, alice) > 20 * tone(0.5, bob)
    assert tone(2.4, alice) > 0.3 * tone(2.4, bob)
    assert tone(3.5, bob) > 20 * tone(3.5, alice)


def test_the_stream_of_one_fills_the_picture() -> None:
    shown = list(frames(made_of(clip_of("mp4"), "bob"), "video"))

    assert is_like(colour_at(shown[37], 10, 10), COLOURS[1])
    assert colour_at(shown[15], 10, 10) == (0, 0, 0)


def test_slices_join_without_a_gap() -> None:
    cast = two_people()
    slices = []
    for start_ms in (0, 3_000):
        shot = Shot("it", ((10_000 + start_ms, 13_000 + start_ms),))
        clip = clip_of("ts", length_ms=3_000, start_ms=start_ms)
        slices.append(rendered(clip, scene({"it": cast}, shot, SIZE)) or b"")

    times = [
        [each.pts for one in slices for each in frames(one, kind)] for kind in ("audio", "video")
    ]

    for found, step in zip(times, (1_920, 6_000), strict=True):
        assert {b - a for a, b in pairwise(found)} == {step}


def test_rendering_is_repeatable() -> None:
    clip = clip_of("mp4")

    assert made_of(clip) == made_of(clip)


def test_what_takes_too_long_or_does_not_fit_stays_built_in() -> None:
    shown = scene({"it": two_people()}, Shot("it", ((10_000, 12_000),)), SIZE)

    assert rendered(clip_of("mp4", length_ms=LONGEST_MS + 1), shown) is None
    assert rendered(Clip("mp4", 60_000, True, *SIZE), shown) is None
    assert rendered(clip_of("ogg"), shown) is None


@pytest.mark.parametrize("container", ["mp4", "m4a"])
def test_a_rendered_mp4_that_was_cut_does_not_play(container: str) -> None:
    body = made_of(clip_of(container))

    cut = body[: len(body) // 2]

    assert played_ms(body) is not None
    assert played_ms(cut) is None
