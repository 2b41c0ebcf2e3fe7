"""The Agora task's table: which call finds which task, and what each state makes of it.

The actions stand in ``starting``, ``running`` and ``ending``.

Source:
    Which error wins: sheet §4.2 and §4.4 (start decision table).
"""

from typing import Final, TypeAlias

from recording_emulator.core.inputs import FaultArmed
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
from recording_emulator.vendors.agora import ending, errors, inputs, running, starting
from recording_emulator.vendors.agora.inputs import NOTIFIER, TASK
from recording_emulator.vendors.agora.task import BOOTING, RUNNING, State, Task

TaskCall: TypeAlias = inputs.Query | inputs.Update | inputs.UpdateLayout | inputs.Stop
"""A call about a task that was started, which carries its sid."""


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the task of a call: the check "resource" of the vendor's order.

    Source:
        Sheet §4.2-4.3: a garbage resource is 1001, a sid of another resource 1003, an unknown sid
        or a wrong mode 404, other cname, uid or appid than acquire's 432; all assumed.
    """
    if isinstance(given, inputs.Acquire):
        return Target(TASK, starting.coming_resource(given, view))
    if isinstance(given, inputs.NcsIp):
        return Target(NOTIFIER, "")
    assert isinstance(given, inputs.Start | TaskCall), given
    task: Task | None = view.peek(Target(TASK, given.resource))
    if task is None:
        hint = "no acquire of this tenant returned this resourceId, or it was long ago"
        return Refusal(errors.GARBAGE, hint)
    # The target carries the task's own id, not the call's: it stays, as the key of timers.
    where = Target(TASK, task.resource)
    if isinstance(given, inputs.Start):
        return where
    return _misplaced(task, given, view) or where


def _misplaced(task: Task, given: TaskCall, view: View) -> Refusal | None:
    """Say why a call does not belong to the task whose resource it names."""
    if not task.sid or given.sid != task.sid:
        holder = view.holder(f"sid:{given.sid}")
        if holder is not None and holder != task.resource:
            return Refusal(errors.FOREIGN, "the sid belongs to another resourceId")
        why = f"this resource's sid is {task.sid}" if task.sid else "it was never started"
        return Refusal(errors.NO_WORKER, f"unknown sid; {why}")
    if given.mode != task.mode:
        return Refusal(errors.NO_WORKER, f"the task runs in mode {task.mode!r}, not {given.mode!r}")
    if given.app != task.app:
        return Refusal(errors.MISMATCH, "acquired under another App ID", facts=task.replied)
    if not isinstance(given, inputs.Query) and (given.cname, given.uid) != (task.cname, task.uid):
        return Refusal(errors.MISMATCH, starting.mismatch(task, given), facts=task.replied)
    if not task.is_controllable:
        hint = f"resourceExpiredHour {task.expire_hours} is over; the recording goes on"
        return Refusal(errors.NO_WORKER, hint, facts=task.replied)
    if not task.is_reachable:
        hint = "the recorder died; another takes over (event 12), then calls are answered again"
        return Refusal(errors.NO_WORKER, hint, facts=task.replied)
    return None


# --- the table -----------------------------------------------------------------------------------

_TAKEN: Final = Refuse(errors.INTERNAL, "a resource id was drawn twice")
_GARBAGE: Final = Refuse(errors.GARBAGE)
_GONE: Final = Refuse(errors.NO_WORKER, tell=lambda task: task.replied)
_SPENT: Final = Refuse(
    errors.EXPIRED,
    "a resource is used once, within 5 minutes of acquire",
    tell=lambda task: task.replied,
)
_STARTED: Final = Refuse(
    errors.STARTED,
    "read it as success: sid is the running task's",
    announce=running.announce_misfit,
    tell=lambda task: task.replied,
)
_EXITING: Final = Refuse(
    errors.EXITING, "the task is on its way out already", tell=lambda task: task.replied
)
_ASKED_LATE: Final = {
    state: do(running.on_late_query, state, refusals=(errors.LEGACY_EXITING,))
    for state in (State.STOPPING, State.STOPPED)
}
_LATE: Final = Ignore("the first file closed because the recorder was leaving")
_NO_CALLS: Final[dict[type, Cell]] = {
    inputs.Acquire: _TAKEN,
    inputs.Query: _GONE,
    inputs.Update: _GONE,
    inputs.UpdateLayout: _GONE,
    inputs.Stop: _GONE,
}


def _running(state: State) -> dict[type, Cell]:
    invalid = (errors.INVALID,)
    return {
        inputs.Acquire: _TAKEN,
        inputs.Start: _STARTED,
        inputs.Query: do(running.on_query, state),
        inputs.Update: do(running.on_update, state, refusals=invalid),
        inputs.UpdateLayout: do(running.on_update_layout, state, refusals=invalid),
        inputs.Stop: do(ending.on_stop, State.STOPPING, refusals=invalid),
        inputs.ControlEnds: do(running.on_control_ends, state),
    }


def _struck(state: State) -> dict[type, Cell]:
    return {
        inputs.Failed: do(ending.on_failed, State.STOPPING),
        inputs.Down: do(ending.on_down, state),
        inputs.Back: do(ending.on_back, state),
        FaultArmed: do(ending.on_fault_armed, state),
    }


TABLE: Final[Table] = {
    State.ABSENT: {
        inputs.Acquire: do(
            starting.on_acquire,
            State.ACQUIRED,
            refusals=(
                errors.BAD_CHANNEL,
                errors.SUSPENDED,
                errors.OVERLOADED,
                errors.NO_CAPACITY,
                errors.INVALID,
            ),
        ),
        inputs.Start: _GARBAGE,
        inputs.Query: _GARBAGE,
        inputs.Update: _GARBAGE,
        inputs.UpdateLayout: _GARBAGE,
        inputs.Stop: _GARBAGE,
    },
    State.ACQUIRED: {
        **_NO_CALLS,
        inputs.Start: do(
            starting.on_start,
            State.NOT_STARTED,
            refusals=(errors.MISMATCH, errors.CONFLICT, errors.INVALID),
        ),
        inputs.ResourceExpires: do(starting.on_expire, State.EXPIRED),
    },
    State.EXPIRED: {**_NO_CALLS, inputs.Start: _SPENT},
    **{
        state: {
            **_running(state),
            inputs.Boot: do(starting.on_boot, RUNNING[index + 1]),
            inputs.LengthCap: do(ending.on_length_cap, State.STOPPING),
            inputs.Failed: do(ending.on_failed, State.STOPPING),
        }
        for index, state in enumerate(BOOTING)
    },
    State.READY: {
        **_running(State.READY),
        **_struck(State.READY),
        inputs.LengthCap: do(ending.on_length_cap, State.STOPPING),
        inputs.FirstFile: do(running.on_first_file, State.IN_PROGRESS),
        inputs.RecorderLeft: do(ending.on_recorder_left, State.STOPPED),
    },
    State.IN_PROGRESS: {
        **_running(State.IN_PROGRESS),
        **_struck(State.IN_PROGRESS),
        inputs.LengthCap: do(ending.on_length_cap, State.STOPPING),
        inputs.RecorderLeft: do(ending.on_recorder_left, State.STOPPED),
    },
    State.STOPPING: {
        **_running(State.STOPPING),
        inputs.Query: _ASKED_LATE[State.STOPPING],
        inputs.Update: _GONE,
        inputs.UpdateLayout: _GONE,
        inputs.Stop: _EXITING,
        inputs.FirstFile: _LATE,
        inputs.Failed: Ignore("the recorder leaves anyway, a moment later"),
        inputs.Down: Ignore("the recorder died on its way out"),
        inputs.Back: Ignore("another took over, only to leave"),
        inputs.Depart: do(ending.on_depart, State.STOPPING),
        inputs.RecorderLeft: do(ending.on_recorder_left, State.STOPPED),
        inputs.StopOverdue: do(ending.on_stop_overdue, State.STOPPING),
    },
    State.STOPPED: {
        **_running(State.STOPPED),
        inputs.Query: _ASKED_LATE[State.STOPPED],
        inputs.Update: _GONE,
        inputs.UpdateLayout: _GONE,
        inputs.Stop: _EXITING,
        inputs.FirstFile: _LATE,
        inputs.StopOverdue: do(ending.on_stop_overdue, State.STOPPED),
        inputs.Uploaded: do(ending.on_uploaded, State.STOPPED),
        inputs.Exit: do(ending.on_exit, State.EXITED, State.ABORTED),
    },
    State.EXITED: {**_NO_CALLS, inputs.Start: _SPENT},
    State.ABORTED: {**_NO_CALLS, inputs.Start: _SPENT},
}

MACHINE: Final = Machine(
    name=TASK,
    table=TABLE,
    blank=lambda key: Task(State.ABSENT, key),
    client_inputs=(
        inputs.Acquire,
        inputs.Start,
        inputs.Query,
        inputs.Update,
        inputs.UpdateLayout,
        inputs.Stop,
    ),
)
