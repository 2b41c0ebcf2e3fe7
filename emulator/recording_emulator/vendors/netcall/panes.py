"""Panes: where a mixed picture has whom.

Source:
    Sheet §1.1: who asks for the main picture (``isHostSpeaker``) has it, the first to ask wins. All
    else is assumed: that both sides stand side by side otherwise, that the others float over the
    main picture, and that who records their own camera and screen sees the camera in a corner.
"""

from collections.abc import Sequence
from typing import Final

from recording_emulator.core.tiles import Tile, grid

_SMALL: Final = 4
"""A small pane's side, as a part of the picture's."""


def screen_of(account: str) -> str:
    """Name the stream of a shared screen, which is another than its owner's."""
    return f"{account} (screen)"


def panes(names: Sequence[str], main: str, size: tuple[int, int]) -> dict[str, Tile]:
    """Place those who are there: equal, or small before the ``main`` one.

    >>> panes(["alice", "bob"], "", (640, 480))["bob"]
    Tile(left=320, top=0, width=320, height=480)
    >>> panes(["alice", "bob"], "bob", (640, 480))["alice"]
    Tile(left=480, top=360, width=160, height=120)
    """
    width, height = size
    if main not in names:
        return dict(zip(names, grid(len(names), width, height), strict=True))
    wide, high = width // _SMALL, height // _SMALL
    found = {main: Tile(0, 0, width, height)}
    for n, name in enumerate(each for each in names if each != main):
        across, down = n % _SMALL + 1, n // _SMALL % _SMALL + 1
        found[name] = Tile(width - across * wide, height - down * high, wide, high)
    return found
