"""Spoiled callbacks: a naive receiver sees what a fault says, once, and then a clean delivery."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.agora.handle import Agora

if TYPE_CHECKING:
    from tests.conftest import RecordingApp

Seen = list[tuple[int | str, bool]]


@pytest.fixture
def heard(agora: Agora, app: RecordingApp, inbox: Inbox) -> Any:
    """Record for a minute with one fault on event 30; return what came in and how it went."""

    def hear(effect: str, **more: Any) -> tuple[Seen, list[str]]:
        inbox.subscribe("agora", [30, 40])
        agora.faults.add("callback", effect=effect, event=30, **more)
        app.record()
        agora.advance(minutes=2)
        outcomes = [tried["outcome"] for each in agora.callbacks() for tried in each.attempts]
        return [(each.event_type, each.is_genuine) for each in inbox.callbacks], outcomes

    return hear


def test_a_lost_attempt_is_made_again_after_the_vendors_limit(heard: Any, inbox: Inbox) -> None:
    seen, outcomes = heard("lose")

    assert seen == [(40, True), (30, True)]
    assert outcomes == ["timed_out", "accepted", "accepted"]
    assert inbox.callbacks[1].json["notifyMs"] - inbox.callbacks[1].json["payload"]["sendts"] == (
        10_000
    )


def test_an_unheard_answer_makes_the_vendor_send_what_was_received(heard: Any) -> None:
    seen, outcomes = heard("unheard")

    assert seen == [(30, True), (30, True), (40, True)]
    assert outcomes == ["failed", "accepted", "accepted"]


def test_a_wrong_signature_is_seen_once(heard: Any) -> None:
    seen, _ = heard("wrong_signature")

    assert seen == [(30, False), (40, True)]


def test_every_attempt_can_be_wrongly_signed(heard: Any, inbox: Inbox) -> None:
    inbox.answer(401)

    seen, outcomes = heard("wrong_signature", times=4)

    assert [each for each in seen if each[0] == 30] == [(30, False)] * 4
    assert outcomes[:4] == ["refused"] * 4


def test_a_stale_callback_claims_to_be_sent_long_ago(heard: Any, inbox: Inbox) -> None:
    seen, _ = heard("stale", by_ms=86_400_000)

    told = inbox.callbacks[0].json
    assert seen == [(30, True), (40, True)]
    assert told["payload"]["sendts"] - told["notifyMs"] == 86_400_000


def test_a_cut_callback_is_signed_as_a_whole_and_cannot_be_read(heard: Any, inbox: Inbox) -> None:
    seen, _ = heard("cut")

    assert seen == [(0, False), (40, True)]
    assert inbox.callbacks[0].complaint.startswith("not a notice: Input data was truncated")


def test_swapped_callbacks_come_in_the_other_order(heard: Any) -> None:
    seen, _ = heard("swap")

    assert seen == [(40, True), (30, True)]


def test_a_swapped_callback_without_a_neighbour_comes_a_minute_later(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30])
    agora.faults.add("callback", effect="swap")
    app.record()

    agora.advance(seconds=61)
    early = list(inbox.event_types)
    agora.advance(seconds=1)

    assert (early, inbox.event_types) == ([], [30])


@pytest.mark.parametrize(
    ("effect", "more", "events"),
    [
        ("drop", {}, [40]),
        ("delay", {"by_ms": 5_000}, [40, 30]),
        ("duplicate", {}, [30, 30, 40]),
    ],
)
def test_a_callback_as_a_whole_is_dropped_late_or_doubled(
    heard: Any, effect: str, more: dict[str, int], events: list[int]
) -> None:
    seen, _ = heard(effect, **more)

    assert [event for event, _ in seen] == events


def test_a_websocket_subscriber_is_cut_off(
    agora: Agora, app: RecordingApp, recording_emulator: Tenant
) -> None:
    base = recording_emulator.emulator.url.replace("http://", "ws://")
    url = f"{base}/_emulator/tenants/{recording_emulator.info.id}/callbacks/stream?vendor=agora"
    agora.faults.add("callback", effect="disconnect", event=30)
    with connect(url) as socket:
        assert "target" in json.loads(socket.recv())
        app.record()
        agora.advance(seconds=10)

        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)


def test_the_first_callback_of_a_call_can_come_before_its_answer(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40])
    agora.faults.add("call", effect="before_reply", operation="start")
    app.acquire()
    order: list[str] = []
    inbox.call_back(lambda received: order.append(str(received.event_type)))

    assert app.start().status_code == 200
    order.append("answer")
    agora.settle()

    entries = [(e["kind"], e["name"]) for e in agora.journal() if e["kind"] in ("outcome", "reply")]
    assert order == ["30", "answer"]
    assert entries[-2:] == [("outcome", "accepted"), ("reply", "ok")]


def test_an_answer_does_not_wait_for_a_callback_nobody_subscribes_to(
    agora: Agora, app: RecordingApp
) -> None:
    agora.faults.add("call", effect="before_reply", operation="start")
    app.acquire()

    assert app.start().status_code == 200
