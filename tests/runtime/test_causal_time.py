"""Every rule of the design's "time is causal", by name, over real sockets."""

import hashlib
import hmac
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx
import pytest

from recording_emulator.errors import Conflict, NeverHappened, TooManyTimers
from recording_emulator.testing import Inbox, Received, Tenant
from recording_emulator.vendors.agora.handle import Agora

EPOCH_MS = 1_893_456_000_000


class App(Protocol):
    """The app of tests/conftest.py."""

    def acquire(self, cname: str = ..., uid: str = ..., **params: Any) -> httpx.Response: ...
    def start(self, **params: Any) -> httpx.Response: ...
    def record(self, cname: str = ..., uid: str = ..., **params: Any) -> None: ...
    def query(self) -> httpx.Response: ...
    def stop(self, *, at_once: bool = ...) -> httpx.Response: ...


def journal_times(agora: Agora, kind: str) -> list[int]:
    """When entries of a kind happened, in ms from the start."""
    return [entry["at_ms"] - EPOCH_MS for entry in agora.journal(kind=kind)]


# --- what is due now happens now ------------------------------------------------------------------


def test_what_is_due_now_needs_no_advance(app: App, agora: Agora, inbox: Inbox) -> None:
    app.record()
    app.start()  # does not fit the state: announced at once, as event 3

    agora.settle()

    assert inbox.event_types == [3]
    assert agora.now_ms() == EPOCH_MS


def test_a_room_change_is_heard_when_it_returns(app: App, agora: Agora, inbox: Inbox) -> None:
    app.record()
    agora.advance(seconds=10)
    inbox.clear()

    agora.room("demo").join(41)  # the synthetic participant leaves, 41 is heard and seen

    assert 43 in inbox.event_types
    assert 44 in inbox.event_types


# --- order within an instant ----------------------------------------------------------------------


