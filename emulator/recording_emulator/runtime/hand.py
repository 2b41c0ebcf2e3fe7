"""The clock hand: the one writer of a tenant, and the only thing that moves its time.

Rules (design §2.3), each a test in ``tests/runtime/test_causal_time.py``:

1. What is due now happens now, in every mode.
2. Callbacks of an instant are sent and their answers fed back before time moves on; a call's reply
   is written before the deliveries it caused begin. Of several targets each gets one attempt at a
   time, all of them at once; the answers enter together, in the order of their attempts, when the
   last has come. Calls, from inside a handler too, are inputs: they enter as they arrive.
3. One hand: advances queue. A call that waits joins in, and time moves for it.
4. A waiting call, or an advance, that comes while deliveries are unanswered releases them: time
   passes them by until the waiting call's reply is written; then the hand waits for them again.
   First they get ``grace_ms`` of real time to be answered, so that a prompt receiver and a test
   that advances right away do not race.
5. An attempt nobody answers is given up after ``guard_ms`` of real time; its limit runs on in
   tenant time.

Every change goes through ``apply``, which never awaits: between two awaits of this file nothing
else can touch the world. That makes the hand the single writer without a queue in front of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.faults import DOOR
from recording_emulator.core.inputs import Answer, Call, Elapse, Fire, Knock, Parked
from recording_emulator.core.machine import Input, Target
from recording_emulator.core.timeline import TIMELINE
from recording_emulator.core.timers import Tempo, Timer
from recording_emulator.core.world import LAST_MS, World
from recording_emulator.delivery.http import Courier
from recording_emulator.errors import (
    BadRequest,
    Conflict,
    EmulatorError,
    NeverHappened,
    TooManyTimers,
)
from recording_emulator.runtime.flight import Flight
from recording_emulator.runtime.wants import MAX_TIMERS, Advanced, Fired, Until, Want
from recording_emulator.store.shipping import Carrier, NoCarrier

FIRES_PER_BREATH: Final = 500
"""After so many timers without an await, other tasks of the loop get a turn."""
FIRES_PER_INSTANT: Final = 100_000
"""More than that in one instant is a timer that re-arms itself without delay: a bug of ours."""
DAY_MS: Final = 86_400_000


class Mode(StrEnum):
    """What moves the clock: nobody but you, the wall clock, or the need of whoever asks."""

    MANUAL = "manual"
    REAL = "real"
    AUTO = "auto"


class Hand:
    """One tenant at work."""

    def __init__(
        self,
        world: World,
        courier: Courier,
        *,
        mode: Mode = Mode.MANUAL,
        speed: float = 1.0,
        guard_ms: int | None = 2_000,
        grace_ms: int = 250,
        is_open: bool = False,
        carrier: Carrier | None = None,
    ) -> None:
        self.world = world
        self.mode = mode
        self.speed = speed
        self.is_open = is_open
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._flight = Flight(
            world, courier, carrier or NoCarrier(), self._wake.set, guard_ms, grace_ms
        )
        self._task: asyncio.Task[None] | None = None
        self._answering = 0
        self._parked: dict[int, asyncio.Future[Answer]] = {}
        self._held: dict[int, asyncio.Future[Answer]] = {}
        self._wants: list[Want] = []
        self._queue: deque[Want] = deque()
        self._arriving: list[Want] = []
        self._call_watchers: list[tuple[str, asyncio.Future[int]]] = []
        self._seen_seq = 0
        self._readers: list[asyncio.Event] = []
        self._breaths = 0
        self._rebase()

    # --- what adapters and the admin API ask ---------------------------------------------------

    @property
    def name(self) -> str:
        return self.world.spec.name

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        return self.world.spec.credentials

    @property
    def in_flight(self) -> list[str]:
        """Name the deliveries that are out and unanswered."""
        return self._flight.names

    def settings(self, vendor: str) -> Any:
        return self.world.views[vendor].settings

    def derive(self, kind: str, key: str, size: int) -> bytes:
        return ids.derive(self.world.spec.seed, kind, key, 0, size)

    def apply(self, given: Input) -> Any:
        """Change the world by one input, at the instant it comes in."""
        self._catch_up()
        result = self.world.apply(given)
        self._attend()
        return result

    def skew_ms(self, vendor: str) -> int:
        """Return by how much the backend's wall clock is wrong for the request at hand."""
        return int(self.apply(Knock(vendor))) if self.world.faults.any_at(DOOR) else 0

    def enter(self) -> None:
        """Say that a reply is being made: deliveries wait until it is written."""
        self._answering += 1

    def leave(self) -> None:
        """Say that the reply is written, or will never be."""
        self._answering -= 1
        if not self._answering and (self._task is not None or self._has_work()):
            self._start()

    async def call(self, call: Call) -> Answer:
        """Carry out a client's call; one that waits by the vendor's rule moves time meanwhile."""
        is_read = self.world.adapters[call.vendor].is_read(call.operation)
        if self.mode is Mode.AUTO and is_read and type(call.given) is not Malformed:
            await self._move_for_read(call)
        outcome = self.apply(call)
        self._tell_call_watchers(call, outcome.call)
        if type(outcome) is Answer:
            return outcome
        assert type(outcome) is Parked, outcome
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        waits = self._held if outcome.is_held else self._parked
        waits[outcome.call] = waiting
        self._answering -= 1
        if not (self._is_pacing or outcome.is_held):
            self._flight.release_later()
        self._start()
        try:
            return await waiting
        except asyncio.CancelledError:
            waits.pop(outcome.call, None)
            self._answering += 1
            raise

    # --- moving time ---------------------------------------------------------------------------

    async def advance(
        self,
        delta_ms: int = 0,
        *,
        to_ms: int | None = None,
        until: Until | None = None,
        limit_ms: int = DAY_MS,
        max_timers: int = MAX_TIMERS,
        is_inside: bool = False,
    ) -> Advanced:
        """Move the clock causally and report what fired.

        Args:
            delta_ms: How far, from this call's own turn.
            to_ms: Where to, instead.
            until: Stop when the deliveries of the next such event are answered, instead.
            limit_ms: How far ``until`` looks before it fails.
            max_timers: How many timers may fire.
            is_inside: The caller is a callback handler: release its delivery without grace.

        Raises:
            Conflict: If ``to_ms`` lies in the past.
            BadRequest: If it would go beyond the year 2100.
            NeverHappened: If ``until`` did not come within ``limit_ms``.
            TooManyTimers: If more than ``max_timers`` fired; the message names the busiest.
        """
        self._catch_up()
        if to_ms is not None and to_ms < self.world.now_ms:
            raise Conflict(f"the clock stands at {self.world.now_ms}, after {to_ms}")
        if (to_ms or self.world.now_ms + delta_ms) > LAST_MS:
            raise BadRequest(f"no clock goes further than {LAST_MS}, the year 2100")
        want = Want(self._loop.create_future(), to_ms, limit_ms if until else delta_ms, until)
        want.limit = max_timers
        report = await self._wait(want, is_inside=is_inside)
        self._seen_seq = max(self._seen_seq, report.seq)
        return report

    async def _wait(self, want: Want, *, is_inside: bool = False) -> Advanced:
        if self._flight.block(want, is_inside=is_inside):
            self._arriving.append(want)
        else:
            self._queue.append(want)
        self._start()
        return await want.done

    async def wait_for(self, operation: str, timeout_s: float) -> int:
        """Wait in real time for a client's call, from the end of the last advance or wait on.

        Returns the sequence number of its journal entry.

        Raises:
            NeverHappened: If none came.
        """
        for entry in self.world.journal.since(self._seen_seq):
            if entry.kind == "call" and operation in (entry.name, entry.name.partition(".")[2]):
                self._seen_seq = entry.seq
                return entry.seq
        came: asyncio.Future[int] = self._loop.create_future()
        watcher = (operation, came)
        self._call_watchers.append(watcher)
        try:
            async with asyncio.timeout(timeout_s):
                seq = await came
        except TimeoutError:
            names = [e.name for e in self.world.journal.since(self._seen_seq) if e.kind == "call"]
            since = ", ".join(names) or "none"
            raise NeverHappened(f"no call {operation!r} in {timeout_s} s; calls: {since}") from None
        finally:
            self._call_watchers.remove(watcher)
        self._seen_seq = seq
        return seq

    async def quiet(self, *, is_inside: bool = False) -> None:
        """Let the current instant finish, unless a delivery is being handled right now."""
        if not self._flight and not is_inside and self._has_work():
            await self._wait(Want(self._loop.create_future(), None, 0, None))

    def watch(self) -> asyncio.Event:
        """Return an event that is set whenever the journal may have grown."""
        news = asyncio.Event()
        self._readers.append(news)
        return news

    def unwatch(self, news: asyncio.Event) -> None:
        """Give an event of ``watch`` back."""
        self._readers.remove(news)

    async def rest(self) -> None:
        """Wait until the hand has nothing left to do by itself."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Stop: close what is out, fail what waits."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._flight.close()
        self._fail(Conflict(f"tenant {self.name!r} was deleted"))

    # --- the loop ------------------------------------------------------------------------------

    def _has_work(self) -> bool:
        due = self.world.timers.peek()
        return (
            self.world.outbox.has_ready
            or bool(self.world.uploads.waiting)
            or bool(self._flight or self._wants or self._queue or self._arriving or self._parked)
            or (
                due is not None
                and (due.due_ms <= self.world.now_ms or self.mode is not Mode.MANUAL)
            )
        )

    def _start(self) -> None:
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = self._loop.create_task(self._run(), name=f"hand of {self.name}")

    async def _run(self) -> None:
        try:
            while self._has_work():
                await self._instant()
                if self._conclude() or self._answering:
                    continue
                if not await self._move():
                    break
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._fail(error)
            context = {"message": f"the hand of {self.name!r} failed", "exception": error}
            self._loop.call_exception_handler(context)
        finally:
            self._task = None

    async def _instant(self) -> None:
        """Let everything that belongs to this instant happen, callbacks included."""
        while True:
            self._fire_due()
            if self._answering:
                await self._pause(None)
                continue
            if self._flight.send_ready():
                self._attend()
            if not self._is_held and self._flight.take_outcomes():
                self._attend()
                continue
            self._let_in()
            if self._is_held:
                await self._pause(self._patience_s())
                if self._is_held:
                    self._flight.give_up_overdue()
            elif not self._flight.has_outcomes:
                return

    def _fire_due(self) -> None:
        timers = self.world.timers
        due, fired = timers.peek(), 0
        while due is not None and due.due_ms <= self.world.now_ms:
            self._fire()
            fired += 1
            if fired > FIRES_PER_INSTANT:
                name = f"{due.target.machine} {due.name}"
                raise TooManyTimers(f"{fired} timers fired in one instant, the last {name!r}")
            due = timers.peek()

    async def _move(self) -> bool:
        """Take one step forward in time; False when there is nothing to move for."""
        if not self._wants and self._queue:
            self._begin(self._queue.popleft())
            return True
        due = self.world.timers.peek()
        goal_ms = self._goal_ms(due)
        if goal_ms is not None:
            if due is not None and due.due_ms <= goal_ms:
                self.world.apply(Elapse(due.due_ms))
                self._fire()
                if self._breaths % FIRES_PER_BREATH == 0:
                    await asyncio.sleep(0)
            else:
                self.world.apply(Elapse(goal_ms))
            return True
        if self.mode is Mode.REAL:
            return await self._pace(due)
        if self._flight or self._arriving:
            await self._pause(self._patience_s())
            return True
        return False

    def _goal_ms(self, due: Timer | None) -> int | None:
        """Return the nearest wanted instant, or None if nobody wants time to move."""
        ahead = [each.target_ms for each in self._wants if each.target_ms > self.world.now_ms]
        if self._parked and due is not None and self.mode is not Mode.REAL:
            ahead.append(due.due_ms)
        if not ahead and self.mode is Mode.AUTO and not self._flight:
            short = self.world.timers.soonest(Tempo.SHORT)
            ahead = [] if short is None else [short.due_ms]
        return min(ahead, default=None)

    def _fire(self) -> None:
        timer: Timer = self.world.apply(Fire())
        self._breaths += 1
        for want in list(self._wants):
            if not want.count(timer):
                name, times = want.counts.most_common(1)[0]
                limit = f"more than {want.limit} timers fired; {name!r} did {times} times"
                self._finish(want, TooManyTimers(f"{limit}: does it re-arm itself?"))
        self._attend()

    # --- wants ---------------------------------------------------------------------------------

    def _begin(self, want: Want) -> None:
        now_ms = self.world.now_ms
        target_ms = now_ms + want.delta_ms if want.to_ms is None else max(want.to_ms, now_ms)
        want.target_ms = min(target_ms, LAST_MS)
        want.since = want.checked = self.world.journal.last_seq
        self._wants.append(want)

    def _conclude(self) -> bool:
        """Finish the advances that have got what they wanted; whether there was one."""
        before = len(self._wants)
        for want in list(self._wants):
            if self._flight.numbers - want.blockers:
                continue
            if want.until is not None and self._has_come(want, want.until):
                self._finish(want)
            elif want.target_ms <= self.world.now_ms:
                self._finish(want, self._never(want) if want.until is not None else None)
        return len(self._wants) < before

    def _finish(self, want: Want, error: EmulatorError | None = None) -> None:
        self._wants.remove(want)
        if want.done.done():
            return
        if error is not None:
            want.done.set_exception(error)
        else:
            self._answering += want.is_read
            want.done.set_result(self._report(want))
        self._rebase()
        self._flight.hold_again()

    def _let_in(self) -> None:
        """Release what has had its grace, for the calls and advances that came meanwhile."""
        self._flight.release_due()
        for want in list(self._arriving):
            if not want.blockers & self._flight.numbers:
                self._arriving.remove(want)
                want.blockers = frozenset()
                self._queue.append(want)
            elif self._flight.has_had_grace(want):
                self._arriving.remove(want)
                self._flight.release(want.blockers)
                self._begin(want)

    @property
    def _is_held(self) -> bool:
        waiting = len(self._parked) + sum(bool(want.blockers) for want in self._wants)
        return not self._is_pacing and self._flight.is_held(waiting)

    def _patience_s(self) -> float | None:
        return self._flight.patience_s(self._arriving, is_guarded=not self._is_pacing)

    def _has_come(self, want: Want, until: Until) -> bool:
        news = self.world.journal.since(want.checked)
        want.checked = self.world.journal.last_seq
        return any(
            entry.kind == "event"
            and entry.name == until.event
            and until.room in ("", entry.detail.room)
            for entry in news
        )

    def _never(self, want: Want) -> NeverHappened:
        assert want.until is not None
        came = [e.name for e in self.world.journal.since(want.since) if e.kind == "event"]
        told = ", ".join(came[-12:]) or "none"
        return NeverHappened(
            f"event {want.until.event} did not come until {self.world.now_ms}; events: {told}"
        )

    def _report(self, want: Want) -> Advanced:
        fired = [
            Fired(e.seq, e.at_ms, e.kind, e.subject, e.name, e.cause)
            for e in self.world.journal.since(want.since)
            if e.kind in ("timer", "event")
        ]
        journal = self.world.journal
        evicted = max(0, journal.evicted - want.since)
        timers = want.counts.total()
        return Advanced(self.world.now_ms, self.mode, fired, timers, evicted, journal.last_seq)

    # --- bookkeeping ---------------------------------------------------------------------------

    def _attend(self) -> None:
        """Pass on what the last input produced, and see that someone drives the rest."""
        world = self.world
        for news in self._readers:
            news.set()
        self._jump(world.timeline.take_jump())
        for number in world.take_overdue():
            self._flight.drop(number)
        for answer in world.take_answers():
            waits = self._held if answer.call in self._held else self._parked
            waiting = waits.pop(answer.call, None)
            if waiting is not None and not waiting.done():
                self._answering += 1
                waiting.set_result(answer)
                self._flight.hold_again()
        if not self._answering and self._task is None and self._has_work():
            self._start()
        elif self._task is not None:
            self._wake.set()

    def _jump(self, to_ms: int) -> None:
        """Take the clock where the timeline wants it; no advance ends on the way there."""
        if not to_ms:
            return
        to_ms = min(to_ms, LAST_MS)
        for want in self._wants:
            want.target_ms = max(want.target_ms, to_ms)
        if not self._wants:
            want = Want(self._loop.create_future(), to_ms, 0, None)
            want.done.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._queue.append(want)

    async def _pause(self, timeout_s: float | None) -> None:
        """Wait until something wakes the hand, at most so long."""
        self._wake.clear()
        handle = None
        if timeout_s is not None:
            handle = self._loop.call_later(timeout_s, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            if handle is not None:
                handle.cancel()

    def _tell_call_watchers(self, call: Call, seq: int) -> None:
        for wanted, came in self._call_watchers:
            if wanted in (call.operation, f"{call.vendor}.{call.operation}") and not came.done():
                came.set_result(seq)

    def _fail(self, error: Exception) -> None:
        for want in [*self._wants, *self._queue, *self._arriving]:
            if not want.done.done():
                want.done.set_exception(error)
        self._wants, self._arriving = [], []
        self._queue.clear()
        for waiting in (*self._parked.values(), *self._held.values()):
            if not waiting.done():
                self._answering += 1
                waiting.set_exception(error)
        self._parked.clear()
        self._held.clear()

    # --- modes that move by themselves ----------------------------------------------------------

    @property
    def _is_pacing(self) -> bool:
        """Whether the wall clock moves time: mode ``real``, and nobody advances."""
        return self.mode is Mode.REAL and not (self._wants or self._queue or self._arriving)

    def _catch_up(self) -> None:
        """In mode ``real``: fire what the wall clock has passed, each at its own instant."""
        if not self._is_pacing:
            return
        passed_ms = int((self._loop.time() - self._base_s) * 1000 * self.speed)
        now_ms = min(self._base_ms + passed_ms, LAST_MS)
        due = self.world.timers.peek()
        while due is not None and due.due_ms <= now_ms:
            self.world.apply(Elapse(max(due.due_ms, self.world.now_ms)))
            self._fire()
            due = self.world.timers.peek()
        if now_ms > self.world.now_ms:
            self.world.apply(Elapse(now_ms))

    def _rebase(self) -> None:
        self._base_ms, self._base_s = self.world.now_ms, self._loop.time()

    async def _pace(self, due: Timer | None) -> bool:
        if due is None and not self._flight and not self._parked:
            return False
        timeout_s = None
        if due is not None:
            timeout_s = max(0.0, (due.due_ms - self.world.now_ms) / 1000 / self.speed)
        await self._pause(timeout_s)
        self._catch_up()
        return True

    async def _move_for_read(self, call: Call) -> None:
        """In mode ``auto``: a look at a task first moves to that task's next timer."""
        where = self.world.adapters[call.vendor].locate(call.given, self.world.views[call.vendor])
        if type(where) is not Target or self._flight:
            return
        timers = self.world.timers
        near = [*timers.of(where.key), *timers.of(TIMELINE)]
        own = sorted(each.due_ms for each in near if each.tempo is Tempo.LONG)
        wall = timers.soonest(Tempo.EXPIRY)
        if own and (wall is None or own[0] < wall.due_ms):
            want = Want(self._loop.create_future(), own[0], 0, None)
            want.is_read = True
            self._answering -= 1
            try:
                await self._wait(want)
            except BaseException:
                self._answering += 1
                raise
