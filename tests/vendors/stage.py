"""A world moved by hand, without a server: what its tests need of it, whatever the vendor."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from recording_emulator.core import arming, snapshot
from recording_emulator.core.inputs import (
    AddTarget,
    Answered,
    ArmFault,
    ChangeRoom,
    Configure,
    Dispatch,
    Elapse,
    Fire,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.core.world import Spec, World
from recording_emulator.store.objects import made
from recording_emulator.vendors.base import VendorAdapter

Audience = Literal["auto", "none"]
ASIDE = ("entries", "last_seq", "counts", "produced", "quotas", "inputs")
"""What a refused call may change: the record of it, and what counts against the rate limit."""


def kept(world: World) -> dict[str, Any]:
    """Return everything a world keeps, the journal and its counters aside."""
    plain: dict[str, Any] = msgspec.json.decode(snapshot.take(world))["world"]
    return {name: each for name, each in plain.items() if name not in ASIDE}


class MovedByHand:
    """A world of its own, at ``seed`` 0, whose clock moves timer by timer when it is told to."""

    adapter: VendorAdapter

    def __init__(self, settings: dict[str, Any], **spec: Any) -> None:
        self.vendor = self.adapter.name
        given = Spec("stage", settings={self.vendor: settings}, **spec)
        self.world = World(given, (self.adapter,))
        self.start_ms = self.world.now_ms

    @property
    def now_ms(self) -> int:
        """Milliseconds since the stage was set."""
        return self.world.now_ms - self.start_ms

    def at(self, ms: int) -> None:
        """Let time pass until ``ms`` after the start, and fire what falls due on the way."""
        until_ms = self.start_ms + ms
        timer = self.world.timers.peek()
        while timer is not None and timer.due_ms <= until_ms:
            self.world.apply(Elapse(timer.due_ms))
            self.world.apply(Fire())
            timer = self.world.timers.peek()
        self.world.apply(Elapse(until_ms))

    def advance(self, ms: int) -> None:
        self.at(self.now_ms + ms)

    def room(self, given: Input, name: str = "demo") -> None:
        """Let someone join, leave, publish."""
        why = self.world.apply(ChangeRoom(self.vendor, name, given))
        assert why is None, why

    def configure(self, **settings: Any) -> None:
        self.world.apply(Configure(self.vendor, settings))

    def fault(self, on: str, effect: str, **more: Any) -> None:
        """Arm a fault; ``more`` as people write it (``after_ms``, ``times``, …)."""
        wanted = msgspec.convert({"on": on, "effect": effect, **more}, arming.Wanted)
        name = f"fault-{len(self.world.faults) + 1}"
        self.world.apply(ArmFault(arming.fault(self.adapter, wanted, name, self.world.now_ms)))

    def subscribe(self, secret: str, events: tuple[str, ...] | None = None) -> None:
        """Add a subscriber; ``deliver`` plays it."""
        given = CallbackTarget("t", self.vendor, "http://127.0.0.1:1/", secret, events)
        self.world.apply(AddTarget(given))

    def deliver(self, status: int = 200, body: bytes = b"{}") -> list[Outgoing]:
        """Send everything that may be sent now; the subscriber answers all of it alike."""
        sent = []
        while (out := self.world.apply(Dispatch())) is not None:
            sent.append(out)
            self.world.apply(Answered(out.attempt, status, body))
        return sent

    def callbacks(self, until_ms: int) -> list[bytes]:
        """Let time pass; every attempt that may begin does, and is answered at once."""
        sent: list[bytes] = []
        while True:
            sent += [each.body for each in self.deliver()]
            timer = self.world.timers.peek()
            if timer is None or timer.due_ms > self.start_ms + until_ms:
                self.at(until_ms)
                return sent
            self.at(timer.due_ms - self.start_ms)

    def announced(self) -> list[tuple[int, str, Any]]:
        """What was announced: when, which event, its facts."""
        return [
            (each.at_ms - self.start_ms, each.name, each.detail)
            for each in self.world.journal
            if each.kind == "event"
        ]

    def read_object(self, key: str, bucket: str = "recordings") -> bytes:
        """Read a stored file."""
        found = self.world.objects.find(bucket, key, self.world.now_ms)
        assert found is not None, key
        content = found[1]
        return b"".join(made(content, 0, content.size_bytes))
