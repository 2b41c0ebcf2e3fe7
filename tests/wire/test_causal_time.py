"""Members that acknowledge are part of the instant: every rule of causal time, for them."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Heard, Tenant
from recording_emulator.vendors.handle import Handle

if TYPE_CHECKING:
    from tests.wire.conftest import Hosts, Raws

EPOCH_MS = 1_893_456_000_000


def outcomes(toy: Handle) -> list[tuple[str, int]]:
    """How events went, and when, in ms from the start."""
    return [(e["name"], e["at_ms"] - EPOCH_MS) for e in toy.journal(kind="outcome")]


def test_a_result_is_written_before_the_events_it_caused(raw: "Raws", toy: Handle) -> None:
    client = raw(ack="1")

    client.send({"jsonrpc": "2.0", "id": 1, "method": "join", "params": {}})
    first, second = client.receive(), client.receive()

    assert first["result"] == {"code": 0, "data": "raw"}
    assert second["method"] == "onJoined"
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 1}})


def test_an_advance_waits_until_the_listeners_are_done(
    member: "Hosts", toy: Handle, tenant: Tenant
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    times: list[int] = []
    alice.on("onLeft", lambda _: times.append(toy.now_ms() - EPOCH_MS))
    bob.drop()

    toy.advance(hours=1)

    assert times == [30_000]
    assert toy.now_ms() == EPOCH_MS + 3_600_000


def test_one_event_at_a_time_reaches_a_member_in_order(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.settle()
    inside, at_once = [0], []

    def listen(_heard: Heard) -> None:
        inside[0] += 1
        at_once.append(inside[0])
        inside[0] -= 1

    alice.on("", listen)

    alice.call("say", text="many", times=20)
    toy.settle()

    assert at_once == [1] * 20
    assert [each.seq for each in alice.events] == list(range(1, 22))


def test_a_listener_may_call_the_sdk_from_inside(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    answers: list[Any] = []
    alice.on("onLeft", lambda _: answers.append(alice.call("say", text="alone now")))

    toy.advance(hours=1)

    assert answers == [{"code": 0, "data": "alone now"}]
    said = [e for e in toy.journal(kind="call") if e["name"] == "toy.say"]
    assert [entry["at_ms"] - EPOCH_MS for entry in said] == [30_000]


def test_a_listener_may_make_a_call_that_waits_and_time_moves_for_it(
    member: "Hosts", toy: Handle
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    answers: list[Any] = []
    alice.on("onLeft", lambda _: answers.append((alice.call("wait"), toy.now_ms() - EPOCH_MS)))

    toy.advance(hours=1)

    assert answers == [({"code": 0, "data": "waited"}, 35_000)]
    assert outcomes(toy)[-1] == ("accepted", 35_000)


def test_a_listener_may_move_the_clock_from_inside(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.settle()
    alice.on("onSaid", lambda _: toy.advance(seconds=2))

    alice.call("say", text="go")
    toy.settle()

    assert toy.now_ms() == EPOCH_MS + 2_000


def test_a_call_that_waits_holds_up_neither_the_next_nor_the_clock(
    member: "Hosts", toy: Handle
) -> None:
    alice = member("alice")
    waiting = [alice.begin("wait"), alice.begin("say", text="meanwhile")]

    toy.settle()

    assert [each.result(5)["data"] for each in waiting] == ["waited", "meanwhile"]
    assert toy.now_ms() == EPOCH_MS + 5_000


@pytest.mark.recording_emulator(guard_ms=200)
def test_a_member_that_never_acknowledges_is_given_up_and_the_next_event_goes(
    member: "Hosts", raw: "Raws", toy: Handle
) -> None:
    bob, client = member("bob"), raw(ack="1")
    client.ask("join")
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 1}})
    bob.drop()
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 2}})
    toy.settle()

    toy.advance(hours=1)

    assert outcomes(toy)[-2:] == [("given up waiting", 30_000), ("timed_out", 40_000)]


@pytest.mark.recording_emulator(guard_ms=200)
def test_a_late_acknowledgement_means_nothing(raw: "Raws", toy: Handle) -> None:
    client = raw(ack="1")
    client.ask("join")
    client.receive()
    toy.advance(seconds=60)
    before = toy.canonical_journal()

    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 1}})
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 77}})

    assert client.ask("nothing")["error"]["code"] == -32601
    assert toy.canonical_journal() == before


def test_a_member_that_does_not_acknowledge_is_not_waited_for_and_the_journal_says_so(
    raw: "Raws", toy: Handle
) -> None:
    client = raw()
    client.ask("join")

    toy.advance(hours=1)

    assert outcomes(toy) == [("sent", 0)]
    assert client.receive()["params"] == {
        "seq": 1,
        "at_ms": EPOCH_MS,
        "room": "hall",
        "args": ["raw"],
    }


def test_a_connection_lost_while_an_event_is_unacknowledged_holds_nothing_up(
    raw: "Raws", toy: Handle, beside: Any
) -> None:
    client = raw(ack="1")
    client.ask("join")
    client.receive()
    advance: threading.Thread = beside(toy, hours=1)

    client.socket.close()
    advance.join(5)

    assert not advance.is_alive()
    assert "failed" in [name for name, _ in outcomes(toy)]


def test_one_slow_listener_does_not_let_another_members_events_overtake(
    member: "Hosts", toy: Handle
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    has_bob_heard = threading.Event()
    bob.on("onSaid", lambda _: has_bob_heard.set())
    alice.on("onSaid", lambda _: has_bob_heard.wait(5))

    alice.call("say", text="both")
    toy.settle()

    last = [entry["subject"] for entry in toy.journal(kind="outcome")][-2:]
    assert last == ["toy:1", "toy:2"]


@pytest.mark.recording_emulator(mode="real", guard_ms=200)
def test_in_mode_real_events_come_as_they_happen(member: "Hosts") -> None:
    alice, bob = member("alice"), member("bob")
    has_come = threading.Event()
    bob.on("onSaid", lambda _: has_come.set())

    alice.call("say", text="now")

    assert has_come.wait(5)


@pytest.mark.recording_emulator(mode="auto")
def test_in_mode_auto_a_call_that_waits_runs_to_its_end(member: "Hosts") -> None:
    alice = member("alice")

    assert alice.call("wait")["data"] == "waited"
