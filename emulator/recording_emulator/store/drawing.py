"""Drawing: a picture of who is there, as tiles with a name and the tenant's clock (Pillow)."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from recording_emulator.core.casts import NOW
from recording_emulator.core.clock import iso, utc_stamp

if TYPE_CHECKING:
    from recording_emulator.core.scenes import Shown

COLOURS: Final = (
    "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2",
    "#bcbd22", "#3949ab", "#00897b", "#c2185b",
)  # fmt: skip
"""Whoever is the nth to come has the nth colour, over and over."""
EMPTY: Final = "#000000"
MUTED: Final = "#333333"
_INK: Final = "#ffffff"
_SMALLEST_PX: Final = 8
NAME_MAX: Final = 24
"""How much of a name is written."""


def picture(
    size: tuple[int, int], shown: tuple[Shown, ...], heard: tuple[int, ...], clock_ms: int
) -> Image.Image:
    """Draw a picture: a tile in somebody's colour, or grey where they send no video.

    A bar below the name says that they are heard. A text is white on grey.
    """
    image = Image.new("RGB", size, EMPTY)
    draw = ImageDraw.Draw(image)
    for each in shown:
        left, top, width, height = each.tile
        if width < 2 or height < 2:
            continue
        if each.is_text:
            _caption(draw, each, clock_ms)
            continue
        colour = COLOURS[each.number % len(COLOURS)] if each.video else MUTED
        draw.rectangle((left, top, left + width - 1, top + height - 1), colour, EMPTY)
        _write(draw, each, clock_ms, is_heard=each.number in heard)
    return image


def _caption(draw: ImageDraw.ImageDraw, each: Shown, clock_ms: int) -> None:
    left, top, width, height = each.tile
    text = _printable(each.name.replace(NOW, iso(clock_ms)[:19].replace("T", " ")))
    draw.rectangle((left, top, left + width - 1, top + height - 1), MUTED)
    px = min(height * 4 // 5, width * 2 // (len(text) + 1))
    middle = left + width // 2, top + height // 2
    draw.text(middle, text, _INK, _font(max(_SMALLEST_PX, px)), anchor="mm")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _write(draw: ImageDraw.ImageDraw, each: Shown, clock_ms: int, *, is_heard: bool) -> None:
    left, top, width, height = each.tile
    name = _printable(each.name[:NAME_MAX])
    px = min(height // 5, width // 6)
    if px < _SMALLEST_PX:
        return
    name_px = min(px, max(_SMALLEST_PX, width * 2 // (len(name) + 2)))
    middle = left + width // 2
    draw.text((middle, top + height // 3), name, _INK, _font(name_px), anchor="mm")
    if each.video:
        draw.text((middle, top + height * 2 // 3), _clock(clock_ms), _INK, _font(px), anchor="mm")
    if is_heard:
        thick = max(2, height // 40)
        draw.rectangle(
            (
                left + width // 4,
                top + height // 2,
                left + width * 3 // 4,
                top + height // 2 + thick,
            ),
            _INK,
        )


def _clock(at_ms: int) -> str:
    """Write a time of day.

    >>> _clock(1_893_456_005_999)
    '00:00:05'
    """
    stamp = utc_stamp(at_ms)
    return f"{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}"


@functools.lru_cache(maxsize=64)
def _font(px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(px)
