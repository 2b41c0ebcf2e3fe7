"""What clients really send: header cases, regions in paths, odd bodies, misspelt and newer fields.

Source:
    Sheet §1.2-1.4, §2.1, §2.3 (spelling trap), §7 (the official clients).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from tests.vendors.agora.conftest import Door, Open, Stage

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
BODY = {"cname": "demo", "uid": "900001", "clientRequest": {}}
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
HINT = "x-recording-emulator-hint"


async def acquire(door: Door, **headers: str) -> httpx.Response:
    sent = {"authorization": door.basic, **headers}
    return await door.send("POST", door.path("acquire"), BODY, sent)


def notes(door: Door) -> list[str]:
    """Return what the journal remarks about the last call."""
    calls = [entry for entry in door.hand.world.journal if entry.kind == "call"]
    return list(calls[-1].detail.notes)


# --- credentials ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "bAsIc", "Basic "])
async def test_the_word_basic_may_have_any_case(door: Door, scheme: str) -> None:
    answer = await acquire(door, authorization=door.basic.replace("Basic", scheme))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !",
        "Basic bm9jb2xvbg==",
        "Basic Og==",
        "Basic YTo=",
        "Basic OmI=",
        "Basic //8=",
        "Bearer YTpi",
        "YTpi",
    ],
)
async def test_a_header_that_is_no_basic_pair_is_invalid_credentials(
    door: Door, header: str
) -> None:
    answer = await acquire(door, authorization=header)

    said = '{"message":"Invalid authentication credentials"}'
    assert (answer.status_code, answer.text) == (401, said)


async def test_a_pair_of_another_tenant_does_not_match_the_app_id(open_door: Open) -> None:
    door, other = await open_door(), await open_door({"name": "other"})

    answer = await acquire(door, authorization=other.basic)

    assert answer.json() == {"message": "Invalid authentication credentials"}
    assert answer.status_code == 401


# --- paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["na", "eu", "ap", "cn"])
async def test_a_service_region_may_stand_in_front(door: Door, region: str) -> None:
    answer = await door.send("POST", f"/{region}{door.path('acquire')}", BODY)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "was", "now"),
    [
        ("POST", "/v1/", "/us/v1/"),
        ("POST", "/v1/", "/na/eu/v1/"),
        ("POST", "/v1/", "/V1/"),
        ("POST", "/v1/", "/v2/"),
        ("POST", "cloud_recording", "cloud-recording"),
        ("POST", "cloud_recording", "Cloud_Recording"),
        ("POST", "/acquire", "/Acquire"),
        ("POST", "/acquire", "/acquire/"),
        ("POST", "/acquire", "//acquire"),
        ("POST", "/acquire", "/release"),
        ("POST", "/acquire", ""),
        ("GET", "", ""),
        ("PUT", "", ""),
        ("HEAD", "", ""),
        ("OPTIONS", "", ""),
        ("DELETE", "", ""),
    ],
)
async def test_paths_are_case_sensitive_and_methods_are_fixed(
    door: Door, method: str, was: str, now: str
) -> None:
    answer = await door.send(method, door.path("acquire").replace(was, now, 1), BODY)

    said = "" if method == "HEAD" else '{"message":"no Route matched with those values"}'
    assert (answer.status_code, answer.text) == (404, said)


@pytest.mark.parametrize("operation", ["updatelayout", "Query", "resume", "start", "acquire"])
async def test_only_the_four_operations_stand_below_a_sid(door: Door, operation: str) -> None:
    answer = await door.send("POST", door.path(operation, "resource", "sid"), BODY)

    assert answer.json() == {"message": "no Route matched with those values"}
    assert answer.status_code == 404


async def test_an_unfilled_app_id_of_the_java_client_is_an_unknown_one(door: Door) -> None:
    path = door.path("acquire").replace(door.own["app_id"], "%s")

    answer = await door.send("POST", path, BODY)

    assert (answer.status_code, answer.json()) == (400, {"message": "appid is invalid"})
    assert "unfilled_app_id" in answer.headers[HINT]


@pytest.mark.parametrize("is_open", [False, True])
async def test_an_unfilled_app_id_is_the_tenants_where_it_says_so(
    open_door: Open, is_open: bool
) -> None:
    door = await open_door({"is_open": is_open}, unfilled_app_id=True)
    path = door.path("acquire").replace(door.own["app_id"], "%s")

    resource = (await door.send("POST", path, BODY)).json()["resourceId"]

    assert await door.start(resource)


@pytest.mark.parametrize("app", ["my-app", "a" * 65, "äpp", "a b", "%00", "%s"])
async def test_an_open_tenant_takes_any_app_id_that_is_well_formed(
    open_door: Open, app: str
) -> None:
    door = await open_door({"is_open": True})
    pair = {"authorization": "Basic YTpi"}

    good = await door.send("POST", "/v1/apps/anything1/cloud_recording/acquire", BODY, pair)
    bad = await door.send("POST", f"/v1/apps/{app}/cloud_recording/acquire", BODY, pair)

    assert good.status_code == 200
    assert (bad.status_code, bad.json()) == (400, {"message": "appid is invalid"})


async def test_an_open_tenant_answers_disabled_like_any_other(open_door: Open) -> None:
    door = await open_door({"is_open": True}, recording_enabled=False)

    answer = await acquire(door)

    assert (answer.status_code, answer.json()) == (400, {"code": 400, "reason": "invalid_appid"})


async def test_in_an_open_tenant_a_resource_belongs_to_the_app_id_that_acquired_it(
    open_door: Open,
) -> None:
    door = await open_door({"is_open": True})
    resource = await door.acquire()
    start = door.path("start", resource).replace(door.own["app_id"], "other")
    early = await door.send("POST", start, {**BODY, "clientRequest": {"storageConfig": STORAGE}})
    sid = await door.start(resource)

    query = door.path("query", resource, sid).replace(door.own["app_id"], "other")
    late = await door.send("GET", query)

    assert [(each.status_code, each.json()["code"]) for each in (early, late)] == [(400, 432)] * 2


@pytest.mark.parametrize("operation", ["query", "update", "updateLayout", "stop"])
async def test_a_mode_that_does_not_exist_finds_no_task(door: Door, operation: str) -> None:
    resource = await door.acquire()
    sid = await door.start(resource)
    method = "GET" if operation == "query" else "POST"

    answer = await door.send(method, door.path(operation, resource, sid, "Mix"), BODY)

    assert (answer.status_code, answer.json()["code"]) == (404, 404)
    assert answer.headers[HINT] == "the task runs in mode 'mix', not 'Mix'"


async def test_a_tenant_that_is_full_has_no_capacity(open_door: Open) -> None:
    door = await open_door({"live_limit": 1})
    await door.acquire()

    answer = await acquire(door)

    said = {"code": 501, "reason": "no_worker_manager_available"}
    assert (answer.status_code, answer.json()) == (500, said)


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json;charset=utf-8", "Application/JSON", "text/plain"]
)
async def test_any_content_type_will_do(door: Door, kind: str) -> None:
    assert (await acquire(door, **{"content-type": kind})).status_code == 200


async def test_answers_are_json_in_utf_8(door: Door) -> None:
    good, bad = await acquire(door), await door.send("POST", "/v1/apps/x", BODY)

    kind = "application/json; charset=utf-8"
    assert (good.headers["content-type"], bad.headers["content-type"]) == (kind, kind)


@pytest.mark.parametrize("name", ["X-Request-ID", "x-request-id", "X-Request-Id"])
async def test_a_request_id_is_echoed_whatever_its_case(door: Door, name: str) -> None:
    answer = await acquire(door, **{name: "my-trace-1"})

    assert answer.headers["X-Request-Id"] == "my-trace-1"


async def test_without_a_request_id_every_answer_gets_its_own(door: Door) -> None:
    answers = [await acquire(door), await acquire(door), await acquire(door, authorization="")]

    minted = [answer.headers["x-request-id"] for answer in answers]
    assert [bool(re.fullmatch(UUID, each)) for each in minted] == [True] * 3
    assert len(set(minted)) == 3


async def test_every_answer_has_a_resource_id_header_that_is_a_uuid(door: Door) -> None:
    answer = await acquire(door)

    assert re.fullmatch(UUID, answer.headers["x-resource-id"])
    assert answer.headers["x-resource-id"] != answer.headers["x-request-id"]


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"null", b"{", b"\xff", b"x" * 2_000_000])
async def test_the_body_of_a_get_is_ignored(door: Door, body: bytes) -> None:
    resource = await door.acquire()
    sid = await door.start(resource)

    answer = await door.send("GET", door.path("query", resource, sid), body)

    assert (answer.status_code, answer.json()["serverResponse"]["status"]) == (200, 0)


@pytest.mark.parametrize(("was", "now"), [("cname", "Cname"), ("uid", "UID"), ("uid", "Uid")])
async def test_keys_are_case_sensitive_and_the_hint_knows_what_was_meant(
    door: Door, was: str, now: str
) -> None:
    body = {now if key == was else key: value for key, value in BODY.items()}

    answer = await door.send("POST", door.path("acquire"), body)

    said = {"code": 2, "reason": f"Acquire: invalid {was} value!"}
    assert (answer.status_code, answer.json()) == (400, said)
    assert answer.headers[HINT].startswith(f"Object missing required field `{was}`")
    assert f"unknown field '$.{now}" in answer.headers[HINT]


async def test_newer_fields_are_accepted_and_remarked_on(door: Door) -> None:
    config = {"maxIdleTime": 30, "maxidletime": 5, "transcodingConfig": {"heigth": 1}}
    resource = await door.acquire()

    await door.start(resource, recordingConfig=config, newer={"a": [1]})

    inside = "unknown field clientRequest.recordingConfig"
    assert notes(door) == [
        f"{inside}.maxidletime (did you mean maxIdleTime?)",
        f"{inside}.transcodingConfig.heigth (did you mean height?)",
        "unknown field clientRequest.newer",
    ]


async def test_a_list_of_the_other_medium_is_remarked_on(door: Door) -> None:
    resource = await door.acquire()
    sid = await door.start(resource)
    lists = {"subscribeAudioUids": ["41"], "subscribeVideoUids": ["41"]}
    params = {"streamSubscribe": {"audioUidList": lists}}

    answer = await door.send(
        "POST", door.path("update", resource, sid), {**BODY, "clientRequest": params}
    )

    assert answer.status_code == 200
    assert notes(door)[0].startswith(
        "unknown field clientRequest.streamSubscribe.audioUidList.subscribeVideoUids"
    )


async def test_a_body_that_is_right_is_not_remarked_on(door: Door) -> None:
    await door.acquire(scene=0, resourceExpiredHour=24)

    assert notes(door) == []


async def test_of_a_key_given_twice_the_last_one_counts(door: Door) -> None:
    raw = b'{"cname":"one","cname":"two","uid":"1","clientRequest":{}}'

    answer = await door.send("POST", door.path("acquire"), raw)

    assert answer.json()["cname"] == "two"


async def test_acquire_needs_no_client_request_and_all_others_do(door: Door) -> None:
    bare = {"cname": "demo", "uid": "900001"}
    acquired = await door.send("POST", door.path("acquire"), bare)
    resource = acquired.json()["resourceId"]

    started = await door.send("POST", door.path("start", resource), bare)

    said = {"resourceId": resource, "code": 2, "reason": "Start: invalid clientRequest value!"}
    assert acquired.status_code == 200
    assert (started.status_code, started.json()) == (400, said)


@pytest.mark.parametrize("value", [None, [], "{}", 1, True])
@pytest.mark.parametrize("operation", ["acquire", "start"])
async def test_a_client_request_is_an_object(door: Door, operation: str, value: Any) -> None:
    path = door.path(operation, "resource" if operation == "start" else "")

    answer = await door.send("POST", path, {**BODY, "clientRequest": value})

    verb = operation.capitalize()
    assert answer.json()["reason"] == f"{verb}: invalid clientRequest value!"


@pytest.mark.parametrize(
    "lists",
    [
        {"unSubscribeAudioUids": ["41"], "unSubscribeVideoUids": ["41"]},
        {"unsubscribeAudioUids": ["41"], "unsubscribeVideoUids": ["41"]},
        {"unsubscribeAudioUids": ["41"], "unsunscribeVideoUids": ["41"]},
    ],
)
def test_every_spelling_of_the_excluding_lists_excludes(
    stage: Stage, lists: dict[str, list[str]]
) -> None:
    stage.join("41")
    stage.join("42")
    stage.record(recordingConfig=lists)

    stage.at(3_000)

    streams = [
        details["streamUid"] for _, event, details in stage.events() if event in ("43", "44")
    ]
    assert streams == ["42", "42", "0", "0"]
