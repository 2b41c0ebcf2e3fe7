"""What can happen to NERoom's machines, and what they say. Plain data.

A call is a client's or a server's. A client with the SDK is a ``member``; one that calls HTTP with
a user's token has only a ``user``; a server of the app's own has neither, and what it does names no
operator. A room is addressed by its name, or by the ``archive`` id of one of its lives.
"""

from typing import Any

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.scenes import Shot
from recording_emulator.core.sdk import Change
from recording_emulator.vendors.neroom.config import Config, Layout


class Keys(msgspec.Struct, frozen=True):
    """What a client lets be recorded of itself (``setParameters``); ``kind`` is its record type."""

    audio: bool = False
    video: bool = False
    kind: int = 0
    is_speaker: bool = False


class Caller(msgspec.Struct, Input, frozen=True, kw_only=True):
    """A call of a client or a server, about one room."""

    member: str = ""
    user: str = ""
    room: str = ""
    archive: str = ""

    @property
    def is_server(self) -> bool:
        return not (self.member or self.user)


class Create(Caller, frozen=True, kw_only=True, tag="neroom.Create"):
    """Make a room; ``strategy`` lets recording begin by itself: 0 with the host, 1 with anybody."""

    name: str = ""
    password: str = ""
    template: int | None = None
    is_permanent: bool = False
    host: str = ""
    has_rtc: bool = True
    has_record: bool = False
    max_members: int = -1
    properties: dict[str, str] = {}
    strategy: int | None = None
    config: Config | None = None


class Enter(Caller, frozen=True, kw_only=True, tag="neroom.Enter"):
    """The caller joins the room; an empty role is the room's own choice."""

    name: str
    role: str = ""
    password: str = ""
    kicks_other: bool = True


class Exit(Caller, frozen=True, tag="neroom.Exit"):
    """The caller leaves the room."""


class End(Caller, frozen=True, tag="neroom.End"):
    """The room is ended for everybody."""


class Look(Caller, frozen=True, tag="neroom.Look"):
    """The caller asks how the room is."""


class Snap(Caller, frozen=True, kw_only=True, tag="neroom.Snap"):
    """The caller asks how the room and everybody in it is, as of its event ``seq``."""

    seq: int = 0


class Lock(Caller, frozen=True, kw_only=True, tag="neroom.Lock"):
    """Nobody else may come in, or again everybody may."""

    is_on: bool


class Renew(Caller, frozen=True, kw_only=True, tag="neroom.Renew"):
    """The room has so much longer to live from now on."""

    left_ms: int


# --- the RTC channel -----------------------------------------------------------------------------


class EnterRtc(Caller, frozen=True, tag="neroom.EnterRtc"):
    """The caller joins the RTC channel: only now can media flow."""


class ExitRtc(Caller, frozen=True, tag="neroom.ExitRtc"):
    """The caller leaves the RTC channel and stays in the room."""


class Mute(Caller, frozen=True, kw_only=True, tag="neroom.Mute"):
    """The caller turns a medium on or off; None leaves it as it is."""

    audio: bool | None = None
    video: bool | None = None


class MuteOther(Caller, frozen=True, kw_only=True, tag="neroom.MuteOther"):
    """Somebody turns a medium of ``target`` off."""

    target: str
    audio: bool | None = None
    video: bool | None = None


class Share(Caller, frozen=True, kw_only=True, tag="neroom.Share"):
    """The caller begins or ends to share its screen."""

    is_on: bool


# --- other people --------------------------------------------------------------------------------


class Assign(Caller, frozen=True, kw_only=True, tag="neroom.Assign"):
    """``target`` gets another role."""

    target: str
    role: str


class Kick(Caller, frozen=True, kw_only=True, tag="neroom.Kick"):
    """``target`` is put out of the room."""

    target: str


class Rename(Caller, frozen=True, kw_only=True, tag="neroom.Rename"):
    """``target`` (or else the caller) gets another name."""

    name: str
    target: str = ""


# --- the recording -------------------------------------------------------------------------------


class StartRecord(Caller, frozen=True, kw_only=True, tag="neroom.StartRecord"):
    """Recording begins; without a configuration the room's own counts, or the caller's type."""

    config: Config | None = None


class StopRecord(Caller, frozen=True, tag="neroom.StopRecord"):
    """The recording ends."""


class ListRecords(msgspec.Struct, Input, frozen=True, tag="neroom.ListRecords"):
    archive: str


# --- one SDK instance ----------------------------------------------------------------------------


