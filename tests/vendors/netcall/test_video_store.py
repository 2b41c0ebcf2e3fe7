"""The one HTTP API: a file by the ``vid`` of its copy, described and deleted."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients, Copies


def ask(netcall: Netcall, path: str, body: Any, **headers: str) -> httpx.Response:
    """Call the video store, signed as its clients sign."""
    wall_ms = wallclock.now_ms()
    signed = netease.signed_call(netcall.app_key, netcall.app_secret, "n-1", wall_ms)
    url = f"{netcall.base_url}/app/vod/video/{path}"
    return httpx.post(url, json=body, headers={**signed, **headers})


@pytest.fixture
def file(client: "Clients", netcall: Netcall, copies: "Copies") -> dict[str, Any]:
    """The copy of a file of a minute."""
    alice, _ = client.talking(caller={"recordVideo": True})
    netcall.advance(minutes=1)
    alice.call("hangup")
    netcall.advance(seconds=30)
    (found,) = copies.files
    return found


def test_a_file_is_found_by_the_vid_of_its_copy(netcall: Netcall, file: dict[str, Any]) -> None:
    early = ask(netcall, "get", {"vid": int(file["vid"])}).json()
    netcall.advance(seconds=200)
    late = ask(netcall, "get", {"vid": file["vid"]}).json()

    assert (early["code"], early["ret"]["status"], late["ret"]["status"]) == (200, 30, 40)
    assert late["ret"]["vid"] == int(file["vid"])
    assert late["ret"]["videoName"] == file["filename"]
    assert late["ret"]["origUrl"] == file["url"]
    assert late["ret"]["initialSize"] == int(file["size"]) == 600_000
    assert late["ret"]["duration"] == 60


def test_a_deleted_file_is_gone_and_its_url_with_it(netcall: Netcall, file: dict[str, Any]) -> None:
    asked = {"vid": int(file["vid"])}
    before = httpx.get(file["url"]).status_code

    deleted = ask(netcall, "videoDelete", asked).json()

    assert deleted == {"code": 200, "msg": "", "ret": {}}
    assert (before, httpx.get(file["url"]).status_code) == (200, 404)
    assert ask(netcall, "get", asked).json() == {"code": 404, "msg": "vid not found"}
    assert ask(netcall, "videoDelete", asked).json()["code"] == 404


@pytest.mark.parametrize(("effect", "status"), [("fail", 20), ("block", 50)])
def test_formats_may_not_be_made(
    client: "Clients", netcall: Netcall, copies: "Copies", effect: str, status: int
) -> None:
    netcall.faults.add("transcode", effect=effect)
    alice, _ = client.talking(caller={"recordVideo": True})
    netcall.advance(minutes=1)
    alice.call("hangup")
    netcall.advance(minutes=5)

    found = ask(netcall, "get", {"vid": copies.files[0]["vid"]}).json()

    assert found["ret"]["status"] == status


@pytest.mark.parametrize("body", [{}, {"vid": 0}, {"vid": "x"}, []])
def test_a_body_without_a_vid_is_414(netcall: Netcall, body: Any) -> None:
    assert ask(netcall, "get", body).json()["code"] == 414


def test_a_wrong_signature_is_401_and_says_in_a_hint_why(netcall: Netcall) -> None:
    answer = ask(netcall, "get", {"vid": 1}, CheckSum="0" * 40)

    assert answer.json()["code"] == 401
    assert "SHA1" in answer.headers["x-recording-emulator-hint"]


def test_a_wrong_method_is_405(netcall: Netcall) -> None:
    headers = netease.signed_call(netcall.app_key, netcall.app_secret, "n", wallclock.now_ms())

    answer = httpx.get(f"{netcall.base_url}/app/vod/video/get", headers=headers)

    assert answer.status_code == 405


def test_nobodys_app_key_is_403(netcall: Netcall) -> None:
    answer = ask(netcall, "get", {"vid": 1}, AppKey="nobody's")

    assert answer.json() == {"code": 403, "msg": "Forbidden"}


@pytest.mark.parametrize("app_key", ["", "nobody's"])
def test_what_is_not_modelled_says_so(netcall: Netcall, app_key: str) -> None:
    headers = {"AppKey": app_key or netcall.app_key}

    answer = httpx.post(f"{netcall.base_url}/nimserver/user/create.action", headers=headers)

    assert answer.status_code == 404
    assert "/netcall/sdk" in answer.headers["x-recording-emulator-hint"]
