"""How an Agora task ends: stop or idle exit, the recorder leaves, the upload, the session's end.

Source:
    Stop timeline: sheet §5.3, assumed. Which error wins: sheet §4.2.
"""

from typing import Final, NamedTuple

from msgspec.structs import replace

from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Count,
    Effect,
    Emit,
    Park,
    Refusal,
    Release,
    Reply,
    Retire,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import checks, errors, faults, inputs, reporting
from recording_emulator.vendors.agora.individual import IndividualStart
from recording_emulator.vendors.agora.inputs import TASK, TRANSCODER, UPLOADER, Replied
from recording_emulator.vendors.agora.recorder import LEAVE_CALLED, LEAVE_FAILED
from recording_emulator.vendors.agora.task import State, Task

STOP_BUDGET_MS: Final = 20_000
"""A synchronous stop answers code 50 after 20 s (DS stop page)."""
DEPART_MS: Final = 200
"""From the accepted stop to the recorder's leaving (assumed, sheet §5.3)."""
FATAL: Final = 5
"""``errorLevel`` of what ends a task (DS event 1)."""
ABNORMAL: Final = 1
"""``exitStatus`` of a session that did not end as asked (DS event 11)."""
EXIT_MS: Final = 100
"""From the end of the upload to the end of the session (assumed, sheet §5.3)."""


class Trouble(NamedTuple):
    """What event 1 says of what ends a task: component, code, words; then how the bot leaves."""

    module: int
    code: int
    text: str
    leave_code: int


TROUBLES: Final = {
    "service time_out": Trouble(2, 52, "start timeout", LEAVE_FAILED),
    "token reject": Trouble(0, 110, "invalid token", LEAVE_FAILED),
    "token expire": Trouble(0, 109, "token expired", LEAVE_FAILED),
    "storage deny": Trouble(1, 32, "invalid storage config", LEAVE_CALLED),
    "storage fail": Trouble(1, 47, "upload failed", LEAVE_CALLED),
    "storage corrupt": Trouble(1, 51, "file error", LEAVE_CALLED),
}
"""What ends a task early, by point and effect.

Source:
    Sheet §6.3 and §6.4 (module, level, code); the texts and the leaveCode are assumed.
"""


def trouble(task: Task, fault: Fault) -> Effect:
    """Let what a fault is about end the task, at once or some time later."""
    given = inputs.Failed(f"{fault.on} {fault.effect}")
    if not fault.after_ms:
        return Tell(Target(TASK, task.resource), given)
    return Arm(fault.on, fault.after_ms, given, Tempo.LONG)


def on_stop(task: Task, given: inputs.Stop, view: View) -> Step | Refusal:
    if given.problem != checks.FINE:
        problem = given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    leaving = (
        Cancel("boot"),
        Cancel("length"),
        Arm("depart", DEPART_MS, inputs.Depart(), Tempo.SHORT),
    )
    stopping = replace(task, state=State.STOPPING)
    if not view.peek(Target(UPLOADER, task.resource)).media:
        hint = "nobody published anything this task subscribes to"
        return Step(stopping, (*leaving, Reply(task.replied, errors.NO_DATA, hint)))
    if given.at_once:
        spelled = "unknow" if view.settings.profile == "legacy" else "unknown"  # CN23, DS
        return Step(stopping, (*leaving, Reply(_stopped(stopping, view, spelled))))
    return Step(stopping, (*leaving, Park(STOP_BUDGET_MS, inputs.StopOverdue())))


def _stopped(task: Task, view: View, status: str) -> Replied:
    return replace(task.replied, serverResponse=reporting.stopped(task, view, status))


def on_length_cap(task: Task, _given: inputs.LengthCap, _view: View) -> Step:
    effects = (Cancel("boot"), Arm("depart", DEPART_MS, inputs.Depart(), Tempo.SHORT))
    return Step(replace(task, state=State.STOPPING), effects)


