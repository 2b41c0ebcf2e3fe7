"""Casts: who was seen and heard when, as those who recorded it know, so that files show it.

A machine that records says after its steps whom it records and where it places them
(``Machine.cast``). A cast keeps what changed, not what was: a day in which nobody comes or goes
takes as little as a minute.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from recording_emulator.core.tiles import Tile

NOW: Final = "\0"
"""In a text: the date and the time, as they are when it is seen."""
MAX_CHANGES: Final = 10_000
"""What is kept of one recording; before that, files show who was there when it was forgotten."""


class Seen(NamedTuple):
    """Somebody who is recorded: their sound, their picture, and where that goes in a mixed one.

    A higher ``layer`` covers a lower one. With a ``text`` it is no person but that text, which is
    seen whoever is there.
    """

    uid: str
    audio: bool = False
    video: bool = False
    tile: Tile | None = None
    layer: int = 0
    text: str = ""


class Change(msgspec.Struct, frozen=True, gc=False):
    """From ``at_ms`` on somebody is recorded like this, or no more."""

    at_ms: int
    who: Seen
    is_there: bool = True


class Act(NamedTuple):
    """A stretch in which nothing changed, and who was in it, in the order in which they came."""

    start_ms: int
    end_ms: int
    people: Mapping[str, Seen]


class Cast:
    """Everybody in one recording."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._changes: deque[Change] = deque()
        self._first: dict[str, Change] = {}
        self._now: dict[str, Seen] = {}
        for each in changes:
            self._add(each)

    def becomes(self, people: Iterable[Seen], now_ms: int) -> None:
        """Say who is recorded from now on."""
        there = {each.uid: each for each in people}
        if there == self._now:
            return
        for gone in [each for uid, each in self._now.items() if uid not in there]:
            self._add(Change(now_ms, gone, is_there=False))
        for uid, each in there.items():
            if self._now.get(uid) != each:
                self._add(Change(now_ms, each))

    def _add(self, change: Change) -> None:
        _apply(self._now, change)
        self._changes.append(change)
        if len(self._changes) > MAX_CHANGES:
            oldest = self._changes.popleft()
            self._first[oldest.who.uid] = oldest

    @property
    def changes(self) -> list[Change]:
        """What a cast like this one is made from."""
        return [*self._first.values(), *self._changes]

    @property
    def numbers(self) -> Mapping[str, int]:
        """Number everybody by when they first came."""
        return {
            uid: n for n, uid in enumerate(dict.fromkeys(each.who.uid for each in self.changes))
        }

    def acts(self, start_ms: int, end_ms: int) -> Iterator[Act]:
        """Cut a stretch where somebody came, went, moved, or turned something on or off."""
        people: dict[str, Seen] = {}
        at_ms = start_ms
        for each in self.changes:
            if each.at_ms >= end_ms:
                break
            if each.at_ms > at_ms:
                yield Act(at_ms, each.at_ms, dict(people))
                at_ms = each.at_ms
            _apply(people, each)
        if at_ms < end_ms:
            yield Act(at_ms, end_ms, people)


def _apply(people: dict[str, Seen], change: Change) -> None:
    if change.is_there:
        people[change.who.uid] = change.who
    else:
        people.pop(change.who.uid, None)


class Casts:
    """The casts of one world's recordings, by the name of the machine that records."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.by_name: OrderedDict[str, Cast] = OrderedDict()

    def note(self, name: str, people: Sequence[Seen], now_ms: int) -> None:
        """Keep who is recorded from now on; what was told longest ago is forgotten first."""
        cast = self.by_name.get(name)
        if cast is None:
            if not people:
                return
            if len(self.by_name) >= self.limit:
                self.by_name.popitem(last=False)
            cast = self.by_name[name] = Cast()
        self.by_name.move_to_end(name)
        cast.becomes(people, now_ms)
