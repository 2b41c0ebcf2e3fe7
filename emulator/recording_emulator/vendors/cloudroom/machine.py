"""CloudRoom's mixer: created, started, updated, destroyed, over; and where each call belongs.

Rules (sheet §0, §4): everything is told to the whole room; any member of the room may change or end
a mixer; it outlives who has created it; what it has recorded is uploaded after state 0.
"""

from typing import Any, Final

from msgspec.structs import replace

from recording_emulator.core import ids, rooms
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Count,
    Effect,
    Ignore,
    Input,
    Machine,
    Refusal,
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
from recording_emulator.vendors.cloudroom import (
    checks,
    errors,
    faults,
    layout,
    mixer,
    recording,
    updating,
)
from recording_emulator.vendors.cloudroom.bodies import SINGLE, Cfg
from recording_emulator.vendors.cloudroom.creating import COUNTER, on_create, on_taken
from recording_emulator.vendors.cloudroom.inputs import (
    ACCOUNT,
    MIXER,
    NATIVE,
    OUTPUT,
    ROOM,
    WEB,
    Break,
    Caller,
    Close,
    CountUsers,
    CreateMixer,
    Delete,
    Destroy,
    DestroyMixer,
    Ended,
    Enter,
    Failed,
    Halt,
    Halted,
    LookMixer,
    Make,
    MemberChanged,
    MixerEnded,
    NameUsers,
    PutFile,
    Query,
    Said,
    Started,
    UpdateMixer,
    Upload,
)
from recording_emulator.vendors.cloudroom.mixer import Mixer, State, room_of
from recording_emulator.vendors.cloudroom.room import Room, channel, room_of_member
from recording_emulator.vendors.cloudroom.room import State as RoomState

PARAM: Final = errors.row_of(errors.PARAM)
OUTSIDE: Final = errors.row_of(errors.NOT_IN_ROOM)
RESTRICTED: Final = errors.row_of(errors.RESTRICTED)
NO_ROOM: Final = errors.row_of(errors.NO_ROOM)
DONE: Final = {"errCode": 0, "errDesc": "success"}


def locate(given: Input, view: View) -> Target | Refusal:
    """Find what a call is about; who is in no room is answered by the room that is not there."""
    match given:
        case CreateMixer():
            name = given.mixer or view.coming("cloudroom.mixer", given.user, 16).hex()
            return Target(MIXER, name)
        case UpdateMixer() | DestroyMixer() | LookMixer():
            return Target(MIXER, given.mixer)
        case Make() if given.room:
            return Target(ROOM, given.room)
        case Make():
            number = ids.number(view.coming("cloudroom.room", given.user, 6), 10**7, 10**8 - 1)
            while view.peek(Target(ROOM, str(number))) is not None:
                number += 1
            return Target(ROOM, str(number))
        case Destroy() | Enter():
            room = view.peek(Target(ROOM, given.room))
            if room is None or room.state is not RoomState.OPEN:
                row = NO_ROOM if given.member else errors.UNKNOWN
                return Refusal(row, f"no room {given.room}; createMeeting makes one")
            return Target(ROOM, given.room)
        case Query() | Delete() | PutFile() | CountUsers() | NameUsers():
            return Target(ACCOUNT, "account")
        case Caller() | MemberChanged():
            return Target(ROOM, view.holder(f"member/{given.member}") or "")
        case _:
            raise AssertionError(given)


def _targets(kept: Mixer) -> tuple[Target, ...]:
    return tuple(Target(OUTPUT, each) for each in kept.outputs)


# --- it starts ------------------------------------------------------------------------------------


def on_started(kept: Mixer, _given: Started, view: View) -> Step:
    running = replace(kept, state=State.RUNNING, started_ms=view.now_ms)
    said = mixer.running(running, room_of(kept, view))
    opened, effects = recording.opened(running, view)
    limit = Arm("limit", view.settings.record_max_ms, Failed(errors.TOO_LONG, True), Tempo.LONG)
    return Step(opened, (*said, *effects, limit, *_failing(kept, view)))


