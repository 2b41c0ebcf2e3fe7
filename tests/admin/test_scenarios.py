"""Scenarios over the admin API: given once, judged as things stand, refused with every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from recording_emulator.scenario import schema
from recording_emulator.testing import Emulator, Tenant

if TYPE_CHECKING:
    from tests.admin.conftest import Control

TEXT = """\
scenario: someone comes, and the upload is told twice
vendor: agora
settings: {upload_ms: 5000}
faults:
  - {on: callback, event: uploaded, effect: duplicate}
timeline:
  - {at: 0s, join: {room: demo, uid: 41}}
  - {after: start, at: 1h, leave: {room: demo, uid: 41}}
expect:
  - count: {event: uploaded, times: 2}
  - task: {state: ENDED}
"""


def begun(control: Control, text: str = TEXT) -> None:
    answer = control.ask("POST", "/scenario", {"text": text, "file": "story.yaml"})
    assert (answer.status_code, answer.json()) == (201, {"scenario": text[10:].splitlines()[0]})


def test_a_scenario_sets_up_the_tenant_and_is_judged_as_things_stand(control: Control) -> None:
    begun(control)

    early = control.get("/verdict")
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 2 * 3_600_000})
    late = control.get("/verdict")

    assert control.get()["settings"]["agora"]["upload_ms"] == 5_000
    assert [early["verdict"], late["verdict"]] == ["failed", "passed"]
    assert [each["is_met"] for each in late["findings"]] == [True, True]
    assert (
        late["text"] == "passed: someone comes, and the upload is told twice (2 of 2 expectations)"
    )


def test_a_receiver_of_ones_own_takes_the_place_of_the_stand_in(control: Control) -> None:
    begun(control)
    inbox = control.tenant.inbox()

    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 2 * 3_600_000})

    assert inbox.event_types.count(31) == 2
    assert control.get("/verdict")["is_passed"]
    assert {each["target"] for each in control.get("/callbacks")["callbacks"]} == {"inbox-agora"}


def test_a_tenant_plays_one_scenario(control: Control) -> None:
    begun(control, TEXT.replace("duplicate", "duplicate, times: null"))

    assert control.refused("POST", "/scenario", {"text": TEXT})[:2] == (409, "Conflict")


def test_a_broken_scenario_is_400_with_a_line_for_each_mistake(control: Control) -> None:
    text = TEXT.replace("settings", "setings").replace("join", "jion").replace("times", "tiems")

    status, _, message = control.refused("POST", "/scenario", {"text": text, "file": "s.yaml"})

    assert status == 400
    assert [line.split(": ")[0] for line in message.splitlines()] == [
        "s.yaml:3:1",
        "s.yaml:7:14",
        "s.yaml:10:12",
        "s.yaml:10:30",
    ]
    assert control.get("/journal")["entries"] == []


def test_a_tenant_without_a_scenario_has_no_verdict(control: Control) -> None:
    assert control.refused("GET", "/verdict")[:2] == (404, "NotFound")


def test_a_fork_plays_on(control: Control, recording_emulator_server: Emulator) -> None:
    begun(control)
    control.start()
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})

    fork = recording_emulator_server.restore(control.tenant.agora.snapshot(), name="a fork")
    fork.agora.advance(hours=2)

    assert fork.verdict()["is_passed"]
    assert not control.get("/verdict")["is_passed"]
    fork.close()
    control.ask("POST", "/clock/advance", {"delta_ms": 2 * 3_600_000})


@pytest.mark.recording_emulator(keep_inputs=True)
def test_the_inputs_of_a_scenario_are_kept_for_a_replay(control: Control) -> None:
    begun(control)

    kinds = [each["type"] for each in control.get("/inputs")["inputs"]]
    assert "core.Script" in kinds
    control.tenant.close()


def test_the_schema_is_served(recording_emulator_server: Emulator) -> None:
    url = f"{recording_emulator_server.url}/_emulator/scenario.schema.json"

    assert httpx.get(url, trust_env=False).content == schema.text()


def test_a_fault_says_why_it_has_not_fired(recording_emulator: Tenant) -> None:
    faults = recording_emulator.agora.faults
    mine = faults.drop(31, id="mine", may_not_fire=True)
    faults.drop(32, id="other")

    why = faults.why(mine["id"])

    assert why.startswith("it waits for callback 31; no callback was sent at all")
    assert list(recording_emulator.unfired()) == ["other"]
    faults.disarm("other")
