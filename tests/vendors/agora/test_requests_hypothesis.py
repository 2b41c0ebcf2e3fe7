"""Whatever a client sends: never a 500 of ours, always JSON, and a refusal changes nothing."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bodies import places, with_value
from tests.couriers import AtHand
from tests.vendors.stage import kept

from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.vendors import base
from recording_emulator.vendors.agora import client, errors
from recording_emulator.vendors.base import Outward

DOCUMENTED = {200, *(row.http for row in errors.ROWS if row.http != 500)}
BOUNDED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEWER = settings(BOUNDED, max_examples=60)

PANE = {"x_axis": 0.0, "y_axis": 0.0, "width": 0.5, "height": 0.5, "uid": "41", "alpha": 1}
BACKGROUND = {"uid": "41", "image_url": "https://example.test/a.jpg", "render_mode": 0}
PICTURE = {
    "mixedVideoLayout": 3,
    "maxResolutionUid": "41",
    "backgroundColor": "#00ff00",
    "backgroundImage": "https://example.test/b.jpg",
    "defaultUserBackgroundImage": "https://example.test/c.jpg",
    "layoutConfig": [PANE],
    "backgroundConfig": [BACKGROUND],
}
STORAGE = {
    **client.STORAGE,
    "stsToken": "t",
    "stsExpiration": 1_900_000_000,
    "fileNamePrefix": ["dirA", "dirB"],
    "extensionParams": {"sse": "kms", "tag": "a", "endpoint": ""},
}
PARAMS: dict[str, dict[str, Any]] = {
    "acquire": {
        "scene": 0,
        "resourceExpiredHour": 24,
        "region": "CN",
        "regionAffinity": 1,
        "excludeResourceIds": ["a"],
        "startParameter": {"token": "t", "storageConfig": STORAGE},
    },
    "start": {
        "token": "t",
        "storageConfig": STORAGE,
        "recordingFileConfig": {"avFileType": ["hls", "mp4"]},
        "recordingConfig": {
            "channelType": 1,
            "streamTypes": 2,
            "streamMode": "default",
            "videoStreamType": 0,
            "maxIdleTime": 30,
            "subscribeAudioUids": ["#allstream#"],
            "unSubscribeVideoUids": ["42"],
            "subscribeUidGroup": 0,
            "decryptionMode": 7,
            "secret": "s",
            "salt": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "audioProfile": 1,
            "privateParams": '{"correctEXTINF":true}',
            "transcodingConfig": {
                "width": 640,
                "height": 360,
                "fps": 30,
                "bitrate": 600,
                **PICTURE,
            },
        },
    },
    "update": {
        "streamSubscribe": {
            "audioUidList": {"subscribeAudioUids": ["41"]},
            "videoUidList": {"unSubscribeVideoUids": ["42"]},
        },
        "storageConfig": STORAGE,
    },
    "updateLayout": PICTURE,
    "stop": {"async_stop": True},
}

huge = st.sampled_from([2**31, 2**63, 2**64, -(2**63), 10**30, 1e308, 5e-324, -0.0])
text = st.text(max_size=20) | st.sampled_from(["", "\x00", "#allstream#", "x" * 4_000, "会议🎥"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | huge | text
values = st.recursive(
    scalars.filter(lambda each: each not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(text, inner, max_size=5),
    max_leaves=40,
)
odd_json = st.sampled_from(
    [
        b"1e999",
        b"-1e-999",
        b"9" * 400,
        b"9" * 5_000,
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xff\xfe"',
        b'"\\u0000"',
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        b"[" * 990 + b"]" * 990,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"NaN",
        b"Infinity",
        b"0x10",
        b"01",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":2}',
        b'{"\\ud800":1}',
    ]
)


class Target:
    """A fresh tenant with one task to hit, for each example."""

    def __init__(self, operation: str) -> None:
        self.operation = operation

    def hit(self, body: bytes) -> int:
        """Send a body, judge the answer, return its status."""
        return asyncio.run(self._hit(body))

    async def _hit(self, body: bytes) -> int:
        directory = Directory(base.load(), AtHand())
        hand = directory.create(Wanted("fuzz"), 0)
        own = hand.credentials["agora"]
        transport = httpx.ASGITransport(App(base.load(), directory, Store()))
        async with httpx.AsyncClient(transport=transport, base_url="http://e/agora") as http:

            async def send(call: Outward, content: bytes) -> httpx.Response:
                return await http.request(
                    call.method, call.path, headers=call.headers, content=content
                )

            acquired = await self._ask(send, client.acquire(own, "demo", "9"))
            resource, sid = acquired["resourceId"], ""
            if self.operation not in ("acquire", "start"):
                started = await self._ask(send, client.start(own, "demo", "9", resource))
                sid = started["sid"]
            before = kept(hand.world)
            answer = await send(self._call(own, resource, sid), body)
            self._judge(answer)
            if answer.status_code >= 400:
                assert kept(hand.world) == before
        await directory.close()
        return answer.status_code

    @staticmethod
    async def _ask(send: Any, call: Outward) -> dict[str, Any]:
        answer = await send(call, call.body)
        found: dict[str, Any] = answer.json()
        return found

    def _call(self, own: Any, resource: str, sid: str) -> Outward:
        if self.operation == "acquire":
            return client.acquire(own, "demo", "9")
        if self.operation == "start":
            return client.start(own, "demo", "9", resource)
        return client.task_call(own, self.operation, "demo", "9", resource, sid)

    @staticmethod
    def _judge(answer: httpx.Response) -> None:
        assert answer.status_code in DOCUMENTED, answer.text
        assert isinstance(answer.json(), dict)
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        hint = answer.headers.get("x-recording-emulator-hint", "")
        assert hint.isascii()
        assert hint.isprintable()


def whole(operation: str) -> dict[str, Any]:
    return {"cname": "demo", "uid": "9", "clientRequest": deepcopy(PARAMS[operation])}


operations = pytest.mark.parametrize("operation", list(PARAMS))


@operations
def test_a_whole_body_with_every_field_is_accepted(operation: str) -> None:
    status = Target(operation).hit(msgspec.json.encode(whole(operation)))

    assert status == (206 if operation == "stop" else 200)  # nothing is recorded yet


@operations
@BOUNDED
@given(data=st.data())
def test_any_json_at_any_place_is_answered_with_a_documented_status(
    operation: str, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(places(whole(operation))))
    body = with_value(whole(operation), place, data.draw(values))

    Target(operation).hit(msgspec.json.encode(body))


@operations
@FEWER
@given(data=st.data())
def test_odd_json_at_any_place_is_answered_with_a_documented_status(
    operation: str, data: st.DataObject
) -> None:
    unknown = st.sampled_from([("clientRequest", "newer"), ("newer",)])
    place = data.draw(st.sampled_from(places(whole(operation))) | unknown)
    body = with_value(whole(operation), place, msgspec.Raw(data.draw(odd_json)))

    Target(operation).hit(msgspec.json.encode(body))


@operations
@FEWER
@given(data=st.data())
def test_a_missing_field_is_answered_with_a_documented_status(
    operation: str, data: st.DataObject
) -> None:
    body = whole(operation)
    *way, last = data.draw(st.sampled_from(places(body)[1:]))
    inside: Any = body
    for key in way:
        inside = inside[key]
    del inside[last]

    Target(operation).hit(msgspec.json.encode(body))


@operations
@FEWER
@given(body=st.binary(max_size=2_000) | odd_json)
def test_any_bytes_are_answered_with_a_documented_status(operation: str, body: bytes) -> None:
    Target(operation).hit(body)


@operations
@FEWER
@given(data=st.data())
def test_a_body_cut_or_changed_anywhere_is_answered_with_a_documented_status(
    operation: str, data: st.DataObject
) -> None:
    raw = bytearray(msgspec.json.encode(whole(operation)))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))

    Target(operation).hit(bytes(raw))


@operations
@pytest.mark.parametrize("size_bytes", [1_048_576, 1_048_577, 2 * 1_048_576])
def test_a_large_body_is_answered_with_a_documented_status(operation: str, size_bytes: int) -> None:
    raw = msgspec.json.encode(whole(operation))

    Target(operation).hit(raw + b" " * (size_bytes - len(raw)))
