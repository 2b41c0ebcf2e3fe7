"""Ids are keyed: what one room does, or a fault, changes no id elsewhere."""

from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import Answer, ArmFault, Call
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import AcquireParams
from recording_emulator.vendors.base import load


def world(seed: int = 0) -> World:
    return World(Spec("ids", seed=seed, credentials={"agora": {}}), load())


def acquired(where: World, cname: str) -> str:
    given = inputs.Acquire("", cname, "9", AcquireParams())
    answer = where.apply(Call("agora", "acquire", given))
    assert isinstance(answer, Answer)
    return answer.facts.resourceId if isinstance(answer.facts, inputs.Replied) else answer.row


def test_ids_of_one_room_do_not_depend_on_another() -> None:
    alone, busy = world(), world()

    first = [acquired(alone, "demo") for _ in range(3)]
    other = []
    for _ in range(3):
        acquired(busy, "other")
        other.append(acquired(busy, "demo"))

    assert first == other
    assert len(set(first)) == 3


def test_a_fault_changes_no_id() -> None:
    plain, faulty = world(), world()
    fault = Fault(id="f", vendor="agora", on="call", effect="answer", code="500 internal_error")
    faulty.apply(ArmFault(fault))

    refused = acquired(faulty, "demo")

    assert refused == "500 internal_error"
    assert acquired(faulty, "demo") == acquired(plain, "demo")


def test_the_seed_changes_every_id() -> None:
    assert acquired(world(1), "demo") != acquired(world(2), "demo")


def test_keyed_counters_stay_bounded_and_never_repeat_an_id(monkeypatch: object) -> None:
    where = world()
    seen = {acquired(where, "demo")}
    from recording_emulator.core import world as module

    limit = module.MAX_KEYED_DRAWS
    assert limit == 100_000
    for number in range(50):
        where.draws[("k", str(number))] = number
    where.draws_base = 7  # as if older keys had been evicted
    where.draws.pop(("agora.resource", "/demo/9"))

    seen.add(acquired(where, "demo"))

    assert len(seen) == 2
