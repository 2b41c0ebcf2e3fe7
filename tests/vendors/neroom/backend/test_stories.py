"""The sheet's samples over HTTP, told by an app's server and one user, kept to the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.vendors.golden import kept

from recording_emulator.testing import Tenant

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend


@pytest.mark.recording_emulator(seed=0)
def test_a_recording_over_http(backend: Backend, tenant: Tenant) -> None:
    neroom = backend.neroom
    config = {"rtc": True, "record": True, "chatroom": False, "whiteboard": False}
    body = {"template_id": 40, "room_uuid": "room-7", "room_name": "Demo", "type": 1,
            "host_user_uuid": "alice", "config": config}  # fmt: skip
    created = backend.call("POST", "/neroom/v4/rooms", body)
    archive = created["data"]["room_archive_id"]
    neroom.advance(seconds=10)
    entered = backend.enter(audio=1, video=1)
    neroom.advance(seconds=10)
    modes = {"rtcRecordType": 100, "modeList": [{"mode": 0}, {"mode": 2}]}
    started = backend.record("1", modes, "alice")
    snapshot = backend.room("GET", "/snapshot", user="alice")
    online = backend.archived("GET", archive, "/online_user_list?page_number=1&page_size=10")
    again = backend.record("1", modes, "alice")
    neroom.advance(hours=1)
    stopped = backend.record("0", user="alice")
    neroom.advance(seconds=60)
    records = backend.scene("GET", f"/v2/rooms/record/list?roomArchiveId={archive}")
    media = backend.archived("GET", archive, "/media_info")
    older = backend.call("GET", f"/apps/v2/room-media?roomArchiveId={archive}")
    neroom.advance(seconds=200)
    video = backend.video("get", media["data"]["file_infos"][0]["vid"])

    app, where = neroom.app_key, "neroom/responses"
    scene = [entered, started, snapshot, again, stopped, records]
    assert kept(f"{where}/scene.json", scene, tenant, app=app)
    assert kept(f"{where}/rest.json", [created, online, media, older], tenant, app=app)
    assert kept(f"{where}/video.json", [video], tenant, app=app)
