"""What can happen to NERoom's machines, and what they say. Plain data."""

from typing import Any

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.sdk import Change


class Config(msgspec.Struct, frozen=True):
    """What is to be recorded: ``NERoomRecordConfig`` (1.34.0); modes count with type 100.

    ``container`` is NERTC's ``fileFormat``: 0 MP4, 1 FLV, 2 MP3.
    """

    kind: int = 0
    modes: tuple[int, ...] = ()
    container: int = 0


class Caller(msgspec.Struct, Input, frozen=True):
    """A call of one client, in one room."""

    member: str
    user: str
    room: str


class Create(Caller, frozen=True, tag="neroom.Create"):
    name: str
    password: str = ""
    has_record: bool = False


class Enter(Caller, frozen=True, tag="neroom.Enter"):
    name: str
    role: str
    password: str = ""


class Exit(Caller, frozen=True, tag="neroom.Exit"):
    """The caller leaves the room."""


class End(Caller, frozen=True, tag="neroom.End"):
    """The caller ends the room for everybody."""


class Look(Caller, frozen=True, tag="neroom.Look"):
    """The caller asks how the room is."""


class EnterRtc(Caller, frozen=True, tag="neroom.EnterRtc"):
    """The caller joins the RTC channel: only now can media flow."""


class ExitRtc(Caller, frozen=True, tag="neroom.ExitRtc"):
    """The caller leaves the RTC channel and stays in the room."""


class Mute(Caller, frozen=True, tag="neroom.Mute"):
    """The caller turns a medium on or off; None leaves it as it is."""

    audio: bool | None = None
    video: bool | None = None


class StartRecord(Caller, frozen=True, tag="neroom.StartRecord"):
    config: Config = Config()


class StopRecord(Caller, frozen=True, tag="neroom.StopRecord"):
    """The caller ends the recording."""


class ListRecords(msgspec.Struct, Input, frozen=True, tag="neroom.ListRecords"):
    archive: str


class MemberChanged(msgspec.Struct, Input, frozen=True, tag="neroom.MemberChanged"):
    """A client's connection is not what it was."""

    member: str
    change: Change


class Timeout(msgspec.Struct, Input, frozen=True, tag="neroom.Timeout"):
    """A client has not come back in time."""

    member: str


class Idle(msgspec.Struct, Input, frozen=True, tag="neroom.Idle"):
    """Nobody has published for the grace."""


class Expire(msgspec.Struct, Input, frozen=True, tag="neroom.Expire"):
    """The room ends by itself, for this reason."""

    reason: str


# --- the recorder --------------------------------------------------------------------------------


class Track(msgspec.Struct, frozen=True, gc=False, tag="neroom.Track"):
    """What one member has sent into the file at hand, and since when."""

    user: str
    name: str
    rtc_uid: int
    audio: bool
    video: bool
    since_ms: int


class Begin(msgspec.Struct, Input, frozen=True, tag="neroom.Begin"):
    archive: str
    room: str
    cid: int
    config: Config


class Sending(msgspec.Struct, Input, frozen=True, tag="neroom.Sending"):
    """Who publishes what, from now on."""

    tracks: tuple[Track, ...]


class Slice(msgspec.Struct, Input, frozen=True, tag="neroom.Slice"):
    """The files at hand are full."""


class Finish(msgspec.Struct, Input, frozen=True, tag="neroom.Finish"):
    """The recording ends."""


class Uploaded(msgspec.Struct, Input, frozen=True, tag="neroom.Uploaded"):
    """The files of one piece are in the video store."""

    piece: int


class File(msgspec.Struct, frozen=True, tag="neroom.File"):
    """One recorded file; ``stored_ms`` is 0 until it is in the video store."""

    name: str
    kind: str
    is_mix: bool
    piece: int
    size_bytes: int
    length_ms: int
    vid: int
    user: str = ""
    nickname: str = ""
    stored_ms: int = 0


# --- what is said --------------------------------------------------------------------------------


class Said(msgspec.Struct, Facts, frozen=True, tag="neroom.Said"):
    """What a promise resolves with, or a listener is called with."""

    about: str
    data: Any = None

    @property
    def room(self) -> str:
        return self.about


class Recorded(msgspec.Struct, frozen=True, tag="neroom.Recorded"):
    """One recording as the list has it."""

    id: str
    started_ms: int
    ended_ms: int
    files: tuple[File, ...]


class Listed(msgspec.Struct, Facts, frozen=True, tag="neroom.Listed"):
    """The recordings of one room."""

    about: str
    records: tuple[Recorded, ...]

    @property
    def room(self) -> str:
        return self.about


class Copied(msgspec.Struct, Facts, frozen=True, tag="neroom.Copied"):
    """What a message copy says; a file's place and hash are added when it is sent."""

    about: str
    body: dict[str, Any]
    file: File | None = None

    @property
    def room(self) -> str:
        return self.about
