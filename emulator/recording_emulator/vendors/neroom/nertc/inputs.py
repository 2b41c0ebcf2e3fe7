"""What can happen to a channel and its recording tasks, and what they say. Plain data."""

from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.vendors.neroom.config import Config, Layout
from recording_emulator.vendors.neroom.inputs import File

TASK: Final = "neroom.task"
"""The machine of recording tasks."""


class Uids(msgspec.Struct, frozen=True):
    """Whose streams are taken: all, or those of the first list, and none of the second."""

    subscribed: tuple[int, ...] = ()
    unsubscribed: tuple[int, ...] = ()

    def has(self, uid: int) -> bool:
        """Whether somebody's stream is taken.

        >>> Uids().has(7), Uids((8,)).has(7), Uids((), (7,)).has(7)
        (True, False, False)
        """
        return (not self.subscribed or uid in self.subscribed) and uid not in self.unsubscribed


class Streams(msgspec.Struct, frozen=True):
    """What a task records: ``streamSubscribe``."""

    has_audio: bool = True
    has_video: bool = True
    audio: Uids = Uids()
    video: Uids = Uids()


class Wish(msgspec.Struct, frozen=True):
    """How a task is to record; ``told`` is what the client said, for who asks for the task.

    One that is ``void`` held explicit nulls: it is accepted, and never records.
    """

    config: Config = Config()
    streams: Streams = Streams()
    told: dict[str, Any] = {}
    is_void: bool = False


# --- calls ----------------------------------------------------------------------------------------


class ByChannel(msgspec.Struct, Input, frozen=True):
    """A call about one channel, by its number (v2), or by its name (v3) where that is 0."""

    cid: int
    cname: str

    @property
    def room(self) -> str:
        return self.cname


class Make(ByChannel, frozen=True, tag="neroom.ChannelMake"):
    uid: int = 0


class Look(ByChannel, frozen=True, tag="neroom.ChannelLook"):
    """How the channel is."""


class Members(ByChannel, frozen=True, tag="neroom.ChannelMembers"):
    """Who is in the channel: everybody, or one, or those of one role."""

    uid: int = 0
    role: int | None = None


class Delete(ByChannel, frozen=True, tag="neroom.ChannelDelete"):
    """The call ends, for everybody."""


class Submit(ByChannel, frozen=True, tag="neroom.TaskSubmit", kw_only=True):
    wish: Wish


class Update(ByChannel, frozen=True, tag="neroom.TaskUpdate", kw_only=True):
    """Another layout; None: it stays, and only what is ``told`` of the task is other."""

    task: str
    told: dict[str, Any]
    layout: Layout | None = None


class UpdateSubs(ByChannel, frozen=True, tag="neroom.TaskUpdateSubs", kw_only=True):
    task: str
    streams: Streams
    told: dict[str, Any]


class Tasks(ByChannel, frozen=True, tag="neroom.TaskQuery", kw_only=True):
    task: str


class Stop(ByChannel, frozen=True, tag="neroom.TaskStop", kw_only=True):
    task: str


class OldRecord(ByChannel, frozen=True, tag="neroom.OldRecord", kw_only=True):
    """The older call: what is recorded from now on; neither sound nor picture ends it."""

    audio: bool
    video: bool
    kind: int


class MediaFiles(ByChannel, frozen=True, tag="neroom.MediaFiles"):
    """Which files there are of a channel, be it closed."""


# --- between machines -----------------------------------------------------------------------------


class Reserve(msgspec.Struct, Input, frozen=True, tag="neroom.ChannelReserve"):
    """A NERoom room has been made: its RTC channel is this one."""

    cname: str
    archive: str


class Closed(msgspec.Struct, Input, frozen=True, tag="neroom.ChannelClosed"):
    """The NERoom room has ended."""


class Expired(msgspec.Struct, Input, frozen=True, tag="neroom.ChannelExpired"):
    """The channel has lived as long as one may, or nobody has come."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """Somebody in the channel: ``uid`` is theirs in the room, ``number`` the one of RTC.

    ``user`` is who they are: in a NERoom room somebody may be in it with several devices.
    """

    uid: str
    number: int
    user: str
    name: str
    joined_ms: int
    audio: bool
    video: bool
    is_host: bool = True


class BeginTask(msgspec.Struct, Input, frozen=True, tag="neroom.TaskBegin"):
    cid: int
    cname: str
    archive: str
    wish: Wish
    is_old: bool = False


class Present(msgspec.Struct, Input, frozen=True, tag="neroom.TaskPresent"):
    """Who is in the channel, from now on."""

    people: tuple[Seen, ...]


class Resubscribe(msgspec.Struct, Input, frozen=True, tag="neroom.TaskResubscribe"):
    streams: Streams
    told: dict[str, Any]


class Relayout(msgspec.Struct, Input, frozen=True, tag="neroom.TaskRelayout"):
    told: dict[str, Any]
    layout: Layout | None = None


class FinishTask(msgspec.Struct, Input, frozen=True, tag="neroom.TaskFinish"):
    """Somebody stops it, or everybody has left."""


class Crash(msgspec.Struct, Input, frozen=True, tag="neroom.TaskCrash"):
    """A fault has struck the recorder."""


# --- what is said ---------------------------------------------------------------------------------


class Answered(msgspec.Struct, Facts, frozen=True, tag="neroom.Answered"):
    """The body of a success, behind its code; ``files`` are told with their addresses."""

    about: str
    body: dict[str, Any]
    files: tuple[File, ...] | None = None

    @property
    def room(self) -> str:
        return self.about


class RtcCopied(msgspec.Struct, Facts, frozen=True, tag="neroom.RtcCopied"):
    """What a copy of RTC says; a file's place and hash are added when it is sent."""

    about: str
    body: dict[str, Any]
    file: File | None = None

    @property
    def room(self) -> str:
        return self.about
