"""State machines: a table says *whether* and *where*, functions say *what*.

Rules, each with a test that walks every table:

1. ``TABLE[state][type of input]`` is a ``Do`` or a ``Refuse``; every input a client can cause has
   a cell in every row, terminal rows included.
2. A step is all or nothing: a refusal leaves the task exactly as it was. It may still announce.
3. An action ends in one of the states its cell lists, or returns one of the refusals it lists.
4. A step never raises for a client's mistake, only for a bug of ours.

Several small machines (task, recorder, uploader, room) are coupled by ``Tell``: told inputs run in
the same instant, first in first out. There is no product machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:
    from recording_emulator.core.casts import Seen
    from recording_emulator.core.clips.clip import Clip
    from recording_emulator.core.faults import Fault
    from recording_emulator.core.objects import Recipe
    from recording_emulator.core.rooms import Room
    from recording_emulator.core.scenes import Shot
    from recording_emulator.core.timers import Tempo
    from recording_emulator.core.uploads import Place


class Target(msgspec.Struct, frozen=True, gc=False, array_like=True, cache_hash=True):
    """Whom an input is for: a machine and the key of one thing in it."""

    machine: str
    key: str


class Input:
    """What a machine accepts. A marker: inputs are frozen tagged structs that inherit from it."""

    __slots__ = ()


class Facts:
    """What an event or a reply says, as the vendor's own frozen tagged struct.

    ``room`` is the room it is about, which faults and ``advance_until`` may ask for; ``row`` the
    row of the error catalogue that it tells, where a vendor tells errors by events.
    """

    __slots__ = ()

    @property
    def room(self) -> str:
        return ""

    @property
    def row(self) -> str:
        return ""


class Task(Protocol):
    """Anything a machine keeps: a frozen tagged struct with a state."""

    @property
    def state(self) -> StrEnum: ...


class View(Protocol):
    """What an action may see of its tenant; everything in it is read-only."""

    @property
    def now_ms(self) -> int: ...

    @property
    def settings(self) -> Any:
        """Return the vendor's settings of this tenant."""

    @property
    def credentials(self) -> Mapping[str, str]:
        """Return what a client of this tenant signs in with."""

    @property
    def files_url(self) -> str:
        """Return where this tenant's files are read from; for what is sent, never to be kept."""

    def draw(self, kind: str, key: str, size: int) -> bytes:
        """Draw the next bytes of ``kind`` for ``key``; equal seeds draw equal bytes."""

    def coming(self, kind: str, key: str, size: int) -> bytes:
        """Return what ``draw`` will return next, without drawing it."""

    def derive(self, kind: str, key: str, size: int) -> bytes:
        """Return the one value of ``kind`` for ``key``; asking again changes nothing."""

    def md5(self, clip: Clip, shot: Shot) -> str:
        """Hash a file as whoever reads it will find it."""

    def room(self, name: str) -> Room:
        """Return a room of the same vendor; one nobody has joined is empty."""

    def holder(self, claim: str) -> str | None:
        """Return the key of the task that holds a claim, or None."""

    def peek(self, target: Target) -> Any:
        """Return another thing of the same vendor, or None."""

    def every(self, machine: str) -> list[Any]:
        """Return the things of one machine that are kept, oldest first: for calls that list."""

    def count(self, counter: str) -> int:
        """Return how many tasks are live under a counter (see ``Count``)."""

    def fault(self, point: str, room: str, effects: tuple[str, ...] = ()) -> Fault | None:
        """Return the fault that fires at one of the vendor's points, which uses a firing up.

        ``effects`` says which of its effects still make sense there; empty means all.
        """

    def wants(self, event: str) -> bool:
        """Whether anybody subscribes to an event; periodic ones need not run otherwise."""

    @property
    def is_full(self) -> bool:
        """Whether the tenant holds as many live things as it may."""


# --- effects -----------------------------------------------------------------------------------


class Emit(msgspec.Struct, frozen=True, gc=False):
    """Announce an event; ``stream`` is what its ordinal counts in.

    ``to`` is the URL a request named for it, which then gets it instead of the tenant's targets.
    """

    event: str
    stream: str
    facts: Facts
    to: str = ""


class Signal(msgspec.Struct, frozen=True, gc=False):
    """Announce an event to these members, in this order; it is no callback.

    One that is no member, or no more, is left out: not everybody in a room holds an SDK.
    """

    event: str
    members: tuple[str, ...]
    facts: Facts


class Arm(msgspec.Struct, frozen=True, gc=False):
    """Tell this target ``given`` in ``after_ms``; a timer of the same name moves."""

    name: str
    after_ms: int
    given: Input
    tempo: Tempo


class Cancel(msgspec.Struct, frozen=True, gc=False):
    """Take a timer of this target back, if it is armed."""

    name: str


class Tell(msgspec.Struct, frozen=True, gc=False):
    """Give another machine an input, in this instant, after what was told before."""

    target: Target
    given: Input


class Put(msgspec.Struct, frozen=True, gc=False):
    """Store an object, or what stands for a series of them; a taken key is overwritten.

    ``room`` is the one that was recorded, which faults may ask for.
    """

    bucket: str
    key: str
    recipe: Recipe
    room: str = ""


class Upload(msgspec.Struct, frozen=True, gc=False):
    """Take files to real storage; this target is told ``UploadEnded``, in this instant.

    Nothing is stored by it here: whoever asks puts what has been uploaded. Of a series, what has
    arrived with an earlier one of this target stays away.
    """

    name: str
    place: Place
    puts: tuple[Put, ...]


