"""Members: the clients of one world that hold a vendor's SDK, and the events on their way to them.

Rules:

1. A member's events are numbered from 1 (``seq``) in the order in which they were announced, and
   sent in that order, one at a time: a delivery like a callback's, without a retry.
2. What is announced while a member has no connection is kept. So are the latest events it was sent,
   up to ``KEPT``: one that resumes gets those after the last it had, and is told of a gap.
3. A member without a connection is remembered for ``REMEMBERED_MS`` of tenant time.
4. A member that is ``MAX_BEHIND`` events behind is cut off.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from recording_emulator.core import faults
from recording_emulator.core.adapter import Adapter
from recording_emulator.core.inputs import Bye, Connect, Cut, Drop, Resume
from recording_emulator.core.machine import Facts, Input, Signal, Target
from recording_emulator.core.outbox import OUTBOX, Delivery, Fate, Outgoing, Overdue
from recording_emulator.core.sdk import Change, Member
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

SCHEME: Final = "sdk:"
KEPT: Final = 256
MAX_BEHIND: Final = 1_000
MAX_MEMBERS: Final = 1_000
REMEMBERED_MS: Final = 120_000
LISTED: Final = 8
ACKNOWLEDGED_MS: Final = 10_000
"""How long an event waits for its acknowledgement on tenant time; then the next one goes."""
HALF_OPEN_MS: Final = 30_000
HANG_UP: Final = ""
"""The event of what is no event: the end of a connection."""
MOMENTS: Final = ("forget", "wake", "notice", "overflow")


class Moment(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Moment"):
    """Something is due on a member's connection."""

    member: str
    what: str


class Nothing(msgspec.Struct, Facts, frozen=True, gc=False, tag="core.Nothing"):
    """What the end of a connection has to say."""


class Welcomed(msgspec.Struct, frozen=True):
    """How a member stands as its connection begins; ``missed`` events will not come."""

    member: Member
    missed: int = 0


def line_url(tenant: str, member: str, epoch: int) -> str:
    """Name one connection of a member, for the courier.

    >>> line_url("a/b", "neroom:1", 2)
    'sdk:a%2Fb/neroom:1/2'
    """
    return f"{lines_of(tenant)}{member}/{epoch}"


def lines_of(tenant: str) -> str:
    """Return what the names of a tenant's connections begin with."""
    return f"{SCHEME}{quote(tenant, safe='')}/"


