"""The world's own bounds and rules, apart from any vendor's."""

from collections.abc import Sized

import pytest

from recording_emulator.core.inputs import (
    AddTarget,
    Answered,
    Call,
    ChangeRoom,
    Configure,
    Denied,
    Dispatch,
    Elapse,
    Fire,
    Note,
    RemoveTarget,
    Resend,
)
from recording_emulator.core.outbox import CallbackTarget, Fate
from recording_emulator.core.rooms import Join, Leave
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import AcquireParams, StartParams, Storage
from recording_emulator.vendors.base import load


def world(**spec: int) -> World:
    return World(Spec("w", credentials={"agora": {}}, **spec), load())  # type: ignore[arg-type]


def acquire(where: World, uid: int) -> str:
    given = inputs.Acquire("", "demo", str(uid), AcquireParams())
    answer = where.apply(Call("agora", "acquire", given))
    return str(answer.facts.resourceId if not answer.row else answer.row)


def with_event(where: World, *targets: str) -> None:
    """Make event 3 happen, which needs no time."""
    for target in targets:
        where.apply(AddTarget(CallbackTarget(target, "agora", f"http://127.0.0.1:1/{target}", "s")))
    resource = acquire(where, 9)
    params = StartParams(Storage(1, 0, "b", "k", "s"))
    given = inputs.Start("", resource, "mix", "demo", "9", params)
    where.apply(Call("agora", "start", given))
    where.apply(Call("agora", "start", given))


def test_ended_things_are_forgotten_beyond_their_limit() -> None:
    where = world(ended_limit=10)
    for uid in range(1, 31):
        acquire(where, uid)

    for timer in list(where.timers):
        where.apply(Elapse(timer.due_ms))
        where.apply(Fire())

    assert len(where.things) == 10
    assert where.ended_evicted == 20


def test_a_full_tenant_refuses_as_the_vendor_does_without_capacity() -> None:
    where = world(live_limit=3)

    answers = [acquire(where, uid) for uid in range(1, 6)]

    assert answers[3:] == ["501 no_worker_manager_available"] * 2


def test_time_never_jumps_over_a_due_timer() -> None:
    where = world()
    acquire(where, 1)

    with pytest.raises(AssertionError):
        where.apply(Elapse(where.now_ms + 300_001))


def test_two_targets_each_get_their_own_delivery() -> None:
    where = world()
    with_event(where, "a", "b")

    sent = [where.apply(Dispatch()), where.apply(Dispatch())]

    assert [out.target for out in sent] == ["a", "b"]
    assert sent[0].body == sent[1].body
    assert where.apply(Dispatch()) is None


def test_an_answer_to_an_attempt_that_has_ended_is_ignored_and_journalled() -> None:
    where = world()
    with_event(where, "a")
    out = where.apply(Dispatch())
    where.apply(Answered(out.attempt, 200, b"{}"))

    where.apply(Answered(out.attempt, 500, b""))

    assert where.journal.entries[-1].name == "late, ignored"
    assert [each.fate for each in where.outbox.every()] == [Fate.DELIVERED]


def test_removing_a_target_drops_what_is_on_its_way_there() -> None:
    where = world()
    with_event(where, "a")

    where.apply(RemoveTarget("a"))

    assert [each.fate for each in where.outbox.every()] == [Fate.DROPPED]
    assert where.apply(Dispatch()) is None


def test_a_callback_can_be_sent_again_under_a_new_number() -> None:
    where = world()
    with_event(where, "a")
    first = where.apply(Dispatch())
    where.apply(Answered(first.attempt, 200, b"{}"))

    number = where.apply(Resend(1))
    again = where.apply(Dispatch())

    assert number == 2
    assert again.body == first.body


def test_settings_change_from_now_on() -> None:
    where = world()

    where.apply(Configure("agora", {"concurrency": 0}))

    assert acquire(where, 1) == "406 vendor_over_load"


