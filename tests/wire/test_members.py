"""Members over real sockets: calls, events, leaving, dropping, coming back, several in one room."""

import threading
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Emulator, Inbox, Rejected, Tenant
from recording_emulator.vendors.handle import Handle
from recording_emulator.vendors.verbs import Ask, nothing, reading

if TYPE_CHECKING:
    from tests.wire.conftest import Hosts

Entries = Any


def member_list(tenant: Tenant) -> list[dict[str, Any]]:
    path = f"/_emulator/tenants/{tenant.info.id}/members"
    return tenant.emulator.control.ask(Ask("GET", path, reading(list[dict[str, Any]], "members")))


# --- calls ----------------------------------------------------------------------------------------


def test_a_call_resolves_with_the_vendors_own_object(member: "Hosts") -> None:
    alice = member("alice", joins=False)

    assert alice.call("join") == {"code": 0, "data": "alice"}
    assert alice.id == "toy:1"


def test_a_vendors_failure_rejects_with_the_exact_object(member: "Hosts") -> None:
    alice = member("alice")

    with pytest.raises(Rejected) as caught:
        alice.call("join")

    assert caught.value.data == {"code": 409, "message": "twice"}


def test_a_vendor_judges_its_own_parameters(member: "Hosts") -> None:
    alice = member("alice")

    with pytest.raises(Rejected, match="params"):
        alice.call("say", words="hm")


def test_a_method_that_is_not_the_sdks_is_a_protocol_error_that_names_near_ones(
    member: "Hosts",
) -> None:
    alice = member("alice")

    with pytest.raises(BadRequest, match=r"-32601: toy has no method 'sya'; it has say"):
        alice.call("sya")


# --- events ---------------------------------------------------------------------------------------