class OfInstance(msgspec.Struct, Input, frozen=True, kw_only=True):
    """A call of a client that is about no room."""

    member: str


class Initialize(OfInstance, frozen=True, kw_only=True, tag="neroom.Initialize"):
    """The SDK is set up."""

    client_type: int | None = None
    device: str = ""


class Login(OfInstance, frozen=True, tag="neroom.Login"):
    """The user signs in; the door has judged the token."""


class SetParameters(OfInstance, frozen=True, kw_only=True, tag="neroom.SetParameters"):
    """Parameters of the client's own; None leaves one as it is."""

    audio: bool | None = None
    video: bool | None = None
    kind: int | None = None
    is_speaker: bool | None = None


class Joined(msgspec.Struct, Input, frozen=True, tag="neroom.Joined"):
    """The client is in a room now."""

    archive: str


class Parted(msgspec.Struct, Input, frozen=True, tag="neroom.Parted"):
    """The client is in a room no more."""

    archive: str


class MemberChanged(msgspec.Struct, Input, frozen=True, tag="neroom.MemberChanged"):
    """A client's connection is not what it was."""

    member: str
    change: Change


# --- what the room hears otherwise ---------------------------------------------------------------


class KeysChanged(msgspec.Struct, Input, frozen=True, tag="neroom.KeysChanged"):
    """A client that is in the room lets something else be recorded."""

    member: str
    keys: Keys


class Timeout(msgspec.Struct, Input, frozen=True, tag="neroom.Timeout"):
    """A client has not come back in time."""

    member: str


class Idle(msgspec.Struct, Input, frozen=True, tag="neroom.Idle"):
    """Nobody has published for the grace."""


class Broken(msgspec.Struct, Input, frozen=True, tag="neroom.Broken"):
    """A recording has ended by itself, because of a fault."""

    record: str


class Resolve(msgspec.Struct, Input, frozen=True, tag="neroom.Resolve"):
    """The events of a start are out; now its promise resolves."""


class Expire(msgspec.Struct, Input, frozen=True, tag="neroom.Expire"):
    """The room ends by itself, for this reason."""

    reason: str


# --- the recorder --------------------------------------------------------------------------------


class Track(msgspec.Struct, frozen=True, gc=False, tag="neroom.Track"):
    """What one person has sent into the file at hand, and since when; the screen has its own."""

    user: str
    name: str
    rtc_uid: int
    audio: bool
    video: bool
    since_ms: int
    screen: bool = False
    screen_ms: int = 0
    is_speaker: bool = False


class Begin(msgspec.Struct, Input, frozen=True, tag="neroom.Begin"):
    archive: str
    room: str
    cid: int
    config: Config
    is_task: bool = False


class Sending(msgspec.Struct, Input, frozen=True, tag="neroom.Sending"):
    """Who publishes what, from now on."""

    tracks: tuple[Track, ...]


class Rearrange(msgspec.Struct, Input, frozen=True, tag="neroom.Rearrange"):
    """The mixed pictures have another layout, from now on."""

    layout: Layout


class Slice(msgspec.Struct, Input, frozen=True, tag="neroom.Slice"):
    """The files at hand are full."""


class Finish(msgspec.Struct, Input, frozen=True, tag="neroom.Finish"):
    """The recording ends."""


class Strike(msgspec.Struct, Input, frozen=True, tag="neroom.Strike"):
    """A fault ends the recording."""


class Uploaded(msgspec.Struct, Input, frozen=True, tag="neroom.Uploaded"):
    """The files of one piece are in the video store; the list has them so much later."""

    piece: int
    late_ms: int = 0


class File(msgspec.Struct, frozen=True, tag="neroom.File"):
    """One recorded file; ``stored_ms`` is 0 until it is in the video store.

    ``listed_ms`` is from when on the list has it, ``expires_ms`` when it is deleted (0: never);
    ``shot`` is what it shows.
    """

    name: str
    kind: str
    is_mix: bool
    piece: int
    has_audio: bool
    has_video: bool
    length_ms: int
    vid: int = 0
    size_bytes: int = 0
    user: str = ""
    nickname: str = ""
    stored_ms: int = 0
    listed_ms: int = 0
    expires_ms: int = 0
    shot: Shot | None = None

    def is_listed(self, now_ms: int) -> bool:
        """Whether the list has it: it is stored, told, and not deleted yet."""
        is_there = bool(self.stored_ms) and self.listed_ms <= now_ms
        return is_there and not 0 < self.expires_ms <= now_ms


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
