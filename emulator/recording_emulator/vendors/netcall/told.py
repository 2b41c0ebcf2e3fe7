"""What netcall's machines tell one another, and what they say to the world. Plain data."""

from typing import Any

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments
from recording_emulator.vendors.netcall.inputs import QUIT, Flags, Live, Party


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


class Sends(msgspec.Struct, Input, frozen=True, tag="netcall.Sends"):
    """Somebody has taken a source again, or let it go."""

    account: str
    source: str
    is_on: bool


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
    """One recorded file; ``stored_ms`` is 0 until it is in the video store.

    ``shot`` is what it shows.
    """

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
    shot: Shot | None = None


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
