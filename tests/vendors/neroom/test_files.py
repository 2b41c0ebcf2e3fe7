"""Recorded files: which there are, what the list says of them, when they come and go."""

import hashlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.players import samples

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients


ROOM = "room-7"
EPOCH_MS = 1_893_456_000_000
HOUR_MS = 3_600_000


def pieces(copies: Inbox) -> list[int]:
    return [
        each.json["body"]["pieceIndex"]
        for each in copies.callbacks
        if each.event_type == "RTC_RECORD"
    ]


def test_a_closed_piece_is_copied_while_recording_goes_on(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    client.recording()

    neroom.advance(hours=5)

    assert pieces(copies) == [0, 0, 1, 1]


@pytest.mark.recording_emulator(settings={"neroom": {"slice_files_early": False}})
def test_or_all_of_them_a_minute_after_the_end(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, archive = client.recording()
    neroom.advance(hours=5)
    before = pieces(copies)
    alice.call("stopCloudRecord")

    neroom.advance(minutes=1)

    assert before == []
    assert pieces(copies) == [0, 0, 1, 1, 2, 2]
    assert [each["pieceIndex"] for each in alice.files(archive)] == [0, 0, 1, 1, 2, 2]


def test_uploads_that_were_to_wait_go_with_the_next_piece_once_they_need_not(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    neroom.configure(slice_files_early=False)
    client.recording()
    neroom.advance(hours=3)

    neroom.configure(slice_files_early=True)
    neroom.advance(hours=2)

    assert pieces(copies) == [0, 0, 1, 1]


@pytest.mark.recording_emulator(settings={"neroom": {"file_ttl_ms": 7 * 86_400_000}})
def test_a_file_is_deleted_after_its_time(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)
    (info, _) = alice.files(archive)
    neroom.advance(hours=7 * 24, ms=-1)
    before = httpx.get(info["url"]).status_code

    neroom.advance(ms=1)

    assert before == 200
    assert httpx.get(info["url"]).status_code == 404
    assert alice.files(archive) == []
    assert neroom.objects() == []


def test_files_are_kept_for_ever_otherwise(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")

    neroom.advance(hours=1_000)

    assert len(alice.files(archive)) == 2


def test_who_published_for_no_time_leaves_no_file(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)
    bob = client("bob")
    bob.join()
    bob.talk()
    alice.call("stopCloudRecord")

    neroom.advance(minutes=1)

    assert [each.get("userUuid") for each in alice.files(archive)] == [None, "alice"]


def test_a_recording_that_was_stopped_at_once_leaves_nothing(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()
    alice.call("stopCloudRecord")

    neroom.advance(minutes=5)

    assert alice.files(archive) == []
    assert [each["state"] for each in neroom.tasks()] == ["ready"]


def test_who_rejoins_has_still_one_file_in_a_piece(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    bob = client("bob")
    for _ in range(2):
        bob.join()
        bob.talk()
        neroom.advance(minutes=1)
        bob.call("leaveRoom")
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    users = [each.get("userUuid") for each in alice.files(archive)]

    assert users == [None, "alice", "bob"]


def test_a_fault_on_objects_asks_for_the_room_that_was_recorded(
    client: "Clients", neroom: NeRoom
) -> None:
    neroom.faults.add("object", room="room-8", effect="corrupt", may_not_fire=True)
    neroom.faults.add("object", room=ROOM, effect="empty")
    alice, _ = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    fired = [each["fired"] for each in neroom.faults.all()]

    assert fired == [0, 1]
    assert [each.size_bytes for each in neroom.objects()].count(0) == 1


# --- the list ------------------------------------------------------------------------------------


def listed(client: "Client", archive: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.member.call(
        "getRoomCloudRecordList", roomArchiveId=archive
    )["data"]
    return found


def test_the_files_are_there_a_minute_after_the_stop(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(hours=1)
    alice.call("stopCloudRecord")
    neroom.advance(seconds=59)
    before = listed(alice, archive)

    neroom.advance(seconds=1)
    (after,) = listed(alice, archive)

    assert before[0]["infoList"] == []
    assert before[0]["recordEndTime"] == EPOCH_MS + HOUR_MS
    mix, single = after["infoList"]
    uid = alice.call("getRoomContext")["data"]["localMember"]["rtcUid"]
    cid = mix["filename"].split("-")[1]
    assert mix["filename"] == f"0-{cid}-{EPOCH_MS}-0-mix.aac"
    assert single["filename"] == f"{uid}-{cid}-{EPOCH_MS}-0.aac"
    assert (mix["mix"], single["mix"]) == (True, False)
    assert "userUuid" not in mix
    assert (single["userUuid"], single["nickname"]) == ("alice", "Alice")


def test_a_files_bytes_have_the_size_and_the_hash_it_is_listed_with(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=10)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    info = listed(alice, archive)[0]["infoList"][0]
    content = httpx.get(info["url"]).content

    assert len(content) == info["size"] == 3_000_000
    assert hashlib.md5(content).hexdigest() == info["md5"]


def test_a_new_file_begins_every_two_hours_and_is_listed_while_recording_goes_on(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()

    neroom.advance(hours=5)
    (record,) = listed(alice, archive)

    assert record["recordEndTime"] == 0
    assert [each["pieceIndex"] for each in record["infoList"]] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        ({}, ["-mix.mp4", ".aac", ".mp4"]),
        ({"rtcRecordType": 100, "modeList": [{"mode": 2}]}, ["-mix.mp4"]),
        ({"rtcRecordType": 100, "modeList": [{"mode": 0}]}, [".aac", ".mp4"]),
        (
            {"rtcRecordType": 100, "modeList": [{"mode": 1}, {"mode": 6}]},
            ["-mix.mp4", "-mix-6.aac"],
        ),
    ],
)
def test_what_is_recorded_follows_the_configuration(
    client: "Clients", neroom: NeRoom, config: dict[str, Any], kinds: list[str]
) -> None:
    alice, bob = client("alice"), client("bob")
    archive = alice.create()
    alice.join()
    alice.talk()
    bob.join()
    bob.call("joinRtcChannel")
    bob.call("unmuteMyVideo")
    alice.call("startCloudRecord", **config)
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    names = [each["filename"] for each in listed(alice, archive)[0]["infoList"]]

    assert [name[name.rindex("-0") + 2 :] for name in names] == kinds


def test_the_video_store_has_the_formats_some_minutes_later(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = client.recording()
    alice.call("unmuteMyVideo")
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(seconds=60)
    before = listed(alice, archive)[0]["infoList"][0]["vodInfo"]

    neroom.advance(seconds=200)
    after = listed(alice, archive)[0]["infoList"][0]["vodInfo"]

    assert (before["status"], before["completeTime"], before["sdMp4Url"]) == (30, None, None)
    assert (after["status"], after["completeTime"]) == (40, EPOCH_MS + 320_000)
    assert after["sdMp4Url"].endswith(".mp4?format=sdMp4")


@pytest.mark.recording_emulator(settings={"neroom": {"list_vod_detail": False}})
def test_the_list_can_be_the_typed_model_alone(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    info = listed(alice, archive)[0]["infoList"][0]

    assert list(info) == ["type", "mix", "filename", "md5", "size", "url", "vid", "pieceIndex"]


def test_the_list_goes_by_archive_and_knows_only_its_own_life(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, first = client.recording()
    neroom.advance(minutes=1)
    alice.call("endRoom")
    second = alice.create()
    neroom.advance(minutes=1)

    assert len(listed(alice, first)) == 1
    assert listed(alice, second) == []
    assert alice.rejected("getRoomCloudRecordList", roomArchiveId="room-7")[0] == 1004


# --- rendered media -------------------------------------------------------------------------------


@pytest.mark.recording_emulator(media="rendered")
def test_a_rendered_file_has_the_size_and_the_hash_that_it_is_told_with(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, archive = client.recording()
    alice.call("unmuteMyVideo")
    neroom.advance(seconds=3)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    files = alice.files(archive)
    told = [each.json["body"] for each in copies.callbacks if each.event_type == "RTC_RECORD"]

    assert [each["type"] for each in files] == ["mp4", "mp4"]
    for each, copy in zip(files, told, strict=True):
        content = httpx.get(each["url"]).content
        assert len(content) == each["size"] == copy["size"] == 30_000
        assert hashlib.md5(content).hexdigest() == each["md5"] == copy["md5"]
        assert any(samples(content))  # a slate is silent
