"""Every call over HTTP can be answered with an error on demand, and broken on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from recording_emulator.families import vod
from recording_emulator.testing import Tenant
from recording_emulator.vendors.neroom import paths
from recording_emulator.vendors.neroom.errors import ROWS
from recording_emulator.vendors.neroom.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend

USERS = "/neroom/v3/users?user_uuids=a"
OVER_HTTP = [each for each in SURFACE.operations if each.name in paths.NAMES]


@pytest.mark.parametrize("row", ROWS, ids=lambda each: each.id)
def test_a_call_is_answered_with_any_row_once(backend: Backend, row: object) -> None:
    assert row in SURFACE.errors
    shown = next(each for each in ROWS if each is row)
    backend.neroom.faults.answer("restGetUsers", shown.id)

    first, second = (backend.send("GET", USERS, None, backend.signed()) for _ in range(2))

    assert (first.status_code, first.json()["code"]) == (shown.http, shown.code)
    assert first.json()["msg"] == shown.text
    assert second.json()["code"] == 0


@pytest.mark.parametrize("row", vod.ROWS, ids=lambda each: each.id)
def test_the_video_store_is_answered_with_its_own_rows(backend: Backend, row: object) -> None:
    shown = next(each for each in vod.ROWS if each is row)
    backend.neroom.faults.answer("getVideo", shown.id)

    found = backend.send("POST", "/app/vod/video/get", {"vid": 1}, backend.signed())

    assert found.status_code == shown.http
    assert found.json() == {"code": shown.code, "msg": shown.text}


def test_a_bare_code_means_the_stores_own_error_there(backend: Backend) -> None:
    backend.neroom.faults.answer("getVideo", 404)

    assert backend.video("get", 1) == {"code": 404, "msg": "vid not found"}


@pytest.mark.parametrize("operation", [each.name for each in OVER_HTTP])
def test_a_fault_on_any_call_is_answered(backend: Backend, operation: str) -> None:
    archive = backend.recording()
    shown = next(each for each in OVER_HTTP if each.name == operation)
    named = {
        "appKey": backend.neroom.app_key, "roomUuid": "room-7", "userUuid": "alice",
        "user_uuid": "alice", "room_archive_id": archive, "streamType": "audio",
        "recordState": "0", "key": "lock",
    }  # fmt: skip
    backend.neroom.faults.answer(operation, 600730)

    found = backend.send(shown.method, shown.path.format(**named), b"{}", backend.signed())

    assert (found.status_code, found.json()["code"]) == (200, 600730)


def test_a_stop_may_be_carried_out_and_its_answer_lost(backend: Backend) -> None:
    backend.recording()
    backend.neroom.faults.add("call", operation="sceneRecord", effect="reset", commit=True, times=1)

    with pytest.raises(httpx.TransportError):
        backend.record("0", user="alice")

    assert backend.record("0", user="alice")["code"] == 800


def test_a_tenant_told_twice_tells_the_same_over_http(backend: Backend, tenant: Tenant) -> None:
    told = []
    for _ in range(2):
        again = tenant.emulator.tenant("twin over http", replace=True, seed=7)
        twin = backend.of(again)
        archive = twin.recording()
        twin.neroom.advance(minutes=5)
        twin.record("0")
        twin.neroom.advance(minutes=5)
        twin.archived("GET", archive, "/media_info")
        told.append(twin.neroom.canonical_journal())
        twin.http.close()
        again.close()

    assert told[0] == told[1]


def test_accounts_and_files_of_the_store_come_back_with_a_snapshot(
    backend: Backend, tenant: Tenant
) -> None:
    backend.call("POST", "/neroom/v3/users", {"user_uuid": "bob", "user_name": "Bob"})
    archive = backend.recording()
    backend.neroom.advance(minutes=1)
    backend.record("0")
    backend.neroom.advance(minutes=1)
    vid = backend.archived("GET", archive, "/media_info")["data"]["file_infos"][0]["vid"]
    written = backend.neroom.snapshot()

    other = tenant.emulator.restore(written, name="rest-fork")
    fork = backend.of(other)
    fork.neroom.advance(minutes=5)

    assert fork.call("GET", "/neroom/v3/users/bob")["data"]["user_name"] == "Bob"
    assert fork.video("get", vid)["ret"]["status"] == 40
    assert backend.video("get", vid)["ret"]["status"] == 30
    fork.http.close()
    other.close()
