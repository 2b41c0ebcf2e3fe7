"""A room's people, as a client's SDK sees them.

Joining the room is not joining RTC: who is in the RTC channel, and what they publish, stands in the
core's room of the same name, so that people without an SDK can be put there, too.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Emit, Signal, Target, View
from recording_emulator.vendors.neroom.inputs import Copied, Said

NAME: Final = "neroom.room"


class State(StrEnum):
    """Where one life of a room stands."""

    ABSENT = "absent"
    OPEN = "open"
    ENDED = "ended"


class Person(msgspec.Struct, frozen=True, tag="neroom.Person"):
    """Somebody in the room; ``member`` is their SDK's connection, if they have one."""

    uuid: str
    name: str
    role: str
    rtc_uid: int
    member: str = ""
    in_rtc: bool = False
    audio: bool = False
    video: bool = False

    @property
    def is_publishing(self) -> bool:
        return self.in_rtc and (self.audio or self.video)


class Room(msgspec.Struct, frozen=True, tag="neroom.Room"):
    """One life of a room; ``recording`` is the one under way, ``acting`` who mutes at this moment.

    ``is_idle`` says that nobody who is recorded publishes, and the grace runs.
    """

    archive: str
    state: State = State.ABSENT
    uuid: str = ""
    name: str = ""
    cid: int = 0
    password: str = ""
    has_record: bool = False
    created_ms: int = 0
    people: tuple[Person, ...] = ()
    recording: str = ""
    records: tuple[str, ...] = ()
    is_idle: bool = False
    acting: str = ""

    def person(self, uuid: str) -> Person | None:
        return next((each for each in self.people if each.uuid == uuid), None)

    def of(self, member: str) -> Person | None:
        """Return whose connection this is, if it is anybody's here."""
        return next((each for each in self.people if member and each.member == member), None)

    @property
    def members(self) -> tuple[str, ...]:
        """The connections of the people here, in the order in which they came."""
        return tuple(each.member for each in self.people if each.member)


def with_person(room: Room, person: Person) -> Room:
    """Put a person in, in place of themselves if they are there."""
    if room.person(person.uuid) is None:
        return msgspec.structs.replace(room, people=(*room.people, person))
    people = tuple(person if each.uuid == person.uuid else each for each in room.people)
    return msgspec.structs.replace(room, people=people)


def without(room: Room, uuid: str) -> Room:
    rest = tuple(each for each in room.people if each.uuid != uuid)
    return msgspec.structs.replace(room, people=rest)


def channel(room: Room) -> Target:
    """Return the core's room, which is the RTC channel."""
    return Target("room", f"neroom/{room.uuid}")


# --- what is said --------------------------------------------------------------------------------

CLIENT_WEB: Final = 4


def member_object(person: Person) -> dict[str, Any]:
    """Describe a ``NERoomMember`` (sheet §1.7), as far as it is modelled."""
    return {
        "uuid": person.uuid,
        "name": person.name,
        "role": {"name": person.role},
        "isAudioOn": person.audio,
        "isVideoOn": person.video,
        "isInRtcChannel": person.in_rtc,
        "clientType": CLIENT_WEB,
        "rtcUid": person.rtc_uid,
    }


def context(room: Room, me: Person, view: View) -> dict[str, Any]:
    """Describe a ``NERoomContext`` (sheet §1.7), as far as it is modelled."""
    left_ms = room.created_ms + view.settings.room_max_ms - view.now_ms
    others = [member_object(each) for each in room.people if each.uuid != me.uuid]
    return {
        "roomUuid": room.uuid,
        "roomName": room.name,
        "roomArchiveId": room.archive,
        "isCloudRecording": bool(room.recording),
        "remainingSeconds": left_ms // 1000,
        "roomProperties": properties(room.recording) if room.recording else {},
        "localMember": member_object(me),
        "remoteMembers": others,
    }


def properties(record: str) -> dict[str, str]:
    """Write the room property of a recording: a JSON text, as properties are texts (1.23.0)."""
    return {"record": msgspec.json.encode({"recordId": record}).decode()}


def tell(room: Room, event: str, *args: Any, to: tuple[str, ...] | None = None) -> Signal:
    """Let listeners hear an event: everybody's here, unless told otherwise."""
    return Signal(event, room.members if to is None else to, Said(room.uuid, list(args)))


def copy(room: Room, event: str, **body: Any) -> Emit:
    """Send a message copy about the room."""
    own = {"roomArchiveId": room.archive, "roomUuid": room.uuid, **body}
    return Emit(event, f"neroom/{room.archive}", Copied(room.uuid, own))


def users(*people: Person) -> list[dict[str, str]]:
    return [{"userUuid": each.uuid, "role": each.role} for each in people]
