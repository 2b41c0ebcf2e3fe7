"""A tenant's world: everything it knows, and the one function that changes it.

Rules:

1. ``apply(input)`` is the only way in, and a pure function of the state and the input. The list of
   applied inputs replays to the same state and the same journal, byte for byte.
2. Everything kept is plain data: no closures, tasks, sockets or media.
3. Within an input, what machines tell one another runs out first in, first out, before it returns.
4. What has ended is kept up to a limit, so that it can still answer for itself.

Theory of operation: a call is located (``adapter.locate``), stepped (``machine.step``) and its
effects applied here; timers come back as ``Fire``; events become deliveries in the outbox; attempts
leave by ``Dispatch`` and come back as ``Answered``. Who moves the clock is the runtime's affair.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from recording_emulator.core import machine, rooms
from recording_emulator.core.adapter import Adapter
from recording_emulator.core.answering import Answering
from recording_emulator.core.casts import Casts
from recording_emulator.core.clock import MANUAL_EPOCH_MS
from recording_emulator.core.faults import Fault, Faults
from recording_emulator.core.filming import BUILT_IN, Media, Render
from recording_emulator.core.injecting import FAULTS, Injection
from recording_emulator.core.inputs import (
    Abandoned,
    AddTarget,
    Answer,
    Answered,
    ArmFault,
    Call,
    ChangeRoom,
    Check,
    Configure,
    Denied,
    DisarmFault,
    Dispatch,
    Elapse,
    Fire,
    Knock,
    Note,
    Planned,
    RemoveTarget,
    Resend,
    Script,
    SettingsChanged,
)
from recording_emulator.core.journal import Journal
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Count,
    Effect,
    Emit,
    Ignore,
    Input,
    Machine,
    Park,
    Put,
    Refusal,
    Release,
    Reply,
    Retire,
    Signal,
    Step,
    Target,
    Tell,
    Upload,
)
from recording_emulator.core.members import Members
from recording_emulator.core.objects import Objects
from recording_emulator.core.outbox import OUTBOX, Outbox
from recording_emulator.core.sending import Sending
from recording_emulator.core.timeline import Timeline
from recording_emulator.core.timers import Tempo, Timer, Timers
from recording_emulator.core.uploads import UPLOADS, Uploaded, Uploads
from recording_emulator.core.view import WorldView
from recording_emulator.errors import BadRequest

ROOM: Final = "room"
MAX_ROOMS: Final = 10_000
MAX_KEYED_DRAWS: Final = 100_000
Limit = Annotated[int, Meta(ge=1, le=10_000_000)]
LAST_MS: Final = 4_102_444_800_000
"""2100-01-01T00:00:00Z: no clock goes further, so that nothing that counts slices is endless."""

Produced = tuple[str, str, str]
"""A row of a catalogue that happened: vendor, kind (operation, error, event, state), id."""


class Spec(msgspec.Struct, frozen=True, tag="core.Spec"):
    """What a tenant is made from; equal specs and equal inputs make equal journals.

    ``runtime`` is what the hand that moves its clock is told; the core only keeps it.
    ``allow_hosts`` are the hosts, beside this machine, that a request may name for its callbacks.
    ``media`` is whether files show a slate, or who was there.
    """

    name: str
    seed: int = 0
    start_ms: Annotated[int, Meta(ge=0, le=LAST_MS)] = MANUAL_EPOCH_MS
    audience: Literal["auto", "none"] = "auto"
    rate_limits: bool = False
    magic_rooms: bool = False
    keep_inputs: bool = False
    journal_limit: Limit = 10_000
    callbacks_limit: Limit = 1_000
    ended_limit: Limit = 10_000
    objects_limit: Limit = 10_000
    live_limit: Limit = 100_000
    media: Media = BUILT_IN
    runtime: dict[str, Any] = {}
    settings: dict[str, dict[str, Any]] = {}
    credentials: dict[str, dict[str, str]] = {}
    allow_hosts: tuple[str, ...] = ()


def _shared_out(
    adapters: Sequence[Adapter],
) -> tuple[dict[str, tuple[Machine, Adapter]], dict[str, tuple[str, ...]]]:
    """Index machines by name, and name the vendors of each.

    Vendors of one house may list the same machine. It is stepped with the view of the first of
    them, so it asks the view for nothing that is a vendor's.

    Raises:
        BadRequest: If two adapters have different machines of one name.
    """
    machines: dict[str, tuple[Machine, Adapter]] = {}
    owners: dict[str, tuple[str, ...]] = {}
    for adapter in adapters:
        for each in adapter.machines:
            if machines.setdefault(each.name, (each, adapter))[0] is not each:
                raise BadRequest(f"two adapters have a machine named {each.name!r}")
            owners[each.name] = (*owners.get(each.name, ()), adapter.name)
    return machines, owners


class World:
    """One tenant as data, with its step."""

    def __init__(self, spec: Spec, adapters: Sequence[Adapter]) -> None:
        self.spec = spec
        self.adapters: Mapping[str, Adapter] = {each.name: each for each in adapters}
        self._machines, self._owners = _shared_out(adapters)
        self._catalogued = {row.machine for adapter in adapters for row in adapter.surface.states}
        self.now_ms = spec.start_ms
        self.files_url = ""
        self.render: Render | None = None
        self.views = {name: WorldView(self, each) for name, each in self.adapters.items()}
        self.things: dict[Target, Any] = {}
        self.ended: deque[tuple[Target, str, str]] = deque()
        self.ended_evicted = 0
        self.rooms: dict[tuple[str, str], rooms.Room] = {}
        self.empty_rooms: OrderedDict[tuple[str, str], None] = OrderedDict()
        self.claims: dict[tuple[str, str], str] = {}
        self.live: Counter[str] = Counter()
        self.ordinals: dict[str, int] = {}
        self.draws: OrderedDict[tuple[str, str], int] = OrderedDict()
        self.draws_base = 0
        self.timer_sequence = 0
        self.parked: dict[Target, list[int]] = {}
        self.quotas: dict[str, deque[int]] = {}
        self.produced: Counter[Produced] = Counter()
        self.timers = Timers()
        self.faults = Faults()
        self.journal = Journal(spec.journal_limit)
        self.outbox = Outbox(spec.callbacks_limit)
        self.objects = Objects(spec.objects_limit)
        self.casts = Casts(spec.objects_limit)
        self.inputs: list[Input] | None = [] if spec.keep_inputs else None
        self.spoils: dict[int, Fault] = {}
        self.held: dict[int, Answer] = {}
        self._told: deque[tuple[Target, Input, int]] = deque()
        self._cause = 0
        self.answering = Answering(self)
        self.sending = Sending(self)
        self.injection = Injection(self)
        self.timeline = Timeline(self)
        self.members = Members(self)
        self.uploads = Uploads(self)
        self._handlers: dict[type, Callable[[Any], Any]] = {
            Call: self.answering.call,
            Denied: self.answering.denied,
            Knock: self.answering.knock,
            Elapse: self._elapse,
            Fire: self._fire,
            Dispatch: self.sending.dispatch,
            Answered: self.sending.answered,
            Abandoned: self.sending.abandoned,
            ChangeRoom: self.change_room,
            ArmFault: self.injection.arm,
            DisarmFault: self.injection.disarm,
            AddTarget: self._add_target,
            RemoveTarget: self._remove_target,
            Configure: self.apply_settings,
            Resend: self.sending.resend,
            Check: self.sending.check,
            Note: self._note,
            Script: self.timeline.begin,
            Uploaded: self.uploads.ended,
            **self.members.handlers,
        }

    # --- the way in ---------------------------------------------------------------------------

    def apply(self, given: Input) -> Any:
        """Change the world by one input and return what that kind of input returns.

        A ``Call`` returns its ``Answer`` or ``Parked``; ``Dispatch`` an ``Outgoing`` or None;
        ``ChangeRoom`` None or why it is impossible; ``Fire`` the ``Timer``; ``Resend`` and
        ``Check`` numbers of deliveries; ``Connect`` and ``Resume`` a ``Welcomed``; others nothing.
        """
        if self.inputs is not None:
            self.inputs.append(given)
        return self._handlers[type(given)](given)

    def take_answers(self) -> list[Answer]:
        """Hand over the answers of parked calls that have come due."""
        return self.answering.take()

    def take_overdue(self) -> list[int]:
        """Hand over the attempts that ended by their limit; their connections mean nothing now."""
        return self.sending.take_overdue()

    def write(self, kind: str, subject: str, name: str, cause: int, detail: Any = None) -> int:
        """Add an entry to the journal, at this instant; returns its sequence number."""
        return self.journal.add(self.now_ms, kind, subject, name, cause, detail)

    def room(self, vendor: str, name: str) -> rooms.Room:
        return self.rooms.get((vendor, name)) or rooms.Room(name)

    def nth_draw(self, kind: str, key: str) -> int:
        nth = self.draws.pop((kind, key), self.draws_base)
        self.draws[kind, key] = nth + 1
        if len(self.draws) > MAX_KEYED_DRAWS:
            _, spent = self.draws.popitem(last=False)
            self.draws_base = max(self.draws_base, spent)
        return nth

    # --- calls --------------------------------------------------------------------------------

    # --- steps --------------------------------------------------------------------------------

    def drain(self) -> None:
        told = self._told
        while told:
            target, given, cause = told.popleft()
            if target.machine == ROOM:
                self._room_input(target, given, cause)
            else:
                self.step(target, given, cause)

    def tell(self, target: Target, given: Input, cause: int) -> None:
        """Give a machine an input, after what was told before."""
        self._told.append((target, given, cause))

    def hear(self, vendor: str, given: Input, cause: int) -> None:
        """Let a vendor's machine hear what came as no call; the vendor knows which."""
        where = self.adapters[vendor].locate(given, self.views[vendor])
        if type(where) is Target:
            self._told.append((where, given, cause))
            self.drain()

    def strike(self, vendor: str, point: str, room: str, effects: tuple[str, ...]) -> Fault | None:
        """Ask at a vendor's own point, on behalf of the step at hand."""
        if not self.faults.any_at(point):
            return None
        return self.injection.struck(vendor, point, "", room, self._cause, effects)

    def step(
        self, target: Target, given: Input, cause: int, *, is_call: bool = False
    ) -> Step | Refusal | Ignore:
        kept, adapter = self._machines[target.machine]
        task = self.things.get(target)
        if task is None:
            task = kept.blank(target.key)
        self._cause = cause
        outcome = machine.step(kept, task, given, self.views[adapter.name])
        if type(outcome) is Step:
            after = outcome.task
            if after is not task:
                self.things[target] = after
                if kept.cast is not None:
                    self.casts.note(f"{kept.name}/{target.key}", kept.cast(after), self.now_ms)
                if kept.mixes is not None:
                    for mix, people in kept.mixes(after).items():
                        self.casts.note(f"{kept.name}/{target.key}/{mix}", people, self.now_ms)
                if after.state != task.state:
                    name = f"{target.machine} {after.state}"
                    if target.machine in self._catalogued:
                        for owner in self._owners[target.machine]:
                            self.produced[owner, "state", name] += 1
                    cause = self.write("state", target.key, name, cause)
        if not isinstance(outcome, Ignore) and outcome.effects:
            for effect in outcome.effects:
                # The reply to the call at hand is read by its caller, not sent to those parked.
                if not (is_call and type(effect) is Reply):
                    self._perform(adapter, target, effect, cause)
        return outcome

    def _perform(self, adapter: Adapter, target: Target, effect: Effect, cause: int) -> None:
        match effect:
            case Arm():
                due_ms = self.now_ms + effect.after_ms
                self.arm(target, effect.name, due_ms, effect.given, effect.tempo, cause)
            case Emit():
                self._emit(adapter, target, effect, cause)
            case Signal():
                self.members.signal(adapter, target, effect, cause)
            case Tell():
                self._told.append((effect.target, effect.given, cause))
            case Cancel():
                self.timers.cancel(target, effect.name)
            case Reply():
                self.answering.reply_parked(adapter, target, effect)
            case Put():
                self.injection.on_object(adapter.name, effect, cause)
                self.objects.put(effect.bucket, effect.key, effect.recipe)
            case Upload():
                for put in effect.puts:
                    self.injection.on_object(adapter.name, put, cause)
                self.uploads.begin(target, effect, cause)
            case Park():
                due_ms = self.now_ms + effect.limit_ms
                self.arm(target, "park", due_ms, effect.given, Tempo.LONG, cause)
            case Claim():
                self.claims[adapter.name, effect.name] = target.key
            case Release():
                if self.claims.get((adapter.name, effect.name)) == target.key:
                    del self.claims[adapter.name, effect.name]
            case Count():
                self.live[effect.counter] += effect.by
                if not self.live[effect.counter]:
                    del self.live[effect.counter]
            case Retire():
                claim = effect.claim and f"{adapter.name}/{effect.claim}"
                self._retire(target, effect.stream, claim)

    def arm(
        self, target: Target, name: str, due_ms: int, given: Input, tempo: Tempo, cause: int
    ) -> None:
        self.timer_sequence += 1
        self.timers.arm(Timer(due_ms, self.timer_sequence, target, name, given, tempo, cause))

    def _retire(self, target: Target, stream: str, claim: str) -> None:
        self.ended.append((target, stream, claim))
        self.uploads.forget(target)
        while len(self.ended) > self.spec.ended_limit:
            gone, its_stream, its_claim = self.ended.popleft()
            self.things.pop(gone, None)
            self.ordinals.pop(its_stream, None)
            vendor, _, name = its_claim.partition("/")
            if its_claim and self.claims.get((vendor, name)) == gone.key:
                del self.claims[vendor, name]
            self.ended_evicted += 1

    # --- time ---------------------------------------------------------------------------------

    def _elapse(self, given: Elapse) -> None:
        due = self.timers.peek()
        assert given.to_ms >= self.now_ms, (given, self.now_ms)
        assert due is None or due.due_ms >= given.to_ms, (given, due)
        self.now_ms = given.to_ms

    def _fire(self, _given: Fire) -> Timer:
        timer = self.timers.pop()
        assert timer.due_ms <= self.now_ms, (timer, self.now_ms)
        self.fired(timer)
        return timer

    def fired(self, timer: Timer) -> None:
        target = timer.target
        subject = f"{target.machine} {target.key}"
        seq = self.write("timer", subject, timer.name, timer.cause)
        if target.machine == OUTBOX:
            self.sending.on_timer(timer.given)
        elif target.machine == FAULTS:
            self.injection.opens(target.key, seq)
        elif target.machine == UPLOADS:
            self.uploads.on_timer(timer.given, seq)
        elif type(timer.given) is Planned:
            self.timeline.on_timer(timer.given, seq)
        else:
            self.step(target, timer.given, seq)
        self.drain()

    # --- rooms --------------------------------------------------------------------------------

    def change_room(self, given: ChangeRoom, cause: int = 0) -> str | None:
        target = Target(ROOM, f"{given.vendor}/{given.room}")
        why = self._room_input(target, given.given, cause)
        self.drain()
        return why

    def _room_input(self, target: Target, given: Input, cause: int) -> str | None:
        vendor, _, name = target.key.partition("/")
        before = self.room(vendor, name)
        if isinstance(given, rooms.Join) and len(self.rooms) >= 2 * MAX_ROOMS:
            return f"{len(self.rooms)} rooms have people in them; no more fit"
        if isinstance(given, rooms.Populate) and self.spec.audience != "auto":
            return None
        outcome = rooms.change(before, given, self.now_ms)
        if isinstance(outcome, rooms.Impossible):
            return outcome.why
        after, changes = outcome
        is_left = isinstance(given, rooms.Unwatch) and not after.watchers
        if after is not before:
            self._keep_room(vendor, after, is_left=is_left)
        if changes:
            cause = self.write("room", target.key, type(given).__name__.lower(), cause, given)
        for told in changes:
            for watcher in after.watchers:
                self._told.append((watcher, told, cause))
        if isinstance(given, rooms.Watch):
            self._told.append((given.watcher, rooms.RoomChanged("watch"), cause))
        return None

    def _keep_room(self, vendor: str, room: rooms.Room, *, is_left: bool) -> None:
        """Keep a room while somebody is in it or records it, and for a while after.

        One that only a synthetic participant has ever been in is forgotten with its last recorder;
        one that real people have left is remembered as long as there is space, because the next
        task there must not get a synthetic participant.
        """
        key = vendor, room.name
        self.empty_rooms.pop(key, None)
        if is_left and not room.ever_joined:
            self.rooms.pop(key, None)
            return
        self.rooms[key] = room
        if not room.participants and not room.watchers:
            self.empty_rooms[key] = None
            if len(self.empty_rooms) > MAX_ROOMS:
                oldest, _ = self.empty_rooms.popitem(last=False)
                del self.rooms[oldest]

    # --- events --------------------------------------------------------------------------------

    def _emit(self, adapter: Adapter, target: Target, event: Emit, cause: int) -> None:
        ordinal = self.ordinals.get(event.stream, 0)
        self.ordinals[event.stream] = ordinal + 1
        self.produced[adapter.name, "event", event.event] += 1
        seq = self.write("event", target.key, event.event, cause, event.facts)
        self.sending.announce(adapter, event, ordinal, seq)

    # --- configuration ------------------------------------------------------------------------

    def _add_target(self, given: AddTarget) -> None:
        self.outbox.targets[given.target.id] = given.target
        self.write("config", given.target.id, "target", 0, given.target)
        self._settings_changed(given.target.vendor)

    def _remove_target(self, given: RemoveTarget) -> None:
        gone = self.outbox.targets.pop(given.id, None)
        self.sending.drop_all(given.id)
        self.write("config", given.id, "target removed", 0)
        if gone is not None:
            self._settings_changed(gone.vendor)

    def apply_settings(self, given: Configure, cause: int = 0) -> None:
        view = self.views[given.vendor]
        view.settings = msgspec.convert(given.settings, self.adapters[given.vendor].settings)
        self.write("config", given.vendor, "settings", cause, given.settings)
        self._settings_changed(given.vendor)

    def _settings_changed(self, vendor: str) -> None:
        self.tell_all(vendor, SettingsChanged(), self.journal.last_seq)

    def tell_all(self, vendor: str, told: Input, cause: int) -> None:
        """Tell every thing of a vendor that has a cell for it in its state."""
        for target, task in self.things.items():
            kept, adapter = self._machines[target.machine]
            if adapter.name == vendor and type(told) in kept.table[task.state]:
                self._told.append((target, told, cause))
        self.drain()

    def _note(self, given: Note) -> None:
        self.write("note", given.subject, given.text, 0)
