"""What can happen to CloudRoom's machines, and what they say. Plain data."""

from typing import Any, Final

import msgspec

from recording_emulator.core.casts import Seen
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.scenes import Shot
from recording_emulator.core.sdk import Change
from recording_emulator.core.uploads import Place
from recording_emulator.vendors.cloudroom.bodies import Cfg
from recording_emulator.vendors.cloudroom.checks import Wrong

ROOM: Final = "cloudroom.room"
MIXER: Final = "cloudroom.mixer"
OUTPUT: Final = "cloudroom.output"
ACCOUNT: Final = "cloudroom.account"
NATIVE: Final = "native"
WEB: Final = "web"
MINI: Final = "mini"
PROFILES: Final = (NATIVE, WEB, MINI)
SERVER: Final = "CRMCU"
"""Who a mixer's change is told to be by, where the recording server made it."""


class Caller(msgspec.Struct, Input, frozen=True):
    """A call of one client; ``room`` is filled in by calls that name one."""

    member: str
    user: str
    profile: str
    room: str = ""


class Make(Caller, frozen=True, tag="cloudroom.Make"):
    """A room is made; over HTTP by nobody."""


class Destroy(Caller, frozen=True, tag="cloudroom.Destroy"):
    """A room is destroyed; over HTTP by nobody."""


class Enter(Caller, frozen=True, tag="cloudroom.Enter"):
    nickname: str = ""


class Exit(Caller, frozen=True, tag="cloudroom.Exit"):
    """The caller leaves its room."""


class Kick(Caller, frozen=True, tag="cloudroom.Kick"):
    who: str = ""


class Switch(Caller, frozen=True, tag="cloudroom.Switch"):
    """The caller's microphone or camera goes on or off; None leaves it as it is."""

    audio: bool | None = None
    video: bool | None = None


class LookAround(Caller, frozen=True, tag="cloudroom.LookAround"):
    """Who is here: everybody, or one."""

    who: str = ""


class CreateMixer(Caller, frozen=True, tag="cloudroom.CreateMixer"):
    """A mixer is created; ``mixer`` is its id where the client has made one."""

    mixer: str = ""
    cfg: Cfg | None = None
    wrong: Wrong | None = None


class UpdateMixer(Caller, frozen=True, tag="cloudroom.UpdateMixer"):
    mixer: str = ""
    cfg: Cfg | None = None
    wrong: Wrong | None = None


class DestroyMixer(Caller, frozen=True, tag="cloudroom.DestroyMixer"):
    mixer: str = ""


class ListMixers(Caller, frozen=True, tag="cloudroom.ListMixers"):
    """All mixers of the room."""


class LookMixer(Caller, frozen=True, tag="cloudroom.LookMixer"):
    mixer: str = ""


class MemberChanged(msgspec.Struct, Input, frozen=True, tag="cloudroom.MemberChanged"):
    """A client's connection is not what it was."""

    member: str
    change: Change


class Timeout(msgspec.Struct, Input, frozen=True, tag="cloudroom.Timeout"):
    """A client has not come back in time."""

    member: str


class Deserted(msgspec.Struct, Input, frozen=True, tag="cloudroom.Deserted"):
    """Nobody has been in the room for long enough."""


class MixerBegan(msgspec.Struct, Input, frozen=True, tag="cloudroom.MixerBegan"):
    mixer: str


class MixerEnded(msgspec.Struct, Input, frozen=True, tag="cloudroom.MixerEnded"):
    mixer: str


# --- the mixer ------------------------------------------------------------------------------------


class Started(msgspec.Struct, Input, frozen=True, tag="cloudroom.Started"):
    """The recording server is ready."""


class Halt(msgspec.Struct, Input, frozen=True, tag="cloudroom.Halt"):
    """The server ends the mixer, as if somebody had destroyed it."""


class Halted(msgspec.Struct, Input, frozen=True, tag="cloudroom.Halted"):
    """The recording server has stopped: the files are closed."""


class Ended(msgspec.Struct, Input, frozen=True, tag="cloudroom.Ended"):
    """The mixer is over: state 0, and what it has recorded is uploaded."""


class Failed(msgspec.Struct, Input, frozen=True, tag="cloudroom.Failed"):
    """The mixer ends with a code; ``is_clean``: its files are whole."""

    code: int
    is_clean: bool = False


