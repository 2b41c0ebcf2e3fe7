"""The catalogue of NERoom: what is emulated of it, and how we know."""

from typing import Final

from recording_emulator.core.faults import SDK
from recording_emulator.core.surface import Absent, Basis, Limit, Operation, StateRow, Surface
from recording_emulator.families import vod
from recording_emulator.vendors.neroom import (
    callbacks,
    errors,
    faults,
    paths,
    recorder,
    room,
    users,
)
from recording_emulator.vendors.neroom.fields import BODIES
from recording_emulator.vendors.neroom.nertc import surface as nertc
from recording_emulator.vendors.neroom.recorder import State as RecordingState
from recording_emulator.vendors.neroom.room import State
from recording_emulator.vendors.neroom.sdk import NeRoomSdk
from recording_emulator.vendors.neroom.shapes import SHAPES

_SDK: Final = "NERoom API references 1.44.0"
_RULES: Final = "sheet §5.1: states are ours, assumed"
ASSUMED: Final = {
    "getRoomSnapshot": "ours: what a client reads that has missed events",
    "lockRoom": "the property isRoomLocked is documented; the method's name is assumed",
    "unlockRoom": "the property isRoomLocked is documented; the method's name is assumed",
    "changeMyName": "the copy USER_NAME_CHANGE is documented; the method's name is assumed",
}
SURFACE: Final = Surface(
    operations=(
        *(
            Operation(
                name,
                "SDK",
                name,
                ASSUMED.get(name, _SDK),
                Basis.ASSUMED if name in ASSUMED else Basis.DOCUMENTED,
            )
            for name in sorted(NeRoomSdk.operations)
        ),
        *paths.OPERATIONS,
        *vod.OPERATIONS,
        *nertc.OPERATIONS,
    ),
    bodies=BODIES,
    shapes=SHAPES,
    errors=(*nertc.ERRORS, *vod.ROWS, *errors.ROWS),  # a bare code means a narrower layer's first
    events=(*callbacks.EVENTS, *nertc.EVENTS),
    limits=(
        Limit("room_uuid_length", "64", "NERoom 创建房间", Basis.DOCUMENTED),
        Limit("demo_room_life_min", "30", "NERoom, AppKeys on trial", Basis.DOCUMENTED),
        Limit("members_online", "500", "NERoom; the code beyond it is assumed", Basis.ASSUMED),
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
        StateRow(users.NAME, users.State.KNOWN, "", "ours, assumed", Basis.ASSUMED),
        *nertc.STATES,
        *vod.STATES,
    ),
    faults=(*faults.POINTS, *nertc.FAULTS, SDK),
    absent=(
        Absent(
            "seats, waiting rooms, chat rooms, lives, whiteboards, captions, SIP", "not recorded"
        ),
        Absent(
            "devices, volume, network quality and messages in the double of the Web SDK",
            "nothing of a recording follows from them; what shows video does nothing",
        ),
        Absent(
            "the wire form with cmd numbers (sheet §2.7)", "listeners hear the SDK's own events"
        ),
        Absent(
            "isAudioConnected, isSharingSystemAudio, isInChatroom, avatar, properties of a member",
            "nothing here changes them",
        ),
        Absent("isForce of endRoom", "accepted; no document says what differs"),
        Absent(
            "crossAppAuthorization", "accepted, with a note in the journal: no other app's rooms"
        ),
        Absent("room ends LEAVE_BY_SELF, SYNC_DATA_ERROR, LOGIN_STATE_ERROR", "the client's own"),
        Absent(
            "play URLs that expire",
            "downloads of the video store do, after an hour; see file_ttl_ms",
        ),
        Absent("sharing of a screen by who has no SDK", "the core's rooms have no screens"),
        Absent(
            "mute, cancel_mute, mute_list and the blacklist of a room (v1)", "chat: no recording"
        ),
        Absent("POST …/batch", "its body is not public; make the calls one by one"),
        Absent("GET …/sequence", "missed events are told to an SDK that resumes; see the snapshot"),
        Absent("member properties", "no event of them is documented; recording looks at none"),
        Absent("states of a room but `lock`", "which there are is the template's, in the console"),
        Absent("POST …/anonymous/login", "every user name has a token here"),
        Absent("GET …/record/playback", "the education line's; `record/list` has the files"),
        Absent("POST …/vod/refresh-url", "its answer is not public; getVideo signs downloads anew"),
        Absent("list, disable and recover of the video store, and its callbacks", "not needed yet"),
        *nertc.ABSENT,
    ),
)
