"""A channel of RTC: who is in it, and what follows when they come, talk and go.

It is the core's room of the same name, seen from NERTC: its number, and the people by their
numbers. A NERoom room has its channel reserved from the start, and uses its number; any other
channel begins with the first REST call about a room that somebody is in, or with a call that makes
it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Effect,
    Release,
    Retire,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import room as neroom
from recording_emulator.vendors.neroom.nertc import copies, task
from recording_emulator.vendors.neroom.nertc.inputs import Expired, FinishTask, Present, Seen

NAME: Final = "neroom.channel"
MAX_UID: Final = 2**63 - 1


class State(StrEnum):
    """Where a channel stands; one that is reserved is not there yet for a call."""

    ABSENT = "absent"
    RESERVED = "reserved"
    CREATED = "created"
    ACTIVE = "active"
    ENDED = "ended"


STATS: Final = {State.CREATED: 1, State.ACTIVE: 2}
"""How the API shows the state of a channel; the numbers are assumed (sheet §3.1)."""


class Channel(msgspec.Struct, frozen=True, tag="neroom.Channel"):
    """One channel; ``archive`` is the NERoom room it belongs to, ``api`` which calls record it.

    ``spent`` is how long those who have left were there, by their numbers, for its last copy.
    """

    cid: str
    state: State = State.ABSENT
    name: str = ""
    archive: str = ""
    uid: int = 0
    began_ms: int = 0
    people: tuple[Seen, ...] = ()
    spent: tuple[tuple[int, int], ...] = ()
    tasks: tuple[str, ...] = ()
    api: str = ""

    @property
    def number(self) -> int:
        return int(self.cid)


def claim(name: str) -> str:
    """Return the name that a live channel holds."""
    return f"channel/{name}"


def room(channel: Channel) -> Target:
    """Return the core's room, where the people are."""
    return Target("room", f"neroom/{channel.name}")


def this(channel: Channel) -> Target:
    return Target(NAME, channel.cid)


def reserved(view: View, name: str, number: int) -> int:
    """Return the number of the channel of a NERoom room that is being made.

    It is that of the live channel of this name, if there is one; otherwise ``number``.
    """
    held = view.holder(claim(name))
    return number if held is None else int(held)


def begun(channel: Channel, view: View, *, is_made: bool) -> tuple[Channel, tuple[Effect, ...]]:
    """Open a channel: made by a call, or by somebody who is in it."""
    state = State.CREATED if is_made else State.ACTIVE
    after = msgspec.structs.replace(
        channel, state=state, began_ms=view.now_ms, people=(), spent=(), api=""
    )
    limits = view.settings
    effects: list[Effect] = []
    if channel.state is State.ABSENT:
        effects += [Claim(claim(channel.name)), Tell(room(channel), rooms.Watch(this(channel)))]
    if not channel.archive:
        effects.append(Arm("life", limits.room_max_ms, Expired(), Tempo.EXPIRY))
    if is_made:
        effects.append(Arm("unjoined", limits.room_unjoined_ms, Expired(), Tempo.EXPIRY))
    effects += copies.told(view, copies.OPENED, channel.number, channel.name)
    return after, tuple(effects)


def followed(channel: Channel, view: View) -> tuple[Channel, tuple[Effect, ...]]:
    """Compare who is in the room with who was in the channel, and say what has changed."""
    there = view.room(channel.name).participants
    before = {each.uid: each for each in channel.people}
    effects: list[Effect] = []
    after = channel
    if there and channel.state is State.RESERVED:
        after, opening = begun(channel, view, is_made=False)
        effects += opening
    elif there and channel.state is State.CREATED:
        after = msgspec.structs.replace(channel, state=State.ACTIVE)
        effects.append(Cancel("unjoined"))
    gone = [each for each in channel.people if each.uid not in there]
    for each in gone:
        effects += _copied(after, view, copies.OUT, each)
    people = tuple(_seen(channel, each, before.get(each.uid), view) for each in there.values())
    for each in people:
        old = before.get(each.uid)
        if old is None:
            effects += _copied(after, view, copies.IN, each)
        if (old is not None and old.video) != each.video:
            effects += _copied(after, view, copies.VIDEO[each.video], each)
        if (old is not None and old.audio) != each.audio:
            effects += _copied(after, view, copies.AUDIO[each.audio], each)
    after = msgspec.structs.replace(after, people=people, spent=_spent(after, gone, view))
    if channel.people and not people:
        closed, ending = ended(after, view)
        return closed, (*effects, *ending)
    if after.people != channel.people:
        effects += [Tell(each, Present(people)) for each in recording(after, view)]
    return after, tuple(effects)