class Reply(msgspec.Struct, frozen=True, gc=False):
    """Answer the call at hand, or else every call parked at this target.

    ``row`` names a row of the error catalogue; an empty one is success with ``facts``.
    """

    facts: Facts | None = None
    row: str = ""
    hint: str = ""


class Park(msgspec.Struct, frozen=True, gc=False):
    """Leave the call at hand unanswered until a later step replies.

    ``given`` comes to this target ``limit_ms`` later, as the timer ``park``, to end the wait.
    """

    limit_ms: int
    given: Input


class Claim(msgspec.Struct, frozen=True, gc=False):
    """Let this task hold a name until it is released, so that others find it."""

    name: str


class Release(msgspec.Struct, frozen=True, gc=False):
    """Give a claimed name up, if this task holds it."""

    name: str


class Count(msgspec.Struct, frozen=True, gc=False):
    """Add to a counter of live tasks (``by`` is 1 or -1)."""

    counter: str
    by: int


class Retire(msgspec.Struct, frozen=True, gc=False):
    """This thing has ended: it stays to answer for itself, until the limit of ended things.

    ``stream`` names the ordinals, and ``claim`` the claim, that go with it when it is forgotten.
    """

    stream: str = ""
    claim: str = ""


Effect: TypeAlias = (
    Emit
    | Signal
    | Arm
    | Cancel
    | Tell
    | Put
    | Upload
    | Reply
    | Park
    | Claim
    | Release
    | Count
    | Retire
)

# --- cells and outcomes ------------------------------------------------------------------------


class Step(msgspec.Struct, frozen=True, gc=False):
    """The task as it is from now on, and what is asked for."""

    task: Any
    effects: tuple[Effect, ...] = ()


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A row of the error catalogue, why in words, and what is announced all the same.

    ``says`` is the text on the wire where the vendor writes it freely; ``facts`` join the body.
    """

    row: str
    hint: str = ""
    effects: tuple[Effect, ...] = ()
    facts: Facts | None = None
    says: str = ""


Action: TypeAlias = Callable[[Any, Any, View], Step | Refusal]


class Do(msgspec.Struct, frozen=True):
    """A cell that acts: the function, the states it may end in, the refusals it may return."""

    action: Action
    states: tuple[StrEnum, ...]
    refusals: tuple[str, ...] = ()


class Refuse(msgspec.Struct, frozen=True):
    """A cell that refuses with a catalogue row.

    ``announce`` may add events, ``tell`` what the error body says of the task as it is.
    """

    row: str
    hint: str = ""
    announce: Callable[[Any, Any, View], tuple[Effect, ...]] | None = None
    tell: Callable[[Any], Facts] | None = None


class Ignore(msgspec.Struct, frozen=True):
    """A cell for an internal input that comes too late to matter; ``why`` says how it can."""

    why: str


Cell: TypeAlias = Do | Refuse | Ignore
Table: TypeAlias = Mapping[Any, Mapping[type, Cell]]


class Machine(msgspec.Struct, frozen=True):
    """A table with its name, the blank it starts from, and which of its inputs clients cause.

    ``cast`` says of one that records whom it records, as it is now. ``mixes`` says of one that
    makes several pictures where each, by its name, has whom: its own cast, or another machine's.
    """

    name: str
    table: Table
    blank: Callable[[str], Any]
    client_inputs: tuple[type, ...] = ()
    timers: tuple[str, ...] = ()
    cast: Callable[[Any], Sequence[Seen]] | None = None
    mixes: Callable[[Any], Mapping[str, Sequence[Seen]]] | None = None


def do(action: Action, *states: StrEnum, refusals: tuple[str, ...] = ()) -> Do:
    """Write a cell that acts: ``do(on_stop, State.STOPPING, refusals=("2 ...",))``."""
    return Do(action, states, refusals)


def step(machine: Machine, task: Any, given: Input, view: View) -> Step | Refusal | Ignore:
    """Run one input against one task.

    Raises:
        KeyError: If the table has no cell for it: a bug of ours.
        AssertionError: If an action broke what its cell promises: a bug of ours.
    """
    cell = machine.table[task.state][type(given)]
    if type(cell) is Do:
        outcome = cell.action(task, given, view)
        if isinstance(outcome, Step):
            assert outcome.task.state in cell.states, (machine.name, task.state, given, outcome)
        else:
            assert outcome.row in cell.refusals, (machine.name, task.state, given, outcome)
        return outcome
    if type(cell) is Refuse:
        announced = cell.announce(task, given, view) if cell.announce is not None else ()
        return Refusal(cell.row, cell.hint, announced, cell.tell(task) if cell.tell else None)
    assert type(cell) is Ignore
    return cell


def diagram(table: Table) -> str:
    """Draw a table as a Mermaid state diagram, in the order of its rows.

    Only the cells that may end in another state are drawn; what a row refuses is in the catalogue.
    """
    lines = ["stateDiagram-v2"]
    for state, row in table.items():
        arrows: dict[str, list[str]] = {}
        for given, cell in row.items():
            for end in cell.states if isinstance(cell, Do) else ():
                if end != state:
                    arrows.setdefault(end, []).append(given.__name__)
        lines += [f"    {state} --> {end}: {', '.join(names)}" for end, names in arrows.items()]
        if not arrows:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines)
