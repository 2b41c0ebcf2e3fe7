"""What no client should send: a protocol error each, and nothing has changed."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from recording_emulator.testing import Tenant
from recording_emulator.vendors.handle import Handle
from recording_emulator.wire import frames

if TYPE_CHECKING:
    from tests.wire.conftest import Raws

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FRAMES: Any = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "id": st.integers() | st.text() | JSON,
        "method": st.sampled_from(["join", "say", "ack", "bye", "wait"]) | JSON,
        "params": st.dictionaries(st.sampled_from(["seq", "text"]), JSON) | JSON,
    },
)


@given(st.binary(max_size=200) | st.text(max_size=200) | FRAMES.map(json.dumps))
@example("[" * 100_000)
@example('{"jsonrpc":"2.0","id":1' + "0" * 5_000 + ',"method":"say"}')
@example('{"jsonrpc":"2.0","id":"\\ud800","method":"say"}')
@settings(deadline=None)
def test_reading_never_raises_and_what_is_read_is_whole(raw: str | bytes) -> None:
    found = frames.read(raw)

    match found:
        case frames.Ask(asked, method, params):
            assert isinstance(asked, int | str)
            assert 0 < len(method) <= frames.MAX_METHOD
            assert isinstance(params, dict | list)
            assert json.loads(frames.result(asked, None))["id"] == asked
        case frames.Ack(seq):
            assert seq > 0
        case frames.Broken(code, why):
            assert -32700 <= code <= -32600
            assert json.loads(frames.error(found.id, code, why))["error"]["code"] == code


@given(st.lists(st.text(max_size=100) | st.binary(max_size=100) | FRAMES.map(json.dumps)))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_comes_a_connection_stays_and_answers(raw: "Raws", sent: list[Any]) -> None:
    client = raw()
    is_gone = False
    for frame in sent:
        is_gone = is_gone or '"bye"' in str(frame)
        if not is_gone:
            client.send(frame)
    if is_gone:
        return

    client.send({"jsonrpc": "2.0", "id": "the end", "method": "nothing"})

    while (came := client.receive()).get("id") != "the end":
        assert came["jsonrpc"] == "2.0"
    assert came["error"]["code"] == frames.NO_METHOD


@pytest.mark.parametrize(
    ("sent", "code", "answers_to", "why"),
    [
        ("{", -32700, None, "not JSON"),
        (b"\xff\xfe", -32700, None, "not JSON"),
        ("[]", -32600, None, "batches are not served"),
        ('"join"', -32600, None, "one JSON object"),
        ('{"id":1,"method":"join"}', -32600, 1, 'jsonrpc must be "2.0"'),
        ('{"jsonrpc":"2.0","id":1}', -32600, 1, "method must be"),
        ('{"jsonrpc":"2.0","id":1,"method":""}', -32600, 1, "method must be"),
        ('{"jsonrpc":"2.0","id":1,"method":"join","params":3}', -32600, 1, "params must be"),
        ('{"jsonrpc":"2.0","method":"join"}', -32600, None, "needs an id"),
        ('{"jsonrpc":"2.0","id":1.5,"method":"join"}', -32600, None, "needs an id"),
        ('{"jsonrpc":"2.0","id":true,"method":"join"}', -32600, None, "needs an id"),
        ('{"jsonrpc":"2.0","id":null,"method":"join"}', -32600, None, "needs an id"),
        ('{"jsonrpc":"2.0","method":"ack"}', -32600, None, "params {seq}"),
        ('{"jsonrpc":"2.0","method":"ack","params":{"seq":0}}', -32600, None, "params {seq}"),
        ('{"jsonrpc":"2.0","id":1,"method":"toString"}', -32601, 1, "no method 'toString'"),
        (" " * 300_000, -32600, None, "at most 262,144 bytes"),
    ],
)
def test_a_malformed_frame_is_answered_and_changes_nothing(
    raw: "Raws", toy: Handle, sent: str | bytes, code: int, answers_to: int | None, why: str
) -> None:
    client = raw()
    before = toy.canonical_journal()

    client.send(sent)
    came = client.receive()

    assert (came["error"]["code"], came["id"]) == (code, answers_to)
    assert why in came["error"]["message"]
    assert toy.canonical_journal() == before


def test_a_message_over_the_limit_ends_the_connection(raw: "Raws") -> None:
    client = raw()

    client.send("x" * 1_100_000)

    with pytest.raises(ConnectionClosed) as caught:
        client.receive()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1009


def test_more_calls_than_may_be_unanswered_are_refused(
    raw: "Raws", toy: Handle, tenant: Tenant
) -> None:
    client = raw()
    client.ask("join")
    client.receive()
    toy.faults.add("call", effect="slow", by_ms=30, operation="say", times=None)

    for number in range(80):
        say = {"jsonrpc": "2.0", "id": number, "method": "say", "params": {"text": "x"}}
        client.send(say)
    answers = [came for _ in range(144) if "id" in (came := client.receive())]

    refused = [each for each in answers if "error" in each]
    assert {each["error"]["message"] for each in refused} == {"64 calls are unanswered"}
    assert len(answers) == 80


def test_no_more_members_come_than_a_tenant_holds(toy_server: Any) -> None:
    from recording_emulator.core import members
    from recording_emulator.core.inputs import Connect
    from recording_emulator.errors import BadRequest

    tenant = toy_server.tenant("full")
    hand = toy_server._directory.get("full")

    async def fill() -> None:
        for _ in range(members.MAX_MEMBERS):
            hand.apply(Connect("toy", "bot", acks=False))

    toy_server.loop.run(fill())

    with pytest.raises(BadRequest, match="4429: a tenant has at most 1000 members"):
        tenant.member("toy", {"user": "one too many", **tenant.info.credentials["toy"]})
    tenant.close()
