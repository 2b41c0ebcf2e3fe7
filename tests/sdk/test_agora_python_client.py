"""Agora's own client from PyPI, byte for byte as published, against the emulator over TLS."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from recording_emulator.testing import Inbox, Tenant

SCRIPT = Path(__file__).parent / "agora_recordings.py"
ROOM = "weekly-review"
WHO = {"cname": ROOM, "uid": "900001"}


def environment(tenant: Tenant, **more: str) -> dict[str, str]:
    return {
        "TLS_PORT": str(urlsplit(tenant.emulator.tls_url).port),
        "REQUESTS_CA_BUNDLE": str(tenant.emulator.ca_path),
        "AGORA_APP_ID": tenant.agora.app_id,
        "AGORA_BASIC_AUTH_USER_NAME": tenant.agora.customer_id,
        "AGORA_BASIC_AUTH_PASSWORD": tenant.agora.customer_secret,
        **more,
    }


@contextmanager
def running(story: str, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SCRIPT), story]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(story: str, env: dict[str, str]) -> list[dict[str, Any]]:
    with running(story, env) as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def record_an_hour(story: str, tenant: Tenant, **more: str) -> dict[str, dict[str, Any]]:
    """Run the client; while it records, 41 and 42 talk for an hour."""
    with running(story, environment(tenant, **more)) as process:
        assert process.stdout is not None
        first = [process.stdout.readline(), process.stdout.readline()]
        room = tenant.agora.room(ROOM)
        room.join(41)
        room.join(42)
        tenant.agora.advance(hours=1)
        out, err = process.communicate("go on\n", timeout=30)
    assert process.returncode == 0, err
    answers = [json.loads(line) for line in [*first, *out.splitlines()]]
    return {answer.pop("call"): answer for answer in answers}


def calls_and_replies(tenant: Tenant) -> list[str]:
    entries = tenant.agora.journal()
    return [each["name"] for each in entries if each["kind"] in ("call", "reply")]


def test_the_installed_client_is_the_published_one_byte_for_byte() -> None:
    installed = distribution("agora-rest-client")
    changed = []

    for file in installed.files or []:
        if file.hash is not None:
            digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
                changed.append(str(file))

    assert (installed.version, changed) == ("0.2.0", [])


@pytest.mark.parametrize("region", ["US", "CN"])
def test_a_recording_from_acquire_to_a_synchronous_stop(
    tls_tenant: Tenant, tls_inbox: Inbox, region: str
) -> None:
    answers = record_an_hour("sync", tls_tenant, AGORA_REGION=region)

    resource, sid = answers["acquire"]["resourceId"], answers["start"]["sid"]
    task = {**WHO, "resourceId": resource, "sid": sid}
    first_ms = tls_tenant.info.start_ms + 3_000
    files = [
        {
            "fileName": f"meetings/2030/{sid}_{ROOM}{ending}",
            "trackType": "audio_and_video",
            "uid": "0",
            "mixedAllUser": True,
            "isPlayable": True,
            "sliceStartTime": first_ms,
        }
        for ending in (".m3u8", "_0.mp4")
    ]
    assert answers == {
        "acquire": {**WHO, "resourceId": resource},
        "start": task,
        "query": {
            **task,
            "serverResponse": {
                "status": 5,
                "fileListMode": "json",
                "fileList": files,
                "sliceStartTime": first_ms,
            },
        },
        "update": task,
        "updateLayout": task,
        "stop": {
            **task,
            "serverResponse": {
                "fileListMode": "json",
                "fileList": files,
                "uploadingStatus": "uploaded",
            },
        },
    }


def test_its_calls_stand_in_the_journal_and_its_callbacks_arrive(
    tls_tenant: Tenant, tls_inbox: Inbox
) -> None:
    tls_inbox.subscribe("agora", [40, 11, 31, 41])

    answers = record_an_hour("sync", tls_tenant)
    tls_tenant.agora.advance(seconds=1)

    operations = ["acquire", "start", "query", "update", "updateLayout", "stop"]
    assert calls_and_replies(tls_tenant) == [
        each for operation in operations for each in (f"agora.{operation}", "ok")
    ]
    assert tls_inbox.event_types == [40, 41, 31, 11]
    assert {each.json["payload"]["sid"] for each in tls_inbox.callbacks} == {
        answers["start"]["sid"]
    }
    assert all(each.is_genuine for each in tls_inbox.callbacks)


def test_an_asynchronous_stop_answers_before_the_upload(
    tls_tenant: Tenant, tls_inbox: Inbox
) -> None:
    tls_inbox.subscribe("agora", [41, 31, 11])

    answers = record_an_hour("async", tls_tenant)
    before = list(tls_inbox.event_types)
    tls_tenant.agora.advance(minutes=1)

    assert answers["stop"]["serverResponse"]["uploadingStatus"] == "unknown"
    assert (before, tls_inbox.event_types) == ([], [41, 31, 11])


def test_a_second_start_counts_as_success_and_keeps_the_recording(tls_tenant: Tenant) -> None:
    first, second = told("twice", environment(tls_tenant))

    assert calls_and_replies(tls_tenant)[2:] == [
        "agora.start",
        "ok",
        "agora.start",
        "7 already started",
    ]
    assert second == {**first, "code": 7, "reason": "already started"}


def test_wrong_credentials_raise_what_the_client_raises_for_401(tls_tenant: Tenant) -> None:
    env = environment(tls_tenant, AGORA_BASIC_AUTH_PASSWORD="wrong")

    (error,) = told("sync", env)

    assert error == {
        "call": "ServiceResponseException",
        "status": 401,
        "code": None,
        "message": '{"message":"Invalid authentication credentials"}',
    }


def test_a_client_that_does_not_trust_the_authority_reaches_nothing(tls_tenant: Tenant) -> None:
    env = environment(tls_tenant, AGORA_TIMEOUT_S="0.6")
    del env["REQUESTS_CA_BUNDLE"]

    (error,) = told("sync", env)

    assert (error["call"], error["status"]) == ("ClientRequestException", None)
    assert calls_and_replies(tls_tenant) == []


def test_individual_mode_records_each_user_and_takes_snapshots(
    tls_tenant: Tenant, tls_inbox: Inbox
) -> None:
    answers = record_an_hour("individual", tls_tenant)

    sid = answers["start"]["sid"]
    query, stop = answers["query"]["serverResponse"], answers["stop"]["serverResponse"]
    assert query["status"] == 5
    assert stop["uploadingStatus"] == "uploaded"
    assert 45 in tls_inbox.event_types
    keys = {each.key for each in tls_tenant.agora.objects()}
    for uid in ("41", "42"):
        for track in ("audio", "video"):
            name = f"meetings/2030/{sid}_{ROOM}__uid_s_{uid}__uid_e_{track}.m3u8"
            assert name in keys


def test_web_mode_records_a_page_and_holds_it(tls_tenant: Tenant, tls_inbox: Inbox) -> None:
    answers = record_an_hour("web", tls_tenant)

    recorder = answers["query"]["serverResponse"]["extensionServiceState"][0]
    assert recorder["serviceName"] == "web_recorder_service"
    assert recorder["payload"]["state"] == "inProgress"
    stopped = answers["stop"]["serverResponse"]["extensionServiceState"]
    assert [each["serviceName"] for each in stopped] == ["web_recorder_service", "upload_service"]
    assert stopped[0]["payload"]["onhold"] is True
    assert stopped[1]["payload"] == {"uploadingStatus": "uploaded"}
    assert 70 in tls_inbox.event_types


def spoil(tenant: Tenant, effect: str, **more: Any) -> None:
    tenant.agora.faults.add("call", effect=effect, operation="acquire", **more)


@pytest.mark.parametrize("effect", ["reset", "empty", "truncate"])
def test_a_connection_that_breaks_once_is_tried_again_by_the_client(
    tls_tenant: Tenant, effect: str
) -> None:
    spoil(tls_tenant, effect)

    (said,) = told("acquire", environment(tls_tenant))

    assert set(said) == {"call", *WHO, "resourceId"}
    assert calls_and_replies(tls_tenant).count("agora.acquire") == 2


@pytest.mark.parametrize(("effect", "is_retried"), [("reset", True), ("hang", False)])
def test_a_connection_that_always_breaks_or_hangs_is_the_clients_own_timeout(
    tls_tenant: Tenant, effect: str, *, is_retried: bool
) -> None:
    spoil(tls_tenant, effect, times=None)

    (error,) = told("acquire", environment(tls_tenant, AGORA_TIMEOUT_S="1"))

    assert (error["call"], error["status"]) == ("ClientRequestException", None)
    assert error["message"].startswith("ClientTimeoutException - ")
    assert (calls_and_replies(tls_tenant).count("agora.acquire") > 1) == is_retried


def test_a_proxys_status_is_named_by_the_client(tls_tenant: Tenant) -> None:
    spoil(tls_tenant, "status", status=502, times=None)

    (error,) = told("acquire", environment(tls_tenant))

    assert (error["call"], error["status"]) == ("ClientRequestException", 502)
    assert error["message"] == "<html><body><h1>502</h1></body></html>"


def test_a_malformed_body_is_an_error_the_client_does_not_catch(tls_tenant: Tenant) -> None:
    spoil(tls_tenant, "malform")

    assert told("acquire", environment(tls_tenant)) == [{"call": "JSONDecodeError"}]
