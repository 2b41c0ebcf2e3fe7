"""What ZEGO's HTTP says beyond the catalogue's rows: success bodies, the envelope, parameters.

Source:
    Success bodies: sheet §3 (DOC). Public parameters: §1.3 (DOC).
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from recording_emulator.core.surface import Refused, Shapes


class _Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with these keys and no other."""


class Done(_Whole, frozen=True):
    """The answer of an action that has no data."""

    Code: Literal[0]
    Message: Literal["succeed"]
    RequestId: str


class StartedData(_Whole, frozen=True):
    """Which task was started."""

    TaskId: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16}\Z")]


class Started(Done, frozen=True):
    """The answer to ``StartRecord``."""

    Data: StartedData


class FileInfo(_Whole, frozen=True):
    """A file of a task."""

    UserId: str
    UserName: str
    StreamId: str
    FileId: str
    VideoId: str
    OutputFileFormat: Literal["mp4", "flv", "hls", "aac", "mp3", "ogg"]
    FileSize: int
    Duration: int
    ResolutionWidth: int
    ResolutionHeight: int
    MediaTrackType: Literal[1, 2, 3]
    BeginTimestamp: int
    Status: Literal[1, 2, 3, 4, 5]
    FileUrl: str | UnsetType = UNSET


class StatusData(_Whole, frozen=True):
    """How a task is."""

    RoomId: str
    RecordMode: Literal[1, 2]
    StreamType: Literal[1, 2, 3, 4]
    RecordBeginTimestamp: int
    RecordEndTimestamp: int
    Status: Literal[1, 2, 3, 4, 5]
    RecordFiles: list[FileInfo] | UnsetType = UNSET


class Described(Done, frozen=True):
    """The answer to ``DescribeRecordStatus``."""

    Data: StatusData


class ListedTask(_Whole, frozen=True):
    """One task in a list."""

    RecordBeginTimestamp: int
    TaskId: str
    RoomId: str
    Status: Literal[1, 2, 3, 4, 5]


class ListData(_Whole, frozen=True):
    """A page of tasks."""

    PageOffset: int
    PageSize: int
    TotalCount: int
    TaskidList: list[ListedTask]


class Listed(Done, frozen=True):
    """The answer to ``DescribeTasks``."""

    Data: ListData


class Failed(_Whole, frozen=True):
    """An error."""

    Code: int
    Message: str
    RequestId: str


class Denial(_Whole, frozen=True):
    """An answer of HTTP rather than of the API; its body is assumed."""

    Message: str
    RequestId: str


_ANSWERS: Final[dict[str, tuple[Any, ...]]] = {
    "StartRecord": (Started,),
    "DescribeRecordStatus": (Described,),
    "DescribeTasks": (Listed,),
}
_DONE: Final = (
    "StopRecord", "UpdateLayout", "UpdateWhiteboard", "PauseRecord", "ResumeRecord", "TakeSnapshot",
)  # fmt: skip

SHAPES: Final = Shapes(
    answers={**_ANSWERS, **dict.fromkeys(_DONE, (Done,))},
    refusals={"": Refused(Failed, "Code", "Message")},
    denial=Refused(Denial, "", "Message"),
    query={
        "AppId": Annotated[int, Meta(ge=1, le=2**32 - 1)],
        "SignatureNonce": Annotated[str, Meta(min_length=1)],
        "Timestamp": int,
        "Signature": Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")],
        "SignatureVersion": Literal["2.0"],
    },
)
