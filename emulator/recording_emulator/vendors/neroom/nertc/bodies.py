"""The bodies, forms and queries of NERTC's calls.

Source:
    Sheet §3.2 (创建云端录制任务 and its siblings); ranges where it names them; what a layout is
    made of: golang server SDK, ``cloud_record``. The length of names and lists, and how large a
    canvas and what is in it may be, are assumed.
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
MAX_SIDE: Final = 8_192
Place = Annotated[int, Meta(ge=-MAX_SIDE, le=MAX_SIDE)]


class UidList(msgspec.Struct, frozen=True):
    subscribeUids: Annotated[tuple[Uid, ...], Meta(max_length=1_000)] = ()  # noqa: N815
    unSubscribeUids: Annotated[tuple[Uid, ...], Meta(max_length=1_000)] = ()  # noqa: N815


class StreamSubscribe(msgspec.Struct, frozen=True):
    streamType: Literal[0, 1, 2] | None = None  # noqa: N815
    audioUidList: UidList = UidList()  # noqa: N815
    videoUidList: UidList = UidList()  # noqa: N815


class Canvas(msgspec.Struct, frozen=True):
    width: Annotated[int, Meta(ge=0, le=MAX_SIDE)] = 0
    height: Annotated[int, Meta(ge=0, le=MAX_SIDE)] = 0


class LayoutUser(msgspec.Struct, frozen=True):
    """A pane of a custom layout; ``streamType`` 1 is a shared screen's."""

    uid: Uid = 0
    streamType: Literal[0, 1] = 0  # noqa: N815
    x: Place = 0
    y: Place = 0
    width: Annotated[int, Meta(ge=0, le=MAX_SIDE)] = 0
    height: Annotated[int, Meta(ge=0, le=MAX_SIDE)] = 0
    zorder: Place = 0


class Panes(msgspec.Struct, frozen=True):
    """What a custom layout is made of; its screens and images are not shown."""

    canvas: Canvas = Canvas()
    users: Annotated[tuple[LayoutUser, ...], Meta(max_length=1_000)] = ()
    subStreams: list[dict[str, Any]] = []  # noqa: N815
    images: list[dict[str, Any]] = []


class ModeItem(msgspec.Struct, frozen=True):
    """A mode; without a layout of its own it has the task's."""

    mode: Mode
    layoutType: Layout | None = None  # noqa: N815
    layout: Panes = Panes()


class RecordConfig(msgspec.Struct, frozen=True):
    recordType: Literal[0, 1, 2, 100] = 0  # noqa: N815
    fileFormat: Literal[0, 1, 2] = 0  # noqa: N815
    audioProfile: int = 0  # noqa: N815
    videoProfile: int = 0  # noqa: N815
    modeList: Annotated[tuple[ModeItem, ...], Meta(max_length=8)] = ()  # noqa: N815
    subs: list[dict[str, Any]] = []


class LayoutConfig(msgspec.Struct, frozen=True):
    layoutType: Layout = 0  # noqa: N815
    layout: Panes = Panes()


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
    layoutConfig: LayoutConfig | None = None  # noqa: N815
    watermark: Watermark = Watermark()
    detect: dict[str, Any] = {}


class TaskBody(ChannelBody, frozen=True):
    taskId: TaskId = ""  # noqa: N815


class UpdateBody(TaskBody, frozen=True):
    layoutConfig: LayoutConfig | None = None  # noqa: N815
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
