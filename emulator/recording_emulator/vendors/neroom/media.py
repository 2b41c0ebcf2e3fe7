"""The RTC channel: who is in it, what they publish, and what follows for the recording."""

import msgspec

from recording_emulator.core import rooms
from recording_emulator.core.machine import (
    Cancel,
    Count,
    Effect,
    Refusal,
    Reply,
    Step,
    Tell,
    View,
)
from recording_emulator.vendors.neroom import errors
from recording_emulator.vendors.neroom.control import begun_by_itself, judged
from recording_emulator.vendors.neroom.describing import copy, member_object, operator, tell, users
from recording_emulator.vendors.neroom.inputs import (
    EnterRtc,
    ExitRtc,
    KeysChanged,
    Mute,
    MuteOther,
    Said,
    Share,
)
from recording_emulator.vendors.neroom.managing import barred
from recording_emulator.vendors.neroom.people import (
    MEMBER,
    absent,
    device_left,
    emptied,
    new_device,
)
from recording_emulator.vendors.neroom.room import (
    ONLINE,
    Device,
    Person,
    Room,
    channel,
    with_device,
    with_person,
)


def on_enter_rtc(room: Room, given: EnterRtc, _view: View) -> Step | Refusal:
    device = room.device(given)
    if device is None:
        return absent(given)
    if not room.has_rtc:
        return Refusal(errors.NOT_SUPPORTED, "the room was made without enableRtc")
    join = Tell(channel(room), rooms.Join(device.key, audio=False, video=False))
    return Step(room, (Reply(Said(room.uuid)), *(() if device.in_rtc else (join,))))


def on_exit_rtc(room: Room, given: ExitRtc, _view: View) -> Step | Refusal:
    device = room.device(given)
    if device is None or not device.in_rtc:
        return Refusal(errors.NOT_IN_RTC)
    return Step(room, (Reply(Said(room.uuid)), Tell(channel(room), rooms.Leave(device.key))))


def on_mute(room: Room, given: Mute, _view: View) -> Step | Refusal:
    me, device = room.of(given), room.device(given)
    if me is None or device is None or not device.in_rtc:
        return Refusal(errors.NOT_IN_RTC)
    after, effects = published(room, (device,), given.audio, given.video, me)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_mute_other(room: Room, given: MuteOther, view: View) -> Step | Refusal:
    """Turn a medium of somebody else off; one that is off already stays so, without a word."""
    me, them = room.of(given), room.person(given.target)
    refusal = barred(room, given, view, given.target)
    if refusal is not None or them is None:
        return refusal or Refusal(errors.NO_TARGET)
    inside = tuple(each for each in them.devices if each.in_rtc)
    after, effects = published(room, inside, given.audio, given.video, me)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def published(
    room: Room,
    devices: tuple[Device, ...],
    audio: bool | None,
    video: bool | None,
    by: Person | None,
) -> tuple[Room, tuple[Effect, ...]]:
    """Turn media of these devices on or off in the RTC channel; who did it is told with it."""
    changed = [
        each
        for each in devices
        if audio not in (None, each.audio) or video not in (None, each.video)
    ]
    if not changed:
        return room, ()
    acting = msgspec.structs.replace(room, acting=by.uuid if by else "")
    where = channel(room)
    return acting, tuple(Tell(where, rooms.Publish(each.key, audio, video)) for each in changed)


# --- what follows --------------------------------------------------------------------------------


def on_room_changed(room: Room, given: rooms.RoomChanged, view: View) -> Step:
    """Follow what happens in the RTC channel, whoever caused it."""
    inside = view.room(room.uuid).participants
    after, effects = room, tuple[Effect, ...]()
    for uid in tuple(inside) if given.change == "watch" else (given.uid,):
        after, more = _changed(
            after, uid, None if given.change == "leave" else inside.get(uid), view
        )
        effects = (*effects, *more)
    after = msgspec.structs.replace(after, acting="")
    return settled(after, effects, view)


