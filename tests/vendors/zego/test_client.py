"""The client that scenarios play: every call by its name, and what it keeps of answers."""

from urllib.parse import urlsplit

import msgspec
import pytest
from faker import Faker

from recording_emulator.core.decoding import read_query
from recording_emulator.vendors.base import Unmade
from recording_emulator.vendors.zego import ADAPTER, gateway, requests
from recording_emulator.vendors.zego.settings import Settings

CLIENT = ADAPTER.client
PAIR = ADAPTER.credentials("a test")
SAVED = {"task": "A" * 16, "room": "demo"}
NOW_MS = 1_893_456_000_000
NEEDED = {"UpdateWhiteboard": {"WhiteboardId": "5"}}


@pytest.mark.parametrize("call", CLIENT.calls)
def test_every_call_makes_a_request_that_the_gateway_lets_in(call: str) -> None:
    asked = CLIENT.request(call, PAIR, SAVED, NEEDED.get(call, {}), NOW_MS)

    where = urlsplit(asked.path)
    public = read_query(where.query)
    assert gateway.problem(asked.method, where.path, public) is None
    assert gateway.stranger(public, PAIR["server_secret"], NOW_MS) is None
    given, notes = requests.read(call, asked.body, {}, "", Settings())
    assert (type(given).__name__, notes) == (call, ())


def test_every_operation_can_be_called() -> None:
    assert list(CLIENT.calls) == [each.name for each in ADAPTER.surface.operations]
    assert {*CLIENT.flow, CLIENT.ending} <= set(CLIENT.calls)


def test_names_stand_for_members_and_the_rest_is_the_body() -> None:
    given = {"room": "other", "mixed": True, "RecordOutputParams": {"OutputFileFormat": "hls"}}

    body = msgspec.json.decode(CLIENT.request("StartRecord", PAIR, SAVED, given, NOW_MS).body)

    assert (body["RoomId"], body["RecordInputParams"]["RecordMode"]) == ("other", 2)
    assert body["RecordOutputParams"] == {"OutputFileFormat": "hls"}
    assert set(body) == {
        "RoomId", "RecordInputParams", "RecordOutputParams", "StorageParams",
    }  # fmt: skip


def test_a_call_that_needs_a_task_says_so() -> None:
    with pytest.raises(Unmade, match="StopRecord needs a task, and no answer has given one"):
        CLIENT.request("StopRecord", PAIR, {}, {}, NOW_MS)


def test_it_keeps_of_answers_what_the_next_call_needs() -> None:
    started = CLIENT.learn("StartRecord", {"room": "r"}, {"Code": 0, "Data": {"TaskId": "t"}})

    assert started == {"room": "r", "task": "t"}
    assert CLIENT.learn("StartRecord", {}, {"Code": 300000004}) == {}
    assert CLIENT.learn("StopRecord", {}, None) == {}


@pytest.mark.parametrize("seed", range(5))
def test_a_sample_is_a_start_that_is_accepted(seed: int) -> None:
    fake = Faker()
    fake.seed_instance(seed)

    made = ADAPTER.sample(fake)

    raw = msgspec.json.encode(made["StartRecord"])
    given, notes = requests.read("StartRecord", raw, {}, "", Settings())
    assert (type(given).__name__, notes) == ("StartRecord", ())
