"""The Agora task: from ``acquire`` to ``session_exit``, with the vendor's status numbers as states.

Recorder and uploader are machines of their own (``recorder.py``, ``uploader.py``); this one boots
them, tells them to leave and to flush, and answers the client.

Source:
    Status numbers: sheet §3.1 (DS query page). Start and stop timeline: sheet §5.3, assumed. Which
    error wins: sheet §4.2 and §4.4 (start decision table).
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Cell,
    Claim,
    Count,
    Effect,
    Emit,
    Ignore,
    Input,
    Machine,
    Park,
    Refusal,
    Refuse,
    Release,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import errors, inputs, requests
from recording_emulator.vendors.agora.bodies import RecordingConfig, StartParams, Subscription
from recording_emulator.vendors.agora.files import Layout, listed
from recording_emulator.vendors.agora.inputs import Event, Replied
from recording_emulator.vendors.agora.recorder import LEAVE_CALLED, RECORDER
from recording_emulator.vendors.agora.uploader import UPLOADER

TASK: Final = "agora.task"

RESOURCE_TTL_MS: Final = 300_000
"""A resource must be started within 5 minutes (DS acquire page)."""
STOP_BUDGET_MS: Final = 20_000
"""A synchronous stop answers code 50 after 20 s (DS stop page)."""
BOOT_MS: Final = (500, 500, 1_000, 1_000)
"""From status 0 to 1, 2, 3 and 4 (assumed, sheet §5.3)."""
DEPART_MS: Final = 200
EXIT_MS: Final = 100
HOUR_MS: Final = 3_600_000
AUDIO_KBPS: Final = (48, 128, 192)
RECORDING_MODE_MIX: Final = 0
"""``recordingMode`` of event 3 (CN23; DS has it the other way round)."""


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
}
BOOTING: Final = (State.NOT_STARTED, State.INITIALIZED, State.STARTING, State.PARTLY_UP)
RUNNING: Final = (*BOOTING, State.READY, State.IN_PROGRESS)


class Task(msgspec.Struct, frozen=True, tag="agora.Task"):
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
    params: StartParams | None = None
    layout: Layout | None = None
    is_controllable: bool = True
    is_uploaded: bool = False

    @property
    def identity(self) -> str:
        """What makes a recording one of a kind: (appid, cname, uid) (DS)."""
        return f"live:{self.app}/{self.cname}/{self.uid}"

    @property
    def replied(self) -> Replied:
        return Replied(self.cname, self.uid, self.resource, self.sid)


# --- before a task exists ------------------------------------------------------------------------


def resource_key(given: inputs.Acquire) -> str:
    """Return what the ids of a resource are drawn by."""
    return f"{given.app}/{given.cname}/{given.uid}"


def on_acquire(task: Task, given: inputs.Acquire, view: View) -> Step | Refusal:
    hint = requests.channel_problem(given.cname)
    if hint:
        return Refusal(errors.BAD_CHANNEL, hint)
    if view.settings.account == "suspended":
        return Refusal(errors.SUSPENDED, "this tenant's setting agora.account is 'suspended'")
    if view.count(given.app) >= view.settings.concurrency:
        limit = view.settings.concurrency
        return Refusal(errors.OVERLOADED, f"{limit} tasks are live (setting agora.concurrency)")
    if view.is_full:
        return Refusal(errors.NO_CAPACITY, "the tenant's live_limit of things is reached")
    if given.params is None:
        return Refusal(errors.INVALID, given.problem.hint, says=given.problem.says)
    view.draw("agora.resource", resource_key(given), 190)
    acquired = Task(
        state=State.ACQUIRED,
        resource=task.resource,
        app=given.app,
        cname=given.cname,
        uid=given.uid,
        scene=given.params.scene,
        expire_hours=given.params.resourceExpiredHour,
        start_parameter=given.start_parameter,
        acquired_ms=view.now_ms,
    )
    return Step(
        acquired,
        (
            Arm("resource", RESOURCE_TTL_MS, inputs.ResourceExpires(), Tempo.EXPIRY),
            Reply(acquired.replied),
        ),
    )


def on_expire(task: Task, _given: inputs.ResourceExpires, _view: View) -> Step:
    return Step(replace(task, state=State.EXPIRED), (Retire(),))


# --- start ---------------------------------------------------------------------------------------


def on_start(task: Task, given: inputs.Start, view: View) -> Step | Refusal:
    if (given.app, given.cname, given.uid) != (task.app, task.cname, task.uid):
        return Refusal(errors.MISMATCH, _mismatch(task, given), facts=task.replied)
    holder = view.holder(task.identity)
    if holder is not None:
        hint = f"resource {holder[:12]}… records {task.cname!r} as {task.uid} already"
        return Refusal(errors.CONFLICT, hint, facts=task.replied)
    problem = _start_problem(task, given)
    if problem is not None or given.params is None:
        problem = problem or given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    config = given.params.recordingConfig
    sid = view.derive("agora.sid", task.resource, 16).hex()
    layout = Layout(
        sid=sid,
        cname=task.cname,
        prefix=given.params.storageConfig.prefix,
        stream_types=config.streamTypes,
        kbps=_kbps(config),
        movies="mp4" in given.params.recordingFileConfig.avFileType,
        comma='"correctEXTINF":true' in config.privateParams.replace(" ", ""),
    )
    started = replace(
        task,
        state=State.NOT_STARTED,
        sid=sid,
        mode=given.mode,
        started_ms=view.now_ms,
        params=given.params,
        layout=layout,
    )
    return Step(started, _start_effects(started, config, layout, view))


def _start_problem(task: Task, given: inputs.Start) -> requests.Problem | None:
    if task.scene == 1:
        return requests.invalid("start", "mode", "scene 1 of acquire is for web mode")
    if given.params is not None and task.start_parameter not in ("", given.raw):
        hint = "clientRequest is not the startParameter that acquire was given"
        return requests.invalid("start", "clientRequest", hint)
    return None


def _kbps(config: RecordingConfig) -> int:
    audio = AUDIO_KBPS[config.audioProfile] if config.streamTypes != 1 else 0
    return audio + (config.transcodingConfig.bitrate if config.streamTypes != 0 else 0)


def _start_effects(
    task: Task, config: RecordingConfig, layout: Layout, view: View
) -> tuple[Effect, ...]:
    assert task.params is not None
    listed_uids = requests.subscription(config)
    assert isinstance(listed_uids, Subscription)
    prepare = inputs.Prepare(
        app=task.app,
        sid=task.sid,
        cname=task.cname,
        uid=task.uid,
        bucket=task.params.storageConfig.bucket,
        layout=layout,
        channel_type=config.channelType,
        stream_types=config.streamTypes,
        max_idle_ms=config.maxIdleTime * 1000,
        subscription=listed_uids,
    )
    stand_in = 1 + int.from_bytes(view.derive("agora.audience", task.sid, 4), "big") % (2**32 - 2)
    if str(stand_in) == task.uid:
        stand_in += 1
    cap_h = view.settings.max_recording_h
    cap: tuple[Effect, ...] = ()
    if cap_h is not None:
        cap = (Arm("length", cap_h * HOUR_MS, inputs.LengthCap(), Tempo.LONG),)
    return (
        Cancel("resource"),
        Arm("control", task.expire_hours * HOUR_MS, inputs.ControlEnds(), Tempo.EXPIRY),
        Arm("boot", BOOT_MS[0], inputs.Boot(), Tempo.SHORT),
        *cap,
        Claim(task.identity),
        Claim(f"sid:{task.sid}"),
        Count(task.app, 1),
        Tell(Target(RECORDER, task.resource), prepare),
        Tell(Target(UPLOADER, task.resource), prepare),
        Tell(Target("room", f"agora/{task.cname}"), rooms.Populate(str(stand_in))),
        Reply(task.replied),
    )


def on_boot(task: Task, _given: inputs.Boot, _view: View) -> Step:
    reached = RUNNING[RUNNING.index(task.state) + 1]
    effects: list[Effect] = []
    if reached is State.PARTLY_UP:
        effects.append(Tell(Target(UPLOADER, task.resource), inputs.PowerOn()))
    if reached is State.READY:
        effects.append(Tell(Target(RECORDER, task.resource), inputs.Enter()))
    else:
        effects.append(Arm("boot", BOOT_MS[STATUS[reached]], inputs.Boot(), Tempo.SHORT))
    return Step(replace(task, state=reached), tuple(effects))


def on_first_file(task: Task, _given: inputs.FirstFile, _view: View) -> Step:
    return Step(replace(task, state=State.IN_PROGRESS))


# --- while it runs -------------------------------------------------------------------------------


def on_query(task: Task, _given: inputs.Query, view: View) -> Step:
    body = {"status": STATUS[task.state], **_file_list(task, view)}
    body["sliceStartTime"] = _first_ms(task, view)
    return Step(task, (Reply(replace(task.replied, serverResponse=body)),))


def _file_list(task: Task, view: View) -> dict[str, object]:
    layout, uploader = task.layout, view.peek(Target(UPLOADER, task.resource))
    assert layout is not None
    if not layout.movies:
        return {"fileListMode": "string", "fileList": layout.playlist}
    has_ended = task.state in (State.STOPPED, State.EXITED)
    files = listed(layout, uploader.segments, view.now_ms, has_ended)
    return {"fileListMode": "json", "fileList": files}


def _first_ms(task: Task, view: View) -> int:
    segments = view.peek(Target(UPLOADER, task.resource)).segments
    return int(segments[0][0]) if segments else 0


def on_update(task: Task, given: inputs.Update, _view: View) -> Step | Refusal:
    problem: requests.Problem | None = given.problem
    assert task.params is not None
    if problem is requests.FINE or problem == requests.FINE:
        problem = None
        if given.subscription is not None:
            types = task.params.recordingConfig.streamTypes
            problem = requests.medium_problem_of_update(given.subscription, types)
    if problem is not None:
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    effects: tuple[Effect, ...] = (Reply(task.replied),)
    if given.storage is not None:
        task = replace(task, params=replace(task.params, storageConfig=given.storage))
    if given.subscription is not None:
        told = inputs.Resubscribe(given.subscription)
        effects = (Tell(Target(RECORDER, task.resource), told), *effects)
    return Step(task, effects)


def on_update_layout(task: Task, given: inputs.UpdateLayout, _view: View) -> Step | Refusal:
    if given.picture is None:
        problem = given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    assert task.params is not None
    config = task.params.recordingConfig
    fields = {name: getattr(given.picture, name) for name in given.picture.__struct_fields__}
    picture = replace(config.transcodingConfig, **fields)
    params = replace(task.params, recordingConfig=replace(config, transcodingConfig=picture))
    return Step(replace(task, params=params), (Reply(task.replied),))


def on_control_ends(task: Task, _given: inputs.ControlEnds, _view: View) -> Step:
    return Step(replace(task, is_controllable=False))


# --- the end -------------------------------------------------------------------------------------


def on_stop(task: Task, given: inputs.Stop, view: View) -> Step | Refusal:
    if given.problem != requests.FINE:
        problem = given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    leaving = (
        Cancel("boot"),
        Cancel("length"),
        Arm("depart", DEPART_MS, inputs.Depart(), Tempo.SHORT),
    )
    stopping = replace(task, state=State.STOPPING)
    if not view.peek(Target(UPLOADER, task.resource)).segments:
        hint = "nobody published anything this task subscribes to"
        return Step(stopping, (*leaving, Reply(task.replied, errors.NO_DATA, hint)))
    if given.at_once:
        return Step(stopping, (*leaving, Reply(_stopped(stopping, view, "unknown"))))
    return Step(stopping, (*leaving, Park(STOP_BUDGET_MS, inputs.StopOverdue())))


def _stopped(task: Task, view: View, status: str) -> Replied:
    body = {**_file_list(task, view), "uploadingStatus": status}
    return replace(task.replied, serverResponse=body)


def on_length_cap(task: Task, _given: inputs.LengthCap, _view: View) -> Step:
    effects = (Cancel("boot"), Arm("depart", DEPART_MS, inputs.Depart(), Tempo.SHORT))
    return Step(replace(task, state=State.STOPPING), effects)


def on_depart(task: Task, _given: inputs.Depart, _view: View) -> Step:
    return Step(task, (Tell(Target(RECORDER, task.resource), inputs.Leave(LEAVE_CALLED)),))


def on_recorder_left(task: Task, _given: inputs.RecorderLeft, _view: View) -> Step:
    flush = Tell(Target(UPLOADER, task.resource), inputs.Flush())
    return Step(replace(task, state=State.STOPPED), (Cancel("length"), Cancel("depart"), flush))


def on_uploaded(task: Task, _given: inputs.Uploaded, view: View) -> Step:
    uploaded = replace(task, is_uploaded=True)
    return Step(
        uploaded,
        (
            Reply(_stopped(uploaded, view, "uploaded")),
            Arm("exit", EXIT_MS, inputs.Exit(), Tempo.SHORT),
        ),
    )


def on_stop_overdue(task: Task, _given: inputs.StopOverdue, _view: View) -> Step:
    hint = f"the upload took over {STOP_BUDGET_MS} ms (setting agora.upload_ms)"
    return Step(task, (Reply(task.replied, errors.UPLOAD_TIMEOUT, hint),))


def on_exit(task: Task, _given: inputs.Exit, _view: View) -> Step:
    exited = Event(task.cname, task.uid, task.sid, {"exitStatus": 0})
    return Step(
        replace(task, state=State.EXITED),
        (
            Emit("11", task.sid, exited),
            Cancel("control"),
            Release(task.identity),
            Release(f"sid:{task.sid}"),
            Count(task.app, -1),
            Retire(task.sid),
        ),
    )


# --- which task, and the checks that come before its state ----------------------------------------


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the task of a call: the check "resource" of the vendor's order.

    Source:
        Sheet §4.2-4.3: a garbage resource is 1001, a sid of another resource 1003, an unknown sid
        or a wrong mode 404, other cname, uid or appid than acquire's 432; all assumed.
    """
    if isinstance(given, inputs.Acquire):
        resource = requests.resource_id(view.coming("agora.resource", resource_key(given), 190))
        return Target(TASK, resource)
    assert isinstance(
        given, inputs.Start | inputs.Query | inputs.Update | inputs.UpdateLayout | inputs.Stop
    )
    task: Task | None = view.peek(Target(TASK, given.resource))
    if task is None:
        hint = "no acquire of this tenant returned this resourceId, or it was long ago"
        return Refusal(errors.GARBAGE, hint)
    if isinstance(given, inputs.Start):
        return Target(TASK, given.resource)
    return _located(task, given, view)


