"""What people, and a template, do to others in the room: mute, roles, names, kicks, the lock."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

TEMPLATES = pytest.mark.recording_emulator(
    settings={"neroom": {"templates": [{"id": 40, "roles": {"host": 1, "member": -1}}]}}
)
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("muteMemberAudio", {}),
    ("muteMemberVideo", {}),
    ("changeMemberRole", {"role": "cohost"}),
    ("kickMemberOut", {}),
]


def two(client: "Clients", **params: Any) -> tuple["Client", "Client"]:
    """Return Alice, the host, and Bob, who publishes both media."""
    alice, bob = client("alice"), client("bob")
    alice.create(**params)
    alice.join(role="host")
    bob.join(role="member")
    bob.talk()
    bob.call("unmuteMyVideo")
    return alice, bob


# --- muting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("medium", ["Audio", "Video"])
def test_who_mutes_another_is_named_with_it(client: "Clients", neroom: NeRoom, medium: str) -> None:
    alice, bob = two(client)

    alice.call(f"muteMember{medium}", userUuid="bob")
    alice.call(f"muteMember{medium}", userUuid="bob")
    neroom.settle()

    member, is_muted, by = bob.heard(f"onMember{medium}MuteChanged")[-1]
    assert (member["uuid"], is_muted, by["uuid"]) == ("bob", True, "alice")
    assert len(bob.heard(f"onMember{medium}MuteChanged")) == 2
    assert member[f"is{medium}On"] is False


def test_muting_the_last_who_publishes_ends_the_recording(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob = two(client)
    bob.call("muteMyVideo")
    alice.call("startCloudRecord")

    alice.call("muteMemberAudio", userUuid="bob")
    neroom.settle()

    assert bob.states == [(0, "alice"), (1, None)]


def test_a_mute_of_what_is_off_names_nobody_for_what_happens_next(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = two(client)
    neroom.room("room-7").join("carol", audio=True, video=False)
    alice.call("muteMemberVideo", userUuid="carol")

    neroom.room("room-7").publish("carol", audio=False)
    neroom.settle()

    assert alice.heard("onMemberAudioMuteChanged")[-1][2] is None


# --- others ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "params"), OTHERS)
def test_somebody_who_is_not_there_is_1015_and_nobody_is_lack_of_uuid(
    client: "Clients", method: str, params: dict[str, Any]
) -> None:
    alice, _ = two(client)

    unknown = alice.rejected(method, userUuid="nobody", **params)
    unnamed = alice.rejected(method, **params)

    assert unknown == (1015, "Destination Member Not Found")
    assert unnamed == (-1, "lack of uuid")


@pytest.mark.parametrize(
    ("method", "params"), [*OTHERS, ("lockRoom", {}), ("changeMyName", {"name": "C"})]
)
def test_who_is_not_in_the_room_does_nothing_to_it(
    client: "Clients", method: str, params: dict[str, Any]
) -> None:
    two(client)

    refused = client("carol").rejected(method, userUuid="bob", **params)

    assert refused == (-1, "not join roomkit")


@pytest.mark.parametrize(
    ("method", "params"), [*OTHERS, ("lockRoom", {}), ("unlockRoom", {}), ("endRoom", {})]
)
@pytest.mark.recording_emulator(settings={"neroom": {"manage_roles": ["host"]}})
def test_a_template_may_leave_that_to_some_roles(
    client: "Clients", method: str, params: dict[str, Any]
) -> None:
    alice, bob = two(client)

    refused = bob.rejected(method, userUuid="alice", **params)
    own = bob.call("changeMyName", name="Robert")
    alice.call(method, userUuid="bob", **params)

    assert refused == (403, "Forbidden")
    assert own["code"] == 0


def test_a_role_that_changes_is_told_and_copied(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, bob = two(client)

    alice.call("changeMemberRole", userUuid="bob", role="cohost")
    alice.call("changeMemberRole", userUuid="bob", role="cohost")
    neroom.settle()

    ((member, old, new),) = bob.heard("onMemberRoleChanged")
    assert (member["uuid"], member["role"], old, new) == (
        "bob",
        {"name": "cohost"},
        {"name": "member"},
        {"name": "cohost"},
    )
    body = copies.callbacks[-1].json["body"]
    archive = body.pop("roomArchiveId")
    assert archive
    assert body == {
        "roomUuid": "room-7",
        "userUuid": "bob",
        "oldRole": "member",
        "newRole": "cohost",
        "operatorUserUuid": "alice",
    }
    assert copies.event_types[-1] == "USER_ROLE_CHANGE"


@pytest.mark.recording_emulator(settings={"neroom": {"record_roles": ["host"]}})
def test_a_new_role_brings_its_rights(client: "Clients") -> None:
    alice, bob = two(client)
    before = bob.rejected("startCloudRecord")

    alice.call("changeMemberRole", userUuid="bob", role="host")

    assert before == (403, "Forbidden")
    assert bob.call("startCloudRecord")["code"] == 0


def test_a_new_name_is_told_and_copied(client: "Clients", neroom: NeRoom, copies: Inbox) -> None:
    alice, bob = two(client)

    bob.call("changeMyName", name="Robert")
    bob.call("changeMyName", name="Robert")
    neroom.settle()

    ((member, name, by),) = alice.heard("onMemberNameChanged")
    assert (member["name"], name, by["uuid"]) == ("Robert", "Robert", "bob")
    body = copies.callbacks[-1].json["body"]
    assert copies.event_types.count("USER_NAME_CHANGE") == 1
    assert [body["oldUserName"], body["newUserName"]] == ["Bob", "Robert"]


def test_who_is_kicked_hears_why_and_is_gone(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, bob = two(client)
    alice.call("startCloudRecord")

    alice.call("kickMemberOut", userUuid="bob")
    neroom.settle()

    assert bob.heard("onRoomEnded") == [["KICK_OUT"]]
    assert bob.call("getRoomContext")["data"] is None
    assert alice.heard("onMemberLeaveRoom")[0][0][0]["uuid"] == "bob"
    assert alice.states == [(0, "alice"), (1, None)]
    body = copies.callbacks[-1].json["body"]
    assert (copies.event_types[-1], body["operatorUserUuid"]) == ("USER_LEAVE_ROOM", "alice")


def test_a_member_ends_the_room_for_everybody(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, bob = two(client)
    alice.call("startCloudRecord")

    alice.call("endRoom", isForce=True)
    neroom.settle()

    assert bob.member.names[-3:] == [
        "onRoomPropertiesDeleted",
        "onRoomCloudRecordStateChanged",
        "onRoomEnded",
    ]
    assert bob.states == [(0, "alice"), (1, "alice")]
    assert bob.heard("onRoomEnded") == [["CLOSE_BY_MEMBER"]]
    assert copies.callbacks[-1].json["body"]["operatorUserUuid"] == "alice"


# --- who may come in ------------------------------------------------------------------------------


def test_a_locked_room_lets_nobody_in(client: "Clients", neroom: NeRoom) -> None:
    alice, bob = two(client)
    alice.call("lockRoom")
    alice.call("lockRoom")

    refused = client("carol").rejected("joinRoom", userName="C")
    alice.call("unlockRoom")
    context = client("carol").join()
    neroom.settle()

    assert refused == (1019, "Room Locked")
    assert context["isRoomLocked"] is False
    assert bob.heard("onRoomLockStateChanged") == [[True], [False]]


def test_a_room_has_room_for_so_many(client: "Clients") -> None:
    two(client, maxMembers=2)

    assert client("carol").rejected("joinRoom", userName="C") == (1022, "Member Limit")


@pytest.mark.recording_emulator(settings={"neroom": {"online_max": 2}})
def test_an_app_has_so_many_people_in_all_its_rooms(client: "Clients") -> None:
    alice, _ = two(client)
    carol = client("carol")
    carol.create(roomUuid="other")

    refused = carol.rejected("joinRoom", roomUuid="other", userName="C")
    alice.call("leaveRoom")

    assert refused == (1022, "Member Limit")
    assert carol.join(roomUuid="other")


@TEMPLATES
def test_a_template_says_which_roles_there_are_and_how_many(client: "Clients") -> None:
    alice, bob = two(client, templateId=40)
    carol = client("carol")

    refused = [
        carol.rejected("joinRoom", userName="C", role="host"),
        carol.rejected("joinRoom", userName="C", role="cohost"),
        alice.rejected("changeMemberRole", userUuid="bob", role="host"),
        alice.rejected("changeMemberRole", userUuid="bob", role="cohost"),
    ]
    alice.call("leaveRoom")

    assert [code for code, _ in refused] == [1002, 1003, 1002, 1003]
    assert carol.join(role="host")
    assert bob.call("getRoomContext")["data"]["localMember"]["role"] == {"name": "member"}


@TEMPLATES
def test_another_device_takes_its_users_place_but_no_role_there_is_not(client: "Clients") -> None:
    two(client, templateId=40)
    tablet = client("alice")

    refused = tablet.rejected("joinRoom", userName="A", role="cohost")

    assert refused == (1003, "Room Role Undefined")
    assert tablet.join(role="host")


@TEMPLATES
def test_an_unknown_template_is_1005_and_none_is_none(client: "Clients") -> None:
    alice = client("alice")

    refused = alice.rejected("createRoom", templateId=41)
    alice.create()

    assert refused == (1005, "Bad Room Config")
    assert alice.join(role="anything")


def test_what_a_template_says_holds_for_rooms_made_afterwards(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob = two(client)
    neroom.configure(record_roles=["host"])

    bob.call("startCloudRecord")
    alice.call("endRoom")
    two_again = client("alice"), client("bob")
    two_again[0].create()
    two_again[1].join()
    two_again[1].talk()

    assert two_again[1].rejected("startCloudRecord") == (403, "Forbidden")
