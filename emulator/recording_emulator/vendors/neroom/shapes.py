"""What NERoom's HTTP says beyond the catalogue's rows: the bodies of its answers, its headers.

Source:
    Sheet §2.3 (envelope), §2.4 and §2.5 (data).
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from recording_emulator.core.surface import Refused, Shapes
from recording_emulator.families import vod
from recording_emulator.vendors.neroom.nertc import shapes as nertc

RequestId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Cost = Annotated[str, Meta(pattern=r"^[0-9]+ms\Z")]


class _Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with these keys and no other."""


class Done(_Whole, frozen=True):
    """A success; ``data`` is null where there is nothing to say."""

    code: Literal[0]
    msg: Literal["Success"]
    requestId: RequestId  # noqa: N815
    ts: int
    cost: Cost
    data: None


class Keys(_Whole, frozen=True, rename="camel"):
    """A user's keys."""

    user_uuid: str
    user_token: str
    im_token: str
    im_key: str
    rtc_key: str


class Account(_Whole, frozen=True):
    """An account."""

    user_uuid: str
    user_name: str
    user_token: str
    icon: str
    im_token: str


class RtcUid(_Whole, frozen=True):
    """An account's number in RTC channels."""

    user_uuid: str
    rtc_uid: int


class RestMade(_Whole, frozen=True):
    """A new room (v4)."""

    room_archive_id: str
    room_uuid: str
    room_name: str


class Made(_Whole, frozen=True, rename="camel"):
    """A new room."""

    room_archive_id: str
    room_uuid: str
    room_name: str


class RestOne(_Whole, frozen=True):
    """Somebody in a room (v3)."""

    user_uuid: str
    name: str
    role: str
    state: Literal[2]


class RestPage(_Whole, frozen=True):
    """A page of people (v3)."""

    total_count: int
    page_total: int
    users: list[RestOne]


class One(_Whole, frozen=True, rename="camel"):
    """Somebody in a room (v2)."""

    user_uuid: str
    name: str
    role: str
    state: Literal[2]


class Page(_Whole, frozen=True, rename="camel"):
    """A page of people (v2)."""

    total_count: int
    page_total: int
    users: list[One]


class MemberTold(_Whole, frozen=True, rename="camel"):
    """One of those in a room (v2)."""

    user_uuid: str
    user_name: str
    role: str
    state: Literal[2]


class RestFile(_Whole, frozen=True):
    """A recorded file (v3)."""

    vid: int
    object_name: str
    url: str
    create_time: int
    record_id: str
    type: Literal["mp4", "aac"]
    mix: bool
    md5: str
    size: int
    piece_index: int
    user_uuid: str | UnsetType = UNSET


class RestMedia(_Whole, frozen=True):
    """The files of a room (v3)."""

    file_infos: list[RestFile]


class OldFile(_Whole, frozen=True, rename="camel"):
    """A recorded file (v2)."""

    vid: int
    object_name: str
    url: str
    create_time: int


class OldMedia(_Whole, frozen=True, rename="camel"):
    """The files of a room (v2)."""

    file_infos: list[OldFile]


class FileInfo(_Whole, frozen=True, rename="camel"):
    """A recorded file, as ``NERecordFileInfo``."""

    type: Literal["mp4", "aac"]
    mix: bool
    filename: str
    md5: str
    size: int
    url: str
    vid: int
    piece_index: int
    user_uuid: str | UnsetType = UNSET
    nickname: str | UnsetType = UNSET
    vod_info: dict[str, Any] | UnsetType | None = UNSET


class Recording(_Whole, frozen=True, rename="camel"):
    """A recording, as ``NERoomRecord``."""

    record_id: str
    record_start_time: int
    record_end_time: int
    info_list: list[FileInfo]


class Started(_Whole, frozen=True, rename="camel"):
    """The recording that was started."""

    record_id: str


class State(_Whole, frozen=True):
    """A stream, and since when."""

    value: Literal[0, 1]
    time: int


class Entered(_Whole, frozen=True):
    """A room, and who has joined it."""

    room: dict[str, Any]
    member: dict[str, Any]


class Inside(_Whole, frozen=True):
    """A room and everybody in it."""

    room: dict[str, Any]
    members: list[dict[str, Any]]


class Snapshot(_Whole, frozen=True):
    """How a room is."""

    sequence: int
    snapshot: Inside


class RoomConfig(_Whole, frozen=True, rename="camel"):
    """What a room was made with."""

    room_uuid: str
    config: dict[str, dict[str, bool]]
    role_configs: dict[str, dict[str, int]]


class Failed(_Whole, frozen=True):
    """An error; it has no data."""

    code: int
    msg: str
    requestId: RequestId  # noqa: N815
    ts: int
    cost: Cost


def _with(name: str, data: Any) -> tuple[Any, ...]:
    """Make the envelope of a success with data."""
    fields = [("data", data)]
    made = msgspec.defstruct(
        f"{name}Answer", fields, bases=(_Success,), frozen=True, forbid_unknown_fields=True
    )
    return (made,)


class _Success(_Whole, frozen=True):
    code: Literal[0]
    msg: Literal["Success"]
    requestId: RequestId  # noqa: N815
    ts: int
    cost: Cost


_DATA: Final[dict[str, Any]] = {
    "sceneLogin": Keys,
    "sceneCreateRoom": Made,
    "sceneGetConfig": RoomConfig,
    "sceneEnter": Entered,
    "sceneGetSnapshot": Snapshot,
    "sceneSetStream": State,
    "sceneDeleteStream": State,
    "sceneRecord": Started | None,
    "sceneListRecords": list[Recording],
    "restCreateUser": Account,
    "restUpdateUser": Account,
    "restGetUser": Account,
    "restGetUsers": list[Account],
    "restCreateRtcUid": RtcUid,
    "restCreateRoom": RestMade,
    "restListOnline": RestPage,
    "restListMedia": RestMedia,
    "appsCreateRoom": Made,
    "appsListOnline": Page,
    "appsGetMember": MemberTold,
    "appsListMedia": OldMedia,
    "appsPutUser": Keys,
    "appsGetToken": Keys,
}
_PLAIN: Final = (
    "sceneSetState", "sceneDeleteState", "sceneSetProperty", "sceneDeleteProperty",
    "sceneRemoveMember", "sceneEndRoom", "restUpdateRoom", "restCloseRoom", "restSetRole",
    "restKick", "restUpdateMember", "appsCloseRoom", "appsKick",
)  # fmt: skip

SHAPES: Final = Shapes(
    answers={
        **{name: _with(name[0].upper() + name[1:], data) for name, data in _DATA.items()},
        **dict.fromkeys(_PLAIN, (Done,)),
        **nertc.ANSWERS,
        **vod.ANSWERS,
    },
    refusals={"": Refused(Failed, "code", "msg"), **nertc.REFUSALS, **vod.REFUSALS},
    denial=Refused(Failed, "code", "msg"),
    parameters={
        "recordState": Literal["0", "1"],
        "streamType": Literal["audio", "video", "subVideo"],
    },
    security={
        "checksum": {"type": "apiKey", "in": "header", "name": "CheckSum"},
        "app_key": {"type": "apiKey", "in": "header", "name": "AppKey"},
        "nonce": {"type": "apiKey", "in": "header", "name": "Nonce"},
        "cur_time": {"type": "apiKey", "in": "header", "name": "CurTime"},
    },
)
