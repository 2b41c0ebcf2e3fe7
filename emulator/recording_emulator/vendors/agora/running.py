"""What a running Agora task answers: query, update, updateLayout, and calls that do not fit."""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.machine import (
    Effect,
    Emit,
    Input,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.vendors.agora import checks, errors, inputs, reporting, storing
from recording_emulator.vendors.agora.bodies import StartParams
from recording_emulator.vendors.agora.inputs import UPLOADER
from recording_emulator.vendors.agora.task import STATUS, State, Task
from recording_emulator.vendors.agora.web import WebStart

RECORDING_MODES: Final = {"mix": 0, "individual": 1}
"""``recordingMode`` of event 3 (CN23; DS has it the other way round)."""


def on_first_file(task: Task, _given: inputs.FirstFile, _view: View) -> Step:
    return Step(replace(task, state=State.IN_PROGRESS))


def on_query(task: Task, _given: inputs.Query, view: View) -> Step:
    body = reporting.queried(task, view)
    return Step(task, (Reply(replace(task.replied, serverResponse=body)),))


def on_late_query(task: Task, given: inputs.Query, view: View) -> Step | Refusal:
    """Answer for a task on its way out, which the older pages call exiting."""
    if view.settings.profile == "legacy":
        return Refusal(errors.LEGACY_EXITING, "setting agora.profile", facts=task.replied)
    return on_query(task, given, view)


def on_update(task: Task, given: inputs.Update, view: View) -> Step | Refusal:
    assert task.params is not None
    problem = given.problem
    if given.subscription is not None and not isinstance(task.params, WebStart):
        types = task.params.recordingConfig.streamTypes
        problem = checks.medium_problem("update", given.subscription, types) or problem
    if problem != checks.FINE:
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    effects: list[Effect] = []
    if given.storage is not None:
        task = replace(task, params=replace(task.params, storageConfig=given.storage))
        where = storing.place(given.storage, view.settings.storage_endpoints)
        told = inputs.Credentials(given.sts_life_ms, where)
        effects.append(Tell(Target(UPLOADER, task.resource), told))
    if given.subscription is not None:
        effects.append(Tell(task.crew, inputs.Resubscribe(given.subscription)))
    if given.is_held is not None:
        effects.append(Tell(task.crew, inputs.Hold(given.is_held)))
    if given.urls is not None:
        effects.append(Tell(task.crew, inputs.Push(given.urls)))
    return Step(task, (*effects, Reply(task.replied)))


def on_update_layout(task: Task, given: inputs.UpdateLayout, _view: View) -> Step | Refusal:
    if given.picture is None:
        problem = given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    assert isinstance(task.params, StartParams)
    config = task.params.recordingConfig
    fields = {name: getattr(given.picture, name) for name in given.picture.__struct_fields__}
    picture = replace(config.transcodingConfig, **fields)
    params = replace(task.params, recordingConfig=replace(config, transcodingConfig=picture))
    told = Tell(task.crew, inputs.Rearrange(given.picture))
    return Step(replace(task, params=params), (told, Reply(task.replied)))


def on_control_ends(task: Task, _given: inputs.ControlEnds, _view: View) -> Step:
    return Step(replace(task, is_controllable=False))


def announce_misfit(task: Task, _given: Input, view: View) -> tuple[Effect, ...]:
    """Announce a call that does not fit the state (event 3), in the modes it has a number for."""
    if task.mode not in RECORDING_MODES:
        return ()
    details: dict[str, object] = {
        "status": STATUS[task.state],
        "recordingMode": RECORDING_MODES[task.mode],
        "fileList": reporting.named_files(task, view),
    }
    return (Emit("3", task.sid, task.event(details)),)
