"""Where faults bite at CloudRoom besides calls, callbacks and the wire.

Source:
    Sheet §9 (fault points), §4.2 and §4.3 (what follows). The names of the effects are ours.
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.faults import SDK, Effect, Point
from recording_emulator.core.machine import View
from recording_emulator.vendors.cloudroom import errors

CREATE: Final = "create"
RUN: Final = "run"
OUTPUT: Final = "output"
UPLOAD: Final = "upload"

WIRE: Final = replace(SDK, effects=tuple(each for each in SDK.effects if each.name != "gap"))
"""Without ``gap``: who comes back is told nothing of what was missed in any case (sheet §10)."""

POINTS: Final = (
    Point(
        CREATE,
        "a mixer is created and would start",
        (
            Effect("reject", "the request is refused: only createCloudMixerFailed", ("code",)),
            Effect("fail", "it fails after state 1", ("code",), ("after_ms",)),
        ),
    ),
    Point(
        RUN,
        "a mixer runs",
        (Effect("fail", "it ends with this code, its files with state 3", ("code",),
                ("after_ms",)),),
    ),
    Point(
        OUTPUT,
        "a file or a live push begins",
        (Effect("fail", "it ends with state 3; the mixer goes on", ("code",), ("after_ms",)),),
    ),
    Point(
        UPLOAD,
        "a file begins to be uploaded",
        (
            Effect("fail", "it ends with state 6", (), ("code", "after_ms")),
            Effect("slow", "it takes so much longer", ("by_ms",)),
            Effect("silent", "the file is there, but nobody hears states 5 and 7"),
        ),
    ),
    WIRE,
)  # fmt: skip


def code(row: str, otherwise: int) -> int:
    """Return the code that a fault names, or another where it names none."""
    return errors.code_of(row) if row else otherwise


def failing(point: str, room: str, view: View) -> tuple[int, int] | None:
    """Return with which code something fails, and after how long, if a fault says so."""
    fault = view.fault(point, room, ("fail",))
    return None if fault is None else (errors.code_of(fault.code), fault.after_ms)
