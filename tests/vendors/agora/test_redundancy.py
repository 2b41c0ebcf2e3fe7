"""The second channel for callbacks: every event twice, so that one loss is none.

Source:
    Sheet §6.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora.handle import Agora

if TYPE_CHECKING:
    from tests.conftest import RecordingApp

pytestmark = pytest.mark.recording_emulator(settings={"agora": {"redundant_callbacks": True}})


def test_every_event_goes_twice_to_each_target_with_one_notice(
    agora: Agora, app: RecordingApp, inbox: Inbox
) -> None:
    inbox.subscribe("agora", [30, 40])
    agora.send_callbacks_to(inbox.url("agora"), events=[40], target="second")
    app.record()

    agora.advance(minutes=1)

    notices = [each.json["noticeId"] for each in inbox.callbacks]
    assert inbox.event_types == [30, 30, 40, 40, 40, 40]
    assert [len(set(notices[:2])), len(set(notices[2:])), len(set(notices))] == [1, 1, 2]
    assert len({msgspec.json.encode(each.json["payload"]) for each in inbox.callbacks}) == 2


def test_either_is_retried_by_itself(agora: Agora, app: RecordingApp, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    inbox.fail(times=1)
    app.record()

    agora.advance(minutes=1)

    outcomes = [[each["outcome"] for each in told.attempts] for told in agora.callbacks()]
    assert outcomes == [["refused", "accepted"], ["accepted"]]


def test_losing_one_loses_no_event(agora: Agora, app: RecordingApp, inbox: Inbox) -> None:
    inbox.subscribe("agora", [40])
    agora.faults.drop(40)
    app.record()

    agora.advance(minutes=1)

    assert [each.fate for each in agora.callbacks()] == ["dropped", "delivered"]
    assert inbox.event_types == [40]
