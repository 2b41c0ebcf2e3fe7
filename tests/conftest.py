"""What all tests share: an app as a user would have it, and the judgement of a whole session.

The app speaks plain HTTP to the vendor's API and knows nothing of us. The session fails if a full
run leaves a supported row of a catalogue unproduced, or, where everything is installed (CI), if a
test was skipped. Operations, errors, events and states are counted by every world; which fields an
accepted request held is found out here, where it costs a user nothing.
"""

import importlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import httpx
import msgspec
import pytest

from recording_emulator.core.adapter import Adapter
from recording_emulator.core.answering import Answering
from recording_emulator.core.inputs import Answer, Call, Parked
from recording_emulator.core.machine import Input
from recording_emulator.core.surface import NOTHING, Row
from recording_emulator.core.world import Produced, World
from recording_emulator.testing import Tenant
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.base import load

pytest_plugins = ["tests.browsing"]
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
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def tenant(recording_emulator: Tenant) -> Tenant:
    """The test's own tenant, by its name in our words."""
    return recording_emulator


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


# --- the whole session ---

COUNTERS: list[Counter[Produced]] = []
SENT: set[Produced] = set()
READ: ContextVar[tuple[Input, Any, Any] | None] = ContextVar("READ", default=None)
"""What the request at hand was read as, with its body and its route."""
MERGED: set[Produced] = set()
MISSING = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Have every world made from now on leave its counts here, and every request its fields."""
    make, answer = World.__init__, Answering.call

    def make_and_count(self: World, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        COUNTERS.append(self.produced)

    def answer_and_count(self: Answering, call: Call) -> Answer | Parked:
        answered = answer(self, call)
        found = READ.get()
        READ.set(None)
        is_accepted = isinstance(answered, Parked) or not answered.row
        if is_accepted and found is not None and type(found[0]) is type(call.given):
            count_fields(self._world.adapters[call.vendor], found[2], found[1])
        return answered

    World.__init__ = make_and_count  # type: ignore[method-assign]
    Answering.call = answer_and_count  # type: ignore[method-assign]
    for adapter in load():
        if adapter.sdk is not None:
            listen_to_sdk(adapter.sdk)
        if adapter.surface.bodies:
            package = type(adapter).__module__.rpartition(".")[0]
            listen(importlib.import_module(f"{package}.requests"))
        count_unclaimed(adapter)


def count_unclaimed(adapter: Any) -> None:
    """Count the codes of requests that belong to no tenant: no world sees them."""
    answer, refused = adapter.unclaimed, adapter.surface.shapes.refusals[""]

    def answer_and_count(request: Any, hint: str) -> Any:
        response = answer(request, hint)
        body = response.body[response.body.find(b"{") :].rstrip(b");")  # it may be a script
        code = msgspec.json.decode(body).get(refused.code)
        rows = [row for row in adapter.surface.errors if str(row.code) == str(code) != "None"]
        SENT.update((adapter.name, "error", row.id) for row in rows)
        return response

    adapter.unclaimed = answer_and_count


def listen(requests: Any) -> None:
    """Keep the body of each request beside the input that an adapter's ``requests`` makes of it."""
    read = requests.read

    def read_and_keep(route: Any, body: Any, *args: Any, **kwargs: Any) -> Any:
        found = read(route, body, *args, **kwargs)
        READ.set((found[0], body, route))
        return found

    requests.read = read_and_keep


def listen_to_sdk(sdk: Any) -> None:
    """Keep the parameters of each call of an SDK beside the input that is made of it."""
    decode = sdk.decode

    def decode_and_keep(member: Any, method: str, params: Any, *args: Any, **kwargs: Any) -> Any:
        found = decode(member, method, params, *args, **kwargs)
        READ.set((found[0], params, method))
        return found

    sdk.decode = decode_and_keep


def count_fields(adapter: Adapter, route: Any, body: Any) -> None:
    """Count the fields of a request that the vendor accepted, under the body of its mode.

    A route is an operation's name, or knows it; a body is bytes, or read already.
    """
    bodies = {each.operation for each in adapter.surface.bodies}
    operation = route if isinstance(route, str) else route.operation
    of_mode = f"{operation} {getattr(route, 'mode', '')}"
    operation = of_mode if of_mode in bodies else operation
    inside = adapter.surface.shapes.inside
    if operation in bodies and body is not None:
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # beside our fields
            params = msgspec.json.decode(body) if isinstance(body, bytes) else body
            params = params.get(inside, {}) if inside else params
            SENT.update((adapter.name, "field", f"{operation} {path}") for path in paths(params))


def paths(value: Any, where: str = "") -> Iterator[str]:
    """List the places in a body as the catalogue names them.

    >>> list(paths({"a": [{"b": 1}], "c": {"d": [2]}}))
    ['a', 'a[].b', 'c', 'c.d']
    """
    if isinstance(value, list):
        for each in value:
            yield from paths(each, f"{where[:-1]}[].")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield f"{where}{key}"
            yield from paths(each, f"{where}{key}.")


def produced_here() -> set[Produced]:
    return SENT | {row for counter in COUNTERS for row in counter}


def expected() -> set[Produced]:
    """Return every row that this build supports."""
    found: set[Produced] = set()
    for adapter in load():
        surface = adapter.surface
        found |= {(adapter.name, "operation", row.name) for row in surface.operations}
        found |= {(adapter.name, "error by fault", row.id) for row in surface.errors}
        found |= {(adapter.name, "error", row) for row in organic(surface.errors)}
        found |= {(adapter.name, "event", row.id) for row in surface.events if row.supported}
        found |= {(adapter.name, "state", row.id) for row in surface.states if row.supported}
        taken = [row for row in surface.fields if row.allowed != NOTHING]
        found |= {(adapter.name, "field", row.id) for row in taken}
    return found


def organic(errors: Iterable[Row]) -> Iterator[str]:
    """Name the rows that a client can cause; one that stands for others is counted as these."""
    for row in errors:
        if not row.needs_fault:
            yield from row.stands_for or (row.id,)


def is_full(config: pytest.Config) -> bool:
    """Whether this session runs everything, so that a missing row means something."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    option = config.option
    return whole and not (option.keyword or option.markexpr or getattr(option, "lf", False))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker has counted."""
    MERGED.update(tuple(row) for row in getattr(node, "workeroutput", {}).get("produced", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Judge the session, or hand a worker's counts to the one that does."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["produced"] = sorted(produced_here())
        return
    missing = sorted(expected() - produced_here() - MERGED) if is_full(config) else []
    config.stash[MISSING] = [" ".join(row) for row in missing]
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped") if reporter is not None else None
    is_strict = bool(os.environ.get("RECORDING_EMULATOR_FAIL_ON_SKIP"))
    if exitstatus == 0 and (missing or (is_strict and skipped)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which rows no test produced."""
    for row in config.stash.get(MISSING, []):
        terminalreporter.write_line(f"NO TEST PRODUCES THE SUPPORTED ROW: {row}", red=True)
