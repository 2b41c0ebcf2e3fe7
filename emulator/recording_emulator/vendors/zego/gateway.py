"""ZEGO's gateway: the public parameters of every call, and the checks that come before its body.

The order (AppId, Timestamp, SignatureNonce, Signature, SignatureVersion, Action; then whether the
AppId is known, the time window, the signature) is assumed as a whole; so is it that of a parameter
that comes twice the first counts (``core/decoding.py``).

Source:
    Sheet §1.3 (parameters; DOC), §1.4 (signature; DOC), §1.5 (order; assumed).
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

from recording_emulator.vendors.zego import errors
from recording_emulator.vendors.zego.requests import BODIES

TOLERANCE_S: Final = 600
"""Ten minutes of error are allowed (DOC); that they count both ways is assumed."""
VERSION: Final = "2.0"
ROOT: Final = ("", "/")

Denial = tuple[str, str]
"""A row, and our hint."""

_APP: Final = re.compile(r"[0-9]{1,10}\Z")
_SECONDS: Final = re.compile(r"-?[0-9]{1,19}\Z")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{32}\Z")


def app_of(given: Mapping[str, str]) -> str:
    """Return the AppId in its normal form, or an empty text if there is none.

    >>> app_of({"AppId": "007"}), app_of({"AppId": "4294967296"}), app_of({})
    ('7', '', '')
    """
    text = given.get("AppId", "")
    if not _APP.match(text) or int(text) >= 2**32:
        return ""
    return str(int(text))


def problem(method: str, path: str, given: Mapping[str, str]) -> Denial | None:
    """Check what can be judged without knowing whose call it is."""
    if path not in ROOT:
        hint = f"every action is on /, chosen by ?Action=; v1 paths are not modelled ({path[:80]})"
        return errors.NO_ROUTE, hint
    if method not in ("GET", "POST"):
        return errors.WRONG_METHOD, "GET or POST"
    return _missing(given)


def _missing(given: Mapping[str, str]) -> Denial | None:
    if not app_of(given):
        return errors.BAD_APP, "AppId is a uint32 in the query"
    seconds = given.get("Timestamp", "")
    if not seconds:
        return errors.NO_TIMESTAMP, "Timestamp is in the query"
    if not _SECONDS.match(seconds):
        return errors.BAD_TIMESTAMP, "Timestamp is Unix seconds"
    if not given.get("SignatureNonce"):
        return errors.NO_NONCE, "SignatureNonce is in the query"
    if not given.get("Signature"):
        return errors.NO_SIGNATURE, "Signature is in the query"
    version = given.get("SignatureVersion", "")
    if version != VERSION:
        row = errors.BAD_VERSION if version else errors.NO_VERSION
        return row, f"SignatureVersion is {VERSION}"
    action = given.get("Action", "")
    if action not in BODIES:
        return errors.BAD_ACTION if action else errors.NO_ACTION, f"one of {', '.join(BODIES)}"
    return None


def signature(app: str, nonce: str, secret: str, seconds: str) -> str:
    """Sign a call: MD5 over the four texts, one behind the other, in lower-case hex.

    >>> signature("12345", "4fd24687296dd9f3", "9193cc662a4c0ec135ec71fb57194b38", "1615186943")
    '43e5cfcca828314675f91b001390566a'
    """
    text = f"{app}{nonce}{secret}{seconds}".encode("utf-8", "surrogatepass")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def stranger(given: Mapping[str, str], secret: str | None, now_ms: int) -> Denial | None:
    """Check the time window and the signature; without a secret any well-formed one will do."""
    seconds, shown = given["Timestamp"], given["Signature"]
    away_s = int(seconds) - now_ms / 1000
    if abs(away_s) > TOLERANCE_S:
        where = "ahead of" if away_s > 0 else "behind"
        hint = f"Timestamp is over {TOLERANCE_S} s {where} the server's clock; is it in seconds?"
        return errors.EXPIRED, hint
    if not _SIGNATURE.match(shown):
        return errors.BAD_SIGNATURE, "a signature is 32 lower-case hexadecimal digits"
    if secret is None:
        return None
    right = signature(given["AppId"], given["SignatureNonce"], secret, seconds)
    if not hmac.compare_digest(shown.encode(), right.encode()):
        return (
            errors.BAD_SIGNATURE,
            "expected md5(AppId + SignatureNonce + ServerSecret + Timestamp)",
        )
    return None
