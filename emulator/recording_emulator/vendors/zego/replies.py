"""ZEGO's answers as bytes: one envelope for success and error, and files as two casings tell them.

Source:
    Sheet §3 (envelope, members of files; DOC), §4 (HTTP 200 for errors: assumed).
"""

from typing import Any, Final
from urllib.parse import quote

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.vendors.zego import errors
from recording_emulator.vendors.zego.entries import Entry
from recording_emulator.vendors.zego.files import BACKED_UP, STORED
from recording_emulator.vendors.zego.inputs import Said

SUCCEED: Final = "succeed"
"""``Message`` of a success (DOC sample; a client tests for it)."""
_ENCODER: Final = msgspec.json.Encoder()


def file_url(entry: Entry, files_url: str) -> str:
    """Return where a file can be read, once it is in storage; otherwise an empty text."""
    if entry.status not in (STORED, BACKED_UP) or not entry.has_url:
        return ""
    if entry.url:
        return entry.url
    return f"{files_url}/{quote(entry.bucket, safe='')}/{quote(entry.key)}"


def told(entry: Entry, files_url: str) -> dict[str, Any]:
    """Tell a file in the words of callbacks; without a URL the member is absent (DOC)."""
    url = file_url(entry, files_url)
    return {
        "user_id": entry.user,
        "user_name": entry.user,
        "stream_id": entry.stream,
        "file_id": entry.name,
        "video_id": entry.video_id,
        **({"file_url": url} if url else {}),
        "output_file_format": entry.container,
        "file_size": entry.size_bytes,
        "duration": entry.length_ms,
        "resolution_width": entry.size[0],
        "resolution_height": entry.size[1],
        "media_track_type": entry.kind,
        "begin_timestamp": entry.begin_ms,
        "status": entry.status,
    }


def pascal(name: str) -> str:
    """Write a callback's name as answers do.

    >>> pascal("media_track_type")
    'MediaTrackType'
    """
    return "".join(word.capitalize() for word in name.split("_"))


def render(answer: Answer, files_url: str, request_id: str) -> tuple[int, bytes]:
    """Write an answer: the HTTP status and the body."""
    if answer.row:
        row = errors.BY_ID[answer.row]
        text = answer.says or row.text or "invalid param"
        body: dict[str, Any] = {"Code": row.code, "Message": text, "RequestId": request_id}
        if row.code is None:
            del body["Code"]
        return row.http, _ENCODER.encode(body)
    body = {"Code": 0, "Message": SUCCEED, "RequestId": request_id}
    said = answer.facts
    if isinstance(said, Said) and said.data is not None:
        files = [
            {pascal(name): value for name, value in told(each, files_url).items()}
            for each in said.files
        ]
        body["Data"] = {**said.data, **({"RecordFiles": files} if files else {})}
    return 200, _ENCODER.encode(body)
