"""NERoom's room: people come and go, somebody starts and stops its recording.

Rules (sheet §1.8, §5.2): members enter with sound and picture off; a recording ends by itself when
nobody who is in the RTC channel publishes, or when the room ends; a newcomer is not told that it
runs, only the context says so.
"""

from typing import Final

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.inputs import FaultArmed, SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Count,
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
from recording_emulator.vendors.neroom import errors, faults, instance
from recording_emulator.vendors.neroom.control import (
    on_broken,
    on_idle,
    on_list,
    on_resolve,
    on_start,
    on_stop,
    stopped,
)
from recording_emulator.vendors.neroom.describing import by, copy, remaining_s, tell
from recording_emulator.vendors.neroom.inputs import (
    Assign,
    Broken,
    Caller,
    Create,
    End,
    Enter,
    EnterRtc,
    Exit,
    ExitRtc,
    Expire,
    Idle,
    KeysChanged,
    Kick,
    ListRecords,
    Lock,
    Look,
    MemberChanged,
    Mute,
    MuteOther,
    OfInstance,
    Rename,
    Renew,
    Resolve,
    Said,
    Share,
    Snap,
    StartRecord,
    StopRecord,
    Timeout,
)
from recording_emulator.vendors.neroom.managing import (
    barred,
    on_assign,
    on_kick,
    on_lock,
    on_rename,
)
from recording_emulator.vendors.neroom.media import (
    on_enter_rtc,
    on_exit_rtc,
    on_keys_changed,
    on_mute,
    on_mute_other,
    on_room_changed,
    on_share,
    settled,
)
from recording_emulator.vendors.neroom.people import (
    ABSENT,
    loose,
    on_enter,
    on_exit,
    on_look,
    on_member_changed,
    on_snap,
    on_timeout,
)
from recording_emulator.vendors.neroom.room import NAME, ONLINE, Person, Room, State, channel

NOBODY: Final = "none"
"""The key of a room that there is not: who asks for its context is told null."""


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the room or the client a call is about; a live room's name is claimed."""
    match given:
        case OfInstance(member=member) | MemberChanged(member):
            return Target(instance.NAME, member)
        case ListRecords(archive):
            return _life(archive, view)
        case Create():
            return _place(given, view)
        case Caller() if given.archive:
            return _life(given.archive, view)
        case Look():
            return Target(NAME, view.holder(f"room/{given.room}") or NOBODY)
        case Caller():
            found = view.holder(f"room/{given.room}")
            hint = f"no live room {given.room[:40]!r}; createRoom makes one"
            return Target(NAME, found) if found else Refusal(errors.NO_ROOM, hint)
        case _:
            raise AssertionError(given)


def _life(archive: str, view: View) -> Target | Refusal:
    where = Target(NAME, archive)
    is_known = view.peek(where) is not None
    return where if is_known else Refusal(errors.NO_ROOM, f"no archive {archive[:40]!r}")


def _place(given: Create, view: View) -> Target | Refusal:
    if view.holder(f"room/{given.room}") is not None:
        return Refusal(errors.EXISTS, f"room {given.room!r} is live")
    if view.is_full:
        return Refusal(errors.UNAVAILABLE, "the tenant holds as many live things as it may")
    raw = view.coming("neroom.archive", given.room, 6)
    return Target(NAME, str(ids.number(raw, 1_000_000_000, 9_999_999_999)))


# --- the room ------------------------------------------------------------------------------------


