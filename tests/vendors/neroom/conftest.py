"""Users of NERoom with the SDK, in one room."""

from collections.abc import Mapping
from typing import Any

import pytest

from recording_emulator.testing import Inbox, Member, Rejected, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

ROOM = "room-7"


class Client:
    """A user with the SDK, in one room."""

    def __init__(self, member: Member, user: str) -> None:
        self.member = member
        self.user = user

    def call(self, method: str, **params: Any) -> Any:
        """Call a method about the room; returns what its promise resolves with."""
        return self.member.call(method, **{"roomUuid": ROOM, **params})

    def create(self, **params: Any) -> str:
        """Make the room, with recording, and return its archive id."""
        made = self.call("createRoom", **{"enableRecord": True, **params})
        return str(made["data"]["roomArchiveId"])

    def join(self, *, role: str = "member", **params: Any) -> Mapping[str, Any]:
        name = self.user.title()
        joined: Mapping[str, Any] = self.call("joinRoom", userName=name, role=role, **params)
        data: Mapping[str, Any] = joined["data"]
        return data

    def talk(self) -> None:
        self.call("joinRtcChannel")
        self.call("unmuteMyAudio")

    def rejected(self, method: str, **params: Any) -> tuple[int, str]:
        """The code and the message a call is rejected with."""
        with pytest.raises(Rejected) as caught:
            self.call(method, **params)
        assert list(caught.value.data) == ["code", "message"]
        return caught.value.data["code"], caught.value.data["message"]

    def files(self, archive: str) -> list[dict[str, Any]]:
        """The files of the last recording, as the list has them."""
        found = self.member.call("getRoomCloudRecordList", roomArchiveId=archive)["data"]
        files: list[dict[str, Any]] = found[-1]["infoList"]
        return files

    def heard(self, event: str) -> list[list[Any]]:
        """The arguments of every such event."""
        return [each.args for each in self.member.events if each.name == event]

    @property
    def states(self) -> list[tuple[int, str | None]]:
        """What it heard of the recording: 0 or 1, and who did it."""
        heard = self.heard("onRoomCloudRecordStateChanged")
        return [(state, by and by["uuid"]) for state, by in heard]


class Clients:
    def __init__(self, tenant: Tenant, neroom: NeRoom) -> None:
        self._tenant = tenant
        self._neroom = neroom

    def __call__(self, user: str) -> Client:
        return Client(self._tenant.member("neroom", user), user)

    def recording(self) -> tuple[Client, str]:
        """Return Alice, who talks while she is recorded, and the room's archive id."""
        alice = self("alice")
        archive = alice.create()
        alice.join(role="host")
        alice.talk()
        alice.call("startCloudRecord")
        self._neroom.settle()
        return alice, archive


@pytest.fixture
def copies(inbox: Inbox) -> Inbox:
    inbox.subscribe("neroom")
    return inbox


@pytest.fixture
def client(tenant: Tenant, neroom: NeRoom) -> Clients:
    return Clients(tenant, neroom)
