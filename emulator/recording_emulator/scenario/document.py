"""A scenario as a typed document: what a file may say, field by field.

The JSON Schema that editors use is made from these structs, and their words.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from recording_emulator.scenario.duration import PATTERN, SIGNED_PATTERN

Duration = Annotated[str, Meta(pattern=PATTERN, examples=["5s", "90m", "2h"])]
Signed = Annotated[str, Meta(pattern=SIGNED_PATTERN, examples=["5s", "-5m"])]
Name = Annotated[str, Meta(min_length=1, max_length=1_000)]
Key = Annotated[int | str, Meta(description="A number or a name.")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Times = Annotated[int, Meta(ge=1, le=1_000_000)]
Status = Annotated[int, Meta(ge=100, le=599)]
Spoiled = Annotated[int, Meta(ge=200, le=599)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a scenario; an unknown field is an error."""


class Fault(Strict, frozen=True):
    """What goes wrong: where (on), on what, when, how often, and what happens (effect)."""

    on: Annotated[Name, Meta(description="call, callback, door, or a point of the vendor.")]
    effect: Name
    id: Name | None = None
    operation: Name | None = None
    event: Key | None = None
    file: Annotated[Name | None, Meta(description="How a stored file's name ends: ts.")] = None
    room: Name | None = None
    nth: Times = 1
    times: Annotated[Times | None, Meta(description="How often; null: always.")] = 1
    chance: Annotated[float, Meta(gt=0, le=1)] = 1.0
    from_: Duration | None = field(default=None, name="from")
    until: Duration | None = None
    may_not_fire: bool = False
    code: Key | None = None
    status: Spoiled | None = None
    by: Signed | None = None
    after: Duration | None = None
    for_: Duration | None = field(default=None, name="for")
    commit: bool = False


class Join(Strict, frozen=True):
    """Someone enters a room, publishing audio and video unless told otherwise."""

    room: Name
    uid: Key
    audio: bool = True
    video: bool = True
    role: Literal["host", "audience"] = "host"


class Leave(Strict, frozen=True):
    """Someone leaves a room."""

    room: Name
    uid: Key


class Publish(Strict, frozen=True):
    """Someone starts or stops publishing; a track left out stays as it is."""

    room: Name
    uid: Key
    audio: bool | None = None
    video: bool | None = None


class Mute(Strict, frozen=True):
    """Someone stops publishing: both tracks, or the one that is true."""

    room: Name
    uid: Key
    audio: bool = True
    video: bool = True


class Outage(Strict, frozen=True):
    """The backend is away: calls are reset (or answered so), callbacks are lost."""

    for_: Duration = field(name="for")
    code: Annotated[Key | None, Meta(description="Answer calls with this error instead.")] = None
    status: Annotated[Spoiled | None, Meta(description="Or with this bare HTTP status.")] = None


User = Annotated[Name | None, Meta(description="Someone with the vendor's SDK.")]
Anchor = Annotated[
    Name | None, Meta(description="Count from the first accepted call of this name.")
]


class Moment(Strict, frozen=True):
    """One change of the world, at an instant: exactly one of the verbs."""

    at: Duration | None = None
    after: Anchor = None
    join: Join | None = None
    leave: Leave | None = None
    publish: Publish | None = None
    mute: Mute | None = None
    drop: Annotated[
        Name | None, Meta(description="Someone's SDK loses its connection to the backend.")
    ] = None
    advance: Annotated[Duration | None, Meta(description="The clock jumps so far.")] = None
    configure: Annotated[
        dict[str, Any] | None, Meta(description="Settings of the vendor that change.")
    ] = None
    outage: Outage | None = None
    fault: Fault | None = None
    disarm: Annotated[Name | None, Meta(description="The id of a fault to take back.")] = None


class Answer(Strict, frozen=True):
    """What a call is to be answered; a body is compared only where it is given.

    An SDK answers without a status: its promise is resolved with a body, or rejected with one.
    """

    status: Annotated[Status | None, Meta(description="The HTTP status.")] = None
    rejected: Annotated[
        bool | None, Meta(description="Whether the SDK's promise is rejected, or resolved.")
    ] = None
    body: dict[str, Any] | None = None
    lost: Annotated[
        bool | None, Meta(description="True: no answer comes in time, or none that can be read.")
    ] = None


