"""Who may call NERoom over HTTP: paths, signatures, tokens, and which check wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.families.netease import call_checksum
from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.backend.conftest import Backend

HINT = "x-recording-emulator-hint"
USERS = "/neroom/v3/users?user_uuids=alice"


def test_an_answer_has_the_envelope_in_the_vendors_order(backend: Backend) -> None:
    found = backend.send("GET", USERS, headers=backend.signed())

    body = found.json()
    assert found.headers["content-type"] == "application/json;charset=utf-8"
    assert list(body) == ["code", "msg", "requestId", "ts", "cost", "data"]
    assert (body["code"], body["msg"], body["data"]) == (0, "Success", [])
    assert len(body["requestId"]) == 32
    assert body["ts"] == 1_893_456_000_000


def test_every_answer_has_a_request_id_of_its_own(backend: Backend) -> None:
    ids = {backend.call("GET", USERS)["requestId"] for _ in range(5)}

    assert len(ids) == 5


def signed_at(backend: Backend, cur_time: str, secret: str | None = None) -> dict[str, str]:
    key = backend.neroom.app_secret if secret is None else secret
    checksum = call_checksum(key, "n", cur_time)
    app_key = backend.neroom.app_key
    return {"AppKey": app_key, "Nonce": "n", "CurTime": cur_time, "CheckSum": checksum}


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        ({"CheckSum": "0" * 40}, "CheckSum: not SHA1(AppSecret + Nonce + CurTime)"),
        ({"CheckSum": ""}, "CheckSum: missing"),
        ({"Nonce": ""}, "Nonce: 1 to 128 characters, not 0"),
        ({"Nonce": "n" * 129}, "Nonce: 1 to 128 characters, not 129"),
        ({"CurTime": "soon"}, "CurTime: seconds since 1970 in digits, not 'soon'"),
        ({"CurTime": "1767225600"}, "behind, at most 300"),
        ({"AppKey": ""}, "AppKey: missing"),
    ],
)
def test_a_wrong_signature_is_401_and_names_the_header(
    backend: Backend, spoil: dict[str, str], hint: str
) -> None:
    found = backend.send("GET", USERS, headers={**backend.signed(), **spoil})

    assert (found.status_code, found.json()["code"], found.json()["msg"]) == (
        200,
        401,
        "Unauthorized",
    )
    assert "data" not in found.json()
    if spoil != {"AppKey": ""}:
        assert hint in found.headers[HINT]


def test_an_app_key_that_is_nobodys_is_403(backend: Backend) -> None:
    found = backend.send("GET", USERS, headers={**backend.signed(), "AppKey": "nobody"})

    assert (found.status_code, found.json()["code"]) == (200, 403)
    assert found.json()["requestId"] == "0" * 32


def test_the_app_key_of_the_path_and_that_of_the_headers_are_one(backend: Backend) -> None:
    path = f"/scene/apps/{backend.neroom.app_key}/v1/rooms/room-7/snapshot"

    found = backend.send("GET", path, headers={**backend.signed(), "AppKey": "another"})

    assert found.json()["code"] == 403


@pytest.mark.parametrize("off_s", [-299, 299])
def test_a_clock_may_be_almost_five_minutes_off(backend: Backend, off_s: int) -> None:
    cur_time = str(wallclock.now_ms() // 1000 + off_s)

    found = backend.send("GET", USERS, headers=signed_at(backend, cur_time))

    assert found.json()["code"] == 0


@pytest.mark.recording_emulator(settings={"neroom": {"curtime_skew_s": 10}})
def test_a_tenant_may_allow_less(backend: Backend) -> None:
    cur_time = str(wallclock.now_ms() // 1000 - 60)

    found = backend.send("GET", USERS, headers=signed_at(backend, cur_time))

    assert found.json()["code"] == 401


def test_milliseconds_are_taken_as_the_education_line_sends_them(backend: Backend) -> None:
    found = backend.send("GET", USERS, headers=signed_at(backend, str(wallclock.now_ms())))

    assert found.json()["code"] == 0


@pytest.mark.recording_emulator(settings={"neroom": {"lenient_curtime": False}})
def test_or_they_are_not(backend: Backend) -> None:
    found = backend.send("GET", USERS, headers=signed_at(backend, str(wallclock.now_ms())))

    assert found.json()["code"] == 401


def test_a_clock_that_a_fault_moves_makes_signatures_stale(backend: Backend) -> None:
    backend.neroom.faults.add("door", effect="skew", by_ms=600_000, times=1)

    answers = [backend.call("GET", USERS)["code"] for _ in range(2)]

    assert answers == [401, 0]


# --- users ----------------------------------------------------------------------------------------


def scene(backend: Backend, headers: dict[str, str]) -> httpx.Response:
    return backend.send("POST", f"/scene/apps/{backend.neroom.app_key}/v1/login", headers=headers)


def test_a_user_signs_in_with_the_token_of_the_sdk(backend: Backend) -> None:
    found = backend.scene("POST", "/v1/login", user="alice")

    own = backend.neroom
    assert found["data"] == {
        "userUuid": "alice",
        "userToken": own.token("alice"),
        "imToken": found["data"]["imToken"],
        "imKey": own.app_key,
        "rtcKey": own.app_key,
    }


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 102),
        ({"user": "alice"}, 102),
        ({"token": "t"}, 102),
        ({"user": "a" * 65, "token": "t"}, 102),
        ({"user": "alice", "token": "wrong"}, 1027),
    ],
)
def test_a_user_without_the_right_token_is_refused(
    backend: Backend, headers: dict[str, str], code: int
) -> None:
    assert scene(backend, headers).json()["code"] == code


def test_a_signature_signs_nobody_in(backend: Backend) -> None:
    assert backend.scene("POST", "/v1/login")["code"] == 400


# --- paths ----------------------------------------------------------------------------------------


def test_a_path_that_is_none_is_404_whoever_asks(backend: Backend) -> None:
    found = [
        backend.send("GET", "/neroom/v3/nothing", headers=backend.signed()),
        backend.send("GET", "/neroom/v3/nothing"),
        backend.send("GET", "/"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in found] == [(404, 404)] * 3


def test_another_method_is_405_and_the_hint_names_the_right_ones(backend: Backend) -> None:
    found = backend.send("PATCH", "/neroom/v3/users", headers=backend.signed())

    assert (found.status_code, found.json()["code"]) == (405, 405)
    assert found.headers[HINT].endswith("POST, GET is")


@pytest.mark.parametrize("path", ["/neroom/v4/rooms", "/v4/rooms", "/neroom/v3/rooms"])
def test_a_room_is_made_under_each_path_that_the_documents_have(
    backend: Backend, path: str
) -> None:
    assert backend.call("POST", path, {"room_uuid": "r"})["code"] == 0


def test_a_client_whose_host_alone_was_changed_is_understood(backend: Backend) -> None:
    root = backend.neroom.base_url.removesuffix("/neroom")
    own = backend.neroom.app_key
    paths = ("/neroom/v3/users?user_uuids=a", "/apps/v2/online-user-list?roomArchiveId=1")

    codes = [backend.http.get(f"{root}{path}", headers=backend.signed()).json()["code"]
             for path in paths]  # fmt: skip
    login = backend.http.post(
        f"{root}/scene/apps/{own}/v1/login",
        headers={"user": "a", "token": backend.neroom.token("a")},
    )

    assert codes == [0, 1004]
    assert login.json()["code"] == 0


@pytest.mark.parametrize(
    ("host", "method", "path", "code"),
    [
        ("roomkit.netease.im", "GET", "/neroom/v3/users?user_uuids=a", 0),
        ("roomkit-sg.yunxinapi.com", "GET", "/v3/users?user_uuids=a", 0),
        ("vcloud.163.com", "POST", "/app/vod/video/get", 414),
    ],
)
def test_the_vendors_own_hosts_lead_here(
    backend: Backend, host: str, method: str, path: str, code: int
) -> None:
    root = backend.neroom.base_url.removesuffix("/neroom")

    found = backend.http.request(
        method, f"{root}{path}", headers={**backend.signed(), "Host": host}
    )

    assert found.json()["code"] == code


# --- the order of the checks ----------------------------------------------------------------------


def wrong_path(request: dict[str, Any]) -> None:
    request["path"] = "/neroom/v9/users"


def wrong_method(request: dict[str, Any]) -> None:
    request["method"] = "PUT"


def no_app_key(request: dict[str, Any]) -> None:
    request["headers"]["AppKey"] = ""


def wrong_sum(request: dict[str, Any]) -> None:
    request["headers"]["CheckSum"] = "0" * 40


def cut_body(request: dict[str, Any]) -> None:
    request["body"] = b'{"user_uuid":'


ORDER = [(wrong_path, 404), (wrong_method, 405), (no_app_key, 401), (wrong_sum, 401),
         (cut_body, 400)]  # fmt: skip


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_of_several_faults_the_earliest_check_answers(backend: Backend, first: int) -> None:
    request: dict[str, Any] = {
        "method": "POST",
        "path": "/neroom/v3/users",
        "headers": backend.signed(),
        "body": b'{"user_uuid":"a"}',
    }
    for spoil, _ in reversed(ORDER[first:]):
        spoil(request)

    found = backend.send(request["method"], request["path"], request["body"], request["headers"])

    assert found.json()["code"] == ORDER[first][1]


# --- an open tenant -------------------------------------------------------------------------------


def test_an_open_tenant_takes_any_well_formed_credential() -> None:
    server = Emulator(adapters=(ADAPTER,))
    tenant = server.tenant("open", is_open=True)
    own = tenant.vendor("neroom")
    assert isinstance(own, NeRoom)
    wall = str(wallclock.now_ms() // 1000)
    signed = {"AppKey": "mine", "Nonce": "1", "CurTime": wall, "CheckSum": "f" * 40}
    user = {"user": "alice", "token": "any"}

    def code(method: str, path: str, headers: dict[str, str]) -> int:
        url = f"{own.base_url}{path}"
        return int(httpx.request(method, url, headers=headers).json()["code"])

    codes = [
        code("GET", "/neroom/v3/users?user_uuids=a", signed),
        code("POST", "/scene/apps/mine/v1/login", user),
        code("GET", "/neroom/v3/users?user_uuids=a", {**signed, "CheckSum": ""}),
        code("POST", "/scene/apps/mine/v1/login", {"user": "alice"}),
        code("GET", "/neroom/v3/users?user_uuids=a", {**signed, "AppKey": ""}),
    ]
    server.close()

    assert codes == [0, 0, 401, 102, 401]
