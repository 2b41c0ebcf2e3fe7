"""The browser's recorder up to 6.1: one for all, texts for errors, a download nobody hears of."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Client, Clients

OLD = "webrtc-6.1"
MIC, CAMERA = 0, 3


def on_air(client: "Clients") -> "list[Client]":
    """Return Alice and Bob in a call, Alice with camera and microphone."""
    people = client.talking(2, OLD)
    for source in (MIC, CAMERA):
        people[0].call("startDevice", type=source)
    return people


def key(error: Any) -> str:
    assert isinstance(error, str)
    return error.split(":")[0]


def test_the_documents_example(client: "Clients", netcall: Netcall) -> None:
    alice, bob = on_air(client)
    uid = bob.called["uid"]

    started = alice.call("startRecordMp4", account="bob")
    netcall.advance(seconds=10)
    stopped = alice.call("stopRecordMp4")

    (file,) = netcall.objects()
    assert (started, stopped) == ({"uid": uid}, None)
    assert file.key == f"alice/{uid}--{netcall.now_ms() - 10_000}--video.webm"
    assert (file.content_type, file.size_bytes) == ("video/webm", 100_000)


def test_sound_alone_says_so(client: "Clients", netcall: Netcall) -> None:
    alice, bob = on_air(client)
    started = alice.call("startRecordAac")
    netcall.advance(seconds=10)
    alice.call("stopRecordAac")

    assert started == {"uid": bob.called["accountUidMap"]["alice"], "type": "audio"}
    assert netcall.objects()[0].key.endswith("--audio.webm")


@pytest.mark.parametrize("target", [None, "", {"account": "bob"}, 7])
def test_what_is_no_text_records_oneself(client: "Clients", target: Any) -> None:
    alice, bob = on_air(client)

    started = alice.call("startRecordMp4", account=target)

    assert started["uid"] == bob.called["accountUidMap"]["alice"]


def test_there_is_one_recorder_for_everything(client: "Clients") -> None:
    alice, _ = on_air(client)
    alice.call("startRecordMp4")
    busy = [key(alice.rejected(f"startRecord{kind}")) for kind in ("Mp4", "Aac")]
    alice.call("stopRecordAac")

    assert busy == ["REC_BUSY", "REC_BUSY"]
    assert key(alice.rejected("stopRecordMp4")) == "REC_ENDED"


def test_every_rejection_is_a_text(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing(2, OLD)
    assert key(alice.rejected("stopRecordMp4")) == "REC_NOT_STARTED"
    assert key(alice.rejected("startRecordMp4")) == "REC_NO_STREAM"
    assert key(alice.rejected("startRecordAac")) == "REC_NO_STREAM"
    assert key(alice.rejected("startRecordMp4", account="bob")) == "REC_BAD_ACCOUNT"
    bob.answer()
    netcall.settle()
    alice.call("startRtc")
    assert key(alice.rejected("startRecordMp4", account="bob")) == "REC_STREAM_MISSING"
    bob.call("startRtc")
    assert alice.call("startRecordAac")["type"] == "audio"


@pytest.mark.parametrize(
    ("effect", "told"), [("no_recorder", "REC_NO_MEDIARECORDER"), ("no_format", "REC_NO_FORMAT")]
)
def test_a_browser_may_not_be_able_to(
    client: "Clients", netcall: Netcall, effect: str, told: str
) -> None:
    alice, _ = on_air(client)
    netcall.faults.add("browser", effect=effect)

    assert key(alice.rejected("startRecordMp4")) == told


def test_a_switched_device_goes_on_in_the_same_file(client: "Clients", netcall: Netcall) -> None:
    alice, _ = on_air(client)
    alice.call("startRecordMp4")
    netcall.advance(seconds=5)
    alice.call("startDevice", type=CAMERA)
    netcall.advance(seconds=5)
    alice.call("stopRecordMp4")
    alice.call("stopDevice", type=CAMERA)

    assert [each.size_bytes for each in netcall.objects()] == [100_000]


@pytest.mark.parametrize("how", ["peer", "self", "page"])
def test_it_is_saved_when_the_call_is_over(client: "Clients", netcall: Netcall, how: str) -> None:
    alice, bob = on_air(client)
    alice.call("startRecordMp4", account="bob")
    netcall.advance(seconds=5)
    if how == "page":
        alice.member.bye()
    else:
        {"peer": bob, "self": alice}[how].call("hangup")
    netcall.settle()

    assert len(netcall.objects()) == 1
    if how != "page":
        assert key(alice.rejected("stopRecordMp4")) == "REC_ENDED"


def test_who_leaves_a_meeting_ends_only_a_recording_of_themselves(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob, carol = (client(each, OLD) for each in ("alice", "bob", "carol"))
    alice.call("createChannel", channelName="m")
    for each in (alice, bob, carol):
        each.call("joinChannel", channelName="m")
        each.call("startRtc")
    alice.call("startRecordMp4", account="bob")
    netcall.advance(seconds=1)
    carol.call("leaveChannel")
    netcall.settle()
    before = len(netcall.objects())

    bob.call("leaveChannel")
    netcall.settle()

    assert (before, len(netcall.objects())) == (0, 1)


def test_it_has_no_advanced_recorder(client: "Clients") -> None:
    assert client("alice", OLD).rejected("startMediaRecording")["name"] == "TypeError"
