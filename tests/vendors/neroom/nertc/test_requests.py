"""What a call is refused for: path, headers, rate, every field; and each in the vendor's shape."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.inputs import Exit
from recording_emulator.vendors.neroom.settings import Settings

if TYPE_CHECKING:
    from tests.vendors.neroom.nertc.conftest import Server

ROOM = "room-7"
ROOMS_OWN = Exit(member="", user="", room="")
SUBMIT = "/v2/api/cloudrecord/submit"
FILES = "/nimserver/history/queryMediaFileByChannelId.action"


def said(response: httpx.Response) -> tuple[int, Any, Any]:
    told = response.json()
    assert list(told) == ["code", "errmsg", "requestId"]
    return response.status_code, told["code"], told["errmsg"]


# --- paths and headers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/v2/api/nothing", "/v3/api/room", "/v2/api/rooms/1/2", "/v3/api/", "/v2/api/room/"]
)
def test_a_path_that_is_none_is_a_404_of_http(server: "Server", path: str) -> None:
    assert said(server.http("POST", path)) == (404, 404, "no such path")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SUBMIT),
        ("PUT", "/v2/api/room"),
        ("POST", "/v3/api/rooms"),
        ("DELETE", "/v2/api/rooms/1/members"),
        ("GET", FILES),
    ],
)
def test_a_method_that_a_path_has_not_is_a_405(server: "Server", method: str, path: str) -> None:
    assert said(server.http(method, path)) == (405, 405, "method not allowed")


WRONG: list[tuple[str, dict[str, str]]] = [
    ("Nonce", {"Nonce": ""}),
    ("Nonce", {"Nonce": "n" * 129}),
    ("CurTime", {"CurTime": ""}),
    ("CurTime", {"CurTime": "soon"}),
    ("CurTime", {"CurTime": "1767225600"}),
    ("CheckSum", {"CheckSum": ""}),
    ("CheckSum", {"CheckSum": "0" * 40}),
]


@pytest.mark.parametrize(("header", "other"), WRONG, ids=str)
def test_a_wrong_header_is_414_and_named(
    talking: "Server", header: str, other: dict[str, str]
) -> None:
    refused = talking.http("POST", SUBMIT, headers=talking.headers(**other), json={"cid": 1})

    assert said(refused) == (200, 414, f"invalid header: {header}")


def test_an_app_key_that_is_nobodys_is_403_and_none_is_414(server: "Server") -> None:
    other = server.http("POST", SUBMIT, headers=server.headers(AppKey="another"))
    none = server.http("POST", SUBMIT, headers=server.headers(AppKey=""))
    lost = server.http("POST", "/v2/api/nothing", headers=server.headers(AppKey="another"))

    assert said(other) == (200, 403, "forbidden")
    assert said(none) == (200, 414, "invalid header: AppKey")
    assert said(lost) == (404, 404, "no such path")


def test_an_open_tenant_takes_any_signature_that_is_well_formed() -> None:
    server = Emulator()
    server.tenant("an open one", is_open=True)
    signed = {
        "AppKey": "any", "Nonce": "1", "CurTime": str(wallclock.now_ms()), "CheckSum": "any",
    }  # fmt: skip

    with httpx.Client(base_url=server.url) as http:  # at the root, CurTime in milliseconds
        made = http.post("/v2/api/room", headers=signed, json={"channelName": "a"})
        keyless = {**signed, "AppKey": ""}
        refused = http.post("/v2/api/room", headers=keyless, json={"channelName": "b"})
    server.close()

    assert made.json()["code"] == 200
    assert said(refused) == (200, 414, "invalid header: AppKey")


@pytest.mark.recording_emulator(settings={"neroom": {"lenient_curtime": False}})
def test_milliseconds_can_be_refused(server: "Server") -> None:
    own = server.headers()
    given = server.headers(CurTime=f"{own['CurTime']}000")

    refused = server.http("POST", SUBMIT, headers=given, json={"cid": 1})

    assert said(refused) == (200, 414, "invalid header: CurTime")


# --- rate -----------------------------------------------------------------------------------------


@pytest.mark.recording_emulator(settings={"neroom": {"nertc_qps": 50}})
def test_the_fifty_first_call_in_a_second_is_429(server: "Server", neroom: NeRoom) -> None:
    told = [server.look() for _ in range(51)]
    neroom.advance(seconds=1)

    assert [each["code"] for each in told] == [404] * 50 + [429]
    assert told[-1]["errmsg"] == "too many requests"
    assert server.look()["code"] == 404


def test_where_limits_are_on_it_is_fifty_and_nerooms_own_calls_are_not_counted() -> None:
    from recording_emulator.vendors.neroom import ADAPTER

    call = ADAPTER.quota("nertc.v2.submit", ROOMS_OWN, Settings(), True)
    other = ADAPTER.quota("leaveRoom", ROOMS_OWN, Settings(), True)
    off = ADAPTER.quota("nertc.v2.submit", ROOMS_OWN, Settings(), False)

    assert call is not None
    assert (call.per_second, call.row) == (50, "NERTC 429 too many requests")
    assert other is off is None


# --- fields ---------------------------------------------------------------------------------------

BODIES: list[tuple[str, Any]] = [
    ("cid", {}),
    ("cid", {"cid": 0}),
    ("cid", {"cid": "room-7"}),
    ("cid", {"cid": True}),
    ("cid", {"cid": None}),
    ("cid", {"cid": 2**63}),
    ("uid", {"uid": "me"}),
    ("uid", {"uid": -1}),
    ("streamSubscribe.streamType", {"streamSubscribe": {}}),
    ("streamSubscribe.streamType", {"streamSubscribe": {"audioUidList": {}}}),
    ("streamSubscribe.streamType", {"streamSubscribe": {"streamType": 3}}),
    ("streamSubscribe", {"streamSubscribe": []}),
    (
        "streamSubscribe.audioUidList.subscribeUids[0]",
        {"streamSubscribe": {"streamType": 0, "audioUidList": {"subscribeUids": ["me"]}}},
    ),
    ("recordConfig.recordType", {"recordConfig": {"recordType": 3}}),
    ("recordConfig.fileFormat", {"recordConfig": {"fileFormat": 3}}),
    ("recordConfig.modeList", {"recordConfig": {"recordType": 100}}),
    ("recordConfig.modeList", {"recordConfig": {"modeList": [{"mode": 1}, {"mode": 1}]}}),
    ("recordConfig.modeList[0].mode", {"recordConfig": {"modeList": [{"mode": 7}]}}),
    ("recordConfig.modeList[0].mode", {"recordConfig": {"modeList": [{}]}}),
    ("layoutConfig.layoutType", {"layoutConfig": {"layoutType": 5}}),
    ("layoutConfig.layout", {"layoutConfig": {"layout": "wide"}}),
    ("watermark.imgWms", {"watermark": {"imgWms": {}}}),
    ("detect", {"detect": 1}),
    ("body", []),
    ("body", "cid"),
    ("body", {"layoutConfig": {"layout": {"canvas": {"width": 10**30}}}}),
]


@pytest.mark.parametrize(("field", "body"), BODIES, ids=str)
def test_a_wrong_field_is_414_and_named(talking: "Server", field: str, body: Any) -> None:
    if isinstance(body, dict) and field != "cid":
        body = {"cid": talking.cid, **body}

    refused = talking.http("POST", SUBMIT, json=body)

    assert said(refused) == (200, 414, f"invalid parameter: {field}")
    assert talking.tasks() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"cid": 1e999}', b"[" * 5_000, b'{"a":' * 40 + b"1" + b"}" * 40]
)
def test_a_body_that_is_no_object_is_414(talking: "Server", body: bytes) -> None:
    refused = talking.http("POST", SUBMIT, content=body)

    assert said(refused) == (200, 414, "invalid parameter: body")


@pytest.mark.parametrize("path", [SUBMIT, "/v2/api/room", FILES, "/v3/api/record?cname=room-7"])
def test_a_body_that_is_too_large_is_414(talking: "Server", path: str) -> None:
    refused = talking.http("POST", path, content=b"a" * 1_048_577)

    assert said(refused) == (200, 414, "invalid parameter: body")


@pytest.mark.parametrize("cname", ["", "n" * 65])
def test_a_name_has_a_length(server: "Server", cname: str) -> None:
    looked = server.http("GET", "/v3/api/rooms", params={"cname": cname})
    made = server.http("POST", "/v2/api/room", json={"channelName": cname})
    submitted = server.http("POST", "/v3/api/cloudrecord/submit", json={"cname": cname})
    none = server.http("DELETE", "/v3/api/rooms")

    assert said(looked) == said(submitted) == said(none) == (200, 414, "invalid parameter: cname")
    assert said(made) == (200, 414, "invalid parameter: channelName")


def test_a_query_of_too_many_fields_is_none_at_all(server: "Server") -> None:
    query = "&".join(["cname=room-7", *("x=1" for _ in range(64))])

    refused = server.http("GET", f"/v3/api/rooms?{query}")

    assert said(refused) == (200, 414, "invalid parameter: cname")


@pytest.mark.parametrize("cid", ["0", "room-7", "9223372036854775808", "１", "", "%00"])
def test_a_number_in_a_path_is_one(server: "Server", cid: str) -> None:
    for method, path in (
        ("GET", f"/v2/api/rooms/{cid}"),
        ("DELETE", f"/v2/api/rooms/{cid}"),
        ("GET", f"/v2/api/rooms/{cid}/members"),
        ("POST", f"/v2/api/record/{cid}"),
    ):
        assert said(server.http(method, path)) == (200, 414, "invalid parameter: cid")
    refused = server.http("POST", FILES, data={"channelid": cid})
    assert said(refused) == (200, 414, "invalid parameter: channelid")


@pytest.mark.parametrize(
    ("field", "form"), [("a_record", {"a_record": "maybe"}), ("type", {"type": "100"})]
)
def test_the_older_call_checks_its_form(
    talking: "Server", field: str, form: dict[str, str]
) -> None:
    refused = talking.http("POST", f"/v2/api/record/{talking.cid}", data=form)

    assert said(refused) == (200, 414, f"invalid parameter: {field}")


@pytest.mark.parametrize(
    ("field", "query"), [("userRole", {"userRole": "2"}), ("uid", {"uid": "me"})]
)
def test_who_is_asked_for_is_checked(talking: "Server", field: str, query: dict[str, str]) -> None:
    refused = talking.http("GET", f"/v2/api/rooms/{talking.cid}/members", params=query)

    assert said(refused) == (200, 414, f"invalid parameter: {field}")


@pytest.mark.parametrize(
    ("call", "field", "body"),
    [
        ("updateSubs", "streamSubscribe", {}),
        ("updateSubs", "streamSubscribe.streamType", {"streamSubscribe": {}}),
        ("updateSubs", "streamSubscribe.streamType", {"streamSubscribe": {"streamType": None}}),
        ("update", "layoutConfig.layoutType", {"layoutConfig": {"layoutType": 9}}),
        ("stop", "taskId", {"taskId": 7}),
        ("tasks", "taskId", {"taskId": "t" * 65}),
    ],
)
def test_calls_about_a_task_check_their_fields(
    talking: "Server", call: str, field: str, body: dict[str, Any]
) -> None:
    talking.submit()

    refused = talking.v2(call, **body)

    assert (refused["code"], refused["errmsg"]) == (414, f"invalid parameter: {field}")


def test_newer_fields_are_accepted_with_a_remark(talking: "Server", neroom: NeRoom) -> None:
    talking.submit(newer=1, recordConfig={"recordtype": 1})

    calls = [each for each in neroom.journal() if each["kind"] == "call"]
    notes = calls[-1]["detail"]["notes"]

    assert "unknown field $.newer" in notes
    assert "unknown field $.recordConfig.recordtype (did you mean recordType?)" in notes


def test_every_row_of_this_layer_says_its_layer() -> None:
    from recording_emulator.vendors.neroom.nertc import errors
    from recording_emulator.vendors.neroom.surface import SURFACE

    ids = [row.id for row in SURFACE.errors]

    assert all(row.id.startswith("NERTC ") for row in errors.ROWS)
    assert len(set(ids)) == len(ids)