def ended(
    channel: Channel, view: View, *, is_for_good: bool = False
) -> tuple[Channel, tuple[Effect, ...]]:
    """Close a channel, its task first; whoever is in it is out.

    The channel of a NERoom room can open again, with the same number (assumed), until the room
    has ended.
    """
    effects: list[Effect] = [Tell(each, FinishTask()) for each in recording(channel, view)]
    effects += [Cancel("life"), Cancel("unjoined")]
    for each in channel.people:
        effects += _copied(channel, view, copies.OUT, each)
        effects.append(Tell(room(channel), rooms.Leave(each.uid)))
    if channel.state is not State.RESERVED:
        effects += _closing(channel, _spent(channel, channel.people, view), view)
    is_reserved = bool(channel.archive) and not is_for_good
    if not is_reserved:
        effects += [
            Tell(room(channel), rooms.Unwatch(this(channel))),
            Release(claim(channel.name)),
            Retire(f"rtc/{channel.cid}"),
        ]
    state = State.RESERVED if is_reserved else State.ENDED
    after = msgspec.structs.replace(channel, state=state, people=(), spent=())
    return after, tuple(effects)


def _spent(channel: Channel, gone: Iterable[Seen], view: View) -> tuple[tuple[int, int], ...]:
    """Add up for how long people were there; nobody but a copy asks."""
    if not view.settings.rtc_copies:
        return ()
    spent = dict(channel.spent)
    for each in gone:
        spent[each.number] = spent.get(each.number, 0) + view.now_ms - each.joined_ms
    return tuple(spent.items())


def _closing(channel: Channel, spent: tuple[tuple[int, int], ...], view: View) -> list[Effect]:
    """Write the last two copies; the body of the duration is assumed, in seconds."""
    cid, name = channel.number, channel.name
    length_ms = view.now_ms - channel.began_ms
    members = [{"uid": str(uid), "duration": ms // 1000} for uid, ms in spent]
    more = {"createtime": channel.began_ms, "duration": length_ms // 1000, "members": members}
    return [
        *copies.told(view, copies.DURATION, cid, name, **more),
        *copies.told(view, copies.CLOSED, cid, name),
    ]


def recording(channel: Channel, view: View) -> tuple[Target, ...]:
    """Return the task that records the channel, if there is one."""
    holder = view.holder(task.claim(channel.number))
    return () if holder is None else (Target(task.NAME, holder),)


def _seen(channel: Channel, there: rooms.Participant, old: Seen | None, view: View) -> Seen:
    known = (old.number, old.user, old.name) if old else _named(channel, there.uid, view)
    is_host = there.role is rooms.Role.HOST
    return Seen(there.uid, *known, there.joined_ms, there.audio, there.video, is_host)


def _named(channel: Channel, uid: str, view: View) -> tuple[int, str, str]:
    """Return somebody's number, user and name: as NERoom has them, or as they call themselves.

    Source:
        RTC's uids are numbers up to 2^63 - 1. That others get one drawn for them is ours.
    """
    kept = view.peek(Target(neroom.NAME, channel.archive)) if channel.archive else None
    person = None if kept is None else kept.holding(lambda each: each.key == uid)
    if person is not None:
        numbers = {each.key: each.rtc_uid for each in person.devices}
        return numbers[uid], person.uuid, person.name
    if uid.isascii() and uid.isdecimal() and 0 < int(uid[:20]) <= MAX_UID:
        return int(uid), uid, uid
    raw = view.derive("neroom.rtc_uid", f"{channel.cid}/{uid}", 4)
    return ids.number(raw, 10_000_000, 99_999_999), uid, uid


def _copied(channel: Channel, view: View, event: str, who: Seen) -> tuple[Effect, ...]:
    return copies.told(view, event, channel.number, channel.name, uid=str(who.number))
