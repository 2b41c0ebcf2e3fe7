"""NERTC's error codes; they stand in the body of an HTTP 200, as NERoom's do.

Source:
    Sheet §6.2 (NERTC 调用方式, support articles; golang server SDK for the envelope) and §6.3 for
    the status. No page gives the texts: they are assumed, but that 414 names the field and that a
    closed room is ``room not found``.
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row
from recording_emulator.vendors.neroom.nertc import paths

_PAGES: Final = "NERTC 调用方式, error codes"
_SUPPORT: Final = "support articles of NetEase"
_HEADERS: Final = "no page says what a wrong signature is answered: assumed"


def _row(
    code: int,
    reason: str,
    when: str,
    source: str,
    basis: Basis,
    *,
    text: str | None = None,
    http: int = 200,
    needs_fault: bool = False,
) -> Row:
    said = reason if text is None else text
    row = f"NERTC {code} {reason}"
    return Row(row, http, code, said, when, source, basis, OPERATIONS, needs_fault)


OPERATIONS: Final = tuple(each.name for each in paths.OPERATIONS)
HEADERS: Final = ("AppKey", "Nonce", "CurTime", "CheckSum")
ROWS: Final = (
    _row(404, "room not found", "nobody is in the channel, or it has closed", _SUPPORT,
         Basis.DOCUMENTED),
    _row(404, "task not found", "no such task is under way in the channel", "assumed",
         Basis.ASSUMED),
    _row(414, "parameter", "a parameter is missing or wrong; errmsg names it", _SUPPORT,
         Basis.DOCUMENTED, text=""),
    _row(414, "task exists", "the channel is being recorded", "assumed", Basis.ASSUMED),
    _row(414, "record API mixed", "the older record call and cloudrecord meet in one channel",
         "that they must not is documented; the answer is assumed", Basis.ASSUMED),
    *(
        _row(414, f"header {name}", f"the header {name} is missing or wrong", _HEADERS,
             Basis.ASSUMED, text=f"invalid header: {name}")
        for name in HEADERS
    ),
    _row(403, "forbidden", "the AppKey is nobody's", "assumed, as NERoom's", Basis.ASSUMED),
    _row(429, "too many requests", "more than 50 calls in a second", _PAGES, Basis.DOCUMENTED),
    _row(500, "internal error", "the tenant holds as many live things as it may",
         "the code is assumed", Basis.ASSUMED),
    _row(404, "no such path", "the path is none of this API's", "sheet §6.3, assumed",
         Basis.ASSUMED, http=404),
    _row(405, "method not allowed", "the path has other methods", "sheet §6.3, assumed",
         Basis.ASSUMED, http=405),
)  # fmt: skip
"""Where a code has several rows, the first is what the bare code means."""
BY_ID: Final = {row.id: row for row in ROWS}
FORBIDDEN: Final = "NERTC 403 forbidden"
NO_PATH: Final = "NERTC 404 no such path"
NO_METHOD: Final = "NERTC 405 method not allowed"
NO_ROOM: Final = "NERTC 404 room not found"
NO_TASK: Final = "NERTC 404 task not found"
PARAMETER: Final = "NERTC 414 parameter"
EXISTS: Final = "NERTC 414 task exists"
MIXED: Final = "NERTC 414 record API mixed"
RATE: Final = "NERTC 429 too many requests"
INTERNAL: Final = "NERTC 500 internal error"


def header(name: str) -> str:
    """Return the row that names a header.

    >>> header("Nonce") in BY_ID
    True
    """
    return f"NERTC 414 header {name}"
