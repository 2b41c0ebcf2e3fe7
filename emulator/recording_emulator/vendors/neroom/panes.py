"""Panes: where each of a recording's mixed pictures has whom.

Source:
    Sheet §1.4 (modes), §1.6 (the main speaker), §3.2 (layouts of NERTC; their panes: golang server
    SDK, ``LayoutUser``). Where a mode or a layout puts whom, who is taken for the active speaker,
    that who sends sound alone has a pane, and that a larger ``zorder`` is nearer, are assumed.
"""

import math
from collections.abc import Sequence
from typing import Final

from recording_emulator.core.tiles import Tile, beside, floating, grid
from recording_emulator.vendors.neroom.config import Layout
from recording_emulator.vendors.neroom.inputs import Track

MAX_PANES: Final = 64
"""So many are seen in a mixed picture, the first to come (NERTC 录制模式: of a custom layout)."""
GALLERY_WITH_SCREEN: Final = 1
SPEAKER_WITH_SCREEN: Final = 2
SPEAKER: Final = 3
GALLERY: Final = 4
SCREEN: Final = 5
"""The modes that have a picture."""
GALLERY_LAYOUT: Final = 0
SPEAKER_LAYOUT: Final = 1
CUSTOM_LAYOUT: Final = 2
FLOATING_LAYOUT: Final = 3
VERTICAL_LAYOUT: Final = 4
_SMALL: Final = 4
"""A small pane's side is this part of the picture's, or less if there are many."""
_BESIDE: Final = 4
"""How many panes stand beside the large one before they become lower."""


def screen_of(user: str) -> str:
    """Name the stream of a shared screen, which is another than its owner's."""
    return f"{user} (screen)"


def panes(
    mode: int, layout: Layout | None, sent: Sequence[Track], width: int, height: int
) -> dict[str, Tile]:
    """Place those who send something now, in the order in which they came.

    >>> alice, bob = (Track(each, each, 0, True, True, 0) for each in ("alice", "bob"))
    >>> panes(GALLERY, None, [alice, bob], 1280, 720)["bob"]
    Tile(left=640, top=0, width=640, height=720)
    >>> panes(SPEAKER, None, [alice, bob], 1280, 720)
    {'alice': Tile(left=0, top=0, width=1280, height=720)}
    """
    screens = [screen_of(each.user) for each in sent if each.screen]
    whole = Tile(0, 0, width, height)
    if mode == SCREEN:
        return dict.fromkeys(screens[:1], whole)
    if mode in (SPEAKER, GALLERY):
        screens = []
    people = [each for each in sent if each.audio or each.video]
    if layout is not None and layout.kind == CUSTOM_LAYOUT:
        return _custom(layout, people, width, height)
    first = speaker(people)
    if layout is None and mode in (SPEAKER, SPEAKER_WITH_SCREEN):
        names = [*screens, *first][:2]
        return dict(zip(names, _floating(len(names), width, height), strict=True))
    users = [each.user for each in people]
    if layout is not None and layout.kind != GALLERY_LAYOUT:
        users = [*first, *(each for each in users if each not in first)]
    names = [*screens, *users][:MAX_PANES]
    if layout is not None and layout.kind == FLOATING_LAYOUT:
        tiles = _floating(len(names), width, height)
    elif screens or (layout is not None and layout.kind in (SPEAKER_LAYOUT, VERTICAL_LAYOUT)):
        tiles = _beside(len(names), width, height)
    else:
        tiles = grid(len(names), width, height)
    return dict(zip(names, tiles, strict=True))


def speaker(people: Sequence[Track]) -> list[str]:
    """Name the one who is large: who says so, or who talks, or sends a picture; the first of them.

    Nobody is loud here, so whoever has their sound on is taken for talking.
    """
    found = (
        [each.user for each in people if each.is_speaker]
        or [each.user for each in people if each.audio]
        or [each.user for each in people]
    )
    return found[:1]


def _floating(count: int, width: int, height: int) -> list[Tile]:
    return floating(count, width, height, max(_SMALL, math.isqrt(max(0, count - 2)) + 1))


def _beside(count: int, width: int, height: int) -> list[Tile]:
    rest = max(1, count - 1)
    columns = -(-rest // (_BESIDE * _BESIDE))
    down = max(_BESIDE, -(-rest // columns))
    return beside(count, width, height, down, width // _SMALL // columns)


def layers(layout: Layout | None, sent: Sequence[Track]) -> dict[str, int]:
    """Say whose pane of a custom layout covers whose: the higher the number, the nearer."""
    if layout is None or layout.kind != CUSTOM_LAYOUT:
        return {}
    users = {each.rtc_uid: each.user for each in sent}
    return {users[each.uid]: each.layer for each in layout.panes if each.uid in users}


def _custom(layout: Layout, people: Sequence[Track], width: int, height: int) -> dict[str, Tile]:
    """Place whoever has a pane, which is measured in the canvas; the others are not seen."""
    users = {each.rtc_uid: each.user for each in people}
    across, down = layout.width or width, layout.height or height
    return {
        users[each.uid]: Tile(
            each.left * width // across,
            each.top * height // down,
            each.width * width // across,
            each.height * height // down,
        )
        for each in layout.panes[:MAX_PANES]
        if each.uid in users
    }
