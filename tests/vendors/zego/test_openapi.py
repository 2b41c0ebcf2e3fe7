"""ZEGO's OpenAPI document is true: schemathesis calls each action by it and judges the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recording_emulator.core.openapi import document
from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.surface import SURFACE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=12,
    suppress_health_check=list(HealthCheck),
)
API = schemathesis.openapi.from_dict(document("zego", SURFACE))
_FOUND: list[Any] = list(API.get_all_operations())
OPERATIONS = {each.ok().definition.raw["operationId"]: each.ok() for each in _FOUND}


def test_the_document_is_openapi() -> None:
    API.validate()


def test_each_action_has_a_place_of_its_own_and_its_parameters() -> None:
    assert list(OPERATIONS) == [each.name for each in SURFACE.operations]
    for name, operation in OPERATIONS.items():
        told = {each["name"]: each for each in operation.definition.raw["parameters"]}
        assert operation.path == f"/#Action={name}"
        assert told["Action"]["schema"] == {"enum": [name]}
        assert {*told} == {"Action", *SURFACE.shapes.query}


def test_every_example_of_an_error_fits_its_schema() -> None:
    for operation in OPERATIONS.values():
        url = "http://e/"
        for status, told in operation.definition.raw["responses"].items():
            for example in told["content"]["application/json"].get("examples", {}).values():
                value = {**example["value"], "RequestId": "1"}
                request = httpx.Request(operation.method, url)
                answer = httpx.Response(int(status), json=value, request=request)
                answer.elapsed = timedelta(0)
                operation.validate_response(answer)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_call_is_answered_against_the_document(
    recording_emulator_server: Emulator, name: str
) -> None:
    tenant = recording_emulator_server.tenant(f"openapi {name}", replace=True)
    zego, http = tenant.zego, requests.Session()
    http.trust_env = False
    started = client.start(zego.credentials, "demo", wallclock.now_ms(), mixed=True)
    url = f"{zego.base_url}{started.path}"
    task = http.post(url, data=started.body).json()["Data"]["TaskId"]
    zego.room("demo").join("u1")
    zego.advance(seconds=5)
    operation = OPERATIONS[name]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(
        GenerationMode.NEGATIVE
    )

    @BOUNDED
    @given(case=cases, is_signed=st.booleans(), is_mine=st.booleans())
    def run(case: Any, is_signed: bool, is_mine: bool) -> None:
        if is_signed:
            case.query = client.public(zego.credentials, name, wallclock.now_ms())
        if is_mine and isinstance(case.body, dict):
            case.body["TaskId"] = task
        case.path = "/"
        response = case.call(zego.base_url, http, timeout=20)
        case.validate_response(response, checks=CHECKS)

    run()
    http.close()
    tenant.close()
