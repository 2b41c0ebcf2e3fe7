"""What NetEase's products share: the AppKey, how a call and a message copy are signed.

NERoom, NERTC, netcall and the video store (点播, ``vod.py``) sign alike.
Calls and copies differ in the order of what is hashed and in the unit of ``CurTime``: three rules
that are easily mixed up, so each has its own name here and its own test vector.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from recording_emulator.core import ids

SKEW_S: Final = 300
"""``CurTime`` must lie within 5 minutes of the server's time.

Source:
    NERoom 请求结构, NERTC 调用方式 (sheet neroom §2.2).
"""
MAX_NONCE: Final = 128
NO_BODY_MD5: Final = "d41d8cd98f00b204e9800998ecf8427e"
EMPTY_MD5: Final = "99914b932bd37a50b983c5e7c90ae93b"
"""What the console's probe of an address carries: an empty body, or ``{}`` (sheets)."""


# --- the account ----------------------------------------------------------------------------------


def credentials(tenant: str) -> dict[str, str]:
    """Derive the AppKey of a tenant and its secret, which signs copies, too: one for all products.

    Source:
        Sheets neroom §2.2 and §4.1, netcall §1.5.
    """

    def derived(kind: str) -> str:
        return ids.derive(0, f"netease.{kind}", tenant, 0, 16).hex()

    secret = derived("app_secret")
    return {"app_key": derived("app_key"), "app_secret": secret, "callback_secret": secret}


def keys(app_key: str) -> tuple[tuple[str, str, str], ...]:
    """Return the keys by which an AppKey finds its tenant."""
    return (("netease", "app_key", app_key),)


# --- calls ----------------------------------------------------------------------------------------


def call_checksum(secret: str, nonce: str, cur_time: str) -> str:
    """Sign a REST call: SHA-1 of AppSecret + Nonce + CurTime, in lowercase hex.

    Source:
        NERoom 请求结构, NERTC 调用方式, VOD (sheets neroom §2.2, netcall §6).

    >>> call_checksum("f00dfeedc0de", "9a1c3e", "1767225600")
    '4bbb0effd2f89055412524502ce8372de459c9cf'
    """
    return _sha1(secret + nonce + cur_time)


