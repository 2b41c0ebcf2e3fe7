"""The OpenAPI document is true: schemathesis calls every verb by it and judges every answer."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from recording_emulator.admin.routes import verbs
from recording_emulator.core import openapi
from recording_emulator.testing import Emulator
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.base import load

SLOW = "/_emulator/tenants/{tenant}/clock/wait"
"""It waits in real time for a call that nobody makes."""


@pytest.fixture(scope="module")
def document(recording_emulator_server: Emulator) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(
        f"{recording_emulator_server.url}/_emulator/openapi.json"
    ).json()
    return found


def test_every_verb_is_described(document: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, told in document["paths"].items() for method in told
    }
    assert described == {(each.method, each.path.replace(":int}", "}")) for each in verbs()}
    assert all(
        told["summary"].endswith((".", ":"))
        for path in document["paths"].values()
        for told in path.values()
    )


@pytest.fixture
def stranger() -> Iterator[Emulator]:
    """A server whose tenants nobody else's tests meet."""
    server = Emulator()
    yield server
    server.close()


def test_no_call_is_answered_with_a_5xx_or_against_the_document(
    document: dict[str, Any], stranger: Emulator
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    tenant = stranger.tenant("schemathesis")
    checks = [status_code_conformance, content_type_conformance, response_schema_conformance]

    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        if operation.path == SLOW:
            continue
        _try(operation, stranger.url, tenant.info.id, checks)


def _try(operation: Any, url: str, tenant: str, checks: list[Any]) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if "tenant" in (case.path_parameters or {}) and operation.method != "delete":
            case.path_parameters["tenant"] = tenant
        response = case.call(base_url=url, timeout=20)
        assert response.status_code < 500, (operation.method, operation.path, response.text)
        case.validate_response(response, checks=checks)

    run()


def test_a_vendors_own_document_is_served(recording_emulator_server: Emulator) -> None:
    answer = httpx.get(f"{recording_emulator_server.url}/_emulator/vendors/agora/openapi.json")

    assert answer.json() == openapi.document("agora", SURFACE)


def test_the_document_of_a_vendor_that_is_not_there_is_not_found(
    recording_emulator_server: Emulator,
) -> None:
    answer = httpx.get(f"{recording_emulator_server.url}/_emulator/vendors/acme/openapi.json")

    message = f"no vendor 'acme'; there are {[each.name for each in load()]}"
    assert (answer.status_code, answer.json()) == (404, {"error": "NotFound", "message": message})
