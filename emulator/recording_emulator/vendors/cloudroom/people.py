"""The room: made and destroyed, people come and go, and what becomes of its mixers then.

Rules (sheet §1.1, §3.7, §4.2): a room stays until it is destroyed; a newcomer gets the mixers with
the answer and no event; who drops out is gone at once; a room that everybody has left ends its
mixers after a while.

Source:
    Sheet §5 (codes), §7.1 (callbacks), §7.3 (calls and events), §10. What another device of the
    same user does to the first (10, KICKOUT_BY_RELOGIN) is assumed; so is when.
"""

from typing import Any, Final

from msgspec.structs import replace

from recording_emulator.core import rooms
from recording_emulator.core.casts import Seen
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Effect,
    Ignore,
    Machine,
    Refusal,
    Refuse,
    Release,
    Reply,
    Retire,
    Signal,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.sdk import Change
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.cloudroom import errors, mixer
from recording_emulator.vendors.cloudroom.inputs import (
    MIXER,
    NATIVE,
    ROOM,
    Deserted,
    Destroy,
    Enter,
    Exit,
    Halt,
    Kick,
    ListMixers,
    LookAround,
    Make,
    MemberChanged,
    MixerBegan,
    MixerEnded,
    Said,
    Switch,
    Timeout,
)
from recording_emulator.vendors.cloudroom.room import (
    CLOSED,
    KICKED,
    OPEN,
    Person,
    Room,
    State,
    alike,
    channel,
    notice,
    room_of_member,
    shown,
)

TIMED_OUT: Final = 0
"""The reason of ``meetingDropped`` for who is taken out of the room otherwise (sheet §5)."""


def on_make(room: Room, given: Make, view: View) -> Step | Refusal:
    if view.is_full:
        hint = "the tenant holds as many live things as it may: live_limit"
        return Refusal(errors.row_of(errors.NO_RESOURCES), hint)
    if not given.room:
        view.draw("cloudroom.room", given.user, 6)
    there = [each for each in view.room(room.id).participants.values() if not each.synthetic]
    made = replace(room, state=State.OPEN)
    for each in there:
        made, person = _by_hand(made, each, view)
        made = replace(made, people=(*made.people, person))
    return Step(
        made,
        (
            Reply(Said(room.id, {"ID": int(room.id)})),
            Tell(channel(room.id), rooms.Watch(Target(ROOM, room.id))),
            notice(room.id, "ROOM_CREATE"),
            *(notice(room.id, "ROOM_JOIN", UID=each.uid) for each in there),
        ),
    )


def _by_hand(room: Room, there: rooms.Participant, view: View) -> tuple[Room, Person]:
    """Know somebody who was put into the room by hand: no SDK has entered it for them."""
    numbered, terminal = _terminal(room, there.uid, view)
    person = Person(there.uid, there.uid, terminal, view.now_ms)
    return numbered, replace(person, audio=there.audio, video=there.video)


def on_destroy(room: Room, _given: Destroy, _view: View) -> Step:
    """Destroy the room: its mixers end with it, and nobody is left to be told."""
    effects: list[Effect] = [Reply(Said(room.id)), *alike(room, "meetingStopped")]
    for each in room.people:
        if each.member:
            effects += [Release(f"member/{each.member}"), Cancel(f"away {each.member}")]
        effects.append(Tell(channel(room.id), rooms.Leave(each.user)))
    effects += [Tell(Target(MIXER, each), Halt()) for each in room.mixers]
    effects += [
        Tell(channel(room.id), rooms.Unwatch(Target(ROOM, room.id))),
        Cancel("deserted"),
        notice(room.id, "ROOM_DELETE"),
        Retire(),
    ]
    return Step(replace(room, state=State.DESTROYED, people=()), tuple(effects))


# --- coming and going -----------------------------------------------------------------------------


def on_enter(room: Room, given: Enter, view: View) -> Step | Refusal:
    if view.holder(f"member/{given.member}") is not None:
        return Refusal(errors.row_of(errors.IN_ROOM), "exitMeeting first")
    before = room.person(given.user)
    if before is None and len(room.people) >= view.settings.max_members:
        return Refusal(errors.row_of(errors.ROOM_FULL), "setting max_members")
    nickname = given.nickname or given.user
    numbered, terminal = _terminal(room, given.user, view)
    me = Person(
        given.user, nickname, terminal, view.now_ms, member=given.member, profile=given.profile
    )
    rest = tuple(each for each in room.people if each.user != given.user)
    after = replace(numbered, people=(*rest, me))
    effects: list[Effect] = [
        Reply(Said(room.id, _welcome(after, me, view))),
        *(_relogin(room, before) if before is not None else ()),
        Claim(f"member/{given.member}"),
        Cancel("deserted"),
    ]
    if before is None:
        entered = alike(after, "userEnterMeeting", given.user, nickname, but=given.user)
        coming = Tell(channel(room.id), rooms.Join(given.user, audio=False, video=False))
        effects += [*entered, coming, notice(room.id, "ROOM_JOIN", UID=given.user)]
    else:
        quiet = rooms.Publish(given.user, audio=False, video=False)
        effects.append(Tell(channel(room.id), quiet))
    return Step(after, tuple(effects))


