"""The recorder: a silent member of the room that hears what is to be recorded, and minds the idle.

Source:
    Sheet §5.3 (idle stop; DOC, what counts while paused or beside the whitelist assumed), §5.9 (a
    recorder that dies; DOC), §6.4 (events 4 and 6; DOC), §6.5 (their moments, assumed).
"""

from collections.abc import Container
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import rooms
from recording_emulator.core.casts import Seen
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import FaultArmed, SettingsChanged
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
from recording_emulator.vendors.zego import faults, inputs
from recording_emulator.vendors.zego.files import AUDIO, VIDEO, WHITEBOARD, Feed, Feeds, Plan
from recording_emulator.vendors.zego.inputs import RECORDER, TASK, UPLOADER, Event
from recording_emulator.vendors.zego.panes import Pane, panes, seated, whole

TICK_MS: Final = 30_000
"""Event 4 comes every 30 s (DOC), counted from the beginning of the task (assumed)."""
RECOVERY_MS: Final = 60_000
"""From a recorder's death to its successor: at most 2 minutes (DOC); the number is assumed."""
MAX_STREAMS: Final = {False: 36, True: 25}
"""How many streams are recorded, one by one and mixed (DOC); the first to join are (assumed)."""
IDLE: Final = 3
"""``quit_reason`` of a room that was idle for too long (DOC)."""


class State(StrEnum):
    """Where the recorder is; DOWN is dead, with a successor on its way."""

    OUT = "out"
    IN = "in"
    DOWN = "down"
    LEFT = "left"


class Recorder(msgspec.Struct, frozen=True, gc=False, tag="zego.Recorder"):
    """The recorder of one task, and what it hears; ``idle_ms`` is when it gives up, if it is idle.

    ``is_alone`` means that there is no stream in the room, ``seats`` who has which view of a mix.
    """

    state: State
    key: str
    plan: Plan | None = None
    feeds: Feeds = Feeds()
    seats: tuple[str, ...] = ()
    is_alone: bool = False
    is_paused: bool = False
    idle_ms: int | None = None

    @property
    def task_plan(self) -> Plan:
        assert self.plan is not None, self
        return self.plan


def on_prepare(bot: Recorder, given: inputs.Prepare, view: View) -> Step:
    """Mind the room from the start; what is in it is recorded later."""
    plan = given.plan
    effects: list[Effect] = [Tell(_room(plan), rooms.Watch(Target(RECORDER, bot.key)))]
    if plan.wanted:
        wait_ms = view.settings.missing_stream_ms
        effects.append(Arm("missing", wait_ms, inputs.Missing(), Tempo.LONG))
    return Step(replace(bot, plan=plan), tuple(effects))


def on_room_changed(bot: Recorder, _given: rooms.RoomChanged, view: View) -> Step:
    return _look(bot, view)


def _look(bot: Recorder, view: View, *, is_first: bool = False) -> Step:
    """Compare the room with before: is anybody there, is it idle, what is to be recorded."""
    plan = bot.task_plan
    people = view.room(plan.room).participants.values()
    streams = [each for each in people if each.audio or each.video]
    has_board = plan.has_board and any(each.board for each in people)
    minds = view.settings.idle_while_paused or not bot.is_paused
    is_idle = not streams and not has_board and minds
    idle_ms = bot.idle_ms if is_idle else None
    effects: list[Effect] = []
    if not streams and not bot.is_alone:
        effects += _ticking(plan, view)
    elif streams and bot.is_alone:
        effects.append(Cancel("tick"))
    if is_idle and bot.idle_ms is None:
        idle_ms = view.now_ms + plan.max_idle_ms
        effects.append(Arm("idle", plan.max_idle_ms, inputs.IdleTimeout(), Tempo.LONG))
    elif not is_idle and bot.idle_ms is not None:
        effects.append(Cancel("idle"))
    feeds = bot.feeds
    if bot.state is State.IN:
        feeds = Feeds(_feeds(plan, streams), has_board and bool(plan.board), bot.is_paused)
        if feeds != bot.feeds or is_first:
            effects.append(Tell(Target(UPLOADER, bot.key), inputs.Fed(feeds)))
    now = replace(bot, feeds=feeds, is_alone=not streams, idle_ms=idle_ms)
    return Step(_placed(now), tuple(effects))


