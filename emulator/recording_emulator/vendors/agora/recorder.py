"""The recorder: a bot in the channel that hears what it subscribes to, and leaves when idle.

Source:
    Idle: communication channels count everybody, live ones only hosts (sheet §5.2, DS). Events and
    their order: sheet §6.3 and §6.4, the order assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import ids, rooms
from recording_emulator.core.casts import Seen
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Cell,
    Effect,
    Emit,
    Ignore,
    Machine,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import faults, inputs
from recording_emulator.vendors.agora.bodies import Subscription
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import AUDIO, MIXED, PICTURES, TRACKS, VIDEO
from recording_emulator.vendors.agora.inputs import RECORDER, TASK, UPLOADER
from recording_emulator.vendors.agora.panes import MAX_PANES, panes

LEAVE_FAILED: Final = 0
"""``leaveCode`` of a recorder that cannot stay (DS event 41: init failed)."""
LEAVE_IDLE: Final = 4
"""``leaveCode`` of a channel without users (DS event 41)."""
LEAVE_CALLED: Final = 16
"""``leaveCode`` of leaveChannel (DS event 41); that a kicked bot reports it too is assumed."""
MAX_FAILOVERS: Final = 3
"""High availability helps three times a task; the fourth failure ends it (DS best practices)."""
RECOVERY_MS: Final = 28_000
"""From a recorder's death to its successor: at most 30 s (DS); the number is assumed."""


class State(StrEnum):
    """Where the bot is; DOWN is dead, with a successor on its way."""

    OUT = "out"
    WAITING = "waiting"
    RECORDING = "recording"
    DOWN = "down"
    LEFT = "left"


class Recorder(msgspec.Struct, frozen=True, gc=False, tag="agora.Recorder"):
    """The bot of one task, and whom it hears and sees right now.

    ``order`` has all of them, in the order in which they came.
    """

    state: State
    key: str
    prepared: inputs.Prepare | None = None
    heard: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    is_idle: bool = False
    failovers: int = 0


def on_prepare(bot: Recorder, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(bot, prepared=given))


def on_enter(bot: Recorder, _given: inputs.Enter, view: View) -> Step:
    told = task_plan(bot)
    fault = view.fault(faults.RECORDER, told.cname)
    if told.is_oversized or (fault is not None and fault.effect == "fail"):
        return _broken(bot)
    watch = rooms.Watch(Target(RECORDER, bot.key))
    return Step(
        replace(bot, state=State.WAITING),
        (announce(bot, "40", {"status": 0}), Tell(_room(bot), watch), *_struck(fault)),
    )


def _broken(bot: Recorder) -> Step:
    """Leave before anything is recorded: the recorder could not be set up."""
    effects = (
        announce(bot, "41", {"leaveCode": LEAVE_FAILED}),
        Tell(Target(TASK, bot.key), inputs.RecorderLeft(is_normal=False)),
        Retire(),
    )
    return Step(replace(bot, state=State.LEFT), effects)


def _struck(fault: Fault | None) -> list[Effect]:
    """Wait for the moment at which a fault strikes."""
    if fault is None:
        return []
    given = inputs.Strike(fault.effect, fault.for_ms or RECOVERY_MS)
    return [Arm("strike", fault.after_ms, given, Tempo.LONG)]


def on_fault_armed(bot: Recorder, _given: FaultArmed, view: View) -> Step:
    fault = view.fault(faults.RECORDER, task_plan(bot).cname, ("crash", "kick"))
    return Step(bot, tuple(_struck(fault)))


def on_strike(bot: Recorder, given: inputs.Strike, view: View) -> Step:
    if given.effect == "kick":
        return _left(bot, view, LEAVE_CALLED)
    silent = replace(bot, heard=(), seen=(), is_idle=False)
    effects: list[Effect] = [*_track_changes(bot, silent, view), Cancel("idle")]
    if bot.failovers == MAX_FAILOVERS:
        return Step(replace(silent, state=State.LEFT), (*effects, *_gone(bot)))
    effects += [
        Tell(Target(TASK, bot.key), inputs.Down()),
        Arm("recover", given.for_ms, inputs.Recover(), Tempo.LONG),
    ]
    return Step(replace(silent, state=State.DOWN), tuple(effects))


def on_recover(bot: Recorder, _given: inputs.Recover, view: View) -> Step:
    """Let another bot take over, with a uid of its own (DS best practices)."""
    told = task_plan(bot)
    drawn = ids.number(view.draw("agora.failover", told.sid, 4), 1, 2**32 - 1)
    prepared = replace(told, uid=str(drawn))
    other = replace(bot, state=State.OUT, prepared=prepared, failovers=bot.failovers + 1)
    return Step(
        other,
        (
            announce(other, "12", {"newUid": drawn}),
            Tell(Target(UPLOADER, bot.key), inputs.Moved(prepared)),
            Tell(Target(TASK, bot.key), inputs.Back(prepared.uid)),
            Tell(Target(RECORDER, bot.key), inputs.Enter()),
        ),
    )


