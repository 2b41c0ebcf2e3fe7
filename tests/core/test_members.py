"""Members in arbitrary hands: nobody misses an event that is not told as missing.

A model says which events each member must have seen. Every input also goes to a twin that is
restored from a snapshot on the way, and both must answer alike.
"""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from recording_emulator.core import snapshot
from recording_emulator.core.faults import EVENT, Fault
from recording_emulator.core.inputs import (
    Answered,
    ArmFault,
    Bye,
    Call,
    Connect,
    Dispatch,
    Drop,
    Elapse,
    Fire,
    Resume,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.members import KEPT, REMEMBERED_MS
from recording_emulator.core.outbox import Outgoing
from recording_emulator.core.world import Spec, World

WHO = st.integers(0, 5)


def _toy() -> Any:
    """Load the made-up vendor of the wire's tests."""
    path = Path(__file__).parents[1] / "wire" / "conftest.py"
    spec = importlib.util.spec_from_file_location("toy_vendor", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["toy_vendor"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


toy = _toy()


class Members(RuleBasedStateMachine):
    """One tenant, its members, and what each of them has seen."""

    def __init__(self) -> None:
        super().__init__()
        spec = Spec("props", credentials={"toy": {}})
        self.worlds = [World(spec, (toy.Toy(),))]
        self.seen: dict[str, list[int]] = {}
        self.missed: dict[str, set[int]] = {}
        self.faults = 0

    @property
    def world(self) -> World:
        return self.worlds[0]

    def apply(self, given: Input) -> Any:
        results = [world.apply(given) for world in self.worlds]
        for world in self.worlds:
            world.take_answers()
            world.take_overdue()
        assert all(each == results[0] for each in results)
        return results[0]

    def nth(self, number: int) -> str | None:
        there = list(self.world.members.all)
        return there[number % len(there)] if there else None

    @rule(acks=st.booleans())
    def connect(self, acks: bool) -> None:
        welcomed = self.apply(Connect("toy", "u", acks))
        name = welcomed.member.id
        self.seen[name], self.missed[name] = [], set()
        self.apply(Call("toy", "join", toy.Join(name, "u")))

    @rule(who=WHO, times=st.sampled_from([1, 2, 300]))
    def say(self, who: int, times: int) -> None:
        name = self.nth(who)
        if name is not None:
            self.apply(Call("toy", "say", toy.Say(name, "x", times)))

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        name = self.nth(who)
        if name is not None:
            self.apply(Drop(name, self.world.members.all[name].epoch, "test"))

    @rule(who=WHO)
    def bye(self, who: int) -> None:
        name = self.nth(who)
        if name is not None:
            self.apply(Bye(name))

    @rule(who=WHO, acks=st.booleans())
    def resume(self, who: int, acks: bool) -> None:
        name = self.nth(who)
        if name is not None:
            last = max(self.seen[name], default=0)
            welcomed = self.apply(Resume(name, last, acks))
            told = range(last + 1, last + 1 + welcomed.missed)
            self.missed[name] = {*told, *(each for each in self.missed[name] if each <= last)}

    @rule(effect=st.sampled_from(EVENT), nth=st.integers(1, 3))
    def disturb(self, effect: str, nth: int) -> None:
        self.faults += 1
        by_ms = 5_000 if effect == "slow" else 0
        fault = Fault(id=f"f{self.faults}", vendor="toy", on="wire", effect=effect,
                      by_ms=by_ms, nth=nth)  # fmt: skip
        self.apply(ArmFault(fault))

    @rule(is_acked=st.booleans())
    def deliver(self, is_acked: bool) -> None:
        while self.world.outbox.has_ready:
            out = self.apply(Dispatch())
            if isinstance(out, Outgoing):
                self.received(out)
                answer = Answered(out.attempt, 200) if is_acked else Answered(out.attempt, error="")
                self.apply(answer)

    def received(self, out: Outgoing) -> None:
        told = dict(out.headers)
        if not out.is_cut_off:
            assert int(told["seq"]) > max(self.seen[out.target], default=0)
            self.seen[out.target].append(int(told["seq"]))

    @rule(delta_ms=st.sampled_from([0, 5_000, 30_000, REMEMBERED_MS]))
    def advance(self, delta_ms: int) -> None:
        until_ms = self.world.now_ms + delta_ms
        self.deliver(True)
        due = self.world.timers.peek()
        while due is not None and due.due_ms <= until_ms:
            self.apply(Elapse(max(due.due_ms, self.world.now_ms)))
            self.apply(Fire())
            self.deliver(True)
            due = self.world.timers.peek()
        self.apply(Elapse(until_ms))

    @rule()
    def snap(self) -> None:
        if len(self.worlds) == 1:
            raw = snapshot.take(self.world)
            self.worlds.append(snapshot.restore(raw, (toy.Toy(),)))

    @invariant()
    def a_member_without_faults_has_seen_all_that_was_not_told_as_missing(self) -> None:
        if self.faults or self.world.outbox.has_ready:
            return
        for member in self.world.members.all.values():
            if member.is_up:
                all_of_them = [*self.seen[member.id], *self.missed[member.id]]
                assert sorted(all_of_them) == list(range(1, member.seq + 1))

    @invariant()
    def what_is_kept_is_bounded_and_in_order(self) -> None:
        for name, kept in self.world.members.kept.items():
            numbers = [each.ordinal for each in kept]
            assert len(numbers) <= KEPT
            assert numbers == sorted(set(numbers))
            assert self.world.members.all[name].seq >= max(numbers, default=0)

    @invariant()
    def nothing_is_left_of_who_has_gone(self) -> None:
        known = self.world.members.all
        assert set(self.world.outbox.ready) <= set(known) | set(self.world.outbox.busy)
        assert self.world.outbox.evicted == 0


TestMembers = Members.TestCase
TestMembers.settings = settings(deadline=None, stateful_step_count=30, max_examples=100)
