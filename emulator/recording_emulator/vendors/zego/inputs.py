"""What ZEGO's machines accept: the client's calls, and what the machines tell one another."""

from typing import Final

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.vendors.zego.bodies import LayoutBody, StartBody
from recording_emulator.vendors.zego.entries import Entry
from recording_emulator.vendors.zego.files import Feeds, Plan
from recording_emulator.vendors.zego.panes import Layout

TASK: Final = "zego.task"
RECORDER: Final = "zego.recorder"
UPLOADER: Final = "zego.uploader"
REGISTER: Final = "zego.register"


def _tag(name: str) -> str:
    return f"zego.{name}"


class StartRecord(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``StartRecord``: record a room."""

    app: str
    body: StartBody

    @property
    def room(self) -> str:
        return self.body.RoomId

    @property
    def claim(self) -> str:
        """What a caller's own key claims; an empty text if it gave none."""
        own = self.body.RecordInputParams.ClientTaskId
        return f"client:{self.app}/{own}" if own else ""


class StopRecord(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``StopRecord``: end a task."""

    app: str
    task: str


class DescribeRecordStatus(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``DescribeRecordStatus``: ask how a task and its files are."""

    app: str
    task: str


class DescribeTasks(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``DescribeTasks``: list the tasks that began in a stretch of time."""

    app: str
    status: int
    start_ms: int
    end_ms: int
    room: str
    page: int
    size: int


class UpdateLayout(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``UpdateLayout``: replace the layout of a mixed task."""

    app: str
    task: str
    body: LayoutBody


class UpdateWhiteboard(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``UpdateWhiteboard``: record another whiteboard."""

    app: str
    task: str
    board: str


class PauseRecord(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``PauseRecord``: let a mixed task rest."""

    app: str
    task: str


class ResumeRecord(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``ResumeRecord``: let a paused task go on."""

    app: str
    task: str


class TakeSnapshot(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``TakeSnapshot``: one picture of a mixed task."""

    app: str
    task: str


TaskCall = (
    StopRecord
    | DescribeRecordStatus
    | UpdateLayout
    | UpdateWhiteboard
    | PauseRecord
    | ResumeRecord
    | TakeSnapshot
)
"""A call about one task."""


# --- told by timers and by the other machines -----------------------------------------------------


class Prepare(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A task has been accepted: what recorder and uploader are to know of it."""

    plan: Plan


class Join(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder has had the time to come into the room."""


class Enter(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder records from now on."""


class LengthCap(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The task has lasted for ``MaxRecordTime``."""


class Failed(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The task ends abnormally, for this ``quit_reason``."""

    reason: int


class IdleTimeout(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The room has been idle for ``MaxIdleTime``."""


class Tick(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time to say that the room has no streams."""


class Missing(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time to say which streams that were asked for are not there."""


class Rest(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recording is paused, or goes on."""

    is_paused: bool


class Board(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Another whiteboard is to be recorded."""

    board: str


class Rearrange(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The streams are to be placed in another way."""

    layout: Layout


class Strike(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A fault's time has come: what it does, and how long that lasts."""

    effect: str
    for_ms: int = 0


class Recover(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Another recorder takes over from the one that died."""


class Leave(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder is to leave the room."""


class Fed(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """What there is to record has changed; ``is_broken`` ends every file that is open."""

    feeds: Feeds
    is_broken: bool = False


class FirstFragment(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The first fragment of a file is in storage."""

    stream: str
    kind: int


class UploadDue(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time to upload the fragments that have been closed since the last time."""


class Split(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A stream has been silent for so long that its file ends."""

    stream: str


class Snap(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time for the next picture of a stream."""

    stream: str
    kind: int


class Picture(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A picture was asked for."""


class Finish(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The task has ended: upload what there is."""


class Stored(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The upload of the last file has ended."""


class Uploaded(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Nothing is left to upload."""


# --- said -----------------------------------------------------------------------------------------


class Event(msgspec.Struct, Facts, frozen=True, gc=False, tag=_tag):
    """What a ZEGO event says; ``callbacks`` adds the envelope, and the URLs of files."""

    app: str
    task: str
    room_id: str
    details: dict[str, object] = {}
    files: tuple[Entry, ...] | None = None

    @property
    def room(self) -> str:
        return self.room_id


class Said(msgspec.Struct, Facts, frozen=True):
    """What an answer says: its ``Data``, and the files in it, which get their URLs when written."""

    data: dict[str, object] | None = None
    files: tuple[Entry, ...] = ()
