"""NERoom's OpenAPI document is true: schemathesis calls by it and judges the answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from tests.vendors.openapi import BOUNDED, CHECKS, Document, session

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.surface import SURFACE

DOCUMENT = Document("neroom", SURFACE)
ENVELOPE = {"requestId": "0" * 32, "ts": 0, "cost": "1ms"}


def test_the_document_is_openapi() -> None:
    DOCUMENT.api.validate()


def test_every_call_over_http_has_a_path_and_every_method_of_the_sdk_a_name() -> None:
    spoken = {each.name for each in SURFACE.operations if each.method == "SDK"}
    written = {name.partition("_")[0] for name in DOCUMENT.operations}

    assert set(DOCUMENT.plain["x-sdk-methods"]) == spoken
    assert written == {each.name for each in SURFACE.operations} - spoken


def more(name: str) -> dict[str, Any]:
    """What every answer has, by the layer of its call."""
    if name in ("getVideo", "deleteVideo"):
        return {}
    return {"requestId": "0" * 32} if name.startswith("nertc.") else ENVELOPE


def test_every_example_of_an_error_fits_its_schema() -> None:
    DOCUMENT.check_examples(more)


@pytest.mark.parametrize("name", DOCUMENT.operations)
def test_no_call_is_answered_against_the_document(
    tenant: Tenant, neroom: NeRoom, name: str
) -> None:
    http = session()

    @settings(BOUNDED, max_examples=4)
    @given(case=DOCUMENT.cases(name))
    def run(case: Any) -> None:
        wall_ms = wallclock.now_ms()
        case.headers = netease.signed_call(neroom.app_key, neroom.app_secret, "n", wall_ms)
        if "appKey" in (case.path_parameters or {}):
            case.path_parameters["appKey"] = neroom.app_key
        response = case.call(neroom.base_url, http, timeout=20)
        case.validate_response(response, checks=CHECKS)

    run()
    http.close()
