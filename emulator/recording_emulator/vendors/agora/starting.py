"""How an Agora task begins: acquire, start, and the components coming up.

Recorder and uploader are machines of their own (``recorder.py``, ``uploader.py``); they are told
here what they are to do.

Source:
    Start timeline: sheet §5.3, assumed. Which error wins: sheet §4.2 and §4.4 (start decision
    table).
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Count,
    Effect,
    Emit,
    Refusal,
    Reply,
    Retire,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import checks, ending, errors, faults, inputs, planning
from recording_emulator.vendors.agora.bodies import StartParams
from recording_emulator.vendors.agora.individual import IndividualStart
from recording_emulator.vendors.agora.inputs import UPLOADER
from recording_emulator.vendors.agora.task import RUNNING, STATUS, State, Task

RESOURCE_TTL_MS: Final = 300_000
"""A resource must be started within 5 minutes (DS acquire page)."""
_CHANNEL_MS: Final = (500, 500, 1_000, 1_000)
LABEL_BYTES: Final = {"modern": 1024, "legacy": 128}
"""How long a page's label may be: DS, and CN23."""
BOOT_MS: Final = {
    "mix": _CHANNEL_MS,
    "individual": _CHANNEL_MS,
    "web": (500, 500, 1_000, 3_000),
}
"""From status 0 to 1, 2, 3 and 4 (assumed, sheet §5.3); a page takes about 5 s in all (DS)."""
HOUR_MS: Final = 3_600_000


def coming_resource(given: inputs.Acquire, view: View) -> str:
    """Return the resource id that an acquire is going to get, without using it up.

    Source:
        About 250 URL-safe characters, used in URLs as they are: sheet §3 (samples); the encoding is
        assumed.
    """
    return ids.urlsafe(view.coming("agora.resource", _resource_key(given), 190))


def _resource_key(given: inputs.Acquire) -> str:
    return f"{given.app}/{given.cname}/{given.uid}"


def on_acquire(task: Task, given: inputs.Acquire, view: View) -> Step | Refusal:
    is_page = given.params is not None and given.params.scene == 1
    hint = checks.channel_problem(given.cname)
    if is_page:
        limit = LABEL_BYTES[view.settings.profile]
        hint = checks.label_problem(given.cname, limit)
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
    view.draw("agora.resource", _resource_key(given), 190)
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


def on_start(task: Task, given: inputs.Start, view: View) -> Step | Refusal:
    if (given.app, given.cname, given.uid) != (task.app, task.cname, task.uid):
        return Refusal(errors.MISMATCH, mismatch(task, given), facts=task.replied)
    holder = view.holder(task.identity)
    if holder is not None:
        hint = f"resource {holder[:12]}… records {task.cname!r} as {task.uid} already"
        return Refusal(errors.CONFLICT, hint, facts=task.replied)
    problem = _start_problem(task, given, view)
    if problem is not None or given.params is None:
        problem = problem or given.problem
        return Refusal(errors.INVALID, problem.hint, facts=task.replied, says=problem.says)
    sid = view.derive("agora.sid", task.resource, 16).hex()
    started = replace(
        task,
        state=State.NOT_STARTED,
        sid=sid,
        mode=given.mode,
        started_ms=view.now_ms,
        params=given.params,
    )
    plan = planning.plan(started, given, view)
    started = replace(started, layout=plan.layout, service_scene=plan.scene)
    return Step(started, _start_effects(started, plan, view))


