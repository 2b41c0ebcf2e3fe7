"""The ZEGO task's table: which call finds which task, and what each state makes of it.

The actions stand in ``starting``, ``running`` and ``ending``.

Source:
    Sheet §2.2 and §4.2 (which code answers what; DOC, in the wrong mode assumed).
"""

from typing import Final

from recording_emulator.core.machine import (
    Cell,
    Ignore,
    Input,
    Machine,
    Refusal,
    Refuse,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.vendors.zego import ending, errors, inputs, running, starting
from recording_emulator.vendors.zego.inputs import REGISTER, TASK
from recording_emulator.vendors.zego.register import DAYS_MS
from recording_emulator.vendors.zego.task import State, Task


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the task of a call.

    Source:
        Sheet §5.8: reachable for three days from the begin (DOC); that another AppId's task does
        not exist is assumed.
    """
    if isinstance(given, inputs.DescribeTasks):
        return Target(REGISTER, "")
    if isinstance(given, inputs.StartRecord):
        return Target(TASK, _claimed(given, view) or starting.coming_task(given, view))
    assert isinstance(given, inputs.TaskCall)
    task: Task | None = view.peek(Target(TASK, given.task))
    if task is None or task.app != given.app:
        hint = "no StartRecord of this AppId returned this TaskId, or it was long ago"
        return Refusal(errors.NO_TASK, hint)
    if view.now_ms - task.begin_ms > DAYS_MS:
        return Refusal(errors.NO_TASK, "the task began over 3 days ago")
    return Target(TASK, given.task)


def _claimed(given: inputs.StartRecord, view: View) -> str | None:
    """Return the task that the caller's own key stands for, if it can still be asked for."""
    holder = view.holder(given.claim) if given.claim else None
    task = view.peek(Target(TASK, holder)) if holder is not None else None
    is_kept = task is not None and view.now_ms - task.begin_ms <= DAYS_MS
    return holder if is_kept else None


# --- the table -----------------------------------------------------------------------------------

_NO_TASK: Final = Refuse(errors.NO_TASK)
_STOPPED: Final = Refuse(
    errors.STOPPED, "it was stopped, or it stopped by itself: MaxIdleTime, MaxRecordTime"
)
_NOT_PAUSED: Final = Refuse(errors.NOT_PAUSED, "only a task that PauseRecord paused is resumed")
_TOO_EARLY: Final = Refuse(errors.INVALID, "the recorder is not in the room yet: status 1")
_RESTING: Final = Refuse(errors.INVALID, "there is no picture while the task is paused")
_OVER: Final = Ignore("the task ended in the same instant")


def _live(state: State) -> dict[type, Cell]:
    invalid = (errors.INVALID,)
    return {
        inputs.StartRecord: do(starting.on_again, state),
        inputs.StopRecord: do(ending.on_stop, State.ENDED),
        inputs.DescribeRecordStatus: do(running.on_describe, state),
        inputs.UpdateLayout: do(running.on_layout, state, refusals=invalid),
        inputs.UpdateWhiteboard: do(running.on_whiteboard, state, refusals=invalid),
        inputs.PauseRecord: do(running.on_pause, State.PAUSED, refusals=invalid),
        inputs.ResumeRecord: _NOT_PAUSED,
        inputs.TakeSnapshot: do(running.on_snapshot, state, refusals=invalid),
        inputs.LengthCap: do(ending.on_length_cap, State.ABNORMAL),
        inputs.Failed: do(ending.on_failed, State.ABNORMAL),
    }


def _over(state: State) -> dict[type, Cell]:
    return {
        inputs.StartRecord: do(starting.on_again, state),
        inputs.StopRecord: _STOPPED,
        inputs.DescribeRecordStatus: do(running.on_describe, state),
        inputs.UpdateLayout: _STOPPED,
        inputs.UpdateWhiteboard: _STOPPED,
        inputs.PauseRecord: _STOPPED,
        inputs.ResumeRecord: _STOPPED,
        inputs.TakeSnapshot: _STOPPED,
        inputs.Failed: _OVER,
        inputs.Uploaded: do(ending.on_uploaded, state),
    }


TABLE: Final[Table] = {
    State.ABSENT: {
        inputs.StartRecord: do(
            starting.on_start, State.INIT, refusals=(errors.INVALID, errors.CONCURRENCY)
        ),
        inputs.StopRecord: _NO_TASK,
        inputs.DescribeRecordStatus: _NO_TASK,
        inputs.UpdateLayout: _NO_TASK,
        inputs.UpdateWhiteboard: _NO_TASK,
        inputs.PauseRecord: _NO_TASK,
        inputs.ResumeRecord: _NO_TASK,
        inputs.TakeSnapshot: _NO_TASK,
    },
    State.INIT: {
        **_live(State.INIT),
        inputs.PauseRecord: _TOO_EARLY,
        inputs.TakeSnapshot: _TOO_EARLY,
        inputs.Join: do(starting.on_join, State.RECORDING, State.ABNORMAL),
    },
    State.RECORDING: _live(State.RECORDING),
    State.PAUSED: {
        **_live(State.PAUSED),
        inputs.PauseRecord: do(running.on_pause_again, State.PAUSED),
        inputs.ResumeRecord: do(running.on_resume, State.RECORDING),
        inputs.TakeSnapshot: _RESTING,
    },
    State.ENDED: _over(State.ENDED),
    State.ABNORMAL: _over(State.ABNORMAL),
}

MACHINE: Final = Machine(
    name=TASK,
    table=TABLE,
    blank=lambda key: Task(State.ABSENT, key),
    client_inputs=(
        inputs.StartRecord,
        inputs.StopRecord,
        inputs.DescribeRecordStatus,
        inputs.UpdateLayout,
        inputs.UpdateWhiteboard,
        inputs.PauseRecord,
        inputs.ResumeRecord,
        inputs.TakeSnapshot,
    ),
)
