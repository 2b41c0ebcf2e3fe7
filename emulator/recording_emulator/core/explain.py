"""Why something did not happen: what came nearest to what was wanted, field by field.

One component for every place where a user asks: the control API, the command line, the journal, the
report of a test.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import msgspec

from recording_emulator.core import faults
from recording_emulator.core.clock import span
from recording_emulator.core.faults import Fault
from recording_emulator.core.surface import Operation

if TYPE_CHECKING:
    from recording_emulator.core.world import World


def differences(wanted: Any, found: Any, path: str = "") -> list[str]:
    """Compare in part: what is wanted must be so; what is not mentioned may be anything.

    A text that holds JSON may be wanted as what it holds.

    >>> differences({"event": "32", "details": {"code": 0}}, {"event": "31", "details": {}})
    ['event 31 ≠ 32', 'details.code is missing, wanted 0']
    >>> differences([1, {"a": 2}], [1, {"a": 2, "b": 3}])
    []
    >>> differences({"a": [{"b": 1}]}, {"a": '[{"b":2,"c":3}]'})
    ['a[0].b 2 ≠ 1']
    """
    if isinstance(wanted, Mapping | list) and isinstance(found, str):
        found = _held(found)
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        told: list[str] = []
        for key, value in wanted.items():
            inner = f"{path}.{key}" if path else str(key)
            if key in found:
                told += differences(value, found[key], inner)
            else:
                told.append(f"{inner} is missing, wanted {shown(value)}")
        return told
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            each
            for index, (one, other) in enumerate(zip(wanted, found, strict=True))
            for each in differences(one, other, f"{path}[{index}]")
        ]
    is_equal = wanted == found and isinstance(wanted, bool) == isinstance(found, bool)
    return [] if is_equal else [f"{path} {shown(found)} ≠ {shown(wanted)}".lstrip()]


def _held(text: str) -> Any:
    """Return what a text of JSON holds, or the text."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def shown(value: Any) -> str:
    """Write a value as it stands in a message.

    >>> shown({"event": "32", "details": {"code": 0}})
    '{event: 32, details: {code: 0}}'
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {shown(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def nearest(
    wanted: Mapping[str, Any], found: Sequence[Mapping[str, Any]]
) -> tuple[int, list[str]] | None:
    """Return the index of what differs least (the last such), and how; None if there is nothing."""
    compared = [(differences(wanted, each), index) for index, each in enumerate(found)]
    if not compared:
        return None
    told, index = min(compared, key=lambda each: (len(each[0]), _distance(each[0]), -each[1]))
    return index, told


def _distance(told: Sequence[str]) -> int:
    """Say how far apart numbers are in the first difference, so that 31 is nearer to 32 than 4."""
    numbers = re.match(r"\S+ (\d+) ≠ (\d+)$", told[0]) if told else None
    return abs(int(numbers[1]) - int(numbers[2])) if numbers else 1_000_000


def times(number: int) -> str:
    """Say how often.

    >>> times(0), times(1), times(3)
    ('never', 'once', '3 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def is_unfired(fault: Fault) -> bool:
    """Whether a fault was counted on and never fired."""
    return fault.times is not None and not fault.fired and not fault.may_not_fire


def why_unfired(world: World, fault: Fault) -> str:
    """Say why a fault has not fired: what it waits for, and what came instead."""
    told = f"it {_wants(fault)}"
    came = _came(world, fault)
    matching = [each for each in came if each[0] in ("", fault.name) or not fault.name]
    fitting = [each for each in matching if fault.room in ("", each[1])]
    if not came:
        return f"{told}; {_nothing(fault)}"
    if not matching:
        names = Counter(name for name, _, _ in came)
        listed = ", ".join(f"{name} ({times(count)})" for name, count in names.most_common(6))
        return f"{told}; that never came; what came: {listed}"
    name = fault.name or f"a {fault.on}"
    if not fitting:
        rooms = Counter(room for _, room, _ in matching)
        listed = ", ".join(f"{room!r}" for room, _ in rooms.most_common(4))
        return f"{told}; {name} came {times(len(matching))}, for room {listed}"
    inside = [at for _, _, at in fitting if fault.opens_ms <= at < fault.closes_ms]
    if not inside:
        at = span(fitting[-1][2] - world.spec.start_ms)
        return f"{told}; {name} came {times(len(fitting))}, last at +{at}, {_window(world, fault)}"
    return f"{told}; {name} came {times(len(inside))}{_passed_over(fault)}"


def _wants(fault: Fault) -> str:
    what = f"{fault.on} {fault.name}".rstrip()
    room = f" of room {fault.room!r}" if fault.room else ""
    return f"waits for {what}{room}"


def _nothing(fault: Fault) -> str:
    if fault.on == faults.CALL:
        return "no call came at all"
    if fault.on == faults.CALLBACK:
        return "no callback was sent at all (is there a receiver?)"
    if fault.on == faults.DOOR:
        return "no request came at all"
    return f"no task came to that point ({fault.on})"


def _window(world: World, fault: Fault) -> str:
    opens = span(fault.opens_ms - world.spec.start_ms)
    if fault.closes_ms >= faults.FOREVER_MS:
        return f"and it is armed from +{opens} on"
    return f"and it is armed from +{opens} to +{span(fault.closes_ms - world.spec.start_ms)}"


def _passed_over(fault: Fault) -> str:
    if fault.nth > max(fault.seen, 1):
        return f", and it fires from number {fault.nth} on"
    if fault.chance < 1 and fault.seen:
        return f", and its chance of {fault.chance:g} never drew it"
    return ", but before it was armed, or another fault came first"


def _came(world: World, fault: Fault) -> list[tuple[str, str, int]]:
    """List what came by the fault's point: name, room, when."""
    if fault.on == faults.CALLBACK:
        return [
            (each.event, each.facts.room, each.emitted_ms)
            for each in world.outbox.every()
            if each.vendor == fault.vendor and not each.is_check
        ]
    if fault.on in (faults.CALL, faults.DOOR):
        return [
            (each.name.partition(".")[2], each.subject, each.at_ms)
            for each in world.journal
            if each.kind == "call" and each.name.startswith(f"{fault.vendor}.")
        ]
    return []


def nearest_route(method: str, path: str, operations: Sequence[Operation]) -> str:
    """Name the route that a request was probably meant for; an empty text if none is like it."""

    def likeness(operation: Operation) -> float:
        filled = re.sub(r"\{\w+\}", "*", operation.path).split("/")
        given = path.split("/")
        pairs = zip(filled, given, strict=False)
        masked = [part if mask != "*" else "*" for mask, part in pairs] + given[len(filled) :]
        return (
            SequenceMatcher(None, filled, masked).ratio()
            + SequenceMatcher(None, filled[-1], given[-1]).ratio()
        )

    best = max(operations, key=likeness, default=None)
    if best is None or likeness(best) < 1:
        return ""
    return f"the nearest is {best.method} {best.path}" + (
        f", not {method}" if best.method != method else ""
    )
