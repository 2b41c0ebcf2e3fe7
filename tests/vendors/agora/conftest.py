"""Two ways to drive Agora without a socket: a world moved by hand, and the whole app over ASGI."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.vendors.stage import Audience, MovedByHand, kept

from recording_emulator.core import rooms
from recording_emulator.core.inputs import Answer, Call
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.agora import ADAPTER, paths, replies, requests

GOLDEN = Path(__file__).parents[3] / "fixtures" / "agora"
STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
PAGE = {
    "url": "https://example.test/board",
    "audioProfile": 0,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 4,
}

Said = tuple[int, dict[str, Any]]


def extensions(push: tuple[str, ...] = (), **page: Any) -> dict[str, Any]:
    """Ask for a page to be recorded, and pushed if ``push`` says where."""
    found = [{"serviceName": "web_recorder_service", "serviceParam": {**PAGE, **page}}]
    if push:
        outputs = [{"rtmpUrl": each} for each in push]
        found.append({"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": outputs}})
    return {"extensionServiceConfig": {"extensionServices": found}}


class Job:
    """One task on a stage: the calls a client makes about it, answered as (status, body)."""

    def __init__(self, stage: Stage, cname: str, uid: str, resource: str, mode: str) -> None:
        self.stage, self.cname, self.uid, self.resource = stage, cname, uid, resource
        self.mode, self.sid = mode, ""

    def call(self, operation: str, params: dict[str, Any] | None = None, **body: Any) -> Said:
        tail = f"mode/{self.mode}"
        tail = f"sid/{self.sid}/{tail}" if operation != "start" else tail
        named = {"cname": self.cname, "uid": self.uid, "clientRequest": params or {}, **body}
        return self.stage.send(operation, f"resourceid/{self.resource}/{tail}/{operation}", named)

    def start(self, **params: Any) -> Said:
        status, body = self.call("start", {"storageConfig": STORAGE, **params})
        self.sid = body.get("sid", self.sid)
        return status, body

    def query(self) -> Said:
        return self.call("query")

    @property
    def status(self) -> int | None:
        """What a query says: the status number, or None when the task has gone."""
        body = self.query()[1]
        return body["serverResponse"]["status"] if "serverResponse" in body else None

    def update(self, **params: Any) -> Said:
        return self.call("update", params)

    def update_layout(self, **params: Any) -> Said:
        return self.call("updateLayout", params)

    def stop(self, **params: Any) -> Said:
        return self.call("stop", params)

    @property
    def names(self) -> dict[str, str]:
        """What every reply about this task carries."""
        ids = {"resourceId": self.resource, "sid": self.sid}
        return {"cname": self.cname, "uid": self.uid, **{k: v for k, v in ids.items() if v}}

    @property
    def file(self) -> str:
        return f"{self.sid}_{self.cname}"

    @property
    def events(self) -> list[str]:
        """The types of the events of this task, in order."""
        return [event for _, event, _ in self.stage.events(self.sid)]


class Stage(MovedByHand):
    """A world in which only Agora is."""

    adapter = ADAPTER

    def __init__(
        self,
        *,
        audience: Audience = "auto",
        seed: int = 0,
        rate_limits: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__(settings, audience=audience, seed=seed, rate_limits=rate_limits)

    def send(self, operation: str, path: str, body: dict[str, Any]) -> Said:
        """Make a call; one that waits by the vendor's rule moves time to its answer."""
        method = "GET" if operation == "query" else "POST"
        route = paths.find(method, f"/v1/apps/a/cloud_recording/{path}")
        assert isinstance(route, paths.Route), path
        lax_uid = self.world.views["agora"].settings.lax_uid
        given, notes = requests.read(route, msgspec.json.encode(body), "", lax_uid=lax_uid)
        given = requests.dated(given, self.world.now_ms)
        answer = self.world.apply(Call("agora", operation, given, notes))
        if not isinstance(answer, Answer):
            answer = self._awaited()
        profile = self.world.views["agora"].settings.profile
        status, raw = replies.render(answer, operation, profile=profile)
        return status, msgspec.json.decode(raw)

    def _awaited(self) -> Answer:
        while True:
            for answer in self.world.take_answers():
                return answer
            timer = self.world.timers.peek()
            assert timer is not None, "a parked call that nothing will answer"
            self.at(timer.due_ms - self.start_ms)

    def acquire(
        self, cname: str = "demo", uid: str = "900001", mode: str = "mix", **params: Any
    ) -> Job:
        body = {"cname": cname, "uid": uid, "clientRequest": params}
        status, said = self.send("acquire", "acquire", body)
        assert status == 200, said
        return Job(self, cname, uid, said["resourceId"], mode)

    def record(self, cname: str = "demo", uid: str = "900001", **params: Any) -> Job:
        """Acquire and start."""
        job = self.acquire(cname, uid)
        status, said = job.start(**params)
        assert status == 200, said
        return job

    def record_users(
        self, config: dict[str, Any] | None = None, scene: int = 0, **params: Any
    ) -> Job:
        """Acquire and start in individual mode, for up to seven users unless ``config`` says."""
        job = self.acquire(mode="individual", scene=scene)
        recording = {"subscribeUidGroup": 1, **(config or {})}
        status, said = job.start(recordingConfig=recording, **params)
        assert status == 200, said
        return job

    def record_page(self, push: tuple[str, ...] = (), cname: str = "demo", **page: Any) -> Job:
        """Acquire and start in web mode, to HLS and MP4; ``page`` adds to the page's parameters."""
        job = self.acquire(cname, mode="web", scene=1)
        files = {"avFileType": ["hls", "mp4"]}
        status, said = job.start(recordingFileConfig=files, **extensions(push, **page))
        assert status == 200, said
        return job

    def join(self, uid: str, name: str = "demo", **published: Any) -> None:
        self.room(rooms.Join(uid, **published), name)

    def listen(self, secret: str = "test-secret", events: tuple[str, ...] | None = None) -> None:
        """Add a subscriber; ``deliver`` plays it."""
        self.subscribe(secret, events)

    def events(self, sid: str = "") -> list[tuple[int, str, dict[str, Any]]]:
        """What was announced: when, which event, its details."""
        return [
            (at_ms, name, facts.details)
            for at_ms, name, facts in self.announced()
            if sid in ("", facts.sid)
        ]

    def objects(self) -> list[tuple[str, int]]:
        """What is stored: names and sizes."""
        return [(each.key, each.size_bytes) for each in self.world.objects.files(self.world.now_ms)]


