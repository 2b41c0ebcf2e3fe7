"""CloudRoom's client side: calls by name, filled in from what the calls before them have given."""

from typing import Any

import msgspec
import pytest
from tests.vendors.cloudroom.conftest import Api, Clients

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.base import Outward, Spoken, Unmade
from recording_emulator.vendors.cloudroom.client import CLIENT, EVERYBODY, ROOM
from recording_emulator.vendors.cloudroom.handle import CloudRoom

CREDENTIALS = {
    "comp_id": "100200", "comp_secret": "demo-secret", "app_id": "app", "app_secret": "secret",
    "callback_secret": "demo-secret",
}  # fmt: skip
SAVED = {"meetID": 7, "mixerID": "m"}


def spoken(call: str, saved: dict[str, Any], **given: Any) -> Spoken:
    found = CLIENT.request(call, CREDENTIALS, saved, given)
    assert isinstance(found, Spoken)
    return found


def asked(call: str, saved: dict[str, Any], **given: Any) -> dict[str, Any]:
    found = CLIENT.request(call, CREDENTIALS, saved, given)
    assert isinstance(found, Outward)
    assert (found.method, found.path) == ("POST", f"/CLOUDROOM-API/{call}")
    body: dict[str, Any] = msgspec.json.decode(found.body)
    return body


@pytest.mark.parametrize(
    ("call", "params"),
    [
        ("createMeeting", {}),
        ("enterMeeting", {"meetID": 7, "nickname": "Alice"}),
        ("destroyMeeting", {"meetID": 7}),
        ("exitMeeting", {}),
        ("getMemberInfo", {"userID": "alice"}),
        ("createCloudMixer", {"cfg": EVERYBODY}),
        ("updateCloudMixerContent", {"mixerID": "m", "cfg": {}}),
        ("destroyCloudMixer", {"mixerID": "m"}),
        ("getCloudMixerInfo", {"mixerID": "m"}),
    ],
)
def test_a_call_has_what_it_needs_from_the_calls_before_it(
    call: str, params: dict[str, Any]
) -> None:
    assert spoken(call, SAVED).params == params


def test_the_first_room_has_a_number_that_is_known_beforehand() -> None:
    assert spoken("createMeeting", {}).params == {"meetID": ROOM}


@pytest.mark.parametrize(("user", "profile"), [("bob", "web"), ("bob/mini", "mini")])
def test_a_user_may_name_the_sdk_it_has(user: str, profile: str) -> None:
    call = spoken("enterMeeting", {**SAVED, "user": user})

    assert (call.user, call.query["userID"], call.query["profile"]) == (user, "bob", profile)
    assert call.params["nickname"] == "Bob"


@pytest.mark.parametrize("call", ["enterMeeting", "destroyCloudMixer", "room/delete"])
def test_a_call_that_nothing_was_made_for_cannot_be_made(call: str) -> None:
    with pytest.raises(Unmade, match=f"{call} needs a m"):
        CLIENT.request(call, CREDENTIALS, {}, {})


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("netDisk/query", {}),
        ("room/delete", {"RoomId": 7}),
        ("room/onlineUsersNum/query", {"RoomIds": "7"}),
    ],
)
def test_a_call_over_http_is_signed_and_about_the_same_room(
    call: str, fields: dict[str, Any]
) -> None:
    assert asked(call, SAVED) == {
        "RequestId": "r-1",
        "CompID": 100200,
        "SecretKey": "559a6845f26c7bfae5cb5a409bb4db44",
        **fields,
    }


def test_an_upload_is_a_form_that_the_api_takes(cloudroom: CloudRoom, api: Api) -> None:
    call = CLIENT.request("netDisk/upload", cloudroom.credentials, {}, {"FileName": "a.mp4"})
    assert isinstance(call, Outward)

    url = f"{cloudroom.base_url}{call.path}"
    answer = api.http.post(url, content=call.body, headers=call.headers)

    assert answer.json()["RspCode"] == "0"
    assert [each["filePath"] for each in api.files()] == ["/a.mp4"]


@pytest.mark.parametrize(
    ("call", "given", "answer", "kept"),
    [
        ("createMeeting", {}, {"ID": 9}, {"meetID": 9}),
        ("room/create", {}, {"RspCode": "0", "Data": {"RoomId": 9}}, {"meetID": 9}),
        ("room/delete", {}, {"RspCode": "3", "Data": {}}, {}),
        ("getCloudMixerInfo", {}, {"ID": "m"}, {}),
        ("createCloudMixer", {}, "m", {"mixerID": "m"}),
        ("createCloudMixer", {}, "", {}),
        ("createCloudMixer", {"mixerID": "n"}, None, {"mixerID": "n"}),
        ("createMeeting", {}, None, {}),
    ],
)
def test_what_is_learned_of_an_answer(
    call: str, given: dict[str, Any], answer: Any, kept: dict[str, Any]
) -> None:
    assert CLIENT.learn(call, given, answer) == kept


def test_who_was_put_into_a_room_before_it_is_made_is_in_it(
    client: Clients, cloudroom: CloudRoom, tenant: Tenant, callbacks: Inbox
) -> None:
    cloudroom.room(str(ROOM)).join("bob", video=False)
    alice = client("alice")

    alice.call("createMeeting", meetID=ROOM)
    there = alice.enter(ROOM)
    cloudroom.settle()

    assert [(each["userID"], each["audioStatus"]) for each in there["members"]] == [
        ("bob", 3), ("alice", 2),
    ]  # fmt: skip
    assert [each.event_type for each in callbacks.callbacks] == [
        "ROOM_CREATE", "ROOM_JOIN", "ROOM_JOIN",
    ]  # fmt: skip


def test_a_number_that_a_room_has_is_not_given_again(client: Clients) -> None:
    alice = client("alice")
    alice.call("createMeeting", meetID=ROOM)

    assert alice.refused("createMeeting", meetID=ROOM) == 803
