"""Snapshots over the admin API: a tenant as bytes, restored, forked, and refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from recording_emulator.testing import Inbox, Received, Tenant
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.admin.conftest import Control, Task

SNAPSHOTS = "/_emulator/snapshots"


@pytest.fixture
def fork_name(control: Control) -> Iterator[str]:
    name = f"fork-{control.tenant.info.id[-8:]}"
    yield name
    control.ask("DELETE", f"/_emulator/tenants/{name}")


def restored(control: Control, raw: bytes, query: str = "") -> httpx.Response:
    return control.http.post(f"{SNAPSHOTS}?{query}", content=raw)


def finish(control: Control, tenant: str, credentials: dict[str, str], task: Task) -> bytes:
    """Play the rest of the story on a tenant and return its canonical journal."""
    url = f"/_emulator/tenants/{tenant}"

    def advance(delta_ms: int) -> None:
        control.http.post(f"{url}/clock/advance", json={"delta_ms": delta_ms}).raise_for_status()

    who = {"vendor": "agora", "room": "demo", "uid": "77"}
    control.http.post(f"{url}/participants", json=who).raise_for_status()
    advance(600_000)
    for operation in ("query", "stop"):
        args = ("demo", "900001", task.resource, task.sid)
        assert "code" not in control.call(client.task_call(credentials, operation, *args))
        advance(1_000)
    return control.http.get(f"{url}/journal?canonical=1").content


def test_a_fork_has_its_own_name_and_credentials_and_goes_on_exactly_alike(
    control: Control, inbox: Inbox, fork_name: str
) -> None:
    control.tenant.agora.configure(upload_ms=1_234)
    control.tenant.agora.faults.drop(31)
    task = control.start()
    control.tenant.agora.advance(minutes=3)
    raw = control.ask("GET", "/snapshot").content

    fork = restored(control, raw, f"name={fork_name}")

    told, own = fork.json(), control.get()
    assert fork.status_code == 201
    assert (told["name"], told["id"]) == (fork_name, fork_name)
    assert told["credentials"] != own["credentials"]
    for field in ("seed", "start_ms", "now_ms", "mode", "settings"):
        assert told[field] == own[field]
    original = finish(control, own["id"], own["credentials"]["agora"], task)
    forked = finish(control, fork_name, told["credentials"]["agora"], task)
    assert forked == original
    assert original.count(b'"name":"agora.stop"') == 1


def test_under_its_own_name_a_snapshot_is_the_tenant_it_was_taken_of(
    control: Control, inbox: Inbox
) -> None:
    control.start()
    control.tenant.agora.advance(minutes=3)
    raw = control.ask("GET", "/snapshot").content
    before = control.get()
    control.ask("DELETE")

    again = restored(control, raw)

    assert (again.status_code, again.json()) == (201, before)
    assert control.ask("GET", "/snapshot").content == raw


def test_a_snapshot_says_that_it_holds_secrets(control: Control) -> None:
    control.start()

    taken = msgspec.json.decode(control.ask("GET", "/snapshot").content)

    world = taken.pop("world")
    assert taken == {
        "type": "recording_emulator.Snapshot",
        "version": 1,
        "adapters": [each.name for each in load()],
        "holds_secrets": True,
    }
    assert client.STORAGE["secretKey"] in msgspec.json.encode(world).decode()


def test_a_snapshot_whose_name_is_taken_is_409(control: Control) -> None:
    raw = control.ask("GET", "/snapshot").content

    answer = restored(control, raw)

    told = f"tenant {control.tenant.name!r} exists already"
    assert (answer.status_code, answer.json()) == (409, {"error": "Conflict", "message": told})


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\x00", b'{"type":"other"}'])
def test_what_is_no_snapshot_is_400(control: Control, raw: bytes) -> None:
    answer = restored(control, raw)

    assert (answer.status_code, answer.json()["error"]) == (400, "BadRequest")
    assert answer.json()["message"].startswith("not a snapshot: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 99}, "snapshot version 99; this build reads 1"),
        ({"adapters": ["agora", "zoom"]}, "the snapshot needs adapters that are not loaded: ['zo"),
    ],
)
def test_a_snapshot_of_another_build_is_400_and_says_what_is_missing(
    control: Control, change: dict[str, Any], message: str
) -> None:
    taken = msgspec.json.decode(control.ask("GET", "/snapshot").content)

    answer = restored(control, msgspec.json.encode({**taken, **change}), "name=other")

    assert answer.status_code == 400
    assert answer.json()["message"].startswith(message)


class Held:
    """A receiver that has a callback in its hands and has not answered yet."""

    def __init__(self, inbox: Inbox) -> None:
        self._came, self._go = threading.Event(), threading.Event()
        inbox.call_back(self._hold)

    def _hold(self, _received: Received) -> None:
        self._came.set()
        self._go.wait(20)

    def wait(self) -> None:
        assert self._came.wait(20)

    def answer(self) -> None:
        self._go.set()


@pytest.fixture
def held(control: Control, inbox: Inbox) -> Iterator[Held]:
    """A second start was announced (event 3), and the receiver is still at it."""
    inbox.subscribe("agora", [3])
    receiver = Held(inbox)
    task = control.start()
    control.call(client.start(control.tenant.agora.credentials, "demo", "900001", task.resource))
    receiver.wait()
    yield receiver
    receiver.answer()


@pytest.mark.recording_emulator(guard_ms=None)
def test_while_a_delivery_is_open_a_snapshot_is_409_and_names_it(
    control: Control, held: Held
) -> None:
    refused = control.refused("GET", "/snapshot")

    told = "deliveries are open: 3 to inbox-agora; say in_flight=resend to take it anyway"
    assert refused == (409, "Conflict", told)
    assert control.get("/clock")["in_flight"] == ["3 to inbox-agora"]


@pytest.mark.recording_emulator(guard_ms=None)
def test_taken_anyway_the_open_delivery_is_sent_again_by_the_fork(
    control: Control, held: Held, inbox: Inbox, fork_name: str, recording_emulator: Tenant
) -> None:
    raw = control.ask("GET", "/snapshot?in_flight=resend").content
    held.answer()

    unsaid = restored(control, raw, f"name={fork_name}")
    fork = restored(control, raw, f"name={fork_name}&in_flight=resend")
    settle = f"/_emulator/tenants/{fork_name}/clock/advance"
    control.http.post(settle, json={"delta_ms": 0}).raise_for_status()

    told = control.http.get(f"/_emulator/tenants/{fork_name}/callbacks").json()["callbacks"]
    first, again = (each.json for each in inbox.callbacks)
    assert (unsaid.status_code, unsaid.json()["message"]) == (
        409,
        "the snapshot holds open deliveries; say in_flight=resend",
    )
    assert fork.status_code == 201
    assert [(each["fate"], len(each["attempts"])) for each in told] == [("delivered", 1)]
    assert again == first
