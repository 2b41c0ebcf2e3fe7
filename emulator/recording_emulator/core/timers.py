"""Timers: records of what is due, fired in ``(due_ms, sequence)`` order.

A target has at most one timer of a name: arming it again moves it. Cancelled records stay in the
heap until they surface, so that arming and cancelling cost the same however many timers live.
"""

import heapq
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from recording_emulator.core.machine import Input, Target


class Tempo(StrEnum):
    """How a timer behaves where the clock moves by itself (mode ``auto``)."""

    SHORT = "short"
    """Start-up, shutdown, upload, retry: fires as soon as nothing is in flight."""
    LONG = "long"
    """An idle limit, a slice end, a postponed step: a read of the task moves the clock to it."""
    PERIODIC = "periodic"
    """Comes again and again: fires on the way to something else, never a destination."""
    EXPIRY = "expiry"
    """The end of something unused: the clock never crosses it unless told to."""


class Timer(msgspec.Struct, frozen=True, gc=False, tag="core.Timer"):
    """One thing that is due: at ``due_ms``, ``target`` is told ``given``."""

    due_ms: int
    sequence: int
    target: Target
    name: str
    given: Input
    tempo: Tempo
    cause: int


class Timers:
    """The timers of one tenant."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Timer]] = []
        self._live: dict[tuple[Target, str], Timer] = {}

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Timer]:
        """Iterate the live timers in the order in which they will fire."""
        return iter(sorted(self._live.values(), key=lambda timer: (timer.due_ms, timer.sequence)))

    def arm(self, timer: Timer) -> None:
        self._live[timer.target, timer.name] = timer
        heapq.heappush(self._heap, (timer.due_ms, timer.sequence, timer))
        if len(self._heap) > 64 and len(self._heap) > 2 * len(self._live):
            self._heap = [(each.due_ms, each.sequence, each) for each in self._live.values()]
            heapq.heapify(self._heap)

    def cancel(self, target: Target, name: str) -> None:
        self._live.pop((target, name), None)

    def peek(self) -> Timer | None:
        """Return the timer that fires next, or None."""
        heap = self._heap
        while heap:
            timer = heap[0][2]
            if self._live.get((timer.target, timer.name)) is timer:
                return timer
            heapq.heappop(heap)
        return None

    def pop(self) -> Timer:
        """Take the next timer out.

        Raises:
            IndexError: If none is armed.
        """
        timer = self.peek()
        if timer is None:
            raise IndexError("no timer is armed")
        heapq.heappop(self._heap)
        del self._live[timer.target, timer.name]
        return timer

    def of(self, target: Target) -> list[Timer]:
        """Return the live timers of one target, soonest first (a look, not a hot path)."""
        return [timer for timer in self if timer.target == target]
