"""A mixed picture's layout: which items are wrong, and which are merely not what one expects.

Source:
    Sheet §2.3. What the vendor's service checks is unknown; that items which overlap, or lie
    outside of the canvas, are drawn as far as they fit is assumed.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET

from recording_emulator.vendors.cloudroom.bodies import Item, Number, Param

CAMERA: Final = 0
TEXT: Final = 10
ONLY_LOCAL: Final = (1, 2)
DEPRECATED: Final = (4, 7, 8, 9)
KNOWN: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
DEFAULT_CAMERA: Final = "-1"
NO_CAMERA: Final = "0"
THE_CAMERA: Final = "1"
"""Real cameras count from 1; that everybody has one is ours."""


def camera(camid: str, profile: str) -> tuple[str, str]:
    """Split a ``camid`` into user and camera: the mini-app's SDK at its first dot.

    >>> camera("a.b.-1", "web"), camera("a.b.-1", "mini"), camera("alice", "web")
    (('a.b', '-1'), ('a', 'b.-1'), ('alice', '-1'))
    """
    if "." not in camid:
        return camid, NO_CAMERA if profile == "mini" else DEFAULT_CAMERA
    user, _, number = camid.partition(".") if profile == "mini" else camid.rpartition(".")
    return user, number


def problem(items: tuple[Item, ...]) -> str:
    """Say what keeps a layout from being drawn at all, or return an empty text."""
    for nth, item in enumerate(items):
        if item.type not in KNOWN:
            return f"layoutConfig[{nth}]: there is no type {item.type}"
        if item.type in ONLY_LOCAL:
            return f"layoutConfig[{nth}]: type {item.type} is for local mixers only"
        if item.type == CAMERA and not shown(item).camid:
            return f"layoutConfig[{nth}]: a camera needs param.camid"
        if item.type == TEXT and not shown(item).text:
            return f"layoutConfig[{nth}]: a text needs param.text"
    return ""


def lacks_camid(items: tuple[Item, ...]) -> bool:
    """Whether the JavaScript SDKs stumble over an item before they send it."""
    return any(each.type == CAMERA and shown(each).camid is UNSET for each in items)


def shown(item: Item) -> Param:
    return item.param or Param()


def users(items: tuple[Item, ...], profile: str) -> list[str]:
    """Name whose cameras a layout shows."""
    camids = [shown(each).camid for each in items if each.type == CAMERA]
    return [camera(each, profile)[0] for each in camids if each]


def is_outside(item: Item, width: int, height: int) -> bool:
    left, top, wide, high = _box(item)
    return left >= width or top >= height or left + wide <= 0 or top + high <= 0


def _box(item: Item) -> tuple[Number, Number, Number, Number]:
    return item.left or 0, item.top or 0, item.width or 0, item.height or 0


def remarks(items: tuple[Item, ...], width: int, height: int) -> Iterator[str]:
    """Tell what of a layout nobody will see, and what is out of date.

    >>> from recording_emulator.vendors.cloudroom.bodies import Item
    >>> cell = Item(0, left=640, top=180, width=640, height=360)
    >>> list(remarks((cell,), 640, 360))
    ['layout_out_of_canvas: layoutConfig[0] 640x360 at 640,180 is outside of 640x360']
    """
    last = {shown(item).camid: nth for nth, item in enumerate(items) if item.type == CAMERA}
    for nth, item in enumerate(items):
        if item.type == CAMERA and (other := last[shown(item).camid]) != nth:
            yield f"layout_camera_twice: layoutConfig[{nth}] stays black: it is in [{other}], too"
        if item.type in DEPRECATED:
            yield f"deprecated_type: layoutConfig[{nth}] has type {item.type}; a text is 10"
        if item.type == TEXT or item.type in DEPRECATED:
            continue  # its size follows what it says
        left, top, wide, high = _box(item)
        what = f"layoutConfig[{nth}] {wide}x{high} at {left},{top}"
        if is_outside(item, width, height):
            yield f"layout_out_of_canvas: {what} is outside of {width}x{height}"
        elif left < 0 or top < 0 or left + wide > width or top + high > height:
            yield f"layout_clipped: {what} is cut by {width}x{height}"


def empty_cells(items: tuple[Item, ...], there: Any, profile: str) -> Iterator[str]:
    """Tell which cells stay blank, for whom they show is not there."""
    for nth, item in enumerate(items):
        if item.type == CAMERA and (camid := shown(item).camid):
            user, number = camera(camid, profile)
            if user not in there or number not in (DEFAULT_CAMERA, THE_CAMERA):
                yield f"layout_cell_empty: layoutConfig[{nth}] shows {camid!r}: no such camera here"
