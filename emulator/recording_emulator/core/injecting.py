"""The faults of a world at work: armed and taken back, asked for, written down when they fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from recording_emulator.core import faults, ids, magic
from recording_emulator.core.adapter import Adapter, Malformed
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import ArmFault, Call, DisarmFault, FaultArmed
from recording_emulator.core.machine import Put, Target
from recording_emulator.core.spoils import Spoil
from recording_emulator.core.timers import Tempo

if TYPE_CHECKING:
    from recording_emulator.core.world import World

FAULTS: Final = "faults"
ASKED_IN_TIME: Final = (faults.CALL, faults.CALLBACK, faults.DOOR, faults.OBJECT)
"""The points that ask each time anew; of faults at others, what is under way is told."""


class Injection:
    """What goes wrong in one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def arm(self, given: ArmFault, cause: int = 0) -> None:
        world, fault = self._world, given.fault
        world.faults.arm(fault)
        seq = world.write("fault", fault.id, "armed", cause, fault)
        if fault.opens_ms <= world.now_ms:
            self.opens(fault.id, seq)
        else:
            where = Target(FAULTS, fault.id)
            world.arm(where, "opens", fault.opens_ms, FaultArmed(), Tempo.LONG, seq)

    def opens(self, fault_id: str, cause: int) -> None:
        """Let what is already under way ask whether a fault is for it."""
        fault = self._world.faults.get(fault_id)
        if fault is not None and fault.on not in ASKED_IN_TIME:
            self._world.tell_all(fault.vendor, FaultArmed(), cause)

    def disarm(self, given: DisarmFault, cause: int = 0) -> None:
        gone = self._world.faults.disarm(given.id)
        self._world.timers.cancel(Target(FAULTS, given.id), "opens")
        self._world.write("fault", given.id, "disarmed", cause, gone)

    def on_call(self, adapter: Adapter, call: Call, room: str, seq: int) -> Fault | None:
        """Ask for a fault on a call; a magic room arms its own first."""
        world = self._world
        if world.spec.magic_rooms and magic.is_magic(adapter, room):
            self._cast(adapter, room, seq)
        if not world.faults.any_at(faults.CALL):
            return None
        where = room or self._room_of_task(adapter, call)
        return self.struck(call.vendor, faults.CALL, call.operation, where, seq)

    def on_object(self, vendor: str, put: Put, cause: int) -> None:
        """Ask for a fault on what is about to be stored, once for each entry."""
        world, entry = self._world, (put.bucket, put.key)
        if not world.faults.any_at(faults.OBJECT) or entry in world.objects.spoils:
            return
        ending = put.key.rpartition(".")[2]
        fault = self.struck(vendor, faults.OBJECT, ending, put.room, cause)
        spoil = None
        if fault is not None:
            spoil = Spoil(fault.effect, world.now_ms + fault.after_ms, fault.by_ms)
        world.objects.spoils[entry] = spoil

    def _cast(self, adapter: Adapter, room: str, seq: int) -> None:
        world = self._world
        if world.faults.get(room) is not None or len(world.faults) >= world.faults.limit:
            return
        made = magic.fault(adapter, room, world.now_ms)
        if isinstance(made, str):
            world.write("note", room, made, seq)
        else:
            self.arm(ArmFault(made), seq)

    def _room_of_task(self, adapter: Adapter, call: Call) -> str:
        """Return the room of the task a call is about, where the call itself names none."""
        if type(call.given) is Malformed:
            return ""
        where = adapter.locate(call.given, self._world.views[adapter.name])
        task = self._world.things.get(where) if type(where) is Target else None
        told = adapter.summary(task) if task is not None else None
        return str(told.get("room", "")) if told else ""

    def struck(
        self,
        vendor: str,
        on: str,
        name: str,
        room: str,
        cause: int,
        effects: tuple[str, ...] = (),
    ) -> Fault | None:
        """Use up a firing of the first fault that matches, and write down that it fired."""
        world = self._world
        fault = world.faults.hit(vendor, on, name, room, world.now_ms, self._chance, effects)
        if fault is not None:
            world.write("fault", fault.id, f"{on} {name}".rstrip(), cause, fault)
        return fault

    def _chance(self, fault: str, nth: int) -> float:
        raw = ids.derive(self._world.spec.seed, "core.chance", fault, nth, 6)
        return int.from_bytes(raw, "big") / 2**48
