"""Scenarios of clients with an SDK: who calls, who hears, connections that are lost and come back.

NERoom stands for every vendor with an SDK; nothing here is about NERoom alone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from recording_emulator.core import sequence, snapshot
from recording_emulator.scenario.judge import Judge
from recording_emulator.scenario.load import loads
from recording_emulator.testing import Tenant
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import load as adapters
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.scenario.conftest import Play, Played

TOLD = "onRoomCloudRecordStateChanged"
START = """\
client:
  - call: createRoom
  - call: joinRoom
  - call: joinRtcChannel
  - call: unmuteMyAudio
  - call: startCloudRecord
"""
STOP = "  - {after: startCloudRecord, at: 1m, call: stopCloudRecord}\n"
BOB = "  - {as: bob, call: joinRoom, with: {role: member}}\n"


@pytest.fixture
def story(play: Play) -> Play:
    """Play a scenario of NERoom."""

    def run(text: str, vendor: str = "neroom") -> Played:
        return play(text, vendor)

    return run


def members(played: Played) -> list[str]:
    """What became of connections, with the second."""
    start_ms = played.world.spec.start_ms
    return [
        f"{(each.at_ms - start_ms) // 1000} {each.subject} {each.name}"
        for each in played.world.journal
        if each.kind == "member"
    ]


def calls(played: Played) -> list[str]:
    return [told.partition(" ")[2].partition(" {")[0] for told in played.told if "→" in told]


# --- who calls --------------------------------------------------------------------------------


def test_without_a_client_the_default_user_is_recorded_for_a_minute(story: Play) -> None:
    played = story("")

    assert played.verdict.is_passed
    assert calls(played) == [
        "alice: createRoom → resolved",
        "alice: joinRoom → resolved",
        "alice: joinRtcChannel → resolved",
        "alice: unmuteMyAudio → resolved",
        "alice: startCloudRecord → resolved",
        "alice: getRoomCloudRecordList → resolved",
        "alice: stopCloudRecord → resolved",
    ]
    assert members(played) == ["0 neroom:1 connected"]


def test_with_nobody_to_record_the_default_user_is_there_in_silence(story: Play) -> None:
    played = story("audience: none\nexpect:\n  - objects: {name: '*', count: 0}\n")

    assert played.verdict.failures == []
    assert "alice: unmuteMyAudio → resolved" not in calls(played)


def test_everyone_calls_over_a_connection_of_their_own(story: Play) -> None:
    played = story(f"{START}{BOB}  - {{as: bob, call: stopCloudRecord}}\n")

    assert played.verdict.failures == []
    assert members(played) == ["0 neroom:1 connected", "0 neroom:2 connected"]
    assert calls(played)[-2:] == ["bob: joinRoom → resolved", "bob: stopCloudRecord → resolved"]


def test_a_promise_is_expected_to_be_resolved_or_rejected_with_an_object(story: Play) -> None:
    played = story(
        f"{START}"
        "  - {call: startCloudRecord, expect: {rejected: true, body: {code: 409}}}\n"
        "  - {call: stopCloudRecord, expect: {rejected: false, body: {code: 0, data: null}}}\n"
        "  - {call: stopCloudRecord, expect: {rejected: false}}\n"
    )

    (why,) = played.whys
    assert why.startswith('rejected true ≠ false; it was rejected {"code":800,')


def test_what_a_promise_is_resolved_with_can_be_saved(story: Play) -> None:
    played = story(
        f"{START}"
        "  - {as: bob, call: joinRoom, save: {mine: data.localMember.rtcUid}}\n"
        "  - {call: stopCloudRecord}\n"
        "  - call: getRoomCloudRecordList\n"
        "    with: {roomArchiveId: '${mine}'}\n"
        "    expect: {rejected: true, body: {code: 400}}\n"
    )

    assert played.verdict.failures == []


# --- connections ------------------------------------------------------------------------------


def test_a_connection_is_lost_and_what_was_missed_is_not_heard(story: Play) -> None:
    played = story(
        f"{START}{BOB}"
        "  - {after: startCloudRecord, at: 20s, as: bob, call: stopCloudRecord}\n"
        "  - {after: startCloudRecord, at: 25s, resume: alice}\n"
        "timeline:\n  - {after: startCloudRecord, at: 10s, drop: alice}\n"
        "expect:\n"
        f"  - heard: {{by: alice, event: {TOLD}, args: [0, {{uuid: alice}}]}}\n"
        f"  - heard: {{by: bob, event: {TOLD}, args: [1, {{uuid: bob}}]}}\n"
        f"  - count: {{by: alice, event: {TOLD}, times: 1}}\n"
    )

    assert played.verdict.failures == []
    assert members(played)[2:] == ["10 neroom:1 dropped", "25 neroom:1 resumed"]


def test_what_was_missed_comes_again_where_the_vendor_has_it_so(story: Play) -> None:
    played = story(
        f"settings: {{replay_on_reconnect: true}}\n{START}{BOB}"
        "  - {after: startCloudRecord, at: 20s, as: bob, call: stopCloudRecord}\n"
        "  - {after: startCloudRecord, at: 25s, resume: alice}\n"
        "timeline:\n  - {after: startCloudRecord, at: 10s, drop: alice}\n"
        f"expect:\n  - count: {{by: alice, event: {TOLD}, times: 2}}\n"
        f"  - heard: {{by: alice, event: {TOLD}, room: demo, args: [1, {{uuid: bob}}]}}\n"
    )

    assert played.verdict.failures == []


def test_a_call_resumes_a_lost_connection_as_an_sdk_does(story: Play) -> None:
    played = story(
        f"{START}{STOP}timeline:\n  - {{after: startCloudRecord, at: 50s, drop: alice}}\n"
    )

    assert played.verdict.failures == []
    assert members(played)[1:] == ["50 neroom:1 dropped", "60 neroom:1 resumed"]


def test_a_member_that_was_forgotten_connects_anew(story: Play) -> None:
    played = story(
        f"{START}  - {{after: startCloudRecord, at: 5m, call: createRoom, with: {{roomUuid: b}}}}\n"
        "timeline:\n  - {after: startCloudRecord, at: 1m, drop: alice}\n"
    )

    assert members(played)[1:] == [
        "60 neroom:1 dropped",
        "180 neroom:1 forgotten",
        "300 neroom:2 connected",
    ]


def test_who_connects_is_there_and_who_says_bye_is_gone(story: Play) -> None:
    played = story(
        "client:\n  - connect: bob\n  - {at: 5s, bye: bob}\n"
        "  - {at: 6s, as: bob, call: createRoom}\n"
    )

    assert played.verdict.failures == []
    assert members(played) == [
        "0 neroom:1 connected",
        "5 neroom:1 left",
        "6 neroom:2 connected",
    ]


def test_nobody_can_lose_a_connection_that_nobody_has(story: Play) -> None:
    played = story("timeline:\n  - {at: 5s, drop: bob}\n")

    assert played.whys == ["at +5s: 'bob' has no connection; there: 'alice'"]


def test_a_connection_that_is_refused_is_a_failure_with_its_reason(
    story: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(ADAPTER.client), "query", lambda *_: {"appKey": "", "user": "bob"})

    played = story("client:\n  - connect: bob\n  - {call: createRoom, expect: {lost: true}}\n")

    assert played.whys[0].startswith("closed with 4401: no tenant has these credentials")
    assert len(played.whys) == 1


# --- what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("effect", ["reset", "empty", "hang", "malform", "truncate"])
def test_an_answer_that_is_spoiled_is_lost_and_the_story_goes_on(story: Play, effect: str) -> None:
    played = story(
        f"faults:\n  - {{on: call, operation: startCloudRecord, effect: {effect}}}\n"
        f"{START}  - {{at: 1s, call: getRoomContext, expect: {{body: {{code: 0}}}}}}\n"
    )

    assert played.verdict.failures == []
    assert "alice: startCloudRecord → no answer" in [each.strip() for each in calls(played)]


def test_a_slow_answer_takes_no_real_time_and_may_be_too_late(story: Play) -> None:
    played = story(
        "faults:\n  - {on: call, effect: slow, by: 2h, times: 2}\nclient:\n"
        "  - {call: createRoom, timeout: 3h, expect: {body: {code: 0}}}\n"
        "  - {call: joinRoom, timeout: 1h, expect: {lost: true}}\n"
    )

    assert played.verdict.failures == []


def test_a_call_into_a_dead_connection_is_lost(story: Play) -> None:
    played = story(
        f"faults:\n  - {{on: wire, event: {TOLD}, effect: half_open, for: 20s}}\n"
        f"{START}  - {{after: startCloudRecord, at: 10s, call: stopCloudRecord, expect: "
        "{lost: true}}\n"
        "  - {after: startCloudRecord, at: 25s, call: stopCloudRecord, expect: {rejected: false}}\n"
        f"expect:\n  - count: {{by: alice, event: {TOLD}, times: 1}}\n"
    )

    assert played.verdict.failures == []
    assert members(played)[1:] == ["20 neroom:1 dropped", "25 neroom:1 resumed"]


@pytest.mark.parametrize("effect", ["drop", "lose"])
def test_an_event_that_did_not_get_through_was_not_heard(story: Play, effect: str) -> None:
    played = story(
        f"faults:\n  - {{on: wire, event: {TOLD}, effect: {effect}}}\n{START}"
        "  - {after: startCloudRecord, at: 10s, call: stopCloudRecord}\n"
        f"expect:\n  - count: {{by: alice, event: {TOLD}, times: 1}}\n"
    )

    assert played.verdict.failures == []


# --- what is heard ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        (f"heard: {{by: alice, event: {TOLD}}}", ""),
        (f"heard: {{by: alice, event: {TOLD}, room: demo, args: [1, {{name: Alice}}]}}", ""),
        (
            f"heard: {{by: alice, event: {TOLD}, args: [1, null]}}",
            f"expected alice to hear {{event: {TOLD}, args: [1, null]}}; nearest came {TOLD} at "
            "+1m: args[1] {uuid: alice, name: Alice, role: {name: host}, isAudioOn: true, "
            "isVideoOn: false, isInRtcChannel: true, clientType: 4, rtcUid: 65424563} ≠ null",
        ),
        (
            f"heard: {{by: bob, event: {TOLD}}}",
            f"expected bob to hear {{event: {TOLD}}}; bob heard nothing",
        ),
        (f"count: {{by: alice, event: {TOLD}, times: 2}}", ""),
        (
            f"count: {{by: alice, event: {TOLD}, times: 3}}",
            f"expected alice to hear {TOLD} 3 times; it came twice",
        ),
    ],
)
def test_an_expectation_of_what_someone_hears(story: Play, expected: str, why: str) -> None:
    played = story(f"expect:\n  - {expected}\n")

    assert [each.split("isAudioOn")[0] for each in played.whys] == (
        [why.split("isAudioOn")[0]] if why else []
    )


def test_events_are_expected_in_the_order_in_which_each_one_hears_them(story: Play) -> None:
    played = story(
        f"expect:\n  - heard: {{by: alice, event: {TOLD}, args: [1, {{}}]}}\n"
        f"  - heard: {{by: alice, event: {TOLD}, args: [0, {{}}]}}\n"
    )

    assert played.whys == [
        f"expected alice to hear {{event: {TOLD}, args: [0, {{}}]}}; it came at +0s, before one "
        "that is expected above it"
    ]


def test_what_someone_hears_is_no_callback(story: Play) -> None:
    played = story(
        "expect:\n  - nothing_else: true\n  - callback: {event: CREATE_ROOM}\n"
        "  - callback: {event: USER_JOIN_ROOM}\n  - count: {event: RTC_RECORD, times: 2}\n"
    )

    assert played.verdict.failures == []


def test_it_is_judged_from_a_snapshot_too(story: Play) -> None:
    text = f"scenario: a story\nvendor: neroom\nexpect:\n  - heard: {{by: alice, event: {TOLD}}}\n"
    loaded = loads(text.encode(), "story.yaml", adapters())

    async def played() -> bytes:
        stage = Stage(loaded, ADAPTER)
        await stage.play()
        raw = snapshot.take(stage.hand.world)
        await stage.close()
        return raw

    world = snapshot.restore(asyncio.run(played()), [ADAPTER])

    assert Judge(loaded, ADAPTER, world).verdict().failures == []


def test_a_users_own_members_are_judged_as_those_that_are_played(
    recording_emulator: Tenant, neroom: NeRoom
) -> None:
    recording_emulator.begin(
        "scenario: a story\nvendor: neroom\n"
        "timeline:\n  - {after: startCloudRecord, at: 10s, drop: bob}\n"
        "expect:\n"
        f"  - heard: {{by: bob, event: {TOLD}, args: [0, {{uuid: alice}}]}}\n"
        f"  - heard: {{by: alice, event: {TOLD}, args: [1, null]}}\n"
        f"  - count: {{by: bob, event: {TOLD}, times: 1}}\n"
    )
    alice, bob = (recording_emulator.member("neroom", name) for name in ("alice", "bob"))
    alice.call("createRoom", roomUuid="demo", enableRecord=True)
    for each in (alice, bob):
        each.call("joinRoom", roomUuid="demo", userName="Someone")
        each.call("joinRtcChannel", roomUuid="demo")
    alice.call("unmuteMyAudio", roomUuid="demo")
    alice.call("startCloudRecord", roomUuid="demo")

    neroom.advance(minutes=1)
    alice.call("muteMyAudio", roomUuid="demo")
    neroom.settle()

    verdict = recording_emulator.verdict()
    assert verdict["is_passed"], verdict["text"]


def test_a_diagram_shows_what_an_sdk_hears_as_told_to_the_app(story: Play) -> None:
    played = story(f"faults:\n  - {{on: wire, event: {TOLD}, effect: lose}}\n{START}{STOP}")

    world = played.world
    drawn = sequence.sequence(world.journal, "neroom", world.spec.start_ms, frozenset())

    arrow = f"    backend->>app: {TOLD}\n"
    assert drawn.count(arrow) == 2
    assert drawn.count(f"{arrow}    Note over app: not heard\n") == 1
    assert "receiver: onRoom" not in drawn
    assert drawn.count("receiver-->>backend: accepted") == 4


def test_a_story_of_an_sdk_is_the_same_byte_for_byte(story: Play) -> None:
    text = (
        f"{START}{BOB}{STOP}timeline:\n  - {{after: startCloudRecord, at: 10s, drop: alice}}\n"
        "  - {after: startCloudRecord, at: 20s, join: {room: demo, uid: 41}}\n"
    )

    assert story(text).journal == story(text).journal
