"""NERoom over HTTP: the app's own server, which signs, and users who have a token."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

ROOM = "room-7"
HINT = "x-recording-emulator-hint"


class Backend:
    """Calls of the app's server, or of a user, as they would be made in the field."""

    def __init__(self, neroom: NeRoom) -> None:
        self.neroom = neroom
        self.http = httpx.Client(trust_env=False, timeout=30)

    def of(self, tenant: Tenant) -> "Backend":
        """Return the same of another tenant."""
        handle = tenant.vendor("neroom")
        assert isinstance(handle, NeRoom)
        return Backend(handle)

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Make a request as it is; ``body`` may be bytes."""
        url = f"{self.neroom.base_url}{path}"
        if body is None or isinstance(body, bytes):
            return self.http.request(method, url, content=body, headers=headers)
        return self.http.request(method, url, json=body, headers=headers)

    def signed(self) -> dict[str, str]:
        own = self.neroom
        return netease.signed_call(own.app_key, own.app_secret, "9a1c3e", wallclock.now_ms())

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Make a call of the app's server; returns the whole body."""
        found: dict[str, Any] = self.send(method, path, body, self.signed()).json()
        return found

    def scene(self, method: str, path: str, body: Any = None, user: str = "") -> dict[str, Any]:
        """Make a call below ``/scene``: a user's, or without one the app's server's."""
        headers = {"user": user, "token": self.neroom.token(user)} if user else self.signed()
        where = f"/scene/apps/{self.neroom.app_key}{path}"
        found: dict[str, Any] = self.send(method, where, body, headers).json()
        return found

    def room(self, method: str, path: str, body: Any = None, user: str = "") -> dict[str, Any]:
        """Make a call about the room."""
        return self.scene(method, f"/v1/rooms/{ROOM}{path}", body, user)

    def create(self, **more: Any) -> str:
        """Make the room, with recording, and return its archive id."""
        config = {"rtc": True, "record": True}
        body = {"room_uuid": ROOM, "room_name": "Demo", "config": config, **more}
        made = self.call("POST", "/neroom/v4/rooms", body)
        assert made["code"] == 0, made
        return str(made["data"]["room_archive_id"])

    def enter(self, user: str = "alice", role: str = "host", **streams: int) -> dict[str, Any]:
        """Let a user join, with these streams."""
        told = {name: {"value": value} for name, value in streams.items()}
        body = {"userName": user.title(), "role": role, "streams": told}
        return self.room("POST", "/entry", body, user)

    def record(self, state: str = "1", body: Any = None, user: str = "") -> dict[str, Any]:
        """Start (1) or stop (0) recording."""
        return self.scene("POST", f"/v2/rooms/{ROOM}/record/state/{state}", body, user)

    def recording(self) -> str:
        """Have Alice talk while she is recorded; returns the archive id."""
        archive = self.create()
        self.enter(audio=1)
        assert self.record(user="alice")["code"] == 0
        return archive

    def archived(self, method: str, archive: str, path: str = "", body: Any = None) -> Any:
        """Make a call of version 3 about one life of the room."""
        return self.call(method, f"/neroom/v3/rooms/{archive}{path}", body)

    def video(self, call: str, vid: object) -> dict[str, Any]:
        return self.call("POST", f"/app/vod/video/{call}", {"vid": vid})


@pytest.fixture
def backend(neroom: NeRoom) -> Iterator[Backend]:
    made = Backend(neroom)
    yield made
    made.http.close()
