"""What is wrong with a scenario file: where, what was expected, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import msgspec

from recording_emulator.errors import BadRequest

Path = tuple[str | int, ...]


class Position(msgspec.Struct, frozen=True, order=True):
    """A place in a file, counted from 1."""

    line: int
    column: int


class Marks(msgspec.Struct, frozen=True):
    """Where the keys and values of a document stand."""

    keys: dict[Path, Position]
    values: dict[Path, Position]

    def key(self, path: Path) -> Position:
        """Return where a key stands, or the nearest thing around it that has a place."""
        while path not in self.keys and path not in self.values and path:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or Position(1, 1)

    def value(self, path: Path) -> Position:
        """Return where a value stands, or its key, or what is around it."""
        return self.values.get(path) or self.key(path)


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake in a file."""

    line: int
    column: int
    path: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}:{self.column}: {where}{self.message}"


class BadScenario(BadRequest):
    """A scenario file that cannot be used; the message has a line for each mistake."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


def dotted(path: Path) -> str:
    """Write a path as people do.

    >>> dotted(("faults", 0, "times"))
    'faults[0].times'
    """
    text = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return text.removeprefix(".")


def meant(word: object, known: Iterable[str]) -> str:
    """Suggest what was meant, with a leading space, or nothing.

    >>> meant("tiems", ["times", "nth"])
    "; did you mean 'times'?"
    """
    near = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
