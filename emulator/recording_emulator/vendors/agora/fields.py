"""Agora's request fields and task states as catalogue rows."""

from typing import Final

from recording_emulator.core.surface import Basis, Field, StateRow, fields
from recording_emulator.vendors.agora import bodies, individual, web
from recording_emulator.vendors.agora.task import STATUS, State

_SDK: Final = "seen in clients, documented nowhere; accepted and ignored: assumed"

_LIMITS: Final = {
    "fps": "range nowhere documented, assumed",
    "bitrate": "range nowhere documented, assumed",
}

FIELDS: Final[tuple[Field, ...]] = (
    *fields("acquire", bodies.AcquireParams, "DS acquire", {"regionAffinity": _SDK}),
    *fields("start mix", bodies.StartParams, "DS start", _LIMITS),
    *fields("start individual", individual.IndividualStart, "DS start; REC for postponed work"),
    *fields("start web", web.WebStart, "DS start; CN23"),
    *fields("update", bodies.UpdateParams, "DS update"),
    *fields("update web", web.WebUpdate, "DS update"),
    *fields("updateLayout", bodies.Layout, "DS updateLayout"),
    *fields("stop", bodies.StopParams, "DS stop"),
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
