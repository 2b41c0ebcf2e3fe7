"""The health check of a target: one test of every event it wants, and what a console would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recording_emulator.errors import Conflict
from recording_emulator.testing import Emulator, Inbox, Received
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.handle import Checked

if TYPE_CHECKING:
    from tests.admin.conftest import Control
    from tests.conftest import RecordingApp

START_MS = 1_893_456_000_000
DEAD = "http://127.0.0.1:1/hook"


def shown(checked: list[Checked]) -> list[tuple[str, int, bool]]:
    return [(each.event, each.status, each.ok) for each in checked]


def test_each_event_a_target_wants_is_tested_once(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", ["recorder_started", 31, 12])

    checked = agora.check_target("inbox-agora")

    assert shown(checked) == [("12", 200, True), ("31", 200, True), ("40", 200, True)]
    assert inbox.event_types == [12, 31, 40]
    assert all(each.is_genuine for each in inbox.callbacks)
    assert agora.now_ms() == START_MS


def test_a_target_that_wants_everything_is_tested_with_every_supported_event(
    agora: Agora, inbox: Inbox
) -> None:
    checked = agora.check_target("inbox-agora")

    assert [each.event for each in checked] == [row.id for row in SURFACE.events if row.supported]


def test_a_test_looks_like_that_of_the_vendors_other_product(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])

    agora.check_target("inbox-agora")
    agora.check_target("inbox-agora")

    first, second = (each.json for each in inbox.callbacks)
    assert first["payload"] == {
        "cname": "test_webhook",
        "uid": "12121212",
        "sid": "12121212121212121212121212121212",
        "sequence": 0,
        "sendts": START_MS,
        "serviceType": 1,
        "serviceScene": "rtc_record",
        "details": {"msgName": "recorder_started"},
    }
    assert second["payload"]["sequence"] == 1
    assert first["noticeId"] != second["noticeId"]


def test_another_status_is_shown_as_it_came_and_is_not_retried(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [30, 40, 31])
    inbox.fail(times=1, status=503)
    inbox.fail(times=1, status=204)

    checked = agora.check_target("inbox-agora")
    agora.advance(minutes=1)

    assert shown(checked) == [("30", 503, False), ("31", 204, False), ("40", 200, True)]
    assert checked[0].why == "status 503, expected 200"
    assert [(each.is_check, each.fate) for each in agora.callbacks()] == [
        (True, "lost"),
        (True, "lost"),
        (True, "delivered"),
    ]
    assert len(inbox.callbacks) == 3


@pytest.mark.recording_emulator(guard_ms=50)
def test_no_answer_within_ten_seconds_is_590(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [30, 40])
    inbox.hang(times=1)

    checked = agora.check_target("inbox-agora")

    assert shown(checked) == [("30", 590, False), ("40", 200, True)]
    assert checked[0].why == "no answer within 10000 ms"
    assert agora.now_ms() == START_MS + 10_000


def test_a_name_that_does_not_resolve_is_591(agora: Agora) -> None:
    target = agora.send_callbacks_to("http://nowhere.invalid/hook", events=[40])

    assert shown(agora.check_target(target)) == [("40", 591, False)]


def test_a_certificate_that_nobody_trusts_is_592(agora: Agora) -> None:
    stranger = Emulator(tls=True)
    try:
        target = agora.send_callbacks_to(f"{stranger.tls_url}/hook", events=[40])

        assert shown(agora.check_target(target)) == [("40", 592, False)]
    finally:
        stranger.close()


def test_a_connection_that_is_refused_counts_as_no_answer(agora: Agora) -> None:
    target = agora.send_callbacks_to(DEAD, events=[40])

    (checked,) = agora.check_target(target)

    assert (checked.status, checked.ok) == (590, False)
    assert checked.why.startswith("ClientConnectorError: ")


def test_a_check_is_no_event_and_uses_up_no_fault(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    agora.faults.drop(40, may_not_fire=True)
    agora.faults.add("callback", event=40, effect="wrong_signature", may_not_fire=True)

    checked = agora.check_target("inbox-agora")

    assert shown(checked) == [("40", 200, True)]
    assert [fault["fired"] for fault in agora.faults.all()] == [0, 0]
    assert agora.journal(kind="event") == []
    assert "check   agora inbox" in agora.timeline()


def test_a_check_from_inside_a_callback_of_its_target_is_refused(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [40])
    refused: list[str] = []

    def check(_received: Received) -> None:
        try:
            agora.check_target("inbox-agora")
        except Conflict as error:
            refused.append(str(error))

    inbox.call_back(check)
    app.record()
    agora.advance(minutes=1)

    assert refused == ["target 'inbox-agora' has not answered its last callback yet"]
    assert inbox.event_types == [40]


@pytest.mark.recording_emulator(callbacks_limit=1)
def test_an_outcome_that_is_evicted_is_said_to_be(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [30, 40])

    with pytest.raises(Conflict, match="callback 1 is evicted: callbacks_limit is 1"):
        agora.check_target("inbox-agora")


@pytest.mark.recording_emulator(mode="real")
def test_where_the_wall_clock_moves_time_a_check_waits_for_the_answers(
    agora: Agora, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40])

    assert shown(agora.check_target("inbox-agora")) == [("30", 200, True), ("40", 200, True)]


@pytest.mark.recording_emulator(mode="auto", guard_ms=50)
def test_where_time_moves_by_need_a_missing_answer_times_out(agora: Agora, inbox: Inbox) -> None:
    inbox.subscribe("agora", [30, 40])
    inbox.hang(times=1)

    assert shown(agora.check_target("inbox-agora")) == [("30", 590, False), ("40", 200, True)]


def test_a_target_that_is_not_there_is_404(control: Control) -> None:
    refused = control.refused("POST", "/targets/nobody/check")

    assert refused == (404, "NotFound", "no target 'nobody'; there are []")


async def test_a_check_can_be_awaited(agora: Agora) -> None:
    target = await agora.aio.send_callbacks_to(DEAD, events=[40])

    assert shown(await agora.aio.check_target(target)) == [("40", 590, False)]
