"""Agora callbacks (NCS, 消息通知服务): the envelope, both signatures, and what counts as received.

Source:
    Sheet §6 (DS shared/notification-center-service and the cloud-recording callback page). The gaps
    between retries are documented nowhere: 0 s, 2 s and 5 s are assumed.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from recording_emulator.core.machine import View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.vendors.agora.inputs import Event

PRODUCT_ID: Final = 3
RETRY: Final = RetrySchedule(gaps_ms=(0, 2_000, 5_000), limit_ms=10_000)
"""At most 3 retries, the first at once; an answer must come within 10 s (DS)."""

CHECK: Final = Event("test_webhook", "12121212", "12121212" * 4, {})
"""What the console's health check says, once for each type that is subscribed to (DS).

The payload for recording is documented nowhere: channel and uid are those of the vendor's RTC
product, assumed; so is the sid.
"""

CHECK_STATUSES: Final[Mapping[Failure, int]] = {
    Failure.TIMEOUT: 590,
    Failure.ADDRESS: 591,
    Failure.CERTIFICATE: 592,
    Failure.CONNECTION: 590,
}
"""What the console's health check shows where no status came back (DS notification center).

A refused or broken connection is not in its list; that it counts as "no answer in time" is assumed.
"""

_PAGE: Final = "DS cloud-recording callback page"


def _row(event: str, service: int, name: str, when: str, *, missing: str = "") -> EventRow:
    return EventRow(event, service, name, when, _PAGE, Basis.DOCUMENTED, not missing, missing)


_VOD: Final = "the historic ApsaraVideo VoD extension, gone from the vendor's documents of 2026"


EVENTS: Final = (
    _row("1", 0, "cloud_recording_error", "something failed"),
    _row("2", 0, "cloud_recording_warning", "something went wrong and goes on"),
    _row("3", 0, "cloud_recording_status_update", "a call did not fit the state"),
    _row("4", 0, "cloud_recording_file_infos", "the first file is uploaded"),
    _row("11", 0, "session_exit", "the session ends"),
    _row("12", 0, "session_failover", "another recorder took over"),
    EventRow(
        "13",
        0,
        "session_ha_register_success",
        "a task is registered (setting announce_ha)",
        "named in DS best practices; name and content assumed",
        Basis.ASSUMED,
    ),
    _row("30", 2, "uploader_started", "the uploader is up"),
    _row("31", 2, "uploaded", "all files are uploaded"),
    _row("32", 2, "backuped", "all files are uploaded, some to the backup cloud"),
    _row("33", 2, "uploading_progress", "every minute, and at the end"),
    _row("40", 1, "recorder_started", "the recorder is up"),
    _row("41", 1, "recorder_leave", "the recorder leaves the channel"),
    _row("42", 1, "recorder_slice_start", "recording starts, or starts again"),
    _row("43", 1, "recorder_audio_stream_state_changed", "an audio source comes or goes"),
    _row("44", 1, "recorder_video_stream_state_changed", "a video source comes or goes"),
    _row("45", 1, "recorder_snapshot_file", "a snapshot is uploaded"),
    _row("60", 4, "vod_started", "VoD upload begins", missing=_VOD),
    _row("61", 4, "vod_triggered", "VoD upload is done", missing=_VOD),
    _row("70", 6, "web_recorder_started", "the page is being recorded"),
    _row("71", 6, "web_recorder_stopped", "the page recorder stops"),
    _row("72", 6, "web_recorder_capability_limit", "the page is too heavy"),
    _row("73", 6, "web_recorder_reload", "the page is loaded again"),
    _row("80", 7, "transcoder_started", "postponed transcoding begins"),
    _row("81", 7, "transcoder_completed", "postponed transcoding is done"),
    _row("90", 8, "download_failed", "input of the transcoder is lost"),
    _row("100", 6, "rtmp_publish_status", "a CDN push changes"),
    _row("1001", 0, "postpone_transcode_final_result", "everything postponed is done"),
)  # fmt: skip
"""Every documented event; ``supported`` is False for what this build never announces."""

BY_ID: Final = {row.id: row for row in EVENTS}

SIGNATURE_V1: Final = "Agora-Signature"
SIGNATURE_V2: Final = "Agora-Signature-V2"


def body(delivery: Delivery, notify_ms: int, view: View) -> bytes:
    """Write one notice. ``noticeId`` stays over resends, ``notifyMs`` is that of the attempt."""
    facts = delivery.facts
    assert isinstance(facts, Event), facts
    row = BY_ID[delivery.event]
    notice = view.derive("agora.notice", f"{delivery.stream}/{delivery.ordinal}", 16).hex()
    return msgspec.json.encode(
        {
            "noticeId": notice,
            "productId": PRODUCT_ID,
            "eventType": int(delivery.event),
            "notifyMs": notify_ms,
            "payload": {
                "cname": facts.cname,
                "uid": facts.uid,
                "sid": facts.sid,
                "sequence": delivery.ordinal,
                "sendts": delivery.emitted_ms,
                "serviceType": row.service,
                "serviceScene": facts.scene,
                "details": {"msgName": row.name, **facts.details},
            },
        }
    )


def signatures(secret: str, raw: bytes) -> tuple[tuple[str, str], tuple[str, str]]:
    """Sign the raw body: HMAC-SHA1 and HMAC-SHA256, lower-case hex.

    >>> signatures("test-secret", b"{}")[0]
    ('Agora-Signature', '45b69307d5ca2b1a575b812ff4728043d69c5351')
    """
    key = secret.encode()
    return (
        (SIGNATURE_V1, hmac.new(key, raw, hashlib.sha1).hexdigest()),
        (SIGNATURE_V2, hmac.new(key, raw, hashlib.sha256).hexdigest()),
    )


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    raw = body(delivery, now_ms, view)
    headers = (("Content-Type", "application/json"), *signatures(target.secret, raw))
    return headers, raw


def accepts(status: int, raw: bytes, *, needs_json: bool) -> str:
    """Judge an answer: 200 with a JSON body within the limit (DS); the content is irrelevant."""
    if status != 200:
        return f"status {status}, expected 200"
    if needs_json:
        try:
            msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return "the answer's body is not JSON (setting agora.callback_needs_json)"
    return ""


def verify(headers: dict[str, str], raw: bytes, secret: str) -> str:
    """Check both signatures as a subscriber would; returns what is wrong, or an empty text."""
    found = {name.lower(): value for name, value in headers.items()}
    for name, expected in signatures(secret, raw):
        if found.get(name.lower()) != expected:
            return f"{name} is {found.get(name.lower())!r}, expected {expected!r}"
    return ""
