"""Which check refuses what, and which of two wins.

The order: path, method, AppId, Timestamp, SignatureNonce, Signature, SignatureVersion, Action,
known AppId, time window, signature, service, rate, body, parameters, concurrency or task, state of
the task. A *fault* spoils a good request so that only its own check can refuse it; each pair of
faults is answered by the earlier check.

Source:
    Sheet §1.5; the order as a whole is assumed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.inputs import Configure
from recording_emulator.server import wallclock
from recording_emulator.vendors.zego import client, gateway

if TYPE_CHECKING:
    import httpx
    from tests.vendors.zego.conftest import Door, Open


class Draft:
    """A request before it is sent, and the tenant it is for."""

    def __init__(self, door: Door, action: str, body: dict[str, Any]) -> None:
        self.door, self.body = door, body
        self.public = door.public(action)
        self.secret = door.own["server_secret"]
        self.method, self.path = "POST", "/"
        self.is_cut = False
        self.is_signed = True
        self.settings: dict[str, Any] = {}

    async def send(self) -> httpx.Response:
        given = self.public
        if self.is_signed and given.get("Signature"):
            parts = (given.get("AppId", ""), given.get("SignatureNonce", ""), self.secret)
            given["Signature"] = gateway.signature(*parts, given.get("Timestamp", ""))
        raw: Any = b'{"TaskId":' if self.is_cut else self.body
        return await self.door.send(given, raw, self.method, self.path)

    def configure(self, **settings: Any) -> None:
        self.settings |= settings
        self.door.hand.apply(Configure("zego", self.settings))


def wrong_path(draft: Draft) -> None:
    draft.path = "/start"


def wrong_method(draft: Draft) -> None:
    draft.method = "PUT"


def odd_app(draft: Draft) -> None:
    draft.public["AppId"] = "4294967296"


def no_timestamp(draft: Draft) -> None:
    del draft.public["Timestamp"]


def odd_timestamp(draft: Draft) -> None:
    draft.public["Timestamp"] = "soon"


def no_nonce(draft: Draft) -> None:
    draft.public["SignatureNonce"] = ""


def no_signature(draft: Draft) -> None:
    draft.public["Signature"] = ""


def no_version(draft: Draft) -> None:
    del draft.public["SignatureVersion"]


def other_version(draft: Draft) -> None:
    draft.public["SignatureVersion"] = "1.0"


def no_action(draft: Draft) -> None:
    draft.public["Action"] = ""


def other_action(draft: Draft) -> None:
    draft.public["Action"] = "startRecord"


def unknown_app(draft: Draft) -> None:
    draft.public["AppId"] = "7"


def too_old(draft: Draft) -> None:
    draft.public["Timestamp"] = str(wallclock.now_ms() // 1000 - 605)


def other_secret(draft: Draft) -> None:
    draft.secret = "0" * 32


def closed(draft: Draft) -> None:
    draft.configure(service_open=False)


async def too_many(draft: Draft) -> None:
    draft.configure(qps=1)
    action = draft.public["Action"]
    await draft.door.send(draft.door.public(action) if action else {}, b"[]")


def not_json(draft: Draft) -> None:
    draft.is_cut = True


def no_room(draft: Draft) -> None:
    draft.body["RoomId"] = ""


def short_task(draft: Draft) -> None:
    draft.body["TaskId"] = "short"


def no_room_left(draft: Draft) -> None:
    draft.configure(concurrency=0)


def unknown_task(draft: Draft) -> None:
    draft.body["TaskId"] = "A" * 16


async def is_over(draft: Draft) -> None:
    await draft.door.call("StopRecord", TaskId=draft.body["TaskId"])


async def good_start(door: Door) -> Draft:
    return Draft(door, "StartRecord", client.start_body("demo"))


async def good_resume(door: Door) -> Draft:
    task = await door.start(mixed=True)
    await door.hand.advance(1_000)
    await door.call("PauseRecord", TaskId=task)
    return Draft(door, "ResumeRecord", {"TaskId": task})


Spoil = Callable[[Draft], Awaitable[None] | None]
Fault = tuple[Spoil, int]

GATEWAY: list[Fault] = [
    (wrong_path, 404),
    (wrong_method, 405),
    (odd_app, 100000001),
    (no_timestamp, 100000002),
    (odd_timestamp, 100000003),
    (no_nonce, 100000008),
    (no_signature, 100000009),
    (no_version, 100000013),
    (other_version, 100000014),
    (no_action, 100000006),
    (other_action, 100000007),
    (unknown_app, 100000010),
    (too_old, 100000004),
    (other_secret, 100000005),
    (closed, 300000002),
    (too_many, 300000003),
    (not_json, 300000004),
]
START: list[Fault] = [*GATEWAY, (no_room, 300000004), (no_room_left, 300000006)]
RESUME: list[Fault] = [
    *GATEWAY,
    (short_task, 300000004),
    (unknown_task, 300001000),
    (is_over, 300001001),
]
GOOD = {"StartRecord": (good_start, START), "ResumeRecord": (good_resume, RESUME)}
IMPOSSIBLE = {
    ("no_timestamp", "odd_timestamp"), ("no_version", "other_version"),
    ("no_action", "other_action"), ("odd_app", "unknown_app"), ("no_timestamp", "too_old"),
    ("odd_timestamp", "too_old"), ("short_task", "unknown_task"),
}  # fmt: skip
"""Two values of one thing."""


def name_of(fault: Fault) -> str:
    return fault[0].__name__


def told(answer: httpx.Response) -> int:
    """Return the code, or the status where it is not 200."""
    if answer.status_code != 200:
        assert "Code" not in answer.json()
        return answer.status_code
    code: int = answer.json()["Code"]
    return code


async def spoil(draft: Draft, *faults: Fault) -> None:
    for fault in faults:
        done = fault[0](draft)
        if done is not None:
            await done


@pytest.mark.parametrize("action", GOOD)
async def test_a_good_request_is_carried_out(open_door: Open, action: str) -> None:
    draft = await GOOD[action][0](await open_door())

    assert told(await draft.send()) == 0


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        pytest.param(action, each, id=f"{action}-{name_of(each)}")
        for action, (_, faults) in GOOD.items()
        for each in faults
    ],
)
async def test_each_check_refuses_alone(open_door: Open, action: str, fault: Fault) -> None:
    draft = await GOOD[action][0](await open_door())
    await spoil(draft, fault)
    tasks = len(draft.door.hand.world.things)

    answer = await draft.send()

    assert told(answer) == fault[1]
    assert len(draft.door.hand.world.things) == tasks
    assert "Data" not in answer.json()
    assert len(answer.json()["RequestId"]) == 19


@pytest.mark.parametrize(
    ("action", "first", "second"),
    [
        pytest.param(action, *pair, id=f"{action}-{name_of(pair[0])}-{name_of(pair[1])}")
        for action, (_, faults) in GOOD.items()
        for pair in combinations(faults, 2)
        if (name_of(pair[0]), name_of(pair[1])) not in IMPOSSIBLE
    ],
)
async def test_of_two_errors_the_earlier_check_wins(
    open_door: Open, action: str, first: Fault, second: Fault
) -> None:
    draft = await GOOD[action][0](await open_door())
    await spoil(draft, second, first)

    assert told(await draft.send()) == first[1]