class Members:
    """The members of one world; what is on its way to them is in its outbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines = lines_of(world.spec.name)
        self.all: dict[str, Member] = {}
        self.kept: dict[str, deque[Delivery]] = {}
        self.made: Counter[str] = Counter()
        self.handlers: dict[type, Callable[[Any], Any]] = {
            Connect: self._connect,
            Resume: self._resume,
            Drop: self._drop,
            Bye: self._bye,
        }

    @property
    def up(self) -> list[Member]:
        return [each for each in self.all.values() if each.is_up]

    # --- coming and going ----------------------------------------------------------------------

    def _connect(self, given: Connect) -> Welcomed:
        self.made[given.vendor] += 1
        name = f"{given.vendor}:{self.made[given.vendor]}"
        member = self.all[name] = Member(
            name, given.vendor, given.user, given.acks, profile=given.profile
        )
        self.kept[name] = deque(maxlen=KEPT)
        cause = self._world.write("member", name, "connected", 0, given)
        self._tell(member, Change.CONNECTED, cause)
        return Welcomed(member)

    def _resume(self, given: Resume) -> Welcomed:
        world, member = self._world, self.all[given.member]
        if member.is_up:
            self._down(member, "came back on another connection")
            member = self.all[given.member]
        adapter = world.adapters[member.vendor]
        assert adapter.sdk is not None
        sdk = adapter.sdk
        is_whole = sdk.replays(world.views[member.vendor].settings)
        if is_whole and world.faults.any_at(faults.SDK.name):
            where = faults.SDK.name
            is_whole = not world.injection.struck(member.vendor, where, "", "", 0, ("gap",))
        late = [each for each in self.kept[member.id] if is_whole and each.ordinal > given.seq]
        missed = member.seq - given.seq - len(late)
        member = self.all[member.id] = msgspec.structs.replace(
            member,
            epoch=member.epoch + 1,
            acks=given.acks,
            is_up=True,
            sent=member.seq - len(late),
        )
        world.timers.cancel(Target(OUTBOX, member.id), "forget")
        detail = {"seq": given.seq, "again": len(late), "missed": missed}
        cause = world.write("member", member.id, "resumed", 0, detail)
        self.kept[member.id].clear()
        for each in late:
            self._queue(member, msgspec.structs.replace(each, cause=cause))
        self._tell(member, Change.RESUMED, cause)
        return Welcomed(member, missed)

    def _drop(self, given: Drop) -> None:
        member = self.all.get(given.member)
        if member is not None and member.is_up and member.epoch == given.epoch:
            self._down(member, given.why)

    def _bye(self, given: Bye) -> None:
        member = self.all.get(given.member)
        if member is not None:
            self._gone(member, Change.LEFT)

    def cut(self, given: Cut) -> str | None:
        """Take the connections of a user away; returns why not, if there is none."""
        found = [each for each in self.up if (each.vendor, each.user) == (given.vendor, given.user)]
        for member in found:
            self._hang_up(member, "the connection was lost")
        there = ", ".join(repr(each.user) for each in self.up[:LISTED]) or "nobody"
        return None if found else f"{given.user!r} has no connection; there: {there}"

    def _down(self, member: Member, why: str) -> None:
        world, where = self._world, Target(OUTBOX, member.id)
        cause = world.write("member", member.id, "dropped", 0, {"why": why})
        self._clear(member)
        down = msgspec.structs.replace(member, is_up=False, is_deaf=False, is_stalled=False)
        self.all[member.id] = down
        due_ms = world.now_ms + REMEMBERED_MS
        world.arm(where, "forget", due_ms, Moment(member.id, "forget"), Tempo.LONG, cause)
        self._tell(down, Change.DROPPED, cause)

    def _gone(self, member: Member, how: Change) -> None:
        cause = self._world.write("member", member.id, how.value, 0)
        self._clear(member)
        del self.all[member.id], self.kept[member.id]
        self._tell(msgspec.structs.replace(member, is_up=False), how, cause)

    def _clear(self, member: Member) -> None:
        """Take back what is not sent yet, and what is due; an event that is out stays out."""
        outbox = self._world.outbox
        for moment in MOMENTS:
            self._world.timers.cancel(Target(OUTBOX, member.id), moment)
        for number in outbox.ready.pop(member.id, ()):
            outbox.update(outbox.live[number], fate=Fate.DROPPED)
        for each in self._resting(member):
            outbox.update(each, fate=Fate.DROPPED)

    def _resting(self, member: Member) -> list[Delivery]:
        """Return what waits for a member that does not read, in order."""
        if not member.is_stalled:
            return []
        live = self._world.outbox.live.values()
        return [each for each in live if each.target == member.id and each.fate is Fate.RESTING]

    def _tell(self, member: Member, change: Change, cause: int) -> None:
        sdk = self._world.adapters[member.vendor].sdk
        given = None if sdk is None else sdk.hear(member, change)
        if given is not None:
            self._world.hear(member.vendor, given, cause)

    def _hang_up(self, member: Member, why: str) -> None:
        """End a connection from our side; it ends after an event that is out."""
        self._down(member, why)
        delivery = self._delivery(member, HANG_UP, self._world.journal.last_seq, Nothing())
        self._world.outbox.add(msgspec.structs.replace(delivery, ordinal=member.epoch))

    # --- events --------------------------------------------------------------------------------

    def signal(self, adapter: Adapter, target: Target, event: Signal, cause: int) -> None:
        """Announce an event: one entry, and a delivery for each member that still is one."""
        world = self._world
        world.produced[adapter.name, "event", event.event] += 1
        if event.facts.row:
            world.produced[adapter.name, "error", event.facts.row] += 1
        seq = world.write("event", target.key, event.event, cause, event.facts)
        for name in event.members:
            member = self.all.get(name)
            if member is not None:
                member = self.all[name] = msgspec.structs.replace(member, seq=member.seq + 1)
                self._queue(member, self._delivery(member, event.event, seq, event.facts))

    def _delivery(self, member: Member, event: str, cause: int, facts: Facts) -> Delivery:
        return Delivery(
            number=self._world.outbox.made + 1,
            target=member.id,
            vendor=member.vendor,
            event=event,
            stream=member.id,
            ordinal=member.seq,
            emitted_ms=self._world.now_ms,
            cause=cause,
            facts=facts,
            is_signal=True,
        )

    def _queue(self, member: Member, delivery: Delivery) -> None:
        """Keep an event, and send it if there is a connection."""
        world, kept = self._world, self.kept[member.id]
        if not member.is_up:
            kept.append(msgspec.structs.replace(delivery, number=0))
            return
        number = world.outbox.made + 1
        fate = Fate.RESTING if member.is_stalled else Fate.READY
        delivery = msgspec.structs.replace(delivery, number=number, fate=fate, tried=())
        if delivery.ordinal - member.sent > MAX_BEHIND:
            moment = Moment(member.id, "overflow")
            where = Target(OUTBOX, member.id)
            world.arm(where, "overflow", world.now_ms, moment, Tempo.SHORT, delivery.cause)
        kept.append(delivery)
        world.outbox.add(delivery)

    def dispatch(self, delivery: Delivery) -> Outgoing | None:
        """Begin to send an event, or to end a connection."""
        world, name = self._world, delivery.target
        if delivery.event == HANG_UP:
            return self._outgoing(delivery, delivery.ordinal, "hang up", is_cut_off=True)
        member = self.all[name] = msgspec.structs.replace(self.all[name], sent=delivery.ordinal)
        fault = None
        if world.faults.any_at(faults.SDK.name) and not member.is_deaf:
            on, room = faults.SDK.name, delivery.facts.room
            fault = world.injection.struck(
                member.vendor, on, delivery.event, room, delivery.cause, faults.EVENT
            )
        match fault and fault.effect:
            case "slow":
                assert fault is not None
                self._stall(member, delivery, fault.by_ms)
                return None
            case "half_open":
                assert fault is not None
                self._deafen(member, fault.for_ms or HALF_OPEN_MS)
                member = self.all[name]
            case _:
                pass
        told = f"{delivery.event} {delivery.ordinal}"
        is_cut_off = fault is not None and fault.effect == "drop"
        out = self._outgoing(delivery, member.epoch, told, is_cut_off=is_cut_off)
        if is_cut_off:
            self._down(member, "the connection was cut (fault)")
        elif member.is_deaf or (fault is not None and fault.effect == "lose"):
            world.sending.lost(out.attempt)
            return None
        return out

    def _outgoing(self, delivery: Delivery, epoch: int, told: str, *, is_cut_off: bool) -> Outgoing:
        world, name = self._world, delivery.target
        said = None if delivery.event == HANG_UP else self._said(delivery)
        attempt = world.write("attempt", name, told, delivery.cause, said)
        world.outbox.begin(delivery, attempt, world.now_ms, "drop" if is_cut_off else "")
        due_ms = world.now_ms + ACKNOWLEDGED_MS
        where = Target(OUTBOX, str(delivery.number))
        world.arm(where, "limit", due_ms, Overdue(attempt), Tempo.SHORT, attempt)
        url = f"{self._lines}{name}/{epoch}"
        headers = (("event", delivery.event), ("seq", str(delivery.ordinal)))
        stamp = {"seq": delivery.ordinal, "at_ms": delivery.emitted_ms}
        body = b"" if is_cut_off else msgspec.json.encode({**stamp, **(said or {})})
        return Outgoing(attempt, name, url, headers, body, ACKNOWLEDGED_MS, is_cut_off)

    def _said(self, delivery: Delivery) -> dict[str, Any]:
        adapter = self._world.adapters[delivery.vendor]
        assert adapter.sdk is not None
        view = self._world.views[delivery.vendor]
        args = adapter.sdk.args(delivery.event, delivery.facts, view)
        return {"room": delivery.facts.room, "args": args}

    # --- faults --------------------------------------------------------------------------------

    def _stall(self, member: Member, delivery: Delivery, by_ms: int) -> None:
        """Hold back what a member does not read; ``delivery`` has left the queue already."""
        outbox = self._world.outbox
        self.all[member.id] = msgspec.structs.replace(member, is_stalled=True)
        later = outbox.ready.pop(member.id, ())
        for number in (delivery.number, *later):
            outbox.update(outbox.live[number], fate=Fate.RESTING)
        self._arm(member, "wake", by_ms)

    def _deafen(self, member: Member, for_ms: int) -> None:
        self.all[member.id] = msgspec.structs.replace(member, is_deaf=True)
        self._arm(member, "notice", for_ms)

    def _arm(self, member: Member, what: str, after_ms: int) -> None:
        world, where = self._world, Target(OUTBOX, member.id)
        due_ms, cause = world.now_ms + after_ms, world.journal.last_seq
        world.arm(where, what, due_ms, Moment(member.id, what), Tempo.SHORT, cause)

    def on_moment(self, given: Moment) -> None:
        member = self.all[given.member]
        match given.what:
            case "forget":
                self._gone(member, Change.FORGOTTEN)
            case "wake":
                waiting = self._resting(member)
                self.all[member.id] = msgspec.structs.replace(member, is_stalled=False)
                for each in waiting:
                    self._world.outbox.update(each, fate=Fate.READY)
            case "notice":
                self._hang_up(member, "the connection was dead")
            case "overflow":
                self._hang_up(member, f"{MAX_BEHIND:,} events behind")
            case _:
                raise AssertionError(given)
