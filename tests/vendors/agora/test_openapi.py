"""Agora's OpenAPI document is true: schemathesis calls every route by it and judges every answer.

That whatever fits the document is accepted is not claimed: a path names a resource that must have
been acquired, and some fields depend on others. That what does not fit is refused is.
"""

from __future__ import annotations

import functools
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
)
from tests.vendors import openapi
from tests.vendors.openapi import BOUNDED, Document, session

from recording_emulator.testing import Emulator, Tenant
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.base import Outward

CHECKS = [*openapi.CHECKS, response_headers_conformance, ignored_auth]
NAMED = {"cname": "demo", "uid": "900001"}
PAGE = {
    "url": "https://example.test/board",
    "audioProfile": 0,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 4,
}
SERVICES = [
    {"serviceName": "web_recorder_service", "serviceParam": PAGE},
    {
        "serviceName": "rtmp_publish_service",
        "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://example.test/live"}]},
    },
]
SNAPSHOTS = {"captureInterval": 5, "fileType": ["jpg"]}
MODES = ("individual", "mix", "web")
ACCEPTED: dict[str, list[dict[str, Any]]] = {
    "start_mix": [{}, {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}],
    "start_individual": [
        {"recordingConfig": {"subscribeUidGroup": 0}},
        {"recordingConfig": {"subscribeUidGroup": 0}, "snapshotConfig": SNAPSHOTS},
    ],
    "start_web": [
        {"extensionServiceConfig": {"extensionServices": SERVICES[:1]}},
        {"extensionServiceConfig": {"extensionServices": SERVICES}},
    ],
    "stop_mix": [{}],
    "stop_individual": [{}],
    "stop_web": [{}],
    "updateLayout_mix": [{}],
    "update_mix": [{"streamSubscribe": {"audioUidList": {"subscribeAudioUids": ["41"]}}}],
    "update_individual": [{"streamSubscribe": {"videoUidList": {"subscribeVideoUids": ["41"]}}}],
    "update_web": [{"webRecordingConfig": {"onhold": True}}],
}
"""Parameters that are accepted: what the document cannot say goes together."""
CALLS = {
    "early": ("query", "start"),
    "running": ("query", "update", "updateLayout", "stop"),
    "stopping": ("query", "update", "stop"),
    "gone": ("query", "update", "updateLayout", "stop", "start"),
}
"""What is called at which moment of a task's life."""
WAITS_MS = {
    "early": st.sampled_from([0, 500, 2_000]),
    "running": st.sampled_from([20_000, 5_000, 3_600_000, 73 * 3_600_000]),
    "stopping": st.sampled_from([0, 200, 999]),
    "gone": st.sampled_from([1_100, 600_000]),
}

DOCUMENT = Document("agora", SURFACE)
OPERATIONS = DOCUMENT.operations


def named(operation: Any) -> str:
    found: str = operation.definition.raw["operationId"]
    return found


# --- the document itself --------------------------------------------------------------------------


def test_the_document_is_openapi() -> None:
    DOCUMENT.api.validate()


def test_an_operation_has_a_path_for_each_mode_it_serves() -> None:
    by_mode = ["start", "query", "update", "stop"]
    expected = {f"{name}_{mode}" for name in by_mode for mode in MODES}

    assert set(OPERATIONS) == {"acquire", "ncsIp", "updateLayout_mix", *expected}


def test_the_statuses_of_an_operation_are_200_and_those_of_its_rows() -> None:
    for name, operation in OPERATIONS.items():
        rows = SURFACE.errors_of(name.partition("_")[0])
        told = operation.definition.raw["responses"]

        assert set(told) == {"200", *(str(row.http) for row in rows)}
        assert {
            row_id
            for each in told.values()
            for row_id in each["content"]["application/json"].get("examples", ())
        } == {row.id for row in rows}


def test_every_example_of_an_error_fits_its_schema() -> None:
    DOCUMENT.check_examples()


def test_no_word_of_ours_stands_in_a_body() -> None:
    text = str(DOCUMENT.api.raw_schema)

    assert "#mode" not in text
    assert r"\Z" not in text
    assert "sheet" not in text


# --- who calls ------------------------------------------------------------------------------------


@functools.cache
def cases(name: str, *, made_up: bool = True) -> st.SearchStrategy[Any]:
    """Draw calls that fit the document, and, where there is a body, calls that do not.

    Who calls is put in later, and so is the task unless one is ``made_up``.
    """
    path = {"appid": "a"} if made_up else {"appid": "a", "resourceid": "r", "sid": "0" * 32}
    fixed: dict[str, Any] = {"path_parameters": path, "headers": {"Authorization": "Basic YTpi"}}
    operation = OPERATIONS[name]
    fitting: st.SearchStrategy[Any] = operation.as_strategy(**fixed)
    if not operation.body:
        return fitting
    return st.one_of(fitting, operation.as_strategy(GenerationMode.NEGATIVE, **fixed))


