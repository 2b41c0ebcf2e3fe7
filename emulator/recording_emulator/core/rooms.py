"""Rooms and the people in them: who is there, in which role, publishing what.

A room is shared by everything that records it. Whoever watches is told of every change, in the
instant of the change, in the order in which the watchers came.
"""

from enum import StrEnum

import msgspec

from recording_emulator.core.machine import Input, Target

MAX_PARTICIPANTS = 10_000


class Role(StrEnum):
    """What a participant may do; in a communication channel everybody is a host."""

    HOST = "host"
    AUDIENCE = "audience"


class Participant(msgspec.Struct, frozen=True, gc=False, tag="core.Participant"):
    """Someone in a room. ``synthetic`` ones stand in until a real one joins.

    ``stream`` names what they publish where a vendor tells streams from people; ``board`` says
    whether they have a whiteboard open.
    """

    uid: str
    joined_ms: int
    role: Role = Role.HOST
    audio: bool = False
    video: bool = False
    synthetic: bool = False
    stream: str = ""
    board: bool = False

    @property
    def stream_id(self) -> str:
        """The name of their stream: the uid, unless they gave it another."""
        return self.stream or self.uid


class Room(msgspec.Struct, frozen=True, gc=False, tag="core.Room"):
    """A room as it is now. ``ever_joined`` stays true once a real participant has come."""

    name: str
    participants: dict[str, Participant] = {}
    ever_joined: bool = False
    watchers: tuple[Target, ...] = ()

    @property
    def hosts(self) -> int:
        return sum(each.role is Role.HOST for each in self.participants.values())


class Join(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Join"):
    """Someone enters, publishing what the flags say under the name ``stream`` (none: the uid)."""

    uid: str
    role: Role = Role.HOST
    audio: bool = True
    video: bool = True
    synthetic: bool = False
    stream: str = ""
    board: bool = False


class Leave(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Leave"):
    """Someone goes, and with them what they published."""

    uid: str


class Publish(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Publish"):
    """Someone starts or stops publishing; None leaves a track as it is."""

    uid: str
    audio: bool | None = None
    video: bool | None = None
    board: bool | None = None


class Watch(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Watch"):
    """A recorder wants to be told of changes; it is told at once how the room is."""

    watcher: Target


class Unwatch(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Unwatch"):
    """A recorder has gone."""

    watcher: Target


class Populate(msgspec.Struct, Input, frozen=True, gc=False, tag="core.Populate"):
    """A task starts here: an untouched room gets its synthetic participant."""

    uid: str
    board: bool = False


class RoomChanged(msgspec.Struct, Input, frozen=True, gc=False, tag="core.RoomChanged"):
    """What a watcher is told: ``uid`` did ``change``; the room itself is in the view."""

    change: str
    uid: str = ""


class Impossible(msgspec.Struct, frozen=True):
    """Why a change cannot be made; the room stays as it was."""

    why: str


def change(room: Room, given: Input, now_ms: int) -> tuple[Room, list[RoomChanged]] | Impossible:
    """Apply one change and say what the watchers are to be told."""
    match given:
        case Join():
            return _join(room, given, now_ms)
        case Leave(uid):
            if uid not in room.participants:
                return _absent(room, uid)
            rest = {key: each for key, each in room.participants.items() if key != uid}
            return msgspec.structs.replace(room, participants=rest), [RoomChanged("leave", uid)]
        case Publish(uid):
            return _publish(room, given)
        case Populate(uid, board):
            if room.ever_joined or room.participants:
                return room, []
            stand_in = Join(uid, synthetic=True, board=board)
            return _join(room, stand_in, now_ms)
        case Watch(watcher):
            watchers = (*(each for each in room.watchers if each != watcher), watcher)
            return msgspec.structs.replace(room, watchers=watchers), []
        case Unwatch(watcher):
            watchers = tuple(each for each in room.watchers if each != watcher)
            return msgspec.structs.replace(room, watchers=watchers), []
        case _:
            raise AssertionError(given)


def _join(room: Room, given: Join, now_ms: int) -> tuple[Room, list[RoomChanged]] | Impossible:
    told: list[RoomChanged] = []
    people = dict(room.participants)
    if not given.synthetic:
        told = [RoomChanged("leave", uid) for uid, each in people.items() if each.synthetic]
        people = {uid: each for uid, each in people.items() if not each.synthetic}
    if given.uid in people:
        return Impossible(f"{given.uid!r} is in room {room.name!r} already")
    if len(people) >= MAX_PARTICIPANTS:
        return Impossible(f"room {room.name!r} is full: {MAX_PARTICIPANTS} participants")
    name = given.stream or given.uid
    holder = next((each.uid for each in people.values() if each.stream_id == name), None)
    if given.stream and holder is not None:
        return Impossible(f"{holder!r} has the stream {name!r} in room {room.name!r} already")
    is_host = given.role is Role.HOST
    people[given.uid] = Participant(
        uid=given.uid,
        joined_ms=now_ms,
        role=given.role,
        audio=given.audio and is_host,
        video=given.video and is_host,
        synthetic=given.synthetic,
        stream=given.stream,
        board=given.board and is_host,
    )
    changed = msgspec.structs.replace(
        room, participants=people, ever_joined=room.ever_joined or not given.synthetic
    )
    return changed, [RoomChanged("join", given.uid), *told]


def _publish(room: Room, given: Publish) -> tuple[Room, list[RoomChanged]] | Impossible:
    before = room.participants.get(given.uid)
    if before is None:
        return _absent(room, given.uid)
    if before.role is Role.AUDIENCE and (given.audio or given.video or given.board):
        return Impossible(f"{given.uid!r} is audience in room {room.name!r}; only a host publishes")
    after = msgspec.structs.replace(
        before,
        audio=before.audio if given.audio is None else given.audio,
        video=before.video if given.video is None else given.video,
        board=before.board if given.board is None else given.board,
    )
    if after == before:
        return room, []
    people = {**room.participants, given.uid: after}
    return msgspec.structs.replace(room, participants=people), [RoomChanged("publish", given.uid)]


def _absent(room: Room, uid: str) -> Impossible:
    there = ", ".join(map(repr, list(room.participants)[:8])) or "nobody"
    return Impossible(f"{uid!r} is not in room {room.name!r}; there: {there}")
