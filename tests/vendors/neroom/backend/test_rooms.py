"""Rooms over HTTP: made, entered, changed, listed, ended, and what an SDK hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend
    from tests.vendors.neroom.conftest import Clients

ROOM = "room-7"


def online(backend: Backend, archive: str, query: str = "") -> Any:
    return backend.archived("GET", archive, f"/online_user_list{query}")["data"]


# --- made -----------------------------------------------------------------------------------------


def test_a_room_that_a_server_makes_is_the_one_that_the_sdk_joins(
    backend: Backend, client: Clients, copies: Inbox
) -> None:
    archive = backend.create(host_user_uuid="alice")

    context = client("alice").join(role="")
    backend.neroom.settle()

    assert (context["roomArchiveId"], context["roomName"]) == (archive, "Demo")
    assert context["localMember"]["role"] == {"name": "host"}
    assert copies.event_types == ["CREATE_ROOM", "USER_JOIN_ROOM"]
    assert copies.callbacks[0].json["body"] == {"roomArchiveId": archive, "roomUuid": ROOM}


@pytest.mark.parametrize("made_by", ["rest", "apps", "scene"])
def test_each_layer_makes_a_room_in_its_own_words(backend: Backend, made_by: str) -> None:
    resource = {"resource": {"record": True}}
    made = {
        "rest": lambda: backend.call("POST", "/neroom/v4/rooms", {"room_uuid": "r"}),
        "apps": lambda: backend.call("PUT", "/apps/v2/room", {"roomUuid": "r", "roomName": "R"}),
        "scene": lambda: backend.scene("PUT", "/v1/rooms/r", {"config": resource}, "alice"),
    }[made_by]()

    names = {
        "rest": ["room_archive_id", "room_uuid", "room_name"],
        "apps": ["roomArchiveId", "roomUuid", "roomName"],
        "scene": ["roomArchiveId", "roomUuid", "roomName"],
    }[made_by]
    assert (made["code"], list(made["data"])) == (0, names)


def test_a_live_room_of_that_name_is_409(backend: Backend) -> None:
    backend.create()

    assert backend.call("PUT", "/apps/v2/room", {"roomUuid": ROOM})["code"] == 409
    assert backend.room("PUT", "", {}, "alice")["code"] == 409


@pytest.mark.parametrize("record", [True, {"enable": True}, {}])
def test_a_resource_is_a_boolean_or_an_object(backend: Backend, record: Any) -> None:
    backend.create(config={"record": record, "rtc": {"enable": False}})

    found = backend.room("GET", "/config", user="alice")

    assert found["data"] == {
        "roomUuid": ROOM,
        "config": {"resource": {"rtc": False, "record": True}},
        "roleConfigs": {},
    }


@pytest.mark.recording_emulator(
    settings={"neroom": {"templates": [{"id": 40, "roles": {"host": 1}}]}}
)
def test_a_template_is_the_consoles(backend: Backend) -> None:
    unknown = backend.call("POST", "/neroom/v4/rooms", {"room_uuid": ROOM, "template_id": 3})
    backend.create(template_id=40)

    codes = [backend.enter(user)["code"] for user in ("alice", "bob")]
    codes.append(backend.enter("carol", "singer")["code"])

    assert (unknown["code"], codes) == (1005, [0, 1002, 1003])
    config = backend.room("GET", "/config", user="alice")["data"]
    assert config["roleConfigs"] == {"host": {"limit": 1}}


def test_a_permanent_room_outlives_a_day(backend: Backend, neroom: NeRoom) -> None:
    archive = backend.create(type=2)

    neroom.advance(hours=25)

    assert backend.archived("DELETE", archive)["code"] == 0
    assert backend.room("GET", "/snapshot")["code"] == 1004


# --- entered --------------------------------------------------------------------------------------


def test_who_enters_is_told_the_room_and_themselves(backend: Backend) -> None:
    archive = backend.create()

    data = backend.enter()["data"]

    assert (data["room"]["roomArchiveId"], data["room"]["roomUuid"]) == (archive, ROOM)
    assert data["room"]["rtcCid"].isdigit()
    member = data["member"]
    assert (member["userUuid"], member["userName"], member["role"]) == ("alice", "Alice", "host")
    assert list(member) == [
        "userUuid", "userName", "role", "rtcUid", "rtcKey", "rtcToken", "time", "streams",
        "properties",
    ]  # fmt: skip


def test_a_second_entry_a_wrong_password_and_a_server_do_not_enter(backend: Backend) -> None:
    backend.create(password="secret")
    body = {"userName": "Alice", "password": "secret"}

    wrong = backend.enter()
    first, second = (backend.room("POST", "/entry", body, "alice") for _ in range(2))
    server = backend.room("POST", "/entry", body)

    codes = [each["code"] for each in (wrong, first, second, server)]
    assert codes == [1020, 0, 1016, 400]


def test_the_snapshot_has_everybody_and_their_streams(backend: Backend) -> None:
    backend.create()
    backend.enter(audio=1)

    data = backend.room("GET", "/snapshot", user="alice")["data"]

    (member,) = data["snapshot"]["members"]
    assert member["streams"] == {"audio": {"value": 1}}
    assert data["sequence"] > 0
    assert data["snapshot"]["room"]["states"] == {"lock": {"value": 0}}


# --- streams --------------------------------------------------------------------------------------


def test_a_users_streams_are_heard_as_muting_is(backend: Backend, client: Clients) -> None:
    backend.create()
    bob = client("bob")
    bob.join()
    backend.enter()

    on = backend.room("PUT", "/members/alice/streams/video", {"value": 1}, "alice")
    backend.room("PUT", "/members/alice/streams/audio", {"value": 1}, "alice")
    off = backend.room("DELETE", "/members/alice/streams/audio", None, "alice")
    backend.neroom.settle()

    assert on["data"] == {"value": 1, "time": 1_893_456_000_000}
    assert off["data"]["value"] == 0
    assert [args[1] for args in bob.heard("onMemberVideoMuteChanged")] == [False]
    sound = bob.heard("onMemberAudioMuteChanged")
    assert [(args[1], args[2]["uuid"]) for args in sound] == [(False, "alice"), (True, "alice")]


def test_a_server_mutes_and_names_nobody(backend: Backend, client: Clients) -> None:
    backend.create()
    alice = client("alice")
    alice.join()
    alice.talk()

    off = backend.room("PUT", "/members/alice/streams/audio", {"value": 0})
    on = backend.room("PUT", "/members/alice/streams/audio", {"value": 1})
    backend.neroom.settle()

    assert (off["code"], on["code"]) == (0, 403)
    assert alice.heard("onMemberAudioMuteChanged")[-1][1:] == [True, None]


def test_a_screen_is_shared_by_one_who_publishes(backend: Backend) -> None:
    backend.create()
    for user in ("alice", "bob"):
        backend.enter(user, "member")
    screen = "/members/{}/streams/subVideo"

    early = backend.room("PUT", screen.format("alice"), {"value": 1}, "alice")
    for user in ("alice", "bob"):
        backend.room("PUT", f"/members/{user}/streams/audio", {"value": 1}, user)
    first = backend.room("PUT", screen.format("alice"), {"value": 1}, "alice")
    second = backend.room("PUT", screen.format("bob"), {"value": 1}, "bob")

    assert [each["code"] for each in (early, first, second)] == [1001, 0, 1012]
    streams = [each["streams"] for each in backend.room("GET", "/snapshot")["data"]["snapshot"]
               ["members"]]  # fmt: skip
    assert streams == [{"audio": {"value": 1}, "subVideo": {"value": 1}}, {"audio": {"value": 1}}]


def test_a_room_without_rtc_takes_no_stream(backend: Backend) -> None:
    backend.create(config={"rtc": False})
    backend.enter(audio=1)

    found = backend.room("PUT", "/members/alice/streams/audio", {"value": 1}, "alice")

    assert found["code"] == 600420


@pytest.mark.parametrize(
    ("user", "target", "code"), [("dave", "alice", 1014), ("alice", "dave", 1015)]
)
def test_who_is_not_here_neither_mutes_nor_is_muted(
    backend: Backend, user: str, target: str, code: int
) -> None:
    backend.create()
    backend.enter()

    found = backend.room("PUT", f"/members/{target}/streams/audio", {"value": 0}, user)

    assert found["code"] == code


def test_there_are_three_kinds_of_streams(backend: Backend) -> None:
    backend.create()
    backend.enter()

    found = backend.room("PUT", "/members/alice/streams/smell", {"value": 1}, "alice")

    assert found["code"] == 400


# --- properties and states ------------------------------------------------------------------------


def test_properties_are_texts_and_listeners_hear_of_them(backend: Backend, client: Clients) -> None:
    backend.create()
    alice = client("alice")
    alice.join()

    for value in ("red", {"r": 1}, "red", "red"):
        backend.room("PUT", "/properties/colour", {"value": value})
    backend.room("DELETE", "/properties/colour")
    backend.room("DELETE", "/properties/colour")
    backend.neroom.settle()

    changed = [args[0]["colour"] for args in alice.heard("onRoomPropertiesChanged")]
    assert changed == ["red", '{"r":1}', "red"]
    assert alice.heard("onRoomPropertiesDeleted") == [[{"colour": "red"}]]


def test_the_property_of_a_recording_is_the_backends_own(backend: Backend) -> None:
    backend.create()

    found = backend.room("PUT", "/properties/record", {"value": "x"})

    assert found["code"] == 1007


def test_a_room_has_a_hundred_properties_and_no_more(backend: Backend) -> None:
    backend.create()

    codes = {
        backend.room("PUT", f"/properties/p{each}", {"value": 1})["code"] for each in range(100)
    }

    assert codes == {0}
    assert backend.room("PUT", "/properties/one_more", {"value": 1})["code"] == 1007


def test_a_locked_room_lets_nobody_in(backend: Backend) -> None:
    backend.create()
    backend.room("PUT", "/states/lock", {"value": 1})

    locked = backend.enter()
    backend.room("DELETE", "/states/lock")

    assert (locked["code"], backend.enter()["code"]) == (1019, 0)
    assert backend.room("PUT", "/states/step", {"value": 1})["code"] == 400


def test_a_room_gets_another_name_and_password(backend: Backend) -> None:
    archive = backend.create()

    backend.call("POST", f"/neroom/v4/rooms/{archive}", {"room_name": "New", "password": "p"})

    room = backend.room("GET", "/snapshot")["data"]["snapshot"]["room"]
    assert room["roomName"] == "New"
    assert backend.enter()["code"] == 1020


# --- people ---------------------------------------------------------------------------------------


def test_the_online_list_comes_in_pages(backend: Backend) -> None:
    archive = backend.create()
    for each in range(12):
        backend.enter(f"u{each}", "member")

    first = online(backend, archive)
    last = online(backend, archive, "?page_number=3&page_size=5")
    old = backend.call("GET", f"/apps/v2/online-user-list?roomArchiveId={archive}&pageSize=50")

    assert (first["total_count"], first["page_total"], len(first["users"])) == (12, 2, 10)
    assert [each["user_uuid"] for each in last["users"]] == ["u10", "u11"]
    assert old["data"]["users"][0] == {"userUuid": "u0", "name": "U0", "role": "member", "state": 2}
    assert (old["data"]["totalCount"], old["data"]["pageTotal"]) == (12, 1)


@pytest.mark.parametrize(
    "query", ["page_size=51", "page_size=0", "page_number=x", "page_number=-1"]
)
def test_a_page_is_one_of_at_most_fifty(backend: Backend, query: str) -> None:
    archive = backend.create()

    assert backend.archived("GET", archive, f"/online_user_list?{query}")["code"] == 400


def test_one_member_is_told_by_the_older_layer(backend: Backend) -> None:
    archive = backend.create()
    backend.enter()
    path = f"/apps/v2/room-user?roomArchiveId={archive}&userUuid="

    there, away = backend.call("GET", f"{path}alice"), backend.call("GET", f"{path}bob")

    assert there["data"] == {"userUuid": "alice", "userName": "Alice", "role": "host", "state": 2}
    assert away["code"] == 1015


def test_a_server_changes_a_role_and_is_not_named(backend: Backend, copies: Inbox) -> None:
    archive = backend.create()
    backend.enter(role="member")

    found = backend.archived("PATCH", archive, "/users/alice/role", {"role": "host"})
    backend.neroom.settle()

    assert found["code"] == 0
    assert online(backend, archive)["users"][0]["role"] == "host"
    body = copies.callbacks[-1].json["body"]
    assert (body["oldRole"], body["newRole"]) == ("member", "host")
    assert "operatorUserUuid" not in body


def test_a_members_name_and_role_change_together_or_not_at_all(backend: Backend) -> None:
    archive = backend.create()
    backend.enter(role="member")
    path = f"/neroom/v4/rooms/{archive}/members/"

    both = backend.call("PUT", f"{path}alice", {"user_name": "Al", "role": "host"})
    nothing = backend.call("PUT", f"{path}alice", {})
    nobody = [backend.call("PUT", f"{path}bob", body)["code"] for body in ({}, {"role": "x"})]

    assert (both["code"], nothing["code"], nobody) == (0, 0, [1015, 1015])
    (user,) = online(backend, archive)["users"]
    assert (user["name"], user["role"]) == ("Al", "host")


@pytest.mark.parametrize("how", ["rest", "apps", "scene"])
def test_a_server_kicks_and_the_kicked_hears_why(
    backend: Backend, client: Clients, how: str
) -> None:
    archive = backend.create()
    alice = client("alice")
    alice.join()

    old = f"/apps/v2/room-user?roomArchiveId={archive}&userUuid=alice"
    calls: dict[str, Callable[[], dict[str, Any]]] = {
        "rest": lambda: backend.archived("DELETE", archive, "/users/alice"),
        "apps": lambda: backend.call("DELETE", old),
        "scene": lambda: backend.room("DELETE", "/members/alice"),
    }
    found = calls[how]()
    backend.neroom.settle()

    assert found["code"] == 0
    assert alice.heard("onRoomEnded") == [["KICK_OUT"]]


def test_a_user_who_takes_themselves_out_leaves(backend: Backend, client: Clients) -> None:
    backend.create()
    bob = client("bob")
    bob.join()
    backend.enter(audio=1)

    found = backend.room("DELETE", "/members/alice", user="alice")
    again = backend.room("DELETE", "/members/alice", user="alice")
    backend.neroom.settle()

    assert (found["code"], again["code"]) == (0, 1014)
    assert bob.member.names[-1] == "onMemberLeaveRoom"


# --- ended ----------------------------------------------------------------------------------------


def test_a_server_ends_a_room_twice_and_nothing_else_is_served_there(
    backend: Backend, client: Clients
) -> None:
    archive = backend.create()
    alice = client("alice")
    alice.join()

    ended = [
        backend.archived("DELETE", archive),
        backend.archived("DELETE", archive),
        backend.call("DELETE", f"/apps/v2/room?roomArchiveId={archive}"),
    ]
    backend.neroom.settle()

    assert [each["code"] for each in ended] == [0, 0, 0]
    assert alice.heard("onRoomEnded") == [["CLOSE_BY_BACKEND"]]
    assert backend.archived("GET", archive, "/online_user_list")["code"] == 1004
    assert backend.room("DELETE", "", user="alice")["code"] == 1004


def test_a_user_ends_a_room_for_everybody(backend: Backend, client: Clients) -> None:
    backend.create()
    bob = client("bob")
    bob.join()
    backend.enter()

    backend.room("DELETE", "", user="alice")
    backend.neroom.settle()

    assert bob.heard("onRoomEnded") == [["CLOSE_BY_MEMBER"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/neroom/v3/rooms/1"),
        ("GET", "/neroom/v3/rooms/1/media_info"),
        ("GET", "/apps/v2/room-media?roomArchiveId=1"),
        ("GET", "/apps/v2/online-user-list?roomArchiveId=1"),
    ],
)
def test_an_archive_that_nobody_made_is_1004(backend: Backend, method: str, path: str) -> None:
    assert backend.call(method, path)["code"] == 1004


@pytest.mark.parametrize(
    "path", ["room-media", "online-user-list", f"room?roomArchiveId={'1' * 37}"]
)
def test_an_archive_that_is_not_named_is_400(backend: Backend, path: str) -> None:
    method = "DELETE" if path.startswith("room?") else "GET"

    assert backend.call(method, f"/apps/v2/{path}")["code"] == 400
