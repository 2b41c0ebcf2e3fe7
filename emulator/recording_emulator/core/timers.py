"""Timers: records of what is due, fired in ``(due_ms, sequence)`` order.

A target has at most one timer of a name: arming it again moves it. Cancelled records stay in the
heap until they surface, so that arming and cancelling cost the same however many timers live.
"""

import heapq
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

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


Heap: TypeAlias = list[tuple[int, int, Timer]]


class Timers:
    """The timers of one tenant.

    Mode ``auto`` also asks by tempo and by key. What answers it is made at the first such question
    and kept up from then on; the other modes do without.
    """

    def __init__(self) -> None:
        self._heap: Heap = []
        self._live: dict[tuple[Target, str], Timer] = {}
        self._by_tempo: dict[Tempo, Heap] = {}
        self._by_key: dict[str, dict[tuple[Target, str], Timer]] | None = None

    def __len__(self) -> int:
        return len(self._live)

    def __iter__(self) -> Iterator[Timer]:
        """Iterate the live timers in the order in which they will fire."""
        return iter(sorted(self._live.values(), key=lambda timer: (timer.due_ms, timer.sequence)))

    def arm(self, timer: Timer) -> None:
        named = timer.target, timer.name
        self._live[named] = timer
        self._push(self._heap, timer)
        if self._by_tempo and timer.tempo in self._by_tempo:
            self._push(self._by_tempo[timer.tempo], timer)
        if self._by_key is not None:
            self._by_key.setdefault(timer.target.key, {})[named] = timer

    def cancel(self, target: Target, name: str) -> None:
        if self._live.pop((target, name), None) is not None and self._by_key is not None:
            self._forget(self._by_key, target, name)

    def peek(self) -> Timer | None:
        """Return the timer that fires next, or None."""
        return self._top(self._heap)

    def pop(self) -> Timer:
        """Take the next timer out.

        Raises:
            IndexError: If none is armed.
        """
        timer = self.peek()
        if timer is None:
            raise IndexError("no timer is armed")
        heapq.heappop(self._heap)
        self.cancel(timer.target, timer.name)
        return timer

    def soonest(self, tempo: Tempo) -> Timer | None:
        """Return the timer of one tempo that fires next, or None."""
        heap = self._by_tempo.get(tempo)
        if heap is None:
            heap = [(t.due_ms, t.sequence, t) for t in self._live.values() if t.tempo is tempo]
            heapq.heapify(heap)
            self._by_tempo[tempo] = heap
        return self._top(heap)

    def of(self, key: str) -> list[Timer]:
        """Return the live timers of everything with one key, soonest first."""
        if self._by_key is None:
            self._by_key = {}
            for named, timer in self._live.items():
                self._by_key.setdefault(timer.target.key, {})[named] = timer
        found = self._by_key.get(key, {}).values()
        return sorted(found, key=lambda timer: (timer.due_ms, timer.sequence))

    def _push(self, heap: Heap, timer: Timer) -> None:
        heapq.heappush(heap, (timer.due_ms, timer.sequence, timer))
        if len(heap) > 64 and len(heap) > 2 * len(self._live):
            heap[:] = [each for each in heap if self._is_live(each[2])]
            heapq.heapify(heap)

    def _is_live(self, timer: Timer) -> bool:
        return self._live.get((timer.target, timer.name)) is timer

    def _top(self, heap: Heap) -> Timer | None:
        while heap:
            timer = heap[0][2]
            if self._is_live(timer):
                return timer
            heapq.heappop(heap)
        return None

    @staticmethod
    def _forget(
        by_key: dict[str, dict[tuple[Target, str], Timer]], target: Target, name: str
    ) -> None:
        its = by_key[target.key]
        del its[target, name]
        if not its:
            del by_key[target.key]