def _terminal(room: Room, user: str, view: View) -> tuple[Room, int]:
    """Number a user's terminal: the same as before, unless the tenant says otherwise."""
    known = room.terminals.get(user)
    if known is not None and not view.settings.new_terminal_on_rejoin:
        return room, known
    number = 1 + max(room.terminals.values(), default=0)
    return replace(room, terminals={**room.terminals, user: number}), number


def _relogin(room: Room, other: Person) -> tuple[Effect, ...]:
    """Take a user's other device out."""
    if not other.member:
        return ()
    facts = Said(room.id, [errors.RELOGIN], errors.row_of(errors.RELOGIN))
    return (
        Signal("lineOff", (other.member,), facts),
        Release(f"member/{other.member}"),
        Cancel(f"away {other.member}"),
    )


def _welcome(room: Room, me: Person, view: View) -> dict[str, Any]:
    return {
        "members": [shown(each) for each in room.people],
        "mixers": _mixers(room, me.profile, view),
    }


def _mixers(room: Room, profile: str, view: View) -> list[dict[str, Any]]:
    kept = (view.peek(Target(MIXER, each)) for each in room.mixers)
    return [mixer.info(each, room, profile) for each in kept if each is not None]


def _gone(
    room: Room, person: Person, view: View, *, is_out: bool = False
) -> tuple[Room, tuple[Effect, ...]]:
    """Let somebody be gone; ``is_out``: the core's room knows it already."""
    after = replace(room, people=tuple(each for each in room.people if each.user != person.user))
    effects: list[Effect] = []
    if person.member:
        effects += [Release(f"member/{person.member}"), Cancel(f"away {person.member}")]
    if not is_out:
        effects.append(Tell(channel(room.id), rooms.Leave(person.user)))
    effects += alike(after, "userLeftMeeting", person.user)
    effects.append(notice(room.id, "ROOM_LEAVE", UID=person.user))
    if not after.people:
        wait_ms = view.settings.room_empty_stop_ms
        effects.append(Arm("deserted", wait_ms, Deserted(), Tempo.LONG))
    return after, tuple(effects)


def on_exit(room: Room, given: Exit, view: View) -> Step:
    me = room.of(given.member)
    assert me is not None, given
    after, effects = _gone(room, me, view)
    return Step(after, (Reply(Said(room.id)), *effects))


def on_kick(room: Room, given: Kick, view: View) -> Step | Refusal:
    other = room.person(given.who)
    if other is None:
        return Refusal(errors.row_of(errors.NOT_FOUND), f"{given.who[:40]!r} is not in the room")
    after, effects = _gone(room, other, view)
    return Step(after, (Reply(Said(room.id)), *_dropped(room, other, KICKED), *effects))


def _dropped(room: Room, person: Person, reason: int) -> tuple[Signal, ...]:
    if not person.member:
        return ()
    return (Signal("meetingDropped", (person.member,), Said(room.id, [reason])),)


def on_member_changed(room: Room, given: MemberChanged, view: View) -> Step:
    name, grace_ms = f"away {given.member}", view.settings.drop_grace_ms
    match given.change:
        case Change.DROPPED if grace_ms:
            return Step(room, (Arm(name, grace_ms, Timeout(given.member), Tempo.LONG),))
        case Change.RESUMED:
            return Step(room, (Cancel(name),))
        case _:
            return on_timeout(room, Timeout(given.member), view)


def on_timeout(room: Room, given: Timeout, view: View) -> Step:
    person = room.of(given.member)
    if person is None:
        return Step(room)
    return Step(*_gone(room, person, view))


def on_deserted(room: Room, _given: Deserted, _view: View) -> Step:
    return Step(room, tuple(Tell(Target(MIXER, each), Halt()) for each in room.mixers))


# --- devices, and who has no SDK ------------------------------------------------------------------


def on_switch(room: Room, given: Switch, _view: View) -> Step:
    change = rooms.Publish(given.user, given.audio, given.video)
    return Step(room, (Reply(Said(room.id)), Tell(channel(room.id), change)))


