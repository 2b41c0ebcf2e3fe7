"""People come into a room and leave it, by their own doing or because their connection is lost."""

from typing import Final

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Count,
    Effect,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.sdk import Change
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors, instance
from recording_emulator.vendors.neroom import users as accounts
from recording_emulator.vendors.neroom.describing import (
    by,
    context,
    copy,
    member_object,
    snapshot,
    tell,
    users,
)
from recording_emulator.vendors.neroom.inputs import (
    Caller,
    Enter,
    Exit,
    Expire,
    Joined,
    Look,
    MemberChanged,
    Parted,
    Said,
    Snap,
    Timeout,
)
from recording_emulator.vendors.neroom.instance import Instance
from recording_emulator.vendors.neroom.room import (
    ONLINE,
    Device,
    Person,
    Room,
    channel,
    with_device,
    with_person,
    without,
)

HOST: Final = "host"
MEMBER: Final = "member"
RECONNECTED: Final = 1
"""``onRoomConnectStateChanged``; that it is lost (0) is the client's own to notice."""


def on_enter(room: Room, given: Enter, view: View) -> Step | Refusal:
    role = given.role or (HOST if given.user == room.host else MEMBER)
    barred = _barred(room, given, role, view)
    if barred is not None:
        return barred
    before, effects = _evicted(room, given.user) if given.kicks_other else (room, ())
    known = before.person(given.user)
    device = new_device(before, given.user, given.member, view)
    me = with_device(known, device) if known else Person(given.user, given.name, role, (device,))
    after = with_person(before, me)
    heard = "onMemberJoinRoom" if known is None else "onMemberConnectedDeviceListChanged"
    about = [member_object(me)] if known is None else member_object(me)
    joined: list[Effect] = [Cancel("empty"), Reply(Said(room.uuid, context(after, me, view)))]
    if given.member:
        entered = Joined(room.archive)
        joined.insert(0, Tell(Target(instance.NAME, given.member), entered))
    joined.append(tell(after, heard, about, to=before.members))
    if known is None:
        joined += [copy(after, "USER_JOIN_ROOM", users=users(me)), Count(ONLINE, 1)]
    return Step(after, (*effects, *joined))


def _barred(room: Room, given: Enter, role: str, view: View) -> Refusal | None:
    """Say why somebody may not come in; the order of the checks is assumed."""
    there = room.person(given.user)
    if room.device(given) is not None:
        return Refusal(errors.IN_ROOM, f"{given.user!r} has joined already")
    if room.is_locked:
        return Refusal(errors.LOCKED)
    if given.password != room.password:
        return Refusal(errors.PASSWORD)
    if there is not None:  # another device: it takes the place of the first, or shares it
        return wrong_role(without(room, given.user), role) if given.kicks_other else None
    if 0 <= room.max_members <= len(room.people):
        return Refusal(errors.FULL, f"maxMembers is {room.max_members}")
    if view.count(ONLINE) >= view.settings.online_max:
        return Refusal(errors.FULL, f"setting online_max is {view.settings.online_max}")
    return wrong_role(room, role)


def wrong_role(room: Room, role: str) -> Refusal | None:
    """Say why the room's template lets nobody have a role now."""
    if not room.roles:
        return None
    if role not in room.roles:
        return Refusal(errors.NO_ROLE, f"the template has {', '.join(room.roles)}, not {role!r}")
    places, taken = room.roles[role], sum(each.role == role for each in room.people)
    return Refusal(errors.ROLE_FULL, f"{taken} are {role!r}") if 0 <= places <= taken else None


def new_device(
    room: Room, user: str, member: str, view: View, *, is_by_hand: bool = False
) -> Device:
    """Give a user a device; the first one has the user's own name in the RTC channel."""
    raw = view.draw("neroom.uid", f"{room.archive}/{user}", 4)
    one = view.peek(Target(instance.NAME, member)) or Instance(member)
    own = 0 if room.person(user) else accounts.rtc_uid_of(user, view)
    return Device(
        key=user if room.person(user) is None else f"{user}/{member}",
        rtc_uid=own or ids.number(raw, 10_000_000, 99_999_999),
        member=member,
        id=one.device or member,
        client_type=one.client_type,
        is_by_hand=is_by_hand,
        keys=one.keys,
    )