def _start_problem(task: Task, given: inputs.Start, view: View) -> checks.Problem | None:
    if (task.scene == 1) != (given.mode == "web"):
        return checks.invalid("start", "mode", "scene 1 of acquire is for web mode, and only it")
    if task.scene == 2 and given.mode != "individual":
        return checks.invalid("start", "mode", "scene 2 of acquire is for individual mode")
    params = given.params
    is_refused = view.settings.oversized == "refused"
    if is_refused and isinstance(params, StartParams) and checks.is_oversized(params):
        hint = "width × height is at most 1920 × 1080 (setting agora.oversized)"
        return checks.invalid("start", "transcodingConfig", hint)
    if isinstance(params, IndividualStart) and params.postponed is not None:
        kind = params.postponed.transConfig.transMode
        if kind == "postponeTranscoding" and task.scene != 2:
            hint = "postponed transcoding needs scene 2 of acquire"
            return checks.invalid("start", "combinationPolicy", hint)
    if given.params is not None and task.start_parameter not in ("", given.raw):
        hint = "clientRequest is not the startParameter that acquire was given"
        return checks.invalid("start", "clientRequest", hint)
    return None


def _start_effects(task: Task, prepare: inputs.Prepare, view: View) -> tuple[Effect, ...]:
    cap_h = view.settings.max_recording_h
    cap: tuple[Effect, ...] = ()
    if cap_h is not None:
        cap = (Arm("length", cap_h * HOUR_MS, inputs.LengthCap(), Tempo.LONG),)
    life_s = view.settings.token_ttl_s
    if life_s is not None and task.mode != "web" and task.params is not None and task.params.token:
        cap = (*cap, Arm("token", life_s * 1000, inputs.Failed("token expire"), Tempo.LONG))
    return (
        Cancel("resource"),
        Arm("control", task.expire_hours * HOUR_MS, inputs.ControlEnds(), Tempo.EXPIRY),
        Arm("boot", BOOT_MS[task.mode][0], inputs.Boot(), Tempo.SHORT),
        *cap,
        Claim(task.identity),
        Claim(f"sid:{task.sid}"),
        Count(task.app, 1),
        Tell(task.crew, prepare),
        Tell(Target(UPLOADER, task.resource), prepare),
        *_company(task, view),
        Reply(task.replied),
    )


def _company(task: Task, view: View) -> tuple[Effect, ...]:
    """Let someone be in the channel, if nobody has ever been (a page has none)."""
    if task.mode == "web":
        return ()
    stand_in = ids.number(view.derive("agora.audience", task.sid, 4), 1, 2**32 - 2)
    if str(stand_in) == task.uid:
        stand_in += 1
    return (Tell(Target("room", f"agora/{task.cname}"), rooms.Populate(str(stand_in))),)


def on_boot(task: Task, _given: inputs.Boot, view: View) -> Step:
    reached = RUNNING[RUNNING.index(task.state) + 1]
    effects: list[Effect] = []
    if reached is State.PARTLY_UP and task.mode != "web":
        effects.append(Tell(Target(UPLOADER, task.resource), inputs.PowerOn()))
    if reached is State.READY:
        effects += _entrance(task, view)
    else:
        effects.append(Arm("boot", BOOT_MS[task.mode][STATUS[reached]], inputs.Boot(), Tempo.SHORT))
    return Step(replace(task, state=reached), tuple(effects))


def _entrance(task: Task, view: View) -> list[Effect]:
    """Let the recorder or page begin, unless a fault keeps it from it."""
    service = view.fault(faults.SERVICE, task.cname)
    if service is not None:
        return [ending.trouble(task, service)]
    shown = None if task.mode == "web" else view.fault(faults.TOKEN, task.cname)
    if shown is not None and shown.effect == "reject":
        return [ending.trouble(task, shown)]
    effects: list[Effect] = [Tell(task.crew, inputs.Enter())]
    if view.settings.announce_ha:
        effects.append(Emit("13", task.sid, task.event({})))
    storage = view.fault(faults.STORAGE, task.cname)
    return [
        *effects,
        *(ending.trouble(task, each) for each in (shown, storage) if each is not None),
    ]


def mismatch(
    task: Task, given: inputs.Start | inputs.Update | inputs.UpdateLayout | inputs.Stop
) -> str:
    asked = (given.cname, given.uid)
    if asked != (task.cname, task.uid):
        return f"acquired for {(task.cname, task.uid)}, called for {asked}"
    return "acquired under another App ID"
