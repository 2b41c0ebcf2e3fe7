"""Durations as people write them in a scenario: ``250ms``, ``5s``, ``90m``, ``2h``, ``1h30m``."""

import re
from typing import Final

UNITS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
PATTERN: Final = r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"
SIGNED_PATTERN: Final = r"^-?(\d+(\.\d+)?(ms|s|m|h|d))+$"
EXPECTED: Final = "a duration such as 250ms, 5s, 90m, 2h or 1h30m"
LONGEST_MS: Final = 31_536_000_000
"""A year: nothing a recorder does takes longer."""

_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def parse(text: str) -> int:
    """Read a duration, in milliseconds.

    Raises:
        ValueError: If it is none, or longer than a year.

    >>> parse("1h30m"), parse("250ms"), parse("-5m"), parse("1.5s")
    (5400000, 250, -300000, 1500)
    """
    if not re.match(SIGNED_PATTERN, text):
        raise ValueError(EXPECTED)
    parts = _PART.findall(text)
    total_ms = round(sum(float(number) * UNITS[unit] for number, unit in parts))
    if total_ms > LONGEST_MS:
        raise ValueError("a duration of at most a year (365d)")
    return -total_ms if text.startswith("-") else total_ms
