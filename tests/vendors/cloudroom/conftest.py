"""Users of CloudRoom with one of its SDKs, and an app's server that calls its HTTP API."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recording_emulator.testing import Inbox, Member, Rejected, Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

MIXER = "0b6d3c1e9a7f4d22b8c5e4f3a2d1c0b9"
OTHER = "9f2c4e0d5b7a41c8a3d6e1f00b12cd34"
TALK = {"mode": 0, "audioFileCfg": {"svrPathName": "/d/talk.mp3"}}


def camera(
    camid: str, left: float = 0, top: float = 0, width: float = 640, height: float = 360
) -> Any:
    """A cell of a layout that shows a camera."""
    box = {"left": left, "top": top, "width": width, "height": height}
    return {"type": 0, **box, "keepAspectRatio": 1, "param": {"camid": camid}}


def picture(*items: Any, path: str = "/d/a.mp4", **more: Any) -> dict[str, Any]:
    """A mixed picture of 640x360."""
    size = {"vWidth": 640, "vHeight": 360}
    video = {"svrPathName": path, **size, "layoutConfig": list(items), **more}
    return {"mode": 0, "videoFileCfg": video}


class Client:
    """A user with one of the SDKs."""

    def __init__(self, member: Member, user: str, profile: str) -> None:
        self.member, self.user, self.profile = member, user, profile

    def call(self, method: str, **params: Any) -> Any:
        return self.member.call(method, **params)

    def refused(self, method: str, **params: Any) -> int:
        """Make a call that fails, and return its code."""
        with pytest.raises(Rejected) as caught:
            self.member.call(method, **params)
        assert list(caught.value.data) == ["errCode", "errDesc"]
        return int(caught.value.data["errCode"])

    def make(self) -> int:
        made: int = self.call("createMeeting")["ID"]
        return made

    def enter(self, room: int, nickname: str = "") -> Any:
        return self.call("enterMeeting", meetID=room, nickname=nickname or self.user.title())

    def create(self, cfg: Any, mixer: str = MIXER) -> str:
        """Create a mixer as this SDK does: native ones pass a text."""
        given = json.dumps(cfg) if self.profile == "native" and cfg is not None else cfg
        made: str = self.call("createCloudMixer", cfg=given, mixerID=mixer)
        return made

    def update(self, cfg: Any, mixer: str = MIXER) -> Any:
        given = json.dumps(cfg) if self.profile == "native" else cfg
        return self.call("updateCloudMixerContent", mixerID=mixer, cfg=given)

    def destroy(self, mixer: str = MIXER) -> Any:
        return self.call("destroyCloudMixer", mixerID=mixer)

    def heard(self, event: str) -> list[list[Any]]:
        """The arguments of every such event, JSON texts read."""
        found = [each.args for each in self.member.events if each.name == event]
        return [[read(each) for each in args] for args in found]

    @property
    def states(self) -> list[int]:
        return [args[1] for args in self.heard("cloudMixerStateChanged")]

    @property
    def failures(self) -> list[int]:
        return [args[1] for args in self.heard("createCloudMixerFailed")]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return [args[1] for args in self.heard("cloudMixerOutputInfoChanged")]

    def output_states(self, path: str = "") -> list[int]:
        """The states of one output, or of all, without repetitions in a row."""
        there = [each for each in self.outputs if path in ("", each["svrFilePathName"])]
        told = [each["state"] for each in there]
        return [each for nth, each in enumerate(told) if nth == 0 or told[nth - 1] != each]


def read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


class Clients:
    def __init__(self, tenant: Tenant, cloudroom: CloudRoom) -> None:
        self._tenant, self._cloudroom = tenant, cloudroom

    def __call__(self, user: str, profile: str = "web") -> Client:
        query = self._cloudroom.sdk_query(user, profile)
        return Client(self._tenant.member("cloudroom", query), user, profile)

    def pair(self, profile: str = "web", second: str = "") -> tuple[Client, Client, int]:
        """Return Alice and Bob, who are in a room, with sound and picture."""
        alice, bob = self("alice", profile), self("bob", second or profile)
        room = alice.make()
        for each in (alice, bob):
            each.enter(room)
            each.call("openMic")
            each.call("openVideo")
        self._cloudroom.settle()
        return alice, bob, room

    def recording(
        self, profile: str = "web", second: str = "", *, after_s: int = 5
    ) -> tuple[Client, Client, int]:
        """Return them when their talk has been recorded, by Alice, for a while."""
        alice, bob, room = self.pair(profile, second)
        alice.create(TALK)
        self._cloudroom.advance(seconds=after_s)
        return alice, bob, room


class Api:
    """A server that calls the HTTP API."""

    def __init__(self, cloudroom: CloudRoom) -> None:
        self.cloudroom = cloudroom
        self.http = httpx.Client(
            base_url=f"{cloudroom.base_url}/CLOUDROOM-API", trust_env=False, timeout=30
        )

    def post(self, path: str, **fields: Any) -> dict[str, Any]:
        answer = self.http.post(f"/{path}", json=self.cloudroom.signed(**fields))
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        assert list(found) == ["RspCode", "RspDesc", "Data"]
        return found

    def code(self, path: str, **fields: Any) -> str:
        return str(self.post(path, **fields)["RspCode"])

    def files(self, **fields: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.post("netDisk/query", **fields)["Data"]["fileList"]
        return found


@pytest.fixture
def callbacks(inbox: Inbox) -> Inbox:
    inbox.subscribe("cloudroom")
    return inbox


@pytest.fixture
def client(tenant: Tenant, cloudroom: CloudRoom) -> Clients:
    return Clients(tenant, cloudroom)


@pytest.fixture
def api(cloudroom: CloudRoom) -> Iterator[Api]:
    made = Api(cloudroom)
    yield made
    made.http.close()
