"""Whatever a client sends: an answer in the vendor's shape, and a refusal changes nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bodies import JSON, with_one_replaced
from tests.vendors.stage import kept

from recording_emulator.core import rooms, snapshot
from recording_emulator.core.decoding import read_query
from recording_emulator.core.inputs import Answer, Call, ChangeRoom
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom.nertc import errors, replies, requests
from recording_emulator.vendors.neroom.nertc.requests import Asked

if TYPE_CHECKING:
    pass

BOUNDED = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ROOM = "room-7"
UIDS = {"subscribeUids": [1], "unSubscribeUids": [2]}
FULL: dict[str, Any] = {
    "cname": ROOM,
    "taskId": "",
    "uid": 7,
    "channelName": ROOM,
    "streamSubscribe": {"streamType": 2, "audioUidList": UIDS, "videoUidList": UIDS},
    "recordConfig": {
        "recordType": 100,
        "fileFormat": 1,
        "modeList": [{"mode": 0, "layoutType": 1, "layout": {"canvas": {"width": 1}}}],
    },
    "layoutConfig": {"layoutType": 2, "layout": {"users": [{"uid": 1}]}},
    "watermark": {"imgWms": [{"url": "a"}]},
    "detect": {"audio": True},
}
NAMES = (
    "createRoom", "getRoom", "deleteRoom", "members", "submit", "update", "updateSubs", "tasks",
    "stop", "record", "mediaFiles",
)  # fmt: skip
CODES = {200, *(row.code for row in errors.ROWS)}


def staged() -> World:
    """A world in which somebody talks in the room."""
    own = {"neroom": ADAPTER.credentials("stage")}
    told = {"neroom": {"rtc_copies": True}}
    world = World(Spec("stage", credentials=own, settings=told), (ADAPTER,))
    world.apply(ChangeRoom("neroom", ROOM, rooms.Join("31001")))
    return world


def ask(world: World, asked: Asked) -> dict[str, Any]:
    """Ask as the routes do, and read the answer."""
    read, notes = requests.read(asked)
    answer = world.apply(Call("neroom", f"nertc.v2.{asked.name}", read, notes))
    assert isinstance(answer, Answer)
    _, body = replies.render(answer, world.views["neroom"], "0" * 32)
    told: dict[str, Any] = msgspec.json.decode(body)
    return told


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Draw a full body with one place in it replaced, or no body at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=40) | JSON.map(msgspec.json.encode))
    body = with_one_replaced(draw, deepcopy(FULL))
    try:
        return msgspec.json.encode(body)
    except OverflowError:
        return b"{}"


QUERIES = st.dictionaries(
    st.sampled_from(["cname", "uid", "userRole", "x"]), st.sampled_from([ROOM, "", "0", "9" * 30])
)


@BOUNDED
@given(name=st.sampled_from(NAMES), is_v3=st.booleans(), query=QUERIES, body=bodies())
def test_any_request_gets_a_code_of_the_catalogue_and_a_refusal_changes_nothing(
    name: str, is_v3: bool, query: dict[str, str], body: bytes
) -> None:
    world = staged()
    for submitted in (False, True):
        if submitted:
            begun = ask(world, Asked("submit", True, "", {"cname": ROOM}, b"{}"))
            assert begun["code"] in CODES
        before = kept(world)

        told = ask(world, Asked(name, is_v3, "9" * 9, query, body))

        assert told["code"] in CODES
        if told["code"] != 200:
            assert told["errmsg"]
            assert kept(world) == before
        snapshot.restore(snapshot.take(world), (ADAPTER,))


@BOUNDED
@given(body=st.binary(max_size=200), query=st.text(max_size=80), cid=st.text(max_size=25))
def test_any_bytes_become_a_call_or_a_refusal(body: bytes, query: str, cid: str) -> None:
    for name in NAMES:
        for is_v3 in (False, True):
            asked = Asked(name, is_v3, cid, read_query(query), body)
            given_call, _ = requests.read(asked)
            assert msgspec.json.encode(given_call)
