"""Attempts in flight: what the hand has sent and waits for, and what it lets time pass by.

An attempt is *held* (time does not move until it is answered) or *released* (time passes for it,
because a call or an advance that came while it was unanswered needs time to move). As many released
attempts may stay unanswered as there are calls waiting; for the rest the hand waits.

Attempts go in *rounds*: every target that has something gets one, all at once, and what came of
them enters together, in the order of the attempts, when nothing is held any more; then comes the
next round. So it does not matter which of several receivers is the quicker.

An upload to real storage is an attempt too, but it is never released: no client's handler stands
between it and its end. Its guard begins anew with whatever gets through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from recording_emulator.core.ids import tenant_id
from recording_emulator.core.inputs import Abandoned, Answered, Dispatch
from recording_emulator.core.outbox import Outgoing
from recording_emulator.core.uploads import Outcome, Uploaded, Uploading
from recording_emulator.core.world import World
from recording_emulator.delivery.http import Courier
from recording_emulator.runtime.wants import Want
from recording_emulator.store.shipping import Carrier


class Attempt:
    """An attempt that is out: its task, and what came of it."""

    __slots__ = ("event", "is_upload", "number", "outcome", "since", "target", "task")

    def __init__(
        self, number: int, target: str, event: str, since: float, *, is_upload: bool = False
    ) -> None:
        self.number = number
        self.target = target
        self.event = event
        self.since = since
        self.is_upload = is_upload
        self.outcome: Answered | Abandoned | Uploaded | None = None
        self.task: asyncio.Task[None] | None = None


class Flight:
    """The attempts of one tenant that are out. Times are the event loop's, in seconds."""

    def __init__(
        self,
        world: World,
        courier: Courier,
        carrier: Carrier,
        wake: Callable[[], None],
        guard_ms: int | None,
        grace_ms: int,
    ) -> None:
        self._world = world
        self._courier = courier
        self._carrier = carrier
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._attempts: dict[int, Attempt] = {}
        self._held: set[int] = set()
        self._releases: list[tuple[float, frozenset[int]]] = []
        self.guard_s = None if guard_ms is None else guard_ms / 1000
        self.grace_s = grace_ms / 1000

    def __len__(self) -> int:
        return len(self._attempts)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(self._attempts)

    @property
    def names(self) -> list[str]:
        return [f"{each.event} to {each.target}" for each in self._attempts.values()]

    # --- out and back --------------------------------------------------------------------------

    def send_ready(self) -> bool:
        """Begin every attempt that may begin; False if there was none."""
        has_sent = self._upload()
        while self._world.outbox.has_ready:
            has_sent = True
            out: Outgoing | None = self._world.apply(Dispatch())
            if out is None:  # a fault lost it on the way: only its limit will end it
                continue
            delivery = self._world.outbox.live[self._world.outbox.open[out.attempt]]
            if not delivery.is_signal:  # a member has connected: there is nothing to get ready
                self._courier.open()
            attempt = Attempt(out.attempt, out.target, delivery.event, self._loop.time())
            self._attempts[out.attempt] = attempt
            self._held.add(out.attempt)
            attempt.task = self._loop.create_task(self._post(attempt, out))
        return has_sent

    def _upload(self) -> bool:
        taken = self._world.uploads.take() if self._world.uploads.waiting else []
        for each in taken:
            url, now = each.place.url, self._loop.time()
            attempt = Attempt(each.number, url, "upload", now, is_upload=True)
            self._attempts[each.number] = attempt
            self._held.add(each.number)
            attempt.task = self._loop.create_task(self._carry(attempt, each))
        return bool(taken)

    async def _carry(self, attempt: Attempt, upload: Uploading) -> None:
        def alive() -> None:
            attempt.since = self._loop.time()

        world = self._world
        parcels = world.uploads.parcels(upload)
        attempt.outcome = await self._carrier.carry(
            upload.number, tenant_id(world.spec.name), upload.place, parcels, alive
        )
        self._ended(attempt)

    def _ended(self, attempt: Attempt) -> None:
        self._held.discard(attempt.number)
        if not self._held:  # before that nothing can go on
            self._wake()

    async def _post(self, attempt: Attempt, out: Outgoing) -> None:
        attempt.outcome = await self._courier.post(out)
        self._ended(attempt)

    @property
    def has_outcomes(self) -> bool:
        return any(each.outcome is not None for each in self._attempts.values())

    def take_outcomes(self) -> bool:
        """Feed back what came of attempts, in their order; False if there was nothing."""
        ended = [each for each in self._attempts.values() if each.outcome is not None]
        for attempt in ended:
            assert attempt.outcome is not None
            del self._attempts[attempt.number]
            self._world.apply(attempt.outcome)
        return bool(ended)

    def drop(self, number: int) -> None:
        """Close the connection of an attempt; what it would still answer is ignored."""
        self._held.discard(number)
        attempt = self._attempts.pop(number, None)
        if attempt is not None and attempt.task is not None:
            attempt.task.cancel()

    async def close(self) -> None:
        """Close all connections."""
        tasks = [each.task for each in self._attempts.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- holding and releasing -----------------------------------------------------------------

    def is_held(self, waiting: int) -> bool:
        """Whether time must wait for an answer, given how many calls need it to move."""
        if self._held:
            return True
        return sum(each.outcome is None for each in self._attempts.values()) > waiting

    def hold_again(self) -> None:
        """A call that waited has its reply: what is out gets the whole guard again."""
        for attempt in self._attempts.values():
            attempt.since = self._loop.time()

    @property
    def _releasable(self) -> frozenset[int]:
        return frozenset(n for n, each in self._attempts.items() if not each.is_upload)

    def release(self, numbers: frozenset[int]) -> None:
        self._held -= numbers & self._releasable

    def release_later(self) -> None:
        """A call that waits has come: what is unanswered gets the grace, then is released."""
        held = frozenset(self._held)
        if held:
            self._releases.append((self._loop.time() + self.grace_s, held))
            self._loop.call_later(self.grace_s, self._wake)

    def release_due(self) -> None:
        """Release what has had its grace."""
        now = self._loop.time()
        for at, held in list(self._releases):
            if now >= at or not held & self._held:
                self._releases.remove((at, held))
                self.release(held)

    def block(self, want: Want, *, is_inside: bool) -> bool:
        """Note what is unanswered as an advance comes; False if nothing is."""
        out = self._releasable
        if not out:
            return False
        want.blockers = out
        want.release_at = self._loop.time() + (0 if is_inside else self.grace_s)
        self._loop.call_later(0 if is_inside else self.grace_s, self._wake)
        return True

    def has_had_grace(self, want: Want) -> bool:
        return self._loop.time() >= want.release_at

    # --- the guard -----------------------------------------------------------------------------

    def patience_s(self, arriving: list[Want], *, is_guarded: bool) -> float | None:
        """How long to wait at most before something is to be released or given up."""
        now = self._loop.time()
        moments = [want.release_at for want in arriving] + [at for at, _ in self._releases]
        if self.guard_s is not None and is_guarded:
            unanswered = [each for each in self._attempts.values() if each.outcome is None]
            moments += [each.since + self.guard_s for each in unanswered]
        return max(0.0, min(moments) - now) if moments else None

    def give_up_overdue(self) -> None:
        """Close the connections that nobody has answered on for the whole guard."""
        if self.guard_s is None:
            return
        now = self._loop.time()
        for attempt in self._attempts.values():
            if attempt.outcome is None and now >= attempt.since + self.guard_s:
                assert attempt.task is not None
                attempt.task.cancel()
                attempt.outcome = _given_up(attempt)
                self._held.discard(attempt.number)


def _given_up(attempt: Attempt) -> Abandoned | Uploaded:
    if not attempt.is_upload:
        return Abandoned(attempt.number)
    return Uploaded(attempt.number, Outcome.UNREACHABLE, why="nothing got through for the guard")
