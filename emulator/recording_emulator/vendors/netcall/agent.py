"""A PC Agent's local recorder: an mp4 for each member of a call, and one mix of all voices.

It is a program on the user's machine; here it is part of the tenant, so that it is in the journal.
What it writes is an object in the bucket ``disk``, under the account and the path.

Source:
    Sheet §3 (SDK 8.5, nim_vchat_def.h). That a start is announced 50 ms after its answer, a close
    with the answer to a stop, and the fields of an answer beside ``code``, are assumed.
"""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec

from recording_emulator.core.casts import Seen
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Ignore,
    Machine,
    Put,
    Refusal,
    Refuse,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.scenes import Shot
from recording_emulator.core.tiles import Tile
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import errors, faults, files, instance, sessions
from recording_emulator.vendors.netcall.inputs import DEVICE, AgentStart, AgentStop
from recording_emulator.vendors.netcall.instance import Device
from recording_emulator.vendors.netcall.told import (
    AgentBegan,
    AgentBroke,
    AgentDies,
    CallOver,
    Said,
    Unloaded,
)

NAME: Final = instance.RECORDERS[instance.AGENT]
VOICES: Final = "voices"
"""The target of the mix; others are a uid, or an empty text for oneself."""
SIDE_MIN: Final = 16
SIDE_MAX: Final = 1_280
KEPT: Final = 1_000
"""So many paths are remembered as taken."""
NORMAL: Final = 0
OWN: Final = "own"
"""The picture of oneself; that of somebody else has their uid."""


class State(StrEnum):
    """Whether a PC Agent records."""

    IDLE = "idle"
    RECORDING = "recording"
    GONE = "gone"


class Going(msgspec.Struct, frozen=True, gc=False, tag="netcall.Going"):
    """One recording under way; ``is_begun`` says that its start has been announced."""

    target: str
    path: str
    account: str
    started_ms: int
    is_begun: bool = False
    size: tuple[int, int] = files.SIZE
    channel: str = ""
    shot: Shot | None = None


class Agent(msgspec.Struct, frozen=True, tag="netcall.Agent"):
    """The recordings of one PC Agent; ``taken`` are the paths it has written."""

    member: str
    state: State = State.IDLE
    going: tuple[Going, ...] = ()
    taken: tuple[str, ...] = ()

    def of(self, target: str) -> Going | None:
        return next((each for each in self.going if each.target == target), None)


def _unreachable(device: Device) -> str:
    """Return the row a command deserves that cannot reach the agent, or an empty text."""
    if device.state is instance.State.DEAD:
        return errors.AGENT_DEAD
    if device.state is instance.State.QUIET:
        return errors.NO_CONNECTION if device.was_quiet else errors.TYPE_ERROR
    return ""


def _target(device: Device, account: str | None, view: View) -> str | None:
    """Say what is meant; None if the account is nobody's here and the SDK minds that.

    It does not: whom it does not know it takes for oneself.
    """
    if account is None:
        return VOICES
    if account in ("", device.account):
        return ""
    if any(each.account == account for each in instance.in_call(view, device)):
        return str(sessions.uid_of(view, account))
    return "" if view.settings.strict_quirks else None


def on_start(agent: Agent, given: AgentStart, view: View) -> Step | Refusal:
    device = instance.of(view, agent.member)
    row = _unreachable(device)
    if row:
        return Refusal(row, "initSignal comes first")
    target = _target(device, given.account, view)
    if target is None or device.state is not instance.State.TALKING:
        return Refusal(errors.AGENT_NO_CALL, "data flow once the call is taken")
    row, hint = _file_problem(agent, target, given.path, view)
    strike = None if row else view.fault(faults.AGENT, device.channel)
    effect = "" if strike is None else strike.effect
    if effect in faults.REFUSALS:
        row = errors.AGENT_DENIED if effect == "denied" else errors.AGENT_EXISTS
        hint = "by a fault"
    if row:
        return Refusal(row, hint)
    account = (target and given.account) or device.account
    begun = Going(
        target,
        given.path,
        account,
        view.now_ms,
        size=_size(given),
        channel=device.channel,
        shot=_shot(device, target, account, given),
    )
    after = msgspec.structs.replace(
        agent,
        state=State.RECORDING,
        going=(*agent.going, begun),
        taken=(*agent.taken, given.path)[-KEPT:],
    )
    wait_ms = view.settings.agent_start_ms
    effects: list[Effect] = [
        Reply(Said(device.channel, {"code": 200, _key(target): given.path}, device.profile)),
        Arm(f"begin {target}", wait_ms, AgentBegan(target), Tempo.SHORT),
    ]
    if strike is not None and effect == "die":
        after_ms = strike.after_ms + view.settings.agent_heartbeat_ms
        effects.append(Arm("die", after_ms, AgentDies(), Tempo.LONG))
    elif strike is not None:
        broke = AgentBroke(target, faults.BREAKS[effect])
        effects.append(Arm(f"break {target}", strike.after_ms, broke, Tempo.LONG))
    return Step(after, tuple(effects))


