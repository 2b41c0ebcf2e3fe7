"""Faults on the wire: dropped at event k, a gap, a slow consumer, a half-open connection."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Rejected, Tenant
from recording_emulator.vendors.handle import Handle

if TYPE_CHECKING:
    from tests.wire.conftest import Hosts, Raws

Entries = Any


def test_a_connection_drops_at_the_second_event_of_a_name_and_its_resume_brings_it(
    member: "Hosts", toy: Handle, told: Entries
) -> None:
    alice = member("alice")
    toy.faults.add("wire", effect="drop", event="onSaid", nth=2)

    alice.call("say", text="many", times=3)
    toy.settle()
    before = [each.seq for each in alice.events]
    alice.resume()
    toy.settle()

    assert before == [1, 2]
    assert alice.closed is None
    assert [(each.seq, each.name) for each in alice.events][2:] == [
        (3, "onSaid"),
        (4, "onSaid"),
        (5, "onDropped"),
        (6, "onResumed"),
    ]
    assert [name for _, name in told(toy, "member")] == ["connected", "dropped", "resumed"]


def test_a_lost_event_leaves_a_hole_in_the_numbers(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.faults.add("wire", effect="lose", event="onSaid")

    alice.call("say", text="many", times=2)
    toy.settle()

    assert [each.seq for each in alice.events] == [1, 3]
    assert [e["name"] for e in toy.journal(kind="outcome")] == ["accepted", "failed", "accepted"]


def test_a_slow_member_gets_everything_late_and_in_order(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    toy.faults.add("wire", effect="slow", by_ms=20_000, event="onSaid")

    bob.call("say", text="one")
    bob.call("say", text="two")
    toy.settle()
    before = alice.names
    toy.advance(seconds=20)

    assert before == ["onJoined", "onJoined"]
    assert [each.args[0] for each in alice.events][2:] == ["one", "two"]
    assert bob.names[-2:] == ["onSaid", "onSaid"]


def test_a_slow_member_that_falls_too_far_behind_is_cut_off(
    member: "Hosts", toy: Handle, told: Entries
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    toy.faults.add("wire", effect="slow", by_ms=20_000, event="onSaid")

    for _ in range(2):
        bob.call("say", text="many", times=600)
        toy.settle()
    alice._reader.join(5)

    assert alice.closed == (1006, "")
    assert told(toy, "member")[-1] == ("toy:1", "dropped")


def test_a_slow_member_that_leaves_gets_nothing_more(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.settle()
    toy.faults.add("wire", effect="slow", by_ms=20_000, event="onSaid")
    alice.call("say", text="never heard")

    alice.bye()
    toy.advance(minutes=1)

    assert alice.names == ["onJoined"]


def test_a_half_open_connection_is_noticed_late_and_what_went_into_it_comes_again(
    member: "Hosts", toy: Handle
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    toy.faults.add("wire", effect="half_open", event="onSaid", for_ms=8_000)
    bob.call("say", text="unheard")
    bob.call("say", text="unheard too")
    toy.settle()
    lost = alice.begin("say", text="nobody hears this")

    toy.advance(seconds=7)
    is_open = alice.closed is None
    toy.advance(seconds=1)
    alice._reader.join(5)
    with pytest.raises(ConnectionResetError):
        lost.result(5)
    alice.resume()
    toy.settle()

    assert is_open
    assert [each.args[0] for each in alice.events if each.name == "onSaid"] == [
        "unheard",
        "unheard too",
    ]
    assert "onDropped" in bob.names


def test_a_gap_after_a_resume_is_told(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    alice.call("say", text="one")
    toy.faults.add("wire", effect="gap")

    bob.resume()
    toy.settle()

    assert bob.missed == 2
    assert bob.names == ["onJoined", "onResumed"]


def test_a_call_can_fail_with_any_row_of_the_catalogue(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.faults.answer("say", 404)

    with pytest.raises(Rejected) as caught:
        alice.call("say", text="hello")

    assert caught.value.data == {"code": 404, "message": "outside"}


@pytest.mark.parametrize("effect", ["reset", "empty"])
def test_a_broken_answer_breaks_the_connection(member: "Hosts", toy: Handle, effect: str) -> None:
    alice = member("alice")
    toy.faults.add("call", effect=effect, operation="say", commit=True)

    with pytest.raises(ConnectionResetError):
        alice.call("say", text="was it carried out?")
    alice.resume()
    toy.settle()

    assert "onSaid" in alice.names


def test_an_answer_can_come_late_or_never(raw: "Raws", toy: Handle) -> None:
    client = raw()
    client.ask("join")
    client.receive()
    toy.faults.add("call", effect="slow", by_ms=20, operation="say")
    toy.faults.add("call", effect="hang", operation="wait")

    client.send({"jsonrpc": "2.0", "id": 1, "method": "wait", "params": {}})
    client.send({"jsonrpc": "2.0", "id": 2, "method": "say", "params": {"text": "x"}})
    came = [client.receive(), client.receive()]

    assert came[0]["method"] == "onSaid"
    assert came[1]["id"] == 2


def test_an_answer_can_be_cut_in_half(member: "Hosts", toy: Handle) -> None:
    alice = member("alice")
    toy.faults.add("call", effect="malform", operation="say")

    with pytest.raises(ConnectionResetError, match="not JSON"):
        alice.call("say", text="hello")


def test_an_event_can_come_before_the_answer_of_the_call_that_caused_it(
    raw: "Raws", toy: Handle
) -> None:
    client = raw(ack="1")
    toy.faults.add("call", effect="before_reply", operation="join")

    client.send({"jsonrpc": "2.0", "id": 1, "method": "join", "params": {}})
    first = client.receive()
    client.send({"jsonrpc": "2.0", "method": "ack", "params": {"seq": 1}})
    second = client.receive()

    assert first["method"] == "onJoined"
    assert second["id"] == 1


def test_a_fault_on_the_wire_says_what_it_takes(toy: Handle) -> None:
    with pytest.raises(BadRequest, match="needs by_ms"):
        toy.faults.add("wire", effect="slow")
    with pytest.raises(BadRequest, match="one of drop, lose, slow, half_open, gap"):
        toy.faults.add("wire", effect="explode")


def test_a_vendor_without_an_sdk_has_no_faults_on_the_wire(recording_emulator: Tenant) -> None:
    with pytest.raises(BadRequest, match="on is one of"):
        recording_emulator.vendor("agora").faults.add("wire", effect="drop")
