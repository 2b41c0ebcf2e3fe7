"""Answers of the HTTP API as bytes: one envelope, HTTP 200 whatever happened.

Source:
    Sheet §6.1 (envelope), §6.2 and §6.3 (data). That HTTP is 200 for errors, too, the formats of
    sizes and times, and lists where a room's data may be several, are assumed.
"""

from typing import Any, Final
from urllib.parse import quote

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.vendors.cloudroom import errors, files
from recording_emulator.vendors.cloudroom.inputs import Listed, Said
from recording_emulator.vendors.cloudroom.settings import Settings

SUCCESS: Final = "success"


def render(answer: Answer, operation: str, files_url: str, settings: Settings) -> tuple[int, bytes]:
    """Write an answer: its HTTP status and its body."""
    if answer.row == errors.NO_ROUTE:
        return 404, b'{"message":"Not Found"}'
    row = errors.BY_ID[answer.row] if answer.row else None
    code = row.code if row is not None and row.code is not None else 0
    text = row.text if row is not None else SUCCESS
    data = {} if row is not None else _data(answer.facts, operation, files_url, settings)
    told = code if settings.rspcode_as_int else str(code)
    return 200, msgspec.json.encode({"RspCode": told, "RspDesc": text, "Data": data})


def _data(facts: Any, operation: str, files_url: str, settings: Settings) -> Any:
    if isinstance(facts, Listed):
        return _listed(facts, files_url, settings)
    assert isinstance(facts, Said)
    if operation == "room/create":
        return {"RoomId": facts.data["ID"]}
    return facts.data if facts.data is not None else {}


def _listed(facts: Listed, files_url: str, settings: Settings) -> dict[str, Any]:
    found = []
    for each in facts.files:
        where = quote(files.key(each.path))
        found.append(
            {
                "id": each.id,
                "fileName": files.split(each.path)[1],
                "filePath": each.path,
                "fileSize": str(each.size_bytes),
                "downUrl": f"{files_url}/{files.NETDISK}/{where}",
                "ctime": files.local_time(each.stored_ms, settings.tz_minutes),
            }
        )
    folders = [
        {"dirId": nth, "parentId": 0, "dirPath": f"{each}/", "dirName": each.rpartition("/")[2]}
        for nth, each in enumerate(facts.folders, 1)
    ]
    return {
        "fileList": found,
        "dirData": folders,
        "fileNum": facts.total,
        "searchTime": facts.search_time,
    }