def _located(
    task: Task,
    given: inputs.Query | inputs.Update | inputs.UpdateLayout | inputs.Stop,
    view: View,
) -> Target | Refusal:
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
        return Refusal(errors.MISMATCH, _mismatch(task, given), facts=task.replied)
    if not task.is_controllable:
        hint = f"resourceExpiredHour {task.expire_hours} is over; the recording goes on"
        return Refusal(errors.NO_WORKER, hint, facts=task.replied)
    return Target(TASK, given.resource)


def _mismatch(
    task: Task, given: inputs.Start | inputs.Update | inputs.UpdateLayout | inputs.Stop
) -> str:
    asked = (given.cname, given.uid)
    if asked != (task.cname, task.uid):
        return f"acquired for {(task.cname, task.uid)}, called for {asked}"
    return "acquired under another App ID"


def announce_misfit(task: Task, _given: Input, _view: View) -> tuple[Effect, ...]:
    """Announce a call that does not fit the state (event 3)."""
    assert task.layout is not None
    details = {
        "status": STATUS[task.state],
        "recordingMode": RECORDING_MODE_MIX,
        "fileList": task.layout.playlist,
    }
    return (Emit("3", task.sid, Event(task.cname, task.uid, task.sid, details)),)


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
    announce=announce_misfit,
    tell=lambda task: task.replied,
)
_EXITING: Final = Refuse(
    errors.EXITING, "the task is on its way out already", tell=lambda task: task.replied
)
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
        inputs.Query: do(on_query, state),
        inputs.Update: do(on_update, state, refusals=invalid),
        inputs.UpdateLayout: do(on_update_layout, state, refusals=invalid),
        inputs.Stop: do(on_stop, State.STOPPING, refusals=invalid),
        inputs.ControlEnds: do(on_control_ends, state),
    }


