"""The timeline: inputs that come by themselves, at an instant or so long after a client's call.

Rules:

1. A planned input is a timer like any other, so a snapshot holds it and a replay repeats it.
2. What is planned ``after`` a call waits for the first such call that is accepted.
3. What cannot be done when its time comes (someone leaves who is not there) changes nothing and is
   remembered with its reason; whoever judges the scenario says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from recording_emulator.core import faults
from recording_emulator.core.inputs import (
    ArmFault,
    ChangeRoom,
    Configure,
    Cut,
    DisarmFault,
    Jump,
    Planned,
    Script,
)
from recording_emulator.core.machine import Target
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

TIMELINE: Final = "timeline"


class Failed(msgspec.Struct, frozen=True):
    """A planned input that could not be carried out: where it is written, and why."""

    at_ms: int
    line: int
    name: str
    why: str


class Standing(msgspec.Struct):
    """Where a scenario stands: what waits for a call, what was accepted when, what failed.

    ``source`` is the text it was made from; ``jump_ms`` is where the clock is to jump to.
    """

    title: str = ""
    file: str = ""
    source: str = ""
    begun_ms: int = 0
    last_ms: int = 0
    made: int = 0
    waiting: list[Planned] = []
    accepted: dict[str, int] = {}
    failed: list[Failed] = []
    jump_ms: int = 0


class Timeline:
    """What is planned in one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.standing = Standing()

    def begin(self, given: Script) -> None:
        """Take a scenario's plan; what is due now happens now, in the order of the file."""
        start_ms = self._world.spec.start_ms
        standing = self.standing
        standing.title, standing.file, standing.source = given.title, given.file, given.source
        standing.begun_ms = standing.last_ms = self._world.now_ms
        told = {"entries": len(given.entries), "file": given.file}
        seq = self._world.write("config", given.title, "scenario", 0, told)
        for each in given.entries:
            if each.after:
                standing.waiting.append(each)
            elif start_ms + each.at_ms <= self._world.now_ms:
                self._carry_out(each, seq)
            else:
                self._arm(each, start_ms + each.at_ms, seq)

    def accepted(self, vendor: str, operation: str, seq: int) -> None:
        """Let what was planned after this call begin to count, if it is the first."""
        standing = self.standing
        if not standing.title:
            return
        name = f"{vendor}.{operation}"
        if name in standing.accepted:
            return
        standing.accepted[name] = now_ms = self._world.now_ms
        for each in [each for each in standing.waiting if each.after == name]:
            standing.waiting.remove(each)
            self._arm(each, now_ms + each.at_ms, seq)

    def _arm(self, planned: Planned, due_ms: int, cause: int) -> None:
        standing = self.standing
        standing.made += 1
        standing.last_ms = max(standing.last_ms, due_ms)
        where, name = Target(TIMELINE, TIMELINE), f"{standing.made}: {planned.name}"
        self._world.arm(where, name, due_ms, planned, Tempo.LONG, cause)

    def on_timer(self, planned: Planned, seq: int) -> None:
        self._carry_out(planned, seq)

    def take_jump(self) -> int:
        """Hand over where the clock is to jump to; 0 if nowhere."""
        taken, self.standing.jump_ms = self.standing.jump_ms, 0
        return taken

    def _carry_out(self, planned: Planned, seq: int) -> None:
        world, given = self._world, planned.given
        match given:
            case ChangeRoom():
                why = world.change_room(given, seq)
                if why is not None:
                    self._fail(planned, why, seq)
            case Cut():
                why = world.members.cut(given)
                if why is not None:
                    self._fail(planned, why, seq)
            case ArmFault():
                world.injection.arm(ArmFault(_from(given.fault, world.now_ms)), seq)
            case DisarmFault():
                world.injection.disarm(given, seq)
            case Configure():
                before = msgspec.to_builtins(world.views[given.vendor].settings)
                merged = {**before, **given.settings}
                world.apply_settings(Configure(given.vendor, merged), seq)
            case Jump():
                self.standing.jump_ms = world.now_ms + given.by_ms
                world.write("clock", "", "jump", seq, given)
            case _:
                raise AssertionError(given)

    def _fail(self, planned: Planned, why: str, seq: int) -> None:
        now_ms = self._world.now_ms
        self.standing.failed.append(Failed(now_ms, planned.line, planned.name, why))
        self._world.write("note", planned.name, why, seq)


def _from(fault: faults.Fault, now_ms: int) -> faults.Fault:
    """Open a fault's window from now on: in a plan it counts from the moment of arming."""
    closes_ms = min(fault.closes_ms + now_ms, faults.FOREVER_MS)
    return msgspec.structs.replace(fault, opens_ms=fault.opens_ms + now_ms, closes_ms=closes_ms)
