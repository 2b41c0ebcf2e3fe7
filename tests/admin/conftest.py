from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from recording_emulator.testing import Emulator, Tenant
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

CNAME, UID = "demo", "900001"


class Task(msgspec.Struct, frozen=True):
    """A recording that runs."""

    resource: str
    sid: str


class Control:
    """The admin API of one tenant, and the app of its user."""

    def __init__(self, http: httpx.Client, tenant: Tenant) -> None:
        self.http = http
        self.tenant = tenant
        self.url = f"/_emulator/tenants/{tenant.info.id}"

    def ask(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        """Ask below the tenant's URL, or an absolute path."""
        url = path if path.startswith("/_") else f"{self.url}{path}"
        return self.http.request(method, url, json=body)

    def get(self, path: str = "") -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str = "", body: Any = None) -> tuple[int, str, str]:
        """Ask for something that is refused; returns status, kind of error and message."""
        answer = self.ask(method, path, body)
        told = answer.json()
        return answer.status_code, told["error"], told["message"]

    def call(self, outward: Outward) -> Any:
        """Make a call as the user's app does."""
        url = f"/agora{outward.path}"
        headers, body = outward.headers, outward.body
        return self.http.request(outward.method, url, headers=headers, content=body).json()

    def start(self, **params: Any) -> Task:
        pair = self.tenant.agora.credentials
        resource = self.call(client.acquire(pair, CNAME, UID))["resourceId"]
        started = self.call(client.start(pair, CNAME, UID, resource, **params))
        return Task(resource, started["sid"])

    def stop(self, task: Task, **params: Any) -> Any:
        pair = self.tenant.agora.credentials
        call = client.task_call(pair, "stop", CNAME, UID, task.resource, task.sid, **params)
        return self.call(call)


@pytest.fixture(scope="session")
def http(recording_emulator_server: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=recording_emulator_server.url, trust_env=False, timeout=30) as made:
        yield made


@pytest.fixture
def control(http: httpx.Client, recording_emulator: Tenant) -> Control:
    return Control(http, recording_emulator)
