"""Faults: one injected misbehaviour each, with a matcher and a count.

A fault is data. Where it bites, the place that would have behaved asks for the first armed fault
that matches; asking uses one firing up. A fault that is used up stays listed with its fired count.
"""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta


class AnswerRow(msgspec.Struct, frozen=True, tag="answer", forbid_unknown_fields=True):
    """The call is not carried out; it is answered with this row: its id, or a bare code."""

    row: str


class Drop(msgspec.Struct, frozen=True, tag="drop", forbid_unknown_fields=True):
    """The callback is never sent."""


class Delay(msgspec.Struct, frozen=True, tag="delay", forbid_unknown_fields=True):
    """The callback is sent this much later, on tenant time: up to a year."""

    delay_ms: Annotated[int, Meta(ge=0, le=31_536_000_000)]


class Duplicate(msgspec.Struct, frozen=True, tag="duplicate", forbid_unknown_fields=True):
    """The callback is sent twice, with the same notice id."""


FaultEffect: TypeAlias = AnswerRow | Drop | Delay | Duplicate


class Fault(msgspec.Struct, frozen=True, tag="core.Fault"):
    """One misbehaviour: on what, after how many matches, how often, and what happens.

    ``on`` is ``call`` or ``callback``, ``name`` the operation or the event; an empty ``name`` or
    ``room`` matches all. ``times`` None means until it is taken back.
    """

    id: str
    vendor: str
    on: str
    name: str
    effect: FaultEffect
    room: str = ""
    skip: int = 0
    times: int | None = 1
    fired: int = 0
    seen: int = 0

    @property
    def is_armed(self) -> bool:
        return self.times is None or self.fired < self.times


class Faults:
    """The faults of one tenant, in the order in which they were armed."""

    limit = 1_000

    def __init__(self) -> None:
        self._all: dict[str, Fault] = {}
        self._armed = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def get(self, fault_id: str) -> Fault | None:
        return self._all.get(fault_id)

    def arm(self, fault: Fault) -> None:
        self._all[fault.id] = fault
        self._armed = sum(each.is_armed for each in self)

    def disarm(self, fault_id: str) -> Fault | None:
        gone = self._all.pop(fault_id, None)
        self._armed = sum(each.is_armed for each in self)
        return gone

    def hit(self, vendor: str, on: str, name: str, room: str) -> Fault | None:
        """Use up one firing of the first armed fault that matches, or return None."""
        if not self._armed:
            return None
        for fault in self._all.values():
            if not (
                fault.is_armed
                and (fault.vendor, fault.on) == (vendor, on)
                and fault.name in ("", name)
                and fault.room in ("", room)
            ):
                continue
            if fault.seen < fault.skip:
                self._all[fault.id] = msgspec.structs.replace(fault, seen=fault.seen + 1)
                continue
            used = msgspec.structs.replace(fault, seen=fault.seen + 1, fired=fault.fired + 1)
            self._all[fault.id] = used
            self._armed -= not used.is_armed
            return used
        return None
