"""Copies of RTC itself: which come when, what they say, how they are signed, who gets them."""

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients
    from tests.vendors.neroom.nertc.conftest import Server

    from recording_emulator.testing.inbox import Received

ROOM = "room-7"
EPOCH_MS = 1_893_456_000_000
wanted = pytest.mark.recording_emulator(settings={"neroom": {"rtc_copies": True}}, audience="none")


def is_signed(copy: "Received", secret: str) -> bool:
    """Whether a copy is signed as the vendor's pages say, worked out with nothing of ours."""
    md5 = hashlib.md5(copy.body).hexdigest()
    right = hashlib.sha1(f"{secret}{md5}{copy.headers['curtime']}".encode()).hexdigest()
    return copy.headers["md5"] == md5 and copy.headers["checksum"] == right


def about(copies: Inbox, event: int) -> list[dict[str, Any]]:
    """The bodies of every such copy."""
    return [each.json for each in copies.callbacks if each.event_type == event]


def test_a_customer_who_does_not_subscribe_to_rtc_gets_none(
    talking: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    talking.submit()
    neroom.advance(minutes=1)
    talking.delete()
    neroom.advance(minutes=1)

    assert copies.callbacks == []


@wanted
def test_a_channels_life_is_copied_by_numbers(
    server: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    room = neroom.room(ROOM)
    server.create()
    room.join(31001, video=False)
    neroom.advance(seconds=30)
    room.publish(31001, audio=False, video=True)
    room.publish(31001, audio=True, video=False)
    room.leave(31001)
    neroom.settle()

    assert copies.event_types == [1, 4, 13, 11, 14, 12, 13, 5, 8, 2]
    assert about(copies, 4) == [
        {
            "eventType": 4,
            "channelId": str(server.cid),
            "channelName": ROOM,
            "uid": "31001",
            "timestamp": EPOCH_MS,
        }
    ]
    assert about(copies, 8) == [
        {
            "eventType": 8,
            "channelId": str(server.cid),
            "channelName": ROOM,
            "createtime": EPOCH_MS,
            "duration": 30,
            "members": [{"uid": "31001", "duration": 30}],
            "timestamp": EPOCH_MS + 30_000,
        }
    ]


@wanted
def test_whoever_comes_back_adds_to_their_time(
    server: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    room = neroom.room(ROOM)
    server.create()
    for uid in (31001, 31002):
        room.join(uid)
    neroom.advance(seconds=10)
    room.leave(31001)
    neroom.advance(seconds=10)
    room.join(31001)
    neroom.advance(seconds=10)
    server.delete()
    neroom.settle()

    (told,) = about(copies, 8)
    assert told["members"] == [{"uid": "31001", "duration": 20}, {"uid": "31002", "duration": 30}]
    assert copies.event_types[-4:] == [5, 5, 8, 2]


@wanted
def test_a_file_is_copied_flat_with_texts_for_its_numbers(
    talking: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    task = talking.submit(recordConfig={"recordType": 2})
    neroom.advance(minutes=1)
    talking.v2("stop")
    neroom.advance(minutes=1)

    single = about(copies, 3)[1]
    listed = talking.files()[1]
    assert single == {
        "eventType": 3,
        "channelId": str(talking.cid),
        "channelName": ROOM,
        "uid": "31002",
        "taskId": task,
        "filename": f"31002-{talking.cid}-{EPOCH_MS}-0.mp4",
        "md5": listed["md5"],
        "size": "600000",
        "type": "mp4",
        "mix": False,
        "vid": str(listed["vid"]),
        "pieceIndex": 0,
        "substream": False,
        "url": listed["url"],
        "timestamp": EPOCH_MS + 120_000,
    }
    assert list(single)[:5] == ["eventType", "channelId", "channelName", "uid", "taskId"]


@wanted
def test_a_copy_carries_the_type_that_tells_it_from_netcalls_and_a_signature(
    copies: Inbox, talking: "Server", neroom: NeRoom
) -> None:
    talking.submit()
    neroom.advance(minutes=1)
    talking.delete()
    neroom.advance(minutes=1)

    assert set(copies.event_types) == {1, 2, 3, 4, 5, 8, 11, 13}
    for each in copies.callbacks:
        assert each.headers["type"] == "G2"
        assert each.headers["appkey"] == neroom.app_key
        assert each.headers["content-type"] == "application/json;charset=UTF-8"
        assert is_signed(each, neroom.app_secret)
        assert each.is_genuine


@wanted
def test_a_neroom_room_is_copied_at_both_levels(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, _ = client.recording()
    neroom.advance(minutes=1)
    alice.call("endRoom")
    neroom.advance(minutes=1)

    assert copies.event_types == [
        "CREATE_ROOM", "USER_JOIN_ROOM", 1, 4, 13, "CLOSE_ROOM", 5, 8, 2,
        "RTC_RECORD", "RTC_RECORD", 3, 3,
    ]  # fmt: skip
    files = [each.json["body"]["filename"] for each in copies.callbacks[-4:-2]]
    assert [each["filename"] for each in about(copies, 3)] == files
    assert about(copies, 3)[0]["uid"] == "0"


@wanted
def test_a_task_in_a_neroom_room_is_copied_at_both_levels_too(
    client: "Clients", server: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.talk()
    server.look()
    server.submit(recordConfig={"recordType": 1})
    neroom.advance(minutes=1)
    alice.call("leaveRtcChannel")
    neroom.advance(seconds=60)

    assert copies.event_types[-2:] == ["RTC_RECORD", 3]


@wanted
def test_a_target_gets_the_numbers_it_asks_for(
    server: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    copies.subscribe("neroom", [3, "rtc room closed"])
    server.create()
    neroom.room(ROOM).join(31001)
    neroom.room(ROOM).leave(31001)
    neroom.settle()

    assert copies.event_types == [2]


@wanted
def test_a_retry_has_the_same_body_and_a_signature_of_its_own(
    server: "Server", neroom: NeRoom, copies: Inbox
) -> None:
    copies.fail(1)
    server.create()
    neroom.advance(seconds=2)

    first, again = copies.callbacks
    assert first.body == again.body
    assert [each.headers["curtime"] for each in (first, again)] == [
        str(EPOCH_MS),
        str(EPOCH_MS + 2_000),
    ]
    assert is_signed(again, neroom.app_secret)


@wanted
def test_it_can_be_waited_for_by_its_number(talking: "Server", neroom: NeRoom) -> None:
    talking.submit()
    neroom.advance(seconds=10)
    talking.v2("stop")

    neroom.advance_until(3, room=ROOM)

    assert len(talking.files()) == 3


def test_a_check_of_a_target_is_signed_like_the_real_thing(copies: Inbox, neroom: NeRoom) -> None:
    copies.subscribe("neroom", [3])

    (checked,) = neroom.check_target("inbox-neroom")

    (copy,) = copies.callbacks
    assert (checked.event, checked.ok) == ("3", True)
    assert (copy.event_type, copy.headers["type"]) == (3, "G2")
    assert is_signed(copy, neroom.app_secret)


def test_what_the_vendor_never_copies_cannot_be_asked_for(neroom: NeRoom) -> None:
    with pytest.raises(BadRequest, match="NERoom announces no event"):
        neroom.faults.drop(99)
