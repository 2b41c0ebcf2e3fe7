"""Channels: who makes them, who is in them, when they end, by number and by name."""

from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients
    from tests.vendors.neroom.nertc.conftest import Server

ROOM = "room-7"
EPOCH_MS = 1_893_456_000_000
NOT_FOUND = (404, "room not found")


def said(told: dict[str, object]) -> tuple[object, object]:
    return told["code"], told.get("errmsg")


def test_a_room_that_somebody_is_in_is_there_by_name_and_by_number(
    server: "Server", neroom: NeRoom
) -> None:
    neroom.room(ROOM).join(31001)

    by_name = server.look()
    by_number = server.ask("GET", f"/v2/api/rooms/{server.cid}")

    assert list(by_name) == [
        "code", "requestId", "cid", "cname", "uid", "total", "stats", "createtime", "destroytime",
    ]  # fmt: skip
    assert (by_name["code"], by_name["cname"], by_name["total"], by_name["stats"]) == (
        200, ROOM, 1, 2,
    )  # fmt: skip
    assert by_number == {**by_name, "requestId": by_number["requestId"]}


def test_a_room_that_nobody_is_in_is_not_there(server: "Server") -> None:
    assert said(server.look()) == NOT_FOUND
    assert said(server.ask("GET", "/v2/api/rooms/900017")) == NOT_FOUND


def test_a_call_makes_a_room_that_waits_for_people(server: "Server", neroom: NeRoom) -> None:
    cid = server.create(uid=77)
    empty = server.look()
    neroom.room(ROOM).join(31001)
    joined = server.look()

    assert (empty["cid"], empty["uid"], empty["stats"], empty["total"]) == (cid, 77, 1, 0)
    assert (joined["cid"], joined["stats"], joined["total"]) == (cid, 2, 1)


def test_making_a_room_that_is_there_answers_its_number(talking: "Server") -> None:
    before = talking.cid

    assert talking.create() == before
    assert talking.look()["total"] == 2


def test_members_are_listed_with_the_time_they_came(server: "Server", neroom: NeRoom) -> None:
    room = neroom.room(ROOM)
    room.join(31001)
    room.join("not-a-number", role="audience")
    server.look()

    by_number = server.ask("GET", f"/v2/api/rooms/{server.cid}/members")
    hosts = server.ask("GET", "/v3/api/rooms/members", params={"cname": ROOM, "userRole": "0"})
    one = server.ask("GET", f"/v2/api/rooms/{server.cid}/members", params={"uid": "31001"})

    first, second = by_number["members"]
    assert first == {"uid": 31001, "starttime": EPOCH_MS, "userRole": 0}
    assert isinstance(second["uid"], int)
    assert second["userRole"] == 1
    assert (by_number["cname"], by_number["cid"], by_number["total"]) == (ROOM, server.cid, 2)
    assert hosts["members"] == one["members"] == [first]


def test_a_channel_ends_when_the_last_has_left_and_the_next_has_another_number(
    talking: "Server", neroom: NeRoom
) -> None:
    room, before = neroom.room(ROOM), talking.cid
    room.leave(31001)
    still = talking.look()
    room.leave(31002)
    gone = talking.look()
    room.join(31003)

    assert (still["cid"], still["total"]) == (before, 1)
    assert said(gone) == NOT_FOUND
    assert talking.look()["cid"] != before


def test_deleting_a_room_puts_everybody_out(talking: "Server", neroom: NeRoom) -> None:
    told = talking.delete()

    assert (told["code"], list(told)) == (200, ["code", "requestId"])
    assert said(talking.look()) == NOT_FOUND
    assert said(talking.delete()) == NOT_FOUND
    neroom.room(ROOM).join(31001)  # nobody of that number is there any more


def test_a_room_can_be_deleted_by_name_though_no_call_has_named_it(
    server: "Server", neroom: NeRoom
) -> None:
    neroom.room(ROOM).join(31001)

    told = server.ask("DELETE", "/v3/api/rooms", params={"cname": ROOM})

    assert told["code"] == 200
    assert said(server.look()) == NOT_FOUND


@pytest.mark.parametrize("comes", [True, False])
def test_a_room_lives_for_a_day_whether_or_not_somebody_comes(
    server: "Server", neroom: NeRoom, comes: bool
) -> None:
    server.create()
    if comes:
        neroom.room(ROOM).join(31001)
    neroom.advance(hours=24, ms=-1)
    before = server.look()["code"]
    neroom.advance(ms=1)

    assert (before, said(server.look())) == (200, NOT_FOUND)


# --- NERoom's rooms are channels, too -------------------------------------------------------------


def test_a_neroom_room_is_a_channel_from_the_moment_somebody_joins_rtc(
    client: "Clients", server: "Server", neroom: NeRoom
) -> None:
    alice = client("alice")
    alice.create()
    me = alice.join()["localMember"]
    before = server.look()
    alice.talk()
    joined = server.look()
    members = server.ask("GET", f"/v2/api/rooms/{server.cid}/members")["members"]
    alice.call("leaveRtcChannel")
    after = server.look()
    alice.call("joinRtcChannel")

    assert said(before) == said(after) == NOT_FOUND
    assert (joined["total"], joined["stats"]) == (1, 2)
    assert [each["uid"] for each in members] == [me["rtcUid"]]
    assert server.look()["cid"] == joined["cid"]


def test_a_neroom_room_takes_the_number_of_the_channel_that_is_there(
    client: "Clients", server: "Server"
) -> None:
    cid = server.create()
    alice = client("alice")
    alice.create()
    alice.join()
    alice.talk()

    assert (server.look()["cid"], server.look()["total"]) == (cid, 1)


def test_a_channel_made_for_a_neroom_room_is_the_rooms_own(
    client: "Clients", server: "Server"
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    cid = server.create()
    alice.talk()

    assert server.look()["cid"] == cid
    alice.call("endRoom")
    assert said(server.look()) == NOT_FOUND


def test_deleting_the_channel_takes_nerooms_people_out_of_rtc_and_it_may_open_again(
    client: "Clients", server: "Server", neroom: NeRoom
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.talk()
    cid = server.look()["cid"]

    server.delete()
    context = alice.call("getRoomContext")["data"]
    alice.talk()

    assert context["localMember"]["isInRtcChannel"] is False
    assert server.look()["cid"] == cid
