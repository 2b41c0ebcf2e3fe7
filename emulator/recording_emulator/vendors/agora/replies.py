"""Agora's answers as bytes: success bodies, and the two shapes of errors.

Source:
    Sheet §3 and §4.1: gateway errors carry only ``message``; ``acquire`` answers ``code`` and
    ``reason``; that the other operations put ``cname``, ``uid``, ``resourceId`` and ``sid`` in
    front was seen in the field, that they always do is assumed.
"""

from typing import Final

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.vendors.agora import errors
from recording_emulator.vendors.agora.inputs import Replied

_ENCODER: Final = msgspec.json.Encoder()


def render(
    answer: Answer, operation: str, named: Replied | None = None, profile: str = "modern"
) -> tuple[int, bytes]:
    """Write an answer: the HTTP status and the body.

    ``profile`` is the tenant's table of errors; the journal names the modern row in either.
    ``named`` says which task the request was about, for errors that did not get as far as one.
    """
    if not answer.row:
        return 200, _ENCODER.encode(answer.facts)
    row = errors.BY_ID[answer.row]
    if profile == "legacy":
        row = errors.legacy(row, operation)
    if row.code is None:
        text = answer.says or row.text
        return row.http, _ENCODER.encode({"message": text})
    tail = {"code": row.code, "reason": answer.says or row.text}
    about = answer.facts if isinstance(answer.facts, Replied) else named
    if operation == "acquire" or about is None:
        return row.http, _ENCODER.encode(tail)
    fields = {
        "cname": about.cname,
        "uid": about.uid,
        "resourceId": about.resourceId,
        "sid": about.sid,
    }
    head = {name: value for name, value in fields.items() if value}
    return row.http, _ENCODER.encode({**head, **tail})
