"""Meetings: made before they are joined, recorded only where that is bought, or pushed live."""

from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Client, Clients, Copies

BOTH = {"recordAudio": True, "recordVideo": True}
SINGLE = {**BOTH, "singleRecord": True}
WEBRTC = "webrtc-8.5"


def meet(client: "Clients", netcall: Netcall, **config: object) -> "list[Client]":
    """Let Alice make a meeting and Bob join it, both with this ``sessionConfig``."""
    alice, bob = client("alice"), client("bob")
    alice.call("createChannel", channelName="m", custom="order-9")
    for each in (alice, bob):
        each.call("joinChannel", channelName="m", sessionConfig=config)
    netcall.settle()
    return [alice, bob]


def leave(netcall: Netcall, people: "list[Client]") -> None:
    netcall.advance(minutes=1)
    for each in people:
        each.call("leaveChannel")
    netcall.advance(minutes=2)


def test_a_meeting_is_made_once_and_joined_after_that(client: "Clients") -> None:
    alice, bob = client("alice"), client("bob")
    early = bob.rejected("joinChannel", channelName="m")
    made = alice.call("createChannel", channelName="m", custom="order-9")
    twice = bob.rejected("createChannel", channelName="m")
    joined = bob.call("joinChannel", channelName="m")

    assert (early["code"], twice["code"]) == (404, 417)
    assert made["custom"] == joined["custom"] == "order-9"
    assert made["channelId"] == joined["channelId"]
    assert list(joined["accountUidMap"]) == ["bob"]


def test_a_name_is_free_when_all_have_left(client: "Clients", netcall: Netcall) -> None:
    people = meet(client, netcall)
    leave(netcall, people[:1])
    before = people[0].rejected("createChannel", channelName="m")
    leave(netcall, people[1:])

    assert before["code"] == 417
    assert people[0].call("createChannel", channelName="m")


def test_a_name_that_nobody_uses_is_free_after_a_day(client: "Clients", netcall: Netcall) -> None:
    alice = client("alice")
    alice.call("createChannel", channelName="m")
    netcall.advance(hours=24)

    assert alice.call("createChannel", channelName="m")


def test_people_hear_of_one_another(client: "Clients", netcall: Netcall) -> None:
    alice, bob = meet(client, netcall)
    bob.call("control", command=13)
    bob.call("leaveChannel")
    netcall.settle()

    (came,), (went,) = alice.heard("joinChannel"), alice.heard("leaveChannel")
    assert came == went
    assert (came["account"], came["type"]) == ("bob", 2)
    assert [each["type"] for each in alice.heard("control")] == [13]
    assert bob.heard("leaveChannel") == []


def test_a_browsers_media_come_with_start_rtc(client: "Clients", netcall: Netcall) -> None:
    (alice, _) = meet(client, netcall)
    carol = client("carol", WEBRTC)
    carol.call("joinChannel", channelName="m")
    netcall.settle()
    before = len(alice.heard("joinChannel"))

    carol.call("startRtc")
    netcall.settle()

    assert (before, len(alice.heard("joinChannel"))) == (1, 2)


@pytest.mark.parametrize(("build", "code"), [("netcall-8.5", "statusNotMatch"), (WEBRTC, 20114)])
def test_who_is_in_a_call_joins_no_meeting(
    client: "Clients", netcall: Netcall, build: str, code: object
) -> None:
    alice, _ = client.talking(2, build)
    alice.call("createChannel", channelName="m")

    error = alice.rejected("joinChannel", channelName="m")

    assert error.get("code", error.get("type")) == code


def test_flags_in_a_meeting_are_taken_and_do_nothing(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    leave(netcall, meet(client, netcall, **SINGLE))

    assert copies.posts == []
    (told,) = copies.durations
    assert (told["status"], told["duration"], told["ext"]) == ("SUCCESS", "120", "order-9")
    assert [each.get("caller") for each in told["members"]] == [True, None]


@pytest.mark.recording_emulator(
    settings={"netcall": {"meeting_server_recording": True, "mixed_recording": True}}
)
@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        (BOTH, ["0.mp4"]),
        (SINGLE, ["alice.aac", "alice.mp4", "bob.aac", "bob.mp4", "0.mp4"]),
        ({}, []),
    ],
)
def test_they_count_where_that_is_bought(
    client: "Clients",
    netcall: Netcall,
    copies: "Copies",
    config: dict[str, object],
    kinds: list[str],
) -> None:
    leave(netcall, meet(client, netcall, **config))

    assert copies.kinds == kinds


def test_a_live_push_is_recorded_as_one_flv(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    push = {"liveEnable": True, "rtmpUrl": "rtmp://live.test/1", "rtmpRecord": True}
    leave(netcall, meet(client, netcall, **push))

    (file,) = copies.files
    assert (file["type"], file["mix"], file["user"]) == ("flv", True, "0")
    assert copies.durations[0]["live"] == "1"


def test_a_push_without_an_address_is_none(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    leave(netcall, meet(client, netcall, liveEnable=True, rtmpRecord=True))

    assert copies.posts == []
    assert copies.durations[0]["live"] == "0"


def test_somebody_without_an_sdk_can_be_put_into_a_meeting(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice = client("alice")
    netcall.room("m").join("carol")
    alice.call("createChannel", channelName="m")
    alice.call("joinChannel", channelName="m")
    netcall.room("m").join("dan")
    netcall.advance(minutes=1)
    netcall.room("m").leave("dan")
    alice.call("leaveChannel")
    netcall.room("m").leave("carol")
    netcall.advance(minutes=1)

    assert [each["account"] for each in alice.heard("joinChannel")] == ["dan"]
    assert [each["account"] for each in alice.heard("leaveChannel")] == ["dan"]
    (told,) = copies.durations
    assert [each["accid"] for each in told["members"]] == ["carol", "alice", "dan"]


def test_who_was_lost_leaves_a_meeting(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = meet(client, netcall)
    bob.member.drop()
    netcall.advance(seconds=30)
    assert [each["account"] for each in alice.heard("leaveChannel")] == ["bob"]
    alice.member.drop()
    netcall.advance(minutes=1)

    assert copies.durations[0]["status"] == "TIMEOUT"


@pytest.mark.recording_emulator(settings={"netcall": {"long_call_copy_ms": 3_600_000}})
def test_a_long_meeting_is_reported_while_it_runs(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    people = meet(client, netcall)
    netcall.advance(hours=1)
    people[0].call("switchVideoToAudio")
    leave(netcall, people)

    assert [each.get("running") for each in copies.durations] == [True, None]


def test_leaving_no_meeting_is_fine(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking()
    alice.call("leaveChannel")
    netcall.settle()

    assert bob.heard("hangup") == []
    assert client("carol").call("leaveChannel") is None
