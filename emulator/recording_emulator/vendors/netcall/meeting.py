"""A meeting: it is made before it is joined, and its name is free again when all have left.

Rules (sheet §2.6): flags of members count only where a tenant has bought that (assumed); a host who
pushes it live may have the push recorded.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Effect,
    Ignore,
    Machine,
    Release,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import sessions
from recording_emulator.vendors.netcall.inputs import (
    MEETING,
    QUIT,
    TIMEOUT,
    VIDEO,
    Party,
)
from recording_emulator.vendors.netcall.machine import device
from recording_emulator.vendors.netcall.sessions import Session
from recording_emulator.vendors.netcall.told import (
    Bill,
    Commanded,
    Entered,
    Left,
    Made,
    MediaUp,
    PeerCommands,
    PeerGone,
    PeerUp,
    Sends,
    StillOn,
    Switched,
    Unjoined,
)


class State(StrEnum):
    """Where a meeting stands."""

    ABSENT = "absent"
    OPEN = "open"
    ENDED = "ended"


class Meeting(Session, frozen=True, tag="netcall.Meeting", kw_only=True):
    """One life of a meeting; ``present`` are the accounts in it, in the order they came."""

    is_meeting = True

    state: State = State.ABSENT
    maker: str = ""
    present: tuple[str, ...] = ()


def named(name: str) -> str:
    return f"meeting/{name}"


def _channel(meeting: Meeting) -> Target:
    """Return the core's room of the same name, in which people can be put without an SDK."""
    return Target("room", f"netcall/{meeting.room}")


def on_made(meeting: Meeting, given: Made, view: View) -> Step:
    made = msgspec.structs.replace(
        meeting,
        state=State.OPEN,
        room=given.name,
        maker=given.by,
        ext=given.custom,
        created_ms=view.now_ms,
    )
    watch = Tell(_channel(made), rooms.Watch(Target(MEETING, meeting.channel)))
    limit_ms = view.settings.meeting_unjoined_ms
    return Step(
        made,
        (
            Claim(named(given.name)),
            sessions.claim(meeting.channel),
            Arm("unjoined", limit_ms, Unjoined(), Tempo.EXPIRY),
            watch,
        ),
    )


def on_entered(meeting: Meeting, given: Entered, view: View) -> Step:
    party = msgspec.structs.replace(given.party, is_caller=given.party.account == meeting.maker)
    before = meeting.party(party.account)
    if before is not None:
        party = msgspec.structs.replace(
            before, member=party.member, flags=party.flags, is_caller=party.is_caller
        )
    after = _with(sessions.with_party(meeting, party), party.account)
    live = given.live if party.account == meeting.maker else meeting.live
    after = msgspec.structs.replace(after, live=live)
    if given.kind == VIDEO:
        after = sessions.switched(after, True, view)
    join = rooms.Join(party.account, audio=True, video=given.kind == VIDEO)
    return Step(after, (Cancel("unjoined"), Tell(_channel(meeting), join)))


def _with(meeting: Meeting, account: str) -> Meeting:
    rest = (each for each in meeting.present if each != account)
    return msgspec.structs.replace(meeting, present=(*rest, account))


def on_media_up(meeting: Meeting, given: MediaUp, view: View) -> Step:
    me = meeting.party(given.account)
    if me is None or me.is_up or me.account not in meeting.present:
        return Step(meeting)
    is_first = not any(each.is_up for each in meeting.parties)
    after = sessions.joined(meeting, me, view)
    after, effects = sessions.recorded(after, me, view)
    up = PeerUp(meeting.channel, meeting.kind, me.account, me.uid)
    told = tuple(Tell(device(each.member), up) for each in _others(meeting, me.account))
    reports = sessions.running(view) if is_first else ()
    return Step(after, (*effects, *told, *reports))


def _others(meeting: Meeting, account: str) -> tuple[Party, ...]:
    """Return those present with an SDK, but for one account."""
    return tuple(
        each
        for each in meeting.parties
        if each.account != account and each.member and each.account in meeting.present
    )


def on_left(meeting: Meeting, given: Left, view: View) -> Step:
    """Let somebody leave; they leave the core's room, too."""
    if given.account not in meeting.present:
        return Step(meeting)
    out = Tell(_channel(meeting), rooms.Leave(given.account))
    after, effects = _gone(meeting, given.account, given.how, view)
    return Step(after, (out, *effects))


