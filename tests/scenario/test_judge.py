"""The verdict: what is met, what is not, and the reason that is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenario.conftest import Play


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        ("callback: {event: uploaded}", ""),
        ("callback: {event: 31, room: demo, details: {status: 0}}", ""),
        ("callback: {event: 31, body: {productId: 3, payload: {cname: demo}}}", ""),
        (
            "callback: {event: 31, room: other}",
            "expected callback {event: 31, room: other}; nearest came 31 at +1m 1s: "
            "room demo ≠ other",
        ),
        (
            "callback: {event: 31, details: {status: 9}}",
            "expected callback {event: 31, details: {status: 9}}; nearest came 31 at +1m 1s: "
            "details.status 0 ≠ 9",
        ),
        ("reply: {operation: stop, code: ok}", ""),
        (
            "reply: {operation: stop, code: 49}",
            "expected reply {operation: stop, code: 49}; nearest came at +1m 1s: code ok ≠ 49",
        ),
        ("task: {state: ENDED}", ""),
        ("task: {state: exited, room: demo, count: 1}", ""),
        (
            "task: {state: in_progress}",
            "expected a task in_progress; 'demo' is exited",
        ),
        ("objects: {name: '*.m3u8'}", ""),
        ("count: {event: recorder_started, times: 1}", ""),
        ("count: {operation: query, times: 1}", ""),
        (
            "count: {event: recorder_started, times: 3}",
            "expected callback 40 3 times; it came once",
        ),
    ],
)
def test_an_expectation_of_a_plain_recording(play: Play, expected: str, why: str) -> None:
    played = play(f"expect:\n  - {expected}\n")

    assert played.whys == ([why] if why else [])
    assert played.verdict.findings[0].line == 4


def test_callbacks_are_expected_in_order(play: Play) -> None:
    played = play("expect:\n  - callback: {event: 11}\n  - callback: {event: 40}\n")

    assert played.whys == [
        "expected callback {event: 40}; it came at +3s, before one that is expected above it"
    ]


def test_an_object_that_is_not_there_names_those_that_are(play: Play) -> None:
    played = play("expect:\n  - objects: {name: '*.mp4', count: 1}\n")

    assert played.whys[0].startswith("expected 1 object(s) *.mp4; there are 0 of ")
    assert ".m3u8" in played.whys[0]


def test_nothing_else_names_what_else_came(play: Play) -> None:
    played = play(
        "expect:\n  - nothing_else: true\n  - callback: {event: 11}\n"
        "  - count: {event: 40, times: 1}\n"
    )

    (why,) = played.whys
    assert why.startswith("expected nothing else; also came 30 at +2s, ")
    assert " 11 at" not in why
    assert " 40 at" not in why


def test_a_callback_that_was_dropped_did_not_come_and_is_said_to_be(play: Play) -> None:
    played = play(
        "faults:\n  - {on: callback, event: 31, effect: drop}\nexpect:\n  - callback: {event: 31}\n"
    )

    assert played.whys[0].endswith("; one of 31 was dropped")


def test_a_callback_whose_answer_was_lost_did_come(play: Play) -> None:
    played = play(
        "faults:\n  - {on: callback, event: 31, effect: unheard, times: null}\n"
        "expect:\n  - callback: {event: 31}\n"
    )

    assert played.verdict.failures == []


def test_a_counted_fault_that_never_fired_fails_unless_it_may(play: Play) -> None:
    fault = "{on: callback, event: 32, effect: drop%s}"

    counted = play(f"faults:\n  - {fault % ''}\n")
    allowed = play(f"faults:\n  - {fault % ', may_not_fire: true'}\n")
    always = play(f"faults:\n  - {fault % ', times: null'}\n")

    assert counted.whys[0].startswith(
        "never fired: it waits for callback 32; that never came; what came: "
    )
    assert [allowed.verdict.is_passed, always.verdict.is_passed] == [True, True]


def test_a_failure_stands_at_the_end_of_the_timeline(play: Play) -> None:
    played = play("expect:\n  - task: {state: expired}\n")

    assert "note    expected a task expired; 'demo' is exited verdict" in played.timeline
