"""Which of two receivers is the quicker leaves no trace: their answers enter in rounds."""

import threading
from typing import Protocol

import pytest

from recording_emulator.testing import Inbox, Received, Tenant
from recording_emulator.vendors.agora.handle import Agora

EPOCH_MS = 1_893_456_000_000
OUT = ("attempt", "outcome")


class App(Protocol):
    """The app of tests/conftest.py."""

    def record(self, cname: str) -> None: ...
    def stop(self) -> object: ...


def told(agora: Agora, app: App, room: str) -> list[tuple[str, str, str]]:
    """Record for a while; returns the attempts and outcomes of it, in order."""
    before = max((entry["seq"] for entry in agora.journal()), default=0)
    app.record(room)
    agora.advance(seconds=5)
    news = [entry for entry in agora.journal() if entry["seq"] > before]
    return [(e["kind"], e["subject"], e["name"]) for e in news if e["kind"] in OUT]


def test_the_order_in_which_two_targets_answer_leaves_no_trace(
    apps: list[App], agora: Agora, recording_emulator: Tenant, inbox: Inbox
) -> None:
    turn, other = threading.Semaphore(0), recording_emulator.inbox()

    def go_first(_received: Received) -> None:
        turn.release()

    def come_second(_received: Received) -> None:
        turn.acquire(timeout=5)
        for _ in range(10):  # meanwhile the server hears the other's answer
            agora.now_ms()

    inbox.call_back(go_first)
    other.call_back(come_second)
    first = told(agora, apps[0], "one")
    inbox.call_back(come_second)
    other.call_back(go_first)
    second = told(agora, apps[1], "two")

    assert first == second
    assert first.count(("outcome", "inbox-2-agora", "accepted")) == 7


@pytest.mark.recording_emulator(guard_ms=500)
def test_one_target_that_hangs_neither_stops_nor_reorders_the_others(
    apps: list[App], agora: Agora, recording_emulator: Tenant, inbox: Inbox
) -> None:
    other = recording_emulator.inbox()
    other.hang()

    came = told(agora, apps[0], "one")

    assert inbox.event_types == [30, 40, 43, 44, 43, 44, 42]
    outcomes = [each[1:] for each in came if each[0] == "outcome"]
    assert outcomes[:2] == [("inbox-agora", "accepted"), ("inbox-2-agora", "given up waiting")]


def test_an_answer_that_waits_for_its_round_enters_before_time_passes_the_round_by(
    apps: list[App], agora: Agora, recording_emulator: Tenant, inbox: Inbox
) -> None:
    other = recording_emulator.inbox()
    inbox.subscribe("agora", [40])
    other.subscribe("agora", [40])
    inbox.call_back(lambda _: apps[0].stop())

    told(agora, apps[0], "one")

    ended = {e["subject"]: e["at_ms"] - EPOCH_MS for e in agora.journal(kind="outcome")}
    assert ended == {"inbox-2-agora": 3_000, "inbox-agora": 4_000}
