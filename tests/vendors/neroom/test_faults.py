"""Every error of the catalogue can be had on demand, and what breaks behind the SDK is noticed."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.core.surface import Row
from recording_emulator.testing import Inbox
from recording_emulator.vendors.neroom.errors import ROWS
from recording_emulator.vendors.neroom.faults import POINTS
from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients


@pytest.mark.parametrize("row", ROWS, ids=lambda each: each.id)
def test_a_fault_answers_with_the_row_once(client: "Clients", neroom: NeRoom, row: Row) -> None:
    alice = client("alice")
    alice.create()
    neroom.faults.answer("getRoomContext", row.id)

    refused = alice.rejected("getRoomContext")

    assert refused == (row.code, row.text)
    assert alice.call("getRoomContext")["code"] == 0
    assert [fault["fired"] for fault in neroom.faults.all()] == [1]


@pytest.mark.parametrize(
    "method", [each.name for each in SURFACE.operations if each.method == "SDK"]
)
def test_a_fault_on_any_method_changes_nothing(
    client: "Clients", neroom: NeRoom, method: str
) -> None:
    alice, _ = client.recording()
    neroom.faults.answer(method, 600730)

    refused = alice.rejected(method, **WHATEVER.get(method, {}))
    neroom.settle()

    assert refused == (600730, "RTC Service Error")
    assert alice.states == [(0, "alice")]


WHATEVER: dict[str, dict[str, Any]] = {
    "joinRoom": {"userName": "A"},
    "changeMemberRole": {"userUuid": "alice", "role": "r"},
    "muteMemberAudio": {"userUuid": "alice"},
    "muteMemberVideo": {"userUuid": "alice"},
    "kickMemberOut": {"userUuid": "alice"},
    "changeMyName": {"name": "A"},
    "getRoomCloudRecordList": {"roomArchiveId": "1"},
}


def test_a_start_may_be_carried_out_and_seem_to_fail(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    alice.call("stopCloudRecord")
    neroom.faults.answer("startCloudRecord", 600730, commit=True)

    refused = alice.rejected("startCloudRecord")
    again = alice.rejected("startCloudRecord")
    neroom.settle()

    assert (refused[0], again[0]) == (600730, 409)
    assert alice.states[-1] == (0, "alice")


# --- what is behind the SDK -----------------------------------------------------------------------

PLAIN = [("mp4", True, 600_000), ("mp4", False, 600_000)]
STORIES: dict[tuple[str, str], tuple[list[Any], list[Any], list[Any], list[Any]]] = {
    ("upload", "fail"): ([], [], [], []),
    ("upload", "slow"): ([], PLAIN, PLAIN, [30, 40]),
    ("upload", "list_late"): ([], PLAIN, PLAIN, [40, 40]),
    ("upload", "empty"): (
        [("mp4", True, 0), ("mp4", False, 0)],
        [("mp4", True, 0), ("mp4", False, 0)],
        [("mp4", True, 0), ("mp4", False, 0)],
        [40, 40],
    ),
    ("upload", "extra"): (
        [*PLAIN, ("aac", True, 300_000)],
        [*PLAIN, ("aac", True, 300_000)],
        [*PLAIN, ("aac", True, 300_000)],
        [40, 40],
    ),
    ("transcode", "fail"): (PLAIN, PLAIN, PLAIN, [20, 20]),
    ("transcode", "block"): (PLAIN, PLAIN, PLAIN, [50, 50]),
    ("transcode", "slow"): (PLAIN, PLAIN, PLAIN, [30, 40]),
}
"""The list 60, 90 and 270 s after the stop; a video's status 260 and 290 s after it."""


@pytest.mark.parametrize(("point", "effect"), STORIES)
def test_a_fault_behind_the_sdk_shows_in_the_list(
    client: "Clients", neroom: NeRoom, point: str, effect: str
) -> None:
    by_ms: dict[str, Any] = {"by_ms": 30_000} if effect in ("slow", "list_late") else {}
    neroom.faults.add(point, effect=effect, **by_ms)
    alice, archive = filmed(client, neroom)

    shown, statuses = [], []
    for seconds in (60, 30, 170, 10, 20):
        neroom.advance(seconds=seconds)
        files = alice.files(archive)
        shown.append([(each["type"], each["mix"], each["size"]) for each in files])
        statuses.append(files[0]["vodInfo"]["status"] if files else 0)

    at_60, at_90, at_270, status = STORIES[point, effect]
    assert (shown[0], shown[1], shown[-1]) == (at_60, at_90, at_270)
    assert [each for each in (statuses[2], statuses[-1]) if each] == status
    assert [fault["fired"] for fault in neroom.faults.all()] == [1]


