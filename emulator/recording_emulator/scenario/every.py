"""Scenarios at the level that all vendors share: ``vendor: every``.

Such a file says ``start``, ``query`` and ``stop`` where a vendor's own would name its operations;
what a vendor wants before a start is done for it. Its room is ``demo``, at a vendor whose rooms are
numbers that of the client's flow. What it expects can only be what all have: tasks,
objects, counts of calls, answers that are lost or not, and faults that fire.

A file is for every vendor that can play it. One that says ``query`` is not for a vendor without
such a call (the name in its flow is empty), and one with ``audience: none`` not for a vendor whose
client always sends media itself (an SDK's, with no call of ``publishing`` to leave out).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from recording_emulator.scenario.problems import BadScenario, Marks, Problem
from recording_emulator.vendors.base import SdkSide, VendorAdapter

EVERY: Final = "every"
WORDS: Final = ("start", "query", "stop")
OWN: Final = ("callback", "reply", "heard")
"""Expectations in a vendor's own words."""


ROOM: Final = "demo"


def room_of(adapter: VendorAdapter) -> str:
    """Return the room that a vendor's flow records in."""
    return str(getattr(adapter.client, "room", ROOM))


def words(adapter: VendorAdapter) -> dict[str, str]:
    """Say what a vendor calls ``start``, ``query`` and ``stop``: the end of its flow."""
    client = adapter.client
    named = dict(zip(WORDS, (*client.flow[-2:], client.ending), strict=True))
    return {word: name for word, name in named.items() if name}


def unfit(plain: dict[str, Any], adapter: VendorAdapter) -> str:
    """Say why a vendor cannot play a file, or return an empty text."""
    own = words(adapter)
    named = {where[key] for where, key in _places(plain) if isinstance(where[key], str)}
    for word in WORDS:
        if word in named and word not in own:
            return f"{adapter.name} has no call that would be {word!r}"
    client = adapter.client
    is_loud = isinstance(client, SdkSide) and not client.publishing
    if plain.get("audience") == "none" and is_loud:
        return f"a client of {adapter.name} always sends media itself"
    return ""


def chosen(plain: dict[str, Any], file: str, adapters: tuple[VendorAdapter, ...]) -> VendorAdapter:
    """Return whom a file is read for: whom its name ends with, or the first that can play it."""
    named = [each for each in adapters if each.name == file.rpartition("@")[2]]
    fitting = [each for each in adapters if not unfit(plain, each)]
    return (named or fitting or adapters)[0]


def translated(plain: dict[str, Any], adapter: VendorAdapter) -> dict[str, Any]:
    """Put a vendor's words in place of the common ones; what is wrong stays for the checks."""
    own, found = words(adapter), copy.deepcopy(plain)
    room = room_of(adapter)
    found["vendor"] = adapter.name
    found["scenario"] = f"{plain.get('scenario')} ({adapter.name})"
    for where, key in _places(found):
        if isinstance(where[key], str):
            where[key] = own.get(where[key], where[key])
    for where, key in _places(found, ("room",)):
        if where[key] == ROOM:
            where[key] = room
    return found


def _places(
    plain: dict[str, Any], keys: tuple[str, ...] = ("operation", "after", "call")
) -> Iterator[tuple[dict[str, Any], str]]:
    """List where an operation may be named, or what else is asked for."""
    for part in ("faults", "timeline", "client", "expect"):
        for each in plain.get(part) or ():
            if not isinstance(each, dict):
                continue
            within = [inner for inner in each.values() if isinstance(inner, dict)]
            for place in (each, *within):
                yield from ((place, key) for key in keys if key in place)


def problems(plain: dict[str, Any], marks: Marks, file: str) -> list[Problem]:
    """Say what a file for every vendor may not have."""
    found = []
    for number, each in enumerate(plain.get("client") or ()):
        if isinstance(each, dict) and each.get("call") not in WORDS:
            where = marks.value(("client", number, "call"))
            told = f"a call that every vendor has is one of {', '.join(WORDS)}"
            path = f"client[{number}].call"
            found.append(Problem(where.line, where.column, path, told, file))
    for number, each in enumerate(plain.get("expect") or ()):
        for key in OWN:
            if isinstance(each, dict) and key in each:
                where = marks.key(("expect", number, key))
                told = f"every vendor has its own: expect task, objects or count, not {key}"
                path = f"expect[{number}].{key}"
                found.append(Problem(where.line, where.column, path, told, file))
    return found


def check(plain: dict[str, Any], marks: Marks, file: str, adapter: VendorAdapter) -> None:
    """Check what only a file for every vendor can get wrong.

    Raises:
        BadScenario: With every such mistake.
    """
    found = problems(plain, marks, file)
    if told := unfit(plain, adapter):
        where = marks.value(("vendor",))
        found.append(Problem(where.line, where.column, "vendor", told, file))
    if found:
        raise BadScenario(found)
