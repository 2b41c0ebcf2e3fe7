"""One story as each SDK hears it, compared to the byte with what is kept in fixtures/cloudroom.

``UPDATE_GOLDEN=1`` writes the files anew; they are to be read against the sheet before they are
kept.
"""

from typing import TYPE_CHECKING

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, camera, picture
from tests.vendors.golden import heard, kept

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients


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

    assert kept(f"cloudroom/events/{profile}.json", heard(alice.member), tenant)
    assert kept(
        f"cloudroom/responses/{profile}.json", {"enterMeeting": there, "info": info}, tenant
    )
    if profile == "web":  # what is HTTP is the same for all
        assert kept("cloudroom/responses/netDisk_query.json", found, tenant)
        told = [{**each.json, "Signature": "{signature}"} for each in callbacks.callbacks]
        assert kept("cloudroom/callbacks/story.json", told, tenant)
