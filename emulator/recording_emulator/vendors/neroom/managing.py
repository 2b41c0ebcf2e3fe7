"""What is done to other people in the room, and to the room: roles, names, kicks, the lock."""

import msgspec

from recording_emulator.core.machine import Effect, Refusal, Reply, Step, View
from recording_emulator.vendors.neroom import errors
from recording_emulator.vendors.neroom.describing import by, copy, member_object, operator, tell
from recording_emulator.vendors.neroom.inputs import Assign, Caller, Kick, Lock, Rename, Said
from recording_emulator.vendors.neroom.people import absent, emptied, left, wrong_role
from recording_emulator.vendors.neroom.room import Person, Room, may, with_person


def barred(room: Room, given: Caller, view: View, target: str | None = None) -> Refusal | None:
    """Say why somebody may not do a thing to the room, or to ``target``; a server may."""
    me = room.of(given)
    if me is None and not given.is_server:
        return absent(given)
    if target != "" and not may(me, view.settings.manage_roles):
        return Refusal(errors.FORBIDDEN, "setting manage_roles")
    if target and room.person(target) is None:
        return Refusal(errors.NO_TARGET, f"{target[:40]!r} is not here")
    return None


def on_assign(room: Room, given: Assign, view: View) -> Step | Refusal:
    refusal = barred(room, given, view, given.target)
    them = room.person(given.target)
    if refusal is not None or them is None:
        return refusal or Refusal(errors.NO_TARGET)
    said = Reply(Said(room.uuid))
    if them.role == given.role:
        return Step(room, (said,))
    wrong = wrong_role(room, given.role)
    if wrong is not None:
        return wrong
    now = msgspec.structs.replace(them, role=given.role)
    after = with_person(room, now)
    roles = {"name": them.role}, {"name": now.role}
    body = {"userUuid": now.uuid, "oldRole": them.role, "newRole": now.role}
    return Step(
        after,
        (
            said,
            tell(after, "onMemberRoleChanged", member_object(now), *roles),
            copy(after, "USER_ROLE_CHANGE", **body, **by(room.of(given))),
        ),
    )


def on_rename(room: Room, given: Rename, view: View) -> Step | Refusal:
    """Give somebody another name; one's own needs no right (assumed)."""
    refusal = barred(room, given, view, given.target)
    them = room.person(given.target) if given.target else room.of(given)
    if refusal is not None or them is None:
        return refusal or Refusal(errors.NO_TARGET)
    said, me = Reply(Said(room.uuid)), room.of(given)
    if them.name == given.name:
        return Step(room, (said,))
    now = msgspec.structs.replace(them, name=given.name)
    after = with_person(room, now)
    body = {"userUuid": now.uuid, "oldUserName": them.name, "newUserName": now.name}
    told = tell(after, "onMemberNameChanged", member_object(now), now.name, operator(me))
    return Step(after, (said, told, copy(after, "USER_NAME_CHANGE", **body, **by(me))))


def on_kick(room: Room, given: Kick, view: View) -> Step | Refusal:
    refusal = barred(room, given, view, given.target)
    them = room.person(given.target)
    if refusal is not None or them is None:
        return refusal or Refusal(errors.NO_TARGET)
    after, effects = kicked(room, them, room.of(given), view)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def kicked(
    room: Room, them: Person, kicker: Person | None, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    told = tell(room, "onRoomEnded", "KICK_OUT", to=them.members)
    after, effects = left(room, them, kicker)
    return after, (told, *effects, *emptied(after, view))


def on_lock(room: Room, given: Lock, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    said = Reply(Said(room.uuid))
    if room.is_locked == given.is_on:
        return Step(room, (said,))
    after = msgspec.structs.replace(room, is_locked=given.is_on)
    return Step(after, (said, tell(after, "onRoomLockStateChanged", given.is_on)))
