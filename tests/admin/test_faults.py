"""Faults over the admin API: armed, counted, taken back, and refused when they cannot bite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.surface import SURFACE

START_MS = 1_893_456_000_000
OWN = [each.name for each in SURFACE.faults]

if TYPE_CHECKING:
    from tests.admin.conftest import Control


def answer(operation: str, code: str, **more: Any) -> dict[str, Any]:
    named = {"operation": operation, "code": code}
    return {"vendor": "agora", "on": "call", "effect": "answer", **named, **more}


def callback(event: str, effect: str, **more: Any) -> dict[str, Any]:
    return {"vendor": "agora", "on": "callback", "event": event, "effect": effect, **more}


def test_an_armed_fault_is_described_listed_and_found(control: Control) -> None:
    armed = control.ask(
        "POST", "/faults", answer("start", "65", times=2, nth=2, from_ms=5_000, may_not_fire=True)
    )

    fault = armed.json()
    assert armed.status_code == 201
    assert fault == {
        "type": "core.Fault",
        "id": "fault-1",
        "vendor": "agora",
        "on": "call",
        "effect": "answer",
        "name": "start",
        "room": "",
        "nth": 2,
        "times": 2,
        "chance": 1.0,
        "opens_ms": START_MS + 5_000,
        "closes_ms": 2**53,
        "may_not_fire": True,
        "code": "65 request not completed",
        "status": 0,
        "by_ms": 0,
        "after_ms": 0,
        "for_ms": 0,
        "commit": False,
        "seen": 0,
        "fired": 0,
    }
    assert control.get("/faults") == {"faults": [fault]}
    assert control.get(f"/faults/{fault['id']}") == fault


def test_a_call_fault_answers_with_its_row_and_counts(control: Control) -> None:
    fault = control.ask("POST", "/faults", answer("acquire", "500")).json()
    acquire = client.acquire(control.tenant.agora.credentials, "demo", "1")

    first, second = control.call(acquire), control.call(acquire)

    assert first == {"code": 500, "reason": "internal_error"}
    assert set(second) == {"cname", "uid", "resourceId"}
    after = control.get(f"/faults/{fault['id']}")
    assert (after["fired"], after["seen"]) == (1, 1)


@pytest.mark.parametrize("event", ["40", "recorder_started"])
def test_a_callback_fault_drops_one_callback(control: Control, inbox: Inbox, event: str) -> None:
    inbox.subscribe("agora", [40, 30])
    control.ask("POST", "/faults", callback(event, "drop"))

    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    fates = {each["event"]: each["fate"] for each in control.get("/callbacks")["callbacks"]}
    assert inbox.event_types == [30]
    assert fates == {"30": "delivered", "40": "dropped"}


def test_a_delayed_callback_comes_later_and_a_duplicated_one_twice(
    control: Control, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40])
    control.ask("POST", "/faults", callback("30", "delay", by_ms=60_000))
    control.ask("POST", "/faults", callback("40", "duplicate"))

    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})
    early = list(inbox.event_types)
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})

    assert (early, inbox.event_types) == ([40, 40], [40, 40, 30])


def test_a_fault_without_count_lasts_until_it_is_taken_back(control: Control) -> None:
    fault = control.ask("POST", "/faults", answer("acquire", "500", times=None)).json()
    acquire = client.acquire(control.tenant.agora.credentials, "demo", "1")

    bitten = [control.call(acquire)["code"] for _ in range(3)]
    gone = control.ask("DELETE", f"/faults/{fault['id']}").status_code

    assert (bitten, gone) == ([500] * 3, 204)
    assert "resourceId" in control.call(acquire)
    assert control.get("/faults") == {"faults": []}


def test_the_points_of_a_vendor_are_listed_with_their_effects(control: Control) -> None:
    found = control.get("/_emulator/vendors/agora/faults")["points"]

    effects = {point["name"]: [each["name"] for each in point["effects"]] for point in found}
    assert list(effects) == ["call", "callback", "door", "object", *OWN]
    assert effects["upload"] == ["fail", "slow", "divert"]


def test_an_id_can_be_given_and_is_given_once(control: Control) -> None:
    first = control.ask("POST", "/faults", callback("", "drop", id="mine", times=None))
    second = control.refused("POST", "/faults", callback("", "drop", id="mine", times=None))

    assert first.json()["id"] == "mine"
    assert second == (409, "Conflict", "there is a fault 'mine' already")


def test_a_fault_that_is_not_there_is_404_and_those_that_are_are_named(control: Control) -> None:
    fault = control.ask("POST", "/faults", callback("", "drop", id="mine", times=None)).json()
    message = f"no fault 'fault-0'; there are [{fault['id']!r}]"

    assert control.refused("GET", "/faults/fault-0") == (404, "NotFound", message)
    assert control.refused("DELETE", "/faults/fault-0") == (404, "NotFound", message)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (callback("", "drop") | {"on": "weather"}, "on is one of call, callback, door, object, "),
        (answer("stop", "65") | {"effect": "drop"}, "the effect of a fault on 'call' is one of "),
        (callback("42", "answer"), "the effect of a fault on 'callback' is one of drop, delay, "),
        (answer("halt", "65"), "agora has no operation 'halt'; it has acquire, start, query, "),
        (answer("stop", "7"), "stop has no error '7'; it has "),
        (answer("", "7"), "any call has no error '7'; it has "),
        (answer("stop", ""), "the effect 'answer' needs code"),
        (answer("stop", "65", event="31"), "event is for faults on 'callback', not on 'call'"),
        (callback("31", "drop", operation="stop"), "operation is for faults on 'call', not on "),
        (callback("999", "drop"), "Agora announces no event '999'; it announces 1 cloud_"),
        (callback("42", "drop", when=1), "Object contains unknown field `when`; the body's fields"),
        (callback("42", "delay"), "the effect 'delay' needs by_ms"),
        (callback("42", "delay", by_ms=-1), "by_ms is at least 0: only a clock can be behind"),
        (callback("42", "drop", times=0), "nth and times are at least 1 (times may be null: "),
        (callback("42", "drop", from_ms=5, until_ms=5), "it would be armed no more before it is"),
        (callback("42", "drop") | {"vendor": "zoom"}, "no vendor 'zoom'; there are ['ago"),
    ],
)
def test_a_fault_that_cannot_bite_is_400_and_is_not_armed(
    control: Control, wanted: dict[str, Any], message: str
) -> None:
    status, error, told = control.refused("POST", "/faults", wanted)

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get("/faults") == {"faults": []}


def test_a_tenant_holds_a_limited_number_of_faults(control: Control) -> None:
    wanted = callback("42", "drop", times=None)
    answers = [control.ask("POST", "/faults", wanted).status_code for _ in range(1_001)]

    limit = answers.index(409)
    assert answers == [201] * limit + [409] * (1_001 - limit)
    assert control.refused("POST", "/faults", wanted) == (
        409,
        "Conflict",
        f"a tenant has at most {limit} faults",
    )