def _feeds(plan: Plan, streams: list[rooms.Participant]) -> tuple[Feed, ...]:
    """Choose the streams that are recorded: those asked for, or all, up to the limit."""
    chosen = [each for each in streams if not plan.wanted or each.stream_id in plan.wanted]
    found = []
    for each in chosen[: MAX_STREAMS[plan.is_mixed]]:
        kind = plan.takes.get(each.stream_id, plan.takes.get("")) or plan.stream_type
        audio, video = each.audio and kind != VIDEO, each.video and kind != AUDIO
        found.append(Feed(each.stream_id, each.uid, audio, video))
    return tuple(found)


def _placed(bot: Recorder) -> Recorder:
    """Give the streams of a mix their views."""
    plan = bot.task_plan
    if bot.state is not State.IN or not plan.is_mixed:
        return bot
    streams = [each.stream for each in bot.feeds.streams]
    return replace(bot, seats=seated(plan.canvas, bot.seats, streams))


def cast(bot: Recorder) -> list[Seen]:
    """Say which streams are recorded, and where their pictures go, and the whiteboard's."""
    if bot.state is not State.IN:
        return []
    plan, feeds = bot.task_plan, {each.stream: each for each in bot.feeds.streams}
    people = dict.fromkeys((*feeds, *(each for each in bot.seats if each)))
    board = _board(plan, people) if bot.feeds.board else ""
    placed: dict[str, Pane] = {}
    if plan.is_mixed:
        placed = panes(plan.canvas, bot.seats, board)
    elif board:
        placed[board] = whole(plan.board_size, plan.canvas.board_shape)
    found = []
    for each in people:
        feed = feeds.get(each, Feed(each, "", audio=False, video=False))
        pane = None if plan.hides_dark and not feed.video else placed.get(each)
        found.append(Seen(each, feed.audio, feed.video, *(pane or ())))
    return [*found, Seen(board, False, True, *placed.get(board, ()))] if board else found


def _board(plan: Plan, streams: Container[str]) -> str:
    """Call the whiteboard by its id, if no stream is called so."""
    return f"{WHITEBOARD} {plan.board}" if plan.board in streams else plan.board


def _ticking(plan: Plan, view: View) -> list[Effect]:
    """Run the timer of event 4 only for those who would hear of it."""
    if not (plan.url or view.wants("4")):
        return [Cancel("tick")]
    rest_ms = TICK_MS - (view.now_ms - plan.begin_ms) % TICK_MS
    return [Arm("tick", rest_ms, inputs.Tick(), Tempo.PERIODIC)]


def on_tick(bot: Recorder, _given: inputs.Tick, view: View) -> Step:
    """Say that there are no streams; if the idle stop is due now too, it comes after (assumed)."""
    effects = _ticking(bot.task_plan, view)
    if bot.idle_ms is not None:
        rest_ms = bot.idle_ms - view.now_ms
        effects.append(Arm("idle", rest_ms, inputs.IdleTimeout(), Tempo.LONG))
    if not bot.is_paused:
        effects.append(_announce(bot, "4"))
    return Step(bot, tuple(effects))


def on_settings(bot: Recorder, _given: SettingsChanged, view: View) -> Step:
    return Step(bot, tuple(_ticking(bot.task_plan, view)) if bot.is_alone else ())


def on_missing(bot: Recorder, _given: inputs.Missing, view: View) -> Step:
    """Name each stream that was asked for and is not there, once (DOC; when is assumed)."""
    plan = bot.task_plan
    people = view.room(plan.room).participants.values()
    there = {each.stream_id for each in people if each.audio or each.video}
    told = [_announce(bot, "6", stream_id=each) for each in plan.wanted if each not in there]
    return Step(bot, tuple(told))


def on_enter(bot: Recorder, _given: inputs.Enter, view: View) -> Step:
    inside = _look(replace(bot, state=State.IN), view, is_first=True)
    return Step(inside.task, (*inside.effects, *_struck(bot, view)))


def on_fault_armed(bot: Recorder, _given: FaultArmed, view: View) -> Step:
    return Step(bot, tuple(_struck(bot, view)))


def _struck(bot: Recorder, view: View) -> list[Effect]:
    """Ask for faults that strike a recording under way, and wait for their moment."""
    room = bot.task_plan.room
    asked = (view.fault(faults.RECORDER, room, ("crash",)), view.fault(faults.RECORDING, room))
    return [_strike(fault) for fault in asked if fault is not None]