def test_a_denied_call_is_journalled_with_its_row() -> None:
    where = world()

    answer = where.apply(Denied("agora", "acquire", "Unauthorized", "no header"))

    assert (answer.row, answer.hint) == ("Unauthorized", "no header")
    assert [(e.kind, e.name) for e in where.journal] == [
        ("call", "agora.acquire"),
        ("reply", "Unauthorized"),
    ]
    assert where.produced["agora", "error", "Unauthorized"] == 1


def test_a_remark_stands_in_the_journal() -> None:
    where = world()

    where.apply(Note("test", "half time"))

    assert where.journal.entries[-1].name == "half time"


@pytest.mark.parametrize("stopped_after_ms", [0, 10_000])
def test_a_room_of_a_synthetic_participant_goes_with_its_last_recorder(
    stopped_after_ms: int,
) -> None:
    where = world()
    resource = acquire(where, 9)
    params = StartParams(Storage(1, 0, "b", "k", "s"))
    start = inputs.Start("", resource, "mix", "demo", "9", params)
    sid = where.apply(Call("agora", "start", start)).facts.sid
    elapse(where, stopped_after_ms)
    assert list(where.rooms) == [("agora", "demo")]

    where.apply(Call("agora", "stop", inputs.Stop("", resource, sid, "mix", "demo", "9", True)))
    elapse(where, 5_000)

    assert where.rooms == {}


def elapse(where: World, delta_ms: int) -> None:
    until_ms = where.now_ms + delta_ms
    while (due := where.timers.peek()) is not None and due.due_ms <= until_ms:
        where.apply(Elapse(due.due_ms))
        where.apply(Fire())
    where.apply(Elapse(until_ms))


def test_a_room_that_people_have_left_is_remembered_up_to_a_limit() -> None:
    where = world()
    for number in range(10_003):
        where.apply(ChangeRoom("agora", f"r{number}", Join("41")))
        where.apply(ChangeRoom("agora", f"r{number}", Leave("41")))

    assert len(where.rooms) == 10_000
    assert where.room("agora", "r10002").ever_joined
    assert not where.room("agora", "r0").ever_joined


def record_and_stop(where: World, count: int) -> None:
    """Have tasks live from acquire to exit, one after the other, in ten rooms in turn."""
    params = StartParams(Storage(1, 0, "b", "k", "s"))
    for number in range(count):
        cname = f"r{number % 10}"
        acquired = where.apply(
            Call("agora", "acquire", inputs.Acquire("", cname, "9", AcquireParams()))
        )
        resource = acquired.facts.resourceId
        start = inputs.Start("", resource, "mix", cname, "9", params)
        sid = where.apply(Call("agora", "start", start)).facts.sid
        elapse(where, 20_000)
        stop = inputs.Stop("", resource, sid, "mix", cname, "9", True)
        assert not where.apply(Call("agora", "stop", stop)).row
        elapse(where, 5_000)


def lengths(where: World) -> dict[str, int]:
    """Count everything that a world keeps; cancelled timers leave their heap in their own time."""
    parts = (where, where.timers, where.journal, where.outbox, where.objects)
    return {
        f"{type(part).__name__}.{name}": len(kept)
        for part in parts
        for name, kept in vars(part).items()
        if isinstance(kept, Sized) and name != "_heap"
    }


def test_a_hundred_lives_leave_no_more_behind_than_fifty() -> None:
    where = world(journal_limit=50, ended_limit=30, objects_limit=20)
    record_and_stop(where, 50)
    after_fifty = lengths(where)

    record_and_stop(where, 50)

    assert lengths(where) == after_fifty
    assert (where.timers.peek(), where.rooms, where.claims) == (None, {}, {})


@pytest.mark.parametrize(("real", "receives"), [((), ["stand-in"]), (("real",), ["real"])])
def test_a_stand_in_receives_only_what_no_other_target_wants(
    real: tuple[str, ...], receives: list[str]
) -> None:
    where = world()
    stand_in = CallbackTarget("stand-in", "agora", "scenario:", "s", is_fallback=True)
    where.apply(AddTarget(stand_in))

    with_event(where, *real)

    assert [each.target for each in where.outbox.every()] == receives
