"""The Agora task as it is kept: from ``acquire`` to ``session_exit``, and what it says of itself.

Source:
    Status numbers: sheet §3.1 (DS query page).
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import Target
from recording_emulator.vendors.agora.files import Layout
from recording_emulator.vendors.agora.individual import IndividualStart
from recording_emulator.vendors.agora.inputs import (
    PAGE,
    RECORDER,
    RECORDING,
    AnyStart,
    Event,
    Replied,
)


class State(StrEnum):
    """Where a task stands; from NOT_STARTED on these are the numbers of ``status``."""

    ABSENT = "absent"
    ACQUIRED = "acquired"
    EXPIRED = "expired"
    NOT_STARTED = "not_started"
    INITIALIZED = "initialized"
    STARTING = "starting"
    PARTLY_UP = "partly_up"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    STOPPING = "stopping"
    STOPPED = "stopped"
    EXITED = "exited"
    ABORTED = "aborted"


STATUS: Final = {
    State.NOT_STARTED: 0,
    State.INITIALIZED: 1,
    State.STARTING: 2,
    State.PARTLY_UP: 3,
    State.READY: 4,
    State.IN_PROGRESS: 5,
    State.STOPPING: 6,
    State.STOPPED: 7,
    State.EXITED: 8,
    State.ABORTED: 20,
}
BOOTING: Final = (State.NOT_STARTED, State.INITIALIZED, State.STARTING, State.PARTLY_UP)
RUNNING: Final = (*BOOTING, State.READY, State.IN_PROGRESS)


class Task(msgspec.Struct, frozen=True, gc=False, tag="agora.Task"):
    """A resource and what became of it."""

    state: State
    resource: str
    app: str = ""
    cname: str = ""
    uid: str = ""
    scene: int = 0
    expire_hours: int = 72
    start_parameter: str = ""
    acquired_ms: int = 0
    sid: str = ""
    mode: str = ""
    started_ms: int = 0
    params: AnyStart | None = None
    layout: Layout | None = None
    is_controllable: bool = True
    is_reachable: bool = True
    bot_uid: str = ""
    exit_status: int = 0
    service_scene: str = RECORDING

    @property
    def identity(self) -> str:
        """What makes a recording one of a kind: (appid, cname, uid) (DS)."""
        return f"live:{self.app}/{self.cname}/{self.uid}"

    @property
    def replied(self) -> Replied:
        return Replied(self.cname, self.uid, self.resource, self.sid)

    @property
    def crew(self) -> Target:
        """Who records: the bot in the channel, or the page recorder."""
        return Target(PAGE if self.mode == "web" else RECORDER, self.resource)

    @property
    def has_stopped(self) -> bool:
        """Whether nothing is recorded any more."""
        return self.state in (State.STOPPED, State.EXITED, State.ABORTED)

    @property
    def has_snapshots(self) -> bool:
        params = self.params
        return isinstance(params, IndividualStart) and params.snapshot_ms > 0

    def event(self, details: dict[str, object]) -> Event:
        """Say something about this task in an event; its uid is that of the bot of these days."""
        uid = self.bot_uid or self.uid
        return Event(self.cname, uid, self.sid, details, self.service_scene)
