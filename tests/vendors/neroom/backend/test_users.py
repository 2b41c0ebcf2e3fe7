"""Accounts: made, changed, asked for, and the token with which the SDK signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend

USERS = "/neroom/v3/users"
WHOLE = {
    "user_uuid": "alice",
    "user_name": "Alice",
    "user_token": "t1",
    "icon": "i",
    "im_token": "m",
}


def test_an_account_is_told_as_it_was_made(backend: Backend) -> None:
    made = backend.call("POST", USERS, WHOLE)

    assert made["data"] == WHOLE
    assert backend.call("GET", f"{USERS}/alice")["data"] == WHOLE


def test_what_is_left_out_is_made_up_once(backend: Backend, neroom: NeRoom) -> None:
    made = backend.call("POST", USERS, {"user_uuid": "bob"})["data"]

    assert made["user_token"] == neroom.token("bob")
    assert len(made["im_token"]) == 32
    assert backend.call("GET", f"{USERS}/bob")["data"] == made


def test_a_second_creation_is_409_and_changes_nothing(backend: Backend) -> None:
    backend.call("POST", USERS, WHOLE)

    again = backend.call("POST", USERS, {**WHOLE, "user_name": "Other"})

    assert again["code"] == 409
    assert backend.call("GET", f"{USERS}/alice")["data"] == WHOLE


def test_the_older_layer_says_itself_what_a_second_creation_does(backend: Backend) -> None:
    path = f"/apps/{backend.neroom.app_key}/v1/users/alice"
    backend.call("PUT", path, {"userToken": "t1"})

    plain = backend.call("PUT", path, {"userToken": "t2"})
    new = backend.call("PUT", path, {"userToken": "t3", "assertNotExist": True})
    over = backend.call("PUT", path, {"userToken": "t4", "updateOnConflict": True, "icon": "i"})

    assert (plain["data"]["userToken"], new["code"], over["data"]["userToken"]) == ("t1", 409, "t4")
    assert list(over["data"]) == ["userUuid", "userToken", "imToken", "imKey", "rtcKey"]


def test_a_change_leaves_what_it_does_not_name(backend: Backend) -> None:
    backend.call("POST", USERS, WHOLE)

    changed = backend.call("PATCH", f"{USERS}/alice", {"user_token": "t2"})

    assert changed["data"] == {**WHOLE, "user_token": "t2"}


def test_a_user_whom_nobody_made_is_404(backend: Backend) -> None:
    found = backend.send("GET", f"{USERS}/nobody", headers=backend.signed())

    assert (found.status_code, found.json()["code"]) == (200, 404)
    assert backend.call("PATCH", f"{USERS}/nobody", {})["code"] == 404


def test_several_accounts_come_in_the_order_they_are_asked_for(backend: Backend) -> None:
    for user in ("a", "b"):
        backend.call("POST", USERS, {"user_uuid": user})

    found = backend.call("GET", f"{USERS}?user_uuids=b,nobody,a,b")["data"]

    assert [each["user_uuid"] for each in found] == ["b", "a"]


@pytest.mark.parametrize("query", ["", "?user_uuids=", f"?user_uuids={'a,' * 101}"])
def test_one_to_a_hundred_are_asked_for_at_a_time(backend: Backend, query: str) -> None:
    assert backend.call("GET", f"{USERS}{query}")["code"] == 400


def test_the_token_that_a_server_gave_is_the_one_that_counts(
    backend: Backend, tenant: Tenant, neroom: NeRoom
) -> None:
    backend.call("POST", USERS, WHOLE)
    query = {**neroom.sdk_query("alice"), "token": "t1"}

    member = tenant.member("neroom", query)

    assert member.call("createRoom", roomUuid="r")["code"] == 0
    with pytest.raises(BadRequest, match="INCORRECT_TOKEN"):
        tenant.member("neroom", neroom.sdk_query("alice"))
    assert backend.scene("POST", "/v1/login", user="alice")["code"] == 1027
    token = backend.call("POST", "/apps/v1/getToken", {"userUuid": "alice"})["data"]["userToken"]
    assert token == "t1"


def test_an_rtc_uid_is_given_or_made_up_and_stays(backend: Backend) -> None:
    path = "/neroom/v4/rtc_uid"

    own = backend.call("POST", path, {"user_uuid": "alice", "rtc_uid": 7})["data"]
    any_uid = backend.call("POST", path, {"user_uuid": "bob"})["data"]
    again = backend.call("POST", path, {"user_uuid": "bob"})["data"]

    assert own == {"user_uuid": "alice", "rtc_uid": 7}
    assert any_uid == again
    assert any_uid["rtc_uid"] >= 10_000_000


def test_who_has_an_rtc_uid_joins_with_it(backend: Backend) -> None:
    backend.call("POST", "/neroom/v4/rtc_uid", {"user_uuid": "alice", "rtc_uid": 7})
    backend.create()

    assert backend.enter()["data"]["member"]["rtcUid"] == 7


@pytest.mark.recording_emulator(live_limit=2)
def test_a_full_tenant_makes_no_more_accounts(backend: Backend) -> None:
    codes = [backend.call("POST", USERS, {"user_uuid": f"u{each}"})["code"] for each in range(3)]
    codes.append(backend.call("POST", "/neroom/v4/rtc_uid", {"user_uuid": "u9"})["code"])

    assert codes == [0, 0, 503, 503]


def test_no_token_stands_in_the_journal(backend: Backend) -> None:
    backend.call("POST", USERS, {**WHOLE, "user_token": "s3cret-a", "im_token": "s3cret-b"})
    backend.call("GET", f"{USERS}/alice")

    told = str(backend.neroom.journal()) + backend.neroom.canonical_journal().decode()

    assert "s3cret" not in told
