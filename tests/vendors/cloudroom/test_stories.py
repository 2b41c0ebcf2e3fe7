"""One story as each SDK hears it, compared to the byte with what is kept in fixtures/cloudroom.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, camera, picture

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Client, Clients

FIXTURES = Path(__file__).parents[3] / "fixtures" / "cloudroom"


def kept(name: str, told: Any, tenant: Tenant) -> bool:
    """Whether something is as it is kept, to the byte; addresses are marks there."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
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


@pytest.mark.parametrize("profile", ["native", "web", "mini"])
def test_a_recording_a_late_failure_and_a_mixer_without_a_licence(
    client: "Clients",
    cloudroom: CloudRoom,
    tenant: Tenant,
    api: "Api",
    callbacks: Inbox,
    profile: str,
) -> None:
    cloudroom.configure(max_mixers=1)
    alice, bob = client("alice", profile), client("bob", profile)
    room = alice.make()
    alice.enter(room)
    there = bob.enter(room)
    alice.call("openVideo")
    path = "/2030-01-01/story.mp4;rtmp://push.example.test/live/k1;"
    layout = [camera("alice.-1", 0, 90, 320, 180), camera("bob.-1", 320, 90, 320, 180)]
    alice.create(picture(*layout, path=path))
    bob.create(picture(camera("bob.-1")), OTHER)
    cloudroom.advance(seconds=15)
    bob.update({"videoFileCfg": {"layoutConfig": [camera("alice.-1")]}})
    info = alice.call("getCloudMixerInfo", mixerID=MIXER)
    cloudroom.advance(seconds=15)
    bob.destroy()
    cloudroom.advance(seconds=10)
    cloudroom.faults.add("run", effect="fail", code="902", after_ms=3_000)
    alice.create(picture(camera("alice.-1"), path="/2030-01-01/lost.mp4"), "m3")
    cloudroom.advance(seconds=10)
    found = api.post("netDisk/query", FileName="/2030-01-01/story.mp4")
    alice.call("destroyMeeting", meetID=room)
    cloudroom.settle()

    assert kept(f"events/{profile}.json", heard(alice), tenant)
    assert kept(f"responses/{profile}.json", {"enterMeeting": there, "info": info}, tenant)
    if profile == "web":  # what is HTTP is the same for all
        assert kept("responses/netDisk_query.json", found, tenant)
        told = [{**each.json, "Signature": "{signature}"} for each in callbacks.callbacks]
        assert kept("callbacks/story.json", told, tenant)


def test_every_kept_file_says_where_it_is_from() -> None:
    import tomllib

    sources = tomllib.loads((FIXTURES / "SOURCES.toml").read_text())
    files = {str(each.relative_to(FIXTURES)) for each in FIXTURES.rglob("*.json")}

    assert set(sources) == files
    assert all(each["basis"] in ("documented", "observed", "assumed") for each in sources.values())
