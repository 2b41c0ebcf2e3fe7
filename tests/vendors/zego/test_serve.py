"""``serve --allow-host``: where a start may have its callbacks sent, on a running server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from recording_emulator.server import wallclock
from recording_emulator.vendors.zego import client

HOOK = "http://hooks.test:9/cb"


@pytest.mark.parametrize("allowed", [False, True])
def test_a_host_is_called_back_only_if_it_was_allowed(tmp_path: Path, allowed: bool) -> None:
    command = [sys.executable, "-m", "recording_emulator", "serve", "--json", "--no-tls"]
    command += ["--port", "0", "--mode", "manual", *(["--allow-host", "hooks.test"] * allowed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        control = f"{told['url']}/_emulator/tenants/default"
        output = {"CallbackUrl": HOOK}
        body = {**client.start_body("demo"), "RecordOutputParams": output}
        own = {"app_id": "77", "server_secret": "any"}
        asked = client.call(own, "StartRecord", wallclock.now_ms(), body)
        started = httpx.post(f"{told['url']}/zego{asked.path}", content=asked.body).json()
        task = started["Data"]["TaskId"]
        stop = client.task_call(own, "StopRecord", task, wallclock.now_ms())
        httpx.post(f"{told['url']}/zego{stop.path}", content=stop.body)
        httpx.post(f"{control}/clock/advance", json={"delta_ms": 60_000}, timeout=60)
        deliveries = httpx.get(f"{control}/callbacks").json()["callbacks"]
        server.terminate()

    assert urlsplit(deliveries[0]["target"]).hostname == "hooks.test"
    assert {each["fate"] for each in deliveries} == {"lost" if allowed else "dropped"}
    assert [len(each["attempts"]) for each in deliveries] == [3 if allowed else 0] * len(deliveries)
