"""Cells: where a mixed picture shows whose camera or which text, and whose sound a file has.

What comes out is a cast that only places: who is there, and what they have turned on, the room
knows. Where it hears nobody, everybody is heard.

Source:
    Sheet §2.2 (``aChannelContent``, ``aStreamType``) and §2.3 (layout items): a later one lies on
    top, and a text is as large as what it says. That what does not fit is cut off is assumed, and
    so is that a camera is 16:9, that what ``keepAspectRatio`` leaves of its cell is black, how wide
    letters are, and that a timestamp is in UTC.
"""

from typing import Final

from msgspec import UNSET
from msgspec.structs import replace

from recording_emulator.core.casts import NOW, Seen
from recording_emulator.core.tiles import Tile
from recording_emulator.vendors.cloudroom import layout
from recording_emulator.vendors.cloudroom.bodies import Audio, Item, Video

CAMERA_SIZE: Final = (640, 360)
"""How large the picture of a camera is: assumed."""
FONT_SIZE: Final = 18
TEXT_MARGIN: Final = 5
TIMESTAMP: Final = "%timestamp%"
TIMESTAMP_LENGTH: Final = len("YYYY-MM-DD HH:MM:SS")
TEXT_MAX: Final = 200
"""How much of a text is drawn, and how large at most: ours."""
_FURTHEST: Final = 2.0**31
_THERE: Final = (layout.DEFAULT_CAMERA, layout.THE_CAMERA)


def sound(audio: Audio) -> tuple[Seen, ...]:
    """Say whose sound is in a file without a picture.

    >>> [(each.uid, each.audio) for each in sound(Audio(aChannelContent=("alice",)))]
    [('alice', True)]
    """
    return tuple(Seen(user, audio=True) for user in dict.fromkeys(audio.aChannelContent or ()))


def picture(video: Video, profile: str) -> tuple[Seen, ...]:
    """Say who and what is where in a mixed picture, and whose sound is with it."""
    size = video.vWidth or 0, video.vHeight or 0
    found = {each.uid: each for each in sound(video)}
    for nth, item in enumerate(video.layoutConfig or ()):
        if item.type == layout.TEXT:
            name, text = f"{NOW}{nth}", _text(item)  # nobody is called like that
            tile = cell(_sized(item, text), *size)
            found[name] = Seen(name, tile=tile, layer=nth, text=text)
        elif item.type == layout.CAMERA:
            user, number = layout.camera(layout.shown(item).camid or "", profile)
            tile = cell(item, *size)
            if number in _THERE and tile is not None:
                found[user] = found.get(user, Seen(user))._replace(tile=tile, layer=nth)
    return tuple(found.values())


def _text(item: Item) -> str:
    return (layout.shown(item).text or "")[:TEXT_MAX].replace(TIMESTAMP, NOW)


def _sized(item: Item, text: str) -> Item:
    """Give a text the cell that it needs; its own width and height mean nothing."""
    param = layout.shown(item)
    font, margin = (
        min(max(usual if each is UNSET else each, 0), TEXT_MAX)
        for each, usual in ((param.font_size, FONT_SIZE), (param.text_margin, TEXT_MARGIN))
    )
    letters = len(text) + text.count(NOW) * (TIMESTAMP_LENGTH - 1)
    wide, high = letters * font * 0.6 + 2 * margin, font * 1.25 + 2 * margin
    return replace(item, width=wide, height=high, keepAspectRatio=0)


def alone(user: str, *, with_everybody: bool) -> tuple[Seen, ...]:
    """Let one camera fill its file, with its own sound or with everybody's."""
    return (Seen(user, audio=not with_everybody, tile=Tile(0, 0, *CAMERA_SIZE)),)


def microphone(user: str) -> tuple[Seen, ...]:
    return (Seen(user, audio=True),)


def cell(item: Item, width: int, height: int) -> Tile | None:
    """Return what is seen of a cell on a canvas; None: nothing.

    >>> cell(Item(0, left=0, top=180, width=640, height=360), 640, 360)
    Tile(left=0, top=180, width=640, height=180)
    >>> cell(Item(0, left=640, top=180, width=640, height=360), 640, 360)
    >>> cell(Item(0, width=100, height=100, keepAspectRatio=1), 640, 360)
    Tile(left=0, top=22, width=100, height=56)
    """
    box = (item.left, item.top, item.width, item.height)
    left, top, wide, high = (min(max(each or 0, -_FURTHEST), _FURTHEST) for each in box)
    if item.keepAspectRatio == 1:
        scale = min(wide / CAMERA_SIZE[0], high / CAMERA_SIZE[1])
        fits = CAMERA_SIZE[0] * scale, CAMERA_SIZE[1] * scale
        left, top = left + (wide - fits[0]) / 2, top + (high - fits[1]) / 2
        wide, high = fits
    across = _cut(left, left + wide, width)
    down = _cut(top, top + high, height)
    if across[1] <= across[0] or down[1] <= down[0]:
        return None
    return Tile(across[0], down[0], across[1] - across[0], down[1] - down[0])


def _cut(start: float, end: float, size: int) -> tuple[int, int]:
    return max(0, round(start)), min(size, round(end))
