"""From ZEGO's bodies to inputs: every check of the parameters that needs no task.

Source:
    Sheet §1.2 (POST with a JSON object, whatever the Content-Type; GET: assumed for flat bodies),
    §2.1.7 (checks).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import Undecodable, decode, explained, unknown_fields
from recording_emulator.core.machine import Input
from recording_emulator.vendors.zego import checks, errors, inputs
from recording_emulator.vendors.zego.bodies import (
    BoardBody,
    LayoutBody,
    StartBody,
    TaskBody,
    TasksBody,
)
from recording_emulator.vendors.zego.checks import Problem
from recording_emulator.vendors.zego.settings import Settings

Read = tuple[Input, tuple[str, ...]]
"""An input, and what the decoding has to remark about it."""

BODIES: Final[Mapping[str, type[msgspec.Struct]]] = {
    "StartRecord": StartBody,
    "StopRecord": TaskBody,
    "DescribeRecordStatus": TaskBody,
    "DescribeTasks": TasksBody,
    "UpdateLayout": LayoutBody,
    "UpdateWhiteboard": BoardBody,
    "PauseRecord": TaskBody,
    "ResumeRecord": TaskBody,
    "TakeSnapshot": TaskBody,
}
"""The nine actions and their bodies."""
NESTED: Final = ("StartRecord", "UpdateLayout")
"""Actions whose body does not fit a query (assumed)."""
_PLAIN: Final = msgspec.json.Decoder()
_STRICT: Final = {kind: msgspec.json.Decoder(kind) for kind in set(BODIES.values())}
_LAX: Final = {kind: msgspec.json.Decoder(kind, strict=False) for kind in set(BODIES.values())}
PUBLIC: Final = frozenset(
    {"Action", "AppId", "SignatureNonce", "Timestamp", "Signature", "SignatureVersion", "IsTest"}
)


def read(
    action: str, body: bytes | None, fields: Mapping[str, str], app: str, settings: Settings
) -> Read:
    """Turn a request into its input; ``body`` None is a GET, whose parameters are in ``fields``."""
    found = _body(action, body, fields, settings)
    if isinstance(found, Malformed):
        return msgspec.structs.replace(found, account=app), ()
    value, notes = found
    problem = _problem(value, settings)
    if problem is not None:
        room = value.RoomId if isinstance(value, StartBody) else ""
        return Malformed(errors.INVALID, problem.says, problem.hint, room, app), ()
    return _READERS[action](app, value), notes


def _body(
    action: str, body: bytes | None, fields: Mapping[str, str], settings: Settings
) -> tuple[Any, tuple[str, ...]] | Malformed:
    kind = BODIES[action]
    if body is None:
        return _from_query(action, kind, fields)
    decoders: Mapping[Any, Any] = _LAX if settings.lax_types else _STRICT
    found = decode(decoders[kind], body)
    plain = decode(_PLAIN, body)
    if isinstance(plain, Undecodable) or not isinstance(plain, dict):
        row = errors.UNREADABLE if settings.unreadable_body == "unreadable" else errors.INVALID
        problem = checks.invalid("body", "the body is a JSON object")
        return Malformed(row, "" if row == errors.UNREADABLE else problem.says, problem.hint)
    strange = [each for each in unknown_fields(plain, kind) if each[2:].split(" ")[0] not in PUBLIC]
    if isinstance(found, Undecodable):
        notes = (f"unknown field {each}" for each in strange)
        problem = checks.invalid(found.field, "; ".join([found.why, *notes]))
        return Malformed(errors.INVALID, problem.says, problem.hint, _room(plain))
    return found, tuple(f"unknown field {each}" for each in strange)


def _room(plain: Mapping[str, Any]) -> str:
    room = plain.get("RoomId")
    return room if isinstance(room, str) else ""


def _from_query(
    action: str, kind: Any, fields: Mapping[str, str]
) -> tuple[Any, tuple[str, ...]] | Malformed:
    if action in NESTED:
        problem = checks.invalid("body", f"{action} is a POST: its body does not fit a query")
        return Malformed(errors.INVALID, problem.says, problem.hint)
    try:
        return msgspec.convert(dict(fields), kind, strict=False), ()
    except msgspec.ValidationError as error:
        wrong = explained(str(error))
        problem = checks.invalid(wrong.field, wrong.why)
        return Malformed(errors.INVALID, problem.says, problem.hint)


def _problem(value: Any, settings: Settings) -> Problem | None:
    if isinstance(value, StartBody):
        return checks.start_problem(value, needs_storage=not settings.storage_optional)
    if isinstance(value, LayoutBody):
        return checks.layout_problem(value)
    return None


def _tasks(app: str, body: TasksBody) -> Input:
    return inputs.DescribeTasks(
        app,
        body.Status,
        body.StartTime,
        body.EndTime,
        body.RoomId,
        body.PageOffset or 1,  # 0 or nothing is the first page (DOC)
        body.PageSize,
    )


_READERS: Final[Mapping[str, Callable[[str, Any], Input]]] = {
    "StartRecord": inputs.StartRecord,
    "StopRecord": lambda app, body: inputs.StopRecord(app, body.TaskId),
    "DescribeRecordStatus": lambda app, body: inputs.DescribeRecordStatus(app, body.TaskId),
    "DescribeTasks": _tasks,
    "UpdateLayout": lambda app, body: inputs.UpdateLayout(app, body.TaskId, body),
    "UpdateWhiteboard": lambda app, body: inputs.UpdateWhiteboard(
        app, body.TaskId, body.WhiteboardId
    ),
    "PauseRecord": lambda app, body: inputs.PauseRecord(app, body.TaskId),
    "ResumeRecord": lambda app, body: inputs.ResumeRecord(app, body.TaskId),
    "TakeSnapshot": lambda app, body: inputs.TakeSnapshot(app, body.TaskId),
}
