"""Snapshots: the same world again, or a clear no."""

import msgspec
import pytest

from recording_emulator.core import snapshot
from recording_emulator.core.inputs import AddTarget, Answered, Call, ChangeRoom, Dispatch
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.core.rooms import Join
from recording_emulator.core.world import Spec, World
from recording_emulator.errors import BadRequest
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import AcquireParams, StartParams, Storage
from recording_emulator.vendors.base import load


def recording() -> World:
    world = World(Spec("s", keep_inputs=True, credentials={"agora": {}}), load())
    world.apply(AddTarget(CallbackTarget("t", "agora", "http://127.0.0.1:1/", "s")))
    world.apply(ChangeRoom("agora", "demo", Join("41")))
    answer = world.apply(Call("agora", "acquire", inputs.Acquire("", "demo", "9", AcquireParams())))
    params = StartParams(Storage(1, 0, "b", "k", "topsecret"))
    start = inputs.Start("", answer.facts.resourceId, "mix", "demo", "9", params)
    world.apply(Call("agora", "start", start))
    world.apply(Call("agora", "start", start))  # announces event 3
    return world


def test_a_restored_world_is_the_same_world() -> None:
    world = recording()

    raw = snapshot.take(world)

    assert snapshot.take(snapshot.restore(raw, load())) == raw


def test_a_snapshot_says_that_it_holds_secrets_and_does() -> None:
    raw = snapshot.take(recording())

    assert msgspec.json.decode(raw)["holds_secrets"] is True
    assert b"topsecret" in raw


def test_open_attempts_are_made_again_without_counting_as_a_retry() -> None:
    world = recording()
    first = world.apply(Dispatch())

    restored = snapshot.restore(snapshot.take(world), load())
    snapshot.resend_open(restored)
    again = restored.apply(Dispatch())
    restored.apply(Answered(again.attempt, 200, b"{}"))

    assert again.body == first.body
    delivery = restored.outbox.find(1)
    assert delivery is not None
    assert [tried.outcome for tried in delivery.tried] == ["accepted"]


def test_a_snapshot_of_an_adapter_that_is_not_loaded_is_refused_by_name() -> None:
    raw = snapshot.take(recording())

    with pytest.raises(BadRequest, match=r"agora"):
        snapshot.restore(raw, [])


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b'{"type":"recording_emulator.Snapshot"}'])
def test_what_is_no_snapshot_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest, match="not a snapshot"):
        snapshot.restore(raw, load())


def test_another_version_is_refused_by_number() -> None:
    raw = snapshot.take(recording()).replace(b'"version":1', b'"version":999', 1)

    with pytest.raises(BadRequest, match="snapshot version 999; this build reads 1"):
        snapshot.restore(raw, load())


def test_replaying_the_inputs_gives_the_same_world() -> None:
    world = recording()
    assert world.inputs is not None

    again = snapshot.replay(world.spec, list(world.inputs), load())

    assert snapshot.take(again) == snapshot.take(world)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"now_ms":1893456000000', '"now_ms":100000000000000000000'),
        ('"journal_limit":10000', '"journal_limit":-1'),
        ('"type":"agora.Task"', '"type":"agora.Nothing"'),
        ('"state":"not_started"', '"state":"asleep"'),
        ('"objects_limit":10000', '"objects_limit":"many"'),
    ],
)
def test_a_snapshot_that_was_tampered_with_is_refused(was: str, becomes: str) -> None:
    raw = snapshot.take(recording())
    tampered = raw.replace(was.encode(), becomes.encode(), 1)
    assert tampered != raw

    with pytest.raises(BadRequest):
        snapshot.restore(tampered, load())
