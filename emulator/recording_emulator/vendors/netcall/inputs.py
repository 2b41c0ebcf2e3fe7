"""What can happen to netcall's machines, and what they say. Plain data.

A client's calls go to its own SDK instance (``device.py``) or its local recorder; what follows from
them on the server is told to the call or meeting, and from there to the other clients.
"""

from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.sdk import Change
from recording_emulator.core.segments import Segments

CALL: Final = "netcall.call"
MEETING: Final = "netcall.meeting"
DEVICE: Final = "netcall.device"
"""The machines that name one another."""
AUDIO: Final = 1
VIDEO: Final = 2
"""``NETCALL_TYPE_AUDIO`` and ``NETCALL_TYPE_VIDEO`` (sheet §2.1, SDK)."""
QUIT: Final = "quit"
TIMEOUT: Final = "timeout"
UNKNOWN: Final = "unknown"
"""How somebody leaves a call: by hanging up, because their network is gone, by a fault."""


class Flags(msgspec.Struct, frozen=True, gc=False, tag="netcall.Flags"):
    """What one participant wants recorded of themselves on the server (sheet §1.1)."""

    audio: bool = False
    video: bool = False
    kind: int = 0
    is_single: bool = False

    @property
    def is_on(self) -> bool:
        return self.audio or self.video


class Live(msgspec.Struct, frozen=True, gc=False, tag="netcall.Live"):
    """How a meeting is pushed live by its host, and whether that is recorded."""

    is_on: bool = False
    is_recorded: bool = False


class Party(msgspec.Struct, frozen=True, gc=False, tag="netcall.Party"):
    """Somebody in a call; ``member`` is their SDK's connection, if they have one.

    Their media session is from ``joined_ms`` to ``left_ms``; both None if it never was, the latter
    while it lasts.
    """

    account: str
    uid: int
    member: str = ""
    flags: Flags = Flags()
    is_caller: bool = False
    joined_ms: int | None = None
    left_ms: int | None = None

    @property
    def is_up(self) -> bool:
        return self.joined_ms is not None and self.left_ms is None


# --- what a client's SDK is asked for -------------------------------------------------------------


class Caller(msgspec.Struct, Input, frozen=True):
    """A call of one client."""

    member: str


class Instance(Caller, frozen=True, tag="netcall.Instance"):
    """``getInstance``: the build of the SDK it is, and the kind of its device."""

    profile: str = ""
    client_type: int = 16


class SignalOn(Caller, frozen=True, tag="netcall.SignalOn"):
    """``initSignal``: the PC Agent is to be connected."""


class SignalOff(Caller, frozen=True, tag="netcall.SignalOff"):
    """``stopSignal``: the PC Agent is to be left."""


class Dial(Caller, frozen=True, tag="netcall.Dial"):
    account: str
    kind: int
    flags: Flags = Flags()
    custom: str = ""
    push: dict[str, Any] = {}


class Respond(Caller, frozen=True, tag="netcall.Respond"):
    channel: str
    is_accepted: bool = True
    flags: Flags = Flags()


class HangUp(Caller, frozen=True, tag="netcall.HangUp"):
    channel: str = ""


class Control(Caller, frozen=True, tag="netcall.Control"):
    channel: str = ""
    command: int | None = None


class StartRtc(Caller, frozen=True, tag="netcall.StartRtc"):
    """A WebRTC client's media begin to flow: only now does it take part."""


class Switch(Caller, frozen=True, tag="netcall.Switch"):
    is_video: bool


class MakeMeeting(Caller, frozen=True, tag="netcall.MakeMeeting"):
    name: str
    custom: str = ""


class JoinMeeting(Caller, frozen=True, tag="netcall.JoinMeeting"):
    name: str
    kind: int
    flags: Flags = Flags()
    live: Live = Live()


class LeaveMeeting(Caller, frozen=True, tag="netcall.LeaveMeeting"):
    """``leaveChannel``."""


class UseDevice(Caller, frozen=True, tag="netcall.UseDevice"):
    """A camera, microphone or screen is taken (again) or let go."""

    source: str
    is_on: bool