class Door:
    """One tenant behind the whole application, without a socket."""

    def __init__(self, hand: Hand, http: httpx.AsyncClient) -> None:
        self.hand, self.http = hand, http
        self.own = hand.credentials["agora"]

    @property
    def basic(self) -> str:
        pair = f"{self.own['customer_id']}:{self.own['customer_secret']}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    def path(self, operation: str, resource: str = "", sid: str = "", mode: str = "mix") -> str:
        where = f"/resourceid/{resource}" if resource else ""
        where += f"/sid/{sid}" if sid else ""
        where += f"/mode/{mode}" if resource else ""
        return f"/v1/apps/{self.own['app_id']}/cloud_recording{where}/{operation}"

    async def send(
        self, method: str, path: str, body: Any = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a request as it is; credentials are the tenant's unless ``headers`` are given."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        sent = {"authorization": self.basic} if headers is None else headers
        return await self.http.request(method, f"/agora{path}", content=raw, headers=sent)

    async def acquire(self, cname: str = "demo", uid: str = "900001", **params: Any) -> str:
        body = {"cname": cname, "uid": uid, "clientRequest": params}
        answer = await self.send("POST", self.path("acquire"), body)
        resource: str = answer.json()["resourceId"]
        return resource

    async def start(
        self, resource: str, cname: str = "demo", uid: str = "900001", **params: Any
    ) -> str:
        given = {"storageConfig": STORAGE, **params}
        body = {"cname": cname, "uid": uid, "clientRequest": given}
        answer = await self.send("POST", self.path("start", resource), body)
        sid: str = answer.json()["sid"]
        return sid

    def kept(self) -> dict[str, Any]:
        return kept(self.hand.world)


Set = Callable[..., Stage]
Open = Callable[..., Awaitable[Door]]
Golden = Callable[[str], bytes]


@pytest.fixture(scope="session")
def set_stage() -> Set:
    """Set a stage: keywords are Agora's settings of the tenant, ``audience`` and ``seed``."""
    return Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def golden() -> Golden:
    """Read a file of ``fixtures/agora``."""
    return lambda name: (GOLDEN / name).read_bytes()


@pytest.fixture
async def open_door(building: tuple[Directory, httpx.AsyncClient]) -> Open:
    """Make a tenant; keywords are Agora's settings, ``wanted`` the rest of the tenant."""
    directory, http = building

    async def make(wanted: dict[str, Any] | None = None, **settings: Any) -> Door:
        given = {"name": "door", "settings": {"agora": settings}, **(wanted or {})}
        return Door(directory.create(Wanted(**given), 0), http)

    return make


@pytest.fixture
async def door(open_door: Open) -> Door:
    return await open_door()
