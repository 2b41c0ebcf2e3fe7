"""Shared screens: one at a time, what the others hear, what is recorded of them."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

EVENT = "onMemberScreenShareStateChanged"


def pair(client: "Clients") -> tuple["Client", "Client", str]:
    """Return Alice and Bob in the RTC channel, silent, and the room's archive id."""
    alice, bob = client("alice"), client("bob")
    archive = alice.create()
    for each in (alice, bob):
        each.join()
        each.call("joinRtcChannel")
    return alice, bob, archive


def test_everybody_hears_who_shares_and_a_newcomer_sees_it(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob, _ = pair(client)

    alice.call("startScreenShare")
    alice.call("startScreenShare")
    context = client("carol").join()
    alice.call("stopScreenShare")
    alice.call("stopScreenShare")
    neroom.settle()

    told = [(member["uuid"], is_on, by["uuid"]) for member, is_on, by in bob.heard(EVENT)]
    assert told == [("alice", True, "alice"), ("alice", False, "alice")]
    assert alice.heard(EVENT) == bob.heard(EVENT)
    assert [each["isSharingScreen"] for each in context["remoteMembers"]] == [True, False]


def test_a_second_screen_is_1012_until_the_first_is_gone(client: "Clients", neroom: NeRoom) -> None:
    alice, bob, _ = pair(client)
    alice.call("startScreenShare")

    refused = bob.rejected("startScreenShare")
    alice.call("leaveRtcChannel")
    bob.call("startScreenShare")
    neroom.settle()

    assert refused == (1012, "Over Concurrency")
    assert [(args[0]["uuid"], args[1]) for args in bob.heard(EVENT)] == [
        ("alice", True),
        ("alice", False),
        ("bob", True),
    ]


@pytest.mark.parametrize("method", ["startScreenShare", "stopScreenShare"])
def test_a_screen_is_shared_in_the_rtc_channel_only(client: "Clients", method: str) -> None:
    alice = client("alice")
    alice.create()
    alice.join()

    assert alice.rejected(method) == (-1, "not join rtc")


def test_a_shared_screen_alone_keeps_no_recording_going(client: "Clients", neroom: NeRoom) -> None:
    alice, bob, _ = pair(client)
    bob.call("startScreenShare")
    alice.call("unmuteMyAudio")
    alice.call("startCloudRecord")

    alice.call("muteMyAudio")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, None)]


@pytest.mark.recording_emulator(settings={"neroom": {"count_screen_share": True}})
def test_or_it_does_where_a_setting_says_so(client: "Clients", neroom: NeRoom) -> None:
    alice, bob, archive = pair(client)
    bob.call("startScreenShare")
    alice.call("startCloudRecord", rtcRecordType=100, modeList=[{"mode": 0}, {"mode": 1}])
    neroom.advance(minutes=1)
    before = alice.states

    bob.call("stopScreenShare")
    neroom.advance(minutes=1)

    uid, cid = bob.call("getRoomContext")["data"]["localMember"]["rtcUid"], ""
    mix, screen = (each["filename"] for each in alice.files(archive))
    cid, start = mix.split("-")[1:3]
    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]
    assert mix == f"0-{cid}-{start}-0-mix.mp4"
    assert screen == f"{uid}-{cid}-{start}-0-substream.mp4"


@pytest.mark.parametrize(
    ("mode", "kinds"),
    [
        (0, ["-0.aac", "-0-substream.mp4"]),
        (1, ["-0-mix.mp4"]),
        (2, ["-0-mix.mp4"]),
        (3, ["-0-mix.aac"]),
        (4, ["-0-mix.aac"]),
        (5, ["-0-mix.mp4"]),
        (6, ["-0-mix.aac"]),
    ],
)
def test_a_talker_who_shares_is_recorded_as_the_mode_says(
    client: "Clients", neroom: NeRoom, mode: int, kinds: list[str]
) -> None:
    alice, archive = client.recording()
    alice.call("stopCloudRecord")
    alice.call("startScreenShare")
    alice.call("startCloudRecord", rtcRecordType=100, modeList=[{"mode": mode}])
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    names = [each["filename"] for each in alice.files(archive)]

    assert [name[name.index("-0", len("0-000000000-0")) :] for name in names] == kinds


def test_a_mode_for_screens_leaves_nothing_where_none_was_shared(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()
    alice.call("stopCloudRecord")
    alice.call("startCloudRecord", rtcRecordType=100, modeList=[{"mode": 5}])
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")

    neroom.advance(minutes=5)

    assert alice.files(archive) == []


def test_a_screen_shared_late_has_its_own_beginning(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(seconds=40)
    alice.call("startScreenShare")
    neroom.advance(seconds=20)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    files = {each["filename"].split("-")[2]: each["size"] for each in alice.files(archive)[1:]}

    begin = neroom.info.start_ms
    assert files == {str(begin): 300_000, str(begin + 40_000): 100_000}


def test_who_shared_before_they_spoke_has_both_from_their_own_moments(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob, archive = pair(client)
    alice.call("unmuteMyAudio")
    bob.call("startScreenShare")
    alice.call("startCloudRecord")
    neroom.advance(seconds=30)
    bob.call("unmuteMyAudio")
    neroom.advance(seconds=30)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    bobs: list[dict[str, Any]] = [
        each for each in alice.files(archive) if each.get("userUuid") == "bob"
    ]

    assert [(each["type"], each["size"]) for each in bobs] == [("aac", 150_000), ("mp4", 300_000)]
