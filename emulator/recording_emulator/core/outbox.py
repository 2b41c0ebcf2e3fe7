"""The outbox: deliveries on their way to callback targets, and the schedule of their retries.

Rules: each target gets one attempt at a time, in the order of the events; a delivery that rests
until its retry lets the next one pass, or, where the vendor keeps to the order, only those of other
streams; an attempt ends once, by an answer or by its limit.
"""

from collections import deque
from enum import StrEnum
from heapq import heappop, heappush
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Facts, Input

OUTBOX: Final = "outbox"
"""The machine of the timers that deliveries have."""


class RetrySchedule(msgspec.Struct, frozen=True):
    """How a vendor retries: the wait before each retry, and how long one attempt may take.

    The wait begins with the outcome of an attempt, or, with ``is_from_request``, with the attempt
    itself; ``in_order`` holds back what follows in the same stream until a delivery has ended.
    """

    gaps_ms: tuple[int, ...]
    limit_ms: int
    is_from_request: bool = False
    in_order: bool = False


class CallbackTarget(msgspec.Struct, frozen=True, gc=False, tag="core.CallbackTarget"):
    """Where callbacks of a vendor go, how they are signed, and which (None: all events).

    A fallback gets what no other target of the vendor wants.
    """

    id: str
    vendor: str
    url: str
    secret: str
    events: tuple[str, ...] | None = None
    is_fallback: bool = False

    def wants(self, vendor: str, event: str) -> bool:
        return self.vendor == vendor and (self.events is None or event in self.events)


