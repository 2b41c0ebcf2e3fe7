"""The reference timeline of the fact sheet (§9.3), compared with what is kept in fixtures/neroom.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

FIXTURES = Path(__file__).parents[3] / "fixtures" / "neroom"


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

    assert kept("responses/joinRoom.json", [joined, late], tenant)
    assert kept("responses/getRoomCloudRecordList.json", [early, done], tenant)
    assert kept("events/alice.json", heard(alice), tenant)
    assert kept("events/bob.json", heard(bob), tenant)
    assert kept("callbacks/reference.json", [each.json for each in copies.callbacks], tenant)


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
    assert kept("responses/nertc.json", told, tenant)
    assert kept("callbacks/nertc.json", [each.json for each in copies.callbacks], tenant)


def test_every_kept_file_says_where_it_is_from() -> None:
    import tomllib

    sources = tomllib.loads((FIXTURES / "SOURCES.toml").read_text())
    files = {str(each.relative_to(FIXTURES)) for each in FIXTURES.rglob("*.json")}

    assert set(sources) == files
    assert all(each["basis"] in ("documented", "observed", "assumed") for each in sources.values())
