"""Which check refuses what, and which of two wins.

The order: route, credentials, App ID, (size,) rate, JSON, envelope, resource,
state, parameters; inside these, the order of each list below. A *fault* spoils a good request so
that only its own check can refuse it; each pair of faults is answered by the earlier check.

Source:
    Sheet §4.2-4.4; the order as a whole is assumed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.core.inputs import Configure

if TYPE_CHECKING:
    import httpx
    from tests.vendors.agora.conftest import Door, Open

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
MIB = 1_048_576


class Draft:
    """A request before it is sent, and the tenant it is for."""

    def __init__(self, door: Door, operation: str, cname: str, params: dict[str, Any]) -> None:
        self.door, self.operation = door, operation
        self.method = "POST"
        self.app = door.own["app_id"]
        self.headers = {"authorization": door.basic}
        self.resource = self.sid = ""
        self.mode = "mix"
        self.body: dict[str, Any] = {"cname": cname, "uid": "900001", "clientRequest": params}
        self.is_cut = self.is_large = False
        self.settings: dict[str, Any] = {}

    async def send(self) -> httpx.Response:
        raw = msgspec.json.encode(self.body)
        raw = raw[:-1] if self.is_cut else raw
        raw = raw + b" " * MIB if self.is_large else raw
        path = self.door.path(self.operation, self.resource, self.sid, self.mode)
        path = path.replace(self.door.own["app_id"], self.app)
        return await self.door.send(self.method, path, raw, self.headers)

    def configure(self, **settings: Any) -> None:
        self.settings |= settings
        self.door.hand.apply(Configure("agora", self.settings))


def wrong_method(draft: Draft) -> None:
    draft.method = "PUT"


def no_credentials(draft: Draft) -> None:
    draft.headers = {}


def wrong_credentials(draft: Draft) -> None:
    draft.headers = {"authorization": "Basic c29tZTpvbmU="}


def other_app(draft: Draft) -> None:
    draft.app = "0" * 32


def not_enabled(draft: Draft) -> None:
    draft.configure(recording_enabled=False)


def too_large(draft: Draft) -> None:
    draft.is_large = True


async def too_many(draft: Draft) -> None:
    draft.configure(qps=1)
    path = draft.door.path("query", "unknown", "unknown")
    assert (await draft.door.send("GET", path)).status_code == 400


def not_json(draft: Draft) -> None:
    draft.is_cut = True


def no_uid(draft: Draft) -> None:
    draft.body.pop("uid", None)


def garbage(draft: Draft) -> None:
    draft.resource = "garbage"


def other_uid(draft: Draft) -> None:
    draft.body["uid"] = "900002"


def unknown_sid(draft: Draft) -> None:
    draft.sid = "0" * 32


async def foreign_sid(draft: Draft) -> None:
    draft.sid = await draft.door.start(await draft.door.acquire("other"), "other")


async def lives_already(draft: Draft) -> None:
    await draft.door.start(await draft.door.acquire("demo", "900001"), "demo", "900001")


def too_idle(draft: Draft) -> None:
    draft.body["clientRequest"]["recordingConfig"] = {"maxIdleTime": 4}


async def control_is_over(draft: Draft) -> None:
    await draft.door.hand.advance(3_600_000)


async def is_exiting(draft: Draft) -> None:
    path = draft.door.path("stop", draft.resource, draft.sid)
    body = {"cname": "demo", "uid": "900001", "clientRequest": {}}
    assert (await draft.door.send("POST", path, body)).status_code == 206


def stops_oddly(draft: Draft) -> None:
    draft.body["clientRequest"] = {"async_stop": 1}


def bad_channel(draft: Draft) -> None:
    draft.body["cname"] = "röom"


def suspended(draft: Draft) -> None:
    draft.configure(account="suspended")


def overloaded(draft: Draft) -> None:
    draft.configure(concurrency=0)


def no_such_scene(draft: Draft) -> None:
    draft.body["clientRequest"]["scene"] = 3


async def good_acquire(door: Door) -> Draft:
    return Draft(door, "acquire", "demo", {})


async def good_start(door: Door) -> Draft:
    draft = Draft(door, "start", "demo", {"storageConfig": STORAGE})
    draft.resource = await door.acquire()
    return draft


async def good_stop(door: Door) -> Draft:
    draft = Draft(door, "stop", "demo", {"async_stop": False})
    draft.resource = await door.acquire(resourceExpiredHour=1)
    idle = {"maxIdleTime": 2_592_000}
    draft.sid = await door.start(draft.resource, recordingConfig=idle)
    return draft


Spoil = Callable[[Draft], Awaitable[None] | None]
Fault = tuple[Spoil, int, str]

GATEWAY: list[Fault] = [
    (wrong_method, 404, '{"message":"no Route matched with those values"}'),
    (no_credentials, 401, '{"message":"Unauthorized"}'),
    (wrong_credentials, 401, '{"message":"Invalid authentication credentials"}'),
    (other_app, 400, '{"message":"appid is invalid"}'),
]
LIMITS: list[Fault] = [
    (too_large, 413, '{"message":"Request size limit exceeded"}'),
    (too_many, 429, '{"message":"API rate limit exceeded"}'),
]
WHOSE = '{"cname":"demo","uid":"900001","resourceId":"RESOURCE",'
THIS = '{"cname":"demo","uid":"900001","resourceId":"RESOURCE","sid":"SID",'
GONE = '"code":404,"reason":"failed to find worker"}'
MISMATCHED = '"code":432,"reason":"invalid parameter or resourceId does not match"}'
UNREADABLE = '{"resourceId":"RESOURCE","sid":"SID","code":2,"reason":"Stop: invalid '
ACQUIRE: list[Fault] = [
    *GATEWAY,
    (not_enabled, 400, '{"code":400,"reason":"invalid_appid"}'),
    *LIMITS,
    (not_json, 400, '{"code":2,"reason":"Acquire: invalid request value!"}'),
    (no_uid, 400, '{"code":2,"reason":"Acquire: invalid uid value!"}'),
    (bad_channel, 400, '{"code":401,"reason":"invalid_channel_name"}'),
    (suspended, 400, '{"code":405,"reason":"no_active_status"}'),
    (overloaded, 400, '{"code":406,"reason":"vendor_over_load"}'),
    (no_such_scene, 400, '{"code":2,"reason":"Acquire: invalid scene value!"}'),
]
START: list[Fault] = [
    *GATEWAY,
    *LIMITS,
    (not_json, 400, '{"resourceId":"RESOURCE","code":2,"reason":"Start: invalid request value!"}'),
    (no_uid, 400, '{"resourceId":"RESOURCE","code":2,"reason":"Start: invalid uid value!"}'),
    (garbage, 400, WHOSE + '"code":1001,"reason":"resourceId cannot be decrypted"}'),
    (other_uid, 400, WHOSE + MISMATCHED),
    (lives_already, 400, WHOSE + '"code":53,"reason":"task conflict"}'),
    (too_idle, 400, WHOSE + '"code":2,"reason":"Start: invalid maxIdleTime value!"}'),
]
STOP: list[Fault] = [
    *GATEWAY,
    *LIMITS,
    (not_json, 400, UNREADABLE + 'request value!"}'),
    (no_uid, 400, UNREADABLE + 'uid value!"}'),
    (garbage, 400, THIS + '"code":1001,"reason":"resourceId cannot be decrypted"}'),
    (foreign_sid, 400, THIS + '"code":1003,"reason":"sid does not belong to resourceId"}'),
    (unknown_sid, 404, THIS + GONE),
    (other_uid, 400, THIS + MISMATCHED),
    (control_is_over, 404, THIS + GONE),
    (is_exiting, 400, THIS + '"code":49,"reason":"invalid operation"}'),
    (stops_oddly, 400, THIS + '"code":2,"reason":"Stop: invalid async_stop value!"}'),
]
GOOD = {"acquire": (good_acquire, ACQUIRE), "start": (good_start, START), "stop": (good_stop, STOP)}
IMPOSSIBLE = {
    ("foreign_sid", "unknown_sid"),  # a sid is one or the other
    ("control_is_over", "is_exiting"),  # a task that was stopped before it is over has gone
    ("no_credentials", "wrong_credentials"),
}


def name_of(fault: Fault) -> str:
    return fault[0].__name__


def expected_body(fault: Fault, draft: Draft) -> bytes:
    text = fault[2].replace("RESOURCE", draft.resource).replace("SID", draft.sid)
    if name_of(fault) in ("garbage", "foreign_sid", "unknown_sid", "not_json", "no_uid"):
        text = text.replace("900001", draft.body.get("uid", ""))
    return text.encode()


async def spoil(draft: Draft, *faults: Fault) -> None:
    for fault in faults:
        done = fault[0](draft)
        if done is not None:
            await done


@pytest.mark.parametrize("operation", GOOD)
async def test_a_good_request_is_carried_out(open_door: Open, operation: str) -> None:
    draft = await GOOD[operation][0](await open_door())

    answer = await draft.send()

    assert answer.status_code == (206 if operation == "stop" else 200)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        pytest.param(operation, each, id=f"{operation}-{name_of(each)}")
        for operation, (_, faults) in GOOD.items()
        for each in faults
    ],
)
async def test_each_check_refuses_alone_and_changes_nothing(
    open_door: Open, operation: str, fault: Fault
) -> None:
    draft = await GOOD[operation][0](await open_door())
    await spoil(draft, fault)
    before = draft.door.kept()

    answer = await draft.send()

    assert (answer.status_code, answer.content) == (fault[1], expected_body(fault, draft))
    assert draft.door.kept() == before


@pytest.mark.parametrize(
    ("operation", "first", "second"),
    [
        pytest.param(operation, *pair, id=f"{operation}-{name_of(pair[0])}-{name_of(pair[1])}")
        for operation, (_, faults) in GOOD.items()
        for pair in combinations(faults, 2)
        if (name_of(pair[0]), name_of(pair[1])) not in IMPOSSIBLE
    ],
)
async def test_of_two_errors_the_earlier_check_wins(
    open_door: Open, operation: str, first: Fault, second: Fault
) -> None:
    draft = await GOOD[operation][0](await open_door())
    await spoil(draft, second, first)
    before = draft.door.kept()

    answer = await draft.send()

    assert (answer.status_code, answer.content) == (first[1], expected_body(first, draft))
    assert draft.door.kept() == before


async def test_ten_calls_a_second_pass_and_the_eleventh_waits_for_the_window(
    open_door: Open,
) -> None:
    door = await open_door(qps=10)
    draft = await good_acquire(door)

    burst = [(await draft.send()).status_code for _ in range(11)]
    await door.hand.advance(999)
    before = (await draft.send()).status_code
    await door.hand.advance(1)
    after = (await draft.send()).status_code

    assert (burst, before, after) == ([200] * 10 + [429], 429, 200)


async def test_a_tenant_that_moves_its_own_clock_has_no_rate_limit(door: Door) -> None:
    draft = await good_acquire(door)

    assert {(await draft.send()).status_code for _ in range(50)} == {200}