TABLE: Final[Table] = {
    State.ABSENT: {
        inputs.Acquire: do(
            on_acquire,
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
            on_start,
            State.NOT_STARTED,
            refusals=(errors.MISMATCH, errors.CONFLICT, errors.INVALID),
        ),
        inputs.ResourceExpires: do(on_expire, State.EXPIRED),
    },
    State.EXPIRED: {**_NO_CALLS, inputs.Start: _SPENT},
    **{
        state: {
            **_running(state),
            inputs.Boot: do(on_boot, RUNNING[index + 1]),
            inputs.LengthCap: do(on_length_cap, State.STOPPING),
        }
        for index, state in enumerate(BOOTING)
    },
    State.READY: {
        **_running(State.READY),
        inputs.LengthCap: do(on_length_cap, State.STOPPING),
        inputs.FirstFile: do(on_first_file, State.IN_PROGRESS),
        inputs.RecorderLeft: do(on_recorder_left, State.STOPPED),
    },
    State.IN_PROGRESS: {
        **_running(State.IN_PROGRESS),
        inputs.LengthCap: do(on_length_cap, State.STOPPING),
        inputs.RecorderLeft: do(on_recorder_left, State.STOPPED),
    },
    State.STOPPING: {
        **_running(State.STOPPING),
        inputs.Update: _GONE,
        inputs.UpdateLayout: _GONE,
        inputs.Stop: _EXITING,
        inputs.FirstFile: _LATE,
        inputs.Depart: do(on_depart, State.STOPPING),
        inputs.RecorderLeft: do(on_recorder_left, State.STOPPED),
        inputs.StopOverdue: do(on_stop_overdue, State.STOPPING),
    },
    State.STOPPED: {
        **_running(State.STOPPED),
        inputs.Update: _GONE,
        inputs.UpdateLayout: _GONE,
        inputs.Stop: _EXITING,
        inputs.FirstFile: _LATE,
        inputs.StopOverdue: do(on_stop_overdue, State.STOPPED),
        inputs.Uploaded: do(on_uploaded, State.STOPPED),
        inputs.Exit: do(on_exit, State.EXITED),
    },
    State.EXITED: {**_NO_CALLS, inputs.Start: _SPENT},
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