def filmed(client: "Clients", neroom: NeRoom) -> tuple["Client", str]:
    """Return Alice, whose minute with sound and pictures has just been recorded."""
    alice = client("alice")
    archive = alice.create()
    alice.join()
    alice.talk()
    alice.call("unmuteMyVideo")
    alice.call("startCloudRecord")
    neroom.advance(minutes=1)
    alice.call("stopCloudRecord")
    return alice, archive


def test_every_effect_on_the_store_has_its_story() -> None:
    store = [each for each in POINTS if each.name in ("upload", "transcode")]

    assert set(STORIES) == {(point.name, each.name) for point in store for each in point.effects}


def test_what_was_not_uploaded_is_never_copied(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    neroom.faults.add("upload", effect="fail")
    filmed(client, neroom)

    neroom.advance(hours=3)

    assert copies.event_types == ["CREATE_ROOM", "USER_JOIN_ROOM"]
    assert neroom.objects() == []
    assert [each["state"] for each in neroom.tasks()] == ["ready"]


def test_a_copy_may_come_before_the_list_has_its_file(
    client: "Clients", neroom: NeRoom, copies: Inbox
) -> None:
    neroom.faults.add("upload", effect="list_late", by_ms=30_000)
    alice, archive = filmed(client, neroom)

    neroom.advance(seconds=60)
    copied, listed = copies.event_types[-2:], alice.files(archive)
    neroom.advance(seconds=30)

    assert (copied, listed) == (["RTC_RECORD", "RTC_RECORD"], [])
    assert [each["filename"] for each in alice.files(archive)] == [
        each.json["body"]["filename"] for each in copies.callbacks[-2:]
    ]


def test_a_file_without_bytes_has_the_hash_of_nothing(client: "Clients", neroom: NeRoom) -> None:
    neroom.faults.add("upload", effect="empty")
    alice, archive = filmed(client, neroom)
    neroom.advance(minutes=1)

    info = alice.files(archive)[0]

    assert info["md5"] == "d41d8cd98f00b204e9800998ecf8427e"
    assert httpx.get(info["url"]).content == b""


def test_only_one_piece_of_a_recording_may_be_lost(client: "Clients", neroom: NeRoom) -> None:
    neroom.faults.add("upload", effect="fail", nth=2)
    alice, archive = client.recording()
    neroom.advance(hours=5)
    alice.call("stopCloudRecord")

    neroom.advance(minutes=1)

    assert [each["pieceIndex"] for each in alice.files(archive)] == [0, 0, 2, 2]


# --- on the way ----------------------------------------------------------------------------------


def test_one_member_may_miss_what_the_others_hear(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    neroom.settle()
    neroom.faults.add("wire", effect="lose", event="onRoomCloudRecordStateChanged")

    alice.call("stopCloudRecord")
    neroom.settle()

    assert alice.states == [(0, "alice")]
    assert bob.states == [(1, "alice")]
    assert bob.call("getRoomContext")["data"]["isCloudRecording"] is False


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("drop", [("CREATE_ROOM", True)]),
        ("duplicate", [("CREATE_ROOM", True), *[("USER_JOIN_ROOM", True)] * 2]),
        ("wrong_signature", [("CREATE_ROOM", True), ("USER_JOIN_ROOM", False)]),
        ("cut", [("CREATE_ROOM", True), ("", False)]),
    ],
)
def test_a_copy_may_go_wrong_on_its_way(
    client: "Clients",
    neroom: NeRoom,
    copies: Inbox,
    effect: str,
    expected: list[tuple[str, bool]],
) -> None:
    neroom.faults.add("callback", effect=effect, event="USER_JOIN_ROOM")
    alice = client("alice")
    alice.create()

    alice.join()
    neroom.settle()

    assert [(each.event_type, each.is_genuine) for each in copies.callbacks] == expected
