"""Requests that belong to nobody: the vendor's own error, a hint, and a journal of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recording_emulator.vendors.agora import client

if TYPE_CHECKING:
    from tests.server.conftest import Served


async def test_a_typo_in_the_app_id_is_answered_with_the_nearest_there_is(served: Served) -> None:
    pair = served.credentials("mine")
    app = pair["app_id"]
    typo = f"{app[:-1]}{'0' if app[-1] != '0' else '1'}"
    call = client.acquire({**pair, "app_id": typo, "customer_id": "someone"}, "demo", "1")

    answer = await served.send(call, "/agora")

    hint = f"app_id {typo!r}: tenant 'mine' has app_id {app!r}"
    assert (answer.status_code, answer.json()) == (
        401,
        {"message": "Invalid authentication credentials"},
    )
    assert answer.headers["x-recording-emulator-hint"] == hint
    assert (await served.http.get("/_emulator/unclaimed")).json() == {
        "unclaimed": [
            {
                "seq": 1,
                "vendor": "agora",
                "method": "POST",
                "path": f"/v1/apps/{typo}/cloud_recording/acquire",
                "keys": [["agora", "app_id", typo], ["agora", "customer_id", "someone"]],
                "hint": hint,
            }
        ],
        "count": 1,
    }


async def test_an_unknown_app_id_with_a_known_customer_is_that_tenants_and_gets_its_error(
    served: Served,
) -> None:
    pair = served.credentials("mine")

    answer = await served.send(client.acquire({**pair, "app_id": "f" * 32}, "demo", "1"), "/agora")

    assert (answer.status_code, answer.json()) == (400, {"message": "appid is invalid"})
    assert answer.headers["x-recording-emulator-hint"] == (
        f"the App ID of tenant 'mine' is {pair['app_id']}"
    )
    assert not served.directory.unclaimed


async def test_a_wrong_secret_is_the_tenants_affair_and_is_in_its_journal(served: Served) -> None:
    pair = served.credentials("mine")
    call = client.acquire({**pair, "customer_secret": "wrong"}, "demo", "1")

    answer = await served.send(call, "/agora")

    entries = [(each.kind, each.name) for each in served.directory.get("mine").world.journal]
    assert answer.status_code == 401
    assert entries == [
        ("call", "agora.acquire"),
        ("reply", "Invalid authentication credentials"),
    ]
    assert not served.directory.unclaimed


async def test_without_any_tenant_the_hint_says_how_to_make_one(served: Served) -> None:
    stranger = {"app_id": "a" * 32, "customer_id": "c", "customer_secret": "s"}

    answer = await served.send(client.acquire(stranger, "demo", "1"), "/agora")

    assert answer.headers["x-recording-emulator-hint"] == (
        "no tenant has these credentials; no tenant exists: create one under /_emulator/tenants"
    )


async def test_no_credentials_at_all_get_the_vendors_answer_to_that(served: Served) -> None:
    served.credentials("mine")

    answer = await served.http.post("/agora/v1/apps/someone/cloud_recording/acquire")

    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


async def test_an_open_tenant_takes_any_well_formed_credentials(served: Served) -> None:
    served.credentials("default", is_open=True)
    stranger = {"app_id": "a" * 32, "customer_id": "c", "customer_secret": "s"}

    answer = await served.send(client.acquire(stranger, "demo", "1"), "/agora")

    assert answer.status_code == 200
    assert not served.directory.unclaimed


async def test_the_journal_of_the_unclaimed_keeps_the_latest_and_counts_all(served: Served) -> None:
    stranger = {"app_id": "a" * 32, "customer_id": "c", "customer_secret": "s"}
    call = client.acquire(stranger, "demo", "1")

    for _ in range(1_001):
        await served.send(call, "/agora")

    told = (await served.http.get("/_emulator/unclaimed")).json()
    assert (told["count"], len(told["unclaimed"])) == (1_001, 1_000)
    assert told["unclaimed"][0]["seq"] == 2
