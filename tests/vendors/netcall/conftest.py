"""netcall on a server of its own, until it is one of the vendors that every tenant has."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from recording_emulator.testing import Emulator, Inbox, Member, Rejected, Tenant
from recording_emulator.vendors.netcall import ADAPTER
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
        member = self._tenant.member("netcall", self._netcall.sdk_query(account))
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


@pytest.fixture(scope="session")
def netcall_server() -> Iterator[Emulator]:
    server = Emulator(adapters=(ADAPTER,))
    yield server
    server.close()


@pytest.fixture
def tenant(request: pytest.FixtureRequest, netcall_server: Emulator) -> Iterator[Tenant]:
    marker = request.node.get_closest_marker("recording_emulator")
    wanted = {"guard_ms": 20_000, **(marker.kwargs if marker else {})}
    made = netcall_server.tenant(request.node.nodeid, **wanted)
    yield made
    made.close()


@pytest.fixture
def netcall(tenant: Tenant) -> Netcall:
    handle = tenant.vendor("netcall")
    assert isinstance(handle, Netcall)
    return handle


@pytest.fixture
def inbox(tenant: Tenant) -> Inbox:
    return tenant.inbox()


@pytest.fixture
def copies(inbox: Inbox) -> Copies:
    return Copies(inbox)


@pytest.fixture
def client(tenant: Tenant, netcall: Netcall) -> Clients:
    return Clients(tenant, netcall)