def _evicted(room: Room, uuid: str) -> tuple[Room, tuple[Effect, ...]]:
    """Take a user's other devices out: ``kickOtherDevice`` is on unless told otherwise."""
    other = room.person(uuid)
    if other is None:
        return room, ()
    told = tell(room, "onRoomEnded", "KICK_BY_OTHER_DEVICE", to=other.members)
    after, effects = left(room, other)
    return after, (told, *effects)


# --- going ---------------------------------------------------------------------------------------


def left(
    room: Room, person: Person, kicker: Person | None = None
) -> tuple[Room, tuple[Effect, ...]]:
    """Take a person out, with all devices."""
    after = without(room, person.uuid)
    return after, (
        *(effect for each in person.devices for effect in loose(room, each)),
        Count(ONLINE, -1),
        tell(after, "onMemberLeaveRoom", [member_object(person)]),
        copy(after, "USER_LEAVE_ROOM", users=users(person), **by(kicker)),
    )


def loose(room: Room, device: Device) -> list[Effect]:
    """Let go of a device: its timer, what its instance knows, its place in the RTC channel."""
    effects: list[Effect] = []
    if device.member:
        parted = Tell(Target(instance.NAME, device.member), Parted(room.archive))
        effects = [Cancel(f"away {device.member}"), parted]
    if device.in_rtc:
        effects.append(Tell(channel(room), rooms.Leave(device.key)))
    return effects


def device_left(room: Room, person: Person, device: Device) -> tuple[Room, tuple[Effect, ...]]:
    """Take one device out, and its person with the last one."""
    rest = tuple(each for each in person.devices if each.key != device.key)
    if not rest:
        return left(room, person)
    now = msgspec.structs.replace(person, devices=rest)
    after = with_person(room, now)
    told = tell(after, "onMemberConnectedDeviceListChanged", member_object(now))
    return after, (*loose(room, device), told)


def emptied(room: Room, view: View) -> tuple[Effect, ...]:
    if room.people or room.is_permanent:
        return ()
    wait = view.settings.room_empty_ms
    return (Arm("empty", wait, Expire("ALL_MEMBERS_OUT"), Tempo.LONG),)


def on_exit(room: Room, given: Exit, view: View) -> Step | Refusal:
    me, device = room.of(given), room.device(given)
    if me is None or device is None:
        return absent(given)
    after, effects = device_left(room, me, device)
    return Step(after, (Reply(Said(room.uuid)), *effects, *emptied(after, view)))


def absent(given: Caller) -> Refusal:
    """Refuse who is not in the room: the SDK says so itself, over HTTP it is another code."""
    return Refusal(errors.NOT_IN_ROOM if given.member else errors.NO_MEMBER)


ABSENT: Final = (errors.NOT_IN_ROOM, errors.NO_MEMBER)


# --- looking -------------------------------------------------------------------------------------


def on_look(room: Room, given: Look, view: View) -> Step:
    me = room.of(given)
    return Step(room, (Reply(Said(room.uuid, me and context(room, me, view))),))


def on_snap(room: Room, given: Snap, view: View) -> Step:
    return Step(room, (Reply(Said(room.uuid, snapshot(room, given.seq, view))),))


# --- the connection ------------------------------------------------------------------------------


def on_member_changed(room: Room, given: MemberChanged, view: View) -> Step:
    name = f"away {given.member}"
    match given.change:
        case Change.DROPPED:
            wait = view.settings.reconnect_timeout_ms
            return Step(room, (Arm(name, wait, Timeout(given.member), Tempo.LONG),))
        case Change.RESUMED:
            told = tell(room, "onRoomConnectStateChanged", RECONNECTED, to=(given.member,))
            return Step(room, (Cancel(name), told))
        case _:
            return on_timeout(room, Timeout(given.member), view)


def on_timeout(room: Room, given: Timeout, view: View) -> Step:
    person = room.holding(lambda each: each.member == given.member)
    if person is None:
        return Step(room)
    (device,) = (each for each in person.devices if each.member == given.member)
    after, effects = device_left(room, person, device)
    return Step(after, (*effects, *emptied(after, view)))