class Fate(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    OPEN = "open"
    RESTING = "resting"
    DELIVERED = "delivered"
    LOST = "lost"
    DROPPED = "dropped"


class Failure(StrEnum):
    """Why an attempt came back without a status."""

    TIMEOUT = "timeout"
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    CONNECTION = "connection"


class Tried(msgspec.Struct, frozen=True, gc=False, tag="core.Tried"):
    """One attempt as it went: ``outcome`` is ``open accepted sent refused failed timed_out``.

    ``failure`` says why there is no status, where there is none; ``fault`` is the effect of the
    fault that was done to it; ``claimed_ms`` is when it says it was sent.
    """

    attempt: int
    at_ms: int
    outcome: str = "open"
    status: int = 0
    ended_ms: int = 0
    why: str = ""
    failure: Failure | None = None
    fault: str = ""
    claimed_ms: int = 0


class Delivery(msgspec.Struct, frozen=True, gc=False, tag="core.Delivery"):
    """One callback's journey to one target; that of a check is made once and not retried.

    ``url`` is set where a request named the place. A signal goes to a member instead: its
    ``ordinal`` is the member's ``seq``, and it has no retry.
    """

    number: int
    target: str
    vendor: str
    event: str
    stream: str
    ordinal: int
    emitted_ms: int
    cause: int
    facts: Facts
    fate: Fate = Fate.READY
    tried: tuple[Tried, ...] = ()
    is_check: bool = False
    url: str = ""
    is_signal: bool = False


class Outgoing(msgspec.Struct, frozen=True):
    """An attempt ready to be sent: exact bytes, exact headers.

    ``is_cut_off`` means that a subscriber's or member's socket is to be closed with it; ``number``
    is the delivery's.
    """

    attempt: int
    target: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    limit_ms: int
    is_cut_off: bool = False
    number: int = 0


class Due(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Due"):
    """A resting delivery may go (again)."""

    number: int


class Overdue(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Overdue"):
    """An attempt has used up the vendor's limit."""

    attempt: int


class Outbox:
    """The deliveries of one tenant: the live ones, and the latest of the finished."""

    def __init__(self, history: int) -> None:
        self.targets: dict[str, CallbackTarget] = {}
        self.live: dict[int, Delivery] = {}
        self.ready: dict[str, deque[int]] = {}
        self.open: dict[int, int] = {}
        self.busy: dict[str, int] = {}
        self.swapped: dict[str, int] = {}
        self.blocked: dict[tuple[str, str], int] = {}
        self.finished: deque[Delivery] = deque(maxlen=history)
        self.made = 0
        self.signalled = 0
        self._line: list[tuple[int, str]] = []

    @property
    def has_ready(self) -> bool:
        """Whether an attempt could begin now."""
        return self._foremost() is not None

    @property
    def evicted(self) -> int:
        return self.made - self.signalled - len(self.live) - len(self.finished)

    @property
    def under_way(self) -> list[Delivery]:
        """Return what has not ended, in the order in which it was made."""
        return sorted(self.live.values(), key=lambda each: each.number)

    def find(self, number: int) -> Delivery | None:
        found = self.live.get(number)
        if found is not None and not found.is_signal:
            return found
        return next((each for each in self.finished if each.number == number), None)

    def every(self) -> list[Delivery]:
        """Return the callbacks that are kept, in the order in which they were made."""
        live = (each for each in self.live.values() if not each.is_signal)
        return sorted([*self.finished, *live], key=lambda each: each.number)

    def wants(self, vendor: str, event: str) -> bool:
        return any(target.wants(vendor, event) for target in self.targets.values())

    def receivers(self, vendor: str, event: str) -> list[CallbackTarget]:
        """Return the targets that an event goes to."""
        found = [each for each in self.targets.values() if each.wants(vendor, event)]
        real = [each for each in found if not each.is_fallback]
        return real or found

    def add(self, delivery: Delivery) -> None:
        self.made += 1
        self.update(delivery)

    def update(self, delivery: Delivery, **changes: Any) -> Delivery:
        """Keep a delivery as it is now, in the queue or history its fate calls for."""
        if changes:
            delivery = msgspec.structs.replace(delivery, **changes)
        if delivery.fate in (Fate.DELIVERED, Fate.LOST, Fate.DROPPED):
            self.live.pop(delivery.number, None)
            if delivery.is_signal:
                self.signalled += 1
            else:
                self.finished.append(delivery)
            if self.blocked.get((delivery.target, delivery.stream)) == delivery.number:
                del self.blocked[delivery.target, delivery.stream]
                self.line_up(delivery.target)
            return delivery
        self.live[delivery.number] = delivery
        if delivery.fate is Fate.READY:
            self.ready.setdefault(delivery.target, deque()).append(delivery.number)
            self.line_up(delivery.target)
        return delivery

    def next_ready(self) -> Delivery | None:
        """Take the earliest delivery whose target has no attempt open."""
        foremost = self._foremost()
        if foremost is None:
            return None
        number, target = foremost
        queue = self.ready[target]
        queue.remove(number)
        if queue:
            self.line_up(target)
        else:
            del self.ready[target]
        return self.live[number]

    def line_up(self, target: str) -> None:
        """Have a target stand in line with the first delivery it may get now, if there is one.

        Called wherever that may have changed: the line can hold what is no longer so, but lacks
        nothing that is.
        """
        number = self._first(target)
        if number is not None:
            heappush(self._line, (number, target))

    def _foremost(self) -> tuple[int, str] | None:
        """Return the earliest delivery that may go, and where to."""
        line = self._line
        while line:
            number, target = line[0]
            if self._first(target) == number:
                return line[0]
            heappop(line)
        return None

    def block(self, delivery: Delivery) -> None:
        """Hold back what follows a delivery in its stream, until it has ended."""
        self.blocked[delivery.target, delivery.stream] = delivery.number

    def _first(self, target: str) -> int | None:
        """Return the first delivery that a target may get now."""
        queue = self.ready.get(target)
        if not queue or target in self.busy:
            return None
        if not self.blocked:
            return queue[0]
        for number in queue:
            if self.blocked.get((target, self.live[number].stream), number) == number:
                return number
        return None

    def begin(
        self, delivery: Delivery, attempt: int, now_ms: int, fault: str = "", stale_ms: int = 0
    ) -> Delivery:
        self.open[attempt] = delivery.number
        self.busy[delivery.target] = attempt
        begun = Tried(attempt, now_ms, fault=fault, claimed_ms=now_ms - stale_ms)
        tried = (*delivery.tried, begun)
        return self.update(delivery, fate=Fate.OPEN, tried=tried)

    def close(self, attempt: int) -> Delivery | None:
        """End an open attempt, which frees its target; None if it has ended already."""
        number = self.open.pop(attempt, None)
        if number is None:
            return None
        delivery = self.live[number]
        self.free(delivery.target, attempt)
        return delivery

    def free(self, target: str, attempt: int) -> None:
        if self.busy.get(target) == attempt:
            del self.busy[target]
            self.line_up(target)
