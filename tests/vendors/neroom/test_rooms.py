"""Rooms as clients with the SDK live them: make, join, talk, leave, lose the connection, end."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Rejected, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients


def code(client: "Client", method: str, **params: Any) -> tuple[int, str]:
    """What a call is rejected with."""
    with pytest.raises(Rejected) as caught:
        client.call(method, **params)
    assert list(caught.value.data) == ["code", "message"]
    return caught.value.data["code"], caught.value.data["message"]


def test_a_member_enters_with_sound_and_picture_off_and_outside_rtc(client: "Clients") -> None:
    alice = client("alice")
    archive = alice.create(roomName="Demo")

    context = alice.join(role="host")

    assert context["roomArchiveId"] == archive
    assert context["isCloudRecording"] is False
    assert context["remainingSeconds"] == 86_400
    me = context["localMember"]
    assert (me["isAudioOn"], me["isVideoOn"], me["isInRtcChannel"]) == (False, False, False)
    assert context["remoteMembers"] == []


def test_the_others_hear_who_comes_talks_and_goes(client: "Clients", neroom: NeRoom) -> None:
    alice, bob = client("alice"), client("bob")
    alice.create()
    alice.join()
    bob.join()
    bob.talk()
    bob.call("unmuteMyVideo")
    bob.call("muteMyAudio")
    bob.call("leaveRtcChannel")
    bob.call("leaveRoom")

    neroom.settle()

    assert alice.member.names == [
        "onMemberJoinRoom",
        "onMemberJoinRtcChannel",
        "onMemberAudioMuteChanged",
        "onMemberVideoMuteChanged",
        "onMemberAudioMuteChanged",
        "onMemberLeaveRtcChannel",
        "onMemberLeaveRoom",
    ]
    muted = alice.heard("onMemberAudioMuteChanged")
    assert [(args[0]["uuid"], args[1], args[2]["uuid"]) for args in muted] == [
        ("bob", False, "bob"),
        ("bob", True, "bob"),
    ]


def test_a_live_rooms_name_is_taken_and_free_again_when_it_has_ended(client: "Clients") -> None:
    alice = client("alice")
    first = alice.create()
    taken = code(alice, "createRoom")
    alice.join()
    alice.call("endRoom")

    second = alice.create()

    assert taken == (409, "Target Already Exists")
    assert first != second


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("joinRtcChannel", (-1, "not join roomkit")),
        ("unmuteMyAudio", (-1, "not join rtc")),
        ("leaveRtcChannel", (-1, "not join rtc")),
        ("startCloudRecord", (-1, "not join roomkit")),
        ("stopCloudRecord", (-1, "not join roomkit")),
        ("leaveRoom", (-1, "not join roomkit")),
        ("endRoom", (-1, "not join roomkit")),
    ],
)
def test_who_has_not_joined_can_do_nothing(
    client: "Clients", method: str, expected: tuple[int, str]
) -> None:
    alice = client("alice")
    alice.create()

    assert code(alice, method) == expected


def test_there_is_no_context_before_joining(client: "Clients") -> None:
    alice = client("alice")
    alice.create()

    assert alice.call("getRoomContext")["data"] is None


def test_a_call_about_no_room_is_1004(client: "Clients") -> None:
    assert code(client("alice"), "joinRoom", userName="A") == (1004, "Room Not Found")


def test_a_password_is_asked_for(client: "Clients") -> None:
    alice = client("alice")
    alice.create(password="open sesame")

    assert code(alice, "joinRoom", userName="A") == (1020, "Bad Password")
    assert alice.join(password="open sesame")


def test_joining_twice_is_refused(client: "Clients") -> None:
    alice = client("alice")
    alice.create()
    alice.join()

    assert code(alice, "joinRoom", userName="A") == (1016, "Member Exist")


def test_another_device_of_the_same_user_takes_over(client: "Clients", neroom: NeRoom) -> None:
    phone, tablet = client("alice"), client("alice")
    phone.create()
    phone.join()
    tablet.join()
    neroom.settle()

    assert phone.heard("onRoomEnded") == [["KICK_BY_OTHER_DEVICE"]]
    assert code(phone, "leaveRoom") == (-1, "not join roomkit")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("createRoom", {"roomUuid": "no spaces"}),
        ("createRoom", {"roomUuid": "x" * 65}),
        ("createRoom", {"enableRecord": "yes"}),
        ("joinRoom", {}),
        ("muteMyAudio", {"roomUuid": 7}),
        ("startCloudRecord", {"rtcRecordType": 1}),
        ("startCloudRecord", {"rtcRecordType": 100}),
        ("startCloudRecord", {"rtcRecordType": 100, "modeList": [{"mode": 7}]}),
        ("startCloudRecord", {"rtcRecordType": 100, "modeList": [{"mode": 2}, {"mode": 2}]}),
        ("getRoomCloudRecordList", {}),
    ],
)
def test_a_wrong_parameter_is_400(client: "Clients", method: str, params: dict[str, Any]) -> None:
    alice = client("alice")
    if method != "createRoom":
        alice.create()

    assert code(alice, method, **params) == (400, "Bad Request")


def test_somebody_without_an_sdk_can_be_put_into_the_room(
    client: "Clients", neroom: NeRoom
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()

    neroom.room("room-7").join("carol", audio=True, video=False)
    neroom.room("room-7").leave("carol")
    neroom.settle()

    assert alice.member.names == [
        "onMemberJoinRoom",
        "onMemberJoinRtcChannel",
        "onMemberAudioMuteChanged",
        "onMemberLeaveRtcChannel",
        "onMemberLeaveRoom",
    ]


def test_a_lost_connection_counts_as_there_for_half_a_minute(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.create()
    alice.join()
    bob.join()
    bob.member.drop()

    neroom.advance(seconds=29)
    before = alice.member.names
    neroom.advance(seconds=1)

    assert before == ["onMemberJoinRoom"]
    assert alice.member.names == ["onMemberJoinRoom", "onMemberLeaveRoom"]


def test_who_comes_back_in_time_was_never_gone_and_is_told_what_it_missed(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.create()
    alice.join()
    bob.join()
    bob.member.drop()
    alice.talk()
    neroom.advance(seconds=20)

    bob.member.resume()
    neroom.advance(minutes=5)

    assert bob.member.missed == 2
    assert "onMemberLeaveRoom" not in alice.member.names


def test_bye_leaves_the_room(client: "Clients", neroom: NeRoom) -> None:
    alice, bob = client("alice"), client("bob")
    alice.create()
    alice.join()
    bob.join()

    bob.member.bye()
    neroom.settle()

    assert alice.member.names[-1] == "onMemberLeaveRoom"


@pytest.mark.parametrize(
    ("joins", "after_s", "reason"),
    [(True, 86_400, "END_OF_LIFE"), (False, 86_400, "")],
)
def test_a_room_lives_for_a_day(
    client: "Clients", neroom: NeRoom, joins: bool, after_s: int, reason: str
) -> None:
    alice = client("alice")
    alice.create()
    if joins:
        alice.join()

    neroom.advance(seconds=after_s - 1)
    taken = code(alice, "createRoom")[0]
    neroom.advance(seconds=1)

    assert taken == 409
    assert alice.create()
    assert [args[0] for args in alice.heard("onRoomEnded")] == ([reason] if reason else [])


def test_a_room_that_everybody_has_left_ends_after_a_minute(
    client: "Clients", neroom: NeRoom, copies: Any
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.call("leaveRoom")

    neroom.advance(minutes=1)

    assert copies.event_types == [
        "CREATE_ROOM",
        "USER_JOIN_ROOM",
        "USER_LEAVE_ROOM",
        "CLOSE_ROOM",
    ]


def test_a_wrong_token_is_told_as_the_sdk_does(tenant: Tenant, neroom: NeRoom) -> None:
    query = {**neroom.sdk_query("alice"), "token": "wrong"}

    with pytest.raises(BadRequest, match=r"onAuthEvent \['INCORRECT_TOKEN'\]"):
        tenant.member("neroom", query)
    with pytest.raises(BadRequest, match=r"onAuthEvent \['UNAUTHORIZED'\]"):
        tenant.member("neroom", {"appKey": neroom.app_key})