def on_create(room: Room, given: Create, view: View) -> Step | Refusal:
    """Make a room; what its template says of roles holds for its whole life (sheet §1.8)."""
    limits = view.settings
    template = next((each for each in limits.templates if each.id == given.template), None)
    if template is None and limits.templates and given.template is not None:
        known = ", ".join(str(each.id) for each in limits.templates)
        return Refusal(errors.BAD_TEMPLATE, f"templateId is one of {known}: setting templates")
    view.draw("neroom.archive", given.room, 6)
    made = Room(
        archive=room.archive,
        state=State.OPEN,
        uuid=given.room,
        name=given.name,
        cid=ids.number(view.draw("neroom.cid", room.archive, 6), 100_000_000, 999_999_999),
        password=given.password,
        host=given.host,
        has_rtc=given.has_rtc,
        has_record=given.has_record,
        is_permanent=given.is_permanent,
        max_members=given.max_members,
        properties=given.properties,
        roles=template.roles if template else {},
        record_roles=limits.record_roles,
        created_ms=view.now_ms,
        ends_ms=0 if given.is_permanent else view.now_ms + limits.life_ms,
        strategy=given.strategy if given.has_record else None,
        config=given.config,
    )
    creator = {"operatorUserUuid": given.user} if given.user else {}
    effects: list[Effect] = [
        Claim(f"room/{given.room}"),
        Tell(channel(made), rooms.Watch(Target(NAME, room.archive))),
        copy(made, "CREATE_ROOM", **creator),
    ]
    if not given.is_permanent:
        unjoined = Expire("ALL_MEMBERS_OUT")
        effects += [
            Arm("life", limits.life_ms, Expire("END_OF_LIFE"), Tempo.EXPIRY),
            Arm("empty", limits.room_unjoined_ms, unjoined, Tempo.EXPIRY),
        ]
    effects += _struck(made, view)
    effects.append(Reply(Said(given.room, {"roomArchiveId": room.archive})))
    return Step(made, tuple(effects))


def _struck(room: Room, view: View) -> list[Effect]:
    """Ask for a fault that ends the room."""
    fault = view.fault(faults.ROOM, room.uuid)
    if fault is None:
        return []
    reason = Expire(faults.REASONS[fault.effect])
    return [Arm("struck", fault.after_ms, reason, Tempo.SHORT)]


def on_fault(room: Room, _given: FaultArmed, view: View) -> Step:
    return Step(room, tuple(_struck(room, view)))


def on_settings(room: Room, _given: SettingsChanged, view: View) -> Step:
    """Follow the settings: another rule may end the recording, another life renews the room."""
    ends_ms = room.created_ms + view.settings.life_ms
    after, effects = room, list[Effect]()
    if not room.is_permanent and ends_ms != room.ends_ms and ends_ms > view.now_ms:
        after, effects = _renewed(room, ends_ms, view)
    return settled(after, tuple(effects), view)


