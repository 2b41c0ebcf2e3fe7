"""What members have heard: the events that reached someone's SDK, as the journal has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.explain import differences, nearest
from recording_emulator.core.world import World


class Heard(msgspec.Struct, frozen=True):
    """An event that reached a user's SDK, and what its listeners were called with."""

    by: str
    event: str
    room: str
    args: list[Any]
    at_ms: int

    @property
    def told(self) -> dict[str, Any]:
        return {"event": self.event, "room": self.room, "args": self.args}


class _Came(msgspec.Struct, frozen=True):
    """Whose member it is."""

    user: str = ""


class _Said(msgspec.Struct, frozen=True):
    """What was sent to a member."""

    room: str = ""
    args: list[Any] = []


REACHED: Final = ("accepted", "sent")


class Hearing:
    """What everybody heard in one world, and how far each one's expectations have come."""

    def __init__(self, world: World, vendor: str) -> None:
        self._all = _heard(world, vendor)
        self._next: Counter[str] = Counter()

    def of(self, user: str) -> list[Heard]:
        return [each for each in self._all if each.by == user]

    def instead(self, user: str, wanted: Mapping[str, Any], at: Callable[[int], str]) -> str:
        """Take the next event that is as wanted; say what came instead where none is."""
        own, first = self.of(user), self._next[user]
        rest = [each.told for each in own[first:]]
        found = next((n for n, told in enumerate(rest, first) if not differences(wanted, told)), -1)
        if found >= 0:
            self._next[user] = found + 1
            return ""
        early = next((each for each in own[:first] if not differences(wanted, each.told)), None)
        if early is not None:
            return f"it came at {at(early.at_ms)}, before one that is expected above it"
        near = nearest(wanted, rest)
        if near is None:
            return f"{user} heard {'no more' if own else 'nothing'}"
        came = own[first + near[0]]
        return f"nearest came {came.event} at {at(came.at_ms)}: {', '.join(near[1])}"


def _heard(world: World, vendor: str) -> list[Heard]:
    """List what reached the members of a vendor, in the order in which it was taken."""
    users: dict[str, str] = {}
    sent: dict[int, Heard] = {}
    found = []
    for entry in world.journal:
        if not entry.subject.startswith(f"{vendor}:"):
            continue
        if (entry.kind, entry.name) == ("member", "connected"):
            users[entry.subject] = _read(entry.detail, _Came).user
        elif entry.kind == "attempt" and entry.detail is not None and entry.subject in users:
            said, event = _read(entry.detail, _Said), entry.name.rpartition(" ")[0]
            sent[entry.seq] = Heard(users[entry.subject], event, said.room, said.args, entry.at_ms)
        elif entry.kind == "outcome" and entry.name in REACHED and entry.cause in sent:
            found.append(sent[entry.cause])
    return found


def _read(detail: Any, kind: type[Any]) -> Any:
    """Read a detail, be it fresh or out of a snapshot."""
    return msgspec.convert(detail, kind, from_attributes=True)