# --- an output ------------------------------------------------------------------------------------


class Plan(msgspec.Struct, frozen=True, tag="cloudroom.Plan"):
    """What one output is: where it goes, how fast it grows, whose it is (mode 1).

    ``bucket`` is where a file is stored; that of the net disk is ``netdisk``. ``shown`` places
    those who are in the room, and says whose sound it has (none: everybody's).
    """

    mixer: str
    room: str
    path: str
    is_live: bool
    bits_per_s: int
    bucket: str
    user: str = ""
    size: tuple[int, int] = (640, 360)
    fps: int = 12
    place: Place | None = None
    shown: tuple[Seen, ...] = ()


class Open(msgspec.Struct, Input, frozen=True, tag="cloudroom.Open"):
    plan: Plan


class Rearrange(msgspec.Struct, Input, frozen=True, tag="cloudroom.Rearrange"):
    """From now on others are seen and heard, or elsewhere."""

    shown: tuple[Seen, ...]


class Report(msgspec.Struct, Input, frozen=True, tag="cloudroom.Report"):
    """It is time to say how far the file is."""


class Close(msgspec.Struct, Input, frozen=True, tag="cloudroom.Close"):
    """The file is whole."""


class Break(msgspec.Struct, Input, frozen=True, tag="cloudroom.Break"):
    code: int


class Upload(msgspec.Struct, Input, frozen=True, tag="cloudroom.Upload"):
    """The file may be uploaded."""


class Tick(msgspec.Struct, Input, frozen=True, tag="cloudroom.Tick"):
    """So much more of the file is uploaded."""


class LoseUpload(msgspec.Struct, Input, frozen=True, tag="cloudroom.LoseUpload"):
    code: int


class Queryable(msgspec.Struct, Input, frozen=True, tag="cloudroom.Queryable"):
    """The net disk knows the file (state 7)."""


# --- the account ----------------------------------------------------------------------------------


class Keep(msgspec.Struct, Input, frozen=True, tag="cloudroom.Keep"):
    """A recorded file has come; ``bucket`` says whether it is one of the net disk."""

    path: str
    clip: Clip
    bucket: str
    room: str
    filmed: Shot | None = None


class Show(msgspec.Struct, Input, frozen=True, tag="cloudroom.Show"):
    """The net disk shows a file from now on."""

    id: int


class Query(msgspec.Struct, Input, frozen=True, tag="cloudroom.Query"):
    name: str
    folder: str
    search_time: str
    page: int
    size: int


class Delete(msgspec.Struct, Input, frozen=True, tag="cloudroom.Delete"):
    name: str
    id: int | None


class PutFile(msgspec.Struct, Input, frozen=True, tag="cloudroom.PutFile"):
    """A file is uploaded over HTTP."""

    path: str
    uploaded_bytes: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.uploaded_bytes)


class CountUsers(msgspec.Struct, Input, frozen=True, tag="cloudroom.CountUsers"):
    rooms: tuple[str, ...]


class NameUsers(msgspec.Struct, Input, frozen=True, tag="cloudroom.NameUsers"):
    room: str


class File(msgspec.Struct, frozen=True, tag="cloudroom.File"):
    """One file of the net disk; ``shown_ms`` is from when on it can be queried.

    ``is_kept`` says that its bytes are those which somebody uploaded.
    """

    id: int
    path: str
    size_bytes: int
    stored_ms: int
    shown_ms: int
    room: str = ""
    is_kept: bool = False


# --- what is said ---------------------------------------------------------------------------------


class Said(msgspec.Struct, Facts, frozen=True, tag="cloudroom.Said"):
    """What a call returns, or a listener is called with; ``tells`` is the error that it tells."""

    about: str
    data: Any = None
    tells: str = ""

    @property
    def room(self) -> str:
        return self.about

    @property
    def row(self) -> str:
        return self.tells


class Listed(msgspec.Struct, Facts, frozen=True, tag="cloudroom.Listed"):
    """What a query of the net disk finds; ``total`` is how many there are on all pages."""

    files: tuple[File, ...]
    folders: tuple[str, ...]
    total: int
    search_time: str


class Noticed(msgspec.Struct, Facts, frozen=True, tag="cloudroom.Noticed"):
    """What an HTTP callback says."""

    about: str
    details: dict[str, Any]

    @property
    def room(self) -> str:
        return self.about
