"""What is asked of a ZEGO task while it records, and what it says of itself.

Source:
    Sheet §2.2 (calls in the wrong mode or state: assumed), §3 (answers; DOC).
"""

from typing import Any

from msgspec.structs import replace

from recording_emulator.core.machine import Refusal, Reply, Step, Target, Tell, View
from recording_emulator.vendors.zego import checks, ending, errors, inputs, panes, uploader
from recording_emulator.vendors.zego.inputs import RECORDER, UPLOADER, Said
from recording_emulator.vendors.zego.task import DONE, STATUS, State, Task


def _wrong(field: str, hint: str) -> Refusal:
    return Refusal(errors.INVALID, hint, says=checks.invalid(field).says)


def on_describe(task: Task, _given: inputs.DescribeRecordStatus, view: View) -> Step:
    asked = task.asked.RecordInputParams
    data: dict[str, Any] = {
        "RoomId": task.room,
        "RecordMode": asked.RecordMode,
        "StreamType": asked.StreamType,
        "RecordBeginTimestamp": task.begin_ms,
        "RecordEndTimestamp": task.end_ms,
        "Status": STATUS[task.state],
    }
    box = view.peek(Target(UPLOADER, task.task))
    files = uploader.entries(box, view) if box is not None else ()
    return Step(task, (Reply(Said(data, files)),))


def on_layout(task: Task, given: inputs.UpdateLayout, view: View) -> Step | Refusal:
    """Replace the layout; pictures in it that cannot be had are told."""
    if not task.is_mixed:
        return _wrong("TaskId", "UpdateLayout is for mixed tasks")
    video = task.asked.RecordInputParams.mix.MixOutputVideoConfig
    problem = checks.canvas_problem(given.body.MixInputList, video)
    if problem is not None:
        return Refusal(errors.INVALID, problem.hint, says=problem.says)
    told = Tell(Target(RECORDER, task.task), inputs.Rearrange(panes.layout_of(given.body)))
    broken = ending.fetched_views(task, given.body.MixInputList, view)
    return Step(replace(task, layout=given.body), (told, *broken, DONE))


def on_whiteboard(task: Task, given: inputs.UpdateWhiteboard, _view: View) -> Step | Refusal:
    if not task.asked.RecordInputParams.HasWhiteboard:
        return _wrong("TaskId", "the task was started without HasWhiteboard")
    board = inputs.Board(given.board)
    return Step(replace(task, board=given.board), (Tell(Target(RECORDER, task.task), board), DONE))


def on_pause(task: Task, _given: inputs.PauseRecord, _view: View) -> Step | Refusal:
    if not task.is_mixed:
        return _wrong("TaskId", "PauseRecord is for mixed tasks")
    rest = Tell(Target(RECORDER, task.task), inputs.Rest(is_paused=True))
    return Step(replace(task, state=State.PAUSED), (rest, task.announce("201"), DONE))


def on_pause_again(task: Task, _given: inputs.PauseRecord, _view: View) -> Step:
    return Step(task, (DONE,))


def on_resume(task: Task, _given: inputs.ResumeRecord, _view: View) -> Step:
    rest = Tell(Target(RECORDER, task.task), inputs.Rest(is_paused=False))
    return Step(replace(task, state=State.RECORDING), (rest, task.announce("202"), DONE))


def on_snapshot(task: Task, _given: inputs.TakeSnapshot, _view: View) -> Step | Refusal:
    if not task.is_mixed:
        return _wrong("TaskId", "TakeSnapshot is for mixed tasks")
    if task.asked.RecordInputParams.StreamType == 1:
        return _wrong("TaskId", "there is no picture in a task of StreamType 1")
    return Step(task, (Tell(Target(UPLOADER, task.task), inputs.Picture()), DONE))
