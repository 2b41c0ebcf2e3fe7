"""The parameters of the SDK's methods, as the double hands them on.

Source:
    Sheet §1.1, §2.3, §3 to §5. ``getInstance`` names the build and the device, which the real SDK
    knows of itself; an argument that is no object stands under its name in the manual.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from recording_emulator.core.surface import Body

Truth = bool | int | None
"""What JavaScript takes for true or false."""
Account = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Custom = Annotated[str, Meta(max_length=4_096)]
Kind = Literal[1, 2]
ChannelId = int | float | Annotated[str, Meta(max_length=32)] | None
Size = Annotated[int, Meta(ge=0, le=1_280)]


class GetInstance(msgspec.Struct, frozen=True):
    sdkProfile: Literal["netcall-8.5", "webrtc-8.5", "webrtc-6.1"] | None = None  # noqa: N815
    fromClientType: Annotated[int, Meta(ge=0, le=255)] = 16  # noqa: N815


class SessionConfig(msgspec.Struct, frozen=True):
    """Of its many keys, those about recording and live."""

    recordAudio: Truth = False  # noqa: N815
    recordVideo: Truth = False  # noqa: N815
    recordType: Literal[0, 1, 2] = 0  # noqa: N815
    singleRecord: Truth = False  # noqa: N815
    isHostSpeaker: Truth = False  # noqa: N815
    liveEnable: Truth = False  # noqa: N815
    rtmpUrl: Custom = ""  # noqa: N815
    rtmpRecord: Truth = False  # noqa: N815


class Call(msgspec.Struct, frozen=True):
    type: Kind
    account: Account = ""
    webrtcEnable: Truth = False  # noqa: N815
    pushConfig: dict[str, Any] | None = None  # noqa: N815
    sessionConfig: SessionConfig | None = None  # noqa: N815


class BeCalledInfo(msgspec.Struct, frozen=True):
    channelId: ChannelId = None  # noqa: N815


class Response(msgspec.Struct, frozen=True):
    accepted: Any = True
    beCalledInfo: BeCalledInfo | None = None  # noqa: N815
    channelId: ChannelId = None  # noqa: N815
    sessionConfig: SessionConfig | None = None  # noqa: N815


class OfChannel(msgspec.Struct, frozen=True):
    channelId: ChannelId = None  # noqa: N815


class Control(msgspec.Struct, frozen=True):
    channelId: ChannelId = None  # noqa: N815
    command: Annotated[int, Meta(ge=0, le=255)] | None = None


class CreateChannel(msgspec.Struct, frozen=True):
    channelName: Name  # noqa: N815
    custom: Custom = ""


class JoinChannel(msgspec.Struct, frozen=True):
    channelName: Name  # noqa: N815
    type: Kind = 2
    custom: Custom = ""
    liveEnable: Truth = False  # noqa: N815
    sessionConfig: SessionConfig | None = None  # noqa: N815


class OfDevice(msgspec.Struct, frozen=True):
    type: Annotated[int, Meta(ge=0, le=15)]


class AgentMp4(msgspec.Struct, frozen=True):
    path: Annotated[str, Meta(max_length=1_024)] = ""
    account: Account | None = ""
    aac: Truth = False
    recode: Truth = True
    width: Size = 0
    height: Size = 0


class AgentAac(msgspec.Struct, frozen=True):
    path: Annotated[str, Meta(max_length=1_024)] = ""


class OfAccount(msgspec.Struct, frozen=True):
    account: Account | None = ""


class AnyAccount(msgspec.Struct, frozen=True):
    """An argument of the old WebRTC build: what is no text means oneself."""

    account: Any = ""


class MediaRecording(msgspec.Struct, frozen=True):
    account: Account | None = ""
    type: Literal["camera", "screen", "video", "audio"] = "video"
    reset: Any = None


class OfRecord(msgspec.Struct, frozen=True):
    recordId: Annotated[str, Meta(max_length=64)] | None = ""  # noqa: N815


# --- the catalogue of fields ----------------------------------------------------------------------

_SEED: Final = "录制相关; Web SDK 开发手册"
_OURS: Final = "what the real SDK knows of itself; ours, assumed"
_MEETING: Final = "taken; it counts in a meeting only"
_IDLE: Final[Mapping[str, str]] = {
    "webrtcEnable": "taken; every build can call every other here",
    "singleRecord": _MEETING,
    "liveEnable": _MEETING,
    "rtmpUrl": _MEETING,
    "rtmpRecord": _MEETING,
}
_RECORD: Final = Body("stopMediaRecording", OfRecord, _SEED)
BODIES: Final = (
    Body(
        "getInstance",
        GetInstance,
        _OURS,
        assumed={"sdkProfile": _OURS, "fromClientType": _OURS},
    ),
    Body("call", Call, _SEED, idle=_IDLE),
    Body(
        "response",
        Response,
        _SEED,
        assumed={"channelId": "short for beCalledInfo; ours, assumed"},
        idle=_IDLE,
    ),
    Body("hangup", OfChannel, _SEED),
    Body("control", Control, _SEED),
    Body("createChannel", CreateChannel, _SEED),
    Body(
        "joinChannel",
        JoinChannel,
        _SEED,
        idle={
            "custom": "taken; a meeting tells what it was made with",
        },
    ),
    Body("startDevice", OfDevice, _SEED),
    Body("stopDevice", OfDevice, _SEED),
    Body(
        "startRecordMp4",
        AgentMp4,
        _SEED,
        idle={"recode": "taken; nothing of what is recorded was encoded before"},
    ),
    Body("stopRecordMp4", OfAccount, _SEED),
    Body("startRecordAac", AgentAac, _SEED),
    Body(
        "startMediaRecording",
        MediaRecording,
        _SEED,
        idle={"reset": "taken, and told back; every start makes a new record"},
    ),
    _RECORD,
    msgspec.structs.replace(_RECORD, operation="downloadMediaRecording"),
    msgspec.structs.replace(_RECORD, operation="cleanMediaRecording"),
)
"""What the methods take; of the PC Agent's build where builds differ."""
