"""Agora's request bodies and task states, for the catalogue.

Source:
    That a block of another mode is refused is assumed (sheet §2.3 says which mode has which).
"""

from typing import Final

from recording_emulator.core.surface import Basis, Body, StateRow
from recording_emulator.vendors.agora import bodies, individual, web
from recording_emulator.vendors.agora.inputs import TASK
from recording_emulator.vendors.agora.task import STATUS, State

_SDK: Final = "seen in clients, documented nowhere; accepted and ignored: assumed"

_LIMITS: Final = {
    "fps": "range nowhere documented, assumed",
    "bitrate": "range nowhere documented, assumed",
}

_PLACES: Final = {
    "region": "nothing has a place here; that storage must lie in the region is not checked",
    "excludeResourceIds": "nothing has a place here that another task could avoid",
}


def _foreign(mode: str, *blocks: str) -> dict[str, str]:
    return dict.fromkeys(blocks, f"belongs to {mode}; that it is refused here is assumed")


_INDIVIDUAL: Final = _foreign(
    "individual mode", "snapshotConfig", "appsCollection", "transcodeOptions"
)
_WEB: Final = _foreign("web mode", "extensionServiceConfig")
_WEB_UPDATE: Final = _foreign("web mode", "webRecordingConfig", "rtmpPublishConfig")
_MIX: Final = _foreign("mix mode", "transcodingConfig")
_CHANNEL: Final = _foreign("the channel modes", "recordingConfig", "streamSubscribe")

BODIES: Final = (
    Body("acquire", bodies.AcquireParams, "DS acquire", {"regionAffinity": _SDK}, _PLACES),
    Body("start mix", bodies.StartParams, "DS start", _LIMITS, foreign=_INDIVIDUAL | _WEB),
    Body(
        "start individual", individual.IndividualStart, "DS start; REC for postponed work",
        foreign=_WEB | _MIX,
    ),
    Body(
        "start web", web.WebStart, "DS start; CN23",
        foreign=_INDIVIDUAL | _CHANNEL,
    ),
    Body("update", bodies.UpdateParams, "DS update", foreign=_WEB_UPDATE),
    Body("update web", web.WebUpdate, "DS update", foreign=_CHANNEL),
    Body("updateLayout", bodies.Layout, "DS updateLayout"),
    Body("stop", bodies.StopParams, "DS stop"),
)  # fmt: skip

STATES: Final = tuple(
    StateRow(
        TASK,
        state.value,
        str(STATUS[state]) if state in STATUS else "",
        "DS query: status" if state in STATUS else "ours, assumed: before a task has a status",
        Basis.DOCUMENTED if state in STATUS else Basis.ASSUMED,
    )
    for state in State
    if state is not State.ABSENT  # no state of a task: there is none
)
