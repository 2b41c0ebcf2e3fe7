"""Why a fault did not fire: what came nearest, and what it waits for."""

from typing import Any

import pytest

from recording_emulator.core.explain import nearest, nearest_route, why_unfired
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import AddTarget, ArmFault, Call
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import AcquireParams, StartParams, Storage
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.base import load


def recorded(**fault: Any) -> str:
    """Arm a fault in a world, record the room "other", and ask why the fault has not fired."""
    room = "other"
    world = World(Spec("w", credentials={"agora": {}}), load())
    world.apply(AddTarget(CallbackTarget("a", "agora", "http://127.0.0.1:1/", "s")))
    armed = Fault(id="fault-1", vendor="agora", **fault)
    world.apply(ArmFault(armed))
    acquire = inputs.Acquire("", room, "9", AcquireParams())
    resource = world.apply(Call("agora", "acquire", acquire)).facts.resourceId
    start = inputs.Start("", resource, "mix", room, "9", StartParams(Storage(1, 0, "b", "k", "s")))
    world.apply(Call("agora", "start", start))
    world.apply(Call("agora", "start", start))
    kept = world.faults.get("fault-1")
    assert kept is not None
    return why_unfired(world, kept)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (
            {"on": "callback", "effect": "drop", "name": "3", "room": "demo"},
            "it waits for callback 3 of room 'demo'; 3 came once, for room 'other'",
        ),
        (
            {"on": "callback", "effect": "drop", "name": "31"},
            "it waits for callback 31; that never came; what came: 3 (once)",
        ),
        (
            {"on": "call", "effect": "reset", "name": "stop"},
            "it waits for call stop; that never came; what came: start (twice), acquire (once)",
        ),
        (
            {"on": "call", "effect": "reset", "name": "start", "room": "demo"},
            "it waits for call start of room 'demo'; start came twice, for room 'other'",
        ),
        (
            {"on": "call", "effect": "reset", "name": "start", "nth": 3},
            "it waits for call start; start came twice, and it fires from number 3 on",
        ),
        (
            {"on": "call", "effect": "reset", "name": "start", "chance": 1e-9},
            "it waits for call start; start came twice, and its chance of 1e-09 never drew it",
        ),
        (
            {"on": "call", "effect": "reset", "name": "start", "opens_ms": 1_893_456_005_000},
            "it waits for call start; start came twice, last at +0s, and it is armed from +5s on",
        ),
        (
            {"on": "upload", "effect": "fail"},
            "it waits for upload; no task came to that point (upload)",
        ),
    ],
)
def test_an_unfired_fault_says_what_came_instead(fault: dict[str, Any], why: str) -> None:
    assert recorded(**fault) == why


def test_nothing_at_all_is_said_as_such() -> None:
    world = World(Spec("w", credentials={"agora": {}}), load())

    def why(on: str) -> str:
        return why_unfired(world, Fault(id="f", vendor="agora", on=on, effect="drop"))

    assert why("call") == "it waits for call; no call came at all"
    assert why("callback").endswith("no callback was sent at all (is there a receiver?)")
    assert why("door") == "it waits for door; no request came at all"


def test_the_nearest_differs_in_least_and_is_the_latest_of_these() -> None:
    found: list[dict[str, Any]] = [
        {"event": "4", "room": "demo"},
        {"event": "31", "room": "demo"},
        {"event": "31", "room": "demo"},
        {"event": "32", "room": "other", "extra": 1},
    ]

    assert nearest({"event": "32", "room": "demo"}, found) == (2, ["event 31 ≠ 32"])
    assert nearest({"event": "32"}, []) is None


@pytest.mark.parametrize(
    ("method", "path", "near"),
    [
        (
            "POST",
            "/v1/apps/x/cloud_recording/aquire",
            "the nearest is POST /v1/apps/{appid}/cloud_recording/acquire",
        ),
        (
            "POST",
            "/v1/apps/x/cloud_recording/resourceid/r/sid/s/mode/mix/query",
            "the nearest is GET "
            "/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/sid/{sid}/mode/{mode}/query, "
            "not POST",
        ),
        ("GET", "/favicon.ico", ""),
    ],
)
def test_a_path_that_is_no_route_has_a_nearest_one(method: str, path: str, near: str) -> None:
    assert nearest_route(method, path, SURFACE.operations) == near
