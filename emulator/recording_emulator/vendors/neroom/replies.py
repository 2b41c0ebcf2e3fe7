"""NERoom's HTTP answers as bytes: the envelope, and what each call says in it.

Source:
    Sheet §2.3 (envelope; real samples have ``ts`` in milliseconds), §2.4 and §2.5 (data). Where no
    sample is known, names follow the layer's casing: assumed. ``cost`` is always the same: assumed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Target, View
from recording_emulator.vendors.neroom import errors, files, inputs, room, sdk
from recording_emulator.vendors.neroom.inputs import Create, Listed, Said
from recording_emulator.vendors.neroom.users import Account, User

SUCCESS: Final = "Success"
COST: Final = "1ms"
_ENCODER: Final = msgspec.json.Encoder()

Given = Any
"""The input that is answered; an answer repeats some of it."""


def render(
    operation: str, given: Given, answer: Answer, view: View, request_id: str
) -> tuple[int, bytes]:
    """Write an answer: the HTTP status and the body. An error of the API comes with HTTP 200."""
    if answer.row:
        row = errors.BY_ID[answer.row]
        assert row.code is not None
        return row.http, envelope(row.code, row.text, request_id, view.now_ms)
    told = _TOLD.get(operation)
    data = None if told is None else told(given, answer, view)
    return 200, envelope(0, SUCCESS, request_id, view.now_ms, {"data": data})


def envelope(
    code: int, msg: str, request_id: str, ts: int, data: Mapping[str, Any] | None = None
) -> bytes:
    head = {"code": code, "msg": msg, "requestId": request_id, "ts": ts, "cost": COST}
    return _ENCODER.encode({**head, **(data or {})})


def camel(value: Any) -> Any:
    """Write the names in a value as the older layers do.

    >>> camel({"page_total": 1, "users": [{"user_uuid": "a"}]})
    {'pageTotal': 1, 'users': [{'userUuid': 'a'}]}
    """
    if isinstance(value, list):
        return [camel(each) for each in value]
    if isinstance(value, dict):
        return {_camel(name): camel(each) for name, each in value.items()}
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


# --- accounts -------------------------------------------------------------------------------------


def _user(answer: Answer) -> User:
    facts = answer.facts
    assert isinstance(facts, Account)
    return facts.users[0]


def account(user: User) -> dict[str, Any]:
    """Tell an account to the app's own server."""
    return {
        "user_uuid": user.uuid,
        "user_name": user.name,
        "user_token": user.token,
        "icon": user.icon,
        "im_token": user.im_token,
    }


def _accounts(_given: Given, answer: Answer, _view: View) -> Any:
    facts = answer.facts
    assert isinstance(facts, Account)
    return [account(each) for each in facts.users]


def _keys(_given: Given, answer: Answer, view: View) -> Any:
    """Tell a user's keys; those of chat and RTC are the AppKey (sheet §2.5)."""
    user, app_key = _user(answer), view.credentials["app_key"]
    return {
        "userUuid": user.uuid,
        "userToken": user.token,
        "imToken": user.im_token,
        "imKey": app_key,
        "rtcKey": app_key,
    }


def _rtc_uid(_given: Given, answer: Answer, _view: View) -> Any:
    user = _user(answer)
    return {"user_uuid": user.uuid, "rtc_uid": user.rtc_uid}


# --- rooms ----------------------------------------------------------------------------------------


def _said(_given: Given, answer: Answer, _view: View) -> Any:
    facts = answer.facts
    assert isinstance(facts, Said)
    return facts.data


def _camel_said(given: Given, answer: Answer, view: View) -> Any:
    return camel(_said(given, answer, view))


def _made(given: Given, answer: Answer, view: View) -> dict[str, Any]:
    assert isinstance(given, Create)
    archive = _said(given, answer, view)["roomArchiveId"]
    return {"room_archive_id": archive, "room_uuid": given.room, "room_name": given.name}


def _camel_made(given: Given, answer: Answer, view: View) -> Any:
    return camel(_made(given, answer, view))


def _snapshot(given: Given, answer: Answer, view: View) -> Any:
    data = dict(_said(given, answer, view))
    return {"sequence": data.pop("sequence"), "snapshot": data}


def _record(given: Given, _answer: Answer, view: View) -> Any:
    """Name the recording that a start has begun (assumed; the SDK does not look)."""
    if not isinstance(given, inputs.StartRecord):
        return None
    there = view.peek(Target(room.NAME, view.holder(f"room/{given.room}") or ""))
    return {"recordId": there.records[-1]} if there and there.records else None


def _records(_given: Given, answer: Answer, view: View) -> Any:
    assert isinstance(answer.facts, Listed)
    return sdk.listed(answer.facts, view)


def _media(_given: Given, answer: Answer, view: View) -> Any:
    """Tell the files of a room in version 3.

    Source:
        Sheet §2.5: that it has these names, in snake_case, is assumed.
    """
    found = [
        {
            "vid": file.vid,
            "object_name": file.name,
            "url": files.url(file, view.files_url),
            "create_time": file.stored_ms,
            "record_id": record,
            "type": file.kind,
            "mix": file.is_mix,
            "md5": files.md5(file, view),
            "size": file.size_bytes,
            "piece_index": file.piece,
            **({"user_uuid": file.user} if file.user else {}),
        }
        for record, file in _files(answer)
    ]
    return {"file_infos": found}


def _camel_media(_given: Given, answer: Answer, view: View) -> Any:
    """Tell the files of a room in version 2 (查询房间录制记录)."""
    found = [
        {
            "vid": file.vid,
            "objectName": file.name,
            "url": files.url(file, view.files_url),
            "createTime": file.stored_ms,
        }
        for _, file in _files(answer)
    ]
    return {"fileInfos": found}


def _files(answer: Answer) -> list[tuple[str, inputs.File]]:
    assert isinstance(answer.facts, Listed)
    return [(each.id, file) for each in answer.facts.records for file in each.files]


_TOLD: Final[Mapping[str, Callable[[Given, Answer, View], Any]]] = {
    "sceneLogin": _keys,
    "sceneCreateRoom": _camel_made,
    "sceneGetConfig": _said,
    "sceneEnter": _said,
    "sceneGetSnapshot": _snapshot,
    "sceneSetStream": _said,
    "sceneDeleteStream": _said,
    "sceneRecord": _record,
    "sceneListRecords": _records,
    "restCreateUser": lambda _given, answer, _view: account(_user(answer)),
    "restUpdateUser": lambda _given, answer, _view: account(_user(answer)),
    "restGetUser": lambda _given, answer, _view: account(_user(answer)),
    "restGetUsers": _accounts,
    "restCreateRtcUid": _rtc_uid,
    "restCreateRoom": _made,
    "restListOnline": _said,
    "restListMedia": _media,
    "appsCreateRoom": _camel_made,
    "appsListOnline": _camel_said,
    "appsGetMember": _camel_said,
    "appsListMedia": _camel_media,
    "appsPutUser": _keys,
    "appsGetToken": _keys,
}
"""What a call's ``data`` is; that of others is null (assumed)."""
