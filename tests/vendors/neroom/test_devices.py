"""One SDK instance and the next: set up, signed in, two of one user in a room, lost and back."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients


# --- set up and signed in -------------------------------------------------------------------------


def test_what_the_sdk_is_set_up_with_is_seen_by_others(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")
    options = {"options": {"appKey": neroom.app_key}}
    alice.member.call("initialize", **options, clientType=1, deviceId="a-phone")
    alice.member.call("initialize", **options)
    alice.create()

    me = alice.join()["localMember"]

    assert me["clientType"] == 1
    (device,) = me["connectedDeviceList"]
    assert (device["deviceId"], device["clientType"]) == ("a-phone", 1)


def test_an_app_key_is_needed_and_must_be_the_connections(client: "Clients") -> None:
    alice = client("alice")

    assert alice.rejected("initialize") == (-1, "lack of appKey")
    assert alice.rejected("initialize", options={"appKey": "another"}) == (403, "Forbidden")
    assert alice.rejected("initialize", options=7) == (400, "Bad Request")


def test_a_login_is_of_who_has_connected(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")

    done = alice.member.call("login", account="alice", token=neroom.token("alice"))

    assert done == {"code": 0, "message": "success", "data": None}
    assert alice.rejected("login", account="bob", token="t") == (402, "Unauthorized")
    assert alice.rejected("login", account="alice") == (402, "Unauthorized")


def test_a_logins_token_is_the_doors_business_unless_a_setting_makes_it_its_own(
    client: "Clients", neroom: NeRoom
) -> None:
    alice = client("alice")
    before = alice.member.call("login", account="alice", token="another")

    neroom.configure(login_checks_token=True)

    refused = alice.rejected("login", account="alice", token="another")
    assert before["code"] == 0
    assert refused == (1027, "Token Incorrect")
    assert alice.member.call("login", account="alice", token=neroom.token("alice"))["code"] == 0


@pytest.mark.parametrize("method", ["stopCloudRecord", "joinRoom", "getRoomContext"])
def test_a_token_may_expire_exactly_at_a_call(
    client: "Clients", neroom: NeRoom, method: str
) -> None:
    alice, _ = client.recording()
    neroom.faults.answer(method, 1026)

    refused = alice.rejected(method, userName="A")

    assert refused == (1026, "Token Expired")
    assert alice.call("stopCloudRecord")["code"] == 0


# --- two devices of one user ----------------------------------------------------------------------


def two_devices(client: "Clients") -> tuple["Client", "Client", "Client", str]:
    """Return Alice's phone, which records, and her tablet in the same room, and Bob."""
    bob, phone, tablet = client("bob"), client("alice"), client("alice")
    archive = bob.create()
    bob.join()
    phone.join()
    phone.talk()
    tablet.join(kickOtherDevice=False)
    tablet.call("joinRtcChannel")
    phone.call("startCloudRecord")
    return bob, phone, tablet, archive


def test_a_second_device_may_stay_beside_the_first(client: "Clients", neroom: NeRoom) -> None:
    bob, phone, tablet, _ = two_devices(client)

    neroom.settle()

    (member,) = bob.call("getRoomContext")["data"]["remoteMembers"]
    assert len(member["connectedDeviceList"]) == 2
    assert [each["isAudioOn"] for each in member["connectedDeviceList"]] == [True, False]
    assert bob.member.names.count("onMemberJoinRoom") == 1
    assert [len(args[0]["connectedDeviceList"]) for args in bob.heard(CHANGED)] == [2]
    assert phone.heard(CHANGED) == bob.heard(CHANGED)
    assert tablet.heard(CHANGED) == []


CHANGED = "onMemberConnectedDeviceListChanged"


def test_a_user_is_heard_while_any_of_their_devices_is(client: "Clients", neroom: NeRoom) -> None:
    bob, phone, tablet, archive = two_devices(client)
    neroom.advance(minutes=1)
    tablet.call("unmuteMyVideo")
    phone.call("muteMyAudio")
    neroom.advance(minutes=1)
    before = bob.states

    tablet.call("muteMyVideo")
    neroom.advance(minutes=1)

    assert before == [(0, "alice")]
    assert bob.states == [(0, "alice"), (1, None)]
    assert [each["type"] for each in bob.files(archive)] == ["mp4", "mp4"]


