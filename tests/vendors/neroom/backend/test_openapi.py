"""NERoom's OpenAPI document is true: schemathesis calls by it and judges the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recording_emulator.core.openapi import document
from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.surface import SURFACE

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
    max_examples=4,
    suppress_health_check=list(HealthCheck),
)
DOCUMENT = document("neroom", SURFACE)
API = schemathesis.openapi.from_dict(DOCUMENT)
_FOUND: list[Any] = list(API.get_all_operations())
OPERATIONS = {each.ok().definition.raw["operationId"]: each.ok() for each in _FOUND}
ENVELOPE = {"requestId": "0" * 32, "ts": 0, "cost": "1ms"}


def test_the_document_is_openapi() -> None:
    API.validate()


def test_every_call_over_http_has_a_path_and_every_method_of_the_sdk_a_name() -> None:
    spoken = {each.name for each in SURFACE.operations if each.method == "SDK"}
    written = {name.partition("_")[0] for name in OPERATIONS}

    assert set(DOCUMENT["x-sdk-methods"]) == spoken
    assert written == {each.name for each in SURFACE.operations} - spoken


def test_every_example_of_an_error_fits_its_schema() -> None:
    for name, operation in OPERATIONS.items():
        more = {} if name in ("getVideo", "deleteVideo") else ENVELOPE
        more = {"requestId": "0" * 32} if name.startswith("nertc.") else more
        for status, told in operation.definition.raw["responses"].items():
            for example in told["content"]["application/json"].get("examples", {}).values():
                value = {**example["value"], **more}
                request = httpx.Request(operation.method, "http://e/")
                answer = httpx.Response(int(status), json=value, request=request)
                answer.elapsed = timedelta(0)
                operation.validate_response(answer)


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_call_is_answered_against_the_document(
    tenant: Tenant, neroom: NeRoom, name: str
) -> None:
    http = requests.Session()
    http.trust_env = False
    operation = OPERATIONS[name]
    cases = operation.as_strategy(GenerationMode.POSITIVE) | operation.as_strategy(
        GenerationMode.NEGATIVE
    )

    @BOUNDED
    @given(case=cases)
    def run(case: Any) -> None:
        wall_ms = wallclock.now_ms()
        case.headers = netease.signed_call(neroom.app_key, neroom.app_secret, "n", wall_ms)
        if "appKey" in (case.path_parameters or {}):
            case.path_parameters["appKey"] = neroom.app_key
        response = case.call(neroom.base_url, http, timeout=20)
        case.validate_response(response, checks=CHECKS)

    run()
    http.close()
