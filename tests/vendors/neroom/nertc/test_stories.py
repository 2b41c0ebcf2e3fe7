"""Whatever happens to a channel, in whatever order: no table lacks a cell, and replay is equal."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recording_emulator.core import rooms, snapshot
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import (
    Answer,
    ArmFault,
    Call,
    ChangeRoom,
    Elapse,
    Fire,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom import inputs as neroom
from recording_emulator.vendors.neroom.nertc.inputs import (
    ByChannel,
    Delete,
    Look,
    Make,
    MediaFiles,
    Members,
    OldRecord,
    Stop,
    Streams,
    Submit,
    Tasks,
    Update,
    UpdateSubs,
    Wish,
)

ROOM = "room-7"
CALLS: dict[str, ByChannel] = {
    "make": Make(0, ROOM),
    "look": Look(0, ROOM),
    "members": Members(0, ROOM),
    "delete": Delete(0, ROOM),
    "submit": Submit(0, ROOM, wish=Wish()),
    "submit nulls": Submit(0, ROOM, wish=Wish(is_void=True)),
    "update": Update(0, ROOM, task="", told={"layoutConfig": {}}),
    "subscribe": UpdateSubs(0, ROOM, task="", streams=Streams(has_video=False), told={}),
    "tasks": Tasks(0, ROOM, task=""),
    "stop": Stop(0, ROOM, task=""),
    "old": OldRecord(0, ROOM, audio=True, video=True, kind=0),
    "old end": OldRecord(0, ROOM, audio=False, video=False, kind=0),
    "files": MediaFiles(0, ROOM),
}
CHANGES: dict[str, Input] = {
    "join": rooms.Join("31001"),
    "join too": rooms.Join("bob", video=False),
    "mute": rooms.Publish("31001", audio=False),
    "leave": rooms.Leave("31001"),
    "leave too": rooms.Leave("bob"),
}
WHO: dict[str, Any] = {"member": "alice/1", "user": "alice", "room": ROOM}
ROOMS: dict[str, Input] = {
    "create": neroom.Create(**WHO, name="Demo", has_record=True),
    "enter": neroom.Enter(**WHO, name="Alice", role="host"),
    "talk": neroom.EnterRtc(**WHO),
    "exit rtc": neroom.ExitRtc(**WHO),
    "record": neroom.StartRecord(**WHO),
    "end": neroom.End(**WHO),
}
WAITS = {"a minute": 60_000, "two hours": 7_200_000, "a day": 86_400_000}
STEPS = st.lists(
    st.sampled_from([*CALLS, *CHANGES, *ROOMS, *WAITS, "by number", "crash"]),
    min_size=5,
    max_size=40,
)


def begun() -> World:
    own = {"neroom": ADAPTER.credentials("story")}
    told = {"neroom": {"rtc_copies": True}}
    return World(Spec("story", credentials=own, settings=told, keep_inputs=True), (ADAPTER,))


def wait(world: World, until_ms: int) -> None:
    while (due := world.timers.peek()) is not None and due.due_ms <= until_ms:
        world.apply(Elapse(max(due.due_ms, world.now_ms)))
        world.apply(Fire())
    world.apply(Elapse(until_ms))


def take(world: World, name: str, numbers: list[int]) -> None:
    """Take one step of a story."""
    if name in WAITS:
        wait(world, world.now_ms + WAITS[name])
    elif name in CHANGES:
        world.apply(ChangeRoom("neroom", ROOM, CHANGES[name]))
    elif name == "crash":
        struck = Fault(id="crash", vendor="neroom", on="cloudrecord", effect="crash")
        world.apply(ArmFault(struck))
    else:
        for given_call in meant(name, numbers):
            answer = world.apply(Call("neroom", f"a story's {name}", given_call))
            assert isinstance(answer, Answer)
            held = world.claims.get(("neroom", f"channel/{ROOM}"))
            if held is not None and int(held) not in numbers:
                numbers.append(int(held))


def meant(name: str, numbers: list[int]) -> list[Input]:
    """Return the calls of a step; by number it is every call about every channel so far."""
    if name in ROOMS:
        return [ROOMS[name]]
    if name in CALLS:
        return [CALLS[name]]
    return [
        replaced(each, number)
        for number in numbers
        for call, each in CALLS.items()
        if call not in ("make", "delete")
    ]


def replaced(call: ByChannel, number: int) -> ByChannel:
    return msgspec.structs.replace(call, cid=number, cname="")


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=STEPS)
def test_any_story_can_be_lived_taken_and_replayed(steps: list[str]) -> None:
    world, numbers = begun(), list[int]()

    for name in steps:
        take(world, name, numbers)
        held = world.claims.get(("neroom", f"channel/{ROOM}"))
        live = [each for (_, name), each in world.claims.items() if name.startswith("task/")]
        assert len(live) <= 1
        assert not live or held is not None

    taken = snapshot.take(world)
    again = begun()
    for given_input in world.inputs or []:
        again.apply(given_input)
    assert snapshot.take(again) == taken
    assert snapshot.take(snapshot.restore(taken, (ADAPTER,))) == taken
