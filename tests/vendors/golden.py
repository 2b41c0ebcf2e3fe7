"""Golden files: what a story said, kept under ``fixtures/`` to the byte.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from recording_emulator.testing import Member, Tenant

FIXTURES = Path(__file__).parents[2] / "fixtures"


def kept(name: str, told: Any, tenant: Tenant, **marks: str) -> bool:
    """Whether something is as it is kept; addresses and what ``marks`` name are marks there."""
    text = msgspec.json.encode(told).decode()
    marks["files"] = f"{tenant.emulator.url}/_files/{tenant.info.id}"
    for mark, each in marks.items():
        text = text.replace(each, f"{{{mark}}}")
    path = FIXTURES / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return path.read_text() == f"{text}\n"


def heard(member: Member) -> list[dict[str, Any]]:
    """The events a client heard, as they stand on the wire."""
    return [
        {
            "method": each.name,
            "params": {
                "seq": each.seq,
                "at_ms": each.at_ms,
                "room": each.room,
                "args": each.args,
            },
        }
        for each in member.events
    ]
