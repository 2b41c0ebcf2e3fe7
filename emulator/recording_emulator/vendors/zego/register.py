"""The register of tasks: the list that DescribeTasks asks for.

Source:
    Sheet §2.2 (fields and windows; DOC), §3 (answer; DOC; what a status stands for is assumed).
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.clock import iso
from recording_emulator.core.machine import Machine, Refusal, Reply, Step, Table, View, do
from recording_emulator.vendors.zego import checks, errors, inputs
from recording_emulator.vendors.zego.inputs import REGISTER, TASK, Said
from recording_emulator.vendors.zego.task import LIVE, STATUS, Task

DAYS_MS: Final = 3 * 86_400_000
"""Tasks that began within three days can be asked for (DOC)."""
RUNNING: Final = 2
"""``Status`` that asks for live tasks; 3 asks for ended ones (DOC)."""


class State(StrEnum):
    """The register is always there."""

    UP = "up"


class Register(msgspec.Struct, frozen=True, gc=False, tag="zego.Register"):
    """The register; it keeps nothing that the tasks do not know."""

    state: State


def on_list(register: Register, given: inputs.DescribeTasks, view: View) -> Step | Refusal:
    problem = _window_problem(given, view)
    if problem is not None:
        return Refusal(errors.INVALID, problem.hint, says=problem.says)
    found = [each for each in reversed(view.every(TASK)) if _fits(each, given)]
    found.sort(key=lambda task: -task.begin_ms)
    first = (given.page - 1) * given.size
    data: dict[str, Any] = {
        "PageOffset": given.page,
        "PageSize": given.size,
        "TotalCount": len(found),
        "TaskidList": [_listed(each) for each in found[first : first + given.size]],
    }
    return Step(register, (Reply(Said(data)),))


def _window_problem(given: inputs.DescribeTasks, view: View) -> checks.Problem | None:
    now = f"this tenant's clock reads {iso(view.now_ms)}, {view.now_ms}"
    if given.start_ms < view.now_ms - DAYS_MS:
        return checks.invalid("StartTime", f"StartTime is over 3 days ago; {now}")
    if given.end_ms <= given.start_ms:
        return checks.invalid("EndTime", "EndTime is after StartTime")
    if given.end_ms - given.start_ms > DAYS_MS:
        return checks.invalid("EndTime", "between StartTime and EndTime lie at most 3 days")
    return None


def _fits(task: Task, given: inputs.DescribeTasks) -> bool:
    return (
        task.app == given.app
        and given.room in ("", task.room)
        and given.start_ms <= task.begin_ms <= given.end_ms
        and (task.state in LIVE) == (given.status == RUNNING)
    )


def _listed(task: Task) -> dict[str, Any]:
    return {
        "RecordBeginTimestamp": task.begin_ms,
        "TaskId": task.task,
        "RoomId": task.room,
        "Status": STATUS[task.state],
    }


TABLE: Final[Table] = {
    State.UP: {inputs.DescribeTasks: do(on_list, State.UP, refusals=(errors.INVALID,))}
}

MACHINE: Final = Machine(REGISTER, TABLE, lambda _key: Register(State.UP), (inputs.DescribeTasks,))
