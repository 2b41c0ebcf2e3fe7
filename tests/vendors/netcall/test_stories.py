"""The seed document's examples as stories, compared with what is kept in fixtures/netcall.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.testing import Tenant
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Client, Clients, Copies

FIXTURES = Path(__file__).parents[3] / "fixtures" / "netcall"
BOTH = {"recordVideo": True, "recordAudio": True}


def kept(name: str, told: Any, tenant: Tenant) -> bool:
    """Whether something is as it is kept, to the byte; addresses are marks there."""
    text = msgspec.json.encode(told).decode()
    files = f"{tenant.emulator.url}/_files/{tenant.info.id}"
    text = f"{text.replace(files, '{files}')}\n"
    path = FIXTURES / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return path.read_text() == text


def heard(client: "Client") -> list[dict[str, Any]]:
    """The events a client heard, as they stand on the wire."""
    return [
        {
            "method": each.name,
            "params": {
                "seq": each.seq,
                "at_ms": each.at_ms,
                "room": each.room,
                "args": each.args,
            },
        }
        for each in client.member.events
    ]


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_a_call_that_both_sides_want_recorded(
    client: "Clients", netcall: Netcall, tenant: Tenant, copies: "Copies"
) -> None:
    alice, bob = client("alice"), client("bob")
    made = alice.dial("bob", sessionConfig=BOTH, webrtcEnable=True)
    netcall.advance(seconds=3)
    taken = bob.answer(**BOTH)
    netcall.advance(seconds=60)
    bob.call("control", command=8)
    alice.call("hangup")
    netcall.advance(minutes=1)

    assert kept("responses/call.json", [made, taken], tenant)
    assert kept("events/caller.json", heard(alice), tenant)
    assert kept("events/callee.json", heard(bob), tenant)
    assert kept("callbacks/recorded.json", [each.json for each in copies.inbox.callbacks], tenant)


def test_a_member_is_recorded_on_a_pc(client: "Clients", netcall: Netcall, tenant: Tenant) -> None:
    alice, _ = client.talking()
    started = alice.call("startRecordMp4", account="bob", path="E:/test.mp4")
    voices = alice.call("startRecordAac", path="E:/test.aac")
    netcall.advance(seconds=61)
    stopped = alice.call("stopRecordMp4", account="bob")
    silenced = alice.call("stopRecordAac")
    netcall.settle()

    answers = [started, voices, stopped, silenced]
    assert kept("responses/agent.json", answers, tenant)
    assert kept("events/agent.json", heard(alice), tenant)


def test_a_camera_is_recorded_in_a_page(
    client: "Clients", netcall: Netcall, tenant: Tenant
) -> None:
    alice = client("alice", "webrtc-8.5")
    alice.call("startDevice", type=3)
    alice.call("startMediaRecording", account="", type="camera")
    listed = alice.call("listMediaRecording")
    record = next(iter(listed.values()))
    netcall.advance(seconds=30)
    alice.call("stopMediaRecording", recordId=record["id"])
    netcall.settle()
    saved = alice.call("downloadMediaRecording", recordId=record["id"])
    alice.call("cleanMediaRecording", recordId=record["id"])

    assert kept("responses/listMediaRecording.json", [listed, saved], tenant)
    assert kept("events/page.json", heard(alice), tenant)
