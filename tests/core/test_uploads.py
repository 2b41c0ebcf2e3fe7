"""Uploads as the core knows them: who is told of what, what is kept, and what comes too late."""

from msgspec.structs import replace

from recording_emulator.core import snapshot
from recording_emulator.core.inputs import AddTarget, Call, ChangeRoom, Elapse, Fire
from recording_emulator.core.machine import Target
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.core.rooms import Join
from recording_emulator.core.uploads import AT_ONCE, Outcome, Uploaded
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import ADAPTER, inputs
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    ExtensionParams,
    StartParams,
    Storage,
)

HERE = Storage(11, 0, "b", "k", "s", extensionParams=ExtensionParams(endpoint="127.0.0.1:9000"))


def uploading() -> World:
    """A world whose first upload is out."""
    spec = Spec("s", keep_inputs=True, credentials={"agora": {}})
    world = World(spec, [ADAPTER])
    world.apply(AddTarget(CallbackTarget("t", "agora", "http://127.0.0.1:1/", "s")))
    world.apply(ChangeRoom("agora", "demo", Join("41")))
    answer = world.apply(Call("agora", "acquire", inputs.Acquire("", "demo", "9", AcquireParams())))
    resource = answer.facts.resourceId
    start = inputs.Start("", resource, "mix", "demo", "9", StartParams(HERE))
    world.apply(Call("agora", "start", start))
    return until_one_is_out(world)


def until_one_is_out(world: World) -> World:
    while not world.uploads.live:
        due = world.timers.peek()
        assert due is not None
        world.apply(Elapse(due.due_ms))
        world.apply(Fire())
    return world


def events(world: World) -> list[str]:
    return [each.name for each in world.journal if each.kind == "event"]


def test_an_upload_is_handed_over_once_with_the_files_of_its_instant() -> None:
    world = uploading()

    (taken,) = world.uploads.take()

    keys = [file.key.rpartition(".")[2] for file, _ in world.uploads.parcels(taken)]
    assert keys == ["ts", "m3u8"]
    assert world.uploads.take() == []
    assert (taken.place.url, taken.place.is_named) == ("http://127.0.0.1:9000", True)


def test_what_follows_an_upload_happens_when_it_has_come_back_and_only_once() -> None:
    world = uploading()
    (taken,) = world.uploads.take()
    before = events(world)

    for _ in range(2):
        world.apply(Uploaded(taken.number, Outcome.STORED, 2))

    assert "4" not in before
    assert [each for each in events(world) if each not in before] == ["4"]


def test_a_snapshot_keeps_an_upload_that_is_out_and_it_is_carried_out_anew() -> None:
    world = uploading()
    world.uploads.take()

    restored = snapshot.restore(snapshot.take(world), [ADAPTER])

    assert [each.place.secret for each in restored.uploads.take()] == ["s"]
    assert snapshot.take(restored) == snapshot.take(world)


def test_a_snapshot_knows_where_uploads_went_whatever_is_out_by_then() -> None:
    world = uploading()
    (taken,) = world.uploads.take()
    world.apply(Uploaded(taken.number, Outcome.STORED, 2))

    restored = snapshot.restore(snapshot.take(world), [ADAPTER])

    assert list(restored.uploads.addresses) == ["http://127.0.0.1:9000"]


def test_equal_outcomes_replay_to_an_equal_world() -> None:
    world = uploading()
    (taken,) = world.uploads.take()
    world.apply(Uploaded(taken.number, Outcome.UNREACHABLE, why="no connection"))
    assert world.inputs is not None

    again = snapshot.replay(world.spec, world.inputs, [ADAPTER])

    assert list(again.journal) == list(world.journal)
    assert [each for each in events(again) if each in ("2", "4")] == ["2", "4"]


def test_the_journal_names_the_place_and_not_its_keys() -> None:
    world = uploading()

    (told,) = [each for each in world.journal if each.kind == "upload"]

    assert told.detail == {"endpoint": "http://127.0.0.1:9000", "bucket": "b"}


def stored_slices(world: World) -> World:
    """A world whose first upload has arrived, and whose next one is out."""
    (taken,) = world.uploads.take()
    world.apply(Uploaded(taken.number, Outcome.STORED, 2))
    return until_one_is_out(world)


def test_what_has_arrived_stays_away_and_indexes_come_last() -> None:
    world = uploading()
    first = keys(world, world.uploads.waiting[0])

    then = keys(stored_slices(world), world.uploads.waiting[0])

    assert [key.rpartition(".")[2] for key in then] == ["ts", "ts", "ts", "m3u8"]
    assert set(first) & set(then) == {first[-1]}


def keys(world: World, number: int) -> list[str]:
    return [file.key for file, _ in world.uploads.parcels(world.uploads.live[number])]


def test_what_did_not_arrive_is_among_the_next_ones() -> None:
    world = stored_slices(uploading())
    (taken,) = world.uploads.take()
    before = keys(world, taken.number)
    world.apply(Uploaded(taken.number, Outcome.UNREACHABLE, 2))

    until_one_is_out(world)

    (number,) = world.uploads.waiting
    assert keys(world, number)[:3] == before[:3]
    assert len(keys(world, number)) == 8


def test_a_snapshot_knows_what_has_arrived() -> None:
    world = stored_slices(uploading())

    restored = snapshot.restore(snapshot.take(world), [ADAPTER])

    (number,) = restored.uploads.waiting
    assert keys(restored, number) == keys(world, number)
    assert snapshot.take(restored) == snapshot.take(world)


def test_a_machine_has_one_upload_out_and_a_world_no_more_than_its_limit() -> None:
    world = uploading()
    (number,) = world.uploads.waiting
    asked = world.uploads.live[number]
    box = world.uploads

    box.again(replace(asked, number=number + 1))
    for other in range(AT_ONCE):
        target = Target(asked.target.machine, f"other {other}")
        box.again(replace(asked, number=number + 2 + other, target=target))

    taken = [each.number for each in box.take()]
    assert taken == [number, *range(number + 2, number + 1 + AT_ONCE)]
    assert box.take() == []
    world.apply(Uploaded(number, Outcome.STORED))
    assert [each.number for each in box.take()] == [number + 1]
