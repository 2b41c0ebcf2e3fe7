"""A recording's control: who starts and stops it, when it ends by itself, what the list says."""

from typing import Final

import msgspec

from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Park,
    Refusal,
    Reply,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors, recorder
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.describing import operator, properties, tell
from recording_emulator.vendors.neroom.inputs import (
    Begin,
    Broken,
    Caller,
    Finish,
    Idle,
    Keys,
    Listed,
    ListRecords,
    Recorded,
    Resolve,
    Said,
    Sending,
    StartRecord,
    StopRecord,
    Track,
)
from recording_emulator.vendors.neroom.nertc import task
from recording_emulator.vendors.neroom.people import HOST, absent
from recording_emulator.vendors.neroom.room import Device, Person, Room, may

STARTED: Final = 0
STOPPED: Final = 1
"""``NERoomCloudRecordState``: the "on" value is the falsy one (sheet §1.3)."""
WITH_HOST: Final = 0
"""``recordStrategy``: with the host; any other number is with anybody (sheet §2.5)."""
AFTER_EVENTS_MS: Final = 1
"""A promise that is to resolve after the events of its call waits for the next millisecond."""


def on_start(room: Room, given: StartRecord, view: View) -> Step | Refusal:
    """Start a recording; the order of the checks is assumed."""
    me, knobs = room.of(given), view.settings
    refusal = _unfit(room, given, me, room.has_record)
    if refusal is not None:
        return refusal
    if not any(each.in_rtc for each in room.people):
        return Refusal(errors.NOT_PREPARED, "nobody has called joinRtcChannel")
    if room.recording:
        if knobs.second_start == "idempotent":
            return Step(room, (Reply(Said(room.uuid)),))
        return Refusal(errors.EXISTS, f"recording {room.recording} runs")
    if view.holder(task.claim(room.cid)) is not None:
        return Refusal(errors.EXISTS, "a task of NERTC (cloudrecord) records the channel")
    if knobs.start_without_media == "reject" and not _is_heard(room, view):
        return Refusal(errors.NOT_PREPARED, "nobody publishes: setting start_without_media")
    config = given.config or room.config or _own(room, given, view)
    after, effects = begun(room, config, me, view)
    if knobs.callback_first:
        return Step(after, (Reply(Said(room.uuid)), *effects))
    return Step(after, (Park(AFTER_EVENTS_MS, Resolve()), *effects))


def _unfit(room: Room, given: Caller, me: Person | None, has_record: bool) -> Refusal | None:
    """Say why somebody may neither start nor stop here."""
    if me is None and not given.is_server:
        return absent(given)
    if not has_record:
        return Refusal(errors.NOT_OPENED, "createRoom with enableRecord")
    if not may(me, room.record_roles):
        role = me.role if me else ""
        return Refusal(errors.FORBIDDEN, f"role {role!r} may not: setting record_roles")
    return None


def _own(room: Room, given: StartRecord, view: View) -> Config:
    """Take the record type of the client that starts; a rule of the server's wins over it."""
    device = room.device(given)
    if device is None or view.settings.server_record_rule == "all":
        return Config()
    return Config(device.keys.kind)


def on_resolve(room: Room, _given: Resolve, _view: View) -> Step:
    return Step(room, (Reply(Said(room.uuid)),))


def begun(
    room: Room, config: Config, by: Person | None, view: View
) -> tuple[Room, tuple[Effect, ...]]:
    """Begin a recording; nobody is named who began it by itself, or for a server."""
    record = f"rec_{view.draw('neroom.record', room.archive, 6).hex()}"
    recording = msgspec.structs.replace(
        room, recording=record, records=(*room.records, record), is_idle=False
    )
    after, effects = judged(recording, view)
    return after, (
        Tell(Target(recorder.NAME, record), Begin(room.archive, room.uuid, room.cid, config)),
        *effects,
        tell(after, "onRoomPropertiesChanged", properties(record)),
        tell(after, "onRoomCloudRecordStateChanged", STARTED, operator(by)),
    )


def begun_by_itself(room: Room, view: View) -> tuple[Room, tuple[Effect, ...]]:
    """Begin what the room was made to begin, once: with the first medium (assumed).

    A strategy names a join; a recording in which nobody publishes would end again at once.
    """
    if room.strategy is None or room.recording or not _is_heard(room, view):
        return room, ()
    if room.strategy == WITH_HOST and not any(_is_host(room, each) for each in room.people):
        return room, ()
    config = room.config or Config()
    return begun(msgspec.structs.replace(room, strategy=None), config, None, view)


