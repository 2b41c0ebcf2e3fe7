"""One client for every vendor: it makes the calls that an adapter's own client side describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.server import wallclock
from recording_emulator.testing import Member, Rejected, Tenant
from recording_emulator.vendors.base import Outward, SdkSide, Spoken, VendorAdapter, load

HINT = "x-recording-emulator-hint"


class Answer(msgspec.Struct, frozen=True):
    """What a call was answered: by HTTP with a status, by an SDK (0) with what settled the promise.

    ``hint`` is what we say beside it; an SDK's is in the journal, or in how a connection ended.
    """

    body: Any
    status: int = 0
    hint: str = ""


class Caller:
    """A client of one vendor, on one tenant."""

    def __init__(self, adapter: VendorAdapter, tenant: Tenant) -> None:
        self.adapter, self.tenant = adapter, tenant
        self.handle = tenant.vendor(adapter.name)
        self.credentials: Mapping[str, str] = dict(self.handle.credentials)
        self.saved: dict[str, Any] = {}
        self.members: dict[str, Member] = {}
        self._http = httpx.Client(trust_env=False, timeout=30)

    @property
    def start(self) -> str:
        return self.adapter.client.flow[-2]

    @property
    def query(self) -> str:
        return self.adapter.client.flow[-1]

    @property
    def stop(self) -> str:
        return self.adapter.client.ending

    def call(self, name: str, **given: Any) -> Answer:
        """Make a call and keep of its answer what the next ones need."""
        answer = self.send(name, **given)
        self.saved.update(self.adapter.client.learn(name, given, answer.body))
        return answer

    def send(self, name: str, *, body: bytes | None = None, **given: Any) -> Answer:
        """Make a call and keep nothing; ``body`` goes in place of its own, over HTTP."""
        client = self.adapter.client
        asked = client.request(name, self.credentials, self.saved, given, wallclock.now_ms())
        if isinstance(asked, Spoken):
            return self._speak(asked)
        return self._ask(asked, asked.body if body is None else body)

    def _ask(self, asked: Outward, content: bytes) -> Answer:
        url = f"{self.handle.base_url}{asked.path}"
        answer = self._http.request(asked.method, url, content=content, headers=asked.headers)
        return Answer(answer.json(), answer.status_code, answer.headers.get(HINT, ""))

    def _speak(self, asked: Spoken) -> Answer:
        if asked.user not in self.members:
            try:
                self.members[asked.user] = self.tenant.member(self.adapter.name, asked.query)
            except BadRequest as error:
                return Answer({}, hint=str(error))
        try:
            found = self.members[asked.user].call(asked.method, **asked.params)
        except Rejected as error:
            found = error.data
        self.handle.settle()  # what a call caused is heard before the next one is made
        detail = self.handle.journal(kind="reply")[-1]["detail"]
        return Answer(found, hint=detail.get("hint", ""))

    def record(self, *, silent: bool = False) -> None:
        """Start recording somebody; ``silent``: nobody whom the client itself brings along."""
        client = self.adapter.client
        own = client.publishing if silent and isinstance(client, SdkSide) else ()
        for name in client.flow[:-1]:
            if name not in own:
                self.call(name)

    def wait_for_the_lost(self) -> None:
        """Let a lost connection count as there, at a vendor for whom it is gone at once."""
        if hasattr(self.adapter.settings(), "drop_grace_ms"):
            self.handle.configure(drop_grace_ms=60_000)

    def fork(self, tenant: Tenant) -> Caller:
        """Go on, on a tenant that began as this one: members come back on new connections."""
        other, client = type(self)(self.adapter, tenant), self.adapter.client
        other.saved = dict(self.saved)
        for user, each in self.members.items():
            assert isinstance(client, SdkSide)
            query = client.query(other.credentials, user)
            again = {"resume": each.id, "seq": str(max([e.seq for e in each.events], default=0))}
            other.members[user] = tenant.member(self.adapter.name, {**query, **again})
        return other

    @property
    def places(self) -> set[str]:
        """The names that its room may have: the one it says, and what it was told."""
        return {"demo", *map(str, self.saved.values())}

    def can_fail(self, name: str) -> bool:
        (found,) = [each for each in self.adapter.surface.operations if each.name == name]
        return found.can_fail

    @property
    def is_refused(self) -> bool:
        """Whether the last call was answered with a row of the catalogue."""
        return self.replies()[-1] in {row.id for row in self.adapter.surface.errors}

    @property
    def demanding(self) -> str:
        """A call of the flow that needs parameters: the start, where the catalogue names none."""
        asking = [
            body.operation
            for body in self.adapter.surface.bodies
            if any(each.required for each in msgspec.structs.fields(body.kind))
        ]
        named = [name for name in self.adapter.client.flow if name in asking]
        return named[-1] if named else self.start

    def replies(self) -> list[str]:
        """Name the rows that calls were answered with, ``ok`` for a success."""
        return [each["name"] for each in self.handle.journal() if each["kind"] == "reply"]

    def states(self) -> list[str]:
        return [each["state"] for each in self.handle.tasks()]

    def close(self) -> None:
        self._http.close()


def calls_http(adapter: VendorAdapter) -> bool:
    return not isinstance(adapter.client, SdkSide)


def can_be_silent(adapter: VendorAdapter) -> bool:
    """Whether a vendor's client can be there with nobody to record."""
    return calls_http(adapter) or bool(adapter.client.publishing)  # type: ignore[attr-defined]


def made(adapter: VendorAdapter, tenant: Tenant) -> Iterator[Caller]:
    caller = Caller(adapter, tenant)
    yield caller
    caller.close()


@pytest.fixture(params=load(), ids=lambda each: each.name)
def caller(request: pytest.FixtureRequest, recording_emulator: Tenant) -> Iterator[Caller]:
    """A client of each vendor in turn."""
    yield from made(request.param, recording_emulator)


@pytest.fixture(params=[each for each in load() if calls_http(each)], ids=lambda each: each.name)
def http_caller(request: pytest.FixtureRequest, recording_emulator: Tenant) -> Iterator[Caller]:
    """A client of each vendor whose clients call HTTP."""
    yield from made(request.param, recording_emulator)


@pytest.fixture(params=[each for each in load() if can_be_silent(each)], ids=lambda each: each.name)
def silent_caller(request: pytest.FixtureRequest, recording_emulator: Tenant) -> Iterator[Caller]:
    """A client of each vendor that need not send media itself."""
    yield from made(request.param, recording_emulator)


@pytest.fixture(
    params=[each for each in load() if not calls_http(each)], ids=lambda each: each.name
)
def spoken_caller(request: pytest.FixtureRequest, recording_emulator: Tenant) -> Iterator[Caller]:
    """A client of each vendor whose clients hold an SDK."""
    yield from made(request.param, recording_emulator)