def signed_call(app_key: str, secret: str, nonce: str, wall_ms: int) -> dict[str, str]:
    """Return the headers of a REST call; ``CurTime`` is in seconds."""
    cur_time = str(wall_ms // 1000)
    return {
        "AppKey": app_key,
        "Nonce": nonce,
        "CurTime": cur_time,
        "CheckSum": call_checksum(secret, nonce, cur_time),
    }


class Signed(msgspec.Struct, frozen=True):
    """The signature of a call as it came; what is missing is empty."""

    app_key: str
    nonce: str
    cur_time: str
    checksum: str


def read_signature(headers: Mapping[bytes, bytes]) -> Signed:
    """Read the four headers; their names are case-insensitive, and lowercase in ``headers``."""
    names = (b"appkey", b"nonce", b"curtime", b"checksum")
    return Signed(*(headers.get(name, b"").decode("latin-1").strip() for name in names))


def wrong_with_call(
    signed: Signed,
    secret: str,
    wall_ms: int,
    *,
    takes_ms: bool,
    skew_s: int = SKEW_S,
    checks_sum: bool = True,
) -> str:
    """Say what is wrong with a signature, naming the header, or return an empty text.

    Args:
        signed: What came.
        secret: The AppSecret.
        wall_ms: The backend's time.
        takes_ms: Whether a ``CurTime`` of 13 digits is taken as milliseconds.
        skew_s: By how much ``CurTime`` may be off.
        checks_sum: Whether the CheckSum must be right; it must be there in any case.

    Source:
        The limits: sheet neroom §2.2. That the education line documents milliseconds: the same.
    """
    if not 0 < len(signed.nonce) <= MAX_NONCE:
        return f"Nonce: 1 to {MAX_NONCE} characters, not {len(signed.nonce)}"
    text = signed.cur_time
    if not (text.isascii() and text.isdigit() and len(text) <= 13):
        return f"CurTime: seconds since 1970 in digits, not {text[:40]!r}"
    is_ms = len(text) == 13
    if is_ms and not takes_ms:
        return "CurTime: seconds since 1970, not milliseconds"
    seconds = int(text) // 1000 if is_ms else int(text)
    off_s = seconds - wall_ms // 1000
    if abs(off_s) > skew_s:
        return f"CurTime: {abs(off_s)} s {'ahead' if off_s > 0 else 'behind'}, at most {skew_s}"
    if not signed.checksum:
        return "CheckSum: missing"
    expected = call_checksum(secret, signed.nonce, text)
    if checks_sum and not _is_same(expected, signed.checksum.lower()):
        return "CheckSum: not SHA1(AppSecret + Nonce + CurTime)"
    return ""


# --- message copies (消息抄送) --------------------------------------------------------------------


def body_md5(body: bytes) -> str:
    """Return the MD5 of a copy's exact bytes, in lowercase hex.

    >>> body_md5(b"{}") == EMPTY_MD5, body_md5(b"") == NO_BODY_MD5
    (True, True)
    """
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def copy_checksum(secret: str, md5: str, cur_time: str) -> str:
    """Sign a message copy: SHA-1 of AppSecret + MD5 + CurTime, in lowercase hex.

    Source:
        开通和配置消息抄送 (sheets neroom §4.1, netcall §1.5).

    >>> copy_checksum("test-secret-0001", EMPTY_MD5, "1700000031000")
    '702a4a690318f86eb10c071ac68270e021fbab6f'
    """
    return _sha1(secret + md5 + cur_time)


def edu_checksum(secret: str, nonce: str, cur_time: str, md5: str) -> str:
    """Sign a message copy as the education line does: AppSecret + Nonce + CurTime + MD5.

    Source:
        WisdomEducation events.md (sheet neroom §4.1).
    """
    return _sha1(secret + nonce + cur_time + md5)


def copy_headers(
    app_key: str, secret: str, body: bytes, now_ms: int, *, nonce: str = ""
) -> tuple[tuple[str, str], ...]:
    """Return the headers that sign a message copy; ``CurTime`` is in milliseconds.

    With a ``nonce`` they are those of the education line, which sends no MD5.

    Source:
        Sheets neroom §4.1, netcall §1.5.
    """
    cur_time, md5 = str(now_ms), body_md5(body)
    if nonce:
        signed = ("CheckSum", edu_checksum(secret, nonce, cur_time, md5))
        return (("AppKey", app_key), ("CurTime", cur_time), ("Nonce", nonce), signed)
    signed = ("CheckSum", copy_checksum(secret, md5, cur_time))
    return (("AppKey", app_key), ("CurTime", cur_time), ("MD5", md5), signed)


class Notice(msgspec.Struct, frozen=True):
    """As much of a message copy as tells what it is; a number where RTC itself sends it."""

    eventType: str | int  # noqa: N815 - the wire's name


def read_copy(
    headers: Mapping[str, str], body: bytes, secret: str, kind: type[Notice] = Notice
) -> tuple[int | str, str]:
    """Read a message copy: its event, empty if unreadable, and what is wrong with it."""
    try:
        notice = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return "", f"not a copy: {error}"
    return notice.eventType, wrong_with_copy(headers, body, secret)


def wrong_with_copy(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """Judge a message copy as a receiver should, or return an empty text.

    The MD5 is worked out from the bytes, not taken from the header.
    """
    own = {name.lower(): value for name, value in headers.items()}
    md5, cur_time = body_md5(body), own.get("curtime", "")
    if "nonce" in own:
        expected = edu_checksum(secret, own["nonce"], cur_time, md5)
    elif own.get("md5", "").lower() != md5:
        return "MD5 is not that of the body"
    else:
        expected = copy_checksum(secret, md5, cur_time)
    is_right = _is_same(expected, own.get("checksum", "").lower())
    return "" if is_right else "CheckSum does not fit the body"


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())
