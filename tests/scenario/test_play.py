"""Playing: the order of things, the default flow, saved values, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenario.conftest import Play, Played

FLOW = "client:\n  - {call: acquire, with: {cname: demo}}\n  - call: start\n"


def calls(played: Played) -> list[str]:
    """The calls with the second at which each was made."""
    start_ms = played.world.spec.start_ms
    return [
        f"{(each.at_ms - start_ms) // 1000} {each.name.partition('.')[2]}"
        for each in played.world.journal
        if each.kind == "call"
    ]


def moved(played: Played) -> list[str]:
    """What people did, with the second."""
    start_ms = played.world.spec.start_ms
    return [
        f"{(each.at_ms - start_ms) // 1000} {each.name} {each.detail.uid}"
        for each in played.world.journal
        if each.kind == "room" and hasattr(each.detail, "uid") and not each.detail.uid[3:]
    ]


def test_without_a_client_the_default_flow_is_played_for_a_minute(play: Play) -> None:
    played = play("")

    assert played.verdict.is_passed
    assert calls(played) == ["0 acquire", "0 start", "0 query", "60 stop"]
    assert "task exited" in played.timeline


def test_the_default_flow_stops_after_the_last_entry_of_the_timeline(play: Play) -> None:
    played = play("timeline:\n  - {after: start, at: 10m, join: {room: demo, uid: 41}}\n")

    assert calls(played)[-1] == "600 stop"


def test_at_counts_from_the_start_and_after_from_the_first_accepted_call(play: Play) -> None:
    played = play(
        "faults:\n  - {on: call, operation: start, effect: answer, code: 65}\n"
        "timeline:\n"
        "  - {at: 5s, join: {room: demo, uid: 41}}\n"
        "  - {after: start, at: 5s, join: {room: demo, uid: 42}}\n"
        "client:\n"
        "  - {call: acquire, with: {cname: demo}}\n"
        "  - {call: start}\n"
        "  - {at: 20s, call: start}\n"
        "  - {after: start, at: 10s, call: stop}\n"
    )

    assert moved(played) == ["5 join 41", "25 join 42"]
    assert calls(played) == ["0 acquire", "0 start", "20 start", "30 stop"]


def test_at_one_instant_the_timeline_comes_before_the_client(play: Play) -> None:
    played = play(
        f"{FLOW}  - {{at: 1m, call: query}}\n  - {{at: 1m, call: stop}}\n"
        "timeline:\n  - {at: 1m, join: {room: demo, uid: 41}}\n"
        "  - {at: 1m, join: {room: demo, uid: 42}}\n"
    )

    kinds = [
        each.name
        for each in played.world.journal
        if each.kind in ("call", "room") and each.at_ms == played.world.spec.start_ms + 60_000
    ]
    assert kinds == ["join", "join", "agora.query", "agora.stop"]


def test_a_clock_that_jumps_takes_the_client_with_it(play: Play) -> None:
    played = play(
        "timeline:\n  - {after: start, at: 1m, advance: 1h}\n"
        f"{FLOW}  - {{after: start, at: 1m, call: query}}\n  - call: stop\n"
    )

    assert calls(played)[2:] == ["3660 query", "3660 stop"]


def test_saved_values_are_put_where_their_names_stand(play: Play) -> None:
    played = play(
        "client:\n"
        "  - {call: acquire, with: {cname: one, uid: '1'}, save: {first: resourceId}}\n"
        "  - {call: acquire, with: {cname: two, uid: '2'}}\n"
        "  - call: start\n"
        "    with: {cname: one, uid: '1', resource: '${first}'}\n"
        "    expect: {status: 200, body: {resourceId: '${first}', cname: one}}\n"
        "  - {at: 1m, call: stop}\n"
    )

    assert played.verdict.failures == []


def test_an_answer_without_what_is_to_be_saved_fails(play: Play) -> None:
    played = play("client:\n  - {call: acquire, save: {sid: serverResponse.sid}}\nuntil: 10m\n")

    assert played.whys == ["the answer has no serverResponse.sid, which is to be saved as 'sid'"]


def test_a_call_that_needs_what_no_answer_gave_is_not_made(play: Play) -> None:
    played = play("faults:\n  - {on: call, operation: start, effect: answer, code: 65}\n")

    assert played.whys == [
        "query needs a sid, and no answer has given one",
        "stop needs a sid, and no answer has given one",
    ]


def test_a_call_after_one_that_was_never_accepted_has_no_time(play: Play) -> None:
    played = play(
        "faults:\n  - {on: call, operation: start, effect: answer, code: 65}\n"
        f"{FLOW}  - {{after: start, at: 1m, call: stop}}\n"
    )

    assert played.whys == ["no call 'start' was accepted, so 'stop' never had its time"]


def test_settings_change_on_the_way(play: Play) -> None:
    played = play(
        "timeline:\n  - {at: 30s, configure: {upload_ms: 10000}}\n"
        f"{FLOW}  - {{at: 1m, call: stop}}\n"
    )

    assert "stop → 200" in next(told for told in played.told if "stop →" in told)
    assert any(told.startswith("+1m 10") for told in played.told)


def test_faults_are_armed_and_taken_back_on_the_way(play: Play) -> None:
    played = play(
        "timeline:\n"
        "  - {at: 30s, fault: {id: down, on: call, operation: query, effect: status, status: 503,"
        " times: null}}\n"
        "  - {at: 50s, disarm: down}\n"
        f"{FLOW}"
        "  - {at: 20s, call: query, expect: {status: 200}}\n"
        "  - {at: 40s, call: query, expect: {status: 503}}\n"
        "  - {at: 55s, call: query, expect: {status: 200}}\n"
        "  - call: stop\n"
    )

    assert played.verdict.failures == []


def test_a_fault_of_the_timeline_counts_its_window_from_its_own_time(play: Play) -> None:
    played = play(
        "timeline:\n"
        "  - {at: 30s, fault: {on: call, operation: query, effect: status, status: 503, from: 5s,"
        " until: 10s}}\n"
        f"{FLOW}"
        "  - {at: 31s, call: query, expect: {status: 200}}\n"
        "  - {at: 36s, call: query, expect: {status: 503}}\n"
        "  - {at: 41s, call: query, expect: {status: 200}}\n"
        "  - call: stop\n"
    )

    assert played.verdict.failures == []


@pytest.mark.parametrize(
    ("how", "expected"), [("code: API rate limit exceeded", "429"), ("status: 503", "503")]
)
def test_an_outage_can_answer(play: Play, how: str, expected: str) -> None:
    played = play(
        f"timeline:\n  - {{at: 10s, outage: {{for: 20s, {how}}}}}\n"
        f"{FLOW}  - {{at: 15s, call: query, expect: {{status: {expected}}}}}\n"
        "  - {at: 31s, call: query, expect: {status: 200}}\n  - call: stop\n"
    )

    assert played.verdict.failures == []


def test_a_slow_answer_takes_no_real_time(play: Play) -> None:
    played = play(
        "faults:\n  - {on: call, operation: query, effect: slow, by: 2h}\n"
        f"{FLOW}  - {{call: query, expect: {{status: 200}}}}\n  - {{at: 1m, call: stop}}\n"
    )

    assert played.verdict.failures == []


def test_what_cannot_be_done_when_its_time_comes_fails_with_its_reason(play: Play) -> None:
    played = play(
        "timeline:\n"
        "  - {at: 5s, join: {room: demo, uid: 41}}\n"
        "  - {after: start, at: 1s, leave: {room: demo, uid: 41}}\n"
    )

    assert played.whys[0].startswith("at +1s: '41' is not in room 'demo'; there: ")


def test_it_waits_for_retries_before_it_judges(play: Play) -> None:
    played = play(
        "faults:\n  - {on: callback, event: session_exit, effect: lose}\n"
        "expect:\n  - callback: {event: session_exit, attempts: 2}\n"
    )

    assert played.verdict.failures == []


def test_it_does_not_wait_for_ever(play: Play) -> None:
    played = play(f"until: 10m\n{FLOW}")

    assert played.world.now_ms - played.world.spec.start_ms == 600_000
    assert played.verdict.notes == (
        "the task in room 'demo' is still in_progress, 10m after the last entry (until)",
    )
    assert "in_progress" in played.timeline


def test_a_story_is_the_same_byte_for_byte(play: Play) -> None:
    text = (
        "seed: 7\nfaults:\n  - {on: callback, effect: lose, chance: 0.4, times: null}\n"
        "timeline:\n  - {after: start, at: 10m, join: {room: demo, uid: 41}}\n"
    )

    assert play(text).journal == play(text).journal
