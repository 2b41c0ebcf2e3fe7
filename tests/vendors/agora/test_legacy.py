"""The legacy profile: what the pages of 2020 to 2023 answer where today's answer something else.

Source:
    Sheet §4.3 (CN20, CN23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Door, Open, Set, Stage

BODY = {"cname": "demo", "uid": "900001", "clientRequest": {}}
BAD_REQUEST = {"code": 8, "reason": "invalid request"}


@pytest.fixture
def old(set_stage: Set) -> Stage:
    return set_stage(profile="legacy")


@pytest.fixture
async def door(open_door: Open) -> Door:
    return await open_door(profile="legacy")


async def send(door: Door, method: str, path: str, body: Any, kind: str) -> tuple[int, Any]:
    headers = {"authorization": door.basic, "content-type": kind}
    answer = await door.send(method, path, body, headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonp"])
async def test_another_content_type_is_code_8(door: Door, kind: str) -> None:
    assert await send(door, "POST", door.path("acquire"), BODY, kind) == (400, BAD_REQUEST)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ; charset=utf-8"])
async def test_json_with_any_charset_will_do(door: Door, kind: str) -> None:
    assert (await send(door, "POST", door.path("acquire"), BODY, kind))[0] == 200


async def test_a_wrong_path_or_method_is_code_8(door: Door) -> None:
    path = door.path("acquire")

    answers = [
        await send(door, "POST", path.replace("cloud_recording", "recording"), BODY, "text/plain"),
        await send(door, "GET", path, b"", "application/json"),
    ]

    assert answers == [(400, BAD_REQUEST)] * 2


async def test_a_body_that_is_not_json_is_code_8(door: Door) -> None:
    status, said = await send(door, "POST", door.path("acquire"), b"{", "application/json")

    assert (status, said["code"]) == (400, 8)


async def test_a_query_needs_no_content_type(door: Door) -> None:
    path = door.path("query", "resource", "sid")

    status, said = await send(door, "GET", path, b"", "")

    assert (status, said["code"]) == (400, 1001)


async def test_an_app_id_without_the_service_is_code_62(open_door: Open) -> None:
    door = await open_door(profile="legacy", recording_enabled=False)

    status, said = await send(door, "POST", door.path("acquire"), BODY, "application/json")

    assert (status, said["code"]) == (400, 62)


def test_an_illegal_channel_name_is_code_1013(old: Stage) -> None:
    body = {"cname": "会议", "uid": "1", "clientRequest": {}}

    status, said = old.send("acquire", "acquire", body)

    assert (status, said["code"]) == (400, 1013)


@pytest.mark.parametrize(("size", "status"), [(128, 200), (129, 400)])
def test_a_pages_label_has_at_most_128_bytes(old: Stage, size: int, status: int) -> None:
    body = {"cname": "x" * size, "uid": "1", "clientRequest": {"scene": 1}}

    assert old.send("acquire", "acquire", body)[0] == status


def test_a_bad_layout_is_code_1028_and_other_bad_parameters_code_2(old: Stage) -> None:
    job = old.record()

    answers = [job.update_layout(mixedVideoLayout=4), job.update()]

    assert [(status, said["code"]) for status, said in answers] == [(400, 1028), (400, 2)]


@pytest.mark.parametrize("ms", [0, 200, 1_099])
def test_a_query_of_what_is_exiting_is_code_501(old: Stage, ms: int) -> None:
    job = old.record()
    old.at(20_000)
    job.stop(async_stop=True)
    old.advance(ms)

    status, said = job.query()

    assert (status, said) == (400, {**job.names, "code": 501, "reason": "recorder is exiting"})


def test_what_both_profiles_share_stays_as_it_is(old: Stage) -> None:
    job = old.record()
    old.at(20_000)

    answers = [job.start()[1]["code"], job.stop()[0], job.stop()[1]["code"]]

    assert answers == [7, 200, 49]


# --- the notification service's addresses ---------------------------------------------------------


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("is_open", [False, True])
async def test_the_addresses_of_the_notification_service_are_listed(
    open_door: Open, version: str, is_open: bool
) -> None:
    door = await open_door({"is_open": is_open})

    answer = await door.send("GET", f"/{version}/ncs/ip")

    said = {"data": {"service": {"hosts": [{"primaryIP": "127.0.0.1"}]}}}
    assert (answer.status_code, answer.json()) == (200, said)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/ncs/ip", {}, 401),
        ("GET", "/v1/ncs/ip", {"authorization": "Basic YTpi"}, 401),
        ("POST", "/v1/ncs/ip", None, 404),
        ("GET", "/v1/ncs", None, 404),
        ("GET", "/v3/ncs/ip", None, 404),
    ],
)
async def test_the_addresses_are_for_customers_who_ask_rightly(
    open_door: Open, method: str, path: str, headers: dict[str, str] | None, status: int
) -> None:
    door = await open_door()

    answer = await door.send(method, path, headers=headers)

    assert answer.status_code == status
