"""People with an SDK in a world without a server, and what the files that they leave show."""

from typing import Any

from tests.players import Told, rendered_of, scene_of, told

from recording_emulator.core import rooms
from recording_emulator.core.filming import RENDERED
from recording_emulator.core.inputs import (
    Answer,
    Call,
    ChangeRoom,
    Connect,
    Drop,
    Elapse,
    Fire,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.snapshot import restore, take
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.base import VendorAdapter


class Studio:
    """A world of one vendor, whose clock moves timer by timer when it is told to."""

    def __init__(self, adapter: VendorAdapter, **settings: Any) -> None:
        self._adapter = adapter
        spec = Spec(
            "studio",
            credentials={adapter.name: adapter.credentials("studio")},
            settings={adapter.name: settings},
            media=RENDERED,
        )
        self.world = World(spec, (adapter,))
        self._opened: dict[str, str] = {}

    def wait(self, ms: int) -> None:
        """Let time pass, and fire what falls due on the way."""
        until_ms = self.world.now_ms + ms
        while (due := self.world.timers.peek()) is not None and due.due_ms <= until_ms:
            self.world.apply(Elapse(due.due_ms))
            self.world.apply(Fire())
        self.world.apply(Elapse(until_ms))

    def call(self, user: str, method: str, **params: Any) -> Any:
        """Call a method of a user's SDK, whose connection is opened if need be."""
        sdk, view = self._adapter.sdk, self.world.views[self._adapter.name]
        assert sdk is not None
        if user not in self._opened:
            self.world.apply(Connect(self._adapter.name, user, False))
            self._opened[user] = next(reversed(self.world.members.all))
        member = self.world.members.all[self._opened[user]]
        given, _ = sdk.decode(member, method, params, view, wall_ms=self.world.now_ms)
        answer = self.apply(method, given)
        return sdk.result(answer, method, view)

    def apply(self, operation: str, given: Input) -> Answer:
        """Make a call that is decoded already; it must be answered, and not refused."""
        answer = self.world.apply(Call(self._adapter.name, operation, given))
        assert isinstance(answer, Answer), (operation, answer)
        assert not answer.row, (operation, answer)
        return answer

    def drop(self, user: str) -> None:
        member = self.world.members.all[self._opened[user]]
        self.world.apply(Drop(member.id, member.epoch, "lost"))

    def room(self, name: str, given: Input) -> None:
        """Let someone without an SDK join, leave, publish."""
        why = self.world.apply(ChangeRoom(self._adapter.name, name, given))
        assert why is None, why

    def join(self, name: str, uid: str, *, audio: bool = True, video: bool = True) -> None:
        self.room(name, rooms.Join(uid, audio=audio, video=video))

    @property
    def files(self) -> list[tuple[str, str]]:
        """What is stored: buckets and keys."""
        return [(each.bucket, each.key) for each in self.world.objects.files(self.world.now_ms)]

    def shown(self, part: str) -> Told:
        """Say what the one file shows whose key has this in it."""
        (file,) = [each for each in self.files if part in each[1]]
        return told(scene_of(self.world, *file))

    def rendered(self, part: str) -> bytes:
        """Return the bytes of the one file whose key has this in it."""
        (file,) = [each for each in self.files if part in each[1]]
        return rendered_of(self.world, *file)

    def restored(self) -> "Studio":
        """Return a twin, made from a snapshot."""
        twin = Studio(self._adapter)
        twin.world = restore(take(self.world), (self._adapter,))
        return twin
