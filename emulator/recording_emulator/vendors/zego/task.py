"""The ZEGO task as it is kept, and what it says of itself.

Source:
    ``Status``: sheet §0 and §5.1 (DOC).
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import Emit, Reply
from recording_emulator.vendors.zego.bodies import LayoutBody, StartBody
from recording_emulator.vendors.zego.inputs import Event, Said


class State(StrEnum):
    """Where a task stands; all but the first are the numbers of ``Status``."""

    ABSENT = "absent"
    INIT = "init"
    RECORDING = "recording"
    PAUSED = "paused"
    ENDED = "ended"
    ABNORMAL = "abnormal"


STATUS: Final = {
    State.INIT: 1,
    State.RECORDING: 2,
    State.ENDED: 3,
    State.ABNORMAL: 4,
    State.PAUSED: 5,
}
LIVE: Final = (State.INIT, State.RECORDING, State.PAUSED)
DONE: Final = Reply(Said())
"""The answer of a call that has nothing to say."""


class Task(msgspec.Struct, frozen=True, gc=False, tag="zego.Task"):
    """One recording job."""

    state: State
    task: str
    app: str = ""
    begin_ms: int = 0
    end_ms: int = 0
    body: StartBody | None = None
    layout: LayoutBody | None = None
    board: str = ""

    @property
    def asked(self) -> StartBody:
        """What the task was started with."""
        assert self.body is not None, self
        return self.body

    @property
    def room(self) -> str:
        return self.body.RoomId if self.body is not None else ""

    @property
    def is_mixed(self) -> bool:
        return self.asked.RecordInputParams.is_mixed

    @property
    def claim(self) -> str:
        own = self.asked.RecordInputParams.ClientTaskId
        return f"client:{self.app}/{own}" if own else ""

    @property
    def counter(self) -> str:
        """What counts the live tasks of an AppId."""
        return f"zego/{self.app}"

    def announce(self, event: str, **details: object) -> Emit:
        """Announce an event of this task, to the place that its start named, if it did."""
        facts = Event(self.app, self.task, self.room, details)
        return Emit(event, self.task, facts, self.asked.RecordOutputParams.CallbackUrl)
