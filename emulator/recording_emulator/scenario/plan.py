"""From a checked scenario to what a world is told: faults, and inputs at their instants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recording_emulator.core import arming, rooms
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import (
    ArmFault,
    ChangeRoom,
    Configure,
    Cut,
    DisarmFault,
    Jump,
    Planned,
    Script,
)
from recording_emulator.core.machine import Input
from recording_emulator.scenario import document as doc
from recording_emulator.scenario.duration import parse
from recording_emulator.vendors.base import VendorAdapter

if TYPE_CHECKING:
    from recording_emulator.scenario.load import Loaded


def milliseconds(text: str | None) -> int:
    """Read a duration that may have been left out."""
    return 0 if text is None else parse(text)


def wanted(fault: doc.Fault) -> arming.Wanted:
    """Write a scenario's fault as the control API takes it."""
    return arming.Wanted(
        on=fault.on,
        effect=fault.effect,
        id=fault.id or "",
        operation=fault.operation or "",
        event="" if fault.event is None else str(fault.event),
        file=fault.file or "",
        room=fault.room or "",
        nth=fault.nth,
        times=fault.times,
        chance=fault.chance,
        from_ms=milliseconds(fault.from_),
        until_ms=None if fault.until is None else parse(fault.until),
        may_not_fire=fault.may_not_fire,
        code="" if fault.code is None else str(fault.code),
        status=fault.status,
        by_ms=milliseconds(fault.by),
        after_ms=milliseconds(fault.after),
        for_ms=milliseconds(fault.for_),
        commit=fault.commit,
    )


def armed(adapter: VendorAdapter, fault: doc.Fault, number: int) -> Fault:
    """Make the fault; its window counts from the moment it is armed.

    Raises:
        BadRequest: If it cannot be.
    """
    return arming.fault(adapter, wanted(fault), f"fault-{number}", 0)


def outage(adapter: VendorAdapter, given: doc.Outage, number: int) -> tuple[Fault, Fault]:
    """Make the two faults of an outage: on calls, and on callbacks.

    Raises:
        BadRequest: If the code is none of the vendor's.
    """
    until_ms = parse(given.for_)
    common: dict[str, Any] = {"times": None, "may_not_fire": True, "until_ms": until_ms}
    calls = arming.Wanted("call", "reset", **common)
    if given.code is not None:
        calls = arming.Wanted("call", "answer", code=str(given.code), **common)
    elif given.status is not None:
        calls = arming.Wanted("call", "status", status=given.status, **common)
    callbacks = arming.Wanted("callback", "lose", **common)
    name = f"outage-{number}"
    return (
        arming.fault(adapter, calls, f"{name}-calls", 0),
        arming.fault(adapter, callbacks, f"{name}-callbacks", 0),
    )


class Numbers:
    """Numbers faults and outages in the order of the file."""

    def __init__(self) -> None:
        self.faults = 0
        self.outages = 0

    def fault(self) -> int:
        self.faults += 1
        return self.faults

    def outage(self) -> int:
        self.outages += 1
        return self.outages


def script(loaded: Loaded, adapter: VendorAdapter) -> Script:
    """Make the input with which a world begins a scenario."""
    document, numbers = loaded.document, Numbers()
    entries = [
        Planned(0, f"fault {fault.on} {fault.effect}", ArmFault(armed(adapter, fault, n)),
                line=loaded.line("faults", index))
        for index, fault in enumerate(document.faults)
        for n in (numbers.fault(),)
    ]  # fmt: skip
    for index, moment in enumerate(document.timeline):
        after = f"{adapter.name}.{moment.after}" if moment.after else ""
        line = loaded.line("timeline", index)
        at_ms = milliseconds(moment.at)
        for name, given in _inputs(adapter, moment, numbers):
            entries.append(Planned(at_ms, name, given, after, line))
    entries.sort(key=lambda each: each.at_ms)
    return Script(document.scenario, loaded.file, loaded.text, tuple(entries))


def settings(adapter: VendorAdapter, document: doc.Scenario) -> Configure:
    """Make the input that sets a tenant's settings as the scenario has them."""
    plain = msgspec.to_builtins(msgspec.convert(document.settings, adapter.settings))
    return Configure(adapter.name, plain)


def _inputs(
    adapter: VendorAdapter, moment: doc.Moment, numbers: Numbers
) -> list[tuple[str, Input]]:
    def room(name: str, verb: str, uid: int | str, given: Input) -> list[tuple[str, Input]]:
        return [(f"{verb} {name} {uid}", ChangeRoom(adapter.name, name, given))]

    if (join := moment.join) is not None:
        role = rooms.Role(join.role)
        entering = rooms.Join(str(join.uid), role, join.audio, join.video)
        return room(join.room, "join", join.uid, entering)
    if (leave := moment.leave) is not None:
        return room(leave.room, "leave", leave.uid, rooms.Leave(str(leave.uid)))
    if (publish := moment.publish) is not None:
        told = rooms.Publish(str(publish.uid), publish.audio, publish.video)
        return room(publish.room, "publish", publish.uid, told)
    if (mute := moment.mute) is not None:
        silent = rooms.Publish(
            str(mute.uid), False if mute.audio else None, False if mute.video else None
        )
        return room(mute.room, "mute", mute.uid, silent)
    if moment.drop is not None:
        return [(f"drop {moment.drop}", Cut(adapter.name, moment.drop))]
    if moment.advance is not None:
        return [(f"advance {moment.advance}", Jump(parse(moment.advance)))]
    if moment.configure is not None:
        return [("configure", Configure(adapter.name, moment.configure))]
    if moment.outage is not None:
        pair = outage(adapter, moment.outage, numbers.outage())
        return [(f"outage {moment.outage.for_}", ArmFault(each)) for each in pair]
    if moment.fault is not None:
        fault = armed(adapter, moment.fault, numbers.fault())
        return [(f"fault {fault.on} {fault.effect}", ArmFault(fault))]
    assert moment.disarm is not None, moment
    return [(f"disarm {moment.disarm}", DisarmFault(moment.disarm))]
