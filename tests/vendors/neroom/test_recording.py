"""A room's recording: started, stopped, ending by itself, its files, the list, the copies."""

import hashlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.testing import Inbox, Rejected, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

EPOCH_MS = 1_893_456_000_000
HOUR_MS = 3_600_000


def code(client: "Client", method: str, **params: Any) -> int:
    with pytest.raises(Rejected) as caught:
        client.call(method, **params)
    return int(caught.value.data["code"])


def listed(client: "Client", archive: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.member.call(
        "getRoomCloudRecordList", roomArchiveId=archive
    )["data"]
    return found


# --- start and stop -------------------------------------------------------------------------------


def test_everybody_hears_of_the_start_the_caller_too(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()

    assert alice.states == [(0, "alice")]
    assert alice.member.names[-2:] == [
        "onRoomPropertiesChanged",
        "onRoomCloudRecordStateChanged",
    ]
    (properties,) = alice.heard("onRoomPropertiesChanged")
    assert properties[0]["record"].startswith('{"recordId":"rec_')


def test_a_newcomer_is_not_told_but_the_context_says_so(client: "Clients", neroom: NeRoom) -> None:
    client.recording()
    bob = client("bob")

    context = bob.join()
    neroom.settle()

    assert bob.states == []
    assert context["isCloudRecording"] is True


def test_another_member_may_stop_it(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()

    bob.call("stopCloudRecord")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, "bob")]
    assert alice.member.names[-2] == "onRoomPropertiesDeleted"
    assert bob.call("getRoomContext")["data"]["isCloudRecording"] is False


def test_a_start_before_anybody_is_in_rtc_is_1001(client: "Clients") -> None:
    alice = client("alice")
    alice.create()
    alice.join()

    assert code(alice, "startCloudRecord") == 1001


def test_a_room_made_without_recording_cannot_be_recorded(client: "Clients") -> None:
    alice = client("alice")
    alice.create(enableRecord=False)
    alice.join()
    alice.talk()

    assert code(alice, "startCloudRecord") == 600420


def test_a_second_start_and_a_stop_of_nothing_are_errors(client: "Clients") -> None:
    alice, _ = client.recording()

    second = code(alice, "startCloudRecord")
    alice.call("stopCloudRecord")

    assert (second, code(alice, "stopCloudRecord")) == (409, 800)


@pytest.mark.recording_emulator(
    settings={"neroom": {"second_start": "idempotent", "stop_when_idle": "idempotent"}}
)
def test_both_can_be_successes_without_an_event(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()

    alice.call("startCloudRecord")
    alice.call("stopCloudRecord")
    alice.call("stopCloudRecord")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, "alice")]
    assert len(listed(alice, archive)) == 1


@pytest.mark.recording_emulator(settings={"neroom": {"record_roles": ["host"]}})
def test_a_template_may_leave_recording_to_some_roles(client: "Clients") -> None:
    client.recording()
    bob = client("bob")
    bob.join(role="member")

    assert code(bob, "startCloudRecord") == 403
    assert code(bob, "stopCloudRecord") == 403


# --- it ends by itself ----------------------------------------------------------------------------