def _strike(fault: Fault) -> Arm:
    given = inputs.Strike(fault.effect, fault.for_ms or RECOVERY_MS)
    return Arm(f"strike {fault.on}", fault.after_ms, given, Tempo.LONG)


def on_strike(bot: Recorder, given: inputs.Strike, _view: View) -> Step:
    if given.effect != "crash":
        failed = inputs.Failed(faults.REASONS[given.effect])
        return Step(bot, (Tell(Target(TASK, bot.key), failed),))
    return Step(
        replace(bot, state=State.DOWN, feeds=Feeds()),
        (
            Tell(Target(UPLOADER, bot.key), inputs.Fed(Feeds(), is_broken=True)),
            Arm("recover", given.for_ms, inputs.Recover(), Tempo.LONG),
        ),
    )


def on_recover(bot: Recorder, _given: inputs.Recover, view: View) -> Step:
    return _look(replace(bot, state=State.IN), view, is_first=True)


def on_rest(bot: Recorder, given: inputs.Rest, view: View) -> Step:
    return _look(replace(bot, is_paused=given.is_paused), view)


def on_board(bot: Recorder, given: inputs.Board, view: View) -> Step:
    return _look(replace(bot, plan=replace(bot.task_plan, board=given.board)), view)


def on_rearrange(bot: Recorder, given: inputs.Rearrange, _view: View) -> Step:
    plan = bot.task_plan
    changed = replace(plan, canvas=replace(plan.canvas, layout=given.layout))
    return Step(_placed(replace(bot, plan=changed)))


def on_idle(bot: Recorder, _given: inputs.IdleTimeout, _view: View) -> Step:
    return Step(bot, (Tell(Target(TASK, bot.key), inputs.Failed(IDLE)),))


def on_leave(bot: Recorder, _given: inputs.Leave, _view: View) -> Step:
    timers = ("idle", "tick", "missing", "recover", "strike recorder", "strike recording")
    return Step(
        replace(bot, state=State.LEFT, feeds=Feeds()),
        (
            *(Cancel(each) for each in timers),
            Tell(_room(bot.task_plan), rooms.Unwatch(Target(RECORDER, bot.key))),
            Tell(Target(UPLOADER, bot.key), inputs.Finish()),
            Retire(),
        ),
    )


def _room(plan: Plan) -> Target:
    return Target("room", f"zego/{plan.room}")


def _announce(bot: Recorder, event: str, **details: object) -> Emit:
    plan = bot.task_plan
    return Emit(event, plan.task, Event(plan.app, plan.task, plan.room, details), plan.url)


def _minding(state: State) -> dict[type, Cell]:
    """What a recorder does in every state in which it minds the room."""
    return {
        rooms.RoomChanged: do(on_room_changed, state),
        inputs.Tick: do(on_tick, state),
        inputs.Missing: do(on_missing, state),
        inputs.Board: do(on_board, state),
        inputs.Rest: do(on_rest, state),
        inputs.Rearrange: do(on_rearrange, state),
        inputs.IdleTimeout: do(on_idle, state),
        inputs.Leave: do(on_leave, State.LEFT),
        SettingsChanged: do(on_settings, state),
    }


_GONE: Final = Ignore("told in the instant in which the recorder left")

TABLE: Final[Table] = {
    State.OUT: {
        **_minding(State.OUT),
        inputs.Prepare: do(on_prepare, State.OUT),
        inputs.Enter: do(on_enter, State.IN),
    },
    State.IN: {
        **_minding(State.IN),
        inputs.Strike: do(on_strike, State.IN, State.DOWN),
        FaultArmed: do(on_fault_armed, State.IN),
    },
    State.DOWN: {
        **_minding(State.DOWN),
        inputs.Strike: Ignore("a dead recorder cannot break"),
        inputs.Recover: do(on_recover, State.IN),
    },
    State.LEFT: {
        rooms.RoomChanged: _GONE,
        inputs.Rest: _GONE,
        inputs.Board: _GONE,
        inputs.Rearrange: _GONE,
    },
}

MACHINE: Final = Machine(RECORDER, TABLE, lambda key: Recorder(State.OUT, key), cast=cast)