def on_room_changed(room: Room, given: rooms.RoomChanged, view: View) -> Step:
    """Follow what happens in the core's room, whoever caused it."""
    person = room.person(given.uid)
    there = view.room(room.id).participants.get(given.uid)
    if given.change == "leave" and person is not None:
        after, effects = _gone(room, person, view, is_out=True)
        return Step(after, (*_dropped(room, person, TIMED_OUT), *effects))
    if there is None or there.synthetic:
        return Step(room)
    effects = ()
    if person is None:  # put there by hand: no SDK has entered the room for them
        room, terminal = _terminal(room, there.uid, view)
        person = Person(there.uid, there.uid, terminal, view.now_ms)
        entered = alike(room, "userEnterMeeting", there.uid, there.uid)
        effects = (Cancel("deserted"), *entered, notice(room.id, "ROOM_JOIN", UID=there.uid))
    now = replace(person, audio=there.audio, video=there.video)
    rest = {each.user: each for each in room.people} | {now.user: now}
    after = replace(room, people=tuple(rest.values()))
    for event, was, is_on in (
        ("audioStatusChanged", person.audio, now.audio),
        ("videoStatusChanged", person.video, now.video),
    ):
        if was != is_on:
            old, new = (OPEN, CLOSED) if was else (CLOSED, OPEN)
            effects = (*effects, *alike(after, event, now.user, old, new))
    return Step(after, effects)


# --- looking --------------------------------------------------------------------------------------


def on_look(room: Room, given: LookAround, _view: View) -> Step | Refusal:
    if not given.who:
        return Step(room, (Reply(Said(room.id, [shown(each) for each in room.people])),))
    person = room.person(given.who)
    if person is None:
        return Refusal(errors.row_of(errors.NOT_FOUND), f"{given.who[:40]!r} is not in the room")
    return Step(room, (Reply(Said(room.id, shown(person))),))


def on_list(room: Room, given: ListMixers, view: View) -> Step:
    is_inside = room_of_member(given.member, view) is not None
    found: Any = _mixers(room, given.profile, view) if is_inside else []
    return Step(
        room, (Reply(Said(room.id, mixer.text(found) if given.profile == NATIVE else found)),)
    )


def on_began(room: Room, given: MixerBegan, _view: View) -> Step:
    return Step(replace(room, mixers=(*room.mixers, given.mixer)))


def on_ended(room: Room, given: MixerEnded, _view: View) -> Step:
    left = tuple(each for each in room.mixers if each != given.mixer)
    return Step(replace(room, mixers=left))


def cast(room: Room) -> list[Seen]:
    """Say who is there with what turned on; where they are seen, each recording says."""
    return [Seen(each.user, each.audio, each.video) for each in room.people]


# --- the table ------------------------------------------------------------------------------------

CALLS: Final = (Make, Destroy, Enter, Exit, Kick, Switch, LookAround, ListMixers)
OUTSIDE: Final = Refuse(errors.row_of(errors.NOT_IN_ROOM), "the caller is in no room")
GONE: Final = Refuse(errors.row_of(errors.NO_ROOM), "the room is destroyed")
TAKEN: Final = Refuse(
    errors.row_of(errors.NO_RESOURCES), "a new room gets a number that nobody has"
)
LATE: Final = Ignore("the room was destroyed in the same instant")
TABLE: Final[Table] = {
    State.ABSENT: {
        Make: do(on_make, State.OPEN, refusals=(errors.row_of(errors.NO_RESOURCES),)),
        Destroy: GONE,
        Enter: GONE,
        **dict.fromkeys((Exit, Kick, Switch, LookAround), OUTSIDE),
        ListMixers: do(on_list, State.ABSENT),
        MemberChanged: Ignore("the client is in no room"),
    },
    State.OPEN: {
        Make: TAKEN,
        Destroy: do(on_destroy, State.DESTROYED),
        Enter: do(
            on_enter,
            State.OPEN,
            refusals=(errors.row_of(errors.IN_ROOM), errors.row_of(errors.ROOM_FULL)),
        ),
        Exit: do(on_exit, State.OPEN),
        Kick: do(on_kick, State.OPEN, refusals=(errors.row_of(errors.NOT_FOUND),)),
        Switch: do(on_switch, State.OPEN),
        LookAround: do(on_look, State.OPEN, refusals=(errors.row_of(errors.NOT_FOUND),)),
        ListMixers: do(on_list, State.OPEN),
        MemberChanged: do(on_member_changed, State.OPEN),
        Timeout: do(on_timeout, State.OPEN),
        rooms.RoomChanged: do(on_room_changed, State.OPEN),
        Deserted: do(on_deserted, State.OPEN),
        MixerBegan: do(on_began, State.OPEN),
        MixerEnded: do(on_ended, State.OPEN),
    },
    State.DESTROYED: {
        Make: TAKEN,
        **dict.fromkeys((Destroy, Enter), GONE),
        **dict.fromkeys((Exit, Kick, Switch, LookAround, ListMixers), OUTSIDE),
        MemberChanged: LATE,
        Timeout: LATE,
        rooms.RoomChanged: LATE,
        Deserted: LATE,
        MixerBegan: LATE,
        MixerEnded: do(on_ended, State.DESTROYED),
    },
}
MACHINE: Final = Machine(ROOM, TABLE, Room, CALLS, ("away",), cast=cast)
