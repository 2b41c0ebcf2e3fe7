"""The advanced recorder: its list, its states, its quirks."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Client, Clients

NEW = "webrtc-8.5"
MIC, CAMERA, SCREEN = 0, 3, 4
EPOCH_S = 1_893_456_000


@pytest.fixture
def alice(client: "Clients") -> "Client":
    """Alice in a browser with camera and microphone, in no call."""
    made = client("alice", NEW)
    for source in (MIC, CAMERA):
        made.call("startDevice", type=source)
    return made


def listed(client: "Client") -> dict[str, Any]:
    found: dict[str, Any] = client.call("listMediaRecording")
    return found


def statuses(client: "Client") -> list[str]:
    return [each["status"] for each in listed(client).values()]


def test_the_documents_example(alice: "Client", netcall: Netcall) -> None:
    started = alice.call("startMediaRecording", account="", type="camera")
    record = {
        "id": "local-1",
        "type": "camera",
        "name": f"local--{EPOCH_S}--camera",
        "status": "starting",
        "isRecording": True,
        "startTime": EPOCH_S,
        "endTime": None,
        "uid": "local",
        "account": "alice",
    }
    assert started == {"recordId": "local-1"}
    assert listed(alice) == {"local-1": record}
    netcall.advance(seconds=30)
    assert alice.call("stopMediaRecording", recordId="local-1") is None
    netcall.settle()
    ended = {**record, "status": "stopped", "isRecording": False, "endTime": EPOCH_S + 30}
    assert listed(alice) == {"local-1": ended}
    assert alice.heard("recordStopped") == [{**ended, "id": 1, "isRecording": True}]
    saved = alice.call("downloadMediaRecording", recordId="local-1")
    assert saved == {**ended, "status": "downloaded"}
    (file,) = netcall.objects()
    assert (file.key, file.size_bytes) == (f"alice/local--{EPOCH_S}--camera.webm", 300_000)
    assert alice.call("cleanMediaRecording", recordId="local-1") is None
    assert statuses(alice) == ["downloaded"]


def test_numbers_count_over_all_calls_and_name_whose_it_is(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.talking(2, NEW)
    alice.call("startDevice", type=MIC)
    uid = bob.called["uid"]
    first = alice.call("startMediaRecording", type="audio", reset=True)["recordId"]
    alice.call("hangup")
    netcall.settle()
    alice.dial("bob")
    netcall.settle()
    bob.answer()
    netcall.settle()
    for each in (alice, bob):
        each.call("startRtc")
    second = alice.call("startMediaRecording", account="bob", type="camera")["recordId"]

    assert (first, second) == ("local-1", f"{uid}-2")
    assert listed(alice)[second]["uid"] == uid
    assert listed(alice)[first]["reset"] is True


def test_the_same_source_can_be_recorded_twice(alice: "Client") -> None:
    for _ in range(2):
        alice.call("startMediaRecording")

    assert statuses(alice) == ["starting", "starting"]


@pytest.mark.parametrize(
    ("kind", "sources", "is_fine"),
    [
        ("camera", (), False),
        ("screen", (MIC,), True),
        ("screen", (CAMERA,), False),
        ("screen", (SCREEN,), True),
        ("video", (CAMERA,), True),
        ("audio", (CAMERA,), False),
        ("audio", (MIC,), True),
    ],
)
def test_a_part_of_the_sources_is_enough(
    client: "Clients", kind: str, sources: tuple[int, ...], is_fine: bool
) -> None:
    bob = client("bob", NEW)
    for source in sources:
        bob.call("startDevice", type=source)

    if is_fine:
        assert bob.call("startMediaRecording", type=kind) == {"recordId": "local-1"}
    else:
        error = bob.rejected("startMediaRecording", type=kind)
        assert (error["name"], error["code"]) == ("RecordNoStream", 67003)


def test_voices_of_others_are_enough_for_sound(client: "Clients") -> None:
    alice, _ = client.talking(2, NEW)

    assert alice.call("startMediaRecording", type="audio") == {"recordId": "local-1"}


def test_who_is_not_there_cannot_be_recorded(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing(2, NEW)
    before = alice.rejected("startMediaRecording", account="bob")["code"]
    bob.answer()
    netcall.settle()

    assert (before, alice.rejected("startMediaRecording", account="bob")["code"]) == (67003, 67003)


@pytest.mark.parametrize(
    ("effect", "code"),
    [("no_recorder", 67004), ("no_format", 67005), ("no_setup", 67007), ("no_data", 67008)],
)
def test_a_browser_may_not_be_able_to(
    alice: "Client", netcall: Netcall, effect: str, code: int
) -> None:
    netcall.faults.add("browser", effect=effect)

    assert alice.rejected("startMediaRecording")["code"] == code


@pytest.mark.parametrize("verb", ["stop", "download", "clean"])
def test_a_record_must_be_named(alice: "Client", verb: str) -> None:
    error = alice.rejected(f"{verb}MediaRecording")

    assert (error["name"], error["code"]) == ("ParamError", 11405)


def test_what_is_unknown_or_has_stopped_is_67001(alice: "Client") -> None:
    alice.call("startMediaRecording")
    alice.call("stopMediaRecording", recordId="local-1")

    for verb, record in (("stop", "local-1"), ("stop", "record_1"), ("download", "record_1")):
        error = alice.rejected(f"{verb}MediaRecording", recordId=record)
        assert (error["name"], error["code"]) == ("RecordNotExist", 67001)
    assert alice.call("cleanMediaRecording", recordId="record_1") is None


def test_a_download_stops_first_and_a_second_saves_nothing(
    alice: "Client", netcall: Netcall
) -> None:
    alice.call("startMediaRecording")
    netcall.advance(seconds=3)
    alice.call("downloadMediaRecording", recordId="local-1")
    netcall.settle()
    stored = netcall.objects()[0].stored_ms
    netcall.advance(seconds=3)

    again = alice.call("downloadMediaRecording", recordId="local-1")

    assert again["status"] == "downloaded"
    assert len(alice.heard("recordStopped")) == 1
    assert [each.stored_ms for each in netcall.objects()] == [stored]


def test_a_clean_discards_what_is_running(alice: "Client", netcall: Netcall) -> None:
    alice.call("startMediaRecording")
    alice.call("cleanMediaRecording", recordId="local-1")
    alice.call("downloadMediaRecording", recordId="local-1")
    netcall.settle()

    assert statuses(alice) == ["init"]
    assert alice.heard("recordStopped") == []
    assert netcall.objects() == []


@pytest.mark.recording_emulator(settings={"netcall": {"strict_quirks": False}})
def test_without_quirks_a_clean_removes_and_an_event_tells_the_truth(
    alice: "Client", netcall: Netcall
) -> None:
    alice.call("startMediaRecording")
    alice.call("stopMediaRecording", recordId="local-1")
    netcall.settle()
    alice.call("cleanMediaRecording", recordId="local-1")

    assert listed(alice) == {}
    (told,) = alice.heard("recordStopped")
    assert (told["id"], told["isRecording"]) == ("local-1", False)


# --- it ends by itself ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["startDevice", "stopDevice"])
def test_a_switched_device_ends_the_record_and_keeps_its_data(
    alice: "Client", netcall: Netcall, method: str
) -> None:
    alice.call("startMediaRecording", type="camera")
    alice.call("startMediaRecording", type="audio")
    netcall.advance(seconds=4)

    alice.call(method, type=CAMERA)
    netcall.settle()

    assert statuses(alice) == ["stopped", "starting"]
    assert len(alice.heard("recordStopped")) == 1
    alice.call("downloadMediaRecording", recordId="local-1")
    assert netcall.objects()[0].size_bytes == 40_000


def test_the_end_of_a_screen_is_told_as_well(alice: "Client", netcall: Netcall) -> None:
    alice.call("startDevice", type=SCREEN)
    alice.call("startMediaRecording", type="screen")
    alice.call("stopDevice", type=SCREEN)
    netcall.settle()

    assert sorted(alice.member.names) == ["recordStopped", "streamEnded"]


def test_a_fault_ends_a_track(alice: "Client", netcall: Netcall) -> None:
    netcall.faults.add("browser", effect="track_ends", after_ms=5_000)
    alice.call("startMediaRecording")
    alice.call("startMediaRecording")
    netcall.advance(seconds=5)

    assert statuses(alice) == ["stopped", "starting"]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_hangup_stops_every_record_and_they_can_be_saved_after_it(
    client: "Clients", netcall: Netcall, who: str
) -> None:
    alice, bob = client.talking(2, NEW)
    alice.call("startDevice", type=CAMERA)
    alice.call("startMediaRecording")
    alice.call("startMediaRecording", account="bob")
    netcall.advance(seconds=2)
    {"alice": alice, "bob": bob}[who].call("hangup")
    netcall.settle()
    for record in listed(alice):
        alice.call("downloadMediaRecording", recordId=record)

    assert len(alice.heard("recordStopped")) == 2
    assert len(netcall.objects()) == 2


def test_who_leaves_a_meeting_ends_the_records_of_themselves(
    client: "Clients", netcall: Netcall, alice: "Client"
) -> None:
    bob = client("bob", NEW)
    alice.call("createChannel", channelName="m")
    for each in (alice, bob):
        each.call("joinChannel", channelName="m")
        each.call("startRtc")
    alice.call("startMediaRecording")
    alice.call("startMediaRecording", account="bob")

    bob.call("leaveChannel")
    netcall.settle()

    assert statuses(alice) == ["starting", "stopped"]


def test_a_closed_page_saves_what_runs(alice: "Client", netcall: Netcall) -> None:
    alice.call("startMediaRecording")
    netcall.advance(seconds=2)

    alice.member.bye()
    netcall.settle()

    assert len(netcall.objects()) == 1


# --- the old names -------------------------------------------------------------------------------


def test_the_old_start_is_a_wrapper_and_resolves_with_nothing_for_a_stranger(
    alice: "Client", netcall: Netcall
) -> None:
    stranger = alice.call("startRecordMp4", account="nobody")
    started = alice.call("startRecordMp4")
    stopped = alice.call("stopRecordMp4")

    assert (stranger, started, stopped) == (None, {"recordId": "local-1"}, None)
    assert statuses(alice) == ["stopped"]
    assert alice.rejected("stopRecordMp4")["code"] == 67001


@pytest.mark.parametrize("method", ["startRecordAac", "stopRecordAac"])
def test_the_mix_of_voices_throws(alice: "Client", method: str) -> None:
    assert alice.rejected(method)["name"] == "TypeError"


def test_no_more_than_a_thousand_records_are_kept(alice: "Client") -> None:
    for _ in range(1_000):
        alice.call("startMediaRecording")

    assert alice.rejected("startMediaRecording")["code"] == 416
