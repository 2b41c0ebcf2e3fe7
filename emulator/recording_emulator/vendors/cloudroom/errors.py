"""CloudRoom's codes: of its SDKs, of their recording events, and of the HTTP API.

The SDKs' codes have no operation of their own: most are told by events. A row's ``text`` is the
``errDesc`` of it; of these only that of 907 has been seen, all others are assumed.

Source:
    Sheet §5 (CRVIDEOSDK_ERR_DEF), §3.5 (what the JavaScript SDKs make of the server's own codes),
    §6.1 and §6.2 (RspCode).
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_DOC: Final = Basis.DOCUMENTED
_SEEN: Final = Basis.OBSERVED
_CODES: Final = "CRVIDEOSDK_ERR_DEF; that it is told here, and its text, assumed"
_OPEN: Final = "CRVIDEOSDK_ERR_DEF; the text assumed"

Q: Final = "netDisk/query"
DELETE: Final = "netDisk/delete"
UPLOAD: Final = "netDisk/upload"
ROOM_CALLS: Final = (
    "room/create", "room/delete", "room/onlineUsersNum/query", "room/onlineMembers/query",
)  # fmt: skip
HTTP_CALLS: Final = (Q, DELETE, UPLOAD, *ROOM_CALLS)


def _sdk(
    code: int, name: str, when: str, text: str = "", *, source: str = _CODES, fault: bool = False
) -> Row:
    basis = Basis.ASSUMED if "assumed" in source else _SEEN
    told = text or name.lower().replace("_", " ")
    return Row(f"{code} {name}", 200, code, told, when, source, basis, (), fault)


def _api(
    row_id: str, text: str, when: str, *operations: str, source: str = "webapi", fault: bool = False
) -> Row:
    code = int(row_id.split(" ")[1])
    basis = Basis.ASSUMED if "assumed" in source else _DOC
    return Row(row_id, 200, code, text, when, source, basis, operations or HTTP_CALLS, fault)


NO_ROUTE: Final = "not found"
FORBIDDEN: Final = "RspCode 1 no API permission"
NO_ACCOUNT: Final = "RspCode 2 account does not exist"
BAD_SECRET: Final = "RspCode 3 wrong secret"
NO_PARAMETERS: Final = "RspCode 4 parameters not received"
UNKNOWN: Final = "RspCode 5 unknown error"
MISSING: Final = "RspCode 6 parameter missing"
BAD_TYPE: Final = "netDisk/upload 6 wrong type"
TOO_LARGE: Final = "netDisk/upload 7 too large"
EXISTS: Final = "netDisk/upload 9 exists"
NO_CAPACITY: Final = "netDisk/upload 10 no capacity"
NO_SUFFIX: Final = "netDisk/upload 11 no suffix"
UNSETTLED: Final = "unsettled"
THROWN: Final = "TypeError"

API: Final = (
    Row(NO_ROUTE, 404, None, NO_ROUTE, "no such path", "ours, assumed", Basis.ASSUMED, HTTP_CALLS),
    _api(FORBIDDEN, "no permission", "the account may not use the API (setting api_open)"),
    _api(NO_ACCOUNT, "account does not exist", "unknown CompID, or AppId of a JSONP query"),
    _api(BAD_SECRET, "secret error", "SecretKey is another"),
    _api(NO_PARAMETERS, "parameters not received", "no JSON object, or a field of it is wrong"),
    _api(
        UNKNOWN, "unknown error", "no such file or room", DELETE, *ROOM_CALLS,
        source="webapi; that these get it is assumed",
    ),
    _api(MISSING, "required parameter missing", "no RoomId", *ROOM_CALLS),
    _api(BAD_TYPE, "type error", "a file that is no MP4", UPLOAD),
    _api(TOO_LARGE, "file too large", "over 500 MB, or over what this server takes", UPLOAD),
    _api("netDisk/upload 8 stream", "read stream failed", "the file is cut", UPLOAD, fault=True),
    _api(EXISTS, "file exists", "the net disk has this path", UPLOAD),
    _api(NO_CAPACITY, "no capacity", "the net disk is full", UPLOAD),
    _api(NO_SUFFIX, "file name has no suffix", "a FileName without a suffix", UPLOAD),
)  # fmt: skip

SDK: Final = (
    Row(
        UNSETTLED, 200, None, "", "an update of no mixer, or outside of a room: the web SDK's "
        "promise never settles", "web SDK", _SEEN, ("updateCloudMixerContent",),
    ),
    Row(
        THROWN, 200, None, "Cannot read properties of undefined",
        "a layout that is not there, or a camera without camid: the mini-app SDK throws",
        "mini-app SDK; the message assumed", Basis.ASSUMED,
    ),
    _sdk(1, "UNKNOWNERR", "a mixer names somebody who is not there (web), or one is created "
         "outside of a room (mini)", "unknown error", source="web and mini-app SDK"),
    _sdk(3, "INNER_ERR", "the server fails", fault=True),
    _sdk(5, "PARAM_ERR", "a parameter, or a member of cfg, is wrong", source=_OPEN),
    _sdk(6, "ERR_DATA", "data that is no data", fault=True),
    _sdk(7, "ANCTPSWD_ERR", "AppID or secret is another", source=_OPEN),
    _sdk(8, "SERVER_EXCEPTION", "the server fails", fault=True),
    _sdk(10, "KICKOUT_BY_RELOGIN", "the user has entered the room on another device"),
    _sdk(11, "NOT_INIT", "the SDK is not initialised", fault=True),
    _sdk(12, "NOT_LOGIN", "nobody is logged in", fault=True),
    _sdk(23, "API_NO_PERMISSION", "the account may not do this", fault=True),
    _sdk(24, "ACCOUNT_EXPIRED", "the account has expired (setting account)"),
    _sdk(202, "NOSERVER_RSP", "no answer", fault=True),
    _sdk(205, "SOCKETTIMEOUT", "no answer in time", fault=True),
    _sdk(207, "CONNECTIONLOST", "the connection is lost", fault=True),
    _sdk(605, "PEER_NOT_FOUND", "kickout of somebody who is not there"),
    _sdk(800, "MEETNOTEXIST", "no such room, or it is destroyed", source=_OPEN),
    _sdk(802, "MEMBEROVERFLOWERROR", "the room is full (setting max_members)", source=_OPEN),
    _sdk(803, "RESOURCEALLOCATEERROR", "the tenant is full (live_limit)"),
    _sdk(805, "BALANCELESSERROR", "no balance (setting account)"),
    _sdk(806, "SEVICE_NOTENABLED", "recording is not enabled (setting account)", source=_OPEN),
    _sdk(807, "ALREADYLOGIN", "this client is in a room already", source=_OPEN),
    _sdk(817, "NOT_INMEETING", "the caller is in no room", source=_OPEN),
    _sdk(900, "CATCH_SCREEN_ERR", "the picture cannot be taken", fault=True),
    _sdk(901, "RECORD_MAX", "a mixer has run for 8 h", source=_OPEN),
    _sdk(902, "RECORD_NO_DISK", "no space: what the JavaScript SDKs say for 908"),
    _sdk(903, "RECORD_SIZE_ERR", "a canvas over max_pixels, on native"),
    _sdk(904, "CFG_RESTRICTED", "frame rate, bit rate, quality or canvas out of range"),
    _sdk(905, "FILE_ERR", "the file cannot be written: what the JavaScript SDKs say for 1503"),
    _sdk(906, "RECORDSTARTED", "of the older, single recorder", fault=True),
    _sdk(907, "NOMORE_MCU", "over max_mixers", "too many cloud records",
         source="CRVIDEOSDK_ERR_DEF; the text: Electron demo"),
    _sdk(908, "SVRRECORD_SPACE_FULL", "the net disk is full (setting quota_bytes)"),
    _sdk(1202, "RECORDFILE_UPLOAD_FAILED", "an upload fails, on native", fault=True),
    _sdk(1500, "NETDISK_NOT_EXIST", "no net disk", fault=True),
    _sdk(1501, "NETDISK_PERMISSIONDENIED", "no access to the net disk", fault=True),
    _sdk(1502, "NETDISK_INVALIDFILENAME", "a name that is none", fault=True),
    _sdk(1503, "NETDISK_FILEALREADYEXISTS", "the path is taken (setting path_conflict)"),
    _sdk(1507, "NETDISK_NOSPACE", "the net disk is full", fault=True),
)  # fmt: skip
ROWS: Final = (*API, *SDK)
BY_ID: Final = {row.id: row for row in ROWS}
BY_CODE: Final = {row.code: row for row in SDK if row.code is not None}

OK: Final = 0
UNKNOWNERR: Final = 1
PARAM: Final = 5
APPID: Final = 7
RELOGIN: Final = 10
EXPIRED: Final = 24
NOT_FOUND: Final = 605
NO_ROOM: Final = 800
ROOM_FULL: Final = 802
NO_RESOURCES: Final = 803
NO_BALANCE: Final = 805
NOT_ENABLED: Final = 806
IN_ROOM: Final = 807
NOT_IN_ROOM: Final = 817
TOO_LONG: Final = 901
TOO_BIG: Final = 903
RESTRICTED: Final = 904
FILE: Final = 905
NO_LICENCE: Final = 907
SPACE_FULL: Final = 908
UPLOAD_FAILED: Final = 1202
PATH_TAKEN: Final = 1503

IN_JAVASCRIPT: Final = {903: 904, 906: 1, 908: 902, 1202: 905, 1503: 905}
"""What the JavaScript SDKs tell instead: their table of the recorder's own codes has no others."""
RAW: Final = {0: 0, 1: 900, 2: 901, 3: 902, 4: 1, 5: 5, 6: 904, 7: 5, 8: 5, 9: 905, 200: 907}
"""The recorder's own codes as the JavaScript SDKs translate them."""


def row_of(code: int) -> str:
    """Return the row of an SDK's code, or an empty text where it is no error.

    >>> row_of(907), row_of(0)
    ('907 NOMORE_MCU', '')
    """
    return BY_CODE[code].id if code in BY_CODE else ""


def code_of(row: str) -> int:
    """Return the code of an SDK's row, 1 where it has none.

    >>> code_of("907 NOMORE_MCU"), code_of("TypeError")
    (907, 1)
    """
    return BY_ID[row].code or UNKNOWNERR


def text_of(code: int) -> str:
    return BY_CODE[code].text if code in BY_CODE else ""


def heard_as(code: int, profile: str) -> int:
    """Return a code as a profile's SDK tells it in recording events.

    >>> heard_as(908, "native"), heard_as(908, "web"), heard_as(907, "mini")
    (908, 902, 907)
    """
    return code if profile == "native" else IN_JAVASCRIPT.get(code, code)
