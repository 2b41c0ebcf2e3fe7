"""Panes: which stream is in which view of the mixed picture, and where that is.

Source:
    Sheet §2.1.3 and §2.1.4 (the five layouts, at most 25 views), §7 (who is in which view; DOC).
    How large the small views of the presets are is assumed; the rows grow where the published
    pictures do, at 5, 9, 17 and 25 views.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from recording_emulator.core.tiles import Tile, beside, floating, grid
from recording_emulator.vendors.zego.bodies import MAX_VIEWS, LayoutBody, Mix, MixInput

CUSTOM, EQUAL, HORIZONTAL, VERTICAL, FLOATING = 1, 2, 3, 4, 5
"""``MixMode`` (DOC)."""
BOARD_VIEW: Final = 2
"""``ViewType`` of the view that shows the whiteboard (DOC)."""
SCALE: Final = 2
"""``FillMode`` that shows all of a picture, with black bars; 1 cuts it to the view (DOC)."""
_FEW, _MANY = 4, 8
"""How many small views are in a row: four as long as there are no more, then eight (assumed)."""


class Layout(msgspec.Struct, frozen=True, gc=False):
    """What ``UpdateLayout`` replaces as a whole; ``largest`` is ``MixMaxResolutionStreamId``."""

    mode: int = EQUAL
    views: tuple[MixInput, ...] = ()
    largest: str = ""


class Canvas(msgspec.Struct, frozen=True, gc=False):
    """How a mix is put together, and the shapes of what is put into it."""

    size: tuple[int, int] = (0, 0)
    layout: Layout = Layout()
    fill_mode: int = 1
    fills: bool = False
    board_shape: tuple[int, int] = (16, 9)
    stream_shape: tuple[int, int] = (16, 9)


class Pane(NamedTuple):
    """Where a picture goes; a higher layer covers a lower one."""

    tile: Tile
    layer: int = 0


def layout_of(asked: Mix | LayoutBody) -> Layout:
    return Layout(asked.MixMode, tuple(asked.MixInputList), asked.MixMaxResolutionStreamId)


def seated(canvas: Canvas, before: Sequence[str], streams: Sequence[str]) -> tuple[str, ...]:
    """Say who has which view from now on, given who had them, and who is there in which order.

    Who goes leaves their view to the next, unless gaps are filled: then it is kept. In a custom
    layout nobody changes places, and "" is a view of nobody; a preset closes up (assumed).

    Source:
        Sheet §7 (FillBlank; views with a StreamId are for that one; DOC).

    >>> seated(Canvas(fills=True), ("s1", "s2"), ("s2", "s3"))
    ('s1', 's2', 's3')
    """
    kept = before if canvas.fills else ()
    candidates = [each for each in dict.fromkeys((*kept, *streams)) if each]
    if canvas.layout.mode != CUSTOM:
        return tuple(candidates[:MAX_VIEWS])
    views = [each for each in canvas.layout.views if each.ViewType != BOARD_VIEW]
    pinned = {each.StreamId for each in views}
    free = [each for each in candidates if each not in pinned]
    had = (*before, *[""] * len(views))[: len(views)]
    stays = [
        "" if view.StreamId or one not in free else one
        for view, one in zip(views, had, strict=True)
    ]
    waiting = iter([each for each in free if each not in stays])
    found: list[str] = []
    for view, one in zip(views, stays, strict=True):
        if view.StreamId:
            found.append(view.StreamId if view.StreamId in candidates else "")
        else:
            found.append(one or next(waiting, ""))
    return tuple(found)


def panes(canvas: Canvas, seats: Sequence[str], board: str = "") -> dict[str, Pane]:
    """Place whoever has a view, and the whiteboard if there is one.

    Source:
        Sheet §7: the whiteboard takes the first view of an equal split and the large one of the
        other presets, whatever ``MixMaxResolutionStreamId`` says; a large view for somebody who is
        not there stays empty (DOC). That a preset never cuts the whiteboard is assumed.

    >>> panes(Canvas(size=(640, 360)), ["s1", "s2"])["s2"].tile
    Tile(left=320, top=0, width=320, height=360)
    """
    layout = canvas.layout
    if layout.mode == CUSTOM:
        return _custom(canvas, seats, board)
    names = list(seats)
    if board:
        names.insert(0, board)
    elif layout.largest and layout.mode != EQUAL:
        names = [layout.largest, *(each for each in names if each != layout.largest)]
    names = names[:MAX_VIEWS]
    tiles = _PRESETS[layout.mode](len(names), *canvas.size)
    there = {*seats, board} - {""}
    found: dict[str, Pane] = {}
    for nth, (name, tile) in enumerate(zip(names, tiles, strict=True)):
        if name in there:
            shape = canvas.board_shape if name == board else canvas.stream_shape
            is_whole = name == board or canvas.fill_mode == SCALE
            found[name] = Pane(_inside(tile, shape) if is_whole else tile, int(nth > 0))
    return found


def _custom(canvas: Canvas, seats: Sequence[str], board: str) -> dict[str, Pane]:
    """Place everybody in the view they have; a stream with two views is in the first (assumed)."""
    found: dict[str, Pane] = {}
    others = iter(seats)
    for view in canvas.layout.views:
        is_board = view.ViewType == BOARD_VIEW
        name = board if is_board else next(others, "")
        if name and name not in found:
            tile = Tile(view.Left, view.Top, view.Right - view.Left, view.Bottom - view.Top)
            shape = canvas.board_shape if is_board else canvas.stream_shape
            is_whole = view.FillMode == SCALE
            found[name] = Pane(_inside(tile, shape) if is_whole else tile, view.Layer)
    return found


def whole(size: tuple[int, int], shape: tuple[int, int]) -> Pane:
    """Show all of a picture of this shape in a file of its own."""
    return Pane(_inside(Tile(0, 0, *size), shape))


def _inside(tile: Tile, shape: tuple[int, int]) -> Tile:
    """Shrink a tile to the shape of what it shows, around its middle.

    >>> _inside(Tile(0, 0, 640, 640), (16, 9))
    Tile(left=0, top=140, width=640, height=360)
    """
    across, down = shape
    wide = min(tile.width, tile.height * across // down)
    high = min(tile.height, tile.width * down // across)
    left, top = tile.left + (tile.width - wide) // 2, tile.top + (tile.height - high) // 2
    return Tile(left, top, wide, high)


def _small(count: int, width: int, height: int) -> tuple[int, int, int]:
    """Say how many small views are in a row, and how large they are."""
    per_row = _FEW if count <= _FEW else _MANY
    return per_row, width // per_row, height // per_row


def _horizontal(count: int, width: int, height: int) -> list[Tile]:
    """Put the small ones above the large one, in rows."""
    rest = count - 1
    per_row, wide, high = _small(rest, width, height)
    top = max(0, -(-rest // per_row)) * high
    small = [Tile(n % per_row * wide, n // per_row * high, wide, high) for n in range(rest)]
    return [Tile(0, top, width, height - top), *small][:count]


def _vertical(count: int, width: int, height: int) -> list[Tile]:
    """Put the small ones to the right of the large one, in columns."""
    down, wide, _ = _small(count - 1, width, height)
    return beside(count, width, height, down, wide)


def _floating(count: int, width: int, height: int) -> list[Tile]:
    """Fill the picture with the first; the others float over it, from the bottom right."""
    return floating(count, width, height, _small(count - 1, width, height)[0])


_PRESETS: Final[Mapping[int, Callable[[int, int, int], list[Tile]]]] = {
    EQUAL: grid,
    HORIZONTAL: _horizontal,
    VERTICAL: _vertical,
    FLOATING: _floating,
}
