"""A recording task: it waits for people, has a recording made of them, and ends.

Rules (sheet §3.2): a channel has one at a time; it ends when it is stopped, when the last member
leaves, or with the channel; one whose request held explicit nulls never begins. Its files are made
by the same recorder as NERoom's.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.faults import Effect as FaultEffect
from recording_emulator.core.faults import Point
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Effect,
    Ignore,
    Machine,
    Release,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.surface import Basis, StateRow
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import recorder
from recording_emulator.vendors.neroom.inputs import Begin, Finish, Rearrange, Sending, Track
from recording_emulator.vendors.neroom.nertc.inputs import (
    TASK,
    BeginTask,
    Crash,
    FinishTask,
    Present,
    Relayout,
    Resubscribe,
    Seen,
    Wish,
)

NAME: Final = TASK


class State(StrEnum):
    """Where a task stands."""

    ABSENT = "absent"
    INITIAL = "initial"
    RECORDING = "recording"
    ENDED = "ended"
    ABNORMAL = "abnormal"


WIRE: Final = {State.INITIAL: 0, State.RECORDING: 1, State.ENDED: 2, State.ABNORMAL: 3}
"""How the API shows a state (golang server SDK)."""
ROWS: Final = tuple(
    StateRow(NAME, state, str(WIRE[state]), "server SDK, task state", Basis.OBSERVED)
    for state in WIRE
)
FAULT: Final = "cloudrecord"
POINT: Final = Point(
    FAULT,
    "a recording task of NERTC (cloudrecord)",
    (
        FaultEffect("stuck", "it never begins: state 0, no file"),
        FaultEffect(
            "crash",
            "its recorder dies: state 3; what it has recorded until then is kept",
            (),
            ("after_ms",),
        ),
    ),
)


class Task(msgspec.Struct, frozen=True, tag="neroom.Task"):
    """One task; ``people`` are those in its channel."""

    id: str
    state: State = State.ABSENT
    cid: int = 0
    cname: str = ""
    archive: str = ""
    wish: Wish = Wish()
    is_old: bool = False
    created_ms: int = 0
    ended_ms: int = 0
    people: tuple[Seen, ...] = ()


def claim(cid: int) -> str:
    """Return the name that the task of a channel holds while it lives."""
    return f"task/{cid}"


def told(task: Task) -> dict[str, Any]:
    """Describe a task as the API does: its state, and what it was told to do."""
    return {"taskId": task.id, "state": WIRE[task.state], **task.wish.told}


def summary(task: Task) -> dict[str, Any]:
    """Describe a task for people; its recording has the same id, and its files."""
    return {
        "id": task.id,
        "state": task.state,
        "room": task.cname,
        "cid": task.cid,
        "status": WIRE.get(task.state),
        "started_ms": task.created_ms,
        "ended_ms": task.ended_ms,
    }


def on_begin(task: Task, given: BeginTask, view: View) -> Step:
    wish = given.wish
    if view.fault(FAULT, given.cname, ("stuck",)) is not None:
        wish = msgspec.structs.replace(wish, is_void=True)
    begun = msgspec.structs.replace(
        task,
        state=State.INITIAL,
        cid=given.cid,
        cname=given.cname,
        archive=given.archive,
        wish=wish,
        is_old=given.is_old,
        created_ms=view.now_ms,
    )
    return Step(begun, (Claim(claim(given.cid)),))


def on_first(task: Task, given: Present, view: View) -> Step:
    """Begin to record when somebody is there; it may be the moment of the request."""
    if task.wish.is_void or not given.people:
        return Step(task)
    begun = msgspec.structs.replace(task, state=State.RECORDING, people=given.people)
    begin = Begin(task.archive, task.cname, task.cid, task.wish.config, is_task=True)
    return Step(begun, (Tell(_recorder(task), begin), _sending(begun, view), *_struck(task, view)))


def on_present(task: Task, given: Present, view: View) -> Step:
    after = msgspec.structs.replace(task, people=given.people)
    return Step(after, (_sending(after, view),))


def on_resubscribe(task: Task, given: Resubscribe, view: View) -> Step:
    wish = msgspec.structs.replace(
        task.wish, streams=given.streams, told={**task.wish.told, **given.told}
    )
    after = msgspec.structs.replace(task, wish=wish)
    return Step(after, (_sending(after, view),) if task.state is State.RECORDING else ())


def on_relayout(task: Task, given: Relayout, _view: View) -> Step:
    config = task.wish.config
    if given.layout is not None:
        config = msgspec.structs.replace(config, layout=given.layout)
    wish = msgspec.structs.replace(task.wish, config=config, told={**task.wish.told, **given.told})
    after = msgspec.structs.replace(task, wish=wish)
    if given.layout is None or task.state is not State.RECORDING:
        return Step(after)
    return Step(after, (Tell(_recorder(task), Rearrange(given.layout)),))


def on_finish(task: Task, _given: FinishTask, view: View) -> Step:
    return _ended(task, State.ENDED, view)


def on_crash(task: Task, _given: Crash, view: View) -> Step:
    return _ended(task, State.ABNORMAL, view)


def on_fault_armed(task: Task, _given: FaultArmed, view: View) -> Step:
    return Step(task, _struck(task, view))


def _ended(task: Task, state: State, view: View) -> Step:
    after = msgspec.structs.replace(task, state=state, ended_ms=view.now_ms, people=())
    effects: list[Effect] = [Cancel("crash"), Release(claim(task.cid)), Retire()]
    if task.state is State.RECORDING:
        effects.append(Tell(_recorder(task), Finish()))
    return Step(after, tuple(effects))


def _struck(task: Task, view: View) -> tuple[Effect, ...]:
    fault = view.fault(FAULT, task.cname, ("crash",))
    return () if fault is None else (Arm("crash", fault.after_ms, Crash(), Tempo.LONG),)


def _recorder(task: Task) -> Target:
    return Target(recorder.NAME, task.id)


def _sending(task: Task, view: View) -> Tell:
    """Tell the recorder what is sent of that which is subscribed."""
    streams = task.wish.streams
    tracks = []
    for each in task.people:
        audio = each.audio and streams.has_audio and streams.audio.has(each.number)
        video = each.video and streams.has_video and streams.video.has(each.number)
        if audio or video:
            tracks.append(Track(each.user, each.name, each.number, audio, video, view.now_ms))
    return Tell(_recorder(task), Sending(tuple(tracks)))


LATE: Final = Ignore("the task ended in the same instant")
OVER: Final[dict[type, Ignore]] = dict.fromkeys(
    (Present, Resubscribe, Relayout, FinishTask, Crash), LATE
)
TABLE: Final[Table] = {
    State.ABSENT: {BeginTask: do(on_begin, State.INITIAL)},
    State.INITIAL: {
        Present: do(on_first, State.INITIAL, State.RECORDING),
        Resubscribe: do(on_resubscribe, State.INITIAL),
        Relayout: do(on_relayout, State.INITIAL),
        FinishTask: do(on_finish, State.ENDED),
    },
    State.RECORDING: {
        Present: do(on_present, State.RECORDING),
        Resubscribe: do(on_resubscribe, State.RECORDING),
        Relayout: do(on_relayout, State.RECORDING),
        FinishTask: do(on_finish, State.ENDED),
        Crash: do(on_crash, State.ABNORMAL),
        FaultArmed: do(on_fault_armed, State.RECORDING),
    },
    State.ENDED: OVER,
    State.ABNORMAL: OVER,
}
MACHINE: Final = Machine(NAME, TABLE, Task)
