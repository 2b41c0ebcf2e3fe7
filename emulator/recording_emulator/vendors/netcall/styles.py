"""How a failure looks in each build of the SDK: the exact object a promise is rejected with.

Source:
    Sheet §2.3, §3 to §5 and §7. ``event`` and ``callFunc`` of a server's error are assumed.
"""

from typing import Any, Final

from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import View
from recording_emulator.core.sdk import Failure
from recording_emulator.families import vod
from recording_emulator.vendors.netcall import errors, instance
from recording_emulator.vendors.netcall.told import (
    Said,
)

SERVER: Final = frozenset({
    errors.CALLEE_OFFLINE,
    errors.CHANNEL_GONE,
    errors.ANSWERED,
    errors.CHANNEL_BUSY,
    errors.TIMED_OUT,
    errors.PARAMETER,
    errors.TOO_OFTEN,
    errors.MEETING_EXISTS,
    errors.NO_MEETING,
    errors.LOGIN,
})  # fmt: skip
"""Rows that come from the server: a ``NIMError`` in both builds."""
AGENT_TYPES: Final = {
    errors.NO_AGENT: "agent_empty",
    errors.AGENT_TAKEN: "device_busy",
    errors.AGENT_OLD: "agent_update",
}
BARE: Final = (errors.NO_CONNECTION, errors.NO_CALLEE)
LOCAL: Final = (
    errors.AGENT_EXISTS,
    errors.AGENT_DENIED,
    errors.AGENT_NO_CALL,
    errors.AGENT_DEAD,
)
"""Rows of a PC Agent: rejected with what it answered, of which only the code can be seen."""
BY_ID: Final = {row.id: row for row in (*errors.ROWS, *vod.ROWS)}


def failure(answer: Answer, operation: str, view: View) -> Failure:
    """Write what a promise is rejected with."""
    row = BY_ID[answer.row]
    facts = answer.facts
    style = facts.style if isinstance(facts, Said) and facts.style else view.settings.sdk_profile
    return Failure(row.text, _data(row.id, operation, style, view.now_ms))


def _data(row_id: str, operation: str, style: str, now_ms: int) -> Any:
    row = BY_ID[row_id]
    code = row.code
    if row_id in SERVER:
        return _server(row_id, operation, style, now_ms)
    if row_id in LOCAL:
        return {"code": code}
    if row_id in BARE:
        return {"code": row_id}
    if row_id in AGENT_TYPES:
        known: dict[str, Any] = {errors.NO_AGENT: "noPC", errors.AGENT_TAKEN: code}
        first = {"code": known[row_id]} if row_id in known else {}
        return {**first, "error": row.when, "errorType": AGENT_TYPES[row_id]}
    if row_id == errors.STATUS:
        return {"type": "statusNotMatch", "error": row.when}
    if row_id == errors.TYPE_ERROR:
        return {"name": "TypeError", "message": f"{operation} cannot be called so"}
    if row_id == errors.NO_PATH:
        return {"message": "path", "callFunc": operation, "time": now_ms, "timetag": now_ms}
    if code is None:
        return f"{row_id}: {row.when}"
    return {"name": row.text, "code": code, "desc": row.when}


def _server(row_id: str, operation: str, style: str, now_ms: int) -> dict[str, Any]:
    """Write a ``NIMError``; ``call`` of the WebRTC build merges three objects, this one last."""
    row = BY_ID[row_id]
    error: dict[str, Any] = {
        "message": row.text,
        "code": row.code,
        "timetag": now_ms,
        "event": operation,
        "callFunc": f"netcall::{operation}",
    }
    if style == instance.AGENT or operation != "call":
        return error
    return {
        "serverCode": row.code,
        "reason": row.text,
        "name": "ChannelStartFail",
        "desc": "the call cannot be started",
        **error,
    }
