"""Tiles: where pictures go in a mixed one, and the arrangements that several vendors have.

How many small ones there are in a row, and how large they are, is the vendor's to say.
"""

from typing import NamedTuple


class Tile(NamedTuple):
    """Where somebody's picture goes, in pixels from the top left."""

    left: int
    top: int
    width: int
    height: int


def grid(count: int, width: int, height: int) -> list[Tile]:
    """Share a picture out into equal tiles, as square a field as there can be, row by row.

    >>> [tuple(tile) for tile in grid(3, 640, 360)]
    [(0, 0, 320, 180), (320, 0, 320, 180), (0, 180, 320, 180)]
    """
    across = next(n for n in range(1, count + 2) if n * n >= count)
    down = max(1, -(-count // across))
    wide, high = width // across, height // down
    return [Tile(n % across * wide, n // across * high, wide, high) for n in range(count)]


def floating(
    count: int, width: int, height: int, across: int, *, is_from_left: bool = False
) -> list[Tile]:
    """Fill the picture with the first; the others float over it in rows, from the bottom right.

    >>> [tuple(tile) for tile in floating(2, 640, 360, 4)]
    [(0, 0, 640, 360), (480, 270, 160, 90)]
    """
    wide, high = width // across, height // across
    small = [
        Tile(
            n % across * wide if is_from_left else width - (n % across + 1) * wide,
            height - (n // across + 1) * high,
            wide,
            high,
        )
        for n in range(count - 1)
    ]
    return [Tile(0, 0, width, height), *small][:count]


def beside(count: int, width: int, height: int, down: int, wide: int) -> list[Tile]:
    """Put the first on the left, large, and the others in columns of ``down`` on the right.

    >>> [tuple(tile) for tile in beside(2, 640, 360, 4, 160)]
    [(0, 0, 480, 360), (480, 0, 160, 90)]
    """
    rest = max(0, count - 1)
    left = width - -(-rest // down) * wide
    high = height // down
    small = [Tile(left + n // down * wide, n % down * high, wide, high) for n in range(rest)]
    return [Tile(0, 0, left, height), *small][:count]
