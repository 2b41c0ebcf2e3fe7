"""Two ways to drive ZEGO without a socket: a world moved by hand, and the whole app over ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.vendors.stage import Audience, MovedByHand

from recording_emulator.core import rooms
from recording_emulator.core.inputs import Call
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.server import wallclock
from recording_emulator.vendors.zego import ADAPTER, client, replies, requests

GOLDEN = Path(__file__).parents[3] / "fixtures" / "zego"
FILES_URL = "http://127.0.0.1:8787/_files/stage"
DAY_MS = 86_400_000

Said = dict[str, Any]


class Job:
    """One task on a stage: the calls a client makes about it."""

    def __init__(self, stage: Stage, task: str) -> None:
        self.stage, self.task = stage, task

    def call(self, action: str, **params: Any) -> Said:
        return self.stage.send(action, {"TaskId": self.task, **params})

    def describe(self) -> Said:
        found: Said = self.call("DescribeRecordStatus")["Data"]
        return found

    @property
    def status(self) -> int:
        status: int = self.describe()["Status"]
        return status

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.describe().get("RecordFiles", [])
        return found

    def told(self, *members: str) -> list[tuple[Any, ...]]:
        """Some members of every file."""
        return [tuple(each[name] for name in members) for each in self.files]

    def stop(self) -> int:
        return self.code("StopRecord")

    def code(self, action: str, **params: Any) -> int:
        code: int = self.call(action, **params)["Code"]
        return code

    @property
    def events(self) -> list[tuple[int, str]]:
        """When which event of this task came, in seconds."""
        return [(ms // 1000, name) for ms, name, _ in self.stage.events(self.task)]


class Stage(MovedByHand):
    """A world in which only ZEGO is."""

    adapter = ADAPTER

    def __init__(
        self,
        *,
        audience: Audience = "none",
        seed: int = 0,
        allow_hosts: tuple[str, ...] = (),
        rate_limits: bool = False,
        ended_limit: int = 10_000,
        **settings: Any,
    ) -> None:
        own = {"app_id": "1234567890", "callback_secret": "cbsecret0123456789abcdef01234567"}
        super().__init__(
            settings,
            seed=seed,
            audience=audience,
            credentials={"zego": own},
            allow_hosts=allow_hosts,
            rate_limits=rate_limits,
            ended_limit=ended_limit,
        )
        self.world.files_url = FILES_URL

    def send(self, action: str, body: Any, app: str = "") -> Said:
        """Make a call that the gateway has let in."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        settings = self.world.views["zego"].settings
        given, notes = requests.read(action, raw, {}, app, settings)
        answer = self.world.apply(Call("zego", action, given, notes))
        _, said = replies.render(answer, FILES_URL, "4410293847561029384")
        found: Said = msgspec.json.decode(said)
        return found

    def start(self, room: str = "demo", *, mixed: bool = False, **body: Any) -> Said:
        """Start; members of RecordInputParams as they are, other members of the body by name."""
        outside = ("RecordOutputParams", "StorageParams")
        params = {key: value for key, value in body.items() if key not in outside}
        made = client.start_body(room, mixed=mixed, **params)
        made |= {key: value for key, value in body.items() if key in outside}
        return self.send("StartRecord", made)

    def record(self, room: str = "demo", *, mixed: bool = False, **body: Any) -> Job:
        """Start, and be sure that it was accepted."""
        said = self.start(room, mixed=mixed, **body)
        assert said["Code"] == 0, said
        return Job(self, said["Data"]["TaskId"])

    def join(self, uid: str, stream: str = "", name: str = "demo", **published: Any) -> None:
        self.room(rooms.Join(uid, stream=stream, **published), name)

    def leave(self, uid: str, name: str = "demo") -> None:
        self.room(rooms.Leave(uid), name)

    def publish(self, uid: str, name: str = "demo", **published: Any) -> None:
        self.room(rooms.Publish(uid, **published), name)

    def listen(self, events: tuple[str, ...] | None = None) -> None:
        """Set the console's callback URL; ``deliver`` plays who is there."""
        secret = self.world.spec.credentials["zego"]["callback_secret"]
        self.subscribe(secret, events)

    def events(self, task: str = "") -> list[tuple[int, str, dict[str, Any]]]:
        """What was announced: when, which event, its details."""
        return [
            (at_ms, name, facts.details)
            for at_ms, name, facts in self.announced()
            if task in ("", facts.task)
        ]

    def objects(self, bucket: str = "recordings") -> list[str]:
        """The names of what is stored."""
        files = self.world.objects.files(self.world.now_ms)
        return [each.key for each in files if each.bucket == bucket]


class Door:
    """One tenant behind the whole application, without a socket."""

    def __init__(self, hand: Hand, http: httpx.AsyncClient) -> None:
        self.hand, self.http = hand, http
        self.own = hand.credentials["zego"]

    def public(self, action: str) -> dict[str, str]:
        """The public parameters of a call, signed now."""
        return client.public(self.own, action, wallclock.now_ms())

    async def send(
        self,
        public: dict[str, str],
        body: Any = b"",
        method: str = "POST",
        path: str = "/",
        **more: Any,
    ) -> httpx.Response:
        """Send a request as it is."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        url = f"/zego{path}"
        return await self.http.request(method, url, params=public, content=raw, **more)

    async def call(self, action: str, **body: Any) -> Said:
        said: Said = (await self.send(self.public(action), body)).json()
        return said

    async def start(self, room: str = "demo", **params: Any) -> str:
        said = await self.call("StartRecord", **client.start_body(room, **params))
        task: str = said["Data"]["TaskId"]
        return task


Set = Callable[..., Stage]
Open = Callable[..., Awaitable[Door]]
Golden = Callable[[str], bytes]


@pytest.fixture(scope="session")
def set_stage() -> Set:
    """Set a stage: keywords are ZEGO's settings of the tenant, ``audience`` and ``seed``."""
    return Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
async def open_door(building: tuple[Directory, httpx.AsyncClient]) -> Open:
    """Make a tenant; keywords are ZEGO's settings, ``wanted`` the rest of the tenant."""
    directory, http = building

    async def make(wanted: dict[str, Any] | None = None, **settings: Any) -> Door:
        given = {"name": "door", "settings": {"zego": settings}, **(wanted or {})}
        return Door(directory.create(Wanted(**given), 0), http)

    return make


@pytest.fixture
async def door(open_door: Open) -> Door:
    return await open_door()