# --- a client's local recorders -------------------------------------------------------------------


class AgentStart(Caller, frozen=True, tag="netcall.AgentStart"):
    """``account`` None: the mix of all voices, to an ``aac``."""

    path: str
    account: str | None = ""
    has_all_voices: bool = False


class AgentStop(Caller, frozen=True, tag="netcall.AgentStop"):
    account: str | None = ""


class SimpleStart(Caller, frozen=True, tag="netcall.SimpleStart"):
    """WebRTC up to 6.1: ``account`` empty for oneself."""

    account: str = ""
    is_audio: bool = False


class SimpleStop(Caller, frozen=True, tag="netcall.SimpleStop"):
    """Both stops are one function there."""


class MediaStart(Caller, frozen=True, tag="netcall.MediaStart"):
    """``startMediaRecording``; ``reset`` is told back as it was given."""

    account: str = ""
    kind: str = "video"
    reset: Any = None
    is_wrapped: bool = False


class MediaStop(Caller, frozen=True, tag="netcall.MediaStop"):
    """An empty ``record``: what the wrapper ``startRecordMp4`` has begun last."""

    record: str


class MediaList(Caller, frozen=True, tag="netcall.MediaList"):
    """``listMediaRecording``."""


class MediaDownload(Caller, frozen=True, tag="netcall.MediaDownload"):
    record: str


class MediaClean(Caller, frozen=True, tag="netcall.MediaClean"):
    record: str


# --- what machines tell one another ---------------------------------------------------------------


class MemberChanged(Caller, frozen=True, tag="netcall.MemberChanged"):
    """A client's connection is not what it was."""

    user: str
    change: Change


class Away(msgspec.Struct, Input, frozen=True, tag="netcall.Away"):
    """A client has not come back in time."""


class Dialled(msgspec.Struct, Input, frozen=True, tag="netcall.Dialled"):
    caller: Party
    callee: Party
    kind: int
    custom: str
    push: dict[str, Any]
    devices: tuple[str, ...]


class Answered(msgspec.Struct, Input, frozen=True, tag="netcall.Answered"):
    member: str
    is_accepted: bool
    flags: Flags
    client_type: int


class Made(msgspec.Struct, Input, frozen=True, tag="netcall.Made"):
    """A meeting is made."""

    name: str
    by: str
    custom: str


class Entered(msgspec.Struct, Input, frozen=True, tag="netcall.Entered"):
    party: Party
    kind: int
    live: Live


class MediaUp(msgspec.Struct, Input, frozen=True, tag="netcall.MediaUp"):
    """A participant's media flow from now on."""

    account: str


class Left(msgspec.Struct, Input, frozen=True, tag="netcall.Left"):
    account: str
    how: str = QUIT


class Switched(msgspec.Struct, Input, frozen=True, tag="netcall.Switched"):
    account: str
    is_video: bool


class Commanded(msgspec.Struct, Input, frozen=True, tag="netcall.Commanded"):
    account: str
    command: int


class RingOver(msgspec.Struct, Input, frozen=True, tag="netcall.RingOver"):
    """Nobody has taken the call in time."""


class PeerActs(msgspec.Struct, Input, frozen=True, tag="netcall.PeerActs"):
    """Who needs no SDK does what the settings say."""

    does: str


class StillOn(msgspec.Struct, Input, frozen=True, tag="netcall.StillOn"):
    """A long call is reported while it runs."""


class Bill(msgspec.Struct, Input, frozen=True, tag="netcall.Bill"):
    """The duration of an ended call is reported."""


class Unjoined(msgspec.Struct, Input, frozen=True, tag="netcall.Unjoined"):
    """Nobody has joined a meeting in time."""


class BeCalled(msgspec.Struct, Input, frozen=True, tag="netcall.BeCalled"):
    """A device rings; ``data`` is the event."""

    channel: str
    data: dict[str, Any]


class Acknowledged(msgspec.Struct, Input, frozen=True, tag="netcall.Acknowledged"):
    """The callee has said yes or no; ``account`` and ``uid`` are the other side's."""

    channel: str
    kind: int
    account: str
    uid: int
    is_accepted: bool


