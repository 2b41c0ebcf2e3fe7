"""Every row of the catalogue can be answered by a fault, in the shape its promise is rejected with.

What leads to a row without one stands beside what it is about.
"""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.vendors.netcall import ADAPTER, errors
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients

NAMED = ("20", "11405", "67")


def shape(row: str, error: Any) -> bool:
    """Whether an error has one of the shapes the sheet has for its kind."""
    if isinstance(error, str):
        return error.startswith(f"{row}: ")
    code = next((each.code for each in errors.ROWS if each.id == row), None)
    if row.startswith(NAMED) and code is not None:
        return set(error) == {"name", "code", "desc"} and error["code"] == code
    if "errorType" in error or "type" in error or error.get("name") == "TypeError":
        return True
    if "callFunc" in error:
        return bool(error.get("code") == code)
    return set(error) == {"code"} and error["code"] in (code, row)


@pytest.mark.parametrize("build", ["netcall-8.5", "webrtc-8.5", "webrtc-6.1"])
@pytest.mark.parametrize("row", [each.id for each in errors.ROWS])
def test_a_fault_answers_a_call_with_it(
    client: "Clients", netcall: Netcall, row: str, build: str
) -> None:
    alice = client("alice", build)
    netcall.faults.answer("hangup", code=row)

    error = alice.rejected("hangup")

    assert shape(row, error)
    assert alice.call("hangup") is None


@pytest.mark.parametrize(("build", "code"), [("netcall-8.5", 408), ("webrtc-8.5", 408)])
def test_a_fault_on_call_is_merged_as_the_tenants_build_has_it(
    client: "Clients", netcall: Netcall, build: str, code: int
) -> None:
    netcall.configure(sdk_profile=build)
    client("bob")
    netcall.faults.answer("call", code=code)

    given = {"account": "bob", "type": 2, "pushConfig": {}, "sessionConfig": {}}
    error = client("alice", build).rejected("call", **given)

    assert error["code"] == code
    assert ("serverCode" in error) == (build == "webrtc-8.5")


VIDEO_ROWS = [each.id for each in ADAPTER.surface.errors if each.id.startswith("video ")]


@pytest.mark.parametrize("row", VIDEO_ROWS)
def test_a_fault_answers_the_video_store_with_it(netcall: Netcall, row: str) -> None:
    netcall.faults.answer("getVideo", code=row)
    headers = netease.signed_call(netcall.app_key, netcall.app_secret, "n", wallclock.now_ms())

    url = f"{netcall.base_url}/app/vod/video/get"
    answer = httpx.post(url, json={"vid": 1}, headers=headers).json()

    assert answer == {"code": int(row.split()[1]), "msg": row.split(" ", 2)[2]}
