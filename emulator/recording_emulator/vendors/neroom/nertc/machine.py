"""NERTC's channels: the calls about them and about what records them, in every state.

Rules (sheet §3): a call about a channel that nobody is in, or that has closed, is 404, stop
included, though the files still come; a channel has one task at a time; the older record call and
cloudrecord must not meet in one channel.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Claim,
    Do,
    Effect,
    Ignore,
    Machine,
    Refusal,
    Refuse,
    Reply,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.vendors.neroom import recorder
from recording_emulator.vendors.neroom import room as neroom
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.nertc import errors, task
from recording_emulator.vendors.neroom.nertc.channel import (
    NAME,
    STATS,
    Channel,
    State,
    begun,
    claim,
    ended,
    followed,
    recording,
    room,
)
from recording_emulator.vendors.neroom.nertc.inputs import (
    Answered,
    BeginTask,
    ByChannel,
    Closed,
    Delete,
    Expired,
    FinishTask,
    Look,
    Make,
    MediaFiles,
    Members,
    OldRecord,
    Present,
    Relayout,
    Reserve,
    Resubscribe,
    Stop,
    Streams,
    Submit,
    Tasks,
    Update,
    UpdateSubs,
    Wish,
)

OLD: Final = "record"
NEW: Final = "cloudrecord"
MAX_TASKS: Final = 100
"""So many tasks of a channel are remembered; ours."""


def locate(given: ByChannel, view: View) -> Target | Refusal:
    """Find the channel a call is about."""
    if given.cid:
        where = Target(NAME, str(given.cid))
        known = view.peek(where) is not None
        return where if known else Refusal(errors.NO_ROOM, f"no channel has the cid {given.cid}")
    held = view.holder(claim(given.cname))
    return Target(NAME, held if held is not None else str(_coming(view, given.cname)))


def _coming(view: View, cname: str) -> int:
    raw = view.coming("neroom.channel", cname, 6)
    return ids.number(raw, 1_000_000_000, 9_999_999_999)


FULL: Final = Refusal(errors.INTERNAL, "the tenant holds as many live things as it may")


# --- the channel ----------------------------------------------------------------------------------


def on_make(channel: Channel, given: Make, view: View) -> Step | Refusal:
    """Make a channel; making one that is there answers its number (assumed)."""
    if channel.state in STATS:
        return _answered(channel, {"cid": channel.number})
    after = channel
    if channel.state is State.ABSENT:
        if view.is_full:
            return FULL
        view.draw("neroom.channel", given.cname, 6)
        after = msgspec.structs.replace(channel, name=given.cname)
    after = msgspec.structs.replace(after, uid=given.uid)
    after, opening = begun(after, view, is_made=True)
    after, more = followed(after, view)
    return _answered(after, {"cid": after.number}, *opening, *more)


def on_reserve(channel: Channel, given: Reserve, _view: View) -> Step:
    named = msgspec.structs.replace(channel, name=given.cname, archive=given.archive)
    if channel.state is not State.ABSENT:
        return Step(named)
    watch = Tell(room(named), rooms.Watch(Target(NAME, channel.cid)))
    after = msgspec.structs.replace(named, state=State.RESERVED)
    return Step(after, (Claim(claim(given.cname)), watch))


def on_room_changed(channel: Channel, _given: rooms.RoomChanged, view: View) -> Step:
    return Step(*followed(channel, view))


def on_closed(channel: Channel, _given: Closed, view: View) -> Step:
    return Step(*ended(channel, view, is_for_good=True))


def on_expired(channel: Channel, _given: Expired, view: View) -> Step:
    return Step(*ended(channel, view))


def on_look(channel: Channel, _given: Look, _view: View) -> Step:
    """Describe the channel; the unit of its times is assumed, and 0 for what is not yet."""
    body = {
        "cid": channel.number,
        "cname": channel.name,
        "uid": channel.uid,
        "total": len(channel.people),
        "stats": STATS[channel.state],
        "createtime": channel.began_ms,
        "destroytime": 0,
    }
    return _answered(channel, body)


def on_members(channel: Channel, given: Members, _view: View) -> Step:
    """List who is there; that a role is 0 (host) or 1 (audience) is assumed."""
    found = [
        {"uid": each.number, "starttime": each.joined_ms, "userRole": int(not each.is_host)}
        for each in channel.people
        if given.uid in (0, each.number) and given.role in (None, int(not each.is_host))
    ]
    body = {"cname": channel.name, "cid": channel.number, "total": len(found), "members": found}
    return _answered(channel, body)


def on_delete(channel: Channel, _given: Delete, view: View) -> Step:
    after, effects = ended(channel, view)
    return _answered(after, {}, *effects)


# --- what records it ------------------------------------------------------------------------------


def on_submit(channel: Channel, given: Submit, view: View) -> Step | Refusal:
    problem = _taken(channel, NEW, view)
    if problem is not None:
        return problem
    after, effects = _begun(channel, NEW, given.wish, view)
    told = {"taskId": after.tasks[-1], "cid": channel.number}
    return _answered(after, {"record": told}, *effects)


def on_old_record(channel: Channel, given: OldRecord, view: View) -> Step | Refusal:
    """Record what is asked for, or nothing more; the answer of the older call is assumed."""
    streams = Streams(given.audio, given.video)
    wants = given.audio or given.video
    live = recording(channel, view)
    if live and channel.api == OLD:
        change = Resubscribe(streams, {}) if wants else FinishTask()
        return _answered(channel, {}, *(Tell(each, change) for each in live))
    problem = _taken(channel, OLD, view)
    if problem is not None:
        return problem
    if not wants:
        return Refusal(errors.NO_TASK, "a_record and v_record are false, and nothing records")
    after, effects = _begun(channel, OLD, Wish(Config(given.kind), streams), view)
    return _answered(after, {}, *effects)


def _taken(channel: Channel, api: str, view: View) -> Refusal | None:
    if channel.api not in ("", api):
        return Refusal(errors.MIXED, f"this channel has been recorded by /api/{channel.api}")
    if view.is_full:
        return FULL
    if recording(channel, view):
        return Refusal(errors.EXISTS, f"task {channel.tasks[-1]} is under way")
    kept = view.peek(Target(neroom.NAME, channel.archive)) if channel.archive else None
    if kept is not None and kept.recording:
        return Refusal(errors.EXISTS, f"NERoom's recording {kept.recording} is under way")
    return None


def _begun(
    channel: Channel, api: str, wish: Wish, view: View
) -> tuple[Channel, tuple[Effect, ...]]:
    made = f"t-{view.draw('neroom.task', channel.cid, 6).hex()}"
    where = Target(task.NAME, made)
    begin = BeginTask(channel.number, channel.name, channel.archive, wish, api == OLD)
    effects: list[Effect] = [Tell(where, begin), Tell(where, Present(channel.people))]
    if channel.state is State.CREATED and not channel.archive:
        raw = view.derive("neroom.stand_in", channel.cid, 4)
        stand_in = str(ids.number(raw, 10_000_000, 99_999_999))
        effects.append(Tell(room(channel), rooms.Populate(stand_in)))
    tasks = (*channel.tasks, made)[-MAX_TASKS:]
    return msgspec.structs.replace(channel, api=api, tasks=tasks), tuple(effects)


def _live(channel: Channel, wanted: str, view: View) -> Target | Refusal:
    """Return the task under way; a call that names none means it (assumed)."""
    live = recording(channel, view)
    if channel.api == OLD:
        return Refusal(errors.MIXED, "this channel is recorded by the older call")
    if not live or wanted not in ("", live[0].key):
        there = live[0].key if live else "none"
        return Refusal(errors.NO_TASK, f"the task under way: {there}")
    return live[0]


def on_update(channel: Channel, given: Update, view: View) -> Step | Refusal:
    found = _live(channel, given.task, view)
    if isinstance(found, Refusal):
        return found
    told = {"taskId": found.key, "cid": channel.number}
    return _answered(channel, {"record": told}, Tell(found, Relayout(given.told, given.layout)))


def on_update_subs(channel: Channel, given: UpdateSubs, view: View) -> Step | Refusal:
    found = _live(channel, given.task, view)
    if isinstance(found, Refusal):
        return found
    told = {"taskId": found.key, "cid": channel.number}
    change = Tell(found, Resubscribe(given.streams, given.told))
    return _answered(channel, {"record": told}, change)


def on_stop(channel: Channel, given: Stop, view: View) -> Step | Refusal:
    found = _live(channel, given.task, view)
    if isinstance(found, Refusal):
        return found
    told = {"taskId": found.key, "cid": channel.number, "state": task.WIRE[task.State.ENDED]}
    return _answered(channel, {"record": told}, Tell(found, FinishTask()))


def on_tasks(channel: Channel, given: Tasks, view: View) -> Step | Refusal:
    """List the tasks of the channel, or one; that ended ones are listed is assumed."""
    wanted = [each for each in channel.tasks if given.task in ("", each)]
    kept = [view.peek(Target(task.NAME, each)) for each in wanted]
    found = [task.told(each) for each in kept if each is not None and not each.is_old]
    if given.task and not found:
        return Refusal(errors.NO_TASK, f"no task {given.task[:40]!r} in this channel")
    return _answered(channel, {"record": {"cid": channel.number, "record": found}})


def on_media_files(channel: Channel, _given: MediaFiles, view: View) -> Step:
    """List the files that are in the store, of every recording of this channel."""
    kept = view.peek(Target(neroom.NAME, channel.archive)) if channel.archive else None
    names = (*(() if kept is None else kept.records), *channel.tasks)
    made = [view.peek(Target(recorder.NAME, each)) for each in names]
    files = (file for each in made if each is not None for file in each.files)
    stored = tuple(file for file in files if file.stored_ms)
    return Step(channel, (Reply(Answered(channel.name, {}, stored)),))


def _answered(channel: Channel, body: dict[str, Any], *effects: Effect) -> Step:
    return Step(channel, (Reply(Answered(channel.name, body)), *effects))


# --- the table ------------------------------------------------------------------------------------

Action = Callable[[Channel, Any, View], Step | Refusal]
GONE: Final = Refuse(errors.NO_ROOM, "nobody is in the channel, or it has closed")
LATE: Final = Ignore("the channel closed in the same instant")
TASK: Final = (errors.MIXED, errors.NO_TASK)
CALLS: Final[dict[type[ByChannel], tuple[Action, tuple[str, ...]]]] = {
    Look: (on_look, ()),
    Members: (on_members, ()),
    Submit: (on_submit, (errors.MIXED, errors.EXISTS, errors.INTERNAL)),
    OldRecord: (
        on_old_record,
        (errors.MIXED, errors.EXISTS, errors.NO_TASK, errors.INTERNAL),
    ),
    Update: (on_update, TASK),
    UpdateSubs: (on_update_subs, TASK),
    Stop: (on_stop, TASK),
    Tasks: (on_tasks, (errors.NO_TASK,)),
    MediaFiles: (on_media_files, ()),
}
"""Calls about a channel that is there; each leaves it in its state."""


def _arriving(action: Action) -> Action:
    """Let a call open the channel of a room that somebody was put into by hand."""

    def act(channel: Channel, given: ByChannel, view: View) -> Step | Refusal:
        if not view.room(given.cname).participants:
            return Refusal(errors.NO_ROOM, f"nobody is in the room {given.cname[:40]!r}")
        if view.is_full:
            return FULL
        named = msgspec.structs.replace(channel, name=given.cname)
        opened, effects = begun(named, view, is_made=False)
        there, more = followed(opened, view)
        outcome = action(there, given, view)
        if isinstance(outcome, Refusal):
            return outcome
        view.draw("neroom.channel", given.cname, 6)
        return Step(outcome.task, (*effects, *more, *outcome.effects))

    return act


def _cells(state: State) -> dict[type, Do]:
    return {given: do(act, state, refusals=rows) for given, (act, rows) in CALLS.items()}


def _first(action: Action, rows: tuple[str, ...], *states: State) -> Do:
    return do(_arriving(action), *states, refusals=(errors.NO_ROOM, errors.INTERNAL, *rows))


CLIENT: Final[tuple[type, ...]] = (Make, Delete, *CALLS)
TABLE: Final[Table] = {
    State.ABSENT: {
        Make: do(on_make, State.CREATED, State.ACTIVE, refusals=(errors.INTERNAL,)),
        Delete: _first(on_delete, (), State.ENDED),
        **{given: _first(act, rows, State.ACTIVE) for given, (act, rows) in CALLS.items()},
        Reserve: do(on_reserve, State.RESERVED),
        rooms.RoomChanged: LATE,
    },
    State.RESERVED: {
        **dict.fromkeys(CLIENT, GONE),
        Make: do(on_make, State.CREATED),
        MediaFiles: do(on_media_files, State.RESERVED),
        rooms.RoomChanged: do(on_room_changed, State.RESERVED, State.ACTIVE),
        Closed: do(on_closed, State.ENDED),
    },
    State.CREATED: {
        **_cells(State.CREATED),
        Make: do(on_make, State.CREATED),
        Delete: do(on_delete, State.RESERVED, State.ENDED),
        Reserve: do(on_reserve, State.CREATED),
        rooms.RoomChanged: do(on_room_changed, State.CREATED, State.ACTIVE),
        Closed: do(on_closed, State.ENDED),
        Expired: do(on_expired, State.RESERVED, State.ENDED),
    },
    State.ACTIVE: {
        **_cells(State.ACTIVE),
        Make: do(on_make, State.ACTIVE),
        Delete: do(on_delete, State.RESERVED, State.ENDED),
        Reserve: do(on_reserve, State.ACTIVE),
        rooms.RoomChanged: do(on_room_changed, State.ACTIVE, State.RESERVED, State.ENDED),
        Closed: do(on_closed, State.ENDED),
        Expired: do(on_expired, State.RESERVED, State.ENDED),
    },
    State.ENDED: {
        **dict.fromkeys(CLIENT, GONE),
        MediaFiles: do(on_media_files, State.ENDED),
        Reserve: LATE,
        rooms.RoomChanged: LATE,
        Closed: LATE,
    },
}
MACHINE: Final = Machine(NAME, TABLE, Channel, CLIENT)
