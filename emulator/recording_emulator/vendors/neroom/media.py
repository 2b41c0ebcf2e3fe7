"""The RTC channel: who is in it, what they publish, and what follows for the recording."""

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors, recorder
from recording_emulator.vendors.neroom.inputs import (
    EnterRtc,
    ExitRtc,
    Idle,
    Mute,
    Said,
    Sending,
    Track,
)
from recording_emulator.vendors.neroom.people import emptied, left
from recording_emulator.vendors.neroom.room import (
    Person,
    Room,
    channel,
    copy,
    member_object,
    tell,
    users,
    with_person,
)


def on_enter_rtc(room: Room, given: EnterRtc, _view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None:
        return Refusal(errors.NOT_IN_ROOM)
    join = Tell(channel(room), rooms.Join(me.uuid, audio=False, video=False))
    return Step(room, (Reply(Said(room.uuid)), *(() if me.in_rtc else (join,))))


def on_exit_rtc(room: Room, given: ExitRtc, _view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None or not me.in_rtc:
        return Refusal(errors.NOT_IN_RTC)
    return Step(room, (Reply(Said(room.uuid)), Tell(channel(room), rooms.Leave(me.uuid))))


def on_mute(room: Room, given: Mute, _view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None or not me.in_rtc:
        return Refusal(errors.NOT_IN_RTC)
    change = rooms.Publish(me.uuid, given.audio, given.video)
    acting = msgspec.structs.replace(room, acting=me.uuid)
    return Step(acting, (Reply(Said(room.uuid)), Tell(channel(room), change)))


def on_room_changed(room: Room, given: rooms.RoomChanged, view: View) -> Step:
    """Follow what happens in the RTC channel, whoever caused it."""
    there = view.room(room.uuid).participants.get(given.uid)
    person = room.person(given.uid)
    after = room
    effects: tuple[Effect, ...] = ()
    if given.change == "watch":  # whoever is there already came before the room was made
        for each in view.room(room.uuid).participants.values():
            after, more = _followed(after, after.person(each.uid), each, view)
            effects = (*effects, *more)
    elif given.change == "leave" and person is not None and person.in_rtc:
        after, effects = _out_of_rtc(room, person, view)
    elif there is not None and not there.synthetic:
        after, effects = _followed(room, person, there, view)
    after = msgspec.structs.replace(after, acting="")
    final, more = judged(after, view)
    return Step(final, (*effects, *more))


def _out_of_rtc(room: Room, person: Person, view: View) -> tuple[Room, tuple[Effect, ...]]:
    out = msgspec.structs.replace(person, in_rtc=False, audio=False, video=False)
    after = with_person(room, out)
    told = tell(after, "onMemberLeaveRtcChannel", [member_object(out)])
    if person.member:
        return after, (told,)
    gone, effects = left(after, out)
    return gone, (told, *effects, *emptied(gone, view))


def _followed(
    room: Room, person: Person | None, there: rooms.Participant, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    effects: list[Effect] = []
    if person is None:  # put there by hand: nobody's SDK has joined the room for them
        raw = view.draw("neroom.uid", f"{room.archive}/{there.uid}", 4)
        uid = ids.number(raw, 10_000_000, 99_999_999)
        person = Person(there.uid, there.uid, "member", uid)
        told = tell(room, "onMemberJoinRoom", [member_object(person)])
        effects = [Cancel("empty"), told, copy(room, "USER_JOIN_ROOM", users=users(person))]
    now = msgspec.structs.replace(person, in_rtc=True, audio=there.audio, video=there.video)
    after = with_person(room, now)
    if not person.in_rtc:
        effects.append(tell(after, "onMemberJoinRtcChannel", [member_object(now)]))
    by = after.person(room.acting)
    operator = None if by is None else member_object(by)
    for event, before, is_on in (
        ("onMemberAudioMuteChanged", person.audio, now.audio),
        ("onMemberVideoMuteChanged", person.video, now.video),
    ):
        if before != is_on:
            effects.append(tell(after, event, member_object(now), not is_on, operator))
    return after, tuple(effects)


def judged(room: Room, view: View) -> tuple[Room, tuple[Effect, ...]]:
    """Tell the recording who publishes, and see whether it is over (sheet §5.2)."""
    if not room.recording:
        return room, ()
    tracks = tuple(
        Track(each.uuid, each.name, each.rtc_uid, each.audio, each.video, view.now_ms)
        for each in room.people
        if each.is_publishing
    )
    sending = Tell(Target(recorder.NAME, room.recording), Sending(tracks))
    is_idle = not tracks
    after = msgspec.structs.replace(room, is_idle=is_idle)
    if is_idle == room.is_idle:
        return after, (sending,)
    wait = Arm("idle", view.settings.idle_grace_ms, Idle(), Tempo.LONG)
    return after, (sending, wait if is_idle else Cancel("idle"))