def _failing(kept: Mixer, view: View) -> tuple[Effect, ...]:
    found = faults.failing(faults.RUN, kept.room, view)
    if found is None:
        return ()
    code, after_ms = found
    return (Arm("fail", after_ms, Failed(code), Tempo.LONG),)


def on_fault(kept: Mixer, _given: FaultArmed, view: View) -> Step:
    return Step(kept, _failing(kept, view))


def on_room_changed(kept: Mixer, given: rooms.RoomChanged, view: View) -> Step:
    """Follow who comes and goes, where each stream has a file of its own."""
    if kept.cfg.mode != SINGLE:
        return Step(kept)
    gone = given.uid if given.change == "leave" else ""
    followed, effects = recording.followed(kept, view, gone)
    return Step(followed, effects)


# --- it is changed --------------------------------------------------------------------------------


def on_update(kept: Mixer, given: UpdateMixer, view: View) -> Step | Refusal:
    room = room_of_member(given.member, view)
    if room is None:
        return _nowhere(kept, given)
    settings = view.settings
    if room.id != kept.room:
        return Refusal(PARAM, "the mixer is another room's")
    if settings.mixer_owner_only and given.user != kept.owner:
        return Refusal(PARAM, "another's mixer: setting mixer_owner_only")
    if given.cfg is None:
        return Refusal(PARAM, given.wrong.why if given.wrong else "")
    if why := updating.problem(kept.cfg, given.cfg):
        return Refusal(PARAM, why)
    return _applied(kept, given, given.cfg, room, view)


def _applied(kept: Mixer, given: UpdateMixer, cfg: Cfg, room: Room, view: View) -> Step | Refusal:
    settings = view.settings
    reply = Reply(Said(room.id, DONE if given.profile == WEB else 0))
    if kept.cfg.mode == SINGLE and given.profile == WEB:
        if settings.web_update_drops_cr_all:
            cfg = updating.without_tokens(cfg)
        named = checks.users(replace(cfg, mode=SINGLE), WEB)
        gone = [each for each in named if each not in room.users]
        if gone:
            why = f"{gone[0]!r} is not in the room"
            if not settings.web_update_reject_but_apply:
                return Refusal(PARAM, why)
            cfg = updating.without_users(cfg, gone, WEB)
            reply = Reply(row=PARAM, hint=f"{why}; carried out: web_update_reject_but_apply")
    after = replace(kept, cfg=updating.changed(kept.cfg, cfg))
    limit = checks.layout_limits(after.cfg, settings)
    if limit is not None:
        return Refusal(RESTRICTED, limit[1])
    followed, effects = after, tuple[Effect, ...]()
    if kept.state is State.RUNNING and kept.cfg.mode == SINGLE:
        followed, effects = recording.followed(after, view)
    elif kept.state is State.RUNNING:
        effects = recording.rearranged(kept, after)
    return Step(followed, (reply, *mixer.updated(followed, room), *effects))


def _unheard(kept: Mixer, given: UpdateMixer, why: str) -> Step | Refusal:
    """Answer an update that a JavaScript SDK drops: a promise without end, or nothing."""
    if given.profile == WEB:
        return Refusal(errors.UNSETTLED, why)
    return Step(kept, (Reply(Said(kept.room, None), hint=why),))


def _nowhere(kept: Mixer, given: UpdateMixer) -> Step | Refusal:
    if given.profile == NATIVE:
        return Refusal(OUTSIDE)
    return _unheard(kept, given, "the caller is in no room: the SDK drops the request")


def on_update_nothing(kept: Mixer, given: UpdateMixer, view: View) -> Step | Refusal:
    """Answer an update of a mixer that is not, or not any more, as each SDK does (observed)."""
    hint = "no such mixer here, or it has ended"
    room = room_of_member(given.member, view)
    if room is None:
        return _nowhere(kept, given)
    is_settled = given.profile == WEB and view.settings.web_update_unknown_rejects
    if given.profile == NATIVE or is_settled:
        return Refusal(PARAM, hint)
    return _unheard(kept, given, hint)


