"""People come into a room and leave it, by their own doing or because their connection is lost."""

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Effect,
    Refusal,
    Release,
    Reply,
    Step,
    Tell,
    View,
)
from recording_emulator.core.sdk import Change
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors
from recording_emulator.vendors.neroom.inputs import (
    Enter,
    Exit,
    Expire,
    Look,
    MemberChanged,
    Said,
    Timeout,
)
from recording_emulator.vendors.neroom.room import (
    Person,
    Room,
    channel,
    context,
    copy,
    member_object,
    tell,
    users,
    with_person,
    without,
)


def on_enter(room: Room, given: Enter, view: View) -> Step | Refusal:
    if given.password != room.password:
        return Refusal(errors.PASSWORD)
    if room.of(given.member) is not None:
        return Refusal(errors.IN_ROOM, f"{given.user!r} has joined already")
    raw = view.draw("neroom.uid", f"{room.archive}/{given.user}", 4)
    uid = ids.number(raw, 10_000_000, 99_999_999)
    me = Person(given.user, given.name, given.role, uid, given.member)
    before, effects = _evicted(room, given.user)
    after = with_person(before, me)
    return Step(
        after,
        (
            *effects,
            Claim(f"member/{given.member}"),
            Cancel("empty"),
            Reply(Said(room.uuid, context(after, me, view))),
            tell(after, "onMemberJoinRoom", [member_object(me)], to=before.members),
            copy(after, "USER_JOIN_ROOM", users=users(me)),
        ),
    )


def _evicted(room: Room, uuid: str) -> tuple[Room, tuple[Effect, ...]]:
    """Take a user's other device out: ``kickOtherDevice`` is on unless told otherwise."""
    other = room.person(uuid)
    if other is None:
        return room, ()
    told = tell(room, "onRoomEnded", "KICK_BY_OTHER_DEVICE", to=(other.member,))
    after, effects = left(room, other)
    return after, (told, *effects)


def left(room: Room, person: Person) -> tuple[Room, tuple[Effect, ...]]:
    after = without(room, person.uuid)
    effects: list[Effect] = []
    if person.member:
        effects += [Release(f"member/{person.member}"), Cancel(f"away {person.member}")]
    if person.in_rtc and person.member:
        effects.append(Tell(channel(room), rooms.Leave(person.uuid)))
    effects += [
        tell(after, "onMemberLeaveRoom", [member_object(person)]),
        copy(after, "USER_LEAVE_ROOM", users=users(person)),
    ]
    return after, tuple(effects)


def emptied(room: Room, view: View) -> tuple[Effect, ...]:
    wait = view.settings.room_empty_ms
    return () if room.people else (Arm("empty", wait, Expire("ALL_MEMBERS_OUT"), Tempo.LONG),)


def on_exit(room: Room, given: Exit, view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None:
        return Refusal(errors.NOT_IN_ROOM)
    after, effects = left(room, me)
    return Step(after, (Reply(Said(room.uuid)), *effects, *emptied(after, view)))


def on_look(room: Room, given: Look, view: View) -> Step:
    me = room.of(given.member)
    return Step(room, (Reply(Said(room.uuid, me and context(room, me, view))),))


def on_member_changed(room: Room, given: MemberChanged, view: View) -> Step:
    name = f"away {given.member}"
    match given.change:
        case Change.DROPPED:
            wait = view.settings.reconnect_timeout_ms
            return Step(room, (Arm(name, wait, Timeout(given.member), Tempo.LONG),))
        case Change.RESUMED:
            return Step(room, (Cancel(name),))
        case _:
            return on_timeout(room, Timeout(given.member), view)


def on_timeout(room: Room, given: Timeout, view: View) -> Step:
    person = room.of(given.member)
    if person is None:
        return Step(room)
    after, effects = left(room, person)
    return Step(after, (*effects, *emptied(after, view)))
