"""NERoom's room: people come and go, somebody starts and stops its recording.

Rules (sheet §1.8, §5.2): members enter with sound and picture off; a recording ends by itself when
nobody who is in the RTC channel publishes, or when the room ends; a newcomer is not told that it
runs, only the context says so.
"""

from typing import Final

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Do,
    Effect,
    Ignore,
    Input,
    Machine,
    Refusal,
    Refuse,
    Release,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors
from recording_emulator.vendors.neroom.control import (
    on_idle,
    on_list,
    on_start,
    on_stop,
    stopped,
)
from recording_emulator.vendors.neroom.inputs import (
    Caller,
    Create,
    End,
    Enter,
    EnterRtc,
    Exit,
    ExitRtc,
    Expire,
    Idle,
    ListRecords,
    Look,
    MemberChanged,
    Mute,
    Said,
    StartRecord,
    StopRecord,
    Timeout,
)
from recording_emulator.vendors.neroom.media import (
    on_enter_rtc,
    on_exit_rtc,
    on_mute,
    on_room_changed,
)
from recording_emulator.vendors.neroom.nertc.channel import NAME as CHANNEL
from recording_emulator.vendors.neroom.nertc.channel import reserved
from recording_emulator.vendors.neroom.nertc.inputs import Closed, Reserve
from recording_emulator.vendors.neroom.people import (
    on_enter,
    on_exit,
    on_look,
    on_member_changed,
    on_timeout,
)
from recording_emulator.vendors.neroom.room import (
    NAME,
    Person,
    Room,
    State,
    channel,
    copy,
    tell,
)


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the room a call is about; a live room's name is claimed."""
    match given:
        case ListRecords(archive):
            where = Target(NAME, archive)
            known = view.peek(where) is not None
            return where if known else Refusal(errors.NO_ROOM, f"no archive {archive[:40]!r}")
        case MemberChanged(member):
            found = view.holder(f"member/{member}")
            return Target(NAME, found) if found else Refusal(errors.NOT_IN_ROOM)
        case Create():
            if view.holder(f"room/{given.room}") is not None:
                return Refusal(errors.EXISTS, f"room {given.room!r} is live")
            raw = view.coming("neroom.archive", given.room, 6)
            return Target(NAME, str(ids.number(raw, 1_000_000_000, 9_999_999_999)))
        case Caller():
            found = view.holder(f"room/{given.room}")
            hint = f"no live room {given.room[:40]!r}; createRoom makes one"
            return Target(NAME, found) if found else Refusal(errors.NO_ROOM, hint)
        case _:
            raise AssertionError(given)


# --- the room ------------------------------------------------------------------------------------


def on_create(room: Room, given: Create, view: View) -> Step:
    view.draw("neroom.archive", given.room, 6)
    made = msgspec.structs.replace(
        room,
        state=State.OPEN,
        uuid=given.room,
        name=given.name,
        password=given.password,
        has_record=given.has_record,
        created_ms=view.now_ms,
        cid=reserved(view, given.room, _number(room, view)),
    )
    limits = view.settings
    rtc = Target(CHANNEL, str(made.cid))
    return Step(
        made,
        (
            Claim(f"room/{given.room}"),
            Tell(channel(made), rooms.Watch(Target(NAME, room.archive))),
            Tell(rtc, Reserve(given.room, room.archive)),
            copy(made, "CREATE_ROOM", operatorUserUuid=given.user),
            Arm("life", limits.room_max_ms, Expire("END_OF_LIFE"), Tempo.EXPIRY),
            Arm("empty", limits.room_unjoined_ms, Expire("ALL_MEMBERS_OUT"), Tempo.EXPIRY),
            Reply(Said(given.room, {"roomArchiveId": room.archive})),
        ),
    )


def _number(room: Room, view: View) -> int:
    return ids.number(view.draw("neroom.cid", room.archive, 6), 100_000_000, 999_999_999)


def on_end(room: Room, given: End, view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None:
        return Refusal(errors.NOT_IN_ROOM)
    after, effects = _ended(room, "CLOSE_BY_MEMBER", me, view)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_expire(room: Room, given: Expire, view: View) -> Step:
    after, effects = _ended(room, given.reason, None, view)
    return Step(after, effects)


def _ended(
    room: Room, reason: str, by: Person | None, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    """End the room; its recording ends first (the order is assumed)."""
    after, effects = stopped(room, by, view) if room.recording else (room, ())
    told: list[Effect] = [*effects, tell(after, "onRoomEnded", reason)]
    for each in after.people:
        if each.member:
            told += [Release(f"member/{each.member}"), Cancel(f"away {each.member}")]
        if each.in_rtc:
            told.append(Tell(channel(room), rooms.Leave(each.uuid)))
    told += [
        Tell(channel(room), rooms.Unwatch(Target(NAME, room.archive))),
        Tell(Target(CHANNEL, str(room.cid)), Closed()),
        copy(after, "CLOSE_ROOM", **({"operatorUserUuid": by.uuid} if by else {})),
        Release(f"room/{room.uuid}"),
        *(Cancel(name) for name in ("life", "empty", "idle")),
        Retire(f"neroom/{room.archive}"),
    ]
    return msgspec.structs.replace(after, state=State.ENDED, people=()), tuple(told)


# --- the table -----------------------------------------------------------------------------------

GONE: Final = Refuse(errors.NO_ROOM, "the room has ended")
LATE: Final = Ignore("the room ended in the same instant")
IN_ROOM: Final = (errors.NOT_IN_ROOM,)
IN_RTC: Final = (errors.NOT_IN_RTC,)
START: Final = (
    errors.NOT_IN_ROOM,
    errors.NOT_OPENED,
    errors.FORBIDDEN,
    errors.NOT_PREPARED,
    errors.EXISTS,
)
STOP: Final = (errors.NOT_IN_ROOM, errors.FORBIDDEN, errors.NO_RECORD)
CALLS: Final = (
    Create, Enter, Exit, End, Look, EnterRtc, ExitRtc, Mute, StartRecord, StopRecord, ListRecords,
)  # fmt: skip


def _open(action: object, *refusals: str) -> Do:
    return do(action, State.OPEN, refusals=refusals)  # type: ignore[arg-type]


TABLE: Final[Table] = {
    State.ABSENT: {**dict.fromkeys(CALLS, GONE), Create: _open(on_create)},
    State.OPEN: {
        Create: Refuse(errors.EXISTS),
        Enter: _open(on_enter, errors.PASSWORD, errors.IN_ROOM),
        Exit: _open(on_exit, *IN_ROOM),
        End: do(on_end, State.ENDED, refusals=IN_ROOM),
        Look: _open(on_look),
        EnterRtc: _open(on_enter_rtc, *IN_ROOM),
        ExitRtc: _open(on_exit_rtc, *IN_RTC),
        Mute: _open(on_mute, *IN_RTC),
        StartRecord: _open(on_start, *START),
        StopRecord: _open(on_stop, *STOP),
        ListRecords: _open(on_list),
        MemberChanged: _open(on_member_changed),
        Timeout: _open(on_timeout),
        rooms.RoomChanged: _open(on_room_changed),
        Idle: _open(on_idle),
        Expire: do(on_expire, State.ENDED),
    },
    State.ENDED: {
        **dict.fromkeys(CALLS, GONE),
        ListRecords: do(on_list, State.ENDED),
        MemberChanged: LATE,
        Timeout: LATE,
        rooms.RoomChanged: LATE,
        Idle: LATE,
        Expire: LATE,
    },
}
MACHINE: Final = Machine(NAME, TABLE, Room, CALLS, ("away",))
