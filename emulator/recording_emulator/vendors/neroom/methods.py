"""What a call of the SDK means: its parameters checked, and made an input.

Source:
    Methods and parameters: sheet §1.2, §1.4 and §1.6 (API references 1.44.0). The parameters of
    ``createRoom`` and ``joinRoom`` stand beside their options; that is ours.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from recording_emulator.core.machine import Input
from recording_emulator.core.sdk import Member
from recording_emulator.vendors.neroom import files, inputs
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.inputs import SetParameters

RoomUuid = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9\-_.~]+$")]
UserUuid = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(max_length=64)]
Password = Annotated[str, Meta(max_length=20)]


class InRoom(msgspec.Struct, frozen=True):
    """A call about one room."""

    roomUuid: RoomUuid  # noqa: N815


class CreateRoom(InRoom, frozen=True):
    roomName: Name = ""  # noqa: N815
    password: Password | None = None
    templateId: int | None = None  # noqa: N815
    maxMembers: Annotated[int, Meta(ge=-1)] = -1  # noqa: N815
    initialProperties: dict[str, Any] = {}  # noqa: N815
    enableRtc: bool = True  # noqa: N815
    enableRecord: bool = False  # noqa: N815


class JoinRoom(InRoom, frozen=True, kw_only=True):
    userName: Name  # noqa: N815
    role: Name = ""
    password: Password | None = None
    kickOtherDevice: bool = True  # noqa: N815


class EndRoom(InRoom, frozen=True):
    isForce: bool = False  # noqa: N815


class About(InRoom, frozen=True):
    """A call about another member."""

    userUuid: UserUuid = ""  # noqa: N815


class ChangeRole(About, frozen=True, kw_only=True):
    role: Annotated[str, Meta(min_length=1, max_length=64)]


class ChangeName(InRoom, frozen=True, kw_only=True):
    name: Name


class Mode(msgspec.Struct, frozen=True):
    mode: Annotated[int, Meta(ge=0, le=6)]


class RecordConfig(msgspec.Struct, frozen=True):
    """``NERoomRecordConfig``; in a room's properties also when recording begins by itself."""

    rtcRecordType: int | None = None  # noqa: N815
    modeList: tuple[Mode, ...] = ()  # noqa: N815
    recordStrategy: int | None = None  # noqa: N815


def config(kind: int | None, listed: tuple[Mode, ...]) -> Config | None:
    """Return what is to be recorded, or None where nothing says so.

    Raises:
        ValidationError: If it makes no sense.
    """
    modes = tuple(each.mode for each in listed)
    if kind is None and not modes:
        return None
    if kind not in (None, files.ALL, files.BY_MODE):
        raise msgspec.ValidationError("rtcRecordType is 0 or 100")
    if kind == files.BY_MODE and not modes:
        raise msgspec.ValidationError("rtcRecordType 100 needs a modeList")
    if len(set(modes)) < len(modes):
        raise msgspec.ValidationError("modeList has each mode at most once")
    return Config(kind or files.ALL, modes)


class Start(InRoom, frozen=True):
    """A start; what is to be recorded stands beside the room."""

    rtcRecordType: int | None = None  # noqa: N815
    modeList: tuple[Mode, ...] = ()  # noqa: N815


class ListOf(msgspec.Struct, frozen=True):
    roomArchiveId: Annotated[str, Meta(min_length=1, max_length=36)]  # noqa: N815


class Options(msgspec.Struct, frozen=True):
    """``NERoomKitOptions``, as far as they say who the app is."""

    appKey: str = ""  # noqa: N815


class Initialize(msgspec.Struct, frozen=True):
    options: Options = Options()
    clientType: Annotated[int, Meta(ge=0, le=10)] | None = None  # noqa: N815
    deviceId: Annotated[str, Meta(max_length=64)] = ""  # noqa: N815


class Login(msgspec.Struct, frozen=True):
    account: str = ""
    token: str = ""


# --- parameters ----------------------------------------------------------------------------------

AUDIO: Final = (
    "kNERtcKeyRecordAudioEnabled",
    "kNERoomRtcKeyRecordAudioEnabled",
    "KEY_SERVER_RECORD_AUDIO",
    "key_server_record_audio",
    "record_audio_enabled",
)
VIDEO: Final = (
    "kNERtcKeyRecordVideoEnabled",
    "kNERoomRtcKeyRecordVideoEnabled",
    "KEY_SERVER_RECORD_VIDEO",
    "key_server_record_video",
    "record_video_enabled",
)
TYPE: Final = (
    "kNERtcKeyRecordType",
    "kNERoomRtcKeyRecordType",
    "KEY_SERVER_RECORD_MODE",
    "key_server_record_mode",
    "record_type",
)
SPEAKER: Final = (
    "kNERtcKeyRecordHostEnabled",
    "kNERoomRtcKeyRecordHostEnabled",
    "KEY_SERVER_RECORD_SPEAKER",
    "key_server_record_speaker",
    "record_host_enabled",
)
SPELLINGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(AUDIO, "audio"),
    **dict.fromkeys(VIDEO, "video"),
    **dict.fromkeys(TYPE, "kind"),
    **dict.fromkeys(SPEAKER, "is_speaker"),
}
"""Every spelling of a record parameter, by platform.

Source:
    Sheet §1.6; that the last two have a ``kNERoomRtc`` form, too, is assumed.
"""
RECORD_TYPES: Final = (files.ALL, files.ONLY_MIX, files.ONLY_SINGLE)


