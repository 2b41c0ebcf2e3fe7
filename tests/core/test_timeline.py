"""What is planned comes by itself, survives a snapshot, and is repeated by a replay."""

import pytest

from recording_emulator.core import rooms, snapshot
from recording_emulator.core.inputs import ChangeRoom, Elapse, Fire, Jump, Planned, Script
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.base import load

ENTRIES = (
    Planned(0, "join demo 41", ChangeRoom("agora", "demo", rooms.Join("41"))),
    Planned(5_000, "leave demo 41", ChangeRoom("agora", "demo", rooms.Leave("41"))),
    Planned(5_000, "leave demo 41", ChangeRoom("agora", "demo", rooms.Leave("41")), line=9),
    Planned(9_000, "advance 1h", Jump(3_600_000)),
    Planned(1_000, "join demo 42", ChangeRoom("agora", "demo", rooms.Join("42")), "agora.start"),
)


def world() -> World:
    made = World(Spec("w", keep_inputs=True, credentials={"agora": {}}), load())
    made.apply(Script("a story", "story.yaml", "the text", ENTRIES))
    return made


def people(where: World) -> list[str]:
    return list(where.room("agora", "demo").participants)


def run(where: World) -> None:
    while (due := where.timers.peek()) is not None:
        where.apply(Elapse(due.due_ms))
        where.apply(Fire())


def test_what_is_due_at_the_start_happens_at_the_start() -> None:
    where = world()

    assert people(where) == ["41"]
    assert len(where.timers) == 3


def test_what_is_due_later_happens_then_and_what_cannot_be_is_remembered() -> None:
    where = world()

    run(where)

    assert people(where) == []
    failed = where.timeline.standing.failed
    assert [(each.line, each.why) for each in failed] == [
        (9, "'41' is not in room 'demo'; there: nobody")
    ]
    assert where.timeline.take_jump() == where.now_ms + 3_600_000
    assert where.timeline.take_jump() == 0


def test_what_waits_for_a_call_counts_from_the_first_that_is_accepted() -> None:
    where = world()

    where.timeline.accepted("agora", "start", 1)
    where.timeline.accepted("agora", "start", 2)
    run(where)

    assert people(where) == ["42"]
    assert where.timeline.standing.accepted == {"agora.start": where.spec.start_ms}


@pytest.mark.parametrize("is_called", [False, True])
def test_a_snapshot_holds_what_is_planned(is_called: bool) -> None:
    where = world()
    if is_called:
        where.timeline.accepted("agora", "start", 1)

    again = snapshot.restore(snapshot.take(where), load())
    for each in (where, again):
        run(each)

    assert snapshot.take(again) == snapshot.take(where)
    assert again.timeline.standing.source == "the text"


def test_a_replay_repeats_it() -> None:
    where = world()
    run(where)

    assert where.inputs is not None
    again = snapshot.replay(where.spec, where.inputs, load())

    assert list(again.journal) == list(where.journal)
