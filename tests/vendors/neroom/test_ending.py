"""When a recording, or its room, ends by itself or begins by itself."""

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

HOUR_MS = 3_600_000


# --- the recording --------------------------------------------------------------------------------


def test_somebody_who_never_joined_rtc_keeps_nothing_going(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = client.recording()
    client("bob").join()

    alice.call("muteMyAudio")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, None)]


def test_talking_again_afterwards_starts_nothing(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    alice.call("muteMyAudio")
    alice.call("unmuteMyAudio")
    neroom.advance(minutes=5)
    before = alice.states

    alice.call("startCloudRecord")
    neroom.settle()

    found = alice.member.call("getRoomCloudRecordList", roomArchiveId=archive)["data"]
    assert before == [(0, "alice"), (1, None)]
    assert alice.states[2:] == [(0, "alice")]
    assert len({each["recordId"] for each in found}) == 2


def test_a_lost_connection_keeps_it_going_until_it_counts_as_left(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    alice.member.drop()
    neroom.advance(seconds=29)
    alice.member.resume()

    neroom.advance(minutes=5)

    assert bob.states == []
    assert bob.call("getRoomContext")["data"]["isCloudRecording"] is True


@pytest.mark.recording_emulator(settings={"neroom": {"idle_grace_ms": 30_000}})
def test_a_start_in_silence_has_the_grace_too(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.call("joinRtcChannel")
    alice.call("startCloudRecord")
    neroom.advance(seconds=29)
    before = alice.states

    neroom.advance(seconds=1)

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


def test_a_stop_that_comes_after_it_has_ended_by_itself_is_800(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = client.recording()
    alice.call("muteMyAudio")

    refused = alice.rejected("stopCloudRecord")
    neroom.settle()

    assert refused == (800, "Record does not exist")
    assert alice.states == [(0, "alice"), (1, None)]


@pytest.mark.recording_emulator(settings={"neroom": {"callback_first": False}})
def test_a_start_may_resolve_after_its_events(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.talk()
    neroom.settle()
    heard_at_reply: list[list[tuple[int, str | None]]] = []

    promise = alice.member.begin("startCloudRecord", roomUuid="room-7")
    promise.add_done_callback(lambda _done: heard_at_reply.append(alice.states))
    promise.result(30)

    assert heard_at_reply == [[(0, "alice")]]
    assert promise.result() == {"code": 0, "message": "success", "data": None}


@pytest.mark.parametrize("after_ms", [0, 90_000])
def test_a_recording_may_break_off_by_a_fault(
    client: "Clients", neroom: NeRoom, after_ms: int
) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)

    neroom.faults.add("recording", effect="stop", after_ms=after_ms)
    neroom.advance(minutes=4)

    assert alice.states == [(0, "alice"), (1, None)]
    assert alice.files(archive)[0]["size"] == 5 * (60_000 + after_ms)


def test_a_fault_that_comes_after_the_stop_changes_nothing(
    client: "Clients", neroom: NeRoom
) -> None:
    neroom.faults.add("recording", effect="stop", after_ms=90_000)
    alice, _ = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    alice.call("startCloudRecord")

    neroom.advance(minutes=1)

    assert alice.states == [(0, "alice"), (1, "alice"), (0, "alice")]


# --- the room -------------------------------------------------------------------------------------


@pytest.mark.recording_emulator(settings={"neroom": {"is_demo": True}})
def test_a_room_on_trial_lives_for_half_an_hour(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    left_s = alice.call("getRoomContext")["data"]["remainingSeconds"]

    neroom.advance(minutes=30)

    assert left_s == 1_800
    assert alice.states == [(0, "alice"), (1, None)]
    assert alice.heard("onRoomEnded") == [["END_OF_LIFE"]]
    neroom.advance(minutes=1)
    assert alice.files(archive)[0]["size"] == 9_000_000


def test_a_room_that_may_live_longer_tells_how_long(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    neroom.advance(hours=23)

    neroom.configure(room_max_ms=30 * HOUR_MS)
    neroom.advance(hours=6)
    before = alice.heard("onRoomEnded")
    neroom.advance(hours=1)

    assert alice.heard("onRoomRemainingSecondsRenewed") == [[7 * 3_600]]
    assert (before, alice.heard("onRoomEnded")) == ([], [["END_OF_LIFE"]])


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        ("close", "CLOSE_BY_BACKEND"),
        ("end_of_life", "END_OF_LIFE"),
        ("end_of_rtc", "END_OF_RTC"),
        ("unknown", "UNKNOWN"),
    ],
)
def test_a_room_may_end_by_a_fault(
    client: "Clients", neroom: NeRoom, copies: Inbox, effect: str, reason: str
) -> None:
    neroom.faults.add("room", effect=effect, after_ms=60_000)
    alice, _ = client.recording()

    neroom.advance(minutes=1)

    assert alice.states == [(0, "alice"), (1, None)]
    assert alice.heard("onRoomEnded") == [[reason]]
    assert copies.event_types[-1] == "CLOSE_ROOM"
    assert "operatorUserUuid" not in copies.callbacks[-1].json["body"]


def test_a_room_without_rtc_has_no_channel_to_join(client: "Clients") -> None:
    alice = client("alice")
    alice.create(enableRtc=False)
    alice.join()

    assert alice.rejected("joinRtcChannel") == (-1, "not support")


# --- beginning by itself --------------------------------------------------------------------------


def made_to_record(client: "Clients", *, text: bool = False, **config: Any) -> "Client":
    """Return Bob, who is no host, in a room that is to record by itself."""
    bob = client("bob")
    own = msgspec.json.encode(config).decode() if text else config
    bob.create(initialProperties={"recordConfig": own, "topic": "news"})
    bob.join(role="member")
    return bob


@pytest.mark.parametrize("text", [False, True])
def test_a_room_may_record_by_itself_once_anybody_publishes(
    client: "Clients", neroom: NeRoom, text: bool
) -> None:
    bob = made_to_record(client, text=text, recordStrategy=1)
    bob.call("joinRtcChannel")
    neroom.advance(minutes=1)
    before = bob.states

    bob.call("unmuteMyAudio")
    neroom.settle()

    assert before == []
    assert bob.states == [(0, None)]
    assert bob.call("getRoomContext")["data"]["roomProperties"]["topic"] == "news"


def test_or_only_once_the_host_is_there(client: "Clients", neroom: NeRoom) -> None:
    bob = made_to_record(client, recordStrategy=0)
    bob.talk()
    neroom.settle()
    before = bob.states

    alice = client("alice")
    alice.join(role="host")
    alice.call("joinRtcChannel")
    neroom.settle()

    assert before == []
    assert bob.states == [(0, None)]


def test_it_does_so_once_and_as_it_was_told(client: "Clients", neroom: NeRoom) -> None:
    bob = made_to_record(
        client, recordStrategy=1, rtcRecordType=100, modeList=[{"mode": 6}, {"mode": 0}]
    )
    bob.talk()
    neroom.advance(minutes=1)
    bob.call("muteMyAudio")
    bob.call("unmuteMyAudio")
    neroom.advance(minutes=1)

    archive = bob.call("getRoomContext")["data"]["roomArchiveId"]

    assert bob.states == [(0, None), (1, None)]
    assert [each["mix"] for each in bob.files(archive)] == [True, False]


@pytest.mark.parametrize(
    "config", ["{", "[]", {"recordStrategy": "now"}, {"rtcRecordType": 7}, {"modeList": 3}]
)
def test_a_record_config_that_makes_no_sense_is_400(client: "Clients", config: Any) -> None:
    properties = {"recordConfig": config}

    assert client("a").rejected("createRoom", initialProperties=properties)[0] == 400


def test_a_room_without_recording_does_not_begin_one(client: "Clients", neroom: NeRoom) -> None:
    bob = client("bob")
    properties = {"recordConfig": {"recordStrategy": 1}}
    bob.create(initialProperties=properties, enableRecord=False)
    bob.join()
    bob.talk()

    neroom.settle()

    assert bob.states == []
