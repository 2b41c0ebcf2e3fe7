"""The PC Agent's local recorder: paths, codes, its one event, and the ends it does not announce."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.players import NAMES, pyav

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Client, Clients

EPOCH_MS = 1_893_456_000_000
PATH = "E:/test.mp4"


def recorded(client: "Client") -> list[tuple[str, Any]]:
    """What ``recordMp4`` told: start or close, and the status of a close."""
    return [(each["type"], each.get("status")) for each in client.heard("recordMp4")]


def test_the_documents_example(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking()
    uid = bob.called["uid"]

    started = alice.call("startRecordMp4", account="bob", path=PATH)
    netcall.advance(seconds=61)
    stopped = alice.call("stopRecordMp4", account="bob")
    netcall.settle()

    assert started == {"code": 200, "mp4_file": PATH}
    assert stopped == {"code": 200, "mp4_file": PATH, "time": 61_000}
    start = {"mp4_file": PATH, "time": EPOCH_MS + 50, "id": uid, "type": "start"}
    close = {"mp4_file": PATH, "time": 61_000, "status": 0, "id": uid, "type": "close"}
    assert alice.heard("recordMp4") == [start, close]
    assert bob.heard("recordMp4") == []
    (file,) = netcall.objects()
    assert (file.bucket, file.key, file.size_bytes) == ("disk", "alice/E:/test.mp4", 610_000)


def test_of_oneself_there_is_no_id(client: "Clients", netcall: Netcall) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", account="", path="E:/a.mp4")
    netcall.advance(seconds=1)

    assert "id" not in alice.heard("recordMp4")[0]


def test_the_mix_of_voices_has_no_event(client: "Clients", netcall: Netcall) -> None:
    alice, _ = client.talking()
    started = alice.call("startRecordAac", path="E:/all.aac")
    netcall.advance(seconds=5)
    stopped = alice.call("stopRecordAac")
    netcall.settle()

    assert started == {"code": 200, "file": "E:/all.aac"}
    assert stopped == {"code": 200, "file": "E:/all.aac", "time": 5_000}
    assert alice.heard("recordMp4") == []


def test_several_members_are_recorded_at_once_each_only_once(
    client: "Clients", netcall: Netcall
) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", path="E:/a.mp4")
    alice.call("startRecordMp4", account="bob", path="E:/b.mp4")
    alice.call("startRecordAac", path="E:/all.aac")

    assert alice.rejected("startRecordMp4", account="alice", path="E:/c.mp4") == {"code": 400}
    assert alice.rejected("startRecordAac", path="E:/d.aac") == {"code": 400}


def test_nobody_elses_account_means_oneself(client: "Clients", netcall: Netcall) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", account="nobody", path="E:/a.mp4")

    stopped = alice.call("stopRecordMp4")
    netcall.settle()

    assert stopped["mp4_file"] == "E:/a.mp4"


@pytest.mark.recording_emulator(settings={"netcall": {"strict_quirks": False}})
def test_without_quirks_it_means_nobody(client: "Clients") -> None:
    alice, _ = client.talking()

    assert alice.rejected("startRecordMp4", account="nobody", path=PATH) == {"code": 404}
    assert alice.rejected("stopRecordMp4", account="nobody") == {"code": 404}


def test_a_stop_before_the_start_is_announced_announces_both(
    client: "Clients", netcall: Netcall
) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", path=PATH)
    alice.call("stopRecordMp4")
    netcall.advance(seconds=1)

    assert recorded(alice) == [("start", None), ("close", 0)]


# --- refused -------------------------------------------------------------------------------------


def test_no_call_nothing_to_stop_and_no_path(client: "Clients", netcall: Netcall) -> None:
    alice = client("alice")

    assert alice.rejected("startRecordMp4", path=PATH) == {"code": 404}
    assert alice.rejected("stopRecordMp4") == {"code": 404}
    assert alice.rejected("stopRecordAac") == {"code": 404}
    thrown = {
        "message": "path",
        "callFunc": "startRecordMp4",
        "time": netcall.now_ms(),
        "timetag": netcall.now_ms(),
    }
    assert alice.rejected("startRecordMp4") == thrown
    assert alice.rejected("startRecordAac")["callFunc"] == "startRecordAac"


def test_before_the_signal_it_throws_and_after_it_has_no_connection(client: "Clients") -> None:
    alice = client("alice", signal=False)
    before = alice.rejected("startRecordMp4", path=PATH)
    alice.call("initSignal")
    alice.call("stopSignal")

    assert before["name"] == "TypeError"
    assert alice.rejected("startRecordMp4", path=PATH) == {"code": "noConnection"}
    assert alice.rejected("stopRecordMp4") == {"code": "noConnection"}


@pytest.mark.recording_emulator(
    settings={"netcall": {"denied_paths": ["C:/*"], "existing_paths": ["*/old.mp4"]}}
)
def test_a_path_may_be_denied_or_taken(client: "Clients") -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", path="E:/new.mp4")
    alice.call("stopRecordMp4")

    assert alice.rejected("startRecordMp4", path="C:/a.mp4") == {"code": 403}
    assert alice.rejected("startRecordMp4", path="E:/old.mp4") == {"code": 400}
    assert alice.rejected("startRecordMp4", path="E:/new.mp4") == {"code": 400}


@pytest.mark.parametrize(("effect", "code"), [("denied", 403), ("exists", 400)])
def test_a_fault_may_refuse_it(client: "Clients", netcall: Netcall, effect: str, code: int) -> None:
    alice, _ = client.talking()
    netcall.faults.add("agent", effect=effect)

    assert alice.rejected("startRecordMp4", path=PATH) == {"code": code}
    assert alice.call("startRecordMp4", path=PATH)["code"] == 200


# --- it ends by itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(("effect", "status"), [("size_changed", 1), ("disk_full", 2), ("busy", 3)])
def test_a_recording_that_breaks_says_why_only_in_its_close(
    client: "Clients", netcall: Netcall, effect: str, status: int
) -> None:
    alice, _ = client.talking()
    netcall.faults.add("agent", effect=effect, after_ms=61_000)
    alice.call("startRecordMp4", path=PATH)
    netcall.advance(minutes=2)

    assert recorded(alice) == [("start", None), ("close", status)]
    assert alice.heard("recordMp4")[1]["time"] == 61_000
    assert alice.heard("error") == []
    assert alice.rejected("stopRecordMp4") == {"code": 404}


def test_a_full_disk_is_invisible_to_the_mix_of_voices(client: "Clients", netcall: Netcall) -> None:
    alice, _ = client.talking()
    netcall.faults.add("agent", effect="disk_full", after_ms=5_000)
    alice.call("startRecordAac", path="E:/all.aac")
    netcall.advance(minutes=1)

    assert alice.member.names == ["callAccepted"]
    assert alice.rejected("stopRecordAac") == {"code": 404}


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_hangup_ends_recordings_before_it_is_heard(
    client: "Clients", netcall: Netcall, who: str
) -> None:
    alice, bob = client.talking()
    alice.call("startRecordMp4", path="E:/a.mp4")
    alice.call("startRecordMp4", account="bob", path="E:/b.mp4")
    netcall.advance(seconds=9)
    {"alice": alice, "bob": bob}[who].call("hangup")
    netcall.settle()

    hangup = ["hangup"] if who == "bob" else []
    assert alice.member.names[-2 - len(hangup) :] == ["recordMp4", "recordMp4", *hangup]
    assert len(netcall.objects()) == 2


def test_who_leaves_a_meeting_takes_only_their_own_recording(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.call("createChannel", channelName="m")
    for each in (alice, bob):
        each.call("joinChannel", channelName="m")
    alice.call("startRecordMp4", path="E:/a.mp4")
    alice.call("startRecordMp4", account="bob", path="E:/b.mp4")
    netcall.advance(seconds=1)

    bob.call("leaveChannel")
    netcall.settle()

    assert alice.heard("recordMp4")[-1]["mp4_file"] == "E:/b.mp4"
    assert alice.call("stopRecordMp4")["mp4_file"] == "E:/a.mp4"


def test_a_dead_agent_is_noticed_by_its_heartbeat(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking()
    netcall.faults.add("agent", effect="die", after_ms=10_000)
    alice.call("startRecordMp4", path=PATH)
    netcall.advance(seconds=44)
    before = alice.heard("error")

    netcall.advance(seconds=1)

    assert before == []
    assert alice.heard("error") == [{"type": "heartbeatError"}]
    netcall.advance(seconds=1)
    assert set(bob.heard("hangup")[0]) == {"uid", "type", "isMeeting", "account"}
    assert alice.rejected("startRecordMp4", path="E:/b.mp4") == {"code": 1}
    assert alice.rejected("call", account="bob", type=2) == {"code": 1}
    assert alice.call("hangup") is None


def test_a_closed_page_keeps_the_file(client: "Clients", netcall: Netcall) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", path=PATH)
    netcall.advance(seconds=7)

    alice.member.bye()
    netcall.settle()

    assert [each.size_bytes for each in netcall.objects()] == [70_000]


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ({"width": 1_280, "height": 720}, (1_280, 720)),
        ({"width": 16, "height": 16}, (16, 16)),
        ({"width": 15, "height": 480}, (640, 480)),
        ({"width": 320}, (640, 480)),
        ({}, (640, 480)),
    ],
    ids=str,
)
def test_an_mp4_is_as_large_as_was_asked_for_or_as_its_first_picture(
    client: "Clients", netcall: Netcall, given: dict[str, int], size: tuple[int, int]
) -> None:
    alice, _ = client.talking()
    alice.call("startRecordMp4", path=PATH, **given)
    netcall.advance(seconds=2)
    alice.call("stopRecordMp4")
    netcall.settle()

    (file,) = netcall.objects()

    assert pyav(httpx.get(file.url).content)[0] == (NAMES["mp4"], ["aac", "h264"], size)
