"""From paths, queries and bodies to calls: every check that needs no channel.

The order of the checks is assumed: the channel first, then the rest as it stands in the body.
Numbers and truths may be written as texts, as the backend's usual decoder takes them (assumed); of
a name that comes twice in a query the first counts (assumed).

Source:
    Sheet §3 (paths and fields); the older record call, and the form that asks for media files: an
    integrator's code.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import (
    Undecodable,
    decode,
    explained,
    read_query,
    unknown_fields,
)
from recording_emulator.core.machine import Input
from recording_emulator.vendors.neroom import files
from recording_emulator.vendors.neroom.config import Config, Layout, Pane
from recording_emulator.vendors.neroom.nertc import errors, inputs
from recording_emulator.vendors.neroom.nertc.bodies import (
    MAX_CID,
    LayoutConfig,
    MembersQuery,
    Panes,
    RecordForm,
    RoomBody,
    StreamSubscribe,
    SubmitBody,
    SubsBody,
    TaskBody,
    UpdateBody,
)
from recording_emulator.vendors.neroom.nertc.inputs import Streams, Uids, Wish

Read = tuple[Input, tuple[str, ...]]
"""An input, and what the decoding has to remark about it."""
MAX_DEPTH: Final = 32
MAX_KEPT: Final = 2**64 - 1
KEPT: Final[tuple[str, ...]] = (
    "streamSubscribe",
    "recordConfig",
    "layoutConfig",
    "watermark",
    "detect",
)
"""What a client says of a task, and hears again when it asks."""
_PLAIN: Final = msgspec.json.Decoder()


class Asked(msgspec.Struct, frozen=True):
    """A request as far as it was routed: ``cid`` is that of the path, where it has one."""

    name: str
    is_v3: bool
    cid: str
    query: Mapping[str, str]
    body: bytes
    is_too_large: bool = False


def read(asked: Asked) -> Read:
    """Turn a request into its call, or into the first that is wrong with it."""
    try:
        return _READERS[asked.name](asked)
    except _WrongError as wrong:
        return wrong.malformed, ()


class _WrongError(Exception):
    """The first thing that is wrong with a request; it never leaves this file."""

    def __init__(self, field: str, why: str, room: str = "") -> None:
        super().__init__(why)
        says = f"invalid parameter: {field}"
        self.malformed = Malformed(errors.PARAMETER, says, why, room)


# --- calls about channels -------------------------------------------------------------------------


def _make(asked: Asked) -> Read:
    plain = _object(asked)
    body = _convert(_without_nulls(plain), RoomBody)
    return inputs.Make(0, body.channelName, body.uid), _notes(plain, RoomBody)


def _plain_call(kind: type[inputs.ByChannel]) -> Callable[[Asked], Read]:
    return lambda asked: (kind(*_channel(asked)), ())


def _members(asked: Asked) -> Read:
    where = _channel(asked)
    given = _convert({k: v for k, v in asked.query.items() if k != "cname"}, MembersQuery)
    return inputs.Members(*where, given.uid, given.userRole), ()


def _channel(asked: Asked) -> tuple[int, str]:
    """Return the channel that a path or a query names."""
    if asked.is_v3:
        return 0, _cname(asked.query.get("cname", ""))
    return _cid(asked.cid), ""


def _cid(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and 0 < len(text) <= 19
    if not is_number or not 1 <= int(text) <= MAX_CID:
        raise _WrongError("cid", f"a cid is a number up to {MAX_CID}, not {text[:40]!r}")
    return int(text)


def _cname(text: str) -> str:
    if not 0 < len(text) <= 64:
        raise _WrongError("cname", "a cname has 1 to 64 characters")
    return text


def _media_files(asked: Asked) -> Read:
    form = _form(asked)
    text = form.get("channelid") or form.get("channelId") or ""
    try:
        return inputs.MediaFiles(_cid(text), ""), ()
    except _WrongError as wrong:
        raise _WrongError("channelid", wrong.malformed.hint) from None


def _old_record(asked: Asked) -> Read:
    """Read the older call: a form in an integrator's code, JSON by the page on headers."""
    where = _channel(asked)
    is_json = asked.body.lstrip().startswith(b"{")
    given = _convert(_object(asked) if is_json else _form(asked), RecordForm)
    return inputs.OldRecord(*where, audio=given.a_record, video=given.v_record, kind=given.type), ()


# --- calls about tasks ----------------------------------------------------------------------------


def _submit(asked: Asked) -> Read:
    plain = _object(asked)
    where = _named(asked, plain)
    _check_stream_type(plain, where[1])
    given = _without_nulls(plain)
    is_void = given != plain
    body = _convert(given, SubmitBody, where[1])
    record = body.recordConfig
    modes = tuple(each.mode for each in record.modeList)
    if record.recordType == files.BY_MODE and not (modes or is_void):
        raise _WrongError("recordConfig.modeList", "recordType 100 needs a modeList", where[1])
    if len(set(modes)) < len(modes):
        raise _WrongError("recordConfig.modeList", "each mode at most once", where[1])
    told = {name: plain[name] for name in KEPT if name in plain}
    told.setdefault("recordConfig", {"recordType": 0})
    own = tuple(
        (each.mode, _layout(each.layoutType, each.layout))
        for each in record.modeList
        if each.layoutType is not None
    )
    layout = _layout_of(body.layoutConfig)
    config = Config(record.recordType, modes, record.fileFormat, layout, own)
    wish = Wish(config, _streams(body.streamSubscribe), told, is_void)
    notes = _notes(given, SubmitBody)
    if is_void:
        notes = (*notes, "a field is null: the task stays in state 0; leave it out instead")
    return inputs.Submit(*where, wish=wish), notes


