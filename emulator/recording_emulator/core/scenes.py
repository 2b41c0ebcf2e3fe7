"""Scenes: what a clip shows and lets be heard, as plain data that somebody else draws.

A recipe says what was filmed (``Shot``): which recording, and when. Its cast knows who was there
and where each picture went. That is all a renderer needs; the core draws nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from recording_emulator.core.casts import Cast, Seen
from recording_emulator.core.tiles import Tile


class Shot(NamedTuple):
    """What a clip filmed.

    ``cast`` has the name of the machine that recorded; ``spans`` are the times, one after the
    other, as the clip shows them. ``user`` is the one whose stream it is, who fills the picture;
    None: all, mixed. ``placed`` names the machine that places them, where that is another one; if
    it hears somebody, then nobody else is heard.
    """

    cast: str
    spans: tuple[tuple[int, int], ...]
    user: str | None = None
    placed: str = ""


class Shown(NamedTuple):
    """Somebody in a picture; their ``number`` stays the same as long as the recording lasts.

    Of a text, ``name`` is what it says.
    """

    number: int
    name: str
    video: bool
    tile: Tile
    is_text: bool = False


class Take(NamedTuple):
    """A part of a clip in which nobody comes, goes or moves; ``clock_ms`` is the tenant's time.

    Whoever is shown later covers who was shown before.
    """

    at_ms: int
    length_ms: int
    clock_ms: int
    shown: tuple[Shown, ...]
    heard: tuple[int, ...]


Scene: TypeAlias = tuple[Take, ...]


def scene(casts: Mapping[str, Cast], shot: Shot, size: tuple[int, int]) -> Scene:
    """Put together what a shot shows in a picture of this size."""
    cast, placing = casts.get(shot.cast, Cast()), casts.get(shot.placed)
    numbers = cast.numbers
    found: list[Take] = []
    at_ms = 0
    for start_ms, end_ms in shot.spans:
        for act in cast.acts(start_ms, end_ms):
            steps = placing.acts(act.start_ms, act.end_ms) if placing else (act,)
            for step in steps:
                people = _placed(act.people, shot, step.people, size)
                length_ms = step.end_ms - step.start_ms
                heard = tuple(numbers[each.uid] for each in people if each.audio)
                shown = tuple(
                    _shown(each, each.tile, numbers)
                    for each in sorted(people, key=_depth)
                    if each.tile is not None
                )
                found.append(Take(at_ms, length_ms, step.start_ms, shown, heard))
                at_ms += length_ms
    return tuple(found)


def _placed(
    people: Mapping[str, Seen], shot: Shot, places: Mapping[str, Seen], size: tuple[int, int]
) -> list[Seen]:
    """Say how each is in a shot: alone, in their place, or not at all."""
    if shot.user is not None:
        whole = Tile(0, 0, *size)
        return [
            each._replace(tile=whole) if uid == shot.user else Seen(uid)
            for uid, each in people.items()
        ]
    is_choosy = bool(shot.placed) and any(each.audio for each in places.values())
    found = []
    for uid, each in people.items():
        there = places.get(uid, Seen(uid))
        is_heard = each.audio and (there.audio or not is_choosy)
        found.append(each._replace(audio=is_heard, tile=there.tile, layer=there.layer))
    texts = (each for uid, each in places.items() if each.text and uid not in people)
    return [*found, *texts]


def _shown(each: Seen, tile: Tile, numbers: Mapping[str, int]) -> Shown:
    if each.text:
        return Shown(0, each.text, False, tile, is_text=True)
    return Shown(numbers[each.uid], each.uid, each.video, tile)


def _depth(each: Seen) -> tuple[int, int]:
    """Put a lower layer first, and in one layer the largest."""
    return each.layer, -each.tile.width * each.tile.height if each.tile else 0
