"""A room's recording is started and stopped, stops by itself, and is listed."""

from typing import Final

import msgspec

from recording_emulator.core.machine import (
    Cancel,
    Effect,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.vendors.neroom import errors, recorder
from recording_emulator.vendors.neroom.inputs import (
    Begin,
    Finish,
    Idle,
    Listed,
    ListRecords,
    Recorded,
    Said,
    StartRecord,
    StopRecord,
)
from recording_emulator.vendors.neroom.media import judged
from recording_emulator.vendors.neroom.nertc import task
from recording_emulator.vendors.neroom.room import (
    Person,
    Room,
    member_object,
    properties,
    tell,
)

STARTED: Final = 0
STOPPED: Final = 1
"""``NERoomCloudRecordState``: the "on" value is the falsy one (sheet §1.3)."""


def on_start(room: Room, given: StartRecord, view: View) -> Step | Refusal:
    """Start a recording; the order of the checks is assumed."""
    me, knobs = room.of(given.member), view.settings
    if me is None:
        return Refusal(errors.NOT_IN_ROOM)
    if not room.has_record:
        return Refusal(errors.NOT_OPENED, "createRoom with enableRecord")
    if not _may(me, knobs.record_roles):
        return Refusal(errors.FORBIDDEN, f"role {me.role!r} may not: setting record_roles")
    if not any(each.in_rtc for each in room.people):
        return Refusal(errors.NOT_PREPARED, "nobody has called joinRtcChannel")
    if room.recording:
        if knobs.second_start == "idempotent":
            return Step(room, (Reply(Said(room.uuid)),))
        return Refusal(errors.EXISTS, f"recording {room.recording} runs")
    if view.holder(task.claim(room.cid)) is not None:
        return Refusal(errors.EXISTS, "a task of NERTC (cloudrecord) records the channel")
    is_silent = not any(each.is_publishing for each in room.people)
    if is_silent and knobs.start_without_media == "reject":
        return Refusal(errors.NOT_PREPARED, "nobody publishes: setting start_without_media")
    record = f"rec_{view.draw('neroom.record', room.archive, 6).hex()}"
    begun = msgspec.structs.replace(
        room, recording=record, records=(*room.records, record), is_idle=False
    )
    after, effects = judged(begun, view)
    begin = Begin(room.archive, room.uuid, room.cid, given.config)
    return Step(
        after,
        (
            Reply(Said(room.uuid)),
            Tell(Target(recorder.NAME, record), begin),
            *effects,
            tell(after, "onRoomPropertiesChanged", properties(record)),
            tell(after, "onRoomCloudRecordStateChanged", STARTED, member_object(me)),
        ),
    )


def _may(person: Person, roles: tuple[str, ...]) -> bool:
    return "*" in roles or person.role in roles


def on_stop(room: Room, given: StopRecord, view: View) -> Step | Refusal:
    me = room.of(given.member)
    if me is None:
        return Refusal(errors.NOT_IN_ROOM)
    if not _may(me, view.settings.record_roles):
        return Refusal(errors.FORBIDDEN, f"role {me.role!r} may not: setting record_roles")
    if not room.recording:
        if view.settings.stop_when_idle == "idempotent":
            return Step(room, (Reply(Said(room.uuid)),))
        return Refusal(errors.NO_RECORD)
    after, effects = stopped(room, me, view)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_idle(room: Room, _given: Idle, view: View) -> Step:
    after, effects = stopped(room, None, view)
    return Step(after, effects)


def stopped(room: Room, by: Person | None, _view: View) -> tuple[Room, tuple[Effect, ...]]:
    """End the recording; nobody is named who ended it by itself (assumed)."""
    after = msgspec.structs.replace(room, recording="", is_idle=False)
    operator = None if by is None else member_object(by)
    return after, (
        Cancel("idle"),
        Tell(Target(recorder.NAME, room.recording), Finish()),
        tell(after, "onRoomPropertiesDeleted", properties(room.recording)),
        tell(after, "onRoomCloudRecordStateChanged", STOPPED, operator),
    )


def on_list(room: Room, _given: ListRecords, view: View) -> Step:
    """List the recordings of this life of the room, with the files that are in the store."""
    records = []
    for each in room.records:
        kept = view.peek(Target(recorder.NAME, each))
        if kept is not None:
            stored = tuple(file for file in kept.files if file.stored_ms)
            records.append(Recorded(each, kept.started_ms, kept.ended_ms, stored))
    return Step(room, (Reply(Listed(room.uuid, tuple(records))),))
