"""``serve --scenario``: the world of a file for any client, and the verdict at the end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

if TYPE_CHECKING:
    from tests.cli.conftest import Serve

RECORDINGS = Path(__file__).parents[1] / "sdk" / "agora_recordings.py"
CLIENT_ERROR = "ServiceResponseException"
PLAIN = ("--port", "0", "--no-tls")
TEXT = """\
scenario: someone leaves after an hour, and the channel idles out
vendor: agora
seed: 7
settings: {upload_ms: 5000}
audience: none
timeline:
  - {at: 0s, join: {room: demo, uid: 41}}
  - {after: start, at: 1h, leave: {room: demo, uid: 41}}
expect:
  - callback: {event: recorder_leave, details: {leaveCode: 4}}
  - task: {state: ENDED, room: demo}
"""
STRANGER = {"app_id": "a" * 32, "customer_id": "someone", "customer_secret": "else"}


def sent(url: str, call: Outward) -> dict[str, Any]:
    answer = httpx.request(
        call.method,
        f"{url}/agora{call.path}",
        headers=call.headers,
        content=call.body,
        trust_env=False,
    )
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.yaml"
    path.write_text(TEXT)
    return str(path)


def record(url: str) -> tuple[str, str]:
    resource = sent(url, client.acquire(STRANGER, "demo", "1"))["resourceId"]
    return resource, sent(url, client.start(STRANGER, "demo", "1", resource))["sid"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_client_that_only_looks_moves_the_world_to_its_end_and_the_verdict_is_zero(
    serve: Serve, story: str, how: signal.Signals
) -> None:
    running = serve("--json", *PLAIN, "--scenario", story)
    url = running.ready["url"]
    tenant = f"{url}/_emulator/tenants/default"
    described = httpx.get(tenant, trust_env=False).json()
    resource, sid = record(url)

    asked = [
        sent(url, client.task_call(STRANGER, "query", "demo", "1", resource, sid)) for _ in range(8)
    ]

    code, out, err = running.stop(how)
    assert (described["mode"], described["seed"]) == ("auto", 7)
    assert described["start_ms"] == described["now_ms"] == 1_893_456_000_000
    assert asked[-1].get("code") == 404, asked
    assert (code, err) == (0, "")
    assert json.loads(out)["verdict"] == "passed"


@pytest.mark.parametrize("name", ["upload_fails_twice", "wrong_storage_keys"])
def test_a_bundled_file_judges_agoras_own_python_client(serve: Serve, name: str) -> None:
    running = serve("--json", "--port", "0", "--tls-port", "0", "--scenario", name)
    own = running.ready["credentials"]["agora"]
    env = {
        "ROOM": "demo",
        "TLS_PORT": running.ready["tls_url"].rpartition(":")[2],
        "REQUESTS_CA_BUNDLE": running.ready["ca"],
        "AGORA_APP_ID": own["app_id"],
        "AGORA_BASIC_AUTH_USER_NAME": own["customer_id"],
        "AGORA_BASIC_AUTH_PASSWORD": own["customer_secret"],
    }

    command = [sys.executable, str(RECORDINGS), "sync"]
    done = subprocess.run(command, env=env, input="go on\n", capture_output=True, text=True)

    code, out, err = running.stop()
    last = json.loads(done.stdout.splitlines()[-1])
    told = {"upload_fails_twice": ("stop", None), "wrong_storage_keys": (CLIENT_ERROR, 404)}[name]
    assert (last["call"], last.get("status")) == told
    assert (code, err) == (0, "")
    assert json.loads(out)["is_passed"]


def test_what_never_happened_is_said_at_the_end_with_one(serve: Serve, story: str) -> None:
    running = serve(*PLAIN, "--scenario", story)

    code, out, err = running.stop()

    assert (code, err) == (1, "")
    assert "FAILED: someone leaves after an hour, and the channel idles out (0 of 2 " in out
    assert (
        "story.yaml:10: expected callback {event: 41, details: {leaveCode: 4}}; no callback" in out
    )


def test_a_broken_file_starts_nothing(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(TEXT.replace("seed", "seeed"))
    running = serve("--json", *PLAIN, "--scenario", str(path))

    code, out, err = running.process.wait(10), running.first_line, running.process.stderr

    assert err is not None
    assert (code, out) == (2, "")
    assert err.read() == f"{path}:3:1: seeed: unknown key 'seeed'; did you mean 'seed'?\n"


def test_a_magic_room_works_on_the_open_tenant_and_not_on_a_strict_one(serve: Serve) -> None:
    lax, strict = serve("--json", *PLAIN), serve("--json", *PLAIN, "--strict")
    own = strict.ready["credentials"]["agora"]
    room = "fault-agora-acquire-501"

    codes = [
        sent(lax.ready["url"], client.acquire(STRANGER, room, "1")).get("code"),
        sent(strict.ready["url"], client.acquire(own, room, "1")).get("code"),
    ]

    assert codes == [501, None]