def _shot(device: Device, target: str, account: str, given: AgentStart) -> Shot:
    """Say what is to be filmed: all voices, or one of the call, with their own voice or with all.

    Source:
        ``mp4_audio``: nim_vchat_def.h (sheet §3).
    """
    cast = instance.cast_name(instance.where(device))
    if target == VOICES:
        return Shot(cast, ())
    if given.has_all_voices:
        return Shot(cast, (), placed=f"{NAME}/{device.member}/{target or OWN}")
    return Shot(cast, (), account)


def _size(given: AgentStart) -> tuple[int, int]:
    """Return how large the pictures of an mp4 are.

    Source:
        16 to 1280, or else the size of the first one: nim_vchat_def.h (sheet §3). That one side out
        of these bounds is enough for that is assumed, as is how large a first picture is.
    """
    wanted = given.width, given.height
    return wanted if min(wanted) >= SIDE_MIN and max(wanted) <= SIDE_MAX else files.SIZE


def _key(target: str) -> str:
    return "file" if target == VOICES else "mp4_file"


def _file_problem(agent: Agent, target: str, path: str, view: View) -> tuple[str, str]:
    """Say why a file cannot be written: a row and a hint, or empty texts."""
    knobs = view.settings
    if agent.of(target) is not None:
        return errors.AGENT_EXISTS, "this is being recorded already"
    if any(fnmatchcase(path, each) for each in knobs.denied_paths):
        return errors.AGENT_DENIED, "setting denied_paths"
    is_there = any(fnmatchcase(path, each) for each in knobs.existing_paths)
    if is_there or path in agent.taken:
        return errors.AGENT_EXISTS, f"there is a file {path[:80]!r}"
    return "", ""


def on_began(agent: Agent, given: AgentBegan, view: View) -> Step:
    going = agent.of(given.target)
    if going is None:
        return Step(agent)
    begun = msgspec.structs.replace(going, is_begun=True)
    every = tuple(begun if each is going else each for each in agent.going)
    return Step(msgspec.structs.replace(agent, going=every), _began(agent, going, view))


def _began(agent: Agent, going: Going, view: View) -> tuple[Effect, ...]:
    """Announce a start; nothing is announced of the mix of voices (SDK)."""
    if going.target == VOICES:
        return ()
    return (_told(agent, going, view, {"time": view.now_ms}, "start"),)


def _told(agent: Agent, going: Going, view: View, said: dict[str, Any], kind: str) -> Effect:
    whose = {"id": int(going.target)} if going.target else {}
    data = {"mp4_file": going.path, **said, **whose, "type": kind}
    return instance.hear(instance.of(view, agent.member), "recordMp4", data)


def on_stop(agent: Agent, given: AgentStop, view: View) -> Step | Refusal:
    device = instance.of(view, agent.member)
    row = _unreachable(device)
    if row:
        return Refusal(row, "initSignal comes first")
    target = _target(device, given.account, view)
    going = None if target is None else agent.of(target)
    if going is None:
        return Refusal(errors.AGENT_NO_CALL, "nothing of this is being recorded")
    length_ms = view.now_ms - going.started_ms
    answer = {"code": 200, _key(going.target): going.path, "time": length_ms}
    after, effects = _closed(agent, (going,), NORMAL, view)
    return Step(after, (Reply(Said(device.channel, answer, device.profile)), *effects))