class Call(Strict, frozen=True):
    """One act of the client: a call, or with an SDK that it connects, resumes or says bye.

    Fields left out of ``with`` come from the vendor's adapter. A call with an SDK opens the
    caller's connection where there is none, and resumes one that was lost.
    """

    call: Name | None = None
    connect: User = None
    resume: User = None
    bye: User = None
    at: Duration | None = None
    after: Anchor = None
    as_: Annotated[
        Name | None, Meta(description="Who calls, with an SDK; the vendor's default user if none.")
    ] = field(default=None, name="as")
    with_: dict[str, Any] = field(default_factory=dict, name="with")
    timeout: Annotated[
        Duration | None, Meta(description="How long the client waits for an answer.")
    ] = None
    save: Annotated[
        dict[str, Name], Meta(description="Names for parts of the answer, such as sid: sid.")
    ] = {}
    expect: Answer | None = None


class ExpectedCallback(Strict, frozen=True):
    """A callback that comes, after those that are expected above it."""

    event: Key
    room: Name | None = None
    attempts: Times | None = None
    details: dict[str, Any] | None = None
    body: dict[str, Any] | None = None


class ExpectedReply(Strict, frozen=True):
    """A reply to a call, after those that are expected above it; code ok is a success."""

    operation: Name
    code: Key
    room: Name | None = None


class ExpectedHeard(Strict, frozen=True):
    """An event that someone's SDK hears, after those they are expected to hear above it."""

    by: Name
    event: Key
    room: Name | None = None
    args: Annotated[
        tuple[Any, ...] | None,
        Meta(description="What a listener is called with; objects in part."),
    ] = None


class ExpectedTask(Strict, frozen=True):
    """A task as it stands at the end; ENDED is the end of any task."""

    state: Name
    room: Name | None = None
    count: Count | None = None


class ExpectedObjects(Strict, frozen=True):
    """Stored files whose key fits a pattern: so many, or at least one.

    With ``spoilt``: of those that a fault on ``object`` has hit with this effect, there or not.
    """

    name: Name
    spoilt: Name | None = None
    count: Count | None = None


class ExpectedCount(Strict, frozen=True):
    """How many callbacks of an event, or calls of an operation, there are in all.

    With ``by``: how often that user's SDK hears the event.
    """

    times: Count
    event: Key | None = None
    by: User = None
    operation: Name | None = None
    room: Name | None = None


class Expectation(Strict, frozen=True):
    """One thing that must be so at the end: exactly one of the fields."""

    callback: ExpectedCallback | None = None
    reply: ExpectedReply | None = None
    heard: ExpectedHeard | None = None
    task: ExpectedTask | None = None
    objects: ExpectedObjects | None = None
    count: ExpectedCount | None = None
    nothing_else: Annotated[
        bool | None, Meta(description="No callback comes that is not expected here.")
    ] = None


class Scenario(Strict, frozen=True):
    """A story of a recording: its world, its faults, its client, and what must come of it."""

    scenario: Annotated[Name, Meta(description="What happens, in a sentence.")]
    vendor: Name
    seed: Annotated[int, Meta(ge=0, le=2**53, description="Fixes every id.")] = 0
    settings: Annotated[dict[str, Any], Meta(description="Settings of the vendor.")] = {}
    audience: Literal["auto", "none"] = "auto"
    faults: tuple[Fault, ...] = ()
    timeline: tuple[Moment, ...] = ()
    client: tuple[Call, ...] | None = None
    expect: tuple[Expectation, ...] = ()
    until: Annotated[
        Duration, Meta(description="How long to wait for the end, after the last entry.")
    ] = "1h"


VERBS = (
    "join", "leave", "publish", "mute", "drop", "advance", "configure", "outage", "fault",
    "disarm",
)  # fmt: skip
ACTS = ("call", "connect", "resume", "bye")
OF_A_CALL = ("as_", "with_", "timeout", "save", "expect")
"""Fields that only a call has."""
EXPECTATIONS = ("callback", "reply", "heard", "task", "objects", "count", "nothing_else")