def _gone(
    meeting: Meeting, account: str, how: str, view: View
) -> tuple[Meeting, tuple[Effect, ...]]:
    me = meeting.party(account)
    assert me is not None, (meeting, account)
    gone = PeerGone(meeting.channel, meeting.kind, account, me.uid, how)
    told = tuple(Tell(device(each.member), gone) for each in _others(meeting, account))
    after = sessions.left(meeting, me, view)
    present = tuple(each for each in meeting.present if each != account)
    after = msgspec.structs.replace(after, present=present)
    if present:
        return after, told
    ended, effects = _ended(after, view, sessions.TIMED_OUT if how == TIMEOUT else "")
    return ended, (*told, *effects)


def _ended(meeting: Meeting, view: View, status: str) -> tuple[Meeting, tuple[Effect, ...]]:
    came = sum(each.joined_ms is not None for each in meeting.parties)
    status = (status or sessions.SUCCESS) if came > 1 else sessions.SINGLE
    after, effects = sessions.over(meeting, status, view)
    ended = (
        Cancel("still"),
        Cancel("unjoined"),
        Release(named(meeting.room)),
        Tell(_channel(meeting), rooms.Unwatch(Target(MEETING, meeting.channel))),
    )
    return msgspec.structs.replace(after, state=State.ENDED), (*ended, *effects)


def on_unjoined(meeting: Meeting, _given: Unjoined, view: View) -> Step:
    after, effects = _ended(meeting, view, "")
    return Step(after, effects)


def on_room_changed(meeting: Meeting, given: rooms.RoomChanged, view: View) -> Step:
    """Follow what is done to the core's room by hand: people without an SDK come and go."""
    if given.change == "leave" and given.uid in meeting.present:
        after, effects = _gone(meeting, given.uid, QUIT, view)
        return Step(after, effects)
    after, told = meeting, []
    for each in view.room(meeting.room).participants.values():
        if each.synthetic or each.uid in after.present:
            continue
        party = after.party(each.uid) or Party(each.uid, sessions.uid_of(view, each.uid))
        after = _with(sessions.with_party(after, party), each.uid)
        if each.video:
            after = sessions.switched(after, True, view)
        told.append(Tell(Target(MEETING, meeting.channel), MediaUp(each.uid)))
    for each in view.room(meeting.room).participants.values():
        after = _heard_of(after, each, is_said=given == rooms.RoomChanged("publish", each.uid))
    return Step(after, (Cancel("unjoined"), *told) if told else ())


def _heard_of(meeting: Meeting, each: rooms.Participant, *, is_said: bool) -> Meeting:
    """Take up what somebody sends who was put there by hand, or is said by hand to send."""
    party = meeting.party(each.uid)
    if party is None or not (is_said or not party.member):
        return meeting
    on = {"mic": each.audio, "camera": each.video}
    off = tuple(source for source, is_on in on.items() if not is_on)
    after: Meeting = sessions.with_party(meeting, msgspec.structs.replace(party, off=off))
    return after


def on_switched(meeting: Meeting, given: Switched, view: View) -> Step:
    return Step(sessions.switched(meeting, given.is_video, view))


def on_commanded(meeting: Meeting, given: Commanded, _view: View) -> Step:
    said = PeerCommands(meeting.channel, given.account, given.command)
    told = tuple(Tell(device(each.member), said) for each in _others(meeting, given.account))
    return Step(meeting, told)


def on_sends(meeting: Meeting, given: Sends, _view: View) -> Step:
    return Step(sessions.sending(meeting, given.account, given.source, given.is_on))


def on_still_on(meeting: Meeting, _given: StillOn, view: View) -> Step:
    return Step(meeting, (sessions.still_on(meeting, view), *sessions.running(view)))


def on_bill(meeting: Meeting, _given: Bill, view: View) -> Step:
    return Step(meeting, sessions.billed(meeting, view))


LATE: Final = Ignore("the meeting ended in the same instant")
TABLE: Final[Table] = {
    State.ABSENT: {Made: do(on_made, State.OPEN)},
    State.OPEN: {
        Entered: do(on_entered, State.OPEN),
        MediaUp: do(on_media_up, State.OPEN),
        Left: do(on_left, State.OPEN, State.ENDED),
        Switched: do(on_switched, State.OPEN),
        Sends: do(on_sends, State.OPEN),
        Commanded: do(on_commanded, State.OPEN),
        rooms.RoomChanged: do(on_room_changed, State.OPEN, State.ENDED),
        StillOn: do(on_still_on, State.OPEN),
        Unjoined: do(on_unjoined, State.ENDED),
    },
    State.ENDED: {
        Entered: LATE,
        MediaUp: LATE,
        Left: LATE,
        Switched: LATE,
        Sends: LATE,
        Commanded: LATE,
        rooms.RoomChanged: LATE,
        Bill: do(on_bill, State.ENDED),
    },
}


def blank(channel: str) -> Meeting:
    return Meeting(channel=channel)


MACHINE: Final = Machine(MEETING, TABLE, blank, cast=sessions.cast)
