"""What moves the hand: advances and waiting calls, and the deliveries it waits for."""

import asyncio
from collections import Counter
from typing import Final

import msgspec

from recording_emulator.core.timers import Timer

MAX_TIMERS: Final = 250_000
"""How many timers one advance fires before it says that something re-arms itself."""


class Until(msgspec.Struct, frozen=True):
    """The event an ``advance_until`` stops at; an empty ``room`` is any."""

    vendor: str
    event: str
    room: str = ""


class Fired(msgspec.Struct, frozen=True):
    """One thing that happened on the way: a timer that fired, or an event that was announced."""

    seq: int
    at_ms: int
    kind: str
    subject: str
    name: str
    cause: int


class Advanced(msgspec.Struct, frozen=True):
    """What an advance did: where the clock is, and what fired on the way, in order.

    ``evicted`` counts what had left the journal again before the advance returned; ``seq`` is the
    last entry of the journal at its end.
    """

    now_ms: int
    mode: str
    fired: list[Fired]
    timers: int
    evicted: int = 0
    seq: int = 0


class Want:
    """One advance, from the call to its return.

    Where it goes is ``to_ms``, or ``delta_ms`` from its own turn; ``blockers`` are the attempts
    that were out when it came, which get until ``release_at`` (loop time) to be answered. A read
    computes its reply where it ends, before anything else happens there.
    """

    __slots__ = (
        "blockers",
        "checked",
        "counts",
        "delta_ms",
        "done",
        "is_read",
        "limit",
        "release_at",
        "since",
        "target_ms",
        "to_ms",
        "until",
    )

    def __init__(
        self,
        done: "asyncio.Future[Advanced]",
        to_ms: int | None,
        delta_ms: int,
        until: Until | None,
    ) -> None:
        self.done = done
        self.to_ms = to_ms
        self.delta_ms = delta_ms
        self.until = until
        self.limit = MAX_TIMERS
        self.is_read = False
        self.target_ms = 0
        self.since = self.checked = 0
        self.counts: Counter[str] = Counter()
        self.blockers: frozenset[int] = frozenset()
        self.release_at = 0.0

    def count(self, timer: Timer) -> bool:
        """Count a fired timer; False when that was one too many."""
        self.counts[f"{timer.target.machine} {timer.name}"] += 1
        return self.counts.total() <= self.limit
