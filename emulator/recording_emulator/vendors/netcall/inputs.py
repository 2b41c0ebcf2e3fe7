"""What a client can ask of netcall. Plain data.

A client's calls go to its own SDK instance (``device.py``) or its local recorder; what follows from
them (``told.py``) is told to the call or meeting, and from there to the other clients.
"""

from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Input
from recording_emulator.core.sdk import Change

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
    """What one participant wants recorded of themselves on the server (sheet §1.1).

    Who ``is_main`` asks for the main picture of a mixed file.
    """

    audio: bool = False
    video: bool = False
    kind: int = 0
    is_single: bool = False
    is_main: bool = False

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
    while it lasts. ``off`` are the sources that they have let go in it: ``camera``, ``mic``.
    """

    account: str
    uid: int
    member: str = ""
    flags: Flags = Flags()
    is_caller: bool = False
    joined_ms: int | None = None
    left_ms: int | None = None
    off: tuple[str, ...] = ()

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
    width: int = 0
    height: int = 0


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


class MemberChanged(Caller, frozen=True, tag="netcall.MemberChanged"):
    """A client's connection is not what it was."""

    user: str
    change: Change
