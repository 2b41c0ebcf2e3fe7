"""Accounts of netcall with the SDK of one build or another, and what an app's server receives."""

from typing import Any

import msgspec
import pytest

from recording_emulator.testing import Inbox, Member, Rejected, Tenant
from recording_emulator.vendors.netcall.handle import Netcall

AUDIO, VIDEO = 1, 2
AGENT, WEBRTC, OLD = "netcall-8.5", "webrtc-8.5", "webrtc-6.1"
BOTH = {"recordAudio": True, "recordVideo": True}


class Client:
    """An account with the SDK of one build."""

    def __init__(self, member: Member, account: str, profile: str) -> None:
        self.member = member
        self.account = account
        self.profile = profile

    def call(self, method: str, **params: Any) -> Any:
        """Call a method; returns what its promise resolves with."""
        return self.member.call(method, **params)

    def rejected(self, method: str, **params: Any) -> Any:
        """Call a method and return what its promise is rejected with."""
        with pytest.raises(Rejected) as caught:
            self.call(method, **params)
        return caught.value.data

    def dial(self, account: str, kind: int = VIDEO, **params: Any) -> Any:
        given = {"pushConfig": {}, "sessionConfig": {}, **params}
        return self.call("call", account=account, type=kind, **given)

    def heard(self, event: str) -> list[Any]:
        """What a listener was called with, each time."""
        return [each.args[0] for each in self.member.events if each.name == event]

    @property
    def called(self) -> dict[str, Any]:
        """The last ``beCalling`` it heard."""
        found: dict[str, Any] = self.heard("beCalling")[-1]
        return found

    def answer(self, *, accepted: bool = True, **config: Any) -> Any:
        return self.call(
            "response", accepted=accepted, beCalledInfo=self.called, sessionConfig=config
        )

    def refused(self, **config: Any) -> Any:
        return self.rejected(
            "response", accepted=True, beCalledInfo=self.called, sessionConfig=config
        )


class Clients:
    def __init__(self, tenant: Tenant, netcall: Netcall) -> None:
        self._tenant = tenant
        self._netcall = netcall

    def __call__(self, account: str, profile: str = AGENT, *, signal: bool = True) -> Client:
        member = self._tenant.member("netcall", account)
        made = Client(member, account, profile)
        made.call("getInstance", sdkProfile=profile)
        if signal:
            made.call("initSignal")
        return made

    def ringing(self, kind: int = VIDEO, profile: str = AGENT, **config: Any) -> list[Client]:
        """Return Alice, who calls Bob with this ``sessionConfig``, and Bob."""
        alice, bob = self("alice", profile), self("bob", profile)
        alice.dial("bob", kind, sessionConfig=config)
        self._netcall.settle()
        return [alice, bob]

    def talking(
        self,
        kind: int = VIDEO,
        profile: str = AGENT,
        *,
        caller: dict[str, Any] | None = None,
        callee: dict[str, Any] | None = None,
    ) -> list[Client]:
        """Return Alice and Bob in a call, each with this ``sessionConfig``."""
        alice, bob = self.ringing(kind, profile, **(caller or {}))
        bob.answer(**(callee or {}))
        self._netcall.settle()
        if profile != AGENT:
            for each in (alice, bob):
                each.call("startRtc")
        self._netcall.settle()
        return [alice, bob]


class Copies:
    """What an app's server received, decoded twice where that is needed."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    @property
    def durations(self) -> list[dict[str, Any]]:
        found = [each.json for each in self.inbox.callbacks if each.event_type == "5"]
        return [{**each, "members": msgspec.json.decode(each["members"])} for each in found]

    @property
    def posts(self) -> list[list[dict[str, Any]]]:
        """The files of each eventType 6."""
        found = [each.json for each in self.inbox.callbacks if each.event_type == "6"]
        return [msgspec.json.decode(each["fileinfo"]) for each in found]

    @property
    def files(self) -> list[dict[str, Any]]:
        return [file for post in self.posts for file in post]

    @property
    def kinds(self) -> list[str]:
        """Whose file of which kind, ``0`` for the mixed one."""
        return [f"{each['user']}.{each['type']}" for each in self.files]


@pytest.fixture
def copies(inbox: Inbox) -> Copies:
    return Copies(inbox)


@pytest.fixture
def client(tenant: Tenant, netcall: Netcall) -> Clients:
    return Clients(tenant, netcall)
