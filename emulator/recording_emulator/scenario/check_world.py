"""Checks of a scenario's world: settings, faults, timeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from recording_emulator.core import faults as core
from recording_emulator.errors import BadRequest
from recording_emulator.scenario import document as doc
from recording_emulator.scenario import plan
from recording_emulator.scenario.plan import milliseconds
from recording_emulator.scenario.problems import Path, meant
from recording_emulator.scenario.shape import mistake
from recording_emulator.scenario.slate import Slate, exactly_one


def check_world(slate: Slate, document: doc.Scenario) -> None:
    """Check settings, faults and timeline."""
    good = _settings(slate, ("settings",), {}, document.settings)
    numbers = plan.Numbers()
    ids: set[str] = set()
    for index, fault in enumerate(document.faults):
        _fault(slate, ("faults", index), fault, numbers, ids)
    for index, moment in enumerate(document.timeline):
        _moment(slate, ("timeline", index), moment, numbers, ids, good)
    _people(slate, document)


def _settings(
    slate: Slate, path: Path, before: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Check settings on top of others; returns those that are fine."""
    kinds = {each.encode_name: each.type for each in _fields(slate)}
    good = dict(before)
    for name, value in changes.items():
        if name not in kinds:
            near = meant(name, kinds) or f"; there are {', '.join(kinds)}"
            slate.wrong((*path, name), f"unknown setting {name!r}{near}", at_key=True)
        elif told := mistake(value, kinds[name]):
            slate.wrong((*path, name), told)
        else:
            good[name] = value
    try:
        msgspec.convert(good, slate.adapter.settings)
    except msgspec.ValidationError as error:
        slate.wrong(path, str(error))
    return good


def _fields(slate: Slate) -> tuple[inspect.Field, ...]:
    kind = inspect.type_info(slate.adapter.settings)
    assert isinstance(kind, inspect.StructType), kind
    return kind.fields


def _fault(
    slate: Slate, path: Path, fault: doc.Fault, numbers: plan.Numbers, ids: set[str]
) -> None:
    number = numbers.fault()
    name = fault.id or f"fault-{number}"
    if name in ids:
        slate.wrong((*path, "id"), f"there is a fault {name!r} already")
    ids.add(name)
    if _fault_words(slate, path, fault):
        try:
            plan.armed(slate.adapter, fault, number)
        except BadRequest as error:
            slate.wrong(*_blamed(path, fault, str(error)))


def _fault_words(slate: Slate, path: Path, fault: doc.Fault) -> bool:
    """Check the words of a fault, each where it stands."""
    points = core.known_points(slate.adapter.surface.faults)
    if not slate.one_of((*path, "on"), "point", fault.on, list(points)):
        return False
    effects = [each.name for each in points[fault.on].effects]
    told = f"effect on {fault.on!r} called"
    good = slate.one_of((*path, "effect"), told, fault.effect, effects)
    if fault.operation is not None and fault.on == core.CALL:
        good = slate.operation((*path, "operation"), fault.operation) and good
    if fault.event is not None and fault.on == core.CALLBACK:
        good = slate.event((*path, "event"), fault.event) and good
    if good and fault.code is not None and fault.effect == "answer":
        good = slate.code((*path, "code"), fault.operation or "", fault.code)
    return good


_OURS = {"by_ms": "by", "after_ms": "after", "for_ms": "for", "from_ms": "from"}


def _blamed(path: Path, fault: doc.Fault, message: str) -> tuple[Path, str]:
    """Find the field that a refusal is about, and say it in the words of the file."""
    for theirs, ours in _OURS.items():
        message = message.replace(theirs, ours)
    given = [
        each.encode_name
        for each in msgspec.structs.fields(doc.Fault)
        if getattr(fault, each.name) != each.default and each.name not in ("on", "effect")
    ]
    if message.startswith("it would be armed no more"):
        return (*path, "until"), message
    named = [name for name in given if re.search(rf"\b{name}\b(?! is one of)", message)]
    if named and "needs" not in message:
        return (*path, named[0]), message
    return (*path, "effect"), message


def _moment(
    slate: Slate,
    path: Path,
    moment: doc.Moment,
    numbers: plan.Numbers,
    ids: set[str],
    settings: Mapping[str, Any],
) -> None:
    verb = exactly_one(slate, path, moment, doc.VERBS, "an entry of the timeline")
    if moment.after is not None:
        slate.operation((*path, "after"), moment.after)
    inner = (*path, verb or "")
    if verb == "fault" and moment.fault is not None:
        _fault(slate, inner, moment.fault, numbers, ids)
    if verb == "configure" and moment.configure is not None:
        _settings(slate, inner, settings, moment.configure)
    if verb == "disarm" and moment.disarm is not None and moment.disarm not in ids:
        known = ", ".join(sorted(ids)) or "none"
        near = meant(moment.disarm, ids)
        slate.wrong(inner, f"no fault {moment.disarm!r} is armed before; there are {known}{near}")
    if verb == "outage" and moment.outage is not None:
        if moment.outage.code is not None and moment.outage.status is not None:
            slate.wrong((*inner, "status"), "an outage answers with a code or a status, not both")
        elif moment.outage.code is not None:
            slate.code((*inner, "code"), "", moment.outage.code)
        if milliseconds(moment.outage.for_) == 0:
            slate.wrong((*inner, "for"), "an outage lasts longer than 0s")
    if verb == "drop":
        slate.sdk(inner, "drop")
    if verb in ("join", "leave", "publish", "mute") and not str(_who(moment)[1]):
        slate.wrong((*inner, "uid"), "expected a uid, not an empty text")


def _who(moment: doc.Moment) -> tuple[str, str]:
    part = moment.join or moment.leave or moment.publish or moment.mute
    return (part.room, str(part.uid)) if part is not None else ("", "")


def _people(slate: Slate, document: doc.Scenario) -> None:
    """Check that people come before they go, as far as the file alone can tell."""
    moves: dict[tuple[str, str], list[tuple[int, int, doc.Moment]]] = {}
    for index, moment in enumerate(document.timeline):
        if _who(moment)[0]:
            entry = (milliseconds(moment.at), index, moment)
            moves.setdefault(_who(moment), []).append(entry)
    for (room, uid), entries in moves.items():
        if not any(moment.join for _, _, moment in entries):
            slate.wrong(
                ("timeline", entries[0][1]), f"nobody called {uid!r} ever joins room {room!r}"
            )
        elif len({moment.after for _, _, moment in entries}) == 1:
            _presence(slate, room, uid, sorted(entries, key=lambda each: each[:2]))


def _presence(
    slate: Slate, room: str, uid: str, entries: list[tuple[int, int, doc.Moment]]
) -> None:
    is_there = False
    for _, index, moment in entries:
        verb = next(name for name in doc.VERBS if getattr(moment, name) is not None)
        if moment.join is not None and is_there:
            told = f"{uid!r} is in room {room!r} already at that time"
        elif moment.join is None and not is_there:
            told = f"{uid!r} is not in room {room!r} at that time"
        else:
            is_there = moment.leave is None
            continue
        slate.wrong(("timeline", index, verb), f"impossible order: {told}", at_key=True)
        return
