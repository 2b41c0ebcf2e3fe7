"""Magic rooms: a name that arms a fault, in tenants that let it, the same every time."""

import pytest

from recording_emulator.core import magic, snapshot
from recording_emulator.core.inputs import AddTarget, Call
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import ADAPTER, inputs
from recording_emulator.vendors.agora.bodies import AcquireParams, StartParams, Storage
from recording_emulator.vendors.agora.surface import SURFACE


def world(*, magic_rooms: bool = True) -> World:
    spec = Spec("w", magic_rooms=magic_rooms, keep_inputs=True, credentials={"agora": {}})
    made = World(spec, [ADAPTER])
    made.apply(AddTarget(CallbackTarget("a", "agora", "http://127.0.0.1:1/", "s")))
    return made


def acquire(where: World, room: str) -> str:
    given = inputs.Acquire("", room, "9", AcquireParams())
    answer = where.apply(Call("agora", "acquire", given))
    return str(answer.row or answer.facts.resourceId)


def start(where: World, room: str, resource: str) -> str:
    params = StartParams(Storage(1, 0, "b", "k", "s"))
    given = inputs.Start("", resource, "mix", room, "9", params)
    answer = where.apply(Call("agora", "start", given))
    return answer.row or str(answer.facts.sid)


@pytest.mark.parametrize("room", ["fault-agora-start-65", "fault-agora-start-65.run7"])
def test_every_call_of_such_a_room_gets_its_error(room: str) -> None:
    where = world()
    resource = acquire(where, room)

    answers = [start(where, room, resource) for _ in range(3)]

    assert answers == ["65 request not completed"] * 3


def test_once_is_once_for_each_room() -> None:
    where = world()
    first, second = "fault-agora-start-65-once", "fault-agora-start-65-once.b"
    one, two = acquire(where, first), acquire(where, second)

    answers = [start(where, *each)[:2] for each in ((first, one), (first, one), (second, two))]

    assert answers[0] == answers[2] == "65"
    assert answers[1] != "65"


def test_a_room_without_the_setting_is_a_room() -> None:
    where = world(magic_rooms=False)
    resource = acquire(where, "fault-agora-start-65")

    assert len(start(where, "fault-agora-start-65", resource)) == 32
    assert list(where.faults) == []


def test_other_rooms_are_left_alone() -> None:
    where = world()
    magical, plain = acquire(where, "fault-agora-start-65"), acquire(where, "demo")

    assert start(where, "fault-agora-start-65", magical)[:2] == "65"
    assert len(start(where, "demo", plain)) == 32


def test_a_query_is_known_by_the_room_of_its_task() -> None:
    where = world()
    room = "fault-agora-query-404"
    resource = acquire(where, room)
    sid = start(where, room, resource)

    answer = where.apply(Call("agora", "query", inputs.Query("", resource, sid, "mix")))

    assert answer.row == "404 failed to find worker"


@pytest.mark.parametrize(
    ("room", "on", "name", "effect"),
    [
        ("fault-agora-upload-fail", "upload", "", "fail"),
        ("fault-agora-recorder-crash", "recorder", "", "crash"),
        ("fault-agora-service-time_out", "service", "", "time_out"),
        ("fault-agora-40-drop", "callback", "40", "drop"),
        ("fault-agora-callback-lose", "callback", "", "lose"),
        ("fault-agora-stop-reset", "call", "stop", "reset"),
    ],
)
def test_points_events_and_effects_can_be_named(room: str, on: str, name: str, effect: str) -> None:
    where = world()

    acquire(where, room)

    assert [(f.on, f.name, f.effect, f.room, f.times) for f in where.faults] == [
        (on, name, effect, room, None)
    ]


@pytest.mark.parametrize(
    ("room", "why"),
    [
        ("fault-agora-start-777", "start has no error '777'; it has "),
        ("fault-agora-halt-65", "on is one of call, callback, door, "),
        ("fault-agora-upload-melt", "the effect of a fault on 'upload' is one of fail, slow, "),
        ("fault-agora-callback-delay", "the effect 'delay' needs by_ms"),
    ],
)
def test_a_name_that_arms_nothing_says_why_in_the_journal(room: str, why: str) -> None:
    where = world()

    acquire(where, room)

    notes = [each.name for each in where.journal if each.kind == "note"]
    assert [each.startswith(f"the room's name arms no fault: {why}") for each in notes] == [True]
    assert list(where.faults) == []


def test_every_listed_spell_arms_a_fault() -> None:
    listed = [name for name, _ in magic.spells(ADAPTER) if "<" not in name]

    made = [magic.fault(ADAPTER, name, 0) for name in listed]

    assert [each for each in made if isinstance(each, str)] == []
    assert len(listed) > len(SURFACE.faults)


def test_a_replay_arms_the_same_fault() -> None:
    where = world()
    room = "fault-agora-start-65"
    start(where, room, acquire(where, room))

    assert where.inputs is not None
    again = snapshot.replay(where.spec, where.inputs, [ADAPTER])

    assert list(again.faults) == list(where.faults)
    assert list(again.journal) == list(where.journal)