def test_the_first_device_may_go_and_the_user_stays(client: "Clients", neroom: NeRoom) -> None:
    bob, phone, tablet, _ = two_devices(client)
    tablet.call("unmuteMyAudio")

    phone.call("leaveRoom")
    neroom.settle()
    after_phone = list(bob.member.names)
    tablet.member.bye()
    neroom.settle()

    assert after_phone[-1] == CHANGED
    assert "onMemberLeaveRoom" not in after_phone
    assert bob.states == [(0, "alice"), (1, None)]
    assert bob.member.names[-3:] != after_phone[-3:]
    assert "onMemberLeaveRoom" in bob.member.names


def test_a_third_that_kicks_takes_both_out(client: "Clients", neroom: NeRoom) -> None:
    bob, phone, tablet, _ = two_devices(client)
    tablet.call("unmuteMyVideo")

    client("alice").join()
    neroom.settle()

    assert phone.heard("onRoomEnded") == [["KICK_BY_OTHER_DEVICE"]]
    assert tablet.heard("onRoomEnded") == [["KICK_BY_OTHER_DEVICE"]]
    assert bob.states == [(0, "alice"), (1, None)]
    (member,) = bob.call("getRoomContext")["data"]["remoteMembers"]
    assert len(member["connectedDeviceList"]) == 1


def test_a_mute_by_another_mutes_all_devices(client: "Clients", neroom: NeRoom) -> None:
    bob, _, tablet, _ = two_devices(client)
    tablet.call("unmuteMyAudio")

    bob.call("muteMemberAudio", userUuid="alice")
    neroom.settle()

    assert bob.heard("onMemberAudioMuteChanged")[-1][1] is True
    assert bob.states == [(0, "alice"), (1, None)]


# --- lost and back --------------------------------------------------------------------------------


def test_who_is_back_hears_so_and_reads_the_state_of_the_recording(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    bob.member.drop()
    alice.call("stopCloudRecord")
    neroom.advance(seconds=5)

    bob.member.resume()
    neroom.settle()

    assert bob.heard("onRoomConnectStateChanged") == [[1]]
    assert bob.states == []
    assert bob.call("getRoomContext")["data"]["isCloudRecording"] is False


@pytest.mark.recording_emulator(settings={"neroom": {"replay_on_reconnect": True}})
def test_or_what_was_missed_comes_first(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    bob.member.drop()
    alice.call("stopCloudRecord")

    bob.member.resume()
    neroom.settle()

    assert bob.member.missed == 0
    assert bob.member.names == [
        "onRoomPropertiesDeleted",
        "onRoomCloudRecordStateChanged",
        "onRoomConnectStateChanged",
    ]


def test_a_client_in_two_rooms_is_lost_in_both(client: "Clients", neroom: NeRoom) -> None:
    alice, bob = client("alice"), client("bob")
    for name in ("one", "two"):
        alice.create(roomUuid=name)
        alice.join(roomUuid=name)
        bob.join(roomUuid=name)

    bob.member.drop()
    neroom.advance(seconds=30)

    gone = [each.room for each in alice.member.events if each.name == "onMemberLeaveRoom"]
    assert gone == ["one", "two"]


@pytest.mark.recording_emulator(settings={"neroom": {"reconnect_timeout_ms": 5_000}})
def test_how_long_a_lost_connection_counts_as_there_is_a_setting(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.create()
    alice.join()
    bob.join()
    bob.member.drop()

    neroom.advance(seconds=5)

    assert alice.member.names[-1] == "onMemberLeaveRoom"


def test_a_snapshot_says_how_the_room_is_as_of_the_last_event(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()
    bob = client("bob")

    seen: dict[str, Any] = bob.call("getRoomSnapshot")["data"]
    own = alice.call("getRoomSnapshot")["data"]

    assert seen["sequence"] == 0
    assert own["sequence"] == alice.member.events[-1].seq
    assert seen["room"]["roomArchiveId"] == archive
    assert seen["room"]["properties"]["record"]["value"] == 1
    assert [(each["userUuid"], each["streams"]) for each in seen["members"]] == [
        ("alice", {"audio": {"value": 1}})
    ]


def test_a_snapshot_of_no_room_is_1004_and_its_context_is_null(client: "Clients") -> None:
    alice = client("alice")

    assert alice.rejected("getRoomSnapshot") == (1004, "Room Not Found")
    assert alice.call("getRoomContext")["data"] is None


def test_what_is_not_modelled_is_accepted_with_a_note(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")
    alice.create(enableChatroom=True)

    alice.join(crossAppAuthorization={"appKey": "k", "user": "u", "token": "t"}, ext="x")

    notes = [each["detail"]["notes"] for each in neroom.journal() if each["kind"] == "call"]
    assert notes == [
        ["enableChatroom: not modelled"],
        ["crossAppAuthorization: not modelled", "ext: not modelled"],
    ]
