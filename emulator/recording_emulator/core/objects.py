"""Objects: what a recording leaves in storage, as recipes from which the bytes follow.

An entry may stand for one file or for a series (the slices of a playlist), so that a day of
recording costs as little to keep as a minute. Names and sizes are computed when someone looks.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator

import msgspec

from recording_emulator.core.clips.clip import Clip

_NUMBER = re.compile(r"_\d+\.(?=[^.]*$)")


class Text(msgspec.Struct, frozen=True):
    """Content that is written out in full."""

    body: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.body)


Content = Text | Clip


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


def pattern_of(key: str) -> str:
    """Return the pattern under which a series keeps a file of this name.

    >>> pattern_of("rec/demo_0_12.ts")
    'rec/demo_0_*.ts'
    """
    return _NUMBER.sub("_*.", key)


class Objects:
    """The objects of one tenant, by bucket and key; a series is kept under its pattern."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.evicted = 0
        self.entries: OrderedDict[tuple[str, str], Recipe] = OrderedDict()

    def __len__(self) -> int:
        return len(self.entries)

    def put(self, bucket: str, key: str, recipe: Recipe) -> None:
        if (bucket, key) not in self.entries and len(self.entries) >= self.limit:
            self.entries.popitem(last=False)
            self.evicted += 1
        self.entries[bucket, key] = recipe

    def files(self, now_ms: int) -> Iterator[File]:
        for (bucket, key), recipe in self.entries.items():
            yield from recipe.files(bucket, key, now_ms)

    def find(self, bucket: str, key: str, now_ms: int) -> tuple[File, Content] | None:
        """Find one file by its exact key, be it an entry or a member of a series."""
        for name in (key, pattern_of(key)):
            recipe = self.entries.get((bucket, name))
            content = recipe.content(key, now_ms) if recipe is not None else None
            if recipe is not None and content is not None:
                for file in recipe.files(bucket, name, now_ms):
                    if file.key == key:
                        return file, content
        return None
