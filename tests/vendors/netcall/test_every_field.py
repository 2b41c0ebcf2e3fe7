"""Every field of the catalogue, in a call that is accepted."""

from typing import TYPE_CHECKING, Any

from recording_emulator.core.surface import Field
from recording_emulator.vendors.netcall import ADAPTER
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients

CONFIG = {
    "recordAudio": True,
    "recordVideo": 1,
    "recordType": 0,
    "singleRecord": True,
    "isHostSpeaker": True,
    "liveEnable": True,
    "rtmpUrl": "rtmp://live.test/1",
    "rtmpRecord": True,
}


def test_a_call_takes_all_there_is(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client("alice"), client("bob")
    alice.call("getInstance", sdkProfile="netcall-8.5", fromClientType=16)
    alice.call(
        "call",
        type=2,
        account="bob",
        webrtcEnable=True,
        pushConfig={"custom": "c"},
        sessionConfig=CONFIG,
    )
    netcall.settle()
    channel = bob.called["channelId"]
    bob.call(
        "response",
        accepted=True,
        beCalledInfo={"channelId": channel},
        channelId=channel,
        sessionConfig=CONFIG,
    )
    netcall.settle()

    assert alice.call("control", channelId=channel, command=13) is None
    assert alice.call("hangup", channelId=channel) is None


def test_a_meeting_takes_all_there_is(client: "Clients") -> None:
    alice = client("alice")
    alice.call("createChannel", channelName="m", custom="c")

    joined = alice.call(
        "joinChannel",
        channelName="m",
        type=2,
        custom="other",
        liveEnable=True,
        sessionConfig=CONFIG,
    )

    assert joined["custom"] == "c"


def test_an_agent_takes_all_there_is(client: "Clients") -> None:
    alice, _ = client.talking()
    given = {"aac": True, "recode": False, "width": 640, "height": 480}

    started = alice.call("startRecordMp4", account="bob", path="E:/b.mp4", **given)

    assert started["code"] == 200
    assert alice.call("startRecordAac", path="E:/all.aac")["code"] == 200
    assert alice.call("stopRecordMp4", account="bob")["code"] == 200


def test_a_page_takes_all_there_is(client: "Clients") -> None:
    alice = client("alice", "webrtc-8.5")
    alice.call("startDevice", type=3)
    alice.call("startMediaRecording", account="", type="camera", reset=False)
    for verb in ("stop", "download", "clean"):
        alice.call(f"{verb}MediaRecording", recordId="local-1")
    alice.call("stopDevice", type=3)

    (record,) = alice.call("listMediaRecording").values()
    assert record["reset"] is False


def named(path: str, operation: str) -> Field:
    fields: dict[str, Any] = {each.id: each for each in ADAPTER.surface.fields}
    found: Field = fields[f"{operation} {path}"]
    return found


def test_the_documents_two_flags_are_in_the_catalogue_as_it_has_them() -> None:
    for name in ("recordVideo", "recordAudio"):
        for operation in ("call", "response"):
            field = named(f"sessionConfig.{name}", operation)
            assert (field.allowed, field.default) == ("boolean or integer or null", "False")
            assert field.supported