def parameters(member: Member, params: Mapping[str, Any]) -> SetParameters:
    """Read the parameters of ``setParameters``; those of other things are no business of ours.

    Raises:
        ValidationError: If one has the wrong type.
    """
    told: dict[str, Any] = {}
    for name, value in params.items():
        field = SPELLINGS.get(name)
        if field == "kind":
            if isinstance(value, bool) or value not in RECORD_TYPES:
                raise msgspec.ValidationError(f"{name} is 0, 1 or 2")
        elif field is not None and not isinstance(value, bool):
            raise msgspec.ValidationError(f"{name} is true or false")
        if field is not None:
            told[field] = value
    return SetParameters(member=member.id, **told)


# --- methods -------------------------------------------------------------------------------------


def create(params: CreateRoom, **who: Any) -> inputs.Create:
    """Make a room; a recording that begins by itself stands in its properties (sheet §2.5).

    Raises:
        ValidationError: If that makes no sense.
    """
    return inputs.Create(
        **who,
        **in_properties(params.initialProperties),
        name=params.roomName,
        password=params.password or "",
        template=params.templateId,
        has_rtc=params.enableRtc,
        has_record=params.enableRecord,
        max_members=params.maxMembers,
    )


def in_properties(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new room's properties are, and what they say of its recording.

    Raises:
        ValidationError: If that makes no sense.
    """
    raw = given.get("recordConfig")
    own = RecordConfig()
    if raw is not None:
        try:
            own = (
                msgspec.json.decode(raw, type=RecordConfig)
                if isinstance(raw, str)
                else msgspec.convert(raw, RecordConfig)
            )
        except msgspec.DecodeError as error:
            raise msgspec.ValidationError(f"recordConfig: {error}") from None
    return {
        "properties": texts(given),
        "strategy": own.recordStrategy,
        "config": config(own.rtcRecordType, own.modeList),
    }


def texts(properties: Mapping[str, Any]) -> dict[str, str]:
    """Write a room's properties as the texts they are (Dart: ``Map<String, String>``)."""
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in properties.items()
    }


def join(params: JoinRoom, **who: Any) -> inputs.Enter:
    return inputs.Enter(
        **who,
        name=params.userName,
        role=params.role,
        password=params.password or "",
        kicks_other=params.kickOtherDevice,
    )


def _mute(audio: bool | None, video: bool | None) -> "Make":
    return lambda _params, **who: inputs.Mute(**who, audio=audio, video=video)


def _mute_other(audio: bool | None, video: bool | None) -> "Make":
    return lambda params, **who: inputs.MuteOther(
        **who, target=params.userUuid, audio=audio, video=video
    )


def _plain(kind: type[inputs.Caller], **fields: Any) -> "Make":
    return lambda _params, **who: kind(**who, **fields)


Make = Callable[..., Input]
METHODS: Final[Mapping[str, tuple[type[InRoom], Make]]] = {
    "createRoom": (CreateRoom, create),
    "joinRoom": (JoinRoom, join),
    "leaveRoom": (InRoom, _plain(inputs.Exit)),
    "endRoom": (EndRoom, _plain(inputs.End)),
    "getRoomContext": (InRoom, _plain(inputs.Look)),
    "getRoomSnapshot": (InRoom, _plain(inputs.Snap)),
    "lockRoom": (InRoom, _plain(inputs.Lock, is_on=True)),
    "unlockRoom": (InRoom, _plain(inputs.Lock, is_on=False)),
    "joinRtcChannel": (InRoom, _plain(inputs.EnterRtc)),
    "leaveRtcChannel": (InRoom, _plain(inputs.ExitRtc)),
    "muteMyAudio": (InRoom, _mute(False, None)),
    "unmuteMyAudio": (InRoom, _mute(True, None)),
    "muteMyVideo": (InRoom, _mute(None, False)),
    "unmuteMyVideo": (InRoom, _mute(None, True)),
    "startScreenShare": (InRoom, _plain(inputs.Share, is_on=True)),
    "stopScreenShare": (InRoom, _plain(inputs.Share, is_on=False)),
    "muteMemberAudio": (About, _mute_other(False, None)),
    "muteMemberVideo": (About, _mute_other(None, False)),
    "changeMemberRole": (
        ChangeRole,
        lambda params, **who: inputs.Assign(**who, target=params.userUuid, role=params.role),
    ),
    "kickMemberOut": (About, lambda params, **who: inputs.Kick(**who, target=params.userUuid)),
    "changeMyName": (ChangeName, lambda params, **who: inputs.Rename(**who, name=params.name)),
    "startCloudRecord": (
        Start,
        lambda params, **who: inputs.StartRecord(
            **who, config=config(params.rtcRecordType, params.modeList)
        ),
    ),
    "stopCloudRecord": (InRoom, _plain(inputs.StopRecord)),
}
"""The methods about one room: what their parameters are, and the input they make."""