def on_depart(task: Task, _given: inputs.Depart, _view: View) -> Step:
    return Step(task, (Tell(task.crew, inputs.Leave(LEAVE_CALLED)),))


def on_failed(task: Task, given: inputs.Failed, _view: View) -> Step:
    """Announce a fatal error (event 1), and let everything end.

    A token cannot be renewed during a task (DS), and there is no way back from the others either.
    """
    what = TROUBLES[given.why]
    details: dict[str, object] = {
        "module": what.module,
        "errorLevel": FATAL,
        "errorCode": what.code,
        "stat": 0,
        "errorMsg": what.text,
    }
    return Step(
        replace(task, state=State.STOPPING, exit_status=ABNORMAL),
        (
            Cancel("boot"),
            Emit("1", task.sid, task.event(details)),
            Tell(task.crew, inputs.Leave(what.leave_code)),
        ),
    )


def on_fault_armed(task: Task, _given: FaultArmed, view: View) -> Step:
    """Ask for faults that can still strike a task under way."""
    points = (faults.STORAGE,) if task.mode == "web" else (faults.TOKEN, faults.STORAGE)
    found = [view.fault(each, task.cname) for each in points]
    return Step(task, tuple(trouble(task, each) for each in found if each is not None))


def on_down(task: Task, _given: inputs.Down, _view: View) -> Step:
    return Step(replace(task, is_reachable=False))


def on_back(task: Task, given: inputs.Back, _view: View) -> Step:
    return Step(replace(task, is_reachable=True, bot_uid=given.uid))


def on_recorder_left(task: Task, given: inputs.RecorderLeft, _view: View) -> Step:
    flush = Tell(Target(UPLOADER, task.resource), inputs.Flush())
    status = task.exit_status if given.is_normal else ABNORMAL
    stopped = replace(task, state=State.STOPPED, exit_status=status)
    timers = ("length", "depart", faults.TOKEN, faults.STORAGE)
    return Step(stopped, (*(Cancel(each) for each in timers), flush))


def on_uploaded(task: Task, given: inputs.Uploaded, view: View) -> Step:
    """Answer a stop that waits; that it says ``unknown`` of files that are lost is assumed."""
    status = "backuped" if given.is_backup else "unknown" if given.is_lost else "uploaded"
    after = replace(task, exit_status=ABNORMAL) if given.is_lost else task
    return Step(
        after,
        (
            Reply(_stopped(task, view, status)),
            Arm("exit", EXIT_MS, inputs.Exit(), Tempo.SHORT),
        ),
    )


def on_stop_overdue(task: Task, _given: inputs.StopOverdue, _view: View) -> Step:
    hint = f"the upload took over {STOP_BUDGET_MS} ms (setting agora.upload_ms)"
    return Step(task, (Reply(task.replied, errors.UPLOAD_TIMEOUT, hint),))


def on_exit(task: Task, _given: inputs.Exit, view: View) -> Step:
    later = _postponed(task, view)
    state = State.ABORTED if task.exit_status == ABNORMAL else State.EXITED
    return Step(
        replace(task, state=state),
        (
            Emit("11", task.sid, task.event({"exitStatus": task.exit_status})),
            Cancel("control"),
            Release(task.identity),
            Release(f"sid:{task.sid}"),
            Count(task.app, -1),
            *later,
            Retire("" if later else task.sid),
        ),
    )


def _postponed(task: Task, view: View) -> tuple[Effect, ...]:
    """Hand what was recorded to the transcoder, if it was asked for."""
    params = task.params
    if not isinstance(params, IndividualStart) or params.postponed is None:
        return ()
    box = view.peek(Target(UPLOADER, task.resource))
    if not box.media:
        return ()
    job = inputs.Postpone(
        prepared=box.prepared,
        tracks=box.media,
        kind=params.postponed.transConfig.transMode,
        suffix=params.postponed.suffix,
        vendor=params.storageConfig.vendor,
        region=params.storageConfig.region,
    )
    return (Tell(Target(TRANSCODER, task.resource), job),)