def test_every_member_of_a_room_hears_an_event_in_the_instant_it_happens(
    member: "Hosts", toy: Handle
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.advance(seconds=2)

    bob.call("say", text="hello")
    toy.settle()

    assert alice.names == ["onJoined", "onJoined", "onSaid"]
    assert bob.names == ["onJoined", "onSaid"]
    assert [each.seq for each in alice.events] == [1, 2, 3]
    assert alice.events[-1].args == ["hello"]
    assert alice.events[-1].at_ms == toy.now_ms()


def test_a_callback_and_an_event_of_one_step_keep_their_order(
    member: "Hosts", toy: Handle, tenant: Tenant
) -> None:
    inbox: Inbox = tenant.inbox()
    alice = member("alice")
    toy.settle()

    alice.call("say", text="hello")
    toy.settle()

    attempts = [each["name"] for each in toy.journal(kind="attempt")]
    assert attempts == ["onJoined 1", "onSaid 2", "said #1"]
    assert inbox.event_types == ["said"]
    assert [each.event for each in toy.callbacks()] == ["said"]


def test_the_clock_can_be_moved_until_an_event_of_the_sdk(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    start_ms = toy.now_ms()
    bob.drop()

    toy.advance_until("onLeft")

    assert toy.now_ms() == start_ms + 30_000
    assert alice.names[-2:] == ["onDropped", "onLeft"]


# --- leaving --------------------------------------------------------------------------------------


def test_bye_has_happened_when_it_is_answered(member: "Hosts", toy: Handle, tenant: Tenant) -> None:
    alice, bob = member("alice"), member("bob")

    bob.bye()
    toy.settle()

    assert alice.names[-1] == "onLeft"
    assert bob.closed == (1000, "bye")
    assert [each["id"] for each in member_list(tenant)] == ["toy:1"]


def test_a_dropped_member_is_down_at_that_instant_and_forgotten_later(
    member: "Hosts", toy: Handle, tenant: Tenant, told: Entries
) -> None:
    bob = member("bob")

    bob.drop()
    before = member_list(tenant)
    toy.advance(minutes=2)

    assert bob.closed == (1006, "")
    assert [each["is_up"] for each in before] == [False]
    assert told(toy, "member") == [
        ("toy:1", "connected"),
        ("toy:1", "dropped"),
        ("toy:1", "forgotten"),
    ]
    assert member_list(tenant) == []


def test_a_closed_socket_is_a_drop_when_the_server_sees_it(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    has_come = threading.Event()
    alice.on("onDropped", lambda _: has_come.set())

    bob.close()

    assert has_come.wait(5)
    assert alice.names[-1] == "onDropped"


def test_only_a_member_with_a_connection_can_be_dropped(member: "Hosts", tenant: Tenant) -> None:
    bob = member("bob")
    bob.drop()
    path = f"/_emulator/tenants/{tenant.info.id}/members"

    with pytest.raises(BadRequest, match="has no connection"):
        bob.drop()
    with pytest.raises(BadRequest, match=r"no member 'toy:9'; there are \['toy:1'\]"):
        tenant.emulator.control.ask(Ask("POST", f"{path}/toy:9/drop", nothing))


# --- coming back ----------------------------------------------------------------------------------


def test_a_member_that_resumes_gets_what_it_missed(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    alice.call("say", text="one")
    alice.call("say", text="two")

    bob.resume()
    toy.settle()

    assert bob.id == "toy:2"
    assert bob.missed == 0
    assert [(each.seq, each.name, each.args) for each in bob.events] == [
        (1, "onJoined", ["bob"]),
        (2, "onDropped", ["toy:2"]),
        (3, "onSaid", ["one"]),
        (4, "onSaid", ["two"]),
        (5, "onResumed", ["toy:2"]),
    ]


def test_a_member_that_had_less_than_the_server_thinks_gets_the_rest_again(
    member: "Hosts", toy: Handle
) -> None:
    alice = member("alice")
    alice.call("say", text="one")
    toy.settle()
    alice.drop()

    alice.resume(seq=0)
    toy.settle()

    assert [each.seq for each in alice.events] == [1, 2, 1, 2, 3, 4]


def test_a_gap_is_told_when_more_was_missed_than_is_kept(member: "Hosts", toy: Handle) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    alice.call("say", text="many", times=300)

    bob.resume()
    toy.settle()

    assert bob.missed == 45  # of onDropped and 300 words, the latest 256 are kept
    assert [each.seq for each in bob.events] == [1, *range(47, 304)]


@pytest.mark.recording_emulator(settings={"toy": {"replays": False}})
def test_a_vendor_that_replays_nothing_says_how_much_is_missing(
    member: "Hosts", toy: Handle
) -> None:
    alice, bob = member("alice"), member("bob")
    toy.settle()
    bob.drop()
    alice.call("say", text="one")

    bob.resume()
    toy.settle()

    assert bob.missed == 2
    assert bob.names == ["onJoined", "onResumed"]


def test_a_second_connection_of_a_member_ends_the_first(
    member: "Hosts", toy: Handle, told: Entries
) -> None:
    alice = member("alice")
    toy.settle()
    first = alice._reader

    alice.resume()
    first.join(5)
    toy.settle()

    assert told(toy, "member") == [
        ("toy:1", "connected"),
        ("toy:1", "dropped"),
        ("toy:1", "resumed"),
    ]
    assert alice.call("say", text="still here")["code"] == 0


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"resume": "toy:9", "seq": "0"}, "no member 'toy:9' of this user"),
        ({"resume": "toy:1", "seq": "7"}, "at most 1"),
        ({"resume": "toy:1"}, "seq must be"),
        ({"resume": "toy:1", "seq": "0", "user": "bob"}, "no member 'toy:1' of this user"),
    ],
)
def test_what_cannot_be_resumed_says_why_and_changes_nothing(
    member: "Hosts", toy: Handle, query: dict[str, str], why: str
) -> None:
    member("alice")
    toy.settle()
    before = toy.canonical_journal()

    with pytest.raises(BadRequest, match=why):
        member(**{"user": "alice", "joins": False, **query})  # type: ignore[arg-type]

    assert toy.canonical_journal() == before


