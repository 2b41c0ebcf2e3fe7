"""Recorded files: when they go to the store, how long they are kept there, what none leaves."""

from typing import TYPE_CHECKING

import httpx
import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients


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
