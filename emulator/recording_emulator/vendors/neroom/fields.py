"""NERoom's request bodies, for the catalogue: what of them is assumed, and what does nothing."""

from typing import Final

from recording_emulator.core.surface import Body
from recording_emulator.families import vod
from recording_emulator.vendors.neroom.requests import BODIES as KINDS

_MISSING: Final = "accepted; chat, whiteboard, live streams, telephones and seats are not emulated"
_IDLE: Final = {
    **dict.fromkeys(
        ("whiteboard", "chatroom", "sip", "live", "seat", "externalLiveConfig", "roomSeatConfig"),
        _MISSING,
    ),
    "room_profile": "accepted; there is no sound to tune",
}
_ASSUMED: Final = {
    **dict.fromkeys(("rtc", "record"), "a boolean or an object: both are taken, assumed"),
    "hostUserUuid": "named in version 4 only, assumed here",
    "roomProperties": "what the meeting app sends, assumed here",
    "rtc_uid": "the name in a body is assumed",
    "rtcRecordType": "that the body of a start is a configuration is assumed",
    "modeList": "that the body of a start is a configuration is assumed",
    "mode": "that the body of a start is a configuration is assumed",
    "value": "that any JSON will do for a property, and 0 and 1 for others, is assumed",
    "role": "the name in a body is assumed",
}
_BY_CALL: Final = {
    "restUpdateRoom": {"room_name": "assumed", "password": "assumed"},
    "restUpdateMember": {"user_name": "assumed", "role": "assumed"},
    "appsGetToken": {"userUuid": "assumed"},
}
_SOURCES: Final = {
    "scene": "WisdomEducation restful_apis.md",
    "rest": "NERoom 创建房间 v4, 创建账号",
    "apps": "NERoom 创建房间 v2; NeRoomService of the vendor's demo server",
}


def _body(operation: str, kind: type) -> Body:
    layer = next(each for each in _SOURCES if operation.startswith(each))
    assumed = {**_ASSUMED, **_BY_CALL.get(operation, {})}
    return Body(operation, kind, _SOURCES[layer], assumed=assumed, idle=_IDLE)


BODIES: Final = (*(_body(name, kind) for name, kind in KINDS.items()), *vod.BODIES)
