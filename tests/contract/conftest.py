"""One client for every vendor: it makes the calls that an adapter's own client side describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recording_emulator.server import wallclock
from recording_emulator.testing import Tenant
from recording_emulator.vendors.base import VendorAdapter, load
from recording_emulator.vendors.handle import Handle


class Caller:
    """A client of one vendor, on one tenant."""

    def __init__(self, adapter: VendorAdapter, handle: Handle) -> None:
        self.adapter, self.handle = adapter, handle
        self.credentials = dict(handle.credentials)
        self.saved: dict[str, Any] = {}
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

    def call(self, name: str, **given: Any) -> httpx.Response:
        """Make a call and keep of its answer what the next ones need."""
        answer = self.send(name, **given)
        self.saved.update(self.adapter.client.learn(name, given, answer.json()))
        return answer

    def send(self, name: str, *, body: bytes | None = None, **given: Any) -> httpx.Response:
        """Make a call and keep nothing; ``body`` goes in place of its own."""
        wall_ms = wallclock.now_ms()
        client = self.adapter.client
        asked = client.request(name, self.credentials, self.saved, given, wall_ms)
        content = asked.body if body is None else body
        url = f"{self.handle.base_url}{asked.path}"
        return self._http.request(asked.method, url, content=content, headers=asked.headers)

    def record(self) -> None:
        """Start recording somebody."""
        for name in self.adapter.client.flow[:-1]:
            self.call(name)

    def replies(self) -> list[str]:
        """Name the rows that calls were answered with, ``ok`` for a success."""
        return [each["name"] for each in self.handle.journal() if each["kind"] == "reply"]

    def states(self) -> list[str]:
        return [each["state"] for each in self.handle.tasks()]

    def close(self) -> None:
        self._http.close()


@pytest.fixture(params=load(), ids=lambda each: each.name)
def caller(request: pytest.FixtureRequest, recording_emulator: Tenant) -> Iterator[Caller]:
    """A client of each vendor in turn."""
    adapter: VendorAdapter = request.param
    made = Caller(adapter, recording_emulator.vendor(adapter.name))
    yield made
    made.close()
