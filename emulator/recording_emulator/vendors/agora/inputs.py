"""What Agora's machines accept: the client's calls, and what the machines tell one another."""

from typing import Final, TypeAlias

import msgspec

from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.uploads import Place
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    StartParams,
    Storage,
    Subscription,
)
from recording_emulator.vendors.agora.bodies import Layout as Picture
from recording_emulator.vendors.agora.checks import FINE, Problem
from recording_emulator.vendors.agora.files import Layout, Tracks
from recording_emulator.vendors.agora.individual import IndividualStart
from recording_emulator.vendors.agora.web import WebStart

TASK: Final = "agora.task"
RECORDER: Final = "agora.recorder"
UPLOADER: Final = "agora.uploader"
PAGE: Final = "agora.page"
TRANSCODER: Final = "agora.transcoder"
NOTIFIER: Final = "agora.notifier"

RECORDING: Final = "rtc_record"
"""``serviceScene`` of a channel recording; below: of snapshots, pages, postponed work (CN23)."""
SNAPSHOTS: Final = "rtc_snapshot"
PAGE_RECORDING: Final = "web_record"
POSTPONED: Final = "postpone_transcode::rtc_record"
TRANSCODING: Final = "postpone_transcode::transcode"

AnyStart: TypeAlias = StartParams | IndividualStart | WebStart
"""The parameters of a start, by mode."""


def _tag(name: str) -> str:
    return f"agora.{name}"


class Acquire(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``acquire``: ask for a resource."""

    app: str
    cname: str
    uid: str
    params: AcquireParams | None
    start_parameter: str = ""
    problem: Problem = FINE


class Start(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``start``: use a resource. ``raw`` is the normal form of the parameters."""

    app: str
    resource: str
    mode: str
    cname: str
    uid: str
    params: AnyStart | None
    raw: str = ""
    problem: Problem = FINE
    sts_life_ms: int | None = None


class Query(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``query``: ask how a task is."""

    app: str
    resource: str
    sid: str
    mode: str


class Update(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``update``: replace the subscription, hold or push a page, refresh storage credentials."""

    app: str
    resource: str
    sid: str
    mode: str
    cname: str
    uid: str
    subscription: Subscription | None = None
    storage: Storage | None = None
    is_held: bool | None = None
    urls: tuple[str, ...] | None = None
    problem: Problem = FINE
    sts_life_ms: int | None = None


class UpdateLayout(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``updateLayout``: replace the layout."""

    app: str
    resource: str
    sid: str
    mode: str
    cname: str
    uid: str
    picture: Picture | None = None
    problem: Problem = FINE


class Stop(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``stop``: end the recording; the reply waits for the upload unless ``at_once``."""

    app: str
    resource: str
    sid: str
    mode: str
    cname: str
    uid: str
    at_once: bool = False
    problem: Problem = FINE


class NcsIp(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Ask from which addresses callbacks come."""

    app: str


# --- told by timers and by the other machines ---------------------------------------------------


class ResourceExpires(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Five minutes have passed since acquire and nobody started."""


class ControlEnds(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """``resourceExpiredHour`` has passed: the recording goes on, the calls end."""


class Boot(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The next part of the service is up."""


class FirstFile(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The first file has been uploaded."""


class Depart(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder is to leave the channel now."""


class LengthCap(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recording is as long as the tenant's own cap allows."""


class Failed(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Something went wrong that ends the task; ``why`` is a key of ``ending.TROUBLES``."""

    why: str


class Down(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder has died, and another is not up yet."""


class Back(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Another recorder has taken over, with this uid."""

    uid: str


class RecorderLeft(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder, or the page, has left."""

    is_normal: bool = True


class Uploaded(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Everything recorded is in storage, or in the vendor's backup cloud, or lost."""

    is_backup: bool = False
    is_lost: bool = False


class StopOverdue(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A synchronous stop has waited as long as the vendor lets it."""


class Exit(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The session ends."""


class PagePlan(msgspec.Struct, frozen=True, gc=False):
    """What a page recorder is to know of its page."""

    url: str
    is_held: bool
    urls: tuple[str, ...]
    ready_ms: int
    hours: int


class Prepare(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A task has been accepted: what recorder and uploader are to know of it."""

    app: str
    sid: str
    cname: str
    uid: str
    bucket: str
    layout: Layout
    channel_type: int
    stream_types: int
    max_idle_ms: int
    subscription: Subscription
    scene: str = RECORDING
    max_uids: int = 0
    snapshot_ms: int = 0
    records: bool = True
    page: PagePlan | None = None
    sts_life_ms: int | None = None
    is_oversized: bool = False
    place: Place | None = None
    picture: Picture = Picture()


class Enter(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder joins the channel."""


class Resubscribe(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder is to hear and see other people."""

    subscription: Subscription


class Rearrange(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder is to place those whom it sees in another way."""

    picture: Picture


class IdleTimeout(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The channel has been idle for ``maxIdleTime``."""


class Strike(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A fault's time has come: its effect, and how long that lasts."""

    effect: str
    for_ms: int = 0


class Recover(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Another recorder is to take over from the one that died."""


class Leave(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The recorder is to leave, with this ``leaveCode``."""

    code: int


class Hold(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The page's recording is to rest, or to go on."""

    is_held: bool


class Push(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The page is to be pushed to these places."""

    urls: tuple[str, ...]


class Connected(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A push stands."""

    url: str


class LoadOverdue(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The page has not been ready for ``readyTimeout``."""


class HoursOver(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The page has been recorded for ``maxRecordingHour``."""


class PowerOn(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The uploader starts."""


class Opened(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A track is being recorded from now on."""

    uid: str
    kind: int


class Closed(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A track is not being recorded any more."""

    uid: str
    kind: int


class FirstSlice(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The first slice of a track, or its first picture, is complete."""

    uid: str
    kind: int


class Snap(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time for the next picture of a user."""

    uid: str


class Progress(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A minute has passed: report how much is uploaded."""


class UploadDue(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """It is time to upload what has been closed since the last time."""


class Flush(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Upload what is left."""


class FlushFailed(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """What was left could not be uploaded."""


class Transferred(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """What went to the backup cloud has been brought to the storage it was meant for."""


class Moved(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Another recorder records from now on: as whom."""

    prepared: Prepare


class Credentials(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The storage's credentials are these from now on: how long they live, if they end."""

    life_ms: int | None
    place: Place | None = None


class CredentialsEnd(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """Temporary credentials are not valid any more."""


class FlushDone(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """What was left is uploaded."""


class Postpone(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """A session has ended whose files are to be worked on later: how, and which."""

    prepared: Prepare
    tracks: Tracks
    kind: str
    suffix: str
    vendor: int
    region: int


class Transcode(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The postponed work begins."""


class Transcoded(msgspec.Struct, Input, frozen=True, gc=False, tag=_tag):
    """The postponed work is done."""


class Event(msgspec.Struct, Facts, frozen=True, gc=False, tag=_tag):
    """What an Agora event says; ``callbacks`` adds the envelope."""

    cname: str
    uid: str
    sid: str
    details: dict[str, object]
    scene: str = RECORDING

    @property
    def room(self) -> str:
        return self.cname


class Replied(msgspec.Struct, Facts, frozen=True, gc=False, omit_defaults=True):
    """The body of a success, and of an error where it names its task; the wire's own keys."""

    cname: str
    uid: str
    resourceId: str  # noqa: N815
    sid: str = ""
    serverResponse: dict[str, object] = {}  # noqa: N815
