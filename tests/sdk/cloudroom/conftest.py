"""People with an app open that is written against CloudRoom's H5 script.

The page is ``cloudroom_page.html``, served from another origin than the emulator. Each user has a
browser context of their own.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import Api

from recording_emulator.testing import Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.browsing import Browser, Page, Site

FIRST, SECOND = "Usr1", "Usr2"
TALK = {"mode": 0, "audioFileCfg": {"svrPathName": "/d/talk.mp3"}}
NOWHERE = {"mode": 0, "videoFileCfg": {"svrPathName": "/d/a.mp4", "vWidth": 640, "vHeight": 360}}


class User:
    """Somebody with the app open."""

    def __init__(self, page: "Page", cloudroom: CloudRoom, name: str) -> None:
        self.page = page
        self.name = name
        self._cloudroom = cloudroom
        page.until("window.app")

    def tried(self, script: str, *args: Any) -> Any:
        """What something returns or is rejected with; ``args`` are ``a``, ``b``, ``c`` …"""
        names = ", ".join("abcde"[: len(args)])
        return self.page.run(f"({names}) => tried(() => {script})", *args)

    def get(self, expression: str) -> Any:
        return self.page.run(f"() => ({expression})")

    def until_told(self, notice: str) -> None:
        self.page.until(f"app.notices.at(-1) === {json.dumps(notice)}")

    def begin(self, *, server: str = "", secret: str = "") -> None:
        query = self._cloudroom.sdk_query(self.name)
        where, secret = server or self._cloudroom.base_url, secret or query["secret"]
        nickname = f"{self.name} L."
        self.tried("app.start(a, b, c, d, e)", where, query["appID"], secret, self.name, nickname)

    def login(self) -> None:
        self.begin()
        self.until_told(f"{self.name} is logged in")

    def enter(self, room: int) -> None:
        self.tried("CRVideo_EnterMeeting3(a, 'my room')", room)
        self.until_told("inside (my room)")
        self._cloudroom.settle()

    def record(self, cfg: Any) -> str:
        """Create a mixer, and wait until the server has heard of it: the id comes before that."""
        made: str = self.tried("app.record(a)", cfg)
        self._cloudroom.wait_for(call="createCloudMixer")
        return made

    def heard(self, kind: str) -> list[list[Any]]:
        """What the app's listeners of an event were called with."""
        return [each[1:] for each in self.get("app.events") if each[0] == kind]

    @property
    def notices(self) -> list[str]:
        found: list[str] = self.get("app.notices")
        return found

    @property
    def states(self) -> list[int]:
        return [args[1] for args in self.heard("state")]

    @property
    def failures(self) -> list[int]:
        return [args[1] for args in self.heard("failed")]

    @property
    def output_states(self) -> list[int]:
        """The states of outputs, without repetitions in a row."""
        told = [args[1]["state"] for args in self.heard("output")]
        return [each for nth, each in enumerate(told) if nth == 0 or told[nth - 1] != each]


class Users:
    def __init__(self, browser: "Browser", site: "Site", cloudroom: CloudRoom, url: str) -> None:
        self._browser = browser
        self.sdk = f"{url}/_emulator/sdk/cloudroom"
        self._page = site.url("cloudroom_page.html", sdk=f"{self.sdk}.js")
        self._cloudroom = cloudroom

    def open(self, name: str) -> User:
        """Somebody opens the app."""
        return User(self._browser.open(self._page), self._cloudroom, name)

    def __call__(self, name: str) -> User:
        """Somebody opens the app and logs in."""
        user = self.open(name)
        user.login()
        return user

    def meeting(self) -> tuple[User, User, int]:
        """Two users are in a room."""
        one, two = self(FIRST), self(SECOND)
        one.tried("CRVideo_CreateMeeting2('mine')")
        one.until_told("room made (mine)")
        room: int = one.get("app.room")
        one.enter(room)
        two.enter(room)
        return one, two, room


@pytest.fixture
def api(cloudroom: CloudRoom) -> Iterator[Api]:
    made = Api(cloudroom)
    yield made
    made.http.close()


@pytest.fixture
def user(browser: "Browser", site: "Site", cloudroom: CloudRoom, tenant: Tenant) -> Users:
    return Users(browser, site, cloudroom, tenant.emulator.url)