def on_update_late(kept: Mixer, given: UpdateMixer, view: View) -> Step | Refusal:
    if room_of_member(given.member, view) is None:
        return _nowhere(kept, given)
    return Refusal(PARAM, "the mixer is stopping")


# --- it ends --------------------------------------------------------------------------------------


def _destroyed(given: DestroyMixer, about: str) -> Reply:
    return Reply(Said(about, DONE if given.profile == WEB else None))


def on_destroy(kept: Mixer, given: DestroyMixer, view: View) -> Step | Refusal:
    room = room_of_member(given.member, view)
    is_strange = room is None or room.id != kept.room
    if is_strange or (view.settings.mixer_owner_only and given.user != kept.owner):
        if given.profile == WEB:
            return Refusal(PARAM, "not the caller's to destroy")
        return Step(kept, (_destroyed(given, kept.room),))
    after, effects = _stopping(kept, given.user, given.member, view)
    return Step(after, (_destroyed(given, kept.room), *effects))


def on_destroy_nothing(kept: Mixer, given: DestroyMixer, _view: View) -> Step:
    return Step(kept, (_destroyed(given, kept.room),))


def on_halt(kept: Mixer, _given: Halt, view: View) -> Step:
    after, effects = _stopping(kept, "", "", view)
    return Step(after, effects)


def _stopping(kept: Mixer, by: str, member: str, view: View) -> tuple[Mixer, tuple[Effect, ...]]:
    after = replace(kept, state=State.STOPPING, by=by)
    return after, (
        Cancel("start"),
        Cancel("limit"),
        Cancel("fail"),
        *mixer.stopping(after, room_of(kept, view), member, view),
        Arm("halted", view.settings.stop_delay_ms, Halted(), Tempo.SHORT),
    )


def on_halted(kept: Mixer, _given: Halted, view: View) -> Step:
    return _over(kept, 0, Close(), view)


def on_failed(kept: Mixer, given: Failed, view: View) -> Step:
    return _over(kept, given.code, Close() if given.is_clean else Break(given.code), view)


def _over(kept: Mixer, code: int, last: Close | Break, view: View) -> Step:
    """Close the files, then tell that it is over, or the other way round (assumed)."""
    after = replace(kept, state=State.ENDED, error=code, ended_ms=view.now_ms)
    told = Tell(Target(MIXER, kept.id), Ended())
    closed = [Tell(each, last) for each in _targets(kept)]
    both = (told, *closed) if view.settings.state0_before_output2 else (*closed, told)
    quiet = (Cancel("start"), Cancel("limit"), Cancel("fail"), Cancel("halted"))
    return Step(after, (*quiet, *both))


def on_ended(kept: Mixer, _given: Ended, view: View) -> Step:
    room = room_of(kept, view)
    return Step(
        kept,
        (
            *mixer.ended(kept, room, was_running=bool(kept.started_ms)),
            *(Tell(each, Upload()) for each in _targets(kept)),
            Tell(Target(ROOM, kept.room), MixerEnded(kept.id)),
            Tell(channel(kept.room), rooms.Unwatch(Target(MIXER, kept.id))),
            Count(COUNTER, -1),
            Retire(),
        ),
    )


# --- looking --------------------------------------------------------------------------------------


def on_look(kept: Mixer, given: LookMixer, view: View) -> Step:
    room = room_of_member(given.member, view)
    is_here = room is not None and room.id == kept.room and kept.state is not State.ENDED
    found: Any = mixer.info(kept, room, given.profile) if room is not None and is_here else None
    if given.profile == NATIVE:
        found = mixer.text(found or {})
    return Step(kept, (Reply(Said(kept.room, found)),))


