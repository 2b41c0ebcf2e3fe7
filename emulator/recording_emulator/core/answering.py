"""The call machine: a client's call is limited, struck by a fault, stepped, and answered.

It keeps nothing of its own: calls that wait are in ``World.parked`` (by the vendor's rule) and
``World.held`` (for a callback's answer); what a fault will do to them is in ``World.spoils``.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec

from recording_emulator.core import faults
from recording_emulator.core.adapter import Adapter, Malformed
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import Answer, Call, Denied, Knock, Parked
from recording_emulator.core.machine import Input, Park, Refusal, Reply, Step, Target
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

MAX_BUCKETS: Final = 10_000
"""Rate limits are counted for so many accounts; beyond that, counting begins anew."""


def is_carried_out(fault: Fault) -> bool:
    """Whether a call that a fault matched is carried out all the same."""
    return fault.commit or fault.effect in faults.CARRIED_OUT


class Answering:
    """The calls of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answers: list[Answer] = []

    def call(self, call: Call) -> Answer | Parked:
        adapter = self._world.adapters[call.vendor]
        given = call.given
        room = given.room if type(given) is Malformed else adapter.room_of(given)
        seq = self._world.write("call", room, f"{call.vendor}.{call.operation}", 0, call)
        answer: Answer | Parked | None = self._limited(adapter, call, seq)
        fault = self._world.injection.on_call(adapter, call, room, seq) if answer is None else None
        if answer is None and (fault is None or is_carried_out(fault)):
            answer = self._stepped(adapter, given, seq)
            if not isinstance(answer, Answer) or not answer.row:
                self._world.timeline.accepted(call.vendor, call.operation, seq)
        self._world.drain()
        self._world.produced[call.vendor, "operation", call.operation] += 1
        if fault is not None:
            answer = self._spoiled(answer, fault, seq)
        assert answer is not None
        if type(answer) is Answer:
            self._journal_reply(call.vendor, answer, room)
        return answer

    def denied(self, given: Denied) -> Answer:
        name = f"{given.vendor}.{given.operation}"
        seq = self._world.write("call", "", name, 0, given)
        answer = Answer(seq, given.row, given.hint)
        self._journal_reply(given.vendor, answer, "")
        return answer

    def knock(self, given: Knock) -> int:
        """Return by how much the backend's wall clock is wrong, in milliseconds."""
        fault = self._world.injection.struck(given.vendor, faults.DOOR, "", "", 0)
        return 0 if fault is None else fault.by_ms

    def _limited(self, adapter: Adapter, call: Call, seq: int) -> Answer | None:
        view = self._world.views[adapter.name]
        quota = adapter.quota(
            call.operation, call.given, view.settings, self._world.spec.rate_limits
        )
        if quota is None:
            return None
        if len(self._world.quotas) > MAX_BUCKETS:
            self._world.quotas.clear()
        recent = self._world.quotas.setdefault(quota.bucket, deque())
        while recent and recent[0] <= self._world.now_ms - 1000:
            recent.popleft()
        if len(recent) >= quota.per_second:
            hint = f"more than {quota.per_second} calls in one second of tenant time"
            return Answer(seq, quota.row, hint)
        recent.append(self._world.now_ms)
        return None

    def _stepped(self, adapter: Adapter, given: Input, seq: int) -> Answer | Parked:
        if type(given) is Malformed:
            return Answer(seq, given.row, given.hint, says=given.says)
        where = adapter.locate(given, self._world.views[adapter.name])
        if type(where) is Refusal:
            return Answer(seq, where.row, where.hint, where.facts, where.says)
        assert type(where) is Target
        outcome = self._world.step(where, given, seq, is_call=True)
        if type(outcome) is Refusal:
            return Answer(seq, outcome.row, outcome.hint, outcome.facts, outcome.says)
        assert type(outcome) is Step, (where, given, outcome)
        for effect in outcome.effects:
            if type(effect) is Reply:
                return Answer(seq, effect.row, effect.hint, effect.facts)
            if type(effect) is Park:
                self._world.parked.setdefault(where, []).append(seq)
                return Parked(seq)
        raise AssertionError(f"{where} neither replied to nor parked {given}")

    def _spoiled(self, answer: Answer | Parked | None, fault: Fault, seq: int) -> Answer | Parked:
        """Do to an answer what a fault says; one that is parked gets it when it comes."""
        if type(answer) is Parked:
            self._world.spoils[seq] = fault
            return answer
        if fault.effect == "answer":
            hint = f"fault {fault.id}, firing {fault.fired}"
            return Answer(seq, fault.code, hint, is_injected=True)
        plain = answer if type(answer) is Answer else Answer(seq)
        if fault.effect != "before_reply":
            return msgspec.structs.replace(plain, spoil=fault)
        number = self._hurry(seq)
        if number is None:
            return plain
        self._world.held[number] = plain
        return Parked(seq, is_held=True)

    def _hurry(self, seq: int) -> int | None:
        """Bring what a call leads to forward to this instant, up to its first delivery."""
        first = self._world.outbox.made + 1
        while self._world.outbox.made < first:
            short = (each for each in self._world.timers if each.tempo is Tempo.SHORT)
            timer = next((each for each in short if self._world.journal.led(seq, each.cause)), None)
            if timer is None:  # then what it led to at once, if anything
                return self._world.sending.first_of(seq)
            self._world.timers.cancel(timer.target, timer.name)
            self._world.fired(timer)
        return first

    def release_reply(self, delivery: int) -> None:
        """Let a reply go that waited for this delivery's answer."""
        answer = self._world.held.pop(delivery, None)
        if answer is not None:
            self._answers.append(answer)
            self._world.write("reply", "", answer.row or "ok", answer.call, answer)

    def reply_parked(self, adapter: Adapter, target: Target, reply: Reply) -> None:
        waiting = self._world.parked.pop(target, None)
        if waiting is None:
            return
        self._world.timers.cancel(target, "park")
        for seq in waiting:
            answer = Answer(seq, reply.row, reply.hint, reply.facts)
            fault = self._world.spoils.pop(seq, None)
            if fault is not None:
                answer = self._spoil_late(answer, fault)
            self._answers.append(answer)
            self._journal_reply(adapter.name, answer, target.key)

    def _spoil_late(self, answer: Answer, fault: Fault) -> Answer:
        """Spoil the answer of a call that was parked; what it caused has come by now."""
        if fault.effect == "before_reply":
            return answer
        spoiled = self._spoiled(answer, fault, answer.call)
        assert type(spoiled) is Answer
        return spoiled

    def _journal_reply(self, vendor: str, answer: Answer, subject: str) -> None:
        if answer.row:
            kind = "error by fault" if answer.is_injected else "error"
            self._world.produced[vendor, kind, answer.row] += 1
        name = answer.row or "ok"
        self._world.write("reply", subject, name, answer.call, answer)

    def take(self) -> list[Answer]:
        """Hand over the answers of parked calls that have come due."""
        taken, self._answers = self._answers, []
        return taken
