"""The bodies, forms and queries of NERTC's calls.

Source:
    Sheet §3.2 (创建云端录制任务 and its siblings); ranges where it names them. The length of names
    and lists is assumed.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

MAX_CID: Final = 2**63 - 1
Cid = Annotated[int, Meta(ge=1, le=MAX_CID)]
Uid = Annotated[int, Meta(ge=0, le=MAX_CID)]
Cname = Annotated[str, Meta(min_length=1, max_length=64)]
TaskId = Annotated[str, Meta(max_length=64)]
Mode = Literal[0, 1, 2, 3, 4, 5, 6, 100]
Layout = Literal[0, 1, 2, 3, 4]


class UidList(msgspec.Struct, frozen=True):
    subscribeUids: Annotated[tuple[Uid, ...], Meta(max_length=1_000)] = ()  # noqa: N815
    unSubscribeUids: Annotated[tuple[Uid, ...], Meta(max_length=1_000)] = ()  # noqa: N815


class StreamSubscribe(msgspec.Struct, frozen=True):
    streamType: Literal[0, 1, 2] | None = None  # noqa: N815
    audioUidList: UidList = UidList()  # noqa: N815
    videoUidList: UidList = UidList()  # noqa: N815


class ModeItem(msgspec.Struct, frozen=True):
    mode: Mode
    layoutType: Layout = 0  # noqa: N815
    layout: dict[str, Any] = {}


class RecordConfig(msgspec.Struct, frozen=True):
    recordType: Literal[0, 1, 2, 100] = 0  # noqa: N815
    fileFormat: Literal[0, 1, 2] = 0  # noqa: N815
    audioProfile: int = 0  # noqa: N815
    videoProfile: int = 0  # noqa: N815
    modeList: Annotated[tuple[ModeItem, ...], Meta(max_length=8)] = ()  # noqa: N815
    subs: list[dict[str, Any]] = []


class LayoutConfig(msgspec.Struct, frozen=True):
    layoutType: Layout = 0  # noqa: N815
    layout: dict[str, Any] = {}


class Watermark(msgspec.Struct, frozen=True):
    imgWms: list[dict[str, Any]] = []  # noqa: N815


class RoomBody(msgspec.Struct, frozen=True):
    channelName: Cname  # noqa: N815
    mode: int = 0
    uid: Uid = 0


class ChannelBody(msgspec.Struct, frozen=True, kw_only=True):
    """What every call about a task begins with; v2 names the channel by cid, v3 by cname."""

    cid: Cid | None = None
    cname: Cname | None = None


class SubmitBody(ChannelBody, frozen=True):
    uid: Uid = 0
    streamSubscribe: StreamSubscribe | None = None  # noqa: N815
    recordConfig: RecordConfig = RecordConfig()  # noqa: N815
    layoutConfig: LayoutConfig = LayoutConfig()  # noqa: N815
    watermark: Watermark = Watermark()
    detect: dict[str, Any] = {}


class TaskBody(ChannelBody, frozen=True):
    taskId: TaskId = ""  # noqa: N815


class UpdateBody(TaskBody, frozen=True):
    layoutConfig: LayoutConfig = LayoutConfig()  # noqa: N815
    watermark: Watermark = Watermark()
    detect: dict[str, Any] = {}


class SubsBody(TaskBody, frozen=True, kw_only=True):
    streamSubscribe: StreamSubscribe  # noqa: N815


class RecordForm(msgspec.Struct, frozen=True):
    """The older call: ``type`` is what ``recordType`` is now, without 100."""

    a_record: bool = True
    v_record: bool = True
    type: Literal[0, 1, 2] = 0


class MembersQuery(msgspec.Struct, frozen=True):
    uid: Uid = 0
    userRole: Literal[0, 1] | None = None  # noqa: N815
