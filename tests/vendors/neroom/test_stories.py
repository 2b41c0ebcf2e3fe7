"""The reference timeline of the fact sheet (§9.3), compared with what is kept in fixtures/neroom.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.vendors.golden import heard, kept

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Clients


def test_the_reference_timeline(
    client: "Clients", neroom: NeRoom, tenant: Tenant, copies: Inbox
) -> None:
    alice, bob = client("alice"), client("bob")
    archive = alice.create(roomName="Demo")
    neroom.advance(seconds=10)
    joined = alice.join(role="host")
    neroom.advance(seconds=1)
    alice.call("joinRtcChannel")
    neroom.advance(seconds=1)
    alice.call("unmuteMyAudio")
    neroom.advance(seconds=8)
    alice.call("startCloudRecord")
    neroom.advance(seconds=10)
    late = bob.join()
    neroom.advance(seconds=70)
    alice.call("muteMyAudio")  # bob never unmuted: the recording ends by itself
    neroom.advance(seconds=1)
    early = alice.member.call("getRoomCloudRecordList", roomArchiveId=archive)
    neroom.advance(seconds=260)
    done = alice.member.call("getRoomCloudRecordList", roomArchiveId=archive)
    bob.call("leaveRoom")
    neroom.settle()
    alice.call("leaveRoom")
    neroom.advance(minutes=1)

    assert kept("neroom/responses/joinRoom.json", [joined, late], tenant)
    assert kept("neroom/responses/getRoomCloudRecordList.json", [early, done], tenant)
    assert kept("neroom/events/alice.json", heard(alice.member), tenant)
    assert kept("neroom/events/bob.json", heard(bob.member), tenant)
    assert kept("neroom/callbacks/reference.json", [each.json for each in copies.callbacks], tenant)


@pytest.mark.recording_emulator(settings={"neroom": {"rtc_copies": True}})
def test_a_task_of_nertc_in_a_neroom_room(
    copies: Inbox, client: "Clients", neroom: NeRoom, tenant: Tenant
) -> None:
    alice = client("alice")
    alice.create()
    alice.join(role="host")
    alice.talk()
    with httpx.Client(base_url=neroom.base_url) as http:

        def ask(method: str, path: str, **more: Any) -> Any:
            own = (neroom.app_key, neroom.app_secret, "9a1c3e", wallclock.now_ms())
            told = http.request(method, path, headers=netease.signed_call(*own), **more).json()
            assert len(told.pop("requestId")) == 32
            return told

        room = ask("GET", "/v3/api/rooms?cname=room-7")
        members = ask("GET", "/v3/api/rooms/members?cname=room-7")
        body = {"cid": room["cid"], "recordConfig": {"recordType": 0}}
        submitted = ask("POST", "/v2/api/cloudrecord/submit", json=body)
        running = ask("POST", "/v2/api/cloudrecord/tasks", json=body)
        neroom.advance(minutes=1)
        stopped = ask("POST", "/v2/api/cloudrecord/stop", json=body)
        neroom.advance(minutes=1)
        alice.call("endRoom")
        late = ask("POST", "/v2/api/cloudrecord/stop", json=body)
        path = "/nimserver/history/queryMediaFileByChannelId.action"
        files = ask("POST", path, data={"channelid": str(room["cid"])})
    neroom.settle()

    told = [room, members, submitted, running, stopped, late, files]
    assert kept("neroom/responses/nertc.json", told, tenant)
    assert kept("neroom/callbacks/nertc.json", [each.json for each in copies.callbacks], tenant)
