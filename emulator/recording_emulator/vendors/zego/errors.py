"""ZEGO's codes: of the gateway that all its server APIs share, and of cloud recording.

An error is a code in the body; HTTP stays 200, because the API description knows no other status
(that errors keep it is assumed). No message of an error is documented: all are assumed.

Source:
    Sheet §4. DOC: error-codes.mdx and its like of sibling products, which share the gateway.
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_DOC: Final = Basis.DOCUMENTED
_ASSUMED: Final = Basis.ASSUMED
_PAGE: Final = "DOC error-codes; text and HTTP status assumed"
_ZH: Final = "DOC error-codes, Chinese page only; text and HTTP status assumed"
_SHARED: Final = "DOC shared gateway codes; text and HTTP status assumed"
_OURS: Final = "assumed: only GET and POST on one path are described"
_TASK_CALLS: Final = (
    "StopRecord",
    "DescribeRecordStatus",
    "UpdateLayout",
    "UpdateWhiteboard",
    "PauseRecord",
    "ResumeRecord",
    "TakeSnapshot",
)
_CONTROLS: Final = tuple(each for each in _TASK_CALLS if each != "DescribeRecordStatus")

NO_ROUTE: Final = "not found"
WRONG_METHOD: Final = "method not allowed"
BAD_APP: Final = "100000001 AppId"
NO_TIMESTAMP: Final = "100000002 no Timestamp"
BAD_TIMESTAMP: Final = "100000003 Timestamp"
EXPIRED: Final = "100000004 signature expired"
BAD_SIGNATURE: Final = "100000005 signature error"
NO_ACTION: Final = "100000006 no Action"
BAD_ACTION: Final = "100000007 action not supported"
NO_NONCE: Final = "100000008 no SignatureNonce"
NO_SIGNATURE: Final = "100000009 no Signature"
NO_SECRET: Final = "100000010 no ServerSecret"
UNREADABLE: Final = "100000012 body unreadable"
NO_VERSION: Final = "100000013 no SignatureVersion"
BAD_VERSION: Final = "100000014 SignatureVersion"
CLOSED: Final = "300000002 service not open"
RATE: Final = "300000003 request too frequent"
INVALID: Final = "300000004 invalid param"
CONCURRENCY: Final = "300000006 task concurrency limit"
NO_TASK: Final = "300001000 task not exist"
STOPPED: Final = "300001001 task already stopped"
NOT_PAUSED: Final = "300001004 task not paused"


def _row(
    row_id: str, text: str, when: str, source: str, *operations: str, needs_fault: bool = False
) -> Row:
    code = int(row_id.partition(" ")[0])
    return Row(row_id, 200, code, text, when, source, _DOC, operations, needs_fault)


ROWS: Final = (
    Row(NO_ROUTE, 404, None, NO_ROUTE, "a path other than /", _OURS, _ASSUMED),
    Row(WRONG_METHOD, 405, None, WRONG_METHOD, "neither GET nor POST", _OURS, _ASSUMED),
    _row("100000000 Host", "host error", "wrong Host header", _SHARED, needs_fault=True),
    _row(BAD_APP, "appid error", "AppId missing or no uint32", _SHARED),
    _row(NO_TIMESTAMP, "timestamp empty", "no Timestamp", _SHARED),
    _row(BAD_TIMESTAMP, "timestamp error", "Timestamp is no number", _SHARED),
    _row(EXPIRED, "signature expired", "Timestamp over 10 minutes away", _PAGE),
    _row(BAD_SIGNATURE, "signature error", "Signature is another", _PAGE),
    _row(NO_ACTION, "action empty", "no Action", _SHARED),
    _row(BAD_ACTION, "action not supported", "Action is none of the nine", _SHARED),
    _row(NO_NONCE, "signature nonce empty", "no SignatureNonce", _SHARED),
    _row(NO_SIGNATURE, "signature empty", "no Signature", _SHARED),
    _row(NO_SECRET, "server secret not found", "unknown AppId", _SHARED),
    _row(
        "100000011 no app config", "app config not found", "the app is not set up", _SHARED,
        needs_fault=True,
    ),
    _row(
        UNREADABLE, "body error", "no JSON object (setting unreadable_body)", _SHARED,
    ),
    _row(NO_VERSION, "signature version empty", "no SignatureVersion", _SHARED),
    _row(BAD_VERSION, "signature version error", "SignatureVersion is not 2.0", _SHARED),
    _row("100000015 gateway", "gateway internal error", "retry", _SHARED, needs_fault=True),
    _row(
        "100000016 environment", "no production environment", "IsTest does not fit", _SHARED,
        needs_fault=True,
    ),
    _row(
        "100000017 not opened", "service not opened", "this service is not open", _SHARED,
        needs_fault=True,
    ),
    _row(CLOSED, "service not open", "cloud recording is not activated", _PAGE),
    _row(RATE, "request too frequent", "over the rate of the action", _PAGE),
    _row(INVALID, "", "a parameter is missing, ill-typed or out of range", _PAGE),
    _row("300000005 verification", "gateway verification failed", "retry", _ZH, needs_fault=True),
    _row(CONCURRENCY, "task concurrency limit", "too many live tasks", _ZH, "StartRecord"),
    _row(
        NO_TASK, "task not exist", "unknown TaskId, or begun over 3 days ago", _PAGE, *_TASK_CALLS,
    ),
    _row(STOPPED, "task already stopped", "the task has ended, however", _PAGE, *_CONTROLS),
    _row(NOT_PAUSED, "task not paused", "there is nothing to resume", _PAGE, "ResumeRecord"),
    _row("300010000 system", "system error", "retry", _PAGE, needs_fault=True),
)  # fmt: skip

BY_ID: Final = {row.id: row for row in ROWS}
