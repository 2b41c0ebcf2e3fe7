"""The clock over the admin API: where it stands, moving it, waiting for a call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.admin.conftest import Control

VENDORS = [each.name for each in load()]
START_MS = 1_893_456_000_000


def test_a_new_clock_stands_at_its_start_with_nothing_due(control: Control) -> None:
    assert control.get("/clock") == {
        "mode": "manual",
        "now_ms": START_MS,
        "now": "2030-01-01T00:00:00.000Z",
        "timers": 0,
        "next_timers": [],
        "in_flight": [],
    }


def test_the_clock_names_what_is_due_next(control: Control) -> None:
    task = control.start()

    clock = control.get("/clock")

    due = [each["due_ms"] for each in clock["next_timers"]]
    assert clock["timers"] == len(due)
    assert due == sorted(due)
    assert task.resource in {each["subject"] for each in clock["next_timers"]}
    assert set(clock["next_timers"][0]) == {"due_ms", "name", "subject", "tempo"}


def test_an_advance_moves_it_and_tells_what_fired_with_its_cause(control: Control) -> None:
    control.start()

    report = control.ask("POST", "/clock/advance", {"delta_ms": 5_000}).json()

    kinds = {each["seq"]: each["kind"] for each in report["fired"]}
    events = [each for each in report["fired"] if each["kind"] == "event"]
    assert (report["now_ms"], report["mode"], report["evicted"]) == (START_MS + 5_000, "manual", 0)
    assert [each["at_ms"] for each in report["fired"]] == sorted(
        each["at_ms"] for each in report["fired"]
    )
    assert "40" in {each["name"] for each in events}
    assert report["timers"] == sum(kind == "timer" for kind in kinds.values())


def test_an_advance_to_an_instant_goes_there(control: Control) -> None:
    report = control.ask("POST", "/clock/advance", {"to_ms": START_MS + 1}).json()

    assert report["now_ms"] == control.get("/clock")["now_ms"] == START_MS + 1


@pytest.mark.parametrize("event", ["40", "recorder_started"])
def test_an_advance_until_an_event_stops_at_it_by_number_or_name(
    control: Control, event: str
) -> None:
    control.start()
    until = {"vendor": "agora", "event": event, "room": "demo"}

    report = control.ask("POST", "/clock/advance", {"until": until}).json()

    (came,) = (each for each in report["fired"] if each["name"] == "40")
    assert came["at_ms"] == report["now_ms"] == control.get("/clock")["now_ms"]


def test_an_event_that_does_not_come_is_408_at_the_limit_and_names_what_came(
    control: Control,
) -> None:
    control.start()
    body = {"until": {"vendor": "agora", "event": "31"}, "limit_ms": 4_000}

    status, error, message = control.refused("POST", "/clock/advance", body)

    assert (status, error) == (408, "NeverHappened")
    assert message.startswith(f"event 31 did not come until {START_MS + 4_000}; events: 30, 40")
    assert control.get("/clock")["now_ms"] == START_MS + 4_000


def test_too_many_timers_are_409_and_the_busiest_is_named(control: Control) -> None:
    control.start()
    body = {"delta_ms": 3_600_000, "max_timers": 3}

    status, error, message = control.refused("POST", "/clock/advance", body)

    assert (status, error) == (409, "TooManyTimers")
    assert message.startswith("more than 3 timers fired; 'agora.")
    assert message.endswith("does it re-arm itself?")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "an advance takes exactly one of delta_ms, to_ms and until"),
        ({"delta_ms": 1, "to_ms": 2}, "an advance takes exactly one of delta_ms, to_ms and until"),
        ({"delta_ms": -1}, "delta_ms and limit_ms are at least 0, max_timers at least 1"),
        (
            {"delta_ms": 1, "max_timers": 0},
            "delta_ms and limit_ms are at least 0, max_timers at least 1",
        ),
        (
            {"delta_ms": 1, "limit_ms": -1},
            "delta_ms and limit_ms are at least 0, max_timers at least 1",
        ),
        (
            {"until": {"vendor": "zoom", "event": "1"}},
            f"no vendor 'zoom'; there are {VENDORS}",
        ),
        ({"until": {"vendor": "agora", "event": "999"}}, "Agora announces no event '999'; it "),
        ({"until": {"vendor": "agora"}}, "Object missing required field `event` - at `$.until`"),
    ],
)
def test_an_advance_that_makes_no_sense_is_400_and_the_clock_stays(
    control: Control, body: dict[str, Any], message: str
) -> None:
    status, error, told = control.refused("POST", "/clock/advance", body)

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get("/clock")["now_ms"] == START_MS


def test_the_past_is_409(control: Control) -> None:
    control.ask("POST", "/clock/advance", {"delta_ms": 10})

    refused = control.refused("POST", "/clock/advance", {"to_ms": START_MS + 9})

    told = f"the clock stands at {START_MS + 10}, after {START_MS + 9}"
    assert refused == (409, "Conflict", told)


def test_a_wait_returns_the_journal_number_of_a_call_that_came_already(control: Control) -> None:
    control.start()

    seq = control.ask("POST", "/clock/wait", {"call": "start", "timeout_s": 0}).json()["seq"]

    (entry,) = (each for each in control.get("/journal")["entries"] if each["seq"] == seq)
    assert (entry["kind"], entry["name"]) == ("call", "agora.start")


def test_a_wait_is_ended_by_the_call_it_waits_for(control: Control) -> None:
    answers: list[Any] = []

    def wait() -> None:
        body = {"call": "agora.start", "timeout_s": 10}
        answers.append(control.ask("POST", "/clock/wait", body).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    control.start()
    waiting.join()

    starts = [
        each["seq"]
        for each in control.get("/journal")["entries"]
        if (each["kind"], each["name"]) == ("call", "agora.start")
    ]
    assert answers == [{"seq": starts[0]}]


def test_a_wait_in_vain_is_408_and_names_the_calls_that_came(control: Control) -> None:
    control.start()
    body = {"call": "stop", "timeout_s": 0.01}

    refused = control.refused("POST", "/clock/wait", body)

    told = "no call 'stop' in 0.01 s; calls: agora.acquire, agora.start"
    assert refused == (408, "NeverHappened", told)


@pytest.mark.parametrize("timeout_s", [-1, 601])
def test_a_wait_has_bounds(control: Control, timeout_s: int) -> None:
    body = {"call": "stop", "timeout_s": timeout_s}

    refused = control.refused("POST", "/clock/wait", body)

    assert refused == (400, "BadRequest", "timeout_s lies between 0 and 600")