def _closed(
    agent: Agent, which: tuple[Going, ...], status: int, view: View
) -> tuple[Agent, tuple[Effect, ...]]:
    """End recordings: the files are kept, and each mp4's end is announced."""
    device = instance.of(view, agent.member)
    effects: list[Effect] = []
    for each in which:
        effects += [Cancel(f"begin {each.target}"), Cancel(f"break {each.target}")]
        if not each.is_begun:
            effects += _began(agent, each, view)
        length_ms = view.now_ms - each.started_ms
        if each.target != VOICES:
            said = {"time": length_ms, "status": status}
            effects.append(_told(agent, each, view, said, "close"))
        kind = "aac" if each.target == VOICES else "mp4"
        clip = files.clip(kind, length_ms, is_sound=kind == "aac", size=each.size)
        path = f"{device.account}/{each.path}"
        media = files.saved(clip, each.shot, each.started_ms, view.now_ms)
        effects.append(Put(files.DISK, path, media, each.channel))
    rest = tuple(each for each in agent.going if each not in which)
    state = State.RECORDING if rest else State.IDLE
    return msgspec.structs.replace(agent, going=rest, state=state), tuple(effects)


def on_broke(agent: Agent, given: AgentBroke, view: View) -> Step:
    going = agent.of(given.target)
    assert going is not None, (agent, given)
    after, effects = _closed(agent, (going,), given.status, view)
    return Step(after, effects)


def on_call_over(agent: Agent, given: CallOver, view: View) -> Step:
    """End everything with the call, or what was recorded of who has left."""
    which = tuple(
        each for each in agent.going if not given.account or each.account == given.account
    )
    after, effects = _closed(agent, which, NORMAL, view)
    return Step(after, effects)


def on_dies(agent: Agent, _given: AgentDies, _view: View) -> Step:
    """Tell the SDK instance; it ends what is recorded."""
    return Step(agent, (Tell(Target(DEVICE, agent.member), AgentDies()),))


def on_unloaded(agent: Agent, _given: Unloaded, view: View) -> Step:
    after, effects = _closed(agent, agent.going, NORMAL, view)
    gone = msgspec.structs.replace(after, state=State.GONE)
    return Step(gone, (*effects, Cancel("die"), Retire()))


CLOSED: Final = Refuse(errors.NO_CONNECTION, "the connection has ended")
DEAF: Final = Ignore("the connection ended in the same instant")
LATE: Final = Ignore("the recording ended in the same instant")
UNREACHABLE: Final = (errors.AGENT_DEAD, errors.NO_CONNECTION, errors.TYPE_ERROR)
FILES: Final = (errors.AGENT_NO_CALL, errors.AGENT_EXISTS, errors.AGENT_DENIED)
START: Final = do(on_start, State.RECORDING, refusals=(*UNREACHABLE, *FILES))
STOP: Final = do(
    on_stop, State.RECORDING, State.IDLE, refusals=(*UNREACHABLE, errors.AGENT_NO_CALL)
)
TABLE: Final[Table] = {
    State.IDLE: {
        AgentStart: START,
        AgentStop: STOP,
        CallOver: Ignore("nothing is recorded"),
        Unloaded: do(on_unloaded, State.GONE),
        AgentDies: do(on_dies, State.IDLE),
        AgentBegan: LATE,
        AgentBroke: LATE,
    },
    State.RECORDING: {
        AgentStart: START,
        AgentStop: STOP,
        AgentBegan: do(on_began, State.RECORDING),
        AgentBroke: do(on_broke, State.RECORDING, State.IDLE),
        AgentDies: do(on_dies, State.RECORDING),
        CallOver: do(on_call_over, State.RECORDING, State.IDLE),
        Unloaded: do(on_unloaded, State.GONE),
    },
    State.GONE: {
        AgentStart: CLOSED,
        AgentStop: CLOSED,
        CallOver: DEAF,
        Unloaded: DEAF,
    },
}


def mixes(agent: Agent) -> dict[str, list[Seen]]:
    """Say how each is filmed alone where all are heard."""
    return {
        each.target or OWN: [Seen(each.account, tile=Tile(0, 0, *each.size))]
        for each in agent.going
        if each.target != VOICES
    }


MACHINE: Final = Machine(NAME, TABLE, Agent, (AgentStart, AgentStop), mixes=mixes)
