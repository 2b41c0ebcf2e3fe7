"""Arbitrary plans against the runtime: an advance leaves nothing in flight."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.couriers import AtHand

from recording_emulator.core.inputs import AddTarget, Answered, Call, ChangeRoom
from recording_emulator.core.machine import Input
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.core.rooms import Join, Leave
from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import AcquireParams, StartParams, Storage
from recording_emulator.vendors.base import load

BEHAVIOURS = st.sampled_from(["ok", "ok", "ok", "fail", "hang", "stop", "advance"])
STEPS = st.sampled_from(["join", "leave", "start again", "advance", "stop", "two advances"])


class Receiver(AtHand):
    """Behaves as planned, then well. Its handlers may stop the recording, or advance."""

    def __init__(self, plan: list[str]) -> None:
        self.plan = list(plan)
        self.stop: Callable[[], Awaitable[Any]] | None = None
        self.hand: Hand | None = None

    async def post(self, attempt: Outgoing) -> Answered:
        behaviour = self.plan.pop(0) if self.plan else "ok"
        if behaviour == "hang":
            await asyncio.Event().wait()
        if behaviour == "stop" and self.stop is not None:
            await self.stop()
        if behaviour == "advance" and self.hand is not None:
            await self.hand.advance(700, is_inside=True)
        return Answered(attempt.attempt, 500 if behaviour == "fail" else 200, b"{}")


async def ask(hand: Hand, operation: str, asked: Input) -> Any:
    hand.enter()
    try:
        return (await hand.call(Call("agora", operation, asked))).facts
    finally:
        hand.leave()


async def play(plan: list[str], steps: list[str]) -> list[str]:
    receiver = Receiver(plan)
    directory = Directory(load(), receiver)
    hand = directory.create(Wanted("plan", guard_ms=10, grace_ms=5), 0)
    hand.apply(AddTarget(CallbackTarget("t", "agora", "http://127.0.0.1:1/", "s")))
    acquired = await ask(hand, "acquire", inputs.Acquire("", "demo", "9", AcquireParams()))
    params = StartParams(Storage(1, 0, "b", "k", "s"))
    start = inputs.Start("", acquired.resourceId, "mix", "demo", "9", params)
    started = await ask(hand, "start", start)
    stop = inputs.Stop("", acquired.resourceId, started.sid, "mix", "demo", "9")
    receiver.stop = lambda: ask(hand, "stop", stop)
    receiver.hand = hand
    left: list[str] = []
    for step in steps:
        match step:
            case "join":
                hand.apply(ChangeRoom("agora", "demo", Join("41")))
            case "leave":
                hand.apply(ChangeRoom("agora", "demo", Leave("41")))
            case "start again":
                await ask(hand, "start", start)
            case "stop":
                await ask(hand, "stop", stop)
            case "two advances":
                await asyncio.gather(hand.advance(5_000), hand.advance(5_000))
            case _:
                pass
        await hand.advance(20_000)
        left += hand.in_flight
    await directory.close()
    return left


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(BEHAVIOURS, max_size=8), st.lists(STEPS, min_size=1, max_size=4))
def test_nothing_is_in_flight_after_an_advance(plan: list[str], steps: list[str]) -> None:
    assert asyncio.run(play(plan, steps)) == []


def test_every_error_of_ours_has_a_place_in_the_tree() -> None:
    from recording_emulator import errors

    assert all(issubclass(each, EmulatorError) for each in errors.BY_NAME.values())
