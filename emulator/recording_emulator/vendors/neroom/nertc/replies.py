"""NERTC's answers as bytes: ``code`` 200 and what was asked for, or a code and ``errmsg``.

Source:
    Sheet §3.2 and §6.2. That every answer carries a ``requestId`` is assumed: the server SDK reads
    one from each. The keys of a file are those of NERoom's older room-media sample and of an
    integrator's code; ``md5``, ``size`` and what follows are assumed.
"""

from typing import Any, Final

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import View
from recording_emulator.vendors.neroom import files
from recording_emulator.vendors.neroom.inputs import File
from recording_emulator.vendors.neroom.nertc import errors
from recording_emulator.vendors.neroom.nertc.inputs import Answered
from recording_emulator.vendors.neroom.surface import SURFACE

OK: Final = 200
_ENCODER: Final = msgspec.json.Encoder()


def refuse(answer: Answer, request_id: str) -> tuple[int, bytes]:
    """Write an error: the HTTP status and the body."""
    row = errors.BY_ID.get(answer.row) or SURFACE.error(answer.row)
    text = answer.says or row.text or "invalid parameter"
    told = {"code": row.code, "errmsg": text, "requestId": request_id}
    return row.http, _ENCODER.encode(told)


def render(answer: Answer, view: View, request_id: str) -> tuple[int, bytes]:
    """Write an answer: the HTTP status and the body."""
    if answer.row:
        return refuse(answer, request_id)
    body: dict[str, Any] = {"code": OK, "requestId": request_id}
    facts = answer.facts
    if isinstance(facts, Answered):
        body |= facts.body
        if facts.files is not None:
            body["fileInfos"] = [_file(each, view) for each in facts.files]
    return 200, _ENCODER.encode(body)


def _file(file: File, view: View) -> dict[str, Any]:
    own = files.told(file, view)
    return {
        "vid": file.vid,
        "objectName": file.name,
        "url": own["url"],
        "createTime": file.stored_ms,
        "type": file.kind,
        "mix": file.is_mix,
        "md5": own["md5"],
        "size": file.size_bytes,
        "pieceIndex": file.piece,
    }
