"""Agora's error rows, modern profile: which code, which status, when, and how we know.

Source of the table: Docs-Source ``rest-api/status-codes.mdx`` (2026-06), where ``source`` says DS;
the codes of the Chinese pages of 2020-2023 where it says CN23.
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_DOC: Final = Basis.DOCUMENTED
_SEEN: Final = Basis.OBSERVED
_ASSUMED: Final = Basis.ASSUMED
_STATUS: Final = "DS rest-api/status-codes.mdx"
_SID_OPS: Final = ("query", "update", "updateLayout", "stop")

NO_ROUTE: Final = "no Route matched with those values"
UNAUTHORIZED: Final = "Unauthorized"
BAD_CREDENTIALS: Final = "Invalid authentication credentials"
BAD_APP: Final = "appid is invalid"
RATE: Final = "API rate limit exceeded"
TOO_LARGE: Final = "Request size limit exceeded"
INVALID: Final = "2 invalid parameter"
NOT_JSON: Final = "2 not JSON"
DISABLED: Final = "400 invalid_appid"
BAD_CHANNEL: Final = "401 invalid_channel_name"
SUSPENDED: Final = "405 no_active_status"
OVERLOADED: Final = "406 vendor_over_load"
NO_CAPACITY: Final = "501 no_worker_manager_available"
INTERNAL: Final = "500 internal_error"
STARTED: Final = "7 already started"
CONFLICT: Final = "53 task conflict"
NO_WORKER: Final = "404 failed to find worker"
NO_DATA: Final = "435 no recorded data"
EXITING: Final = "49 invalid operation"
UPLOAD_TIMEOUT: Final = "50 upload timeout"
MISMATCH: Final = "432 resource mismatch"
EXPIRED: Final = "433 resource expired"
GARBAGE: Final = "1001 invalid resourceId"
FOREIGN: Final = "1003 sid of another resource"
LEGACY_REQUEST: Final = "legacy 8 bad request"
LEGACY_CHANNEL: Final = "legacy 1013 illegal channel name"
LEGACY_DISABLED: Final = "legacy 62 service not enabled"
LEGACY_LAYOUT: Final = "legacy 1028 bad layout"
LEGACY_EXITING: Final = "legacy 501 recorder is exiting"
_OLD: Final = "CN20 and CN23, profile legacy; text assumed"
_OLD_STATUS: Final = "CN20 and CN23, profile legacy; HTTP status and text assumed"

ROWS: Final = (
    Row(NO_ROUTE, 404, None, NO_ROUTE, "wrong method or path", _STATUS, _DOC),
    Row(UNAUTHORIZED, 401, None, UNAUTHORIZED, "no Authorization header", _STATUS, _DOC),
    Row(BAD_CREDENTIALS, 401, None, BAD_CREDENTIALS, "wrong pair, or not Basic", _STATUS, _DOC),
    Row(BAD_APP, 400, None, BAD_APP, "unknown App ID", _STATUS, _DOC),
    Row(RATE, 429, None, RATE, "more than 10 calls a second", _STATUS, _DOC),
    Row(
        TOO_LARGE, 413, None, TOO_LARGE, "body over 1 MiB",
        "assumed: the gateway's product answers so; no limit is documented", _ASSUMED,
    ),
    Row(INVALID, 400, 2, "", "missing, ill-typed or out-of-range parameter", _STATUS, _DOC),
    Row(NOT_JSON, 400, 2, "", "the body is not JSON", "assumed: as a bad parameter", _ASSUMED),
    Row(DISABLED, 400, 400, "invalid_appid", "service not enabled", _STATUS, _DOC, ("acquire",)),
    Row(
        BAD_CHANNEL, 400, 401, "invalid_channel_name", "bad characters or length",
        _STATUS, _DOC, ("acquire",),
    ),
    Row(
        SUSPENDED, 400, 405, "no_active_status", "account overdue or suspended",
        _STATUS, _DOC, ("acquire",),
    ),
    Row(OVERLOADED, 400, 406, "vendor_over_load", "quota of tasks", _STATUS, _DOC, ("acquire",)),
    Row(
        INTERNAL, 500, 500, "internal_error", "retry with backoff", _STATUS, _DOC, ("acquire",),
        needs_fault=True,
    ),
    Row(
        NO_CAPACITY, 500, 501, "no_worker_manager_available", "no capacity",
        _STATUS, _DOC, ("acquire",),
    ),
    Row("504 allocate_timeout", 500, 504, "allocate_timeout", "timed out",
        _STATUS, _DOC, ("acquire",), needs_fault=True),
    Row(
        STARTED, 201, 7, "already started", "second start while the task lives",
        _STATUS, _DOC, ("start",),
    ),
    Row(
        "65 request not completed", 206, 65, "request not completed",
        "reached the backend, the answer timed out", _STATUS, _DOC, ("start", *_SID_OPS),
        needs_fault=True,
    ),
    Row(
        CONFLICT, 400, 53, "task conflict",
        "live task with the same appid, cname and uid under another resource",
        _STATUS, _DOC, ("start",),
    ),
    Row(
        "502 Failed to allocate worker", 500, 502, "Failed to allocate worker",
        "acquire and start again", _STATUS, _DOC, ("start",), needs_fault=True,
    ),
    Row(
        "start 62 request timeout", 500, 62, "request timeout", "retry, then acquire again",
        _STATUS, _DOC, ("start",), needs_fault=True,
    ),
    Row(
        NO_WORKER, 404, 404, "failed to find worker",
        "no such task, or it has exited, or its control window is over", _STATUS, _DOC, _SID_OPS,
    ),
    Row(
        "62 request timeout", 504, 62, "request timeout", "retry", _STATUS, _DOC, _SID_OPS,
        needs_fault=True,
    ),
    Row(NO_DATA, 206, 435, "no recorded data", "nothing was recorded", _STATUS, _DOC, ("stop",)),
    Row(
        EXITING, 400, 49, "invalid operation", "the task is exiting already",
        _STATUS, _DOC, ("stop",),
    ),
    Row(
        UPLOAD_TIMEOUT, 206, 50, "upload timeout", "a synchronous stop took over 20 s",
        "CN23 code 50; HTTP status and text assumed", _ASSUMED, ("stop",),
    ),
    Row(
        MISMATCH, 400, 432, "invalid parameter or resourceId does not match",
        "appid, cname or uid are not those of acquire",
        "CN23 code 432; used in both profiles, text assumed", _ASSUMED, ("start", *_SID_OPS),
    ),
    Row(
        EXPIRED, 400, 433, "resourceId expired",
        "the resource was not used within 5 minutes, or its task has ended",
        "CN23 code 433; that an ended task gives it is assumed, text assumed",
        _ASSUMED, ("start",),
    ),
    Row(
        GARBAGE, 400, 1001, "resourceId cannot be decrypted", "no acquire returned this resource",
        "CN23 code 1001; HTTP status and text assumed", _ASSUMED, ("start", *_SID_OPS),
    ),
    Row(
        FOREIGN, 400, 1003, "sid does not belong to resourceId",
        "a known sid with another task's resource",
        "CN23 code 1003; HTTP status and text assumed", _ASSUMED, _SID_OPS,
    ),
    Row(
        LEGACY_REQUEST, 400, 8, "invalid request",
        "wrong path, method or Content-Type, or the body is not JSON", _OLD_STATUS, _ASSUMED,
        stands_for=(NO_ROUTE, NOT_JSON),
    ),
    Row(
        LEGACY_CHANNEL, 400, 1013, "invalid channel name", "bad characters or length",
        _OLD, _DOC, ("acquire",),
        stands_for=(BAD_CHANNEL,),
    ),
    Row(
        LEGACY_DISABLED, 400, 62, "service not enabled", "the App ID lacks the service",
        _OLD, _DOC, ("acquire",),
        stands_for=(DISABLED,),
    ),
    Row(
        LEGACY_LAYOUT, 400, 1028, "invalid layout", "the body of updateLayout is wrong",
        _OLD, _DOC, ("updateLayout",),
        stands_for=(INVALID,),
    ),
    Row(
        LEGACY_EXITING, 400, 501, "recorder is exiting", "a query after a stop",
        _OLD_STATUS, _ASSUMED, ("query",),
    ),
    Row(
        "legacy 15 start failed", 500, 15, "start failed",
        "undocumented; text assumed", "seen in the field with an empty sid", _SEEN, ("start",),
        needs_fault=True,
    ),
)  # fmt: skip

BY_ID: Final = {row.id: row for row in ROWS}


def legacy(row: Row, operation: str) -> Row:
    """Return the row of 2020 to 2023 for what the modern ``row`` says.

    >>> legacy(BY_ID[BAD_CHANNEL], "acquire").code
    1013
    """
    for each in ROWS:
        if row.id in each.stands_for and operation in (each.operations or (operation,)):
            return each
    return row
