"""An app as a user would have it: plain HTTP against the vendor's API, no knowledge of us."""

import os
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recording_emulator.vendors.agora.handle import Agora

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}


class RecordingApp:
    """Records channels in mix mode. Every call returns the HTTP response as it came."""

    def __init__(self, agora: Agora) -> None:
        self._http = httpx.Client(
            base_url=f"{agora.base_url}/v1/apps/{agora.app_id}/cloud_recording",
            auth=(agora.customer_id, agora.customer_secret),
            timeout=30,
        )
        self.resource = self.sid = ""
        self.cname, self.uid = "demo", "900001"

    def _post(self, path: str, params: dict[str, Any]) -> httpx.Response:
        body = {"cname": self.cname, "uid": self.uid, "clientRequest": params}
        return self._http.post(path, json=body)

    def acquire(self, cname: str = "demo", uid: str = "900001", **params: Any) -> httpx.Response:
        self.cname, self.uid = cname, uid
        response = self._post("/acquire", params)
        self.resource = response.json().get("resourceId", self.resource)
        return response

    def start(self, **params: Any) -> httpx.Response:
        given = {"storageConfig": STORAGE, **params}
        response = self._post(f"/resourceid/{self.resource}/mode/mix/start", given)
        self.sid = response.json().get("sid", self.sid)
        return response

    def record(self, cname: str = "demo", uid: str = "900001", **params: Any) -> None:
        """Acquire and start."""
        assert self.acquire(cname, uid).status_code == 200
        assert self.start(**params).status_code == 200

    @property
    def _task(self) -> str:
        return f"/resourceid/{self.resource}/sid/{self.sid}/mode/mix"

    def query(self) -> httpx.Response:
        return self._http.get(f"{self._task}/query")

    def update(self, **params: Any) -> httpx.Response:
        return self._post(f"{self._task}/update", params)

    def update_layout(self, **params: Any) -> httpx.Response:
        return self._post(f"{self._task}/updateLayout", params)

    def stop(self, *, at_once: bool = False) -> httpx.Response:
        return self._post(f"{self._task}/stop", {"async_stop": at_once} if at_once else {})

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def app(agora: Agora) -> Iterator[RecordingApp]:
    made = RecordingApp(agora)
    yield made
    made.close()


@pytest.fixture
def apps(agora: Agora) -> Iterator[list[RecordingApp]]:
    """Two apps of one tenant."""
    made = [RecordingApp(agora), RecordingApp(agora)]
    yield made
    for each in made:
        each.close()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is installed (CI), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped") if reporter is not None else None
    if os.environ.get("RECORDING_EMULATOR_FAIL_ON_SKIP") and skipped and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