def _update(asked: Asked) -> Read:
    plain = _object(asked)
    where = _named(asked, plain)
    given = _without_nulls(plain)
    body = _convert(given, UpdateBody, where[1])
    told = {name: given[name] for name in KEPT[2:] if name in given}
    layout = _layout_of(body.layoutConfig)
    call = inputs.Update(*where, task=body.taskId, told=told, layout=layout)
    return call, _notes(given, UpdateBody)


def _update_subs(asked: Asked) -> Read:
    plain = _object(asked)
    where = _named(asked, plain)
    given = _without_nulls(plain)
    _check_stream_type(given, where[1])
    body = _convert(given, SubsBody, where[1])
    streams = _streams(body.streamSubscribe)
    told = {"streamSubscribe": given["streamSubscribe"]}
    call = inputs.UpdateSubs(*where, task=body.taskId, streams=streams, told=told)
    return call, _notes(given, SubsBody)


def _task_call(kind: Callable[..., Input]) -> Callable[[Asked], Read]:
    def read_one(asked: Asked) -> Read:
        plain = _object(asked)
        where = _named(asked, plain)
        given = _without_nulls(plain)
        body = _convert(given, TaskBody, where[1])
        return kind(*where, task=body.taskId), _notes(given, TaskBody)

    return read_one


def _named(asked: Asked, plain: Mapping[str, Any]) -> tuple[int, str]:
    """Return the channel a call about a task names; v3 has it in the query or in the body."""
    if not asked.is_v3:
        found = plain.get("cid")
        is_text = isinstance(found, str | int) and not isinstance(found, bool)
        return _cid(str(found) if is_text else ""), ""
    named = asked.query.get("cname") or plain.get("cname")
    return 0, _cname(named if isinstance(named, str) else "")


def _check_stream_type(plain: Mapping[str, Any], room: str) -> None:
    """See that a subscription says what of; one that is null says nothing at all."""
    given = plain.get("streamSubscribe")
    if isinstance(given, dict) and "streamType" not in given:
        why = "streamType is required: 0 audio, 1 video, 2 both"
        raise _WrongError("streamSubscribe.streamType", why, room)


def _layout_of(given: LayoutConfig | None) -> Layout | None:
    return None if given is None else _layout(given.layoutType, given.layout)


def _layout(kind: int, given: Panes) -> Layout:
    """Read a layout; of a shared screen no pane is shown."""
    panes = tuple(
        Pane(each.uid, each.x, each.y, each.width, each.height, each.zorder)
        for each in given.users
        if each.streamType == 0
    )
    return Layout(kind, given.canvas.width, given.canvas.height, panes)


def _streams(given: StreamSubscribe | None) -> Streams:
    if given is None:
        return Streams()
    audio, video = given.audioUidList, given.videoUidList
    return Streams(
        given.streamType in (0, 2),
        given.streamType in (1, 2),
        Uids(audio.subscribeUids, audio.unSubscribeUids),
        Uids(video.subscribeUids, video.unSubscribeUids),
    )


# --- bodies ---------------------------------------------------------------------------------------


def _object(asked: Asked) -> dict[str, Any]:
    if asked.is_too_large:
        raise _WrongError("body", "a body has at most 1 MiB")
    plain = decode(_PLAIN, asked.body)
    if isinstance(plain, Undecodable):
        raise _WrongError("body", plain.why)
    if not isinstance(plain, dict):
        raise _WrongError("body", "the body is a JSON object")
    _check_kept(plain)
    return plain


def _check_kept(value: Any, depth: int = 0) -> None:
    """See that what is kept as it came can be written again."""
    if depth > MAX_DEPTH:
        raise _WrongError("body", f"nested more than {MAX_DEPTH} deep")
    if isinstance(value, int) and not -MAX_CID <= value <= MAX_KEPT:
        raise _WrongError("body", f"a number is beyond {MAX_KEPT}")
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for each in inner:
            _check_kept(each, depth + 1)


def _form(asked: Asked) -> dict[str, str]:
    if asked.is_too_large:
        raise _WrongError("body", "a body has at most 1 MiB")
    return read_query(asked.body.decode("utf-8", "replace"))


def _convert(plain: Any, kind: Any, room: str = "") -> Any:
    try:
        return msgspec.convert(plain, kind, strict=False)
    except msgspec.ValidationError as error:
        wrong = explained(str(error))
        raise _WrongError(_path(str(error), wrong), wrong.why, room) from None


def _path(message: str, wrong: Undecodable) -> str:
    """Name a field by its whole path, as the API does.

    >>> _path("Expected `int` - at `$.recordConfig.modeList[0].mode`", Undecodable("mode", ""))
    'recordConfig.modeList[0].mode'
    """
    _, _, at = message.partition(" - at `$.")
    inside = at.rstrip("`")
    if wrong.is_missing:
        return f"{inside}.{wrong.field}" if inside else wrong.field
    return inside or wrong.field or "body"


def _without_nulls(value: Any) -> Any:
    """Leave out what is null, however deep.

    >>> _without_nulls({"a": None, "b": {"c": None, "d": [1, None]}})
    {'b': {'d': [1]}}
    """
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value if each is not None]
    return value


def _notes(plain: Any, kind: Any) -> tuple[str, ...]:
    return tuple(f"unknown field {each}" for each in unknown_fields(plain, kind))


_READERS: Final[Mapping[str, Callable[[Asked], Read]]] = {
    "createRoom": _make,
    "getRoom": _plain_call(inputs.Look),
    "deleteRoom": _plain_call(inputs.Delete),
    "members": _members,
    "submit": _submit,
    "update": _update,
    "updateSubs": _update_subs,
    "tasks": _task_call(inputs.Tasks),
    "stop": _task_call(inputs.Stop),
    "record": _old_record,
    "mediaFiles": _media_files,
}