def _is_host(room: Room, person: Person) -> bool:
    return person.role == HOST or person.uuid == room.host


def on_stop(room: Room, given: StopRecord, view: View) -> Step | Refusal:
    me = room.of(given)
    refusal = _unfit(room, given, me, has_record=True)
    if refusal is not None:
        return refusal
    if not room.recording:
        if view.settings.stop_when_idle == "idempotent":
            return Step(room, (Reply(Said(room.uuid)),))
        return Refusal(errors.NO_RECORD)
    after, effects = stopped(room, me)
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_idle(room: Room, _given: Idle, _view: View) -> Step:
    after, effects = stopped(room, None)
    return Step(after, effects)


def on_broken(room: Room, given: Broken, _view: View) -> Step:
    if room.recording != given.record:
        return Step(room)
    after, effects = stopped(room, None)
    return Step(after, effects)


def stopped(room: Room, by: Person | None) -> tuple[Room, tuple[Effect, ...]]:
    """End the recording; nobody is named who ended it by itself (assumed)."""
    after = msgspec.structs.replace(room, recording="", is_idle=False)
    return after, (
        Cancel("idle"),
        Tell(Target(recorder.NAME, room.recording), Finish()),
        tell(after, "onRoomPropertiesDeleted", properties(room.recording)),
        tell(after, "onRoomCloudRecordStateChanged", STOPPED, operator(by)),
    )


def on_list(room: Room, _given: ListRecords, view: View) -> Step:
    """List the recordings of this life of the room, with the files that the list has by now."""
    records = []
    for each in room.records:
        kept = view.peek(Target(recorder.NAME, each))
        if kept is not None:
            listed = tuple(file for file in kept.files if file.is_listed(view.now_ms))
            records.append(Recorded(each, kept.started_ms, kept.ended_ms, listed))
    return Step(room, (Reply(Listed(room.uuid, tuple(records))),))


# --- who is recorded -----------------------------------------------------------------------------


def judged(room: Room, view: View) -> tuple[Room, tuple[Effect, ...]]:
    """Tell the recording who publishes, and see whether it is over (sheet §5.2)."""
    if not room.recording:
        return room, ()
    tracks = tuple(track for each in room.people if (track := _track(each, view)) is not None)
    sending = Tell(Target(recorder.NAME, room.recording), Sending(tracks))
    is_idle = not _is_heard(room, view)
    after = msgspec.structs.replace(room, is_idle=is_idle)
    if is_idle == room.is_idle:
        return after, (sending,)
    wait = Arm("idle", view.settings.idle_grace_ms, Idle(), Tempo.LONG)
    return after, (sending, wait if is_idle else Cancel("idle"))


def _is_heard(room: Room, view: View) -> bool:
    """Whether anybody who takes part in recording keeps one going."""
    counts_screen = view.settings.count_screen_share
    return any(
        each.audio or each.video or (counts_screen and each.is_sharing)
        for person in room.people
        for each in person.devices
        if each.in_rtc and _takes_part(each, view)
    )


def _takes_part(device: Device, view: View) -> bool:
    keys = recorded(device, view)
    return keys.audio or keys.video


def recorded(device: Device, view: View) -> Keys:
    """Say what is recorded of a device: what it lets, unless the server has a rule.

    Source:
        Sheet §1.6: with a rule of the server's (NERTC 4.5.0) no client key is needed, and it wins.
        Who was put there by hand has no keys to set and takes part (ours).
    """
    if view.settings.server_record_rule == "all" or device.is_by_hand:
        return EVERYTHING
    return device.keys


EVERYTHING: Final = Keys(audio=True, video=True)


def _track(person: Person, view: View) -> Track | None:
    """Say what is recorded of a person now; a screen counts as pictures (assumed)."""
    audio = video = screen = is_speaker = False
    for each in person.devices:
        keys = recorded(each, view)
        audio |= keys.audio and each.audio
        video |= keys.video and each.video
        screen |= keys.video and each.is_sharing
        is_speaker |= keys.is_speaker
    if not (audio or video or screen):
        return None
    now_ms = view.now_ms
    return Track(
        person.uuid,
        person.name,
        person.rtc_uid,
        audio,
        video,
        now_ms,
        screen,
        now_ms,
        is_speaker,
    )
