"""Objects: what a recording leaves in storage, as recipes from which the bytes follow.

An entry may stand for one file or for a series (the slices of a playlist), so that a day of
recording costs as little to keep as a minute. Names and sizes are computed when someone looks.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.scenes import Scene, Shot

if TYPE_CHECKING:
    from recording_emulator.core.spoils import Spoil

_NUMBER = re.compile(r"_\d+\.(?=[^.]*$)")


class Text(msgspec.Struct, frozen=True):
    """Content that is written out in full."""

    body: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.body)


class Filmed(msgspec.Struct, frozen=True):
    """A clip, and what is to be seen and heard in it; its size is the clip's."""

    clip: Clip
    scene: Scene

    @property
    def size_bytes(self) -> int:
        return self.clip.size_bytes


class Broken(msgspec.Struct, frozen=True):
    """Content that was spoiled on its way: cut short, or with its first byte turned over."""

    content: Content
    size_bytes: int
    is_flipped: bool = False


Content: TypeAlias = Text | Clip | Filmed | Broken


class File(msgspec.Struct, frozen=True):
    """One stored file as it is listed."""

    bucket: str
    key: str
    size_bytes: int
    content_type: str
    stored_ms: int


class Recipe:
    """How one entry's files follow from plain data: the base of a vendor's frozen tagged struct."""

    __slots__ = ()

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        """List what is stored at ``now_ms``, oldest first."""
        raise NotImplementedError

    def content(self, key: str, now_ms: int, /) -> Content | None:
        """Return the content of one listed file, or None if it is not there (yet)."""
        raise NotImplementedError

    def count(self, bucket: str, key: str, now_ms: int) -> int:
        """Count what ``files`` lists."""
        return sum(1 for _ in self.files(bucket, key, now_ms))

    def find(self, bucket: str, key: str, name: str, now_ms: int) -> tuple[File, Content] | None:
        """Find the file that is called ``name`` among those of the entry ``key``."""
        found = (each for each in self.contents(bucket, key, now_ms) if each[0].key == name)
        return next(found, None)

    def shot(self, _key: str, _now_ms: int, /) -> Shot | None:
        """Say what one of its clips filmed; None: nothing that could be shown."""
        return None

    def contents(self, bucket: str, key: str, now_ms: int) -> Iterator[tuple[File, Content]]:
        """List what is stored at ``now_ms``, each file with its content."""
        for file in self.files(bucket, key, now_ms):
            content = self.content(file.key, now_ms)
            if content is not None:
                yield file, content


def member(pattern: str, part: str) -> str:
    """Return the key of a file of a series; only the last star of a pattern is its own.

    >>> member("rec/room*_*.ts", "12")
    'rec/room*_12.ts'
    """
    head, _, tail = pattern.rpartition("*")
    return f"{head}{part}{tail}"


def part_of(pattern: str, key: str) -> str:
    """Return what stands in a key in place of the pattern's star.

    >>> part_of("rec/room*_*.ts", "rec/room*_12.ts")
    '12'
    """
    head, _, tail = pattern.rpartition("*")
    return key[len(head) : len(key) - len(tail)]


def pattern_of(key: str) -> str:
    """Return the pattern under which a series keeps a file of this name.

    >>> pattern_of("rec/demo_0_12.ts")
    'rec/demo_0_*.ts'
    """
    return _NUMBER.sub("_*.", key)


class Objects:
    """The objects of one tenant, by bucket and key; a series is kept under its pattern.

    ``spoils`` says what a fault does to an entry; None: it was asked, and there was none.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.evicted = 0
        self.entries: OrderedDict[tuple[str, str], Recipe] = OrderedDict()
        self.spoils: dict[tuple[str, str], Spoil | None] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def put(self, bucket: str, key: str, recipe: Recipe) -> None:
        if (bucket, key) not in self.entries and len(self.entries) >= self.limit:
            gone, _ = self.entries.popitem(last=False)
            self.spoils.pop(gone, None)
            self.evicted += 1
        self.entries[bucket, key] = recipe

    def files(self, now_ms: int, start: int = 0) -> Iterator[File]:
        """List all files but the first ``start``; whole entries before it are only counted."""
        for (bucket, key), recipe in self.entries.items():
            spoil = self.spoils.get((bucket, key))
            if spoil is None and start:
                count = recipe.count(bucket, key, now_ms)
                if count <= start:
                    start -= count
                    continue
            if spoil is None:
                files = recipe.files(bucket, key, now_ms)
            else:
                whole = recipe.contents(bucket, key, now_ms)
                files = (file for file, _ in spoil.applied(whole, now_ms))
            for file in files:
                if start:
                    start -= 1
                else:
                    yield file

    def contents(
        self, bucket: str, key: str, recipe: Recipe, now_ms: int, known: int = 0
    ) -> Iterator[tuple[File, Content]]:
        """List the files of an entry that are there, less those known, with what they contain."""
        whole = recipe.contents(bucket, key, now_ms)
        spoil = self.spoils.get((bucket, key))
        if spoil is None:
            yield from islice(whole, known, None)
            return
        every = list(whole)
        left_out = {file.key for file, _ in every[:known]}
        for file, content in spoil.applied(iter(every), now_ms):
            if content is not None and file.key not in left_out:
                yield file, content

    def spoiled(
        self, bucket: str, key: str, recipe: Recipe, now_ms: int
    ) -> Iterator[tuple[File, Content]]:
        """List the one file of an entry that a fault has hit, as it is now."""
        spoil = self.spoils.get((bucket, key))
        hit = spoil and spoil.hit(recipe.files(bucket, key, now_ms))
        for file, content in self.contents(bucket, key, recipe, now_ms) if hit else ():
            if hit and file.key == hit.key:
                yield file, content

    def hit(self, now_ms: int) -> Iterator[tuple[str, str]]:
        """List the files that a fault has hit, as key and effect, whether they are there or not."""
        for (bucket, key), spoil in self.spoils.items():
            recipe = self.entries.get((bucket, key))
            if spoil is None or recipe is None:
                continue
            file = spoil.hit(recipe.files(bucket, key, now_ms))
            if file is not None:
                yield file.key, spoil.effect

    def recipe(self, bucket: str, key: str) -> Recipe:
        """Return from what a file that was found follows."""
        found = self.entries.get((bucket, key))
        return self.entries[bucket, pattern_of(key)] if found is None else found

    def find(self, bucket: str, key: str, now_ms: int) -> tuple[File, Content] | None:
        """Find one file by its exact key, be it an entry or a member of a series."""
        for name in (key, pattern_of(key)):
            recipe = self.entries.get((bucket, name))
            if recipe is None:
                continue
            found = recipe.find(bucket, name, key, now_ms)
            if found is None:
                continue
            spoil = self.spoils.get((bucket, name))
            if spoil is None:
                return found
            return spoil.found(*found, recipe.files(bucket, name, now_ms), now_ms)
        return None
