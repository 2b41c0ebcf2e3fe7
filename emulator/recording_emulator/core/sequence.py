"""A journal as a Mermaid sequence diagram: the app, the backend, the receiver, and the clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from recording_emulator.core.clock import span
from recording_emulator.core.journal import Entry, redact

LIMIT: Final = 400
"""How many lines are drawn; a reader sees no more at a glance anyway."""
ARROWS: Final = {"accepted": "-->>", "refused": "--x", "failed": "--x", "timed_out": "--x"}


def sequence(entries: Iterable[Entry], vendor: str, start_ms: int, secrets: frozenset[str]) -> str:
    """Draw what happened between an app, one vendor's backend and the receiver of callbacks."""
    head = [
        "sequenceDiagram",
        "    participant app",
        f"    participant backend as {vendor}",
        "    participant receiver",
    ]
    lines: list[str] = []
    now_ms, left_out = start_ms, 0
    for entry in entries:
        to = "app" if entry.subject.startswith(f"{vendor}:") else "receiver"
        drawn = _line(entry, to, secrets)
        if drawn and len(lines) >= LIMIT:
            left_out += 1
        elif drawn:
            if entry.at_ms != now_ms:
                now_ms = entry.at_ms
                lines.append(f"    Note over app,receiver: +{span(now_ms - start_ms)}")
            lines.append(f"    {drawn}")
    if left_out:
        lines.append(f"    Note over app,receiver: {left_out:,} more are not drawn")
    return "\n".join([*head, *lines])


def _line(entry: Entry, to: str, secrets: frozenset[str]) -> str:
    """Draw one entry; what goes ``to`` the app is an event that an SDK hears."""
    name = entry.name.partition(".")[2] or entry.name
    match entry.kind:
        case "call":
            return f"app->>backend: {_safe(name)} {_safe(entry.subject)}".rstrip()
        case "reply":
            return f"backend-->>app: {_safe(entry.name)}"
        case "attempt":
            if to == "app":
                return f"backend->>app: {_safe(entry.name.rpartition(' ')[0])}"
            event, _, nth = entry.name.partition(" #")
            again = f" again ({nth})" if nth not in ("", "1") else ""
            return f"backend->>receiver: {_safe(event)}{again}"
        case "outcome":
            if to == "app":
                return "" if entry.name in ("accepted", "sent") else "Note over app: not heard"
            arrow = ARROWS.get(entry.name, "--x")
            return f"receiver{arrow}backend: {_safe(entry.name)}{_why(entry, secrets)}"
        case "state" if entry.name.split(" ")[0].endswith(".task"):
            return f"Note over backend: {_safe(entry.name)}"
        case "fault":
            return f"Note over backend: {_safe(entry.subject)} {_safe(entry.name)}"
        case "room":
            detail: Any = redact(entry.detail, secrets)
            uid = detail.get("uid", "") if isinstance(detail, dict) else ""
            return f"Note over backend: {_safe(f'{entry.name} {entry.subject} {uid}')}"
        case "note":
            return f"Note over app,receiver: {_safe(f'{entry.subject} {entry.name}')}"
        case _:
            return ""


def _why(entry: Entry, secrets: frozenset[str]) -> str:
    detail: Any = redact(entry.detail, secrets)
    why = detail.get("why", "") if isinstance(detail, dict) else ""
    return f" ({_safe(why)})" if why else ""


def _safe(text: str) -> str:
    """Write text so that Mermaid reads it as text.

    >>> _safe("404 failed; to: find #1")
    '404 failed, to find nr 1'
    """
    plain = text.replace(";", ",").replace(":", "").replace("#", "nr ")
    return re.sub(r"\s+", " ", plain)[:120].strip()
