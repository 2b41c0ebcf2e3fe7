"""The delivery machine: an event becomes deliveries, a delivery attempts, an attempt an outcome.

It keeps nothing of its own: what is on its way is in the outbox, what is due in the timers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from recording_emulator.core.adapter import Adapter
from recording_emulator.core.addresses import why_closed
from recording_emulator.core.faults import ATTEMPT, CALLBACK, DELIVERY, Fault
from recording_emulator.core.inputs import Abandoned, Answered, Check, Dispatch, Resend
from recording_emulator.core.machine import Emit, Input, Target
from recording_emulator.core.members import ACKNOWLEDGED_MS, Moment
from recording_emulator.core.outbox import (
    OUTBOX,
    CallbackTarget,
    Delivery,
    Due,
    Failure,
    Fate,
    Outgoing,
    Overdue,
)
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

SENT: Final = 202
"""The status of a signal whose member does not say when it is done."""
SWAP_MS: Final = 60_000
"""How long a callback waits for the neighbour it is to be swapped with."""


class Sending:
    """Callbacks of one world on their way out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._outbox = world.outbox
        self._overdue: list[int] = []

    def first_of(self, call: int) -> int | None:
        """Return the earliest delivery under way that a call has led to."""
        led = self._world.journal.led
        return next((each.number for each in self._outbox.under_way if led(call, each.cause)), None)

    def take_overdue(self) -> list[int]:
        taken, self._overdue = self._overdue, []
        return taken

    def announce(self, adapter: Adapter, event: Emit, ordinal: int, cause: int) -> None:
        """Make a delivery for every target that wants the event, or for the one it names.

        There are as many as the vendor sends.
        """
        copies = adapter.copies(self._world.views[adapter.name].settings)
        if event.to:
            why = why_closed(event.to, self._world.spec.allow_hosts)
            if why:
                self._world.write("note", event.stream, f"callback not sent: {why}", cause)
            for _ in range(copies):
                delivery = self._delivery(adapter, event.to, event, ordinal, cause)
                self._send(msgspec.structs.replace(delivery, url=event.to), is_closed=bool(why))
            return
        for where in self._outbox.receivers(adapter.name, event.event):
            for _ in range(copies):
                self._send(self._delivery(adapter, where.id, event, ordinal, cause))

    def _delivery(
        self, adapter: Adapter, where: str, event: Emit, ordinal: int, cause: int
    ) -> Delivery:
        return Delivery(
            number=self._outbox.made + 1,
            target=where,
            vendor=adapter.name,
            event=event.event,
            stream=event.stream,
            ordinal=ordinal,
            emitted_ms=self._world.now_ms,
            cause=cause,
            facts=event.facts,
        )

    def place(self, delivery: Delivery) -> CallbackTarget | None:
        """Return where a delivery goes; None if that target is no more."""
        if not delivery.url:
            return self._outbox.targets.get(delivery.target)
        own = self._world.spec.credentials.get(delivery.vendor, {})
        secret = own.get("callback_secret", "")
        return CallbackTarget(delivery.target, delivery.vendor, delivery.url, secret)

    def _send(self, delivery: Delivery, *, is_closed: bool = False) -> None:
        """Put a delivery on its way, as a fault would have it."""
        if is_closed:
            self._outbox.add(msgspec.structs.replace(delivery, fate=Fate.DROPPED))
            return
        where = delivery.target
        fault = self._fault(delivery, DELIVERY)
        match fault and fault.effect:
            case "drop":
                self._outbox.add(msgspec.structs.replace(delivery, fate=Fate.DROPPED))
            case "delay" | "swap" as effect:
                self._outbox.add(msgspec.structs.replace(delivery, fate=Fate.RESTING))
                assert fault is not None
                rest_ms = fault.by_ms if effect == "delay" else SWAP_MS
                self._rest(delivery.number, rest_ms, self._world.journal.last_seq)
                if effect == "swap":
                    self._outbox.swapped[where] = delivery.number
                return
            case "duplicate":
                self._outbox.add(delivery)
                again = msgspec.structs.replace(delivery, number=self._outbox.made + 1)
                self._outbox.add(again)
            case _:
                self._outbox.add(delivery)
        if self._outbox.swapped:
            self._let_follow(where)

    def _fault(self, delivery: Delivery, effects: tuple[str, ...]) -> Fault | None:
        """Ask for a fault on a callback as a whole, or on the attempt that is about to be made."""
        if delivery.is_check or not self._world.faults.any_at(CALLBACK):
            return None
        event, room = delivery.event, delivery.facts.room
        return self._world.injection.struck(
            delivery.vendor, CALLBACK, event, room, delivery.cause, effects
        )

    def _let_follow(self, where: str) -> None:
        """Send what was to be swapped with its neighbour: the neighbour is in the queue."""
        number = self._outbox.swapped.pop(where, None)
        held = self._outbox.live.get(number) if number is not None else None
        if held is not None and held.fate is Fate.RESTING:
            self._world.timers.cancel(Target(OUTBOX, str(held.number)), "retry")
            self._outbox.update(held, fate=Fate.READY)

    def _rest(self, number: int, delay_ms: int, cause: int) -> None:
        target = Target(OUTBOX, str(number))
        self._world.arm(
            target, "retry", self._world.now_ms + delay_ms, Due(number), Tempo.SHORT, cause
        )

    def dispatch(self, _given: Dispatch) -> Outgoing | None:
        delivery = self._outbox.next_ready()
        if delivery is None:
            return None
        if delivery.is_signal:
            return self._world.members.dispatch(delivery)
        adapter = self._world.adapters[delivery.vendor]
        where = self.place(delivery)
        assert where is not None, delivery
        nth = len(delivery.tried) + 1
        attempt = self._world.write("attempt", where.id, f"{delivery.event} #{nth}", delivery.cause)
        fault = self._fault(delivery, ATTEMPT)
        effect = "" if fault is None else fault.effect
        stale_ms = fault.by_ms if fault is not None and effect == "stale" else 0
        signed_for = where
        if effect == "wrong_signature":
            signed_for = msgspec.structs.replace(where, secret=f"not {where.secret}")
        headers, body = adapter.outgoing(
            delivery, signed_for, self._world.now_ms - stale_ms, self._world.views[adapter.name]
        )
        self._outbox.begin(delivery, attempt, self._world.now_ms, effect, stale_ms)
        limit_ms = adapter.retry.limit_ms
        self._world.arm(
            Target(OUTBOX, str(delivery.number)),
            "limit",
            self._world.now_ms + limit_ms,
            Overdue(attempt),
            Tempo.SHORT,
            attempt,
        )
        if effect == "lose":
            return None
        sent = body[: len(body) // 2] if effect == "cut" else body
        is_cut_off = effect == "disconnect"
        return Outgoing(
            attempt, where.id, where.url, headers, sent, limit_ms, is_cut_off, delivery.number
        )

    def answered(self, given: Answered) -> None:
        delivery = self._outbox.close(given.attempt)
        if delivery is None:
            self._world.write("outcome", "", "late, ignored", given.attempt, given.status)
            return
        self._world.timers.cancel(Target(OUTBOX, str(delivery.number)), "limit")
        if delivery.is_signal:
            outcome = "failed" if given.error else "sent" if given.status == SENT else "accepted"
            self._ended(delivery, given.attempt, outcome, given.status, given.error, None)
            return
        settings = self._world.views[delivery.vendor].settings
        adapter = self._world.adapters[delivery.vendor]
        why = given.error or adapter.accepts(given.status, given.body, settings)
        if delivery.tried[-1].fault == "unheard":
            given, why = Answered(given.attempt, error="unheard"), "the answer was lost (fault)"
        outcome = "failed" if given.error else "refused" if why else "accepted"
        failure = given.failure if given.error else None
        self._ended(delivery, given.attempt, outcome, given.status, why, failure)

    def lost(self, attempt: int) -> None:
        """End an attempt on a signal that nobody will hear of."""
        self.answered(Answered(attempt, error="lost on the way (fault)"))

    def _ended(
        self,
        delivery: Delivery,
        attempt: int,
        outcome: str,
        status: int,
        why: str,
        failure: Failure | None,
    ) -> None:
        detail = {"status": status, "why": why} if why else {"status": status}
        seq = self._world.write("outcome", delivery.target, outcome, attempt, detail)
        last = msgspec.structs.replace(
            delivery.tried[-1],
            outcome=outcome,
            status=status,
            ended_ms=self._world.now_ms,
            why=why,
            failure=failure,
        )
        tried = (*delivery.tried[:-1], last)
        self._world.answering.release_reply(delivery.number)
        retry = self._world.adapters[delivery.vendor].retry
        gaps = () if delivery.is_check or delivery.is_signal else retry.gaps_ms
        if outcome in ("accepted", "sent"):
            self._outbox.update(delivery, tried=tried, fate=Fate.DELIVERED)
        elif len(tried) > len(gaps):
            self._outbox.update(delivery, tried=tried, fate=Fate.LOST)
        else:
            self._outbox.update(delivery, tried=tried, fate=Fate.RESTING)
            gap_ms = gaps[len(tried) - 1]
            if retry.is_from_request:
                gap_ms = max(0, gap_ms - (last.ended_ms - last.at_ms))
            if retry.in_order:
                self._outbox.block(delivery)
            self._rest(delivery.number, gap_ms, seq)

    def abandoned(self, given: Abandoned) -> None:
        number = self._outbox.open.get(given.attempt)
        if number is not None:
            delivery = self._outbox.live[number]
            self._outbox.free(delivery.target, given.attempt)
            self._world.write("outcome", delivery.target, "given up waiting", given.attempt)
            self._world.answering.release_reply(number)

    def on_timer(self, given: Input) -> None:
        match given:
            case Due(number):
                delivery = self._outbox.live.get(number)
                if delivery is not None:
                    self._outbox.update(delivery, fate=Fate.READY)
            case Overdue(attempt):
                delivery = self._outbox.close(attempt)
                if delivery is not None:
                    self._overdue.append(attempt)
                    limit_ms = self._world.adapters[delivery.vendor].retry.limit_ms
                    limit_ms = ACKNOWLEDGED_MS if delivery.is_signal else limit_ms
                    why = f"no answer within {limit_ms} ms"
                    self._ended(delivery, attempt, "timed_out", 0, why, Failure.TIMEOUT)
            case Moment():
                self._world.members.on_moment(given)
            case _:
                raise AssertionError(given)

    def resend(self, given: Resend) -> int:
        """Send a delivery once more under a new number, which is returned."""
        old = self._outbox.find(given.number)
        assert old is not None, given
        number = self._outbox.made + 1
        target = given.target or old.target
        again = msgspec.structs.replace(
            old, number=number, target=target, fate=Fate.READY, tried=()
        )
        self._outbox.add(again)
        return number

    def check(self, given: Check) -> tuple[int, ...]:
        """Send a test of every event that a target subscribes to; returns the deliveries' numbers.

        It is nothing that happened: no event is announced, and no fault bites.
        """
        world, where = self._world, self._outbox.targets[given.target]
        adapter = world.adapters[where.vendor]
        cause = world.write("check", where.id, where.vendor, 0, given)
        stream, first = f"check/{where.vendor}", self._outbox.made + 1
        for row in adapter.surface.events:
            if not (row.supported if where.events is None else row.id in where.events):
                continue
            ordinal = world.ordinals.get(stream, 0)
            world.ordinals[stream] = ordinal + 1
            self._outbox.add(
                Delivery(
                    number=self._outbox.made + 1,
                    target=where.id,
                    vendor=where.vendor,
                    event=row.id,
                    stream=stream,
                    ordinal=ordinal,
                    emitted_ms=world.now_ms,
                    cause=cause,
                    facts=adapter.check_facts(row.id),
                    is_check=True,
                )
            )
        return tuple(range(first, self._outbox.made + 1))

    def drop_all(self, target: str) -> None:
        """Drop what is on its way to a target that is no more."""
        self._outbox.swapped.pop(target, None)
        self._outbox.ready.pop(target, None)
        for delivery in [each for each in self._outbox.live.values() if each.target == target]:
            key = Target(OUTBOX, str(delivery.number))
            self._world.timers.cancel(key, "retry")
            self._world.timers.cancel(key, "limit")
            if delivery.tried:
                self._outbox.close(delivery.tried[-1].attempt)
            self._outbox.update(delivery, fate=Fate.DROPPED)
            self._world.answering.release_reply(delivery.number)
