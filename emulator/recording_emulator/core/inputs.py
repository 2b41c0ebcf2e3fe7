"""What can happen to a tenant from outside: the complete list, and so the whole of a replay."""

from typing import Any

import msgspec

from recording_emulator.core.faults import Fault
from recording_emulator.core.machine import Facts, Input
from recording_emulator.core.outbox import CallbackTarget, Failure
from recording_emulator.core.uploads import Uploaded


class Call(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Call"):
    """A client's call, authenticated and decoded; ``notes`` are diagnostics of the decoding."""

    vendor: str
    operation: str
    given: Input
    notes: tuple[str, ...] = ()


class Denied(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Denied"):
    """A call that was refused at the door (route, credentials): the row and why."""

    vendor: str
    operation: str
    row: str
    hint: str = ""


class Knock(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Knock"):
    """A request is about to be judged by the wall clock; a fault may say that it is wrong."""

    vendor: str


class Elapse(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Elapse"):
    """The clock moves to ``to_ms``; no timer may be due before."""

    to_ms: int


class Fire(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Fire"):
    """The first timer that is due fires."""


class Dispatch(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Dispatch"):
    """The next attempt that may begin begins."""


class Answered(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Answered"):
    """An attempt came back: a status and the start of the body, or ``error`` in words."""

    attempt: int
    status: int = 0
    body: bytes = b""
    error: str = ""
    failure: Failure = Failure.CONNECTION


class Abandoned(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Abandoned"):
    """An attempt was given up on the wall clock; its limit still runs in tenant time."""

    attempt: int


class ChangeRoom(msgspec.Struct, Input, frozen=True, gc=False, tag="core.ChangeRoom"):
    """A participant joins, leaves or changes what it publishes."""

    vendor: str
    room: str
    given: Input


class ArmFault(msgspec.Struct, Input, frozen=True, gc=False, tag="core.ArmFault"):
    """A fault is added."""

    fault: Fault


class DisarmFault(msgspec.Struct, Input, frozen=True, gc=False, tag="core.DisarmFault"):
    """A fault is taken back."""

    id: str


class AddTarget(msgspec.Struct, Input, frozen=True, gc=False, tag="core.AddTarget"):
    """Callbacks go to one more place; a target of the same id is replaced."""

    target: CallbackTarget


class RemoveTarget(msgspec.Struct, Input, frozen=True, gc=False, tag="core.RemoveTarget"):
    """Callbacks no longer go there; what is on its way is dropped."""

    id: str


class Configure(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Configure"):
    """A vendor's settings change, from now on."""

    vendor: str
    settings: dict[str, Any]


class Resend(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Resend"):
    """A delivery is sent once more, as a delivery of its own; to another ``target`` if named."""

    number: int
    target: str = ""


class Check(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Check"):
    """A target gets a test of every event it subscribes to, as from the vendor's console."""

    target: str


class Connect(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Connect"):
    """A client with an SDK has come; ``acks``: it says when it is done with an event.

    ``profile`` says with which SDK, where a vendor has several that differ.
    """

    vendor: str
    user: str
    acks: bool
    profile: str = ""


class Resume(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Resume"):
    """A member is back on a new connection; ``seq`` is the last event it had."""

    member: str
    seq: int
    acks: bool


class Drop(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Drop"):
    """A member's connection is gone; one of another epoch is gone already."""

    member: str
    epoch: int
    why: str


class Cut(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Cut"):
    """A user's clients lose their connections, as a timeline has it."""

    vendor: str
    user: str


class Bye(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Bye"):
    """A member leaves for good, and says so."""

    member: str


class Note(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Note"):
    """A remark for the journal."""

    subject: str
    text: str


class Jump(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Jump"):
    """The clock is to jump so far; whoever moves it does."""

    by_ms: int


class Planned(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Planned"):
    """An input that comes by itself: ``at_ms`` after the start, or after a call that was accepted.

    ``after`` is ``vendor.operation``; ``name`` says in words what it is, ``line`` where it stands.
    """

    at_ms: int
    name: str
    given: Input
    after: str = ""
    line: int = 0


class Script(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Script"):
    """A scenario begins: its plan, and the text it was made from."""

    title: str
    file: str
    source: str
    entries: tuple[Planned, ...]


class SettingsChanged(msgspec.Struct, Input, frozen=True, gc=False, tag="core.SettingsChanged"):
    """Told to live tasks that ask for it: settings or subscriptions are not what they were."""


class FaultArmed(msgspec.Struct, Input, frozen=True, gc=False, tag="core.FaultArmed"):
    """Told to live tasks that ask for it: there may be a fault for them now."""


class Answer(msgspec.Struct, frozen=True, gc=False, tag="core.Answer"):
    """What a call is answered: success with ``facts``, or a ``row`` of the catalogue.

    ``spoil`` is the fault that the server carries out on the bytes of this answer; ``is_injected``
    says that a fault chose the row.
    """

    call: int
    row: str = ""
    hint: str = ""
    facts: Facts | None = None
    says: str = ""
    spoil: Fault | None = None
    is_injected: bool = False


class Parked(msgspec.Struct, frozen=True, gc=False, tag="core.Parked"):
    """The call waits; an ``Answer`` with the same ``call`` follows.

    By the vendor's rule it waits for time to pass; ``is_held`` ones wait for a callback's answer.
    """

    call: int
    is_held: bool = False


EXTERNAL: tuple[type, ...] = (
    Call, Denied, Knock, Elapse, Fire, Dispatch, Answered, Abandoned, ChangeRoom, ArmFault,
    DisarmFault, AddTarget, RemoveTarget, Configure, Resend, Check, Note, Script,
    Connect, Resume, Drop, Bye, Uploaded,
)  # fmt: skip
