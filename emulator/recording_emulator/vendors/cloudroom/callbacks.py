"""HTTP callbacks and events: their bodies, the signature, what counts as received.

Source:
    Sheet §7.1 (webapi callback) and §3.1 (events of the SDKs). The method, the answer that is
    expected, the time-out and the retries are not documented: assumed.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.vendors.cloudroom.inputs import Noticed
from recording_emulator.vendors.cloudroom.signatures import signature

RETRY: Final = RetrySchedule(gaps_ms=(5_000, 30_000, 120_000), limit_ms=5_000)
CHECK_STATUSES: Final[Mapping[Failure, int]] = dict.fromkeys(Failure, 0)
CHECK: Final = Noticed("", {"RoomId": 0})
"""What a check of a target says; the vendor's console has none, ours."""
CONTENT: Final = ("Content-Type", "application/json")
_PAGE: Final = "webapi callback"
_SDK: Final = "Apis.md; H5 and C++"


def _noticed(event: str, when: str) -> EventRow:
    return EventRow(event, 0, event, when, _PAGE, Basis.DOCUMENTED)


def _told(event: str, when: str) -> EventRow:
    return EventRow(event, 0, event, when, _SDK, Basis.DOCUMENTED)


EVENTS: Final = (
    _noticed("ROOM_CREATE", "a room is made"),
    _noticed("ROOM_DELETE", "a room is destroyed"),
    _noticed("ROOM_JOIN", "somebody has entered"),
    _noticed("ROOM_LEAVE", "somebody has left"),
    _noticed("RECORD_FINISH", "a recorded file is in the net disk"),
    _told("createCloudMixerFailed", "a mixer will not be; in JavaScript also when one fails later"),
    _told("cloudMixerStateChanged", "a mixer is at 1, 2, 4 or 0"),
    _told("cloudMixerInfoChanged", "a mixer has new content"),
    _told("cloudMixerOutputInfoChanged", "a file or a live push is at 1 to 7"),
    _told("userEnterMeeting", "somebody has entered"),
    _told("userLeftMeeting", "somebody has left"),
    _told("audioStatusChanged", "somebody's microphone goes on or off"),
    _told("videoStatusChanged", "somebody's camera goes on or off"),
    _told("meetingStopped", "the room is destroyed"),
    _told("meetingDropped", "this client is taken out of the room, and why"),
    _told("lineOff", "this user has entered on another device"),
)


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Write one attempt; a retry is the same to the letter (assumed)."""
    facts = delivery.facts
    assert isinstance(facts, Noticed)
    seconds = min(now_ms, delivery.emitted_ms) // 1000
    body: dict[str, Any] = {
        "EventType": delivery.event,
        "Time": seconds,
        "Signature": signature(view.credentials["comp_id"], target.secret, seconds),
        "Details": facts.details,
    }
    return (CONTENT,), msgspec.json.encode(body)


def accepts(status: int) -> str:
    """Judge an answer: any 2xx (assumed)."""
    return "" if 200 <= status < 300 else f"status {status}, expected 2xx"


class Notice(msgspec.Struct, frozen=True):
    """As much of a callback as tells what it is and who sent it."""

    EventType: str
    Time: int
    Signature: str


def verify(body: bytes, comp_id: str, secret: str) -> tuple[str, str]:
    """Check a callback as a subscriber would: its event, and what is wrong with it."""
    try:
        notice = msgspec.json.decode(body, type=Notice)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return "", f"not a callback: {error}"
    right = signature(comp_id, secret, notice.Time)
    if hmac.compare_digest(right.encode(), notice.Signature.encode()):
        return notice.EventType, ""
    return notice.EventType, f"Signature is {notice.Signature!r}, expected {right!r}"