def test_events_of_one_instant_arrive_in_the_order_they_were_emitted(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    app.record()

    agora.advance(seconds=3)

    assert inbox.event_types == [30, 40, 43, 44, 43, 44, 42]
    sequences = [each.json["payload"]["sequence"] for each in inbox.callbacks]
    assert sequences == list(range(7))


def test_each_target_gets_one_attempt_at_a_time(
    app: App, agora: Agora, recording_emulator: Tenant, inbox: Inbox
) -> None:
    at_once: list[int] = []
    inside = 0

    def handle(_received: Received) -> None:
        nonlocal inside
        inside += 1
        at_once.append(inside)
        inside -= 1

    inbox.call_back(handle)
    app.record()

    agora.advance(seconds=20)

    assert at_once == [1] * len(inbox.callbacks)


def test_answers_of_two_targets_enter_in_the_order_of_their_attempts(
    app: App, agora: Agora, recording_emulator: Tenant, inbox: Inbox
) -> None:
    slow, quick = inbox, recording_emulator.inbox()
    agora.send_callbacks_to(slow.url("agora"), events=[30], target="1-slow")
    agora.send_callbacks_to(quick.url("agora"), events=[30], target="2-quick")
    agora.remove_target("inbox-agora")
    agora.remove_target("inbox-2-agora")
    quick_has_answered = threading.Event()
    quick.call_back(lambda _: quick_has_answered.set())
    slow.call_back(lambda _: quick_has_answered.wait(5))
    app.record()

    agora.advance(seconds=2)

    outcomes = agora.journal(kind="outcome")
    assert [entry["subject"] for entry in outcomes] == ["1-slow", "2-quick"]


# --- calls from inside ----------------------------------------------------------------------------


def test_a_call_from_inside_a_handler_runs_at_the_instant_of_the_callback(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    statuses: list[int] = []

    def handle(received: Received) -> None:
        if received.event_type == 40:
            statuses.append(app.query().json()["serverResponse"]["status"])

    inbox.call_back(handle)
    app.record()

    agora.advance(hours=1)

    assert statuses == [4]
    queries = [e for e in agora.journal(kind="call") if e["name"] == "agora.query"]
    assert [entry["at_ms"] - EPOCH_MS for entry in queries] == [3_000]


def test_a_handler_that_stops_synchronously_gets_its_reply(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    stopped: list[dict[str, Any]] = []

    def handle(received: Received) -> None:
        if received.event_type == 4:
            stopped.append(app.stop().json())

    inbox.call_back(handle)
    app.record()

    agora.advance(seconds=60)

    assert stopped[0]["serverResponse"]["uploadingStatus"] == "uploaded"
    assert inbox.event_types[-2:] == [31, 11]
    four = next(each for each in agora.callbacks() if each.event == "4")
    assert [attempt["outcome"] for attempt in four.attempts] == ["accepted"]
    assert four.attempts[0]["at_ms"] - EPOCH_MS == 18_000
    assert four.attempts[0]["ended_ms"] - EPOCH_MS == 19_000  # when the stop's reply was written


def test_an_outer_advance_never_ends_before_a_call_that_waits_inside_it(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    stopped: list[int] = []

    def handle(received: Received) -> None:
        if received.event_type == 4:
            stopped.append(app.stop().status_code)

    inbox.call_back(handle)
    app.record()

    report = agora.advance(seconds=18)  # ends when event 4 is due; its handler needs a second more

    assert stopped == [200]
    assert report.now_ms - EPOCH_MS == 19_000


# --- one hand -------------------------------------------------------------------------------------


def test_a_call_that_waits_needs_no_advance(app: App, agora: Agora, inbox: Inbox) -> None:
    app.record()
    agora.advance(minutes=1)

    response = app.stop()

    assert response.json()["serverResponse"]["uploadingStatus"] == "uploaded"
    assert agora.now_ms() - EPOCH_MS == 61_000


def test_two_waiting_calls_at_once_are_both_answered(
    apps: list[App], agora: Agora, inbox: Inbox
) -> None:
    apps[0].record("one", "1")
    apps[1].record("two", "2")
    agora.advance(minutes=1)

    with ThreadPoolExecutor(2) as pool:
        responses = list(pool.map(lambda each: each.stop(), apps))

    told = [each.json()["serverResponse"]["uploadingStatus"] for each in responses]
    assert told == ["uploaded", "uploaded"]


def test_advances_queue_and_count_from_their_own_turn(app: App, agora: Agora) -> None:
    app.record()

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: agora.advance(hours=1), range(4)))

    ends = sorted(report.now_ms - EPOCH_MS for report in reports)
    assert ends == [3_600_000, 7_200_000, 10_800_000, 14_400_000]


def test_an_advance_from_inside_a_handler_joins_in(app: App, agora: Agora, inbox: Inbox) -> None:
    inner: list[int] = []

    def handle(received: Received) -> None:
        if received.event_type == 40:
            inner.append(agora.advance(seconds=5).now_ms - EPOCH_MS)

    inbox.call_back(handle)
    app.record()

    outer = agora.advance(seconds=4)

    assert inner == [8_000]
    assert outer.now_ms - EPOCH_MS == 8_000


def test_an_advance_right_after_a_call_waits_for_what_the_call_caused(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    app.record()
    app.start()

    agora.advance(hours=1)

    three = next(each for each in agora.callbacks() if each.event == "3")
    assert [(a["outcome"], a["ended_ms"] - EPOCH_MS) for a in three.attempts] == [("accepted", 0)]


def test_time_passes_a_released_delivery_by_until_its_limit_then_it_is_retried(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    def handle(received: Received) -> None:
        if received.event_type == 40 and inbox.event_types.count(40) == 1:
            agora.advance(seconds=30)

    inbox.call_back(handle)
    app.record()

    agora.advance(seconds=3)

    forty = next(each for each in agora.callbacks() if each.event == "40")
    outcomes = [(a["outcome"], a["at_ms"] - EPOCH_MS) for a in forty.attempts]
    assert outcomes == [("timed_out", 3_000), ("accepted", 13_000)]


# --- retries and the guard ------------------------------------------------------------------------


def test_a_receiver_that_fails_twice_is_retried_at_the_documented_times(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.fail(times=2)
    app.record()

    agora.advance(minutes=1)

    assert inbox.event_types == [40, 40, 40]
    notified = [each.json["notifyMs"] - EPOCH_MS for each in inbox.callbacks]
    assert notified == [3_000, 3_000, 5_000]  # at once, then after 2 s
    assert len({each.json["noticeId"] for each in inbox.callbacks}) == 1
    assert agora.callbacks()[0].fate == "delivered"


def test_a_receiver_that_is_down_gets_three_retries_and_no_more(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.down()
    app.record()

    agora.advance(hours=1)

    delivery = agora.callbacks()[0]
    assert delivery.fate == "lost"
    at = [attempt["at_ms"] - EPOCH_MS for attempt in delivery.attempts]
    assert at == [3_000, 3_000, 5_000, 10_000]
    assert {attempt["outcome"] for attempt in delivery.attempts} == {"failed"}


@pytest.mark.recording_emulator(guard_ms=50)
def test_a_receiver_that_never_answers_times_out_at_the_vendors_limit(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.hang(times=10)
    app.record()

    agora.advance(hours=1)

    delivery = agora.callbacks()[0]
    assert delivery.fate == "lost"
    spans = [(a["outcome"], a["at_ms"] - EPOCH_MS) for a in delivery.attempts]
    assert spans == [
        ("timed_out", 3_000),
        ("timed_out", 13_000),
        ("timed_out", 25_000),
        ("timed_out", 40_000),
    ]


@pytest.mark.recording_emulator(guard_ms=50)
def test_an_advance_returns_although_nobody_answers(app: App, agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    inbox.hang()
    app.record()

    report = agora.advance(seconds=3)

    assert report.now_ms - EPOCH_MS == 3_000
    assert agora.snapshot()  # nothing is in flight


# --- advance_to, advance_until, settle, wait_for --------------------------------------------------


def test_advance_to_an_instant_in_the_past_is_refused(agora: Agora) -> None:
    with pytest.raises(Conflict, match="clock stands at"):
        agora.advance_to(EPOCH_MS - 1)


def test_advance_to_stops_at_the_instant(agora: Agora) -> None:
    assert agora.advance_to(EPOCH_MS + 123).now_ms == EPOCH_MS + 123


def test_advance_until_stops_when_the_deliveries_of_the_event_are_answered(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    app.record()

    report = agora.advance_until(event=4)

    assert report.now_ms - EPOCH_MS == 18_000
    assert inbox.event_types[-1] == 4


def test_advance_until_takes_the_name_of_an_event_and_a_room(apps: list[App], agora: Agora) -> None:
    apps[0].record("one", "1")
    agora.advance(seconds=1)
    apps[1].record("two", "2")

    report = agora.advance_until(event="recorder_started", room="two")

    assert report.now_ms - EPOCH_MS == 4_000


def test_advance_until_fails_after_its_limit_and_says_what_came_instead(
    app: App, agora: Agora
) -> None:
    app.record()

    with pytest.raises(NeverHappened, match=r"event 11 did not come .* events: .*42, 4$"):
        agora.advance_until(event=11, hours=1)
    assert agora.now_ms() - EPOCH_MS == 3_600_000


def test_settle_does_not_move_the_clock(app: App, agora: Agora) -> None:
    app.record()

    assert agora.settle().now_ms == EPOCH_MS


def test_wait_for_sees_a_call_made_after_the_callback_was_answered(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    answered = threading.Event()
    late = ThreadPoolExecutor(1)

    def stop_later() -> None:
        answered.wait(5)
        app.stop(at_once=True)

    def handle(received: Received) -> None:
        if received.event_type == 4:
            late.submit(stop_later)

    inbox.call_back(handle)
    app.record()
    agora.advance_until(event=4)

    answered.set()
    seq = agora.wait_for(call="stop")

    assert [e["seq"] for e in agora.journal(kind="call") if e["name"] == "agora.stop"] == [seq]
    late.shutdown()


def test_wait_for_gives_up_and_lists_the_calls_there_were(app: App, agora: Agora) -> None:
    app.record()

    with pytest.raises(NeverHappened, match=r"no call 'stop' in 0\.01 s; calls: .*agora\.start"):
        agora.wait_for(call="stop", timeout_s=0.01)


def test_an_advance_that_fires_too_many_timers_names_the_one_that_re_arms(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    app.record()

    with pytest.raises(TooManyTimers, match=r"more than 100 timers .*'agora\.uploader progress'"):
        agora.advance(hours=24, max_timers=100)


def test_an_advance_reports_what_fired_in_order(app: App, agora: Agora) -> None:
    app.record()

    report = agora.advance(seconds=3)

    fired = [(each.at_ms - EPOCH_MS, each.kind, each.name) for each in report.fired]
    assert fired[:6] == [
        (500, "timer", "boot"),
        (1_000, "timer", "boot"),
        (2_000, "timer", "boot"),
        (2_000, "event", "30"),
        (3_000, "timer", "boot"),
        (3_000, "event", "40"),
    ]
    assert report.timers == 4
    causes = {each.seq: each.cause for each in report.fired}
    assert all(cause < seq for seq, cause in causes.items())


def test_a_day_with_the_recommended_subscription_arrives_whole_and_in_order(
    app: App, agora: Agora, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40, 11, 1, 12, 31])
    app.record()

    agora.advance(hours=24)
    app.stop()
    agora.advance(seconds=1)

    assert inbox.event_types == [40, 31, 11]
    key = agora.callback_secret.encode()
    for each in inbox.callbacks:
        assert each.headers["agora-signature"] == hmac.new(key, each.body, "sha1").hexdigest()
        v2 = hmac.new(key, each.body, hashlib.sha256).hexdigest()
        assert each.headers["agora-signature-v2"] == v2
