"""What the strategies draw, and what `sample` prints, the emulator accepts."""

import json
import subprocess
import sys
from typing import Any

import httpx
from hypothesis import HealthCheck, assume, given, settings

from recording_emulator.testing import Tenant, strategies
from recording_emulator.vendors.agora.handle import Agora

QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def post(agora: Agora, path: str, body: dict[str, Any]) -> httpx.Response:
    root = f"{agora.base_url}/v1/apps/{agora.app_id}/cloud_recording"
    return httpx.post(root + path, json=body, auth=(agora.customer_id, agora.customer_secret))


def record(agora: Agora, acquire: dict[str, Any], start: dict[str, Any]) -> list[int]:
    acquired = post(agora, "/acquire", acquire)
    resource = acquired.json()["resourceId"]
    started = post(agora, f"/resourceid/{resource}/mode/mix/start", start)
    return [acquired.status_code, started.status_code]


@QUICK
@given(strategies.channel_names(), strategies.uids(), strategies.mix_starts())
def test_everything_drawn_is_accepted(
    agora: Agora, cname: str, uid: str, params: dict[str, Any]
) -> None:
    assume(not any((each["room"], each["uid"]) == (cname, uid) for each in agora.tasks()))
    head = {"cname": cname, "uid": uid}

    statuses = record(agora, {**head, "clientRequest": {}}, {**head, "clientRequest": params})

    assert statuses == [200, 200]


def test_the_samples_printed_are_accepted_and_the_same_for_a_seed(agora: Agora) -> None:
    command = [sys.executable, "-m", "recording_emulator", "sample", "agora", "--count", "3"]
    printed = [
        subprocess.run([*command, "--seed", seed], capture_output=True, check=True).stdout
        for seed in ("7", "7", "8")
    ]

    samples = [json.loads(line) for line in printed[0].splitlines()]

    assert printed[0] == printed[1] != printed[2]
    assert [record(agora, each["acquire"], each["start"]) for each in samples] == [[200, 200]] * 3


def test_the_calls_printed_for_an_sdk_are_accepted(recording_emulator: Tenant) -> None:
    command = [sys.executable, "-m", "recording_emulator", "sample", "neroom", "--count", "3"]
    printed = subprocess.run([*command, "--seed", "7"], capture_output=True, check=True).stdout

    for sample in map(json.loads, printed.splitlines()):
        people = sample.pop("people")
        member = recording_emulator.member("neroom", people[0]["user"])
        answers = [member.call(method, **params) for method, params in sample.items()]

        assert {each["code"] for each in answers} == {0}
