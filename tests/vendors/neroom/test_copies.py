"""Message copies of a recording: one for each file, signed, tried again, as a setting has them."""

from typing import TYPE_CHECKING

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients

EPOCH_MS = 1_893_456_000_000


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
    info = alice.files(archive)
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
