"""An app's server that calls NERTC over HTTP, signing with its own hands."""

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

ROOM = "room-7"
FILES = "/nimserver/history/queryMediaFileByChannelId.action"


class Server:
    """Calls of one AppKey. Every call returns the JSON body; ``http`` gives the response."""

    def __init__(self, neroom: NeRoom) -> None:
        self._neroom = neroom
        self._http = httpx.Client(base_url=neroom.base_url, timeout=30)
        self.cid = 0

    def headers(self, **other: str) -> dict[str, str]:
        cur_time = str(wallclock.now_ms() // 1000)
        text = f"{self._neroom.app_secret}9a1c3e{cur_time}"
        return {
            "AppKey": self._neroom.app_key,
            "Nonce": "9a1c3e",
            "CurTime": cur_time,
            "CheckSum": hashlib.sha1(text.encode()).hexdigest(),
            **other,
        }

    def http(self, method: str, path: str, **more: Any) -> httpx.Response:
        given = {"headers": self.headers(), **more}
        return self._http.request(method, path, **given)

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        response = self.http(method, path, **more)
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.json()
        return told

    def v2(self, call: str, **body: Any) -> dict[str, Any]:
        """Call cloudrecord about the channel at hand, by its number."""
        return self.ask("POST", f"/v2/api/cloudrecord/{call}", json={"cid": self.cid, **body})

    def v3(self, call: str, **body: Any) -> dict[str, Any]:
        """Call cloudrecord about the room, by its name."""
        path = f"/v3/api/cloudrecord/{call}"
        return self.ask("POST", path, params={"cname": ROOM}, json=body)

    def look(self) -> dict[str, Any]:
        """Ask for the room by its name, and keep its number."""
        told = self.ask("GET", "/v3/api/rooms", params={"cname": ROOM})
        self.cid = told.get("cid", self.cid)
        return told

    def create(self, **body: Any) -> int:
        given = {"channelName": ROOM, "mode": 2, "uid": 1, **body}
        self.cid = int(self.ask("POST", "/v2/api/room", json=given)["cid"])
        return self.cid

    def delete(self) -> dict[str, Any]:
        return self.ask("DELETE", f"/v2/api/rooms/{self.cid}")

    def submit(self, **body: Any) -> str:
        """Submit a task for the channel at hand, and return its id."""
        told = self.v2("submit", **body)
        assert told["code"] == 200, told
        return str(told["record"]["taskId"])

    def tasks(self) -> list[tuple[str, int]]:
        told = self.v2("tasks")["record"]["record"]
        return [(each["taskId"], each["state"]) for each in told]

    @property
    def states(self) -> list[int]:
        return [state for _, state in self.tasks()]

    def files(self) -> list[dict[str, Any]]:
        told = self.ask("POST", FILES, data={"channelid": str(self.cid)})
        found: list[dict[str, Any]] = told["fileInfos"]
        return found

    def names(self) -> list[str]:
        """The ends of the files' names: what follows the channel's number and the time."""
        found = []
        for each in self.files():
            uid, _, _, *rest = each["objectName"].split("-")
            found.append("-".join((uid, *rest)))
        return found

    def old(self, **form: Any) -> dict[str, Any]:
        return self.ask("POST", f"/v2/api/record/{self.cid}", data=form)

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def server(neroom: NeRoom) -> Iterator[Server]:
    made = Server(neroom)
    yield made
    made.close()


@pytest.fixture
def talking(neroom: NeRoom, server: Server) -> Server:
    """The app's server; 31001 talks in the room, 31002 shows a picture besides."""
    room = neroom.room(ROOM)
    room.join(31001, video=False)
    room.join(31002)
    server.look()
    return server


@pytest.fixture
def copies(tenant: Tenant) -> Inbox:
    return tenant.inbox()
