"""Tenant time: integer milliseconds since the Unix epoch, and how it is written down.

The calendar is computed here because the core may not import a module that can read a real clock.
"""

from typing import Final

MANUAL_EPOCH_MS: Final = 1_893_456_000_000
"""2030-01-01T00:00:00Z, where manual and auto clocks start unless they are set."""

_DAY_MS: Final = 86_400_000
_STAMP: Final = 17


def _civil(days: int) -> tuple[int, int, int]:
    """Turn days since 1970-01-01 into (year, month, day), proleptic Gregorian.

    Source:
        Counted in 400-year eras of 146,097 days that begin on 1 March.
    """
    shifted = days + 719_468
    era, day_of_era = divmod(shifted, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_index = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_index + 2) // 5 + 1
    month = month_index + 3 if month_index < 10 else month_index - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def _days(year: int, month: int, day: int) -> int:
    """Turn (year, month, day) into days since 1970-01-01: the reverse of ``_civil``."""
    era, year_of_era = divmod(year - (month <= 2), 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    leaps = year_of_era // 4 - year_of_era // 100
    return era * 146_097 + year_of_era * 365 + leaps + day_of_year - 719_468


def utc_stamp(at_ms: int) -> str:
    """Write an instant as 17 digits, YYYYMMDDHHMMSSmmm, in UTC.

    >>> utc_stamp(1_893_456_000_007)
    '20300101000000007'
    """
    days, rest = divmod(at_ms, _DAY_MS)
    year, month, day = _civil(days)
    seconds, millis = divmod(rest, 1000)
    return (
        f"{year:04}{month:02}{day:02}"
        f"{seconds // 3600:02}{seconds // 60 % 60:02}{seconds % 60:02}{millis:03}"
    )


def of_stamp(text: str) -> int | None:
    """Read an instant from its stamp; None if no instant is written so.

    >>> of_stamp("20300101000000007"), of_stamp("20300231000000000"), of_stamp("7")
    (1893456000007, None, None)
    """
    if not (_STAMP <= len(text) < 2 * _STAMP and text.isascii() and text.isdigit()):
        return None
    year, rest = int(text[:-13]), text[-13:]
    month, day, hour, minute, second = (int(rest[at : at + 2]) for at in range(0, 10, 2))
    days = _days(year, month, day)
    at_ms = days * _DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + int(rest[10:])
    return at_ms if utc_stamp(at_ms) == text else None


def iso(at_ms: int) -> str:
    """Write an instant as people read it, in UTC.

    >>> iso(1_709_164_800_250)
    '2024-02-29T00:00:00.250Z'
    """
    stamp = utc_stamp(at_ms)
    return (
        f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T"
        f"{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}.{stamp[14:]}Z"
    )


def span(delta_ms: int) -> str:
    """Write a duration the short way people say it.

    >>> span(90_061_500), span(250), span(0)
    ('25h 1m 1.5s', '250ms', '0s')
    """
    if 0 < delta_ms < 1000:
        return f"{delta_ms}ms"
    hours, rest = divmod(delta_ms, 3_600_000)
    minutes, millis = divmod(rest, 60_000)
    parts = [f"{hours}h"] * (hours > 0) + [f"{minutes}m"] * (minutes > 0)
    if millis or not parts:
        parts.append(f"{millis / 1000:g}s")
    return " ".join(parts)
