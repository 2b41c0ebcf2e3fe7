"""Message copies (消息抄送): the envelope, the signature, what counts as received, the events.

Source:
    Sheet §4.1: 开通消息抄送, NERoom 事件. NERoom gives no schedule of retries; that of the
    older meeting product (2 s, 4 s, 6 s, 1 h, 1 h) is assumed.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.families import netease
from recording_emulator.vendors.neroom import files
from recording_emulator.vendors.neroom.inputs import Copied

RETRY: Final = RetrySchedule(gaps_ms=(2_000, 4_000, 6_000, 3_600_000, 3_600_000), limit_ms=5_000)
CHECK_STATUSES: Final[Mapping[Failure, int]] = dict.fromkeys(Failure, 0)
CONTENT: Final = ("Content-Type", "application/json;charset=UTF-8")
_PAGE: Final = "NERoom 事件"
_SEATS: Final = "seats are not modelled"
_SDK: Final = "NERoom API references 1.44.0, listeners"


def _copied(event: str, when: str, why: str = "") -> EventRow:
    return EventRow(event, 0, event, when, _PAGE, Basis.DOCUMENTED, not why, why)


def _told(event: str, when: str, why: str = "") -> EventRow:
    return EventRow(event, 0, event, when, _SDK, Basis.DOCUMENTED, not why, why)


def _guessed(event: str, when: str, why: str) -> EventRow:
    return EventRow(event, 0, event, when, f"{why}: assumed", Basis.ASSUMED)


EVENTS: Final = (
    _copied("CREATE_ROOM", "a room is made"),
    _copied("CLOSE_ROOM", "a room has ended"),
    _copied("USER_JOIN_ROOM", "somebody has joined"),
    _copied("USER_LEAVE_ROOM", "somebody has left"),
    _copied("USER_ROLE_CHANGE", "somebody has another role"),
    _copied("USER_NAME_CHANGE", "somebody has another name"),
    _copied("USER_ON_SEAT", "somebody takes a seat", _SEATS),
    _copied("USER_OFF_SEAT", "somebody leaves a seat", _SEATS),
    _copied("RTC_RECORD", "a recorded file is in the video store"),
    _copied(
        "WHITEBOARD_RECORD", "a whiteboard's file is stored", "whiteboards are not recorded here"
    ),
    _told("onMemberJoinRoom", "somebody has joined"),
    _told("onMemberLeaveRoom", "somebody has left"),
    _told("onMemberJoinRtcChannel", "somebody has joined the RTC channel"),
    _told("onMemberLeaveRtcChannel", "somebody has left the RTC channel"),
    _told("onMemberAudioMuteChanged", "somebody's sound goes on or off"),
    _told("onMemberVideoMuteChanged", "somebody's picture goes on or off"),
    _told("onMemberScreenShareStateChanged", "somebody's screen is shared, or no more"),
    _told("onMemberRoleChanged", "somebody has another role"),
    _guessed("onMemberNameChanged", "somebody has another name", "arguments"),
    _guessed(
        "onMemberConnectedDeviceListChanged", "a user's devices are others (1.43.0)", "arguments"
    ),
    _told("onRoomPropertiesChanged", "the room has a property, such as `record`"),
    _told("onRoomPropertiesDeleted", "the room has it no more"),
    _told("onRoomCloudRecordStateChanged", "recording starts (0) or stops (1)"),
    _guessed("onRoomLockStateChanged", "the room is locked, or no more", "arguments"),
    _told("onRoomRemainingSecondsRenewed", "the room has longer to live, or less"),
    _told("onRoomConnectStateChanged", "the client's connection is back (1)"),
    _told("onRoomEnded", "the room has ended, and why"),
    _told("onRtcChannelError", "the RTC channel fails", "there is no real channel that could"),
)


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Write and sign one attempt; a retry has the same body and a new ``CurTime`` (assumed)."""
    facts = delivery.facts
    assert isinstance(facts, Copied)
    body: dict[str, Any] = dict(facts.body)
    if facts.file is not None:
        body |= files.told(facts.file, view)
        if view.settings.cc_vid_as_string:
            body["vid"] = str(facts.file.vid)
        body["timestamp"] = facts.file.stored_ms
        body.pop("nickname", None)
    key = f"{delivery.stream}/{delivery.ordinal}"
    envelope = {
        "requestId": view.derive("neroom.request", key, 16).hex(),
        "eventType": delivery.event,
        "timestamp": delivery.emitted_ms,
        "body": body,
    }
    raw = msgspec.json.encode(envelope)
    nonce = ""
    if view.settings.cc_signature == "edu":
        nonce = view.derive("neroom.nonce", f"{key}/{len(delivery.tried)}", 8).hex()
    app_key = view.credentials["app_key"]
    signed = netease.copy_headers(app_key, target.secret, raw, now_ms, nonce=nonce)
    return (CONTENT, *signed), raw


class _Answer(msgspec.Struct):
    errCode: int | None = None  # noqa: N815 - the wire's name
    code: int | None = None


def accepts(status: int, body: bytes, needs: str) -> str:
    """Judge a receiver's answer: HTTP 200, and the body that a setting may ask for."""
    if status != 200:
        return f"status {status}, expected 200"
    if not needs:
        return ""
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "the body is not JSON"
    is_right = answer.errCode == 0 if needs == "errCode0" else answer.code == 200
    return "" if is_right else f"the body lacks what the setting cc_require_body asks: {needs}"
