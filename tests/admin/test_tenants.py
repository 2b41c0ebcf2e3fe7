"""Tenants over the admin API: made, described, configured, deleted, and how each can fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from recording_emulator.vendors.agora import ADAPTER
from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.admin.conftest import Control

TENANTS = "/_emulator/tenants"
SETTINGS = msgspec.to_builtins(ADAPTER.settings())
ALL = {each.name: msgspec.json.decode(msgspec.json.encode(each.settings())) for each in load()}
VENDORS = list(ALL)


@pytest.fixture
def second(control: Control) -> Iterator[str]:
    """A name for one more tenant, which is deleted afterwards."""
    name = f"second-{control.tenant.info.id[-8:]}"
    yield name
    control.ask("DELETE", f"{TENANTS}/{name}")


def test_health_says_how_many_tenants_there_are(control: Control, second: str) -> None:
    before = control.get("/_emulator/health")

    control.ask("POST", TENANTS, {"name": second})

    after = control.get("/_emulator/health")
    assert after == {**before, "status": "ok", "tenants": before["tenants"] + 1}
    assert control.get("/_emulator/ready") == after


def test_a_new_tenant_is_described_whole(control: Control, second: str) -> None:
    made = control.ask("POST", TENANTS, {"name": second, "seed": 7}).json()

    pair = made["credentials"]["agora"]
    assert made == {
        "name": second,
        "id": second,
        "mode": "manual",
        "seed": 7,
        "start_ms": 1_893_456_000_000,
        "now_ms": 1_893_456_000_000,
        "is_open": False,
        "credentials": {name: made["credentials"][name] for name in VENDORS},
        "settings": ALL,
    }
    assert {name: len(value) for name, value in pair.items()} == {
        "app_id": 32,
        "customer_id": 32,
        "customer_secret": 32,
        "callback_secret": 16,
    }
    assert control.get(f"{TENANTS}/{second}") == made
    assert made in control.get(TENANTS)["tenants"]


def test_credentials_follow_from_the_name_and_not_from_the_seed(
    control: Control, second: str
) -> None:
    first = control.ask("POST", TENANTS, {"name": second, "seed": 1}).json()["credentials"]
    control.ask("DELETE", f"{TENANTS}/{second}")

    again = control.ask("POST", TENANTS, {"name": second, "seed": 2}).json()["credentials"]

    assert again == first
    assert again != control.get()["credentials"]


def test_a_name_that_cannot_stand_in_a_url_gets_a_readable_id(control: Control) -> None:
    made = control.ask("POST", TENANTS, {"name": "tests/a.py::test_stop[网]"}).json()

    deleted = control.ask("DELETE", f"{TENANTS}/{made['id']}").status_code

    assert made["id"].startswith("test_stop-")
    assert made["id"].isascii()
    assert deleted == 204


def test_a_taken_name_is_409_and_the_tenant_that_has_it_stays(control: Control) -> None:
    name = control.get()["name"]
    control.start()
    before = control.get("/tasks")

    refused = control.refused("POST", TENANTS, {"name": name, "seed": 5})

    assert refused == (409, "Conflict", f"tenant {name!r} exists already")
    assert control.get("/tasks") == before


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({}, "Object missing required field `name`"),
        ({"name": ""}, "a tenant's name has 1 to 1,000 characters"),
        ({"name": "x" * 1_001}, "a tenant's name has 1 to 1,000 characters"),
        ({"name": "n", "audience": "all"}, "audience is 'auto' or 'none', not 'all'"),
        ({"name": "n", "speed": 0}, "speed is above 0 and at most 1,000,000, not 0.0"),
        ({"name": "n", "mode": "fast"}, "Invalid enum value 'fast' - at `$.mode`"),
        ({"name": "n", "seed": "7"}, "Expected `int`, got `str` - at `$.seed`"),
        ({"name": "n", "settings": {"zoom": {}}}, f"no vendor 'zoom'; there are {VENDORS}"),
        (
            {"name": "n", "settings": {"agora": {"upload": 5}}},
            "settings.agora: Object contains unknown field `upload`; its settings are "
            + ", ".join(SETTINGS),
        ),
        (
            {"name": "n", "settings": {"agora": {"upload_ms": -1}}},
            "settings.agora: Expected `int` >= 0 - at `$.upload_ms`; its settings are ",
        ),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_and_is_not_made(
    control: Control, wanted: dict[str, Any], message: str
) -> None:
    before = control.get(TENANTS)

    status, error, told = control.refused("POST", TENANTS, wanted)

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get(TENANTS) == before


def test_settings_change_one_by_one_and_the_rest_stay(control: Control) -> None:
    control.ask("PATCH", "", {"settings": {"agora": {"upload_ms": 5_000}}})

    changed = control.ask("PATCH", "", {"settings": {"agora": {"lax_uid": True}}}).json()

    expected = {**SETTINGS, "upload_ms": 5_000, "lax_uid": True}
    assert changed["settings"] == {**ALL, "agora": expected}
    assert control.get()["settings"] == {**ALL, "agora": expected}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"agora": {"upload_ms": "5"}}, "settings.agora: Expected `int`"),
        ({"agora": {"account": "gone"}}, "settings.agora: Invalid enum value 'gone'"),
        ({"agora": {"upload": 1}}, "settings.agora: Object contains unknown field `upload`"),
        ({"zoom": {}}, f"no vendor 'zoom'; there are {VENDORS}"),
        ({"agora": {"lax_uid": True}, "zoom": {}}, f"no vendor 'zoom'; there are {VENDORS}"),
        ({"agora": None}, "Expected `object`, got `null`"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_none_changes(
    control: Control, settings: dict[str, Any], message: str
) -> None:
    before = control.get()

    status, error, told = control.refused("PATCH", "", {"settings": settings})

    assert (status, error) == (400, "BadRequest")
    assert told.startswith(message)
    assert control.get() == before


def test_credentials_can_be_given_in_place_of_the_derived_ones(
    control: Control, second: str
) -> None:
    def wanted(**credentials: dict[str, str]) -> httpx.Response:
        return control.ask("POST", TENANTS, {"name": second, "credentials": credentials})

    strange, nobody = wanted(agora={"secret": "x"}), wanted(acme={})
    made = wanted(agora={"customer_secret": "mine"}).json()["credentials"]["agora"]

    assert made["customer_secret"] == "mine"
    assert made["customer_id"] != ""
    assert "credentials.agora has no 'secret'" in strange.text
    assert (strange.status_code, nobody.status_code) == (400, 400)


def test_a_deleted_tenant_is_gone_with_its_credentials(control: Control) -> None:
    credentials = control.get()["credentials"]
    deleted = control.ask("DELETE").status_code

    gone = control.ask("GET").status_code
    again = control.ask("POST", TENANTS, {"name": control.tenant.name}).json()

    assert (deleted, gone) == (204, 404)
    assert again["credentials"] == credentials
    assert control.get("/tasks") == {"tasks": [], "count": 0}


def test_a_server_has_one_open_tenant(control: Control, second: str) -> None:
    control.ask("POST", TENANTS, {"name": second, "is_open": True})

    refused = control.refused("POST", TENANTS, {"name": f"{second}-too", "is_open": True})

    assert refused == (409, "Conflict", f"tenant {second!r} is open already; a server has one")
    assert control.ask("GET", f"{TENANTS}/{second}-too").status_code == 404


def test_a_tenant_may_be_called_back_on_hosts_of_its_own(control: Control, second: str) -> None:
    made = control.ask("POST", TENANTS, {"name": second, "allow_hosts": ["App.test"]})

    snapshot = control.ask("GET", f"{TENANTS}/{second}/snapshot").json()

    assert made.status_code == 201
    assert snapshot["world"]["spec"]["allow_hosts"] == ["app.test"]