def on_leave_down(bot: Recorder, _given: inputs.Leave, _view: View) -> Step:
    return Step(replace(bot, state=State.LEFT), (Cancel("recover"), *_gone(bot)))


def _gone(bot: Recorder) -> tuple[Effect, ...]:
    """End without a word: there is nobody left to say it."""
    return (
        Tell(_room(bot), rooms.Unwatch(Target(RECORDER, bot.key))),
        Tell(Target(TASK, bot.key), inputs.RecorderLeft(is_normal=False)),
        Retire(),
    )


def on_room_changed(bot: Recorder, _given: rooms.RoomChanged, view: View) -> Step:
    prepared = task_plan(bot)
    room = view.room(prepared.cname)
    if prepared.uid in room.participants:  # the two kick each other out (DS common errors)
        return _left(bot, view, LEAVE_CALLED)
    return _listen(bot, room, prepared.subscription, view)


def on_resubscribe(bot: Recorder, given: inputs.Resubscribe, view: View) -> Step:
    prepared = replace(task_plan(bot), subscription=given.subscription)
    changed = replace(bot, prepared=prepared)
    if bot.state is State.OUT:
        return Step(changed)
    return _listen(changed, view.room(prepared.cname), given.subscription, view)


def on_rearrange(bot: Recorder, given: inputs.Rearrange, _view: View) -> Step:
    return Step(replace(bot, prepared=replace(task_plan(bot), picture=given.picture)))


def cast(bot: Recorder) -> list[Seen]:
    """Say whom the bot records, and where it puts them if it mixes."""
    uids = [uid for uid in bot.order if uid in bot.heard or uid in bot.seen]
    if not uids:
        return []
    told = task_plan(bot)
    layout = told.layout
    placed = {} if layout.per_user else panes(told.picture, uids, layout.width, layout.height)
    return [Seen(uid, uid in bot.heard, uid in bot.seen, placed.get(uid)) for uid in uids]


def _listen(bot: Recorder, room: rooms.Room, wanted: Subscription, view: View) -> Step:
    """Compare who is heard and seen with before; announce, open or close, and watch for idle."""
    prepared = task_plan(bot)
    people = room.participants.values()
    with_audio, with_video = prepared.stream_types != 1, prepared.stream_types != 0
    heard = tuple(p.uid for p in people if with_audio and p.audio and wanted.hears(p.uid))
    seen = tuple(p.uid for p in people if with_video and p.video and wanted.sees(p.uid))
    if prepared.max_uids:
        publishing = frozenset((*heard, *seen))
        in_order = [p.uid for p in people if p.uid in publishing]
        counted = frozenset(in_order[: prepared.max_uids])
        heard = tuple(uid for uid in heard if uid in counted)
        seen = tuple(uid for uid in seen if uid in counted)
    is_idle = not (room.hosts if prepared.channel_type == 1 else room.participants)
    state = State.RECORDING if heard or seen else State.WAITING
    recorded = frozenset((*heard, *seen))
    now = replace(
        bot,
        state=state,
        heard=heard,
        seen=seen[:MAX_PANES],
        order=tuple(uid for uid in room.participants if uid in recorded),
        is_idle=is_idle,
    )
    effects = [*_stream_changes(bot, now, view), *_track_changes(bot, now, view)]
    if is_idle and not bot.is_idle:
        effects.append(Arm("idle", prepared.max_idle_ms, inputs.IdleTimeout(), Tempo.LONG))
    elif bot.is_idle and not is_idle:
        effects.append(Cancel("idle"))
    return Step(now, tuple(effects))


def _stream_changes(before: Recorder, after: Recorder, view: View) -> list[Effect]:
    """Announce each source that came or went, then the mixed stream "0" as a whole."""
    media = (("43", before.heard, after.heard), ("44", before.seen, after.seen))
    found: list[Effect] = []
    for event, was, now in media:
        came = [(uid, 0) for uid in now if uid not in was]
        went = [(uid, 1) for uid in was if uid not in now]
        found += [_stream_event(before, event, uid, state, view) for uid, state in came + went]
    if task_plan(before).layout.per_user:
        return found
    for event, was, now in media:
        if bool(was) != bool(now):
            found.append(_stream_event(before, event, MIXED, 0 if now else 1, view))
    return found


