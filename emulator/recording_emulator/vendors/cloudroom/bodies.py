"""What clients send: the configuration of a mixer, parameters of SDK methods, bodies of the API.

Source:
    Sheet §2 (cfg), §10 (methods), §6 (API). Ranges that stand here are checks of ours; those of
    the vendor's service are in ``checks.py``.
"""

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

Int = Annotated[int, Meta(ge=-(2**31), le=2**31)]
Number = Int | float
Texts = Annotated[tuple[str, ...], Meta(max_length=1_000)]
Text = Annotated[str, Meta(max_length=1_024)]
MixerId = Annotated[str, Meta(min_length=1, max_length=128)]
RoomNumber = Annotated[int, Meta(ge=1, le=2**53)]
Whole = Annotated[int, Meta(ge=0, le=2**53)]
MIXED: Final = 0
SINGLE: Final = 1


class Param(msgspec.Struct, frozen=True):
    """What a layout item shows; the names with hyphens are those of a text."""

    camid: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    background: str | UnsetType = UNSET
    font_size: Number | UnsetType = msgspec.field(default=UNSET, name="font-size")
    text_margin: Number | UnsetType = msgspec.field(default=UNSET, name="text-margin")


class Item(msgspec.Struct, frozen=True):
    """One cell of a layout; fractions of pixels are taken, as the demos send them."""

    type: Int
    left: Number | UnsetType = UNSET
    top: Number | UnsetType = UNSET
    width: Number | UnsetType = UNSET
    height: Number | UnsetType = UNSET
    keepAspectRatio: Int | UnsetType = UNSET  # noqa: N815 - the wire's name
    param: Param | UnsetType = UNSET


class Push(msgspec.Struct, frozen=True):
    """Where one camera is pushed live."""

    streamID: str  # noqa: N815
    urls: str | tuple[str, ...]


class Audio(msgspec.Struct, frozen=True):
    """``audioFileCfg`` of both modes."""

    svrPath: Text | UnsetType = UNSET  # noqa: N815
    svrFileNameSuffix: str | UnsetType = UNSET  # noqa: N815
    subscribeAudios: Texts | UnsetType = UNSET  # noqa: N815
    svrPathName: Text | UnsetType = UNSET  # noqa: N815
    aChannelType: Int | UnsetType = UNSET  # noqa: N815
    aChannelContent: Texts | UnsetType = UNSET  # noqa: N815


class Video(Audio, frozen=True):
    """``videoFileCfg`` of both modes; ``subscribeAudios`` here is the mini-app's slip."""

    subscribeVideos: Texts | UnsetType = UNSET  # noqa: N815
    aStreamType: Int | UnsetType = UNSET  # noqa: N815
    pushCfg: tuple[Push, ...] | UnsetType = UNSET  # noqa: N815
    vWidth: Int | UnsetType = UNSET  # noqa: N815
    vHeight: Int | UnsetType = UNSET  # noqa: N815
    vFps: Int | UnsetType = UNSET  # noqa: N815
    vBps: Int | UnsetType = UNSET  # noqa: N815
    vQP: Int | UnsetType = UNSET  # noqa: N815
    layoutConfig: Annotated[tuple[Item, ...], Meta(max_length=256)] | UnsetType = UNSET  # noqa: N815
    mixedLayout: Int | UnsetType = UNSET  # noqa: N815


class Storage(msgspec.Struct, frozen=True):
    """``storageConfig``: the app's own bucket."""

    vendor: Int | UnsetType = UNSET
    region: str | UnsetType = UNSET
    bucket: str | UnsetType = UNSET
    accessKey: str | UnsetType = UNSET  # noqa: N815
    secretKey: str | UnsetType = UNSET  # noqa: N815


class Cfg(msgspec.Struct, frozen=True):
    """What a mixer records."""

    mode: Int = MIXED
    audioFileCfg: Audio | UnsetType = UNSET  # noqa: N815
    videoFileCfg: Video | UnsetType = UNSET  # noqa: N815
    storageConfig: Storage | UnsetType = UNSET  # noqa: N815

    @property
    def audio(self) -> Audio:
        return self.audioFileCfg or Audio()

    @property
    def video(self) -> Video:
        return self.videoFileCfg or Video()


# --- methods of the SDK ---------------------------------------------------------------------------


class Nothing(msgspec.Struct, frozen=True):
    """A method without parameters."""


class NewRoom(msgspec.Struct, frozen=True):
    """``createMeeting``; that a number can be wished for is ours."""

    meetID: RoomNumber | UnsetType = UNSET  # noqa: N815 - the wire's name


class OfRoom(msgspec.Struct, frozen=True):
    """``destroyMeeting``."""

    meetID: RoomNumber  # noqa: N815


class Enter(OfRoom, frozen=True):
    """``enterMeeting``; the nickname is that of the login, which is the connection here."""

    nickname: Annotated[str, Meta(max_length=128)] = ""


class OfUser(msgspec.Struct, frozen=True):
    """``kickout``, ``getMemberInfo``."""

    userID: Text  # noqa: N815


class Create(msgspec.Struct, frozen=True):
    """``createCloudMixer``; ``mixerID`` is for clients that make it themselves."""

    cfg: Any = None
    mixerID: MixerId | UnsetType = UNSET  # noqa: N815


class OfMixer(msgspec.Struct, frozen=True):
    """``destroyCloudMixer``, ``getCloudMixerInfo``; an app that has no mixer passes an empty id."""

    mixerID: Annotated[str, Meta(max_length=128)]  # noqa: N815


class Update(OfMixer, frozen=True):
    """``updateCloudMixerContent``."""

    cfg: Any = None


class CreateTyped(Create, frozen=True):
    """``createCloudMixer`` as the catalogue has it."""

    cfg: Cfg = Cfg()


class UpdateTyped(OfMixer, frozen=True):
    """``updateCloudMixerContent`` as the catalogue has it."""

    cfg: Cfg = Cfg()


# --- bodies of the HTTP API -----------------------------------------------------------------------


class Signed(msgspec.Struct, frozen=True):
    """What every body has; numbers may be texts, for the vendor's samples send both."""

    RequestId: Text
    CompID: Whole
    SecretKey: Text
    AppId: Text = ""


class QueryBody(Signed, frozen=True):
    """``netDisk/query``."""

    FileName: Text = ""
    FilePath: Text = ""
    SearchTime: Text = ""
    PageNumber: Whole = 1
    PageSize: Whole = 20


class DeleteBody(Signed, frozen=True):
    """``netDisk/delete``."""

    FileName: Text = ""
    FileID: Whole | UnsetType = UNSET


class UploadBody(Signed, frozen=True, kw_only=True):
    """``netDisk/upload``, the fields beside the file."""

    FileName: Text
    DirPath: Text = ""


class RoomBody(Signed, frozen=True):
    """``room/delete``, ``room/onlineMembers/query``."""

    RoomId: RoomNumber | UnsetType = UNSET


class RoomsBody(Signed, frozen=True):
    """``room/onlineUsersNum/query``."""

    RoomIds: Text = ""
