"""Faults over the admin API: armed, counted, taken back, and refused when they cannot bite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora import client

if TYPE_CHECKING:
    from tests.admin.conftest import Control

ROW = {"type": "answer", "row": "65"}
DROP = {"type": "drop"}


def body(on: str, name: str, effect: Any, **more: Any) -> dict[str, Any]:
    return {"vendor": "agora", "on": on, "name": name, "effect": effect, **more}


def test_an_armed_fault_is_described_listed_and_found(control: Control) -> None:
    armed = control.ask("POST", "/faults", body("call", "start", ROW, times=2, skip=1))

    fault = armed.json()
    assert armed.status_code == 201
    assert fault == {
        "type": "core.Fault",
        "id": fault["id"],
        "vendor": "agora",
        "on": "call",
        "name": "start",
        "effect": {"type": "answer", "row": "65 request not completed"},
        "room": "",
        "skip": 1,
        "times": 2,
        "fired": 0,
        "seen": 0,
    }
    assert control.get("/faults") == {"faults": [fault]}
    assert control.get(f"/faults/{fault['id']}") == fault


def test_a_call_fault_answers_with_its_row_and_counts(control: Control) -> None:
    fault = control.ask("POST", "/faults", body("call", "acquire", ROW | {"row": "500"})).json()
    acquire = client.acquire(control.tenant.agora.credentials, "demo", "1")

    first, second = control.call(acquire), control.call(acquire)

    assert first == {"code": 500, "reason": "internal_error"}
    assert set(second) == {"cname", "uid", "resourceId"}
    after = control.get(f"/faults/{fault['id']}")
    assert (after["fired"], after["seen"]) == (1, 1)


@pytest.mark.parametrize("event", ["40", "recorder_started"])
def test_a_callback_fault_drops_one_callback(control: Control, inbox: Inbox, event: str) -> None:
    inbox.subscribe("agora", [40, 30])
    control.ask("POST", "/faults", body("callback", event, DROP))

    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})

    fates = {each["event"]: each["fate"] for each in control.get("/callbacks")["callbacks"]}
    assert inbox.event_types == [30]
    assert fates == {"30": "delivered", "40": "dropped"}


def test_a_delayed_callback_comes_later_and_a_duplicated_one_twice(
    control: Control, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40])
    delay = {"type": "delay", "delay_ms": 60_000}
    control.ask("POST", "/faults", body("callback", "30", delay))
    control.ask("POST", "/faults", body("callback", "40", {"type": "duplicate"}))

    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 5_000})
    early = list(inbox.event_types)
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})

    assert (early, inbox.event_types) == ([40, 40], [40, 40, 30])


def test_a_fault_without_count_lasts_until_it_is_taken_back(control: Control) -> None:
    row = body("call", "acquire", {"type": "answer", "row": "500"}, times=None)
    fault = control.ask("POST", "/faults", row).json()
    acquire = client.acquire(control.tenant.agora.credentials, "demo", "1")

    bitten = [control.call(acquire)["code"] for _ in range(3)]
    gone = control.ask("DELETE", f"/faults/{fault['id']}").status_code

    assert (bitten, gone) == ([500] * 3, 204)
    assert "resourceId" in control.call(acquire)
    assert control.get("/faults") == {"faults": []}


def test_a_fault_that_is_not_there_is_404_and_those_that_are_are_named(control: Control) -> None:
    fault = control.ask("POST", "/faults", body("callback", "", DROP)).json()
    message = f"no fault 'fault-0'; there are [{fault['id']!r}]"

    assert control.refused("GET", "/faults/fault-0") == (404, "NotFound", message)
    assert control.refused("DELETE", "/faults/fault-0") == (404, "NotFound", message)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (body("upload", "x", DROP), "on is 'call' or 'callback', not 'upload'"),
        (body("call", "stop", DROP), "a call is answered with a row; 'drop' is for callbacks"),
        (body("callback", "42", ROW), "'answer' is for calls; a callback is dropped, delayed, "),
        (body("call", "halt", ROW), "agora has no operation 'halt'; it has ['acquire', 'start', "),
        (body("call", "", ROW), "agora has no operation ''; it has ['acquire', 'start', "),
        (body("call", "stop", {"type": "answer", "row": "7"}), "stop has no error '7'; it has "),
        (body("call", "stop", {"type": "answer", "row": ""}), "stop has no error ''; it has "),
        (body("callback", "999", DROP), "Agora announces no event '999'; it announces 1 cloud_"),
        (body("callback", "42", {"type": "explode"}), "Invalid value 'explode' - at `$.effect.typ"),
        (body("callback", "42", {"type": "drop", "when": 1}), "Object contains unknown field `w"),
        (body("callback", "42", {"type": "delay"}), "Object missing required field `delay_ms`"),
        (body("callback", "42", {"type": "delay", "delay_ms": -1}), "Expected `int` >= 0 - a"),
        (body("callback", "42", DROP, times=0), "times is at least 1 (or null: always), skip at "),
        (body("callback", "42", DROP, skip=-1), "times is at least 1 (or null: always), skip at "),
        (body("callback", "42", DROP) | {"vendor": "zoom"}, "no vendor 'zoom'; there are ['ago"),
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
    wanted = body("callback", "42", DROP)
    answers = [control.ask("POST", "/faults", wanted).status_code for _ in range(1_001)]

    limit = answers.index(409)
    assert answers == [201] * limit + [409] * (1_001 - limit)
    assert control.refused("POST", "/faults", wanted) == (
        409,
        "Conflict",
        f"a tenant has at most {limit} faults",
    )