def _changed(
    room: Room, uid: str, there: rooms.Participant | None, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    """Follow one device, which may be in the channel now."""
    person = room.holding(lambda each: each.key == uid)
    devices = person.devices if person else ()
    device = next((each for each in devices if each.key == uid), None)
    if there is not None and not there.synthetic:
        return _followed(room, person, device, there, view)
    if person is not None and device is not None and device.in_rtc:
        return _out_of_rtc(room, person, device, view)
    return room, ()


def settled(room: Room, effects: tuple[Effect, ...], view: View) -> Step:
    """Let the recording follow what has changed in the room."""
    begun, first = begun_by_itself(room, view)
    final, more = (begun, ()) if first else judged(begun, view)
    return Step(final, (*effects, *first, *more))


def _out_of_rtc(
    room: Room, person: Person, device: Device, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    out = msgspec.structs.replace(device, in_rtc=False, audio=False, video=False, is_sharing=False)
    now = with_device(person, out)
    after = with_person(room, now)
    effects: tuple[Effect, ...] = ()
    if person.is_sharing and not now.is_sharing:
        effects = (_shared(after, now, now),)
    if not now.in_rtc:
        effects = (*effects, tell(after, "onMemberLeaveRtcChannel", [member_object(now)]))
    if not device.is_by_hand:
        return after, effects
    gone, more = device_left(after, now, out)
    return gone, (*effects, *more, *emptied(gone, view))


def _followed(
    room: Room,
    person: Person | None,
    device: Device | None,
    there: rooms.Participant,
    view: View,
) -> tuple[Room, tuple[Effect, ...]]:
    effects: list[Effect] = []
    if person is None or device is None:  # put there by hand: no SDK has joined the room for them
        device = new_device(room, there.uid, "", view, is_by_hand=True)
        person = Person(there.uid, there.uid, MEMBER, (device,))
        told = tell(room, "onMemberJoinRoom", [member_object(person)])
        joined = copy(room, "USER_JOIN_ROOM", users=users(person))
        effects = [Cancel("empty"), told, joined, Count(ONLINE, 1)]
    inside = msgspec.structs.replace(device, in_rtc=True, audio=there.audio, video=there.video)
    now = with_device(person, inside)
    after = with_person(room, now)
    after = msgspec.structs.replace(after, rtc_ms=room.rtc_ms or view.now_ms)
    if not person.in_rtc:
        effects.append(tell(after, "onMemberJoinRtcChannel", [member_object(now)]))
    by = operator(after.person(room.acting))
    for event, before, is_on in (
        ("onMemberAudioMuteChanged", person.audio, now.audio),
        ("onMemberVideoMuteChanged", person.video, now.video),
    ):
        if before != is_on:
            effects.append(tell(after, event, member_object(now), not is_on, by))
    return after, tuple(effects)


# --- the screen, and what else changes who is recorded -------------------------------------------


def on_share(room: Room, given: Share, view: View) -> Step | Refusal:
    """Share a screen, or end that; one person at a time shares (sheet §1.9)."""
    me, device = room.of(given), room.device(given)
    if me is None or device is None or not device.in_rtc:
        return Refusal(errors.NOT_IN_RTC)
    other = next((each for each in room.people if each.is_sharing and each.uuid != me.uuid), None)
    if given.is_on and other is not None:
        return Refusal(errors.SHARED, f"{other.uuid!r} shares")
    now = with_device(me, msgspec.structs.replace(device, is_sharing=given.is_on))
    if now == me:
        return Step(room, (Reply(Said(room.uuid)),))
    after = with_person(room, now)
    said = (Reply(Said(room.uuid)), _shared(after, now, now))
    return settled(after, said, view)


def _shared(room: Room, person: Person, by: Person) -> Effect:
    event = "onMemberScreenShareStateChanged"
    return tell(room, event, member_object(person), person.is_sharing, operator(by))


def on_keys_changed(room: Room, given: KeysChanged, view: View) -> Step:
    person = room.holding(lambda each: each.member == given.member)
    if person is None:
        return Step(room)
    (device,) = (each for each in person.devices if each.member == given.member)
    now = with_device(person, msgspec.structs.replace(device, keys=given.keys))
    return settled(with_person(room, now), (), view)
