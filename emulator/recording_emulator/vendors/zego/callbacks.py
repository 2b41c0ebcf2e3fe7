"""ZEGO callbacks (v2 format): the envelope, the signature in the body, and what counts as received.

Source:
    Sheet §6 (DOC end-callback.mdx). That errors and a time-out lead to a retry as no answer does,
    and that an attempt may take 5 s, is assumed; so is the order within a task.
"""

import hashlib
from typing import Any, Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.machine import View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.vendors.zego.inputs import Event
from recording_emulator.vendors.zego.replies import told

RETRY: Final = RetrySchedule(
    gaps_ms=(5_000, 5_000), limit_ms=5_000, is_from_request=True, in_order=True
)
"""At most 2 retries, each 5 s after the request before (DOC, Chinese page)."""
CHECK: Final = Event("", "0" * 16, "test", {})
"""What a check of a target says; the vendor's console has none, ours."""
CHECK_STATUSES: Final = dict.fromkeys(Failure, 0)
"""What a check shows where no status came back; ours."""
HLS_EVENT: Final = "102"
_HLS_MEMBERS: Final = ("stream_id", "file_id", "file_url", "media_track_type")
_PAGE: Final = "DOC end-callback"


def _row(event: str, name: str, when: str) -> EventRow:
    return EventRow(event, 0, name, when, _PAGE, Basis.DOCUMENTED)


EVENTS: Final = (
    _row("1", "upload_status", "files are uploaded, or a picture is taken"),
    _row("2", "abnormal_end", "a task ended, but not by StopRecord"),
    _row("3", "image_failed", "a picture of the layout cannot be had"),
    _row("4", "no_stream", "every 30 s while there is no stream in the room"),
    _row("5", "normal_end", "a task was stopped"),
    _row("6", "stream_missing", "a stream to record is not there"),
    _row("7", "uploading", "a task has ended and its files are being uploaded"),
    _row("102", "playlist", "a playlist that grows has its first fragment"),
    _row("201", "paused", "a task was paused"),
    _row("202", "resumed", "a task goes on"),
)
"""Every event; the numbers are the vendor's, the names ours."""


def signature(secret: str, timestamp: str, nonce: str) -> str:
    """Sign a callback: SHA-1 over the three texts in the order of a dictionary.

    >>> signature("secret", "1470820198", "123412")
    '5bd59fd62953a8059fb7eaba95720f66d19e4517'
    """
    joined = "".join(sorted((secret, timestamp, nonce), key=str.encode))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Write one attempt; a retry is the same to the letter unless the settings say otherwise."""
    facts = delivery.facts
    assert isinstance(facts, Event), facts
    nth, sent_ms = "", now_ms
    if delivery.tried and view.settings.resign_retries:
        nth = f"/{len(delivery.tried)}"
    elif delivery.tried:
        sent_ms = min(now_ms, delivery.tried[0].at_ms)
    drawn = view.derive("zego.nonce", f"{delivery.stream}/{delivery.ordinal}{nth}", 4)
    nonce = f"{ids.number(drawn, 0, 999_999):06}"
    timestamp = str(sent_ms // 1000)
    body = {
        "app_id": int(facts.app or view.credentials["app_id"]),
        "task_id": facts.task,
        "room_id": facts.room_id,
        "event_type": int(delivery.event),
        "message": "",
        "nonce": nonce,
        "timestamp": timestamp,
        "signature": signature(target.secret, timestamp, nonce),
        "sequence": delivery.ordinal,
        "detail": _detail(delivery.event, facts, view.files_url),
    }
    return (("Content-Type", "application/json"),), msgspec.json.encode(body)


def _detail(event: str, facts: Event, files_url: str) -> dict[str, Any]:
    if facts.files is None:
        return facts.details
    files = [told(each, files_url) for each in facts.files]
    if event == HLS_EVENT:
        return {name: files[0][name] for name in _HLS_MEMBERS if name in files[0]}
    return {**facts.details, "file_info": files}


def accepts(status: int) -> str:
    """Judge an answer: any 2XX, whatever it says (DOC)."""
    return "" if 200 <= status < 300 else f"status {status}, expected 2XX"


class Notice(msgspec.Struct, frozen=True):
    """As much of a callback as tells what it is and who sent it."""

    event_type: int
    nonce: str
    timestamp: str
    signature: str


def verify(raw: bytes, secret: str) -> tuple[int, str]:
    """Check a callback as a subscriber would: its event, and what is wrong with it."""
    try:
        notice = msgspec.json.decode(raw, type=Notice)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return 0, f"not a notice: {error}"
    expected = signature(secret, notice.timestamp, notice.nonce)
    if notice.signature == expected:
        return notice.event_type, ""
    return notice.event_type, f"signature is {notice.signature!r}, expected {expected!r}"
