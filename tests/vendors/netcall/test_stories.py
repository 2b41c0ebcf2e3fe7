"""The seed document's examples as stories, compared with what is kept in fixtures/netcall.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

from typing import TYPE_CHECKING

import pytest
from tests.vendors.golden import heard, kept

from recording_emulator.testing import Tenant
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients, Copies

BOTH = {"recordVideo": True, "recordAudio": True}


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

    assert kept("netcall/responses/call.json", [made, taken], tenant)
    assert kept("netcall/events/caller.json", heard(alice.member), tenant)
    assert kept("netcall/events/callee.json", heard(bob.member), tenant)
    copied = [each.json for each in copies.inbox.callbacks]
    assert kept("netcall/callbacks/recorded.json", copied, tenant)


def test_a_member_is_recorded_on_a_pc(client: "Clients", netcall: Netcall, tenant: Tenant) -> None:
    alice, _ = client.talking()
    started = alice.call("startRecordMp4", account="bob", path="E:/test.mp4")
    voices = alice.call("startRecordAac", path="E:/test.aac")
    netcall.advance(seconds=61)
    stopped = alice.call("stopRecordMp4", account="bob")
    silenced = alice.call("stopRecordAac")
    netcall.settle()

    answers = [started, voices, stopped, silenced]
    assert kept("netcall/responses/agent.json", answers, tenant)
    assert kept("netcall/events/agent.json", heard(alice.member), tenant)


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

    assert kept("netcall/responses/listMediaRecording.json", [listed, saved], tenant)
    assert kept("netcall/events/page.json", heard(alice.member), tenant)
