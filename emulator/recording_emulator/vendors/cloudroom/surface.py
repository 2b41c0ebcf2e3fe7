"""The catalogue of CloudRoom: what is emulated of it, and how we know."""

from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from recording_emulator.core.surface import (
    Absent,
    Basis,
    Body,
    Limit,
    Operation,
    Refused,
    Shapes,
    StateRow,
    Surface,
)
from recording_emulator.vendors.cloudroom import bodies, callbacks, errors, faults, output
from recording_emulator.vendors.cloudroom.inputs import MIXER, OUTPUT, ROOM
from recording_emulator.vendors.cloudroom.mixer import WIRE, State
from recording_emulator.vendors.cloudroom.requests import BODIES
from recording_emulator.vendors.cloudroom.room import State as RoomState
from recording_emulator.vendors.cloudroom.sdk import PARAMS

_DOC: Final = Basis.DOCUMENTED
_SEEN: Final = Basis.OBSERVED
_ASSUMED: Final = Basis.ASSUMED
_SDK: Final = "Apis.md; parameters by name are ours"
_CFG: Final = "TypeDefinitions: CloudMixerCfg"
_TEXT: Final = "a text is white on grey here"

IDLE: Final = {
    **dict.fromkeys(("color", "background"), _TEXT),
    "vQP": "how large a file is follows from vBps alone",
    "mixedLayout": "a layout is drawn whatever it says",
    "aChannelType": "the two of left and right are mixed: sound is one channel here",
}  # fmt: skip
CFG_GUESSES: Final = {
    "mixerID": "ours: the SDK makes it, and its double sends it along; for updates documented",
    "pushCfg": "web SDK only, documented nowhere; assumed to do the same elsewhere",
    "streamID": "web SDK only; its form assumed",
    "urls": "web SDK only; that it is a text or a list is assumed",
    "mixedLayout": "documented nowhere; that 1 is a layout of one's own is assumed",
}
GUESSES: Final = {
    "createMeeting": {"meetID": "ours: a scenario knows its room beforehand; the SDK makes one up"}
}
PARAM_BODIES: Final[dict[str, type]] = {
    **PARAMS,
    "createCloudMixer": bodies.CreateTyped,
    "updateCloudMixerContent": bodies.UpdateTyped,
}


class Answered(msgspec.Struct, frozen=True):
    """The body of every answer of the HTTP API."""

    RspCode: str
    RspDesc: str
    Data: Any


class NotFound(msgspec.Struct, frozen=True):
    """The body of an answer that is none of the API's."""

    message: Literal["Not Found"]


ALWAYS: Final = ("destroyCloudMixer", "getCloudMixerInfo")
"""Calls that only a fault or a wrong parameter makes fail; what they are about may be gone."""


def _sdk_operation(name: str) -> Operation:
    return Operation(name, "SDK", name, _SDK, _DOC, can_fail=name not in ALWAYS)


def _http_operation(name: str) -> Operation:
    return Operation(name, "POST", f"/CLOUDROOM-API/{name}", f"webapi {name}", _DOC)


def _limit(name: str, value: str, source: str) -> Limit:
    return Limit(name, value, source, _ASSUMED if "assumed" in source else _DOC)


SURFACE: Final = Surface(
    operations=(
        *(_sdk_operation(name) for name in sorted(PARAMS)),
        *(_http_operation(name) for name in BODIES),
    ),
    bodies=(
        *(
            Body(name, kind, _CFG if "Mixer" in name else _SDK,
                 MappingProxyType(GUESSES.get(name, CFG_GUESSES)), MappingProxyType(IDLE))
            for name, kind in PARAM_BODIES.items()
        ),
        *(
            Body(name, kind, f"webapi {name}", idle=MappingProxyType({
                "AppId": "an account has one project here", "RequestId": "nothing is repeated",
            }))
            for name, kind in BODIES.items()
        ),
    ),
    errors=errors.ROWS,
    events=callbacks.EVENTS,
    states=(
        *(
            StateRow(MIXER, state, str(WIRE[state]), "Constant: MIXER_STATE", _DOC)
            for state in State
            if state is not State.NULL
        ),
        StateRow(MIXER, "paused", "3", "Constant: MIXER_STATE", _DOC, False,
                 "only local mixers pause"),
        *(
            StateRow(
                OUTPUT, state, str(output.WIRE[state]),
                "H5 Constant" if state is output.State.ALL_DONE else "C++ Constant: CLOUDMO", _DOC,
            )
            for state in output.State
            if state is not output.State.NULL
        ),
        *(
            StateRow(ROOM, state, "", "sheet §7.3: states are ours, assumed", _ASSUMED)
            for state in RoomState
            if state is not RoomState.ABSENT
        ),
    ),
    faults=faults.POINTS,
    shapes=Shapes(
        answers=dict.fromkeys(BODIES, (Answered,)),
        refusals={"": Refused(Answered, "RspCode", "RspDesc")},
        denial=Refused(NotFound, "", "message"),
    ),
    limits=(
        _limit("record_max_h", "8", "CRVIDEOSDK_ERR_DEF 901; that the file is whole: assumed"),
        _limit("mixers", "10", "the licence; the number assumed (setting max_mixers)"),
        _limit("vFps", "0..30, default 12", "TypeDefinitions"),
        _limit("vQP", "0..51, default 19", "TypeDefinitions"),
        _limit("vBps", "a default and a maximum for each of 17 sizes", "C++ Constant"),
        _limit("pixels", "8294400", "assumed: 3840 x 2160 (setting max_pixels)"),
        _limit("netdisk_bytes", "10737418240", "assumed (setting quota_bytes)"),
        _limit("page_size", "1..50, default 20", "webapi netDisk/query"),
        _limit("rooms_in_a_query", "50", "webapi room/onlineUsersNum/query"),
        _limit("upload_bytes", "524288000, here 1048576", "webapi netDisk/upload; ours: a body"),
        _limit("uploaded_bytes_kept", "16777216; of more, stand-ins", "ours: memory"),
        _limit("callback_retries", "3, after 5, 30 and 120 s", "assumed: nothing is documented"),
        _limit("callback_answer_s", "5", "assumed: nothing is documented"),
    ),
    absent=(
        Absent("LoginByToken, UpdateToken, NotifyTokenWillExpire", "a token's form is not public"),
        Absent("the older single recorder (StartSvrMixer …)", "deprecated since 2022-05"),
        Absent("start, update and stop over HTTP", "the public API has no such calls"),
        Absent("room/usageInfo/query, room/usageInfo/all/query", "minutes are not counted"),
        Absent("project/…, queue/…, doc/…", "nothing of recording is in them"),
        Absent("several cameras of one user", "everybody has one camera, number 1"),
        Absent("shared screens, media and whiteboards", "a cell for them is accepted and blank"),
        Absent("one camera in two cells of a picture", "it is seen in the last, with a remark"),
        Absent("BalanceLess during a meeting", "setting account refuses new mixers only"),
        Absent("uni-app's, HarmonyOS's and Flutter's SDKs", "there are no doubles of them"),
        Absent("views, devices and messages in the doubles", "nothing of recording is in them"),
    ),
)  # fmt: skip
