"""Panes: where the recorder puts whom in the mixed picture.

Source:
    Sheet §2.3: the four layouts and their numbers, at most 17 panes, the pane that goes to who
    leaves no video for a while. How large the panes of layouts 0 to 2 are is assumed, as is that
    who sends sound alone has one.
"""

from collections.abc import Sequence
from typing import Final

from recording_emulator.core.tiles import Tile, beside, floating, grid
from recording_emulator.vendors.agora.bodies import Layout as Picture

MAX_PANES: Final = 17
"""At most 17 people are seen, the first to join; the next takes the place of one who goes (DS)."""
FLOATING: Final = 0
BEST_FIT: Final = 1
VERTICAL: Final = 2
_BESIDE: Final = 8
"""How many panes stand beside or before the large one before there is a second column or row."""
_SMALL: Final = 4
"""A small pane's side, as a part of the picture's."""


def panes(picture: Picture, uids: Sequence[str], width: int, height: int) -> dict[str, Tile]:
    """Place those who are recorded, in the order in which they came.

    >>> panes(Picture(), ["41", "42"], 640, 360)["42"]
    Tile(left=0, top=270, width=160, height=90)
    """
    placed = list(uids[:MAX_PANES])
    if picture.layoutConfig and picture.mixedVideoLayout not in (FLOATING, BEST_FIT, VERTICAL):
        return _custom(picture, placed, width, height)
    if picture.mixedVideoLayout == BEST_FIT:
        return dict(zip(placed, grid(len(placed), width, height), strict=True))
    if picture.maxResolutionUid in placed:
        placed.remove(picture.maxResolutionUid)
        placed.insert(0, picture.maxResolutionUid)
    if picture.mixedVideoLayout == VERTICAL:
        tiles = _vertical(len(placed), width, height)
    else:
        tiles = floating(len(placed), width, height, _SMALL, is_from_left=True)
    return dict(zip(placed, tiles, strict=True))


def _vertical(count: int, width: int, height: int) -> list[Tile]:
    """Put the large one on the left, the others in columns on the right."""
    rest = max(1, count - 1)
    columns = -(-rest // _BESIDE)
    return beside(count, width, height, -(-rest // columns), width // _SMALL // columns)


def _custom(picture: Picture, uids: list[str], width: int, height: int) -> dict[str, Tile]:
    """Place whoever has a pane of their own there, and the others in the panes of nobody."""
    found: dict[str, Tile] = {}
    named = {each.uid for each in picture.layoutConfig if each.uid}
    others = iter([uid for uid in uids if uid not in named])
    for each in picture.layoutConfig:
        uid = each.uid or next(others, "")
        if uid in uids:
            found[uid] = Tile(
                round(each.x_axis * width),
                round(each.y_axis * height),
                round(each.width * width),
                round(each.height * height),
            )
    return found
