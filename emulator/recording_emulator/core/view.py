"""What the machines of one vendor see of a world: read-only but for draws and faults used up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from recording_emulator.core import filming, ids, rooms
from recording_emulator.core.adapter import Adapter
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.faults import Fault
from recording_emulator.core.machine import Target
from recording_emulator.core.scenes import Shot

if TYPE_CHECKING:
    from recording_emulator.core.world import World


class WorldView:
    """What the machines of one vendor see of a world."""

    __slots__ = ("_adapter", "_world", "settings")

    def __init__(self, world: World, adapter: Adapter) -> None:
        self._world = world
        self._adapter = adapter
        plain = world.spec.settings.get(adapter.name, {})
        self.settings: Any = msgspec.convert(plain, adapter.settings)

    @property
    def now_ms(self) -> int:
        return self._world.now_ms

    @property
    def credentials(self) -> Mapping[str, str]:
        return self._world.spec.credentials[self._adapter.name]

    @property
    def files_url(self) -> str:
        return self._world.files_url

    def draw(self, kind: str, key: str, size: int) -> bytes:
        nth = self._world.nth_draw(kind, key)
        return ids.derive(self._world.spec.seed, kind, key, nth, size)

    def coming(self, kind: str, key: str, size: int) -> bytes:
        nth = self._world.draws.get((kind, key), self._world.draws_base)
        return ids.derive(self._world.spec.seed, kind, key, nth, size)

    def derive(self, kind: str, key: str, size: int) -> bytes:
        return ids.derive(self._world.spec.seed, kind, key, 0, size)

    def md5(self, clip: Clip, shot: Shot) -> str:
        return filming.md5(self._world, clip, shot)

    def room(self, name: str) -> rooms.Room:
        return self._world.room(self._adapter.name, name)

    def holder(self, claim: str) -> str | None:
        return self._world.claims.get((self._adapter.name, claim))

    def peek(self, target: Target) -> Any:
        return self._world.things.get(target)

    def every(self, machine: str) -> list[Any]:
        return [task for target, task in self._world.things.items() if target.machine == machine]

    def count(self, counter: str) -> int:
        return self._world.live[counter]

    @property
    def is_full(self) -> bool:
        return len(self._world.things) - len(self._world.ended) >= self._world.spec.live_limit

    def fault(self, point: str, room: str, effects: tuple[str, ...] = ()) -> Fault | None:
        return self._world.strike(self._adapter.name, point, room, effects)

    def wants(self, event: str) -> bool:
        return self._world.outbox.wants(self._adapter.name, event)