class Caller:
    """Calls one tenant by the document, with its credentials, and judges every answer."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.own = tenant.agora.credentials
        self.url = tenant.agora.base_url
        self.seen: Counter[tuple[str, int]] = Counter()
        self._http = session()
        self.headers = {"Authorization": client.acquire(self.own, "", "").headers["Authorization"]}

    def judge(self, case: Any, **path: str) -> Any:
        """Make the call of a case, about what ``path`` names, and judge its answer."""
        case.path_parameters.update(appid=self.own["app_id"], **path)
        case.headers.update(self.headers)
        response = case.call(self.url, self._http, timeout=20)
        is_second = response.status_code == 201  # a second start is one, whatever its body
        checks = CHECKS if is_second else [*CHECKS, negative_data_rejection]
        case.validate_response(response, checks=checks, headers=self.headers)
        self.seen[named(case.operation), response.status_code] += 1
        return response.json()

    def ask(self, outward: Outward) -> dict[str, Any]:
        """Make a call as an app does."""
        url, head = f"{self.url}{outward.path}", outward.headers
        answer = self._http.request(outward.method, url, headers=head, data=outward.body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def close(self) -> None:
        self._http.close()
        self.tenant.close()


# --- calls about tasks that there are not ---------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("profile", ["modern", "legacy"])
def test_no_call_is_answered_with_a_5xx_or_against_the_document(
    recording_emulator_server: Emulator, profile: str, name: str
) -> None:
    wanted = {"agora": {"profile": profile}}
    title = f"openapi {profile} {name}"
    caller = Caller(recording_emulator_server.tenant(title, replace=True, settings=wanted))

    @settings(BOUNDED, max_examples=8)
    @given(case=cases(name))
    def run(case: Any) -> None:
        caller.judge(case)

    run()
    caller.close()


# --- calls about live tasks -----------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["modern", "legacy"])
@pytest.mark.parametrize("mode", MODES)
def test_no_call_about_a_live_task_is_answered_with_a_5xx_or_against_the_document(
    recording_emulator_server: Emulator, mode: str, profile: str
) -> None:
    """Each example starts a task of its own; then calls come, and time passes between them."""
    seen: Counter[tuple[str, int]] = Counter()
    names = {name for name in OPERATIONS if name.endswith(f"_{mode}")}

    @settings(BOUNDED, max_examples=6)
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        wanted = {"agora": {"profile": profile}}
        title = f"openapi {profile} {mode}"
        tenant = recording_emulator_server.tenant(title, replace=True, settings=wanted)
        caller = Caller(tenant)
        path = started(caller, data, mode)
        for moment in ("early", "running", "stopping", "gone"):
            tenant.agora.advance(ms=data.draw(WAITS_MS[moment]))
            for name in (f"{operation}_{mode}" for operation in CALLS[moment]):
                if name in names:
                    caller.judge(fed(data, data.draw(cases(name, made_up=False))), **path)
                if name in ACCEPTED:
                    caller.judge(wellmade(data, name), **path)
        seen.update(caller.seen)
        caller.close()

    run()
    assert {name for name, status in seen if status == 200} == names


def started(caller: Caller, data: st.DataObject, mode: str) -> dict[str, str]:
    """Start a task with drawn parameters, or, if they are refused, with others."""
    acquired = caller.ask(client.acquire(caller.own, **NAMED, scene=int(mode == "web")))
    name, resource = f"start_{mode}", acquired["resourceId"]
    caller.judge(fed(data, data.draw(cases(name, made_up=False))), resourceid=resource)
    answer = caller.judge(wellmade(data, name), resourceid=resource)
    return {"resourceid": resource, "sid": answer["sid"]}


def wellmade(data: st.DataObject, name: str) -> Any:
    """Make a call as an app does."""
    operation = OPERATIONS[name]
    params = data.draw(st.sampled_from(ACCEPTED[name]))
    if name.startswith("start"):
        params = {"storageConfig": client.STORAGE, **params}
    return operation.Case(body={**NAMED, "clientRequest": params}, media_type="application/json")


def fed(data: st.DataObject, case: Any) -> Any:
    """Have a call name the task, and let some of its parameters be accepted ones."""
    name, body = named(case.operation), case.body
    if not isinstance(body, dict):
        return case
    body.update({key: value for key, value in NAMED.items() if isinstance(body.get(key), str)})
    params = body.get("clientRequest")
    if isinstance(params, dict) and name in ACCEPTED and data.draw(st.booleans()):
        params.update(data.draw(st.sampled_from(ACCEPTED[name])))
        if "storageConfig" in params:
            params["storageConfig"] = client.STORAGE
    return case
