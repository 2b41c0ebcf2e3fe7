"""Scenarios at the level that all vendors share: ``vendor: every``.

Such a file says ``start``, ``query`` and ``stop`` where a vendor's own would name its operations;
what a vendor wants before a start is done for it. What it expects can only be what all have: tasks,
objects, counts of calls, answers that are lost or not, and faults that fire.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from recording_emulator.scenario.problems import BadScenario, Marks, Problem
from recording_emulator.vendors.base import VendorAdapter

EVERY: Final = "every"
WORDS: Final = ("start", "query", "stop")
OWN: Final = ("callback", "reply", "heard")
"""Expectations in a vendor's own words."""


def words(adapter: VendorAdapter) -> dict[str, str]:
    """Say what a vendor calls ``start``, ``query`` and ``stop``: the end of its flow."""
    client = adapter.client
    return dict(zip(WORDS, (*client.flow[-2:], client.ending), strict=True))


def chosen(file: str, adapters: tuple[VendorAdapter, ...]) -> str:
    """Return the vendor that a file's name ends with (``story.yaml@agora``), or the first."""
    named = file.rpartition("@")[2]
    names = [each.name for each in adapters]
    return named if named in names else names[0]


def translated(plain: dict[str, Any], adapter: VendorAdapter) -> dict[str, Any]:
    """Put a vendor's words in place of the common ones; what is wrong stays for the checks."""
    own, found = words(adapter), copy.deepcopy(plain)
    found["vendor"] = adapter.name
    found["scenario"] = f"{plain.get('scenario')} ({adapter.name})"
    for where, key in _places(found):
        if isinstance(where[key], str):
            where[key] = own.get(where[key], where[key])
    return found


def _places(plain: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """List where an operation may be named."""
    for part in ("faults", "timeline", "client", "expect"):
        for each in plain.get(part) or ():
            if not isinstance(each, dict):
                continue
            within = [inner for inner in each.values() if isinstance(inner, dict)]
            for place in (each, *within):
                yield from ((place, key) for key in ("operation", "after", "call") if key in place)


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


def check(plain: dict[str, Any], marks: Marks, file: str) -> None:
    """Check what only a file for every vendor can get wrong.

    Raises:
        BadScenario: With every such mistake.
    """
    found = problems(plain, marks, file)
    if found:
        raise BadScenario(found)