def _tracks(bot: Recorder) -> list[tuple[str, int]]:
    """Say which tracks are being recorded: the mixed one, or those of each user."""
    prepared = task_plan(bot)
    if not prepared.layout.per_user:
        return [(MIXED, prepared.stream_types)] if bot.heard or bot.seen else []
    found: list[tuple[str, int]] = []
    for uid in dict.fromkeys((*bot.heard, *bot.seen)):
        if prepared.records and uid in bot.heard:
            found.append((uid, AUDIO))
        if prepared.records and uid in bot.seen:
            found.append((uid, VIDEO))
        if prepared.snapshot_ms and uid in bot.seen:
            found.append((uid, PICTURES))
    return found


def _track_changes(before: Recorder, after: Recorder, view: View) -> list[Effect]:
    """Tell the uploader which tracks closed and opened, and announce those with media."""
    uploader = Target(UPLOADER, before.key)
    was, now = _tracks(before), _tracks(after)
    if was == now:
        return []
    found: list[Effect] = [Tell(uploader, inputs.Closed(*each)) for each in was if each not in now]
    for uid, kind in now:
        if (uid, kind) not in was:
            if kind != PICTURES:
                found.append(_slice_start(after, uid, kind, view))
            found.append(Tell(uploader, inputs.Opened(uid, kind)))
    return found


def _stream_event(bot: Recorder, event: str, uid: str, state: int, view: View) -> Emit:
    details = {"streamUid": uid, "state": state, view.settings.utc_key: view.now_ms}
    return announce(bot, event, details)


def _slice_start(bot: Recorder, uid: str, kind: int, view: View) -> Emit:
    """Announce a track's start; after a gap it says when the last good slice ended."""
    ended_ms = view.peek(Target(UPLOADER, bot.key)).ended_ms(uid, kind)
    return announce(
        bot,
        "42",
        {
            "startUtcMs": view.now_ms,
            "discontinueUtcMs": view.now_ms if ended_ms is None else ended_ms,
            "mixedAllUser": uid == MIXED,
            "streamUid": uid,
            "trackType": TRACKS[kind],
        },
    )


def on_idle(bot: Recorder, _given: inputs.IdleTimeout, view: View) -> Step:
    return _left(bot, view, LEAVE_IDLE)


def on_leave(bot: Recorder, given: inputs.Leave, view: View) -> Step:
    return _left(bot, view, given.code)


def _left(bot: Recorder, view: View, code: int) -> Step:
    silent = replace(bot, heard=(), seen=())
    effects = [
        *_stream_changes(bot, silent, view),
        *_track_changes(bot, silent, view),
        Cancel("idle"),
        Cancel("strike"),
        announce(bot, "41", {"leaveCode": code}),
        Tell(_room(bot), rooms.Unwatch(Target(RECORDER, bot.key))),
        Tell(Target(TASK, bot.key), inputs.RecorderLeft()),
        Retire(),
    ]
    return Step(replace(silent, state=State.LEFT), tuple(effects))


def on_never_entered(bot: Recorder, given: inputs.Leave, _view: View) -> Step:
    if given.code == LEAVE_FAILED:
        return _broken(bot)
    return Step(
        replace(bot, state=State.LEFT),
        (
            Tell(_room(bot), rooms.Unwatch(Target(RECORDER, bot.key))),
            Tell(Target(TASK, bot.key), inputs.RecorderLeft()),
            Retire(),
        ),
    )


def _room(bot: Recorder) -> Target:
    return Target("room", f"agora/{task_plan(bot).cname}")


_IN: Final = (State.WAITING, State.RECORDING)
_INSIDE: Final[dict[type, Cell]] = {
    rooms.RoomChanged: do(on_room_changed, *_IN, State.LEFT),
    inputs.Resubscribe: do(on_resubscribe, *_IN),
    inputs.Rearrange: do(on_rearrange, *_IN),
    inputs.IdleTimeout: do(on_idle, State.LEFT),
    inputs.Leave: do(on_leave, State.LEFT),
    inputs.Strike: do(on_strike, State.DOWN, State.LEFT),
    FaultArmed: do(on_fault_armed, *_IN),
}

TABLE: Final[Table] = {
    State.OUT: {
        inputs.Prepare: do(on_prepare, State.OUT),
        inputs.Enter: do(on_enter, State.WAITING, State.LEFT),
        inputs.Resubscribe: do(on_resubscribe, State.OUT),
        inputs.Rearrange: do(on_rearrange, State.OUT),
        inputs.Leave: do(on_never_entered, State.LEFT),
    },
    State.WAITING: _INSIDE,
    State.RECORDING: _INSIDE,
    State.DOWN: {
        rooms.RoomChanged: Ignore("a dead bot sees nothing; its successor looks when it comes"),
        inputs.Recover: do(on_recover, State.OUT),
        inputs.Leave: do(on_leave_down, State.LEFT),
    },
    State.LEFT: {
        rooms.RoomChanged: Ignore("told in the instant in which the bot left"),
    },
}

MACHINE: Final = Machine(RECORDER, TABLE, lambda key: Recorder(State.OUT, key), cast=cast)
