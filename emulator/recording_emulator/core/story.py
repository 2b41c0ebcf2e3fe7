"""The timeline: a journal in words, one line an entry, for reports and terminals."""

from collections.abc import Iterable
from typing import Any

from recording_emulator.core.clock import iso, span
from recording_emulator.core.journal import Entry, redact

SHOWN = frozenset(
    {"call", "reply", "state", "event", "outcome", "fault", "room", "member", "note", "config"}
    | {"check", "uploaded"}
)


def timeline(entries: Iterable[Entry], start_ms: int, secrets: frozenset[str]) -> list[str]:
    """Tell what happened: when (from the start), what, to whom, and because of which entry."""
    return [_line(entry, start_ms, secrets) for entry in entries if entry.kind in SHOWN]


def heading(name: str, mode: str, seed: int, start_ms: int, now_ms: int, evicted: int) -> str:
    """Say whose timeline it is, and what it takes to see the same one again."""
    gone = f"; evicted {evicted:,} older entries" if evicted else ""
    return (
        f"tenant {name!r}, clock {mode}, seed {seed}: {iso(start_ms)} + {span(now_ms - start_ms)}"
        f"{gone}"
    )


def _line(entry: Entry, start_ms: int, secrets: frozenset[str]) -> str:
    subject = entry.subject if len(entry.subject) <= 32 else f"{entry.subject[:12]}…"
    because = f"  ← #{entry.cause}" if entry.cause else ""
    at = span(entry.at_ms - start_ms)
    words = _words(entry, secrets)
    return f"#{entry.seq:<4} +{at:<12} {entry.kind:<7} {entry.name} {subject}{words}{because}"


def _words(entry: Entry, secrets: frozenset[str]) -> str:
    detail: Any = redact(entry.detail, secrets)
    if not isinstance(detail, dict):
        return ""
    match entry.kind:
        case "reply":
            told = [detail.get("says", ""), detail.get("hint", "")]
            return "".join(f" — {text}" for text in told if text)
        case "call":
            notes = detail.get("notes") or ([detail["hint"]] if detail.get("hint") else [])
            return "".join(f" — {text}" for text in notes)
        case "event":
            return f" {detail.get('details', '')}"
        case "outcome":
            status = f" {detail['status']}" if detail.get("status") else ""
            return f"{status} {detail.get('why', '')}".rstrip()
        case "uploaded":
            return f" {detail.get('files')} files {detail.get('why', '')}".rstrip()
        case "room":
            return f" {detail.get('uid', '')}"
        case "member":
            return f" {detail.get('user') or detail.get('why') or detail}"
        case _:
            return ""
