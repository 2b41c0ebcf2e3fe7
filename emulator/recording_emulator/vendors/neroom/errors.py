"""NERoom's result codes, as a client's promise is rejected with them; over HTTP the status is 200.

Source:
    Sheet §6.1 (error pages of the room and meeting server APIs) and §1.9 (the SDK's own). Where no
    text is known, it is the meaning in English, or HTTP's phrase for the number: assumed.
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_PAGES: Final = "error pages of the NERoom server API"
_TEXT: Final = "error pages of the NERoom server API; the text is assumed"
_USE: Final = "error pages of the NERoom server API; that this gets it is assumed"
_SDK: Final = "messages of the SDK itself"
_CODES: Final = "result codes of the SDK; the text is assumed"


def _row(
    code: int, text: str, when: str, source: str = _PAGES, *, needs_fault: bool = False
) -> Row:
    basis = Basis.ASSUMED if "assumed" in source else Basis.DOCUMENTED
    if source == _SDK:
        basis = Basis.OBSERVED
    return Row(f"{code} {text}", 200, code, text, when, source, basis, needs_fault=needs_fault)


def _fault(code: int, text: str, when: str, source: str = _TEXT) -> Row:
    return _row(code, text, when, source, needs_fault=True)


def _http(code: int, text: str, when: str) -> Row:
    """An answer of HTTP as much as of the API: only these have a status of their own (§6.3)."""
    return Row(f"http {code} {text}", code, code, text, when, _USE, Basis.ASSUMED)


ROWS: Final = (
    _fault(-1, "failure", "the SDK gives no other reason", _SDK),
    _row(-1, "not join roomkit", "the caller is not in the room", _SDK),
    _row(-1, "not join rtc", "the caller is not in the RTC channel", _SDK),
    _row(-1, "lack of appKey", "initialize without an appKey", _SDK),
    _row(-1, "lack of uuid", "a member is to be named and is not", _SDK),
    _row(
        -1,
        "not support",
        "parameters after joining (setting set_parameters_after_join); RTC in a room without it",
        "messages of the SDK itself; that these get it is assumed",
    ),
    _fault(-1, "params is incorrect", "the SDK's own look at parameters; ours says 400", _SDK),
    _row(102, "Need Login", "the user or token header is missing", _TEXT),
    _fault(304, "Not Modified", "a write that changes nothing"),
    _row(400, "Bad Request", "a parameter is missing or wrong"),
    _row(401, "Unauthorized", "a server call's signature is wrong or stale", _USE),
    _row(
        402,
        "Unauthorized",
        "login as somebody else than who connected; a state that is gone",
        _TEXT,
    ),
    _row(
        403, "Forbidden", "the role may not (settings record_roles, manage_roles); another appKey"
    ),
    _row(404, "Not Found", "no such user", _USE),
    _http(404, "Not Found", "no such path"),
    _http(405, "Method Not Allowed", "another method"),
    _fault(406, "Token Expired", "a token has expired, as older versions say"),
    _row(409, "Target Already Exists", "a live room has this roomUuid; a second start", _USE),
    _fault(415, "Unsupported Media Type", "a body that is no JSON"),
    _fault(500, "Internal Server Error", "the backend fails"),
    _fault(503, "Service Unavailable", "the backend is overloaded"),
    _row(800, "Record does not exist", "a stop without a recording", _USE),
    _fault(801, "Live does not exist", "a live that is none", _PAGES),
    _fault(802, "Live Stream Name", "a live's stream has another name"),
    _row(1001, "Room Not Prepared", "nobody is in the RTC channel"),
    _row(1002, "Room Role Exceed", "the template has no place left for this role"),
    _row(1003, "Room Role Undefined", "the template has no such role"),
    _row(1004, "Room Not Found", "no such room, or it has ended"),
    _row(1005, "Bad Room Config", "an unknown templateId (setting templates)"),
    _fault(1006, "Room Property Exists", "a property that is there", _PAGES),
    _row(1007, "Room Property Conflict", "the property is the backend's, or one too many", _USE),
    _fault(1008, "Seat Not Found", "seats: not modelled"),
    _fault(1009, "Seat Taken", "seats: not modelled"),
    _fault(1010, "Seat Locked", "seats: not modelled"),
    _fault(1011, "Seat Conflict", "seats: not modelled"),
    _row(1012, "Over Concurrency", "somebody else shares their screen", _TEXT),
    _row(1014, "Member Not Found", "an HTTP call of a user who is not in the room", _TEXT),
    _row(1015, "Destination Member Not Found", "the member it is about is not in the room", _TEXT),
    _row(1016, "Member Exist", "this client is in the room already"),
    _fault(1017, "Config Conflict", "configurations do not fit together"),
    _row(1019, "Room Locked", "the room is locked", _TEXT),
    _row(1020, "Bad Password", "the room has another password", _TEXT),
    _row(1022, "Member Limit", "the room is full, or the app (setting online_max)", _TEXT),
    _fault(1024, "No Permission For Share", "the role may not share its screen"),
    _fault(1026, "Token Expired", "the token has expired, as during a long meeting"),
    _row(1027, "Token Incorrect", "the token is not this user's", _TEXT),
    _fault(1041, "Captions", "captions: not modelled"),
    _fault(1501, "Request Outdated", "the operation is outdated and ignored"),
    _fault(100004, "IM Not Login", "reuseIM without a login", _CODES),
    _fault(100005, "IM Account Not Match", "reuseIM with another account", _CODES),
    _fault(110001, "Chatroom Not Exist", "seen in one build", _CODES),
    _row(600420, "Feature Not Opened", "the room was made without enableRecord", _TEXT),
    _fault(600730, "RTC Service Error", "the RTC service fails, at a start or a stop"),
)
BY_ID: Final = {row.id: row for row in ROWS}
NOT_IN_ROOM: Final = "-1 not join roomkit"
NOT_IN_RTC: Final = "-1 not join rtc"
NO_APP_KEY: Final = "-1 lack of appKey"
NO_UUID: Final = "-1 lack of uuid"
NOT_SUPPORTED: Final = "-1 not support"
LOGIN: Final = "102 Need Login"
BAD_REQUEST: Final = "400 Bad Request"
UNSIGNED: Final = "401 Unauthorized"
UNAUTHORIZED: Final = "402 Unauthorized"
FORBIDDEN: Final = "403 Forbidden"
NOT_FOUND: Final = "404 Not Found"
NO_PATH: Final = "http 404 Not Found"
WRONG_METHOD: Final = "http 405 Method Not Allowed"
EXISTS: Final = "409 Target Already Exists"
UNAVAILABLE: Final = "503 Service Unavailable"
NO_RECORD: Final = "800 Record does not exist"
NOT_PREPARED: Final = "1001 Room Not Prepared"
ROLE_FULL: Final = "1002 Room Role Exceed"
NO_ROLE: Final = "1003 Room Role Undefined"
NO_ROOM: Final = "1004 Room Not Found"
BAD_TEMPLATE: Final = "1005 Bad Room Config"
SHARED: Final = "1012 Over Concurrency"
PROPERTY: Final = "1007 Room Property Conflict"
NO_MEMBER: Final = "1014 Member Not Found"
NO_TARGET: Final = "1015 Destination Member Not Found"
IN_ROOM: Final = "1016 Member Exist"
LOCKED: Final = "1019 Room Locked"
PASSWORD: Final = "1020 Bad Password"
FULL: Final = "1022 Member Limit"
TOKEN: Final = "1027 Token Incorrect"
NOT_OPENED: Final = "600420 Feature Not Opened"
