"""What Agora's HTTP says beyond the catalogue's rows: success bodies, errors, paths, envelope.

Source:
    Success bodies: sheet §3 (DS and REC samples, keys as every sample has them). Errors: §4.1.
    Paths and envelope: §1.2 and §2.1. Headers: §1.4, assumed.
"""
# ruff: noqa: N815 - the wire's names

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from recording_emulator.core.surface import Refused, Shapes

Status = Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 20]
PageState = Literal["init", "inProgress", "exit"]
UploadingStatus = Literal["uploaded", "backuped", "unknown", "unknow"]


class _Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with these keys and no other: the Java client refuses any it does not know."""


class Acquired(_Whole, frozen=True):
    """The answer to ``acquire``."""

    cname: str
    uid: str
    resourceId: str


class Answered(Acquired, frozen=True):
    """The answer to ``start``, ``update`` and ``updateLayout``."""

    sid: str


class File(_Whole, frozen=True):
    """A file of a channel's recording."""

    fileName: str
    trackType: Literal["audio", "video", "audio_and_video"]
    uid: str
    mixedAllUser: bool
    isPlayable: bool
    sliceStartTime: int


class PageFile(_Whole, frozen=True):
    """A file of a page's recording."""

    filename: str
    sliceStartTime: int


# --- query ----------------------------------------------------------------------------------------


class NamedState(_Whole, frozen=True):
    """One index, by name: mix mode with HLS only."""

    status: Status
    fileListMode: Literal["string"]
    fileList: str
    sliceStartTime: int


class ListedState(_Whole, frozen=True):
    """A list of files: individual mode, and mix mode with MP4."""

    status: Status
    fileListMode: Literal["json"]
    fileList: list[File]
    sliceStartTime: int


class SnapshotState(_Whole, frozen=True):
    """No files: with snapshots none are listed."""

    status: Status
    sliceStartTime: int


class Page(_Whole, frozen=True):
    """The recording of a page."""

    state: PageState
    onhold: bool
    fileList: list[PageFile]


class PageService(_Whole, frozen=True, tag_field="serviceName", tag="web_recorder_service"):
    """The service that records a page."""

    payload: Page


class PushTo(_Whole, frozen=True):
    """One address a page is pushed to."""

    rtmpUrl: str
    status: Literal["connecting", "publishing", "onhold", "disconnected"]


class Push(_Whole, frozen=True):
    """A page's way to a CDN."""

    state: PageState
    outputs: list[PushTo]


class PushService(_Whole, frozen=True, tag_field="serviceName", tag="rtmp_publish_service"):
    """The service that pushes a page."""

    payload: Push


class PageQueryState(_Whole, frozen=True):
    """The services of a page."""

    status: Status
    extensionServiceState: list[PageService | PushService]


class NamedQuery(Answered, frozen=True):
    """The answer to ``query``: one index."""

    serverResponse: NamedState


class ListedQuery(Answered, frozen=True):
    """The answer to ``query``: a list of files."""

    serverResponse: ListedState


class SnapshotQuery(Answered, frozen=True):
    """The answer to ``query`` with snapshots."""

    serverResponse: SnapshotState


class PageQuery(Answered, frozen=True):
    """The answer to ``query`` in web mode."""

    serverResponse: PageQueryState


# --- stop -----------------------------------------------------------------------------------------


class NamedEnd(_Whole, frozen=True):
    """One index, by name."""

    fileListMode: Literal["string"]
    fileList: str
    uploadingStatus: UploadingStatus


class ListedEnd(_Whole, frozen=True):
    """A list of files."""

    fileListMode: Literal["json"]
    fileList: list[File]
    uploadingStatus: UploadingStatus


class SnapshotEnd(_Whole, frozen=True):
    """No files."""

    uploadingStatus: UploadingStatus


class PushEnd(_Whole, frozen=True):
    """A push that has ended."""

    state: Literal["onhold"]


class PushEndService(_Whole, frozen=True, tag_field="serviceName", tag="rtmp_publish_service"):
    """The service that pushed a page."""

    payload: PushEnd


class UploadService(_Whole, frozen=True, tag_field="serviceName", tag="upload_service"):
    """The service that uploads a page's files."""

    payload: SnapshotEnd


class PageEnd(_Whole, frozen=True):
    """The services of a page, at their end."""

    extensionServiceState: list[PageService | PushEndService | UploadService]


class NamedStop(Answered, frozen=True):
    """The answer to ``stop``: one index."""

    serverResponse: NamedEnd


class ListedStop(Answered, frozen=True):
    """The answer to ``stop``: a list of files."""

    serverResponse: ListedEnd


class SnapshotStop(Answered, frozen=True):
    """The answer to ``stop`` with snapshots."""

    serverResponse: SnapshotEnd


class PageStop(Answered, frozen=True):
    """The answer to ``stop`` in web mode."""

    serverResponse: PageEnd


# --- addresses, errors, paths ---------------------------------------------------------------------


class Address(_Whole, frozen=True):
    """An address that callbacks come from."""

    primaryIP: str


class Addresses(_Whole, frozen=True):
    """All of them."""

    hosts: list[Address]


class AddressService(_Whole, frozen=True):
    """The notification service."""

    service: Addresses


class AddressList(_Whole, frozen=True):
    """The answer to the list of addresses."""

    data: AddressService


class Denial(_Whole, frozen=True):
    """An error of the gateway."""

    message: str


class Refusal(_Whole, frozen=True):
    """An error of the service."""

    code: int
    reason: str


class TaskRefusal(Refusal, frozen=True):
    """An error of the service, with what is known of the task."""

    cname: str | UnsetType = UNSET
    uid: str | UnsetType = UNSET
    resourceId: str | UnsetType = UNSET
    sid: str | UnsetType = UNSET


SHAPES: Final = Shapes(
    answers={
        "acquire": (Acquired,),
        "start": (Answered,),
        "query mix": (NamedQuery, ListedQuery),
        "query individual": (ListedQuery, SnapshotQuery),
        "query web": (PageQuery,),
        "update": (Answered,),
        "updateLayout mix": (Answered,),
        "stop mix": (NamedStop, ListedStop),
        "stop individual": (ListedStop, SnapshotStop),
        "stop web": (PageStop,),
        "ncsIp": (AddressList,),
    },
    refusals={"acquire": Refused(Refusal), "": Refused(TaskRefusal)},
    denial=Refused(Denial, "", "message"),
    parameters={
        "appid": Annotated[str, Meta(pattern=r"^[A-Za-z0-9]+\Z", max_length=64)],
        "resourceid": Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+\Z")],
        "sid": Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")],
        "mode": Literal["individual", "mix", "web"],
    },
    variant="mode",
    envelope={
        "cname": Annotated[str, Meta(min_length=1, max_length=1024)],
        "uid": Annotated[str, Meta(pattern=r"^[0-9]{1,10}\Z")],
    },
    inside="clientRequest",
    refused=frozenset(
        {
            "appsCollection",
            "extensionServiceConfig",
            "recordingConfig",
            "rtmpPublishConfig",
            "snapshotConfig",
            "streamSubscribe",
            "transcodeOptions",
            "transcodingConfig",
            "webRecordingConfig",
        }
    ),
    security={"basic": {"type": "http", "scheme": "basic"}},
    headers={"X-Request-Id": str, "X-Resource-ID": str},
)
"""Blocks of another mode are refused, so they are not described."""
