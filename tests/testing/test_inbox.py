"""The receiver: what it keeps, how it checks, and the bad days it can have."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from recording_emulator.testing import Inbox, Received, Tenant
from recording_emulator.vendors.agora.handle import Agora

if TYPE_CHECKING:
    from tests.conftest import RecordingApp

STARTED = ["uploader_started", "recorder_started"]


def outcomes(agora: Agora) -> list[list[str]]:
    """How every attempt of every delivery went."""
    return [[each["outcome"] for each in told.attempts] for told in agora.callbacks()]


def test_it_keeps_every_callback_with_exact_headers_and_body(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    app.record()
    agora.advance(minutes=1)

    (callback,) = inbox.callbacks
    assert (callback.vendor, callback.event_type, callback.answered) == ("agora", 40, 200)
    assert callback.headers["content-type"] == "application/json"
    assert callback.json["payload"]["sid"] == app.sid
    assert (callback.is_genuine, callback.complaint) == (True, "")


def test_events_are_chosen_by_number_or_name_and_all_come_by_default(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    app.record()
    agora.advance(seconds=10)
    everything = list(inbox.event_types)
    inbox.clear()
    inbox.subscribe("agora", [41, "session_exit"])
    app.stop()
    agora.advance(minutes=1)

    assert everything[:2] == [30, 40]
    assert inbox.event_types == [41, 11]


def test_a_callback_signed_with_another_secret_is_not_genuine(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    agora.send_callbacks_to(inbox.url("agora"), events=[40], secret="other", target="inbox-agora")
    app.record()
    agora.advance(minutes=1)

    (callback,) = inbox.callbacks
    assert not callback.is_genuine
    assert callback.complaint.startswith("Agora-Signature is '")


def test_a_second_inbox_of_a_tenant_gets_the_callbacks_too(
    agora: Agora, app: RecordingApp, inbox: Inbox, recording_emulator: Tenant
) -> None:
    second = recording_emulator.inbox()
    app.record()
    agora.advance(minutes=1)

    assert inbox.event_types == second.event_types != []


def test_it_fails_as_often_as_it_is_told(agora: Agora, app: RecordingApp, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    inbox.fail(times=2, status=503)
    app.record()
    agora.advance(minutes=1)

    assert [each.answered for each in inbox.callbacks] == [503, 503, 200]
    assert outcomes(agora) == [["refused", "refused", "accepted"]]


def test_it_can_answer_something_else_from_now_on(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.answer(status=200, body=b"ok")
    app.record()
    agora.advance(minutes=5)

    (told,) = agora.callbacks()
    assert [each.answered for each in inbox.callbacks] == [200] * 4
    assert told.fate == "lost"
    assert "is not JSON" in told.attempts[0]["why"]


@pytest.mark.recording_emulator(guard_ms=40)
def test_a_hanging_receiver_is_given_up_and_asked_again_after_the_vendors_limit(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    inbox.hang()
    app.record()
    agora.advance(minutes=1)

    (told,) = agora.callbacks()
    first, second = told.attempts
    assert [each.answered for each in inbox.callbacks] == [0, 200]
    assert (first["outcome"], second["outcome"]) == ("timed_out", "accepted")
    assert first["ended_ms"] - first["at_ms"] == 10_000
    assert second["at_ms"] == first["ended_ms"]


def test_a_receiver_that_is_down_is_refused_and_gets_the_retry_when_it_is_up_again(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    url = inbox.url("agora")
    inbox.down()
    app.record()
    agora.advance(seconds=4)
    failed = outcomes(agora)
    inbox.up()
    agora.advance(minutes=1)

    assert failed == [["failed", "failed"]]
    assert outcomes(agora) == [["failed", "failed", "accepted"]]
    assert (inbox.url("agora"), inbox.event_types) == (url, [40])


def test_down_and_up_twice_is_down_and_up(inbox: Inbox) -> None:
    url = inbox.url("agora")
    inbox.down()
    inbox.down()
    inbox.up()
    inbox.up()

    assert inbox.url("agora") == url


# --- a handler that calls back --------------------------------------------------------------------


def test_a_handler_may_look_at_the_emulator_at_the_instant_of_the_callback(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    seen: list[int] = []
    inbox.subscribe("agora", list(STARTED))
    inbox.call_back(lambda _: seen.append(agora.now_ms()))
    app.record()
    agora.advance(minutes=1)

    assert seen == [each.json["payload"]["sendts"] for each in inbox.callbacks]


def test_a_handler_may_stop_synchronously_and_no_time_is_lost_to_it(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    answers: list[httpx.Response] = []
    inbox.subscribe("agora", [4])
    inbox.call_back(lambda _: answers.append(app.stop()))
    app.record()

    agora.advance(hours=1)

    (stopped,) = answers
    assert stopped.json()["serverResponse"]["uploadingStatus"] == "uploaded"
    assert agora.now_ms() == agora.info.start_ms + 3_600_000
    assert outcomes(agora) == [["accepted"]]


def test_a_handler_may_change_the_room_and_move_the_clock(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    times: list[int] = []

    def handle(received: Received) -> None:
        if received.event_type == 40:
            agora.room("demo").join(41)
            times.append(agora.advance(seconds=5).now_ms)

    inbox.subscribe("agora", [40])
    inbox.call_back(handle)
    app.record()
    agora.advance(seconds=4)

    assert times == [agora.info.start_ms + 8_000]
    assert [each["at_ms"] for each in agora.journal(kind="room") if each["name"] == "join"] == [
        agora.info.start_ms + 3_000
    ]
    assert outcomes(agora) == [["accepted"]]


def test_a_handler_runs_in_a_thread_that_is_neither_the_tests_nor_the_servers(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    threads: set[str] = set()
    inbox.subscribe("agora", [40])
    inbox.call_back(lambda _: threads.add(threading.current_thread().name))
    app.record()
    agora.advance(minutes=1)

    assert len(threads) == 1
    assert not threads & {threading.current_thread().name, "recording-emulator"}


def test_a_handler_is_not_run_for_a_callback_that_is_failed_and_can_be_taken_away(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    handled: list[int | str] = []
    inbox.subscribe("agora", [30, 40])
    inbox.fail()
    inbox.call_back(lambda received: handled.append(received.event_type))
    app.record()
    agora.advance_until(30)
    inbox.call_back(None)
    agora.advance(minutes=1)

    assert (handled, inbox.event_types) == ([30], [30, 30, 40])


def test_a_handler_that_raises_is_an_error_of_the_receiver_and_is_retried(
    agora: Agora, app: RecordingApp, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    def handle(received: Received) -> None:
        if len(inbox.callbacks) == 1:
            raise ValueError("not today")

    inbox.subscribe("agora", [40])
    inbox.call_back(handle)
    app.record()
    agora.advance(minutes=1)

    assert outcomes(agora) == [["refused", "accepted"]]
    assert "not today" in caplog.text


def test_what_is_not_a_callback_is_not_received(inbox: Inbox) -> None:
    answer = httpx.post(inbox.url("zoom"), content=b"{}")

    assert answer.status_code == 404
    assert inbox.callbacks == []
