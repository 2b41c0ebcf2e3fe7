"""From requests of the HTTP API to inputs: names in any case, numbers that may be texts.

Source:
    Sheet §6.1 (conventions), §6.2 and §6.3 (calls). Keys are matched in any case because demos send
    both; that is assumed.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.machine import Input
from recording_emulator.vendors.cloudroom import bodies, errors, files, inputs

BODIES: Final[Mapping[str, type[msgspec.Struct]]] = {
    errors.Q: bodies.QueryBody,
    errors.DELETE: bodies.DeleteBody,
    errors.UPLOAD: bodies.UploadBody,
    "room/create": bodies.Signed,
    "room/delete": bodies.RoomBody,
    "room/onlineUsersNum/query": bodies.RoomsBody,
    "room/onlineMembers/query": bodies.RoomBody,
}
MAX_ROOMS: Final = 50
Read = tuple[Input, tuple[str, ...]]


def parsed(body: bytes) -> dict[str, Any] | None:
    """Read a body; never raises for it."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read(operation: str, fields: Mapping[str, Any], file: bytes = b"") -> Read:
    """Turn a request into its input; ``file`` is one that came with it."""
    kind = BODIES[operation]
    known = {name.lower(): name for name in kind.__struct_fields__}
    named = {known[name.lower()]: fields[name] for name in fields if name.lower() in known}
    notes = tuple(f"unknown field {name}" for name in fields if name.lower() not in known)[:64]
    try:
        value: Any = msgspec.convert(named, kind, strict=False)
    except msgspec.ValidationError as error:
        return Malformed(errors.NO_PARAMETERS, hint=str(error)), notes
    return _input(operation, value, file), notes


NOBODY: Final = ("", "", "")
"""Over HTTP no client calls: no connection, no user, no SDK."""


def _input(operation: str, value: Any, file: bytes) -> Input:
    match operation:
        case errors.Q:
            return inputs.Query(
                value.FileName, value.FilePath, value.SearchTime, value.PageNumber, value.PageSize
            )
        case errors.DELETE:
            if not value.FileName and value.FileID is msgspec.UNSET:
                return Malformed(errors.NO_PARAMETERS, hint="FileName or FileID")
            return inputs.Delete(value.FileName, value.FileID or None)
        case errors.UPLOAD:
            return _upload(value, file)
        case "room/create":
            return inputs.Make(*NOBODY)
        case "room/onlineUsersNum/query":
            return _rooms(value.RoomIds)
        case _:
            return _one_room(operation, value)


def _one_room(operation: str, value: Any) -> Input:
    if value.RoomId is msgspec.UNSET:
        return Malformed(errors.MISSING, hint="RoomId")
    if operation == "room/delete":
        return inputs.Destroy(*NOBODY, room=str(value.RoomId))
    return inputs.NameUsers(str(value.RoomId))


def _upload(value: Any, file: bytes) -> Input:
    name = unquote(value.FileName)
    if "." not in name:
        return Malformed(errors.NO_SUFFIX, hint="FileName has no suffix")
    if files.suffix(name) != ".mp4":
        return Malformed(errors.BAD_TYPE, hint="only MP4")
    folder = unquote(value.DirPath).strip("/")
    path = files.rooted(f"{folder}/{name}")
    if ".." in path.split("/"):
        return Malformed(errors.NO_PARAMETERS, hint="DirPath has a ..")
    return inputs.PutFile(path, file)


def _rooms(text: str) -> Input:
    found = [each.strip() for each in text.split(",") if each.strip()]
    if not found:
        return Malformed(errors.MISSING, hint="RoomIds")
    if len(found) > MAX_ROOMS or not all(
        each.isascii() and each.isdigit() and len(each) < 17 for each in found
    ):
        return Malformed(errors.NO_PARAMETERS, hint=f"RoomIds are at most {MAX_ROOMS} numbers")
    return inputs.CountUsers(tuple(found))
