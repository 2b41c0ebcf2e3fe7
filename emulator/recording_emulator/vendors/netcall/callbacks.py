"""Message copies (消息抄送) and the SDK's events: what they carry, how a copy is signed.

Source:
    Sheet §1.5 to §1.8, §2.4. How often a copy is tried again is published nowhere: three times
    (10 s, 60 s, 300 s) is assumed.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from recording_emulator.core.machine import View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.families import netease
from recording_emulator.vendors.netcall import files
from recording_emulator.vendors.netcall.settings import Settings
from recording_emulator.vendors.netcall.told import (
    Billed,
    Filed,
)

RETRY: Final = RetrySchedule(gaps_ms=(10_000, 60_000, 300_000), limit_ms=5_000)
CHECK_STATUSES: Final[Mapping[Failure, int]] = dict.fromkeys(Failure, 0)
CONTENT: Final = ("Content-Type", "application/json")
_PAGE: Final = "开通和配置消息抄送, IM 其他抄送"
_SDK: Final = "NIM Web SDK 8.5"
_OTHER: Final = "a copy of another product at the same address; receivers must ignore it"


def _copied(event: str, name: str, when: str) -> EventRow:
    return EventRow(event, 0, name, when, _PAGE, Basis.DOCUMENTED)


def _other(event: str, name: str) -> EventRow:
    return EventRow(event, 0, name, "", _PAGE, Basis.DOCUMENTED, supported=False, why=_OTHER)


def _told(event: str, when: str) -> EventRow:
    return EventRow(event, 0, event, when, _SDK, Basis.OBSERVED)


EVENTS: Final = (
    _copied("5", "duration", "a call has ended, or a long one goes on"),
    _copied("6", "files", "recorded files are in the video store"),
    _other("1", "message"),
    _other("2", "login"),
    _other("3", "logout"),
    _other("4", "chatroom message"),
    _other("7", "recall"),
    _other("8", "group recall"),
    _other("9", "chatroom in and out"),
    _other("10", "phone callback"),
    _other("11", "SMS receipt"),
    _other("12", "SMS reply"),
    _other("13", "room in and out"),
    _other("14", "chatroom queue"),
    _told("beCalling", "somebody calls"),
    _told("callAccepted", "the call is taken; heard on both sides"),
    _told("callRejected", "the callee has refused"),
    _told("callerAckSync", "another device of the account has answered"),
    _told("hangup", "the other side has left, or its network is gone"),
    _told("control", "the other side sends a control command"),
    _told("joinChannel", "somebody's media are in the meeting"),
    _told("leaveChannel", "somebody has left the meeting"),
    _told("error", "the PC Agent is dead"),
    _told("recordMp4", "a PC Agent's mp4 has really begun or ended"),
    _told("recordStopped", "a record of the advanced recorder has stopped"),
    _told("streamEnded", "screen sharing has stopped"),
    EventRow(
        files.DOWNLOAD,
        0,
        files.DOWNLOAD,
        "a browser's recording is to be saved: its name, and where its bytes are",
        "for the double alone; ours, assumed",
        Basis.ASSUMED,
    ),
)


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Write and sign one attempt; a retry has the same body and a new ``CurTime`` (assumed)."""
    facts = delivery.facts
    assert isinstance(facts, Billed | Filed)
    body = facts.body if isinstance(facts, Billed) else _files(facts, view)
    raw = msgspec.json.encode(body)
    signed = netease.copy_headers(view.credentials["app_key"], target.secret, raw, now_ms)
    return (CONTENT, *signed), raw


def _files(facts: Filed, view: View) -> dict[str, str]:
    """Write an eventType 6; one of mixed files alone has its two keys the other way round."""
    told = [files.told(each, view) for each in facts.files]
    body = {"eventType": "6", "fileinfo": msgspec.json.encode(told).decode()}
    is_mixed = bool(facts.files) and all(each.is_mix for each in facts.files)
    return dict(reversed(body.items())) if is_mixed else body


class _Answer(msgspec.Struct):
    code: int | None = None


def accepts(status: int, body: bytes, knobs: Settings) -> str:
    """Judge a receiver's answer: its status, and its body where a setting asks for that."""
    is_fine = status == 200 if knobs.copy_statuses == "200" else 200 <= status < 300
    if not is_fine:
        return f"status {status}, expected {knobs.copy_statuses}"
    if not knobs.copy_requires_code_200:
        return ""
    try:
        code = msgspec.json.decode(body, type=_Answer).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "the body is not JSON"
    return "" if code == 200 else 'the body is not {"code":200}: setting copy_requires_code_200'
