"""NERoom's room: people come and go, somebody starts and stops its recording.

Rules (sheet §1.8, §5.2): members enter with sound and picture off; a recording ends by itself when
nobody who is in the RTC channel publishes, or when the room ends; a newcomer is not told that it
runs, only the context says so.
"""

from typing import Final

from recording_emulator.core import ids, rooms
from recording_emulator.core.inputs import FaultArmed, SettingsChanged
from recording_emulator.core.machine import (
    Do,
    Ignore,
    Input,
    Machine,
    Refusal,
    Refuse,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.families import vod
from recording_emulator.vendors.neroom import backend, errors, instance, users
from recording_emulator.vendors.neroom.control import (
    on_broken,
    on_idle,
    on_list,
    on_resolve,
    on_start,
    on_stop,
)
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
    Share,
    Snap,
    StartRecord,
    StopRecord,
    Timeout,
)
from recording_emulator.vendors.neroom.life import (
    on_create,
    on_end,
    on_end_again,
    on_expire,
    on_fault,
    on_renew,
    on_settings,
)
from recording_emulator.vendors.neroom.managing import (
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
)
from recording_emulator.vendors.neroom.people import (
    ABSENT,
    on_enter,
    on_exit,
    on_look,
    on_member_changed,
    on_snap,
    on_timeout,
)
from recording_emulator.vendors.neroom.room import NAME, Room, State

NOBODY: Final = "none"
"""The key of a room that there is not: who asks for its context is told null."""


def locate(given: Input, view: View) -> Target | Refusal:
    """Find the room or the client a call is about; a live room's name is claimed."""
    match given:
        case OfInstance(member=member) | MemberChanged(member):
            return Target(instance.NAME, member)
        case ListRecords(archive):
            return _life(archive, view)
        case vod.GetVideo(vid) | vod.DeleteVideo(vid):
            return vod.where(vid)
        case users.OfUser(uuid=uuid):
            return users.where(uuid)
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
    Assign, Kick, Rename, StartRecord, StopRecord, ListRecords, *backend.CALLS,
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
        backend.EnterWith: _open(backend.on_enter_with, *ENTER),
        **backend.OPEN,
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
