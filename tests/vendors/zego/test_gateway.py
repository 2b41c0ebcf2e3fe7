"""The door: the signature and its window, both forms of the path, GET and POST, who is let in.

Source:
    Sheet §1.2-1.4 and §9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import arming
from recording_emulator.core.inputs import ArmFault
from recording_emulator.server import wallclock
from recording_emulator.vendors.zego import ADAPTER, client, errors, gateway

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Door, Open, Set

VECTORS = [
    (
        "12345", "4fd24687296dd9f3", "9193cc662a4c0ec135ec71fb57194b38", "1615186943",
        "43e5cfcca828314675f91b001390566a",
    ),
    (
        "1234567890", "a1b2c3d4e5f60718", "00112233445566778899aabbccddeeff", "1760000000",
        "b052cc0dfb5372f10cea32b6ac77bac3",
    ),
]  # fmt: skip
NOW_MS = 1_760_000_000_000


@pytest.mark.parametrize(("app", "nonce", "secret", "seconds", "expected"), VECTORS)
def test_a_call_is_signed_as_the_vendors_example(
    app: str, nonce: str, secret: str, seconds: str, expected: str
) -> None:
    assert gateway.signature(app, nonce, secret, seconds) == expected


def public(away_s: int = 0, **changed: str) -> dict[str, str]:
    own = {"app_id": "1234567890", "server_secret": "s"}
    return {**client.public(own, "StopRecord", NOW_MS + away_s * 1000), **changed}


@pytest.mark.parametrize("away_s", [-600, 0, 600])
def test_ten_minutes_of_error_are_allowed_both_ways(away_s: int) -> None:
    assert gateway.stranger(public(away_s), "s", NOW_MS) is None


@pytest.mark.parametrize("away_s", [-601, 601, NOW_MS - NOW_MS // 1000])
def test_a_second_more_or_a_timestamp_in_milliseconds_is_expired(away_s: int) -> None:
    found = gateway.stranger(public(away_s), "s", NOW_MS)

    assert found is not None
    assert found[0] == errors.EXPIRED


@pytest.mark.parametrize(
    "shown",
    [
        gateway.signature("1234567890", "4fd24687296dd9f3", "s", "1760000000").upper(),
        gateway.signature("1234567890", "s", "4fd24687296dd9f3", "1760000000"),
        "é" * 32,
    ],
)
def test_upper_case_another_order_or_other_letters_are_a_wrong_signature(shown: str) -> None:
    found = gateway.stranger(public(Signature=shown), "s", NOW_MS)

    assert found is not None
    assert found[0] == errors.BAD_SIGNATURE


@pytest.mark.parametrize("path", ["", "/"])
async def test_the_prefix_is_answered_with_and_without_a_slash(door: Door, path: str) -> None:
    answer = await door.send(door.public("StopRecord"), {"TaskId": "A" * 16}, path=path)

    assert (answer.status_code, answer.json()["Code"]) == (200, 300001000)


@pytest.mark.parametrize(
    "host",
    ["cloudrecord-api.zego.im", "cloudrecord-api-sha.zego.im", "cloudrecord-api-bom.zego.im"],
)
async def test_the_vendors_host_names_are_served_at_the_root(door: Door, host: str) -> None:
    own = door.public("StopRecord")

    answer = await door.http.post(f"http://{host}/", params=own, json={"TaskId": "A" * 16})

    assert answer.json()["Code"] == 300001000


async def test_a_flat_action_may_be_a_get_and_a_nested_one_may_not(door: Door) -> None:
    task = await door.start()

    flat = await door.send({**door.public("StopRecord"), "TaskId": task}, method="GET")
    window = {"Status": "2", "StartTime": "x", "EndTime": "2"}
    odd = await door.send({**door.public("DescribeTasks"), **window}, method="GET")
    nested = await door.send({**door.public("StartRecord"), "RoomId": "demo"}, method="GET")

    assert flat.json()["Code"] == 0
    assert (odd.json()["Code"], odd.json()["Message"]) == (300000004, "invalid param: StartTime")
    assert nested.json()["Code"] == 300000004


async def test_a_body_is_json_whatever_its_content_type_says(door: Door) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = client.start_body("demo")

    answer = await door.send(door.public("StartRecord"), body, headers=headers)

    assert answer.json()["Code"] == 0


async def test_a_success_has_the_vendors_envelope_and_no_more(door: Door) -> None:
    task = await door.start()

    answer = await door.send(door.public("StopRecord"), {"TaskId": task})

    assert list(answer.json()) == ["Code", "Message", "RequestId"]
    assert answer.json()["Message"] == "succeed"
    assert answer.headers["content-type"] == "application/json;charset=utf-8"


async def test_a_nonce_may_be_used_again_and_extra_parameters_are_ignored(door: Door) -> None:
    own = {**door.public("DescribeTasks"), "IsTest": "true", "RegionId": "x"}
    window = {"Status": 2, "StartTime": door.hand.world.now_ms, "EndTime": 2**52}
    window["EndTime"] = window["StartTime"] + 1

    answers = [await door.send(own, {**window, "Action": "x"}) for _ in range(2)]

    assert [each.json()["Code"] for each in answers] == [0, 0]


async def test_a_misplaced_member_is_ignored_and_remarked(door: Door) -> None:
    body = {**client.start_body("demo"), "ClientTaskId": "lesson-77"}

    tasks = [(await door.call("StartRecord", **body))["Data"]["TaskId"] for _ in range(2)]

    calls = [each.detail.notes for each in door.hand.world.journal if each.kind == "call"]
    assert tasks[0] != tasks[1]
    assert calls[0] == ("unknown field $.ClientTaskId",)


async def test_an_open_tenant_takes_any_well_formed_credentials(open_door: Open) -> None:
    door = await open_door({"is_open": True})
    strange = {"app_id": "77", "server_secret": "whatever"}
    own = client.public(strange, "StartRecord", wallclock.now_ms())

    answer = await door.send(own, client.start_body("demo"))
    odd = await door.send({**own, "Signature": "no"}, client.start_body("demo"))
    old = await door.send({**own, "Timestamp": "1"}, client.start_body("demo"))
    none = await door.send({**own, "AppId": "x"}, client.start_body("demo"))

    assert [each.json()["Code"] for each in (answer, odd, old, none)] == [
        0, 100000005, 100000004, 100000001,
    ]  # fmt: skip


async def test_the_tasks_of_another_app_do_not_exist(open_door: Open) -> None:
    door = await open_door({"is_open": True})
    one, other = ({"app_id": app, "server_secret": "s"} for app in ("77", "78"))
    now_ms = wallclock.now_ms()
    started = await door.send(client.public(one, "StartRecord", now_ms), client.start_body("demo"))
    body = {"TaskId": started.json()["Data"]["TaskId"]}

    codes = [
        (await door.send(client.public(each, "DescribeRecordStatus", now_ms), body)).json()["Code"]
        for each in (one, other)
    ]

    assert codes == [0, 300001000]


async def test_the_clock_of_the_signature_can_be_the_tenants(open_door: Open) -> None:
    door = await open_door(signature_clock="tenant")
    by_wall = await door.call("StopRecord", TaskId="A" * 16)

    own = client.public(door.own, "StopRecord", door.hand.world.now_ms)
    by_tenant = await door.send(own, {"TaskId": "A" * 16})

    assert (by_wall["Code"], by_tenant.json()["Code"]) == (100000004, 300001000)


async def test_a_skewed_backend_finds_a_right_clock_wrong(door: Door) -> None:
    wanted = arming.Wanted("door", "skew", by_ms=700_000)
    door.hand.apply(ArmFault(arming.fault(ADAPTER, wanted, "f", door.hand.world.now_ms)))

    codes = [(await door.call("StopRecord", TaskId="A" * 16))["Code"] for _ in range(2)]

    assert codes == [100000004, 300001000]


@pytest.mark.parametrize(
    ("action", "limit"), [("StartRecord", 50), ("StopRecord", 50), ("TakeSnapshot", 10)]
)
def test_rates_count_per_action_in_a_sliding_second(
    set_stage: Set, action: str, limit: int
) -> None:
    stage = set_stage(rate_limits=True)
    body = {"TaskId": "A" * 16}

    codes = [stage.send(action, body)["Code"] for _ in range(limit + 1)]
    other = stage.send("PauseRecord", body)["Code"]
    stage.advance(999)
    codes.append(stage.send(action, body)["Code"])
    stage.advance(1)
    codes.append(stage.send(action, body)["Code"])

    assert [code == 300000003 for code in codes] == [*[False] * limit, True, True, False]
    assert other == 300001000


async def test_a_request_without_a_tenant_gets_the_gateways_own_errors(door: Door) -> None:
    near = str(int(door.own["app_id"]) ^ 1)
    answers: list[Any] = [
        await door.send({**door.public("StopRecord"), "AppId": near}),
        await door.send({}),
        await door.send({**door.public("StopRecord"), "AppId": "8", "Action": ""}),
    ]

    assert [each.json()["Code"] for each in answers] == [100000010, 100000001, 100000006]
    assert door.own["app_id"] in answers[0].headers["x-recording-emulator-hint"]


async def test_an_unreadable_body_can_have_a_code_of_its_own(open_door: Open) -> None:
    door = await open_door(unreadable_body="unreadable")

    answers = [await door.send(door.public("StartRecord"), raw) for raw in (b"", b"[]", b"\xff")]

    assert {each.json()["Code"] for each in answers} == {100000012}