def test_it_ends_when_the_last_who_publishes_mutes(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    bob.talk()
    alice.call("muteMyAudio")
    neroom.settle()
    before = alice.states

    bob.call("muteMyAudio")
    neroom.settle()

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


@pytest.mark.parametrize("how", ["leaveRtcChannel", "leaveRoom", "drop"])
def test_it_ends_when_the_last_who_publishes_goes(
    client: "Clients", neroom: NeRoom, how: str
) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    if how == "drop":
        alice.member.drop()
        neroom.advance(seconds=29)
        assert bob.states == []
        neroom.advance(seconds=1)
    else:
        alice.call(how)
        neroom.settle()

    assert bob.states == [(1, None)]


def test_a_start_while_nobody_publishes_is_accepted_and_ends_at_once(
    client: "Clients", neroom: NeRoom
) -> None:
    alice = client("alice")
    archive = alice.create()
    alice.join()
    alice.call("joinRtcChannel")

    alice.call("startCloudRecord")
    neroom.advance(minutes=5)

    assert alice.states == [(0, "alice"), (1, None)]
    assert listed(alice, archive)[0]["infoList"] == []


@pytest.mark.recording_emulator(settings={"neroom": {"start_without_media": "reject"}})
def test_or_it_is_refused(client: "Clients") -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.call("joinRtcChannel")

    assert code(alice, "startCloudRecord") == 1001


@pytest.mark.recording_emulator(settings={"neroom": {"idle_grace_ms": 30_000}})
def test_who_talks_again_within_the_grace_keeps_it_going(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    alice.call("muteMyAudio")
    neroom.advance(seconds=29)
    alice.call("unmuteMyVideo")
    neroom.advance(seconds=29)
    alice.call("muteMyVideo")

    neroom.advance(seconds=29)
    before = alice.states
    neroom.advance(seconds=1)

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


def test_somebody_without_an_sdk_keeps_it_going(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    neroom.room("room-7").join("carol")

    alice.call("muteMyAudio")
    neroom.settle()
    before = alice.states
    neroom.room("room-7").publish("carol", audio=False, video=False)
    neroom.settle()

    assert before == [(0, "alice")]
    assert alice.states[-1] == (1, None)


def test_a_room_that_ends_ends_its_recording_first(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()

    neroom.advance(hours=24)

    assert alice.member.names[-3:] == [
        "onRoomPropertiesDeleted",
        "onRoomCloudRecordStateChanged",
        "onRoomEnded",
    ]
    neroom.advance(minutes=1)
    assert len(listed(alice, archive)[0]["infoList"]) == 24


# --- files ----------------------------------------------------------------------------------------


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

    assert len(content) == info["size"] == 600_000
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
    assert code(alice, "getRoomCloudRecordList", roomArchiveId="room-7") == 1004


# --- copies ---------------------------------------------------------------------------------------


def test_a_recording_is_copied_file_by_file_and_nothing_says_that_it_ran(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    alice, archive = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    assert copies.event_types == ["CREATE_ROOM", "USER_JOIN_ROOM", "RTC_RECORD", "RTC_RECORD"]
    assert all(each.is_genuine for each in copies.callbacks)
    mix, single = (each.json for each in copies.callbacks[-2:])
    info = listed(alice, archive)[0]["infoList"]
    assert list(mix) == ["requestId", "eventType", "timestamp", "body"]
    assert "userUuid" not in mix["body"]
    assert single["body"] == {
        "roomArchiveId": archive,
        "roomUuid": "room-7",
        "type": "aac",
        "mix": False,
        "filename": info[1]["filename"],
        "md5": info[1]["md5"],
        "size": info[1]["size"],
        "url": info[1]["url"],
        "vid": info[1]["vid"],
        "pieceIndex": 0,
        "userUuid": "alice",
        "timestamp": EPOCH_MS + 120_000,
    }


def test_a_copy_that_fails_comes_again_with_the_same_body_and_a_new_signature(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    copies.fail(5)
    client("alice").create()

    neroom.advance(hours=3)

    assert copies.event_types == ["CREATE_ROOM"] * 6
    assert len({each.body for each in copies.callbacks}) == 1
    times = [int(each.headers["curtime"]) - EPOCH_MS for each in copies.callbacks]
    assert times == [0, 2_000, 6_000, 12_000, 3_612_000, 7_212_000]
    assert all(each.is_genuine for each in copies.callbacks)


@pytest.mark.recording_emulator(
    settings={"neroom": {"cc_signature": "edu", "cc_require_body": "code200"}}
)
def test_a_copy_can_be_signed_and_judged_as_other_lines_do(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    client("alice").create()
    neroom.settle()
    copies.answer(200, b'{"code":200}')

    neroom.advance(seconds=2)

    first, again = copies.callbacks
    assert first.is_genuine
    assert again.is_genuine
    assert first.headers["nonce"] != again.headers["nonce"]
    assert [each.fate for each in neroom.callbacks()] == ["delivered"]


@pytest.mark.recording_emulator(settings={"neroom": {"cc_vid_as_string": True}})
def test_a_vid_can_be_a_text(client: "Clients", neroom: NeRoom, copies: Inbox) -> None:
    alice, _ = client.recording()
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    neroom.advance(minutes=1)

    assert isinstance(copies.callbacks[-1].json["body"]["vid"], str)


# --- the tables -----------------------------------------------------------------------------------


def test_every_client_call_has_a_cell_in_every_row() -> None:
    from recording_emulator.vendors.neroom.machine import MACHINE

    missing = [
        (state, given.__name__)
        for state, row in MACHINE.table.items()
        for given in MACHINE.client_inputs
        if given not in row
    ]

    assert missing == []


def test_a_tenant_can_be_taken_and_restored_in_the_middle(
    client: "Clients", neroom: NeRoom, tenant: Tenant
) -> None:
    alice, _ = client.recording()
    neroom.advance(hours=3)

    copy = tenant.emulator.restore(neroom.snapshot(), name="a copy")
    twin = copy.vendor("neroom")
    (before,) = twin.tasks()
    twin.advance(minutes=2)
    (after,) = twin.tasks()
    copy.close()

    assert before["state"] == "recording"
    assert after["state"] == "ready"  # a copy has no connections, and nobody came back
    assert after["ended_ms"] == EPOCH_MS + 3 * HOUR_MS + 30_000
    assert alice.states == [(0, "alice")]
