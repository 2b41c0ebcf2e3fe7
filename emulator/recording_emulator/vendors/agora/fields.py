"""Agora's request bodies and task states, for the catalogue."""

from typing import Final

from recording_emulator.core.surface import Basis, Body, StateRow
from recording_emulator.vendors.agora import bodies, individual, web
from recording_emulator.vendors.agora.task import STATUS, State

_SDK: Final = "seen in clients, documented nowhere; accepted and ignored: assumed"

_LIMITS: Final = {
    "fps": "range nowhere documented, assumed",
    "bitrate": "range nowhere documented, assumed",
}

BODIES: Final = (
    Body("acquire", bodies.AcquireParams, "DS acquire", {"regionAffinity": _SDK}),
    Body("start mix", bodies.StartParams, "DS start", _LIMITS),
    Body("start individual", individual.IndividualStart, "DS start; REC for postponed work"),
    Body("start web", web.WebStart, "DS start; CN23"),
    Body("update", bodies.UpdateParams, "DS update"),
    Body("update web", web.WebUpdate, "DS update"),
    Body("updateLayout", bodies.Layout, "DS updateLayout"),
    Body("stop", bodies.StopParams, "DS stop"),
)

STATES: Final = tuple(
    StateRow(
        state.value,
        str(STATUS[state]) if state in STATUS else "",
        "DS query: status" if state in STATUS else "ours, assumed: before a task has a status",
        Basis.DOCUMENTED if state in STATUS else Basis.ASSUMED,
    )
    for state in State
)
