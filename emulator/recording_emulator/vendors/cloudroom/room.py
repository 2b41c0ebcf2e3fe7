"""A room and who is in it, as clients with an SDK see it; and how events reach them.

Everything is told to the whole room. What a listener is called with differs by SDK: a native one
gets JSON texts where the JavaScript ones get objects, and codes are not the same.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Emit, Signal, Target, View
from recording_emulator.vendors.cloudroom.inputs import NATIVE, ROOM, Noticed, Said

CLOSED: Final = 2
OPEN: Final = 3
"""``audioStatus`` and ``videoStatus`` of a device that is there (sheet §7.3)."""
KICKED: Final = 1
"""The reason of ``meetingDropped`` for who was kicked out (sheet §5)."""


class State(StrEnum):
    """Where a room stands; SDK-made rooms stay until they are destroyed (documented)."""

    ABSENT = "absent"
    OPEN = "open"
    DESTROYED = "destroyed"


class Person(msgspec.Struct, frozen=True, tag="cloudroom.Person"):
    """Somebody in the room; ``member`` is their SDK's connection, if they have one."""

    user: str
    nickname: str
    terminal: int
    joined_ms: int
    member: str = ""
    profile: str = NATIVE
    audio: bool = False
    video: bool = False


class Room(msgspec.Struct, frozen=True, tag="cloudroom.Room"):
    """A room; ``terminals`` are the numbers its users have had, ``mixers`` those that run."""

    id: str
    state: State = State.ABSENT
    people: tuple[Person, ...] = ()
    terminals: dict[str, int] = {}
    mixers: tuple[str, ...] = ()

    def person(self, user: str) -> Person | None:
        return next((each for each in self.people if each.user == user), None)

    def of(self, member: str) -> Person | None:
        """Return whose connection this is, if it is anybody's here."""
        return next((each for each in self.people if member and each.member == member), None)

    @property
    def users(self) -> set[str]:
        return {each.user for each in self.people}


def channel(room: str) -> Target:
    """Return the core's room, in which people without an SDK can be, too."""
    return Target("room", f"cloudroom/{room}")


def room_of_member(member: str, view: View) -> Room | None:
    """Return the room a client is in."""
    found = view.holder(f"member/{member}")
    room = view.peek(Target(ROOM, found)) if found else None
    return room if isinstance(room, Room) else None


def shown(person: Person) -> dict[str, Any]:
    """Describe a member of a room."""
    return {
        "userID": person.user,
        "nickname": person.nickname,
        "audioStatus": OPEN if person.audio else CLOSED,
        "videoStatus": OPEN if person.video else CLOSED,
    }


Args = Callable[[str], tuple[list[Any], str] | None]
"""Says what a profile's listener is called with, and the error that this tells; None: nothing."""


def told(room: str, people: Iterable[Person], event: str, args: Args) -> tuple[Signal, ...]:
    """Let clients hear an event, in the order in which they came, each as its SDK has it."""
    found = []
    with_sdk = (each for each in people if each.member)
    for profile, group in groupby(with_sdk, key=lambda each: each.profile):
        made = args(profile)
        if made is not None:
            members = tuple(each.member for each in group)
            found.append(Signal(event, members, Said(room, *made)))
    return tuple(found)


def alike(room: Room, event: str, *args: Any, but: str = "") -> tuple[Signal, ...]:
    """Let everybody hear an event that is the same in all SDKs, but for one user."""
    members = tuple(each.member for each in room.people if each.member and each.user != but)
    return (Signal(event, members, Said(room.id, list(args))),) if members else ()


def notice(room: str, event: str, **details: Any) -> Emit:
    """Send an HTTP callback about a room."""
    return Emit(event, f"cloudroom/{room}", Noticed(room, {"RoomId": int(room), **details}))
