"""NERoom's result codes, as a client's promise is rejected with them.

Source:
    Sheet §6.1 (error pages of the room and meeting server APIs) and §1.9 (the SDK's own).
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_PAGES: Final = "error pages of the NERoom server API"
_SDK: Final = "messages of the SDK itself"


def _row(
    code: int, text: str, when: str, source: str = _PAGES, basis: Basis = Basis.DOCUMENTED
) -> Row:
    return Row(f"{code} {text}", 200, code, text, when, source, basis)


ROWS: Final = (
    _row(-1, "not join roomkit", "the caller is not in the room", _SDK, Basis.OBSERVED),
    _row(-1, "not join rtc", "the caller is not in the RTC channel", _SDK, Basis.OBSERVED),
    _row(400, "Bad Request", "a parameter is missing or wrong"),
    _row(403, "Forbidden", "the role may not record (setting record_roles)"),
    _row(
        409,
        "Target Already Exists",
        "a live room has this roomUuid; or it is being recorded",
        "the code is documented; that a second start gets it is assumed",
        Basis.ASSUMED,
    ),
    _row(
        800,
        "Record does not exist",
        "a stop without a recording",
        "the code is documented; that this stop gets it is assumed",
        Basis.ASSUMED,
    ),
    _row(1001, "Room Not Prepared", "nobody is in the RTC channel"),
    _row(1004, "Room Not Found", "no such room, or it has ended"),
    _row(1016, "Member Exist", "this client is in the room already"),
    _row(
        1020,
        "Bad Password",
        "the room has another password",
        "the code is documented; its text is assumed",
        Basis.ASSUMED,
    ),
    _row(
        1027,
        "Token Incorrect",
        "the connection's token is not this user's",
        "the code is documented; its text is assumed",
        Basis.ASSUMED,
    ),
    _row(
        600420,
        "Feature Not Opened",
        "the room was made without enableRecord",
        "the code is documented; its text is assumed",
        Basis.ASSUMED,
    ),
)
BY_ID: Final = {row.id: row for row in ROWS}
NOT_IN_ROOM: Final = "-1 not join roomkit"
NOT_IN_RTC: Final = "-1 not join rtc"
BAD_REQUEST: Final = "400 Bad Request"
FORBIDDEN: Final = "403 Forbidden"
EXISTS: Final = "409 Target Already Exists"
NO_RECORD: Final = "800 Record does not exist"
NOT_PREPARED: Final = "1001 Room Not Prepared"
NO_ROOM: Final = "1004 Room Not Found"
IN_ROOM: Final = "1016 Member Exist"
PASSWORD: Final = "1020 Bad Password"
TOKEN: Final = "1027 Token Incorrect"
NOT_OPENED: Final = "600420 Feature Not Opened"