class AnsweredElsewhere(msgspec.Struct, Input, frozen=True, tag="netcall.AnsweredElsewhere"):
    channel: str
    kind: int
    is_accepted: bool
    client_type: int


class PeerUp(msgspec.Struct, Input, frozen=True, tag="netcall.PeerUp"):
    channel: str
    kind: int
    account: str
    uid: int


class PeerGone(msgspec.Struct, Input, frozen=True, tag="netcall.PeerGone"):
    channel: str
    kind: int
    account: str
    uid: int
    how: str


class Hung(msgspec.Struct, Input, frozen=True, tag="netcall.Hung"):
    """``hangup`` is heard now."""

    gone: PeerGone


class PeerCommands(msgspec.Struct, Input, frozen=True, tag="netcall.PeerCommands"):
    channel: str
    account: str
    command: int


class AgentDies(msgspec.Struct, Input, frozen=True, tag="netcall.AgentDies"):
    """The PC Agent has sent no heartbeat for too long."""


class CallOver(msgspec.Struct, Input, frozen=True, tag="netcall.CallOver"):
    """A local recorder's call is over, or only ``account`` has left it."""

    account: str = ""


class Unloaded(msgspec.Struct, Input, frozen=True, tag="netcall.Unloaded"):
    """The page with the SDK is closed."""


class TrackEnded(msgspec.Struct, Input, frozen=True, tag="netcall.TrackEnded"):
    """A source that may be recorded has stopped; ``record`` set: only this one notices."""

    source: str = ""
    record: str = ""


class AgentBegan(msgspec.Struct, Input, frozen=True, tag="netcall.AgentBegan"):
    """A PC Agent's recording really begins."""

    target: str


class AgentBroke(msgspec.Struct, Input, frozen=True, tag="netcall.AgentBroke"):
    """A PC Agent's recording ends by itself, with a status."""

    target: str
    status: int


# --- server recording -----------------------------------------------------------------------------


class Begin(msgspec.Struct, Input, frozen=True, tag="netcall.Begin"):
    room: str


class Finish(msgspec.Struct, Input, frozen=True, tag="netcall.Finish"):
    """A call is over: who took part in it, and when it was a video call."""

    parties: tuple[Party, ...]
    video: Segments
    is_meeting: bool = False
    live: Live = Live()


class Uploaded(msgspec.Struct, Input, frozen=True, tag="netcall.Uploaded"):
    """Files are in the video store: the single ones, or the mixed ones."""

    is_mix: bool


class File(msgspec.Struct, frozen=True, gc=False, tag="netcall.File"):
    """One recorded file; ``stored_ms`` is 0 until it is in the video store."""

    name: str
    key: str
    kind: str
    is_mix: bool
    piece: int
    size_bytes: int
    length_ms: int
    vid: int
    channel: str
    user: str = "0"
    is_caller: bool = False
    stored_ms: int = 0
    is_corrupt: bool = False


class Gathered(msgspec.Struct, Input, frozen=True, tag="netcall.Gathered"):
    """Files that share an eventType 6 with those of other calls."""

    files: tuple[File, ...]


class SendGathered(msgspec.Struct, Input, frozen=True, tag="netcall.SendGathered"):
    """What has been gathered is copied."""


# --- what is said ---------------------------------------------------------------------------------


class Said(msgspec.Struct, Facts, frozen=True, tag="netcall.Said"):
    """What a promise resolves with, or a listener is called with; ``style`` is the SDK's build."""

    about: str = ""
    data: Any = None
    style: str = ""

    @property
    def room(self) -> str:
        return self.about


class Billed(msgspec.Struct, Facts, frozen=True, tag="netcall.Billed"):
    """What an eventType 5 says."""

    about: str
    body: dict[str, Any]

    @property
    def room(self) -> str:
        return self.about


class Filed(msgspec.Struct, Facts, frozen=True, tag="netcall.Filed"):
    """What an eventType 6 says; places and hashes are added when it is sent."""

    about: str
    files: tuple[File, ...]

    @property
    def room(self) -> str:
        return self.about
