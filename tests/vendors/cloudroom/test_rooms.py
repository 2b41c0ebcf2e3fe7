"""Rooms as clients with an SDK live them: make, enter, talk, leave, drop, be thrown out."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import TALK

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Client, Clients


def test_who_enters_is_told_who_is_there_with_what(client: "Clients") -> None:
    alice, bob = client("alice"), client("bob", "mini")
    room = alice.make()
    alice.enter(room, "Alice L.")
    alice.call("openMic")

    there = bob.enter(room)

    assert there == {
        "members": [
            {"userID": "alice", "nickname": "Alice L.", "audioStatus": 3, "videoStatus": 2},
            {"userID": "bob", "nickname": "Bob", "audioStatus": 2, "videoStatus": 2},
        ],
        "mixers": [],
    }
    assert bob.call("getAllMembers") == there["members"]
    assert bob.call("getMemberInfo", userID="alice") == there["members"][0]
    assert bob.refused("getMemberInfo", userID="carol") == 605


def test_the_others_hear_who_comes_talks_and_goes(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob = client("alice"), client("bob")
    room = alice.make()
    alice.enter(room)
    bob.enter(room)
    for method in ("openMic", "openVideo", "openVideo", "closeMic", "closeVideo"):
        bob.call(method)
    bob.call("exitMeeting")

    cloudroom.settle()

    assert [(each.name, each.args) for each in alice.member.events] == [
        ("userEnterMeeting", ["bob", "Bob"]),
        ("audioStatusChanged", ["bob", 2, 3]),
        ("videoStatusChanged", ["bob", 2, 3]),
        ("audioStatusChanged", ["bob", 3, 2]),
        ("videoStatusChanged", ["bob", 3, 2]),
        ("userLeftMeeting", ["bob"]),
    ]
    assert bob.member.names[-1] == "videoStatusChanged"


@pytest.mark.parametrize(
    "method", ["exitMeeting", "getAllMembers", "openMic", "closeMic", "openVideo", "closeVideo"]
)
@pytest.mark.parametrize("is_destroyed", [False, True])
def test_who_is_in_no_room_can_do_nothing(
    client: "Clients", method: str, is_destroyed: bool
) -> None:
    alice = client("alice")
    if is_destroyed:
        room = alice.make()
        alice.enter(room)
        alice.call("destroyMeeting", meetID=room)

    assert alice.refused(method) == 817
    assert alice.refused("kickout", userID="bob") == 817
    assert alice.call("getAllCloudMixerInfo") == []


def test_a_room_that_is_not_there_is_800(client: "Clients") -> None:
    alice = client("alice")

    assert alice.refused("enterMeeting", meetID=12) == 800
    assert alice.refused("destroyMeeting", meetID=12) == 800


def test_who_is_in_a_room_can_enter_no_other(client: "Clients") -> None:
    alice = client("alice")
    first, second = alice.make(), alice.make()
    alice.enter(first)

    assert alice.refused("enterMeeting", meetID=second) == 807
    assert alice.refused("enterMeeting", meetID=first) == 807


@pytest.mark.recording_emulator(settings={"cloudroom": {"max_members": 1}})
def test_a_room_can_be_full(client: "Clients") -> None:
    alice, bob = client("alice"), client("bob")
    room = alice.make()
    alice.enter(room)

    assert bob.refused("enterMeeting", meetID=room) == 802
    assert client("alice").enter(room)["members"] != []


@pytest.mark.recording_emulator(live_limit=1)
def test_a_tenant_can_be_full(client: "Clients", cloudroom: CloudRoom) -> None:
    alice = client("alice")
    alice.enter(alice.make())

    assert alice.refused("createMeeting") == 803
    alice.create(TALK)
    cloudroom.settle()
    assert alice.failures == [907]


def test_who_is_kicked_out_hears_why_and_the_others_that_they_left(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, _ = client.pair()

    alice.call("kickout", userID="bob")
    cloudroom.settle()

    assert bob.heard("meetingDropped") == [[1]]
    assert alice.heard("userLeftMeeting") == [["bob"]]
    assert alice.refused("kickout", userID="bob") == 605
    assert bob.refused("exitMeeting") == 817


def test_another_device_of_the_same_user_takes_over(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    phone, bob, room = client.pair()
    tablet = client("alice")

    tablet.enter(room)
    cloudroom.settle()

    assert phone.heard("lineOff") == [[10]]
    assert phone.refused("exitMeeting") == 817
    assert bob.heard("userLeftMeeting") == []
    assert [each["userID"] for each in bob.call("getAllMembers")] == ["bob", "alice"]


def test_a_lost_connection_has_left_at_once(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob, room = client.pair()

    bob.member.drop()
    cloudroom.settle()
    bob.member.resume()

    assert alice.heard("userLeftMeeting") == [["bob"]]
    assert bob.refused("exitMeeting") == 817
    assert bob.enter(room)["members"] != []


@pytest.mark.recording_emulator(settings={"cloudroom": {"drop_grace_ms": 10_000}})
@pytest.mark.parametrize("comes_back", [True, False])
def test_or_counts_as_there_for_a_while(
    client: "Clients", cloudroom: CloudRoom, comes_back: bool
) -> None:
    alice, bob, _ = client.pair()
    bob.member.drop()
    cloudroom.advance(seconds=9)
    before = alice.heard("userLeftMeeting")

    if comes_back:
        bob.member.resume()
    cloudroom.advance(seconds=1)

    assert before == []
    assert alice.heard("userLeftMeeting") == ([] if comes_back else [["bob"]])


def test_bye_leaves_the_room(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob, _ = client.pair()

    bob.member.bye()
    cloudroom.settle()

    assert alice.heard("userLeftMeeting") == [["bob"]]


def test_somebody_without_an_sdk_can_be_put_into_the_room(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, room = client.pair()
    before = len(alice.member.events)

    cloudroom.room(str(room)).join("carol", video=False)
    cloudroom.room(str(room)).leave("carol")
    cloudroom.settle()

    assert alice.member.names[before:] == [
        "userEnterMeeting", "audioStatusChanged", "userLeftMeeting",
    ]  # fmt: skip


def test_somebody_with_an_sdk_can_be_taken_out_of_it(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, room = client.pair()

    cloudroom.room(str(room)).leave("bob")
    cloudroom.settle()

    assert bob.heard("meetingDropped") == [[0]]
    assert alice.heard("userLeftMeeting") == [["bob"]]


def test_everybody_hears_every_mixer_but_nobody_of_another_room(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, _ = client.pair()
    carol = client("carol")
    carol.enter(carol.make())
    alice.create(TALK)
    carol.create(TALK, "m2")

    cloudroom.advance(seconds=2)

    assert {args[0] for args in bob.heard("cloudMixerStateChanged")} == {alice.heard(
        "cloudMixerStateChanged")[0][0]}  # fmt: skip
    assert {args[0] for args in carol.heard("cloudMixerStateChanged")} == {"m2"}


def test_a_newcomer_gets_the_mixers_with_the_answer_and_no_event(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    _, _, room = client.recording()
    late = client("carol")

    there = late.enter(room)
    cloudroom.settle()

    assert [(each["owner"], each["state"]) for each in there["mixers"]] == [("alice", 2)]
    assert (late.states, late.outputs) == ([], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "0" * 32},
        {"secret": "short"},
        {"userID": ""},
        {"userID": "x" * 129},
        {"profile": "flash"},
    ],
    ids=str,
)
def test_a_login_that_is_wrong_is_told_as_the_sdk_does(
    tenant: Tenant, cloudroom: CloudRoom, changes: dict[str, str]
) -> None:
    with pytest.raises(BadRequest, match=r"loginFail \[7\]"):
        tenant.member("cloudroom", {**cloudroom.sdk_query("alice"), **changes})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("enterMeeting", {}),
        ("enterMeeting", {"meetID": "12"}),
        ("enterMeeting", {"meetID": 0}),
        ("enterMeeting", {"meetID": 12, "nickname": "x" * 129}),
        ("destroyMeeting", {"meetID": 1e300}),
        ("kickout", {"userID": 7}),
        ("createCloudMixer", {"cfg": TALK, "mixerID": ""}),
        ("createCloudMixer", {"cfg": TALK, "mixerID": 7}),
        ("updateCloudMixerContent", {"cfg": {}}),
        ("destroyCloudMixer", {}),
        ("getCloudMixerInfo", {"mixerID": "x" * 129}),
    ],
    ids=str,
)
def test_a_wrong_parameter_is_5(client: "Clients", method: str, params: dict[str, Any]) -> None:
    alice: Client = client("alice")

    assert alice.refused(method, **params) == 5
