"""ZEGO's request bodies and task states, for the catalogue."""

from typing import Final

from recording_emulator.core.surface import Basis, Body, StateRow
from recording_emulator.vendors.zego.requests import BODIES as KINDS
from recording_emulator.vendors.zego.task import STATUS, State

_ASSUMED: Final = {
    "RoomId": "its length is that of RTC rooms, for recording assumed",
    "RealtimeUploadFragment": "the default is assumed",
    "ShortFragmentPath": "the default is assumed",
    "TaskId": "16 bytes; that another length is a bad parameter is assumed",
}
_PAGES: Final = {
    "StartRecord": "DOC start-record",
    "StopRecord": "DOC stop-record",
    "DescribeRecordStatus": "DOC describe-record-status",
    "DescribeTasks": "DOC describe-tasks",
    "UpdateLayout": "DOC update-layout",
    "UpdateWhiteboard": "DOC update-whiteboard",
    "PauseRecord": "DOC pause-record",
    "ResumeRecord": "DOC resume-record",
    "TakeSnapshot": "DOC take-snapshot",
}

BODIES: Final = tuple(
    Body(action, kind, _PAGES[action], _ASSUMED) for action, kind in KINDS.items()
)

STATES: Final = tuple(
    StateRow(
        state.value,
        str(STATUS[state]) if state in STATUS else "",
        "DOC describe-record-status: Status" if state in STATUS else "ours: before there is a task",
        Basis.DOCUMENTED if state in STATUS else Basis.ASSUMED,
    )
    for state in State
)