# --- who may come ---------------------------------------------------------------------------------


def test_a_stranger_is_told_as_the_vendor_does_and_closed(
    member: "Hosts", toy: Handle, told: Entries
) -> None:
    with pytest.raises(BadRequest, match=r"onAuth \['UNAUTHORIZED'\]"):
        member("alice", token="wrong")

    assert told(toy, "reply") == [("", "401 token")]


def test_a_connection_for_no_tenant_is_noted_and_closed(
    member: "Hosts", toy_server: Emulator, tenant: Tenant
) -> None:
    with pytest.raises(BadRequest, match="4401: no tenant has these credentials"):
        member("alice", key="nobody")

    assert toy_server.unclaimed()[-1]["method"] == "WS"


def test_a_vendor_without_an_sdk_has_no_such_door(recording_emulator: Tenant) -> None:
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus, match="403"):
        recording_emulator.member("agora")


def test_members_of_two_tenants_share_nothing(
    member: "Hosts", toy: Handle, toy_server: Emulator
) -> None:
    other = toy_server.tenant("another world")
    own = other.info.credentials["toy"]
    bob = other.member("toy", {"user": "bob", **own})
    alice = member("alice")

    alice.call("say", text="hello")
    toy.settle()
    other.close()

    assert bob.events == []
    assert bob.closed == (1006, "")


# --- the record -----------------------------------------------------------------------------------


def test_the_same_story_twice_gives_one_journal(toy_server: Emulator) -> None:
    def story(name: str) -> bytes:
        tenant = toy_server.tenant(name, seed=3)
        toy, own = tenant.vendor("toy"), tenant.info.credentials["toy"]
        alice = tenant.member("toy", {"user": "alice", **own})
        bob = tenant.member("toy", {"user": "bob", **own}, acks=False)
        alice.call("join")
        toy.settle()
        bob.call("join")
        toy.settle()
        toy.faults.add("wire", effect="drop", event="onSaid", nth=3)
        for text in ("one", "two"):
            alice.call("say", text=text)
            toy.settle()
        toy.advance(seconds=20)
        alice.resume()
        toy.settle()
        alice.bye()
        toy.advance(minutes=5)
        journal: bytes = toy.canonical_journal()
        tenant.close()
        return journal

    assert story("first") == story("second")


def test_the_inputs_of_a_story_with_members_replay_to_its_journal(toy_server: Emulator) -> None:
    from recording_emulator.core.journal import canonical
    from recording_emulator.core.snapshot import Codec, replay
    from recording_emulator.core.world import Spec

    tenant = toy_server.tenant("kept", keep_inputs=True)
    toy, own = tenant.vendor("toy"), tenant.info.credentials["toy"]
    alice = tenant.member("toy", {"user": "alice", **own})
    alice.call("join")
    toy.settle()
    alice.drop()
    alice.resume()
    toy.settle()
    path = f"/_emulator/tenants/{tenant.info.id}/inputs"
    plain = tenant.emulator.control.ask(Ask("GET", path, reading(list[Any], "inputs")))

    codec = Codec(toy_server.adapters)
    spec = Spec("kept", credentials=tenant.info.credentials)
    again = replay(spec, [codec.revive(each) for each in plain], toy_server.adapters)

    secrets = frozenset[str]({"token"})
    assert canonical(again.journal, secrets, {}) == toy.canonical_journal()
    tenant.close()


def test_a_restored_tenant_knows_its_members_and_lets_them_resume(
    member: "Hosts", toy: Handle, toy_server: Emulator
) -> None:
    alice = member("alice")
    alice.call("say", text="hello")
    toy.settle()

    copy = toy_server.restore(toy.snapshot(), name="a copy")
    own = copy.info.credentials["toy"]
    again = copy.member("toy", {"user": "alice", "resume": alice.id, "seq": "1", **own})
    copy.vendor("toy").settle()

    assert [each.name for each in again.events] == ["onSaid", "onDropped", "onResumed"]
    copy.close()
