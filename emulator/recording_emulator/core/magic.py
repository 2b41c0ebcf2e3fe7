"""Magic rooms: a room's name that arms a fault, for clients that cannot reach the control API.

::

    fault-<vendor>-<operation>-<code>     every such call of this room is answered with the code
    fault-<vendor>-<operation>-<effect>   the same with another effect on calls, such as reset
    fault-<vendor>-<event>-<effect>       every such callback of this room
    fault-<vendor>-<point>-<effect>       at a point of the vendor, such as upload
    …-once                                the first time only
    ….anything                            another room of the same kind

Source:
    Ours: the habit of payment sandboxes, whose card numbers choose what goes wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from recording_emulator.core import arming, faults
from recording_emulator.core.faults import Fault
from recording_emulator.errors import BadRequest

if TYPE_CHECKING:
    from recording_emulator.core.adapter import Adapter

PREFIX: Final = "fault-"
ONCE: Final = "-once"


def is_magic(adapter: Adapter, room: str) -> bool:
    """Whether a room's name is meant to arm a fault of this vendor."""
    return room.startswith(f"{PREFIX}{adapter.name}-")


def fault(adapter: Adapter, room: str, now_ms: int) -> Fault | str:
    """Return the fault that a magic room arms, or why there is none."""
    spell = room.removeprefix(f"{PREFIX}{adapter.name}-").partition(".")[0]
    is_once = spell.endswith(ONCE)
    where, _, what = spell.removesuffix(ONCE).partition("-")
    try:
        wanted = _wanted(adapter, where, what, room, 1 if is_once else None)
        return arming.fault(adapter, wanted, room, now_ms)
    except BadRequest as error:
        return f"the room's name arms no fault: {error}"


def _wanted(adapter: Adapter, where: str, what: str, room: str, times: int | None) -> arming.Wanted:
    given = {"id": room, "room": room, "times": times, "may_not_fire": True}
    if where in [each.name for each in adapter.surface.operations]:
        effects = [each.name for each in faults.known_points(())[faults.CALL].effects]
        if what in effects:
            return arming.Wanted(faults.CALL, what, operation=where, **given)  # type: ignore[arg-type]
        return arming.Wanted(faults.CALL, "answer", operation=where, code=what, **given)  # type: ignore[arg-type]
    if where in [each.id for each in adapter.surface.events]:
        return arming.Wanted(faults.CALLBACK, what, event=where, **given)  # type: ignore[arg-type]
    return arming.Wanted(where, what, **given)  # type: ignore[arg-type]


def spells(adapter: Adapter) -> list[tuple[str, str]]:
    """List the kinds of magic rooms of a vendor: the pattern, and what happens."""
    name = adapter.name
    listed = [
        (f"{PREFIX}{name}-<operation>-<code>", "that call is answered with that error"),
        (f"{PREFIX}{name}-<operation>-<effect>", "that effect of the point call"),
        (f"{PREFIX}{name}-<event>-<effect>", "that effect of the point callback"),
    ]
    for point in adapter.surface.faults:
        listed += [
            (f"{PREFIX}{name}-{point.name}-{effect.name}", effect.means)
            for effect in point.effects
            if not effect.needs
        ]
    return listed