def on_renew(room: Room, given: Renew, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    said = Reply(Said(room.uuid))
    if room.is_permanent:
        return Step(room, (said,))
    after, effects = _renewed(room, view.now_ms + given.left_ms, view)
    return Step(after, (said, *effects))


def _renewed(room: Room, ends_ms: int, view: View) -> tuple[Room, list[Effect]]:
    after = msgspec.structs.replace(room, ends_ms=ends_ms)
    life = Arm("life", ends_ms - view.now_ms, Expire("END_OF_LIFE"), Tempo.EXPIRY)
    return after, [life, tell(after, "onRoomRemainingSecondsRenewed", remaining_s(after, view))]


def on_end(room: Room, given: End, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    reason = "CLOSE_BY_BACKEND" if given.is_server else "CLOSE_BY_MEMBER"
    after, effects = _ended(room, reason, room.of(given))
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_end_again(room: Room, given: End, _view: View) -> Step | Refusal:
    """Let a server end what has ended (sheet §2.5, of version 2)."""
    gone = Refusal(errors.NO_ROOM, "the room has ended")
    return Step(room, (Reply(Said(room.uuid)),)) if given.is_server else gone


def on_expire(room: Room, given: Expire, _view: View) -> Step:
    after, effects = _ended(room, given.reason, None)
    return Step(after, effects)


def _ended(room: Room, reason: str, who: Person | None) -> tuple[Room, tuple[Effect, ...]]:
    """End the room; its recording ends first (the order is assumed)."""
    after, effects = stopped(room, who) if room.recording else (room, ())
    told: list[Effect] = [*effects, tell(after, "onRoomEnded", reason)]
    for person in after.people:
        told += [effect for each in person.devices for effect in loose(room, each)]
    told += [
        Count(ONLINE, -len(after.people)),
        Tell(channel(room), rooms.Unwatch(Target(NAME, room.archive))),
        copy(after, "CLOSE_ROOM", **by(who)),
        Release(f"room/{room.uuid}"),
        *(Cancel(name) for name in ("life", "empty", "idle", "struck")),
        Retire(f"neroom/{room.archive}"),
    ]
    return msgspec.structs.replace(after, state=State.ENDED, people=()), tuple(told)


# --- the table -----------------------------------------------------------------------------------

GONE: Final = Refuse(errors.NO_ROOM, "the room has ended")
LATE: Final = Ignore("the room ended in the same instant")
MAY: Final = (*ABSENT, errors.FORBIDDEN)
OTHERS: Final = (*MAY, errors.NO_TARGET)
IN_RTC: Final = (errors.NOT_IN_RTC,)
STOP: Final = (*MAY, errors.NO_RECORD)
START: Final = (*MAY, errors.NOT_OPENED, errors.NOT_PREPARED, errors.EXISTS)
ROLES: Final = (errors.NO_ROLE, errors.ROLE_FULL)
ENTER: Final = (errors.PASSWORD, errors.IN_ROOM, errors.LOCKED, errors.FULL, *ROLES)
CALLS: Final = (
    Create, Enter, Exit, End, Look, Snap, Lock, Renew, EnterRtc, ExitRtc, Mute, MuteOther, Share,
    Assign, Kick, Rename, StartRecord, StopRecord, ListRecords,
)  # fmt: skip


def _open(action: object, *refusals: str) -> Do:
    return do(action, State.OPEN, refusals=refusals)  # type: ignore[arg-type]


TABLE: Final[Table] = {
    State.ABSENT: {
        **dict.fromkeys(CALLS, GONE),
        Create: _open(on_create, errors.BAD_TEMPLATE),
        Look: do(on_look, State.ABSENT),
    },
    State.OPEN: {
        Create: Refuse(errors.EXISTS),
        Enter: _open(on_enter, *ENTER),
        Exit: _open(on_exit, *ABSENT),
        End: do(on_end, State.ENDED, refusals=MAY),
        Look: _open(on_look),
        Snap: _open(on_snap),
        Lock: _open(on_lock, *MAY),
        Renew: _open(on_renew, *MAY),
        EnterRtc: _open(on_enter_rtc, *ABSENT, errors.NOT_SUPPORTED),
        ExitRtc: _open(on_exit_rtc, *IN_RTC),
        Mute: _open(on_mute, *IN_RTC),
        MuteOther: _open(on_mute_other, *OTHERS),
        Share: _open(on_share, *IN_RTC, errors.SHARED),
        Assign: _open(on_assign, *OTHERS, *ROLES),
        Kick: _open(on_kick, *OTHERS),
        Rename: _open(on_rename, *OTHERS),
        StartRecord: _open(on_start, *START),
        StopRecord: _open(on_stop, *STOP),
        ListRecords: _open(on_list),
        MemberChanged: _open(on_member_changed),
        KeysChanged: _open(on_keys_changed),
        Timeout: _open(on_timeout),
        rooms.RoomChanged: _open(on_room_changed),
        SettingsChanged: _open(on_settings),
        FaultArmed: _open(on_fault),
        Resolve: _open(on_resolve),
        Idle: _open(on_idle),
        Broken: _open(on_broken),
        Expire: do(on_expire, State.ENDED),
    },
    State.ENDED: {
        **dict.fromkeys(CALLS, GONE),
        End: do(on_end_again, State.ENDED, refusals=(errors.NO_ROOM,)),
        Look: do(on_look, State.ENDED),
        ListRecords: do(on_list, State.ENDED),
        Resolve: do(on_resolve, State.ENDED),
        MemberChanged: LATE,
        KeysChanged: LATE,
        Timeout: LATE,
        rooms.RoomChanged: LATE,
        Idle: LATE,
        Broken: LATE,
        Expire: LATE,
    },
}
MACHINE: Final = Machine(NAME, TABLE, Room, CALLS, ("away",))
