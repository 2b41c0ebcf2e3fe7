"""The catalogue of NERoom: what is emulated of it, and how we know."""

from typing import Final

from recording_emulator.core import faults
from recording_emulator.core.surface import Absent, Basis, Limit, Operation, StateRow, Surface
from recording_emulator.families import vod
from recording_emulator.vendors.neroom import callbacks, errors, paths, recorder, room, users
from recording_emulator.vendors.neroom.faults import POINTS
from recording_emulator.vendors.neroom.fields import BODIES
from recording_emulator.vendors.neroom.recorder import State as RecordingState
from recording_emulator.vendors.neroom.room import State
from recording_emulator.vendors.neroom.sdk import NeRoomSdk
from recording_emulator.vendors.neroom.shapes import SHAPES

_SDK: Final = "NERoom API references 1.44.0"
_RULES: Final = "sheet §5.1: states are ours, assumed"
SURFACE: Final = Surface(
    operations=(
        *(
            Operation(name, "SDK", name, _SDK, Basis.DOCUMENTED)
            for name in sorted(NeRoomSdk.operations)
        ),
        *paths.OPERATIONS,
        *vod.OPERATIONS,
    ),
    bodies=BODIES,
    shapes=SHAPES,
    errors=(*errors.ROWS, *vod.ROWS),
    events=callbacks.EVENTS,
    limits=(
        Limit("room_uuid_length", "64", "NERoom 创建房间", Basis.DOCUMENTED),
        Limit("room_life_h", "24", "NERoom API 列表, room type 1", Basis.DOCUMENTED),
        Limit("slice_h", "2", "NERTC 云端录制", Basis.DOCUMENTED),
        Limit("copy_timeout_s", "5", "开通消息抄送", Basis.DOCUMENTED),
        Limit("copy_retries", "5", "会议抄送事件, an older product; assumed", Basis.ASSUMED),
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
        StateRow(users.NAME, users.State.KNOWN, "", "ours, assumed", Basis.ASSUMED),
        *vod.STATES,
    ),
    faults=(faults.SDK, *POINTS),
    absent=(
        Absent(
            "mute, cancel_mute, mute_list and the blacklist of a room (v1)", "chat: no recording"
        ),
        Absent("POST …/batch", "its body is not public; make the calls one by one"),
        Absent("GET …/sequence", "missed events are told to an SDK that resumes; see the snapshot"),
        Absent("member properties", "no event of them is documented; recording looks at none"),
        Absent("states of a room but `lock`", "which there are is the template's, in the console"),
        Absent("POST …/anonymous/login", "every user name has a token here"),
        Absent("GET …/record/playback", "the education line's; `record/list` has the files"),
        Absent("POST …/vod/refresh-url", "URLs of files do not expire here"),
        Absent("list, disable and recover of the video store, and its callbacks", "not needed yet"),
        Absent("setParameters", "every member in the RTC channel is recorded (the server's rule)"),
        Absent("screen sharing, seats, roles that change, kicking", "to come"),
    ),
)
