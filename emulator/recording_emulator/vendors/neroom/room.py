"""A room's people and their devices, as a client's SDK sees them.

Joining the room is not joining RTC: who is in the RTC channel, and what they publish, stands in the
core's room of the same name, so that people without an SDK can be put there, too.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import Target
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.inputs import Caller, Keys

NAME: Final = "neroom.room"
ONLINE: Final = "neroom.online"
"""Counts the people in all rooms of the app."""
CLIENT_WEB: Final = 4


class State(StrEnum):
    """Where one life of a room stands."""

    ABSENT = "absent"
    OPEN = "open"
    ENDED = "ended"


class Device(msgspec.Struct, frozen=True, tag="neroom.Device"):
    """What somebody is in the room with.

    Attributes:
        key: Its name in the core's room, which is the RTC channel.
        member: The SDK's connection; empty for who calls HTTP, or was put there by hand.
        is_by_hand: Whether it came with the RTC channel, and goes with it.
        keys: What it lets be recorded of itself.
    """

    key: str
    rtc_uid: int
    member: str = ""
    id: str = ""
    client_type: int = CLIENT_WEB
    is_by_hand: bool = False
    in_rtc: bool = False
    audio: bool = False
    video: bool = False
    is_sharing: bool = False
    keys: Keys = Keys()


class Person(msgspec.Struct, frozen=True, tag="neroom.Person"):
    """Somebody in the room, with at least one device; what one of them does, the person does."""

    uuid: str
    name: str
    role: str
    devices: tuple[Device, ...]

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(each.member for each in self.devices if each.member)

    @property
    def rtc_uid(self) -> int:
        return self.devices[0].rtc_uid

    @property
    def in_rtc(self) -> bool:
        return any(each.in_rtc for each in self.devices)

    @property
    def audio(self) -> bool:
        return any(each.audio for each in self.devices)

    @property
    def video(self) -> bool:
        return any(each.video for each in self.devices)

    @property
    def is_sharing(self) -> bool:
        return any(each.is_sharing for each in self.devices)


class Room(msgspec.Struct, frozen=True, tag="neroom.Room"):
    """One life of a room.

    Attributes:
        life_ms: How long the settings let it live, as of the last change.
        ends_ms: When it has lived its time; 0 for a permanent one.
        roles: How many may have each role, as the template had it; empty for any.
        record_roles: Who may record, as the template had it when the room was made.
        recording: The recording under way.
        is_idle: Whether nobody who is recorded publishes, and the grace runs.
        acting: Who mutes at this moment.
        strategy: When recording is to begin by itself; None for not, or not again.
    """

    archive: str
    state: State = State.ABSENT
    uuid: str = ""
    name: str = ""
    cid: int = 0
    password: str = ""
    host: str = ""
    has_rtc: bool = True
    has_record: bool = False
    is_permanent: bool = False
    is_locked: bool = False
    max_members: int = -1
    properties: dict[str, str] = {}
    roles: dict[str, int] = {}
    record_roles: tuple[str, ...] = ("*",)
    created_ms: int = 0
    life_ms: int = 0
    ends_ms: int = 0
    rtc_ms: int = 0
    people: tuple[Person, ...] = ()
    recording: str = ""
    records: tuple[str, ...] = ()
    is_idle: bool = False
    acting: str = ""
    strategy: int | None = None
    config: Config | None = None

    def person(self, uuid: str) -> Person | None:
        return next((each for each in self.people if each.uuid == uuid), None)

    def of(self, given: Caller) -> Person | None:
        """Return who calls, if they are here: by their connection, or else by their name."""
        if not given.member:
            return self.person(given.user)
        return self.holding(lambda each: each.member == given.member)

    def holding(self, fits: Callable[[Device], bool]) -> Person | None:
        """Return who has such a device here."""
        return next((each for each in self.people if any(map(fits, each.devices))), None)

    def device(self, given: Caller) -> Device | None:
        """Return the device that calls, if it is here."""
        me = self.of(given)
        if me is None:
            return None
        return next((each for each in me.devices if each.member == given.member), None)

    @property
    def members(self) -> tuple[str, ...]:
        """The connections of the people here, in the order in which they came."""
        return tuple(member for each in self.people for member in each.members)


def with_person(room: Room, person: Person) -> Room:
    """Put a person in, in place of themselves if they are there."""
    if room.person(person.uuid) is None:
        return msgspec.structs.replace(room, people=(*room.people, person))
    people = tuple(person if each.uuid == person.uuid else each for each in room.people)
    return msgspec.structs.replace(room, people=people)


def with_device(person: Person, device: Device) -> Person:
    """Give a person a device, in place of the one of that key if there is one."""
    known: Mapping[str, Device] = {each.key: each for each in person.devices}
    devices = tuple({**known, device.key: device}.values())
    return msgspec.structs.replace(person, devices=devices)


def without(room: Room, uuid: str) -> Room:
    rest = tuple(each for each in room.people if each.uuid != uuid)
    return msgspec.structs.replace(room, people=rest)


def channel(room: Room) -> Target:
    """Return the core's room, which is the RTC channel."""
    return Target("room", f"neroom/{room.uuid}")


def may(person: Person | None, roles: tuple[str, ...]) -> bool:
    """Whether somebody's role is among those; a server may everything."""
    return person is None or "*" in roles or person.role in roles
