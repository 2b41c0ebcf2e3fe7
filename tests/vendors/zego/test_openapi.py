"""ZEGO's OpenAPI document is true: schemathesis calls each action by it and judges the answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vendors.openapi import BOUNDED, CHECKS, Document, session

from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.surface import SURFACE

DOCUMENT = Document("zego", SURFACE)


def test_the_document_is_openapi() -> None:
    DOCUMENT.api.validate()


def test_each_action_has_a_place_of_its_own_and_its_parameters() -> None:
    assert list(DOCUMENT.operations) == [each.name for each in SURFACE.operations]
    for name, operation in DOCUMENT.operations.items():
        told = {each["name"]: each for each in operation.definition.raw["parameters"]}
        assert operation.path == f"/#Action={name}"
        assert told["Action"]["schema"] == {"enum": [name]}
        assert {*told} == {"Action", *SURFACE.shapes.query}


def test_every_example_of_an_error_fits_its_schema() -> None:
    DOCUMENT.check_examples(lambda _: {"RequestId": "1"})


@pytest.mark.parametrize("name", DOCUMENT.operations)
def test_no_call_is_answered_against_the_document(
    recording_emulator_server: Emulator, name: str
) -> None:
    tenant = recording_emulator_server.tenant(f"openapi {name}", replace=True)
    zego, http = tenant.zego, session()
    started = client.start(zego.credentials, "demo", wallclock.now_ms(), mixed=True)
    url = f"{zego.base_url}{started.path}"
    task = http.post(url, data=started.body).json()["Data"]["TaskId"]
    zego.room("demo").join("u1")
    zego.advance(seconds=5)

    @settings(BOUNDED, max_examples=12)
    @given(case=DOCUMENT.cases(name), is_signed=st.booleans(), is_mine=st.booleans())
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
