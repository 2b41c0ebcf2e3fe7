"""The catalogue of NERoom: what is emulated of it, and how we know."""

from typing import Final

from recording_emulator.core import faults
from recording_emulator.core.surface import Absent, Basis, Limit, Operation, StateRow, Surface
from recording_emulator.vendors.neroom import callbacks, errors, recorder, room
from recording_emulator.vendors.neroom.nertc import surface as nertc
from recording_emulator.vendors.neroom.recorder import State as RecordingState
from recording_emulator.vendors.neroom.room import State
from recording_emulator.vendors.neroom.sdk import NeRoomSdk

_SDK: Final = "NERoom API references 1.44.0"
_RULES: Final = "sheet §5.1: states are ours, assumed"
SURFACE: Final = Surface(
    operations=(
        *(
            Operation(name, "SDK", name, _SDK, Basis.DOCUMENTED)
            for name in sorted(NeRoomSdk.operations)
        ),
        *nertc.OPERATIONS,
    ),
    errors=(*nertc.ERRORS, *errors.ROWS),  # a bare code means the row of the narrower layer first
    events=(*callbacks.EVENTS, *nertc.EVENTS),
    limits=(
        Limit("room_uuid_length", "64", "NERoom 创建房间", Basis.DOCUMENTED),
        Limit("room_life_h", "24", "NERoom API 列表, room type 1", Basis.DOCUMENTED),
        Limit("slice_h", "2", "NERTC 云端录制", Basis.DOCUMENTED),
        Limit("copy_timeout_s", "5", "开通消息抄送", Basis.DOCUMENTED),
        Limit("copy_retries", "5", "会议抄送事件, an older product; assumed", Basis.ASSUMED),
        *nertc.LIMITS,
    ),
    states=(
        *(
            StateRow(room.NAME, state, "", _RULES, Basis.ASSUMED)
            for state in (State.OPEN, State.ENDED)
        ),
        *(
            StateRow(recorder.NAME, state, "", _RULES, Basis.ASSUMED)
            for state in RecordingState
            if state is not RecordingState.IDLE
        ),
        *nertc.STATES,
    ),
    faults=(faults.SDK, *nertc.FAULTS),
    absent=(
        Absent("the server REST API (rooms, users, media_info)", "to come"),
        Absent("setParameters", "every member in the RTC channel is recorded (the server's rule)"),
        Absent("screen sharing, seats, roles that change, kicking", "to come"),
        *nertc.ABSENT,
    ),
)