def notes(given: CreateMixer | UpdateMixer, raw: Any, view: View) -> tuple[str, ...]:
    """Tell what of a call has no effect, or not the one that one expects."""
    room = room_of_member(given.member, view)
    cfg, found = given.cfg, list[str]()
    before = view.peek(Target(MIXER, given.mixer)) if isinstance(given, UpdateMixer) else None
    if given.wrong is not None:
        found = [f"{given.wrong.kind}: {given.wrong.why}"]
    elif isinstance(given, CreateMixer) and cfg is not None:
        found = list(checks.remarks(raw, cfg, given.profile))
    elif before is not None and cfg is not None:
        found = list(updating.remarks(before.cfg, raw, cfg))
        if before.state is State.STARTING and given.profile != NATIVE:
            found.append("update_while_starting: the documents allow it from state 2 on")
    elif isinstance(given, UpdateMixer):
        found = ["update_unknown_mixer: there is none of this id"]
    if room is not None and cfg is not None:
        items = cfg.video.layoutConfig or ()
        found += layout.empty_cells(items, room.users, given.profile)
    return tuple(found[:64])


# --- the table ------------------------------------------------------------------------------------

CALLS: Final = (CreateMixer, UpdateMixer, DestroyMixer, LookMixer)
LATE: Final = Ignore("the mixer ended in the same instant")
NOT_YET: Final = Ignore("nothing is recorded yet")
UPDATE_ROWS: Final = (PARAM, OUTSIDE, RESTRICTED, errors.UNSETTLED)
NOTHING_ROWS: Final = (PARAM, OUTSIDE, errors.UNSETTLED)
TABLE: Final[Table] = {
    State.NULL: {
        CreateMixer: do(on_create, State.NULL, State.STARTING, refusals=(errors.THROWN,)),
        UpdateMixer: do(on_update_nothing, State.NULL, refusals=NOTHING_ROWS),
        DestroyMixer: do(on_destroy_nothing, State.NULL),
        LookMixer: do(on_look, State.NULL),
    },
    State.STARTING: {
        CreateMixer: do(on_taken, State.STARTING),
        UpdateMixer: do(on_update, State.STARTING, refusals=UPDATE_ROWS),
        DestroyMixer: do(on_destroy, State.STOPPING, State.STARTING, refusals=(PARAM,)),
        LookMixer: do(on_look, State.STARTING),
        Started: do(on_started, State.RUNNING),
        Failed: do(on_failed, State.ENDED),
        Halt: do(on_halt, State.STOPPING),
        rooms.RoomChanged: NOT_YET,
    },
    State.RUNNING: {
        CreateMixer: do(on_taken, State.RUNNING),
        UpdateMixer: do(on_update, State.RUNNING, refusals=UPDATE_ROWS),
        DestroyMixer: do(on_destroy, State.STOPPING, State.RUNNING, refusals=(PARAM,)),
        LookMixer: do(on_look, State.RUNNING),
        Failed: do(on_failed, State.ENDED),
        Halt: do(on_halt, State.STOPPING),
        FaultArmed: do(on_fault, State.RUNNING),
        rooms.RoomChanged: do(on_room_changed, State.RUNNING),
    },
    State.STOPPING: {
        CreateMixer: do(on_taken, State.STOPPING),
        UpdateMixer: do(on_update_late, State.STOPPING, refusals=NOTHING_ROWS),
        DestroyMixer: do(on_destroy_nothing, State.STOPPING),
        LookMixer: do(on_look, State.STOPPING),
        Halted: do(on_halted, State.ENDED),
        Halt: Ignore("it is stopping already"),
        rooms.RoomChanged: Ignore("it is stopping: its files end with it"),
    },
    State.ENDED: {
        CreateMixer: do(on_taken, State.ENDED),
        UpdateMixer: do(on_update_nothing, State.ENDED, refusals=NOTHING_ROWS),
        DestroyMixer: do(on_destroy_nothing, State.ENDED),
        LookMixer: do(on_look, State.ENDED),
        Ended: do(on_ended, State.ENDED),
        Halt: LATE,
        rooms.RoomChanged: LATE,
    },
}
MACHINE: Final = Machine(MIXER, TABLE, Mixer, CALLS)
