"""The advanced local recorder of WebRTC builds from 7.x on: many records, listed until the end.

What is the browser's here is the tenant's: the list of records with their states, and what has been
downloaded, as objects in the bucket ``disk`` under the account and the name. The double asks for
the list anew before it lets the app see an answer or ``recordStopped``, because
``listMediaRecording`` is synchronous there; it translates style and decides nothing.

Source:
    Sheet §5 (SDK 8.5). What is assumed stands where it is decided.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import (
    Arm,
    Cell,
    Effect,
    Ignore,
    Machine,
    Put,
    Refusal,
    Refuse,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.core.scenes import Shot
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import errors, faults, files, instance, sessions
from recording_emulator.vendors.netcall.inputs import (
    DEVICE,
    MediaClean,
    MediaDownload,
    MediaList,
    MediaStart,
    MediaStop,
)
from recording_emulator.vendors.netcall.instance import Device
from recording_emulator.vendors.netcall.told import (
    CallOver,
    Said,
    TrackEnded,
    Unloaded,
)

NAME: Final = instance.RECORDERS[instance.WEBRTC]
LOCAL: Final = "local"
MAX_RECORDS: Final = 1_000
SOURCES: Final = {
    "camera": ("camera", "mic"),
    "screen": ("screen", "mic"),
    "video": ("camera", "screen", "mic"),
    "audio": ("mic",),
}
"""The sources that a type takes; what of them is not there is left out without a word."""
STRIKES: Final = {
    "no_recorder": errors.NO_RECORDER,
    "no_format": errors.NO_FORMAT,
    "no_setup": errors.BAD_FORMAT,
    "no_data": errors.EMPTY_STREAM,
}


class State(StrEnum):
    """Whether any record is under way."""

    IDLE = "idle"
    RECORDING = "recording"
    GONE = "gone"


class Record(msgspec.Struct, frozen=True, gc=False, tag="netcall.Record"):
    """One record; ``number`` counts from 1 over all calls, ``sources`` are what it takes."""

    id: str
    number: int
    kind: str
    uid: str
    account: str
    started_ms: int
    sources: tuple[str, ...]
    status: str = "starting"
    is_running: bool = True
    ended_ms: int | None = None
    reset: Any = None
    is_wrapped: bool = False
    channel: str = ""
    shot: Shot | None = None

    @property
    def name(self) -> str:
        return f"{self.uid}--{self.started_ms // 1000}--{self.kind}"


class Records(msgspec.Struct, frozen=True, tag="netcall.Records"):
    """The records of one SDK instance, oldest first."""

    member: str
    state: State = State.IDLE
    made: int = 0
    records: tuple[Record, ...] = ()

    def of(self, record: str) -> Record | None:
        return next((each for each in self.records if each.id == record), None)


def shown(record: Record) -> dict[str, Any]:
    """Describe a record as the list does: times in seconds, ``reset`` only if it was given."""
    told: dict[str, Any] = {
        "id": record.id,
        "type": record.kind,
        "name": record.name,
        "status": record.status,
        "isRecording": record.is_running,
        "startTime": record.started_ms // 1000,
        "endTime": None if record.ended_ms is None else record.ended_ms // 1000,
        "uid": int(record.uid) if record.uid != LOCAL else LOCAL,
        "account": record.account,
    }
    return told if record.reset is None else {**told, "reset": record.reset}


def _answer(kept: Records, view: View, data: Any = None) -> Reply:
    device = instance.of(view, kept.member)
    return Reply(Said(device.channel, data, device.profile))


def _with(kept: Records, *changed: Record) -> Records:
    new = {each.id: each for each in changed}
    records = tuple(new.get(each.id, each) for each in kept.records)
    state = State.RECORDING if any(each.is_running for each in records) else State.IDLE
    return msgspec.structs.replace(kept, records=records, state=state)


# --- the six methods ------------------------------------------------------------------------------


def on_start(kept: Records, given: MediaStart, view: View) -> Step | Refusal:
    device = instance.of(view, kept.member)
    account = given.account or device.account
    sources = _sources(device, account, given.kind, view)
    if sources is None and given.is_wrapped:
        return Step(kept, (_answer(kept, view),))
    if not sources:
        return Refusal(errors.NO_STREAM, f"of {account[:40]!r} nothing is there to record")
    if len(kept.records) >= MAX_RECORDS:
        return Refusal(errors.TOO_OFTEN, f"{MAX_RECORDS} records are kept")
    strike = view.fault(faults.BROWSER, device.channel)
    if strike is not None and strike.effect in STRIKES:
        return Refusal(STRIKES[strike.effect], "by a fault")
    uid = LOCAL if account == device.account else str(sessions.uid_of(view, account))
    number = kept.made + 1
    record = Record(
        id=f"{uid}-{number}",
        number=number,
        kind=given.kind,
        uid=uid,
        account=account,
        started_ms=view.now_ms,
        sources=sources,
        reset=given.reset,
        is_wrapped=given.is_wrapped,
        channel=device.channel,
        shot=_shot(device, account, given.kind, sources),
    )
    after = msgspec.structs.replace(
        kept, state=State.RECORDING, made=number, records=(*kept.records, record)
    )
    effects: list[Effect] = [_answer(kept, view, {"recordId": record.id})]
    if strike is not None:
        ends = TrackEnded(record=record.id)
        effects.append(Arm(f"track {record.id}", strike.after_ms, ends, Tempo.LONG))
    return Step(after, tuple(effects))


def _sources(device: Device, account: str, kind: str, view: View) -> tuple[str, ...] | None:
    """Say what there is to record; None if the account is nobody's here.

    Of somebody else everything is recorded whatever the type (SDK).
    """
    people = instance.in_call(view, device)
    if account != device.account:
        party = next((each for each in people if each.account == account), None)
        if party is None:
            return None
        return (f"of {account}",) if party.is_up else ()
    own = tuple(each for each in SOURCES[kind] if each in device.tracks)
    others = any(each.is_up and each.account != device.account for each in people)
    return (*own, "voices") if kind == "audio" and others else own


def _shot(device: Device, account: str, kind: str, sources: tuple[str, ...]) -> Shot:
    """Say what is to be filmed: somebody else's stream, all voices, or what one's own device has.

    That the mixed local picture has the camera before the screen is assumed.
    """
    own = instance.cast_name(Target(DEVICE, device.member))
    if account != device.account:
        return Shot(instance.cast_name(instance.where(device)), (), account)
    if "voices" in sources:
        return Shot(instance.cast_name(instance.where(device)), ())
    return Shot(own, (), placed=f"{own}/{kind}")


def on_stop(kept: Records, given: MediaStop, view: View) -> Step | Refusal:
    """Stop a record; without an id, the last that ``startRecordMp4`` has begun (assumed)."""
    record = kept.of(given.record)
    if not given.record:
        begun = [each for each in kept.records if each.is_wrapped]
        record = begun[-1] if begun else None
    if record is None or not record.is_running:
        return Refusal(errors.NO_RECORD, "it is unknown, or has stopped already")
    after, effects = _stopped(kept, (record,), view)
    return Step(after, (_answer(kept, view), *effects))


def _stopped(
    kept: Records, which: tuple[Record, ...], view: View
) -> tuple[Records, tuple[Effect, ...]]:
    """Stop records and announce each: by its number, and as if it were still recording (SDK)."""
    device = instance.of(view, kept.member)
    ended, told = [], []
    for each in which:
        done = msgspec.structs.replace(
            each, status="stopped", is_running=False, ended_ms=view.now_ms
        )
        ended.append(done)
        data = shown(done)
        if view.settings.strict_quirks:
            data |= {"id": each.number, "isRecording": True}
        told.append(instance.hear(device, "recordStopped", data))
    return _with(kept, *ended), tuple(told)


def on_list(kept: Records, _given: MediaList, view: View) -> Step:
    listed = {each.id: shown(each) for each in kept.records}
    return Step(kept, (_answer(kept, view, listed),))


def on_download(kept: Records, given: MediaDownload, view: View) -> Step | Refusal:
    """Save a record, which is stopped first; a second time nothing is saved, and nobody says so.

    What it resolves with is assumed to be the record.
    """
    record = kept.of(given.record)
    if record is None:
        return Refusal(errors.NO_RECORD)
    after, effects = _stopped(kept, (record,), view) if record.is_running else (kept, ())
    record = after.of(given.record)
    assert record is not None, given
    if record.status == "stopped":
        device = instance.of(view, kept.member)
        told = files.download(device.account, f"{record.name}.webm")
        saved = _saved(kept, record, view), instance.hear(device, files.DOWNLOAD, told)
        effects = (*effects, *saved)
        record = msgspec.structs.replace(record, status="downloaded")
        after = _with(after, record)
    return Step(after, (_answer(kept, view, shown(record)), *effects))


def _saved(kept: Records, record: Record, view: View) -> Effect:
    account = instance.of(view, kept.member).account
    until_ms = view.now_ms if record.ended_ms is None else record.ended_ms
    length_ms = until_ms - record.started_ms
    has_video = record.kind != "audio" and any(each != "mic" for each in record.sources)
    clip = files.clip("webm", length_ms, is_sound=not has_video)
    key = f"{account}/{record.name}.webm"
    media = files.saved(clip, record.shot, record.started_ms, until_ms, view.now_ms)
    return Put(files.DISK, key, media, record.channel)


def on_clean(kept: Records, given: MediaClean, view: View) -> Step:
    """Discard what is still being recorded; on all else it does nothing (SDK).

    The manual speaks of clearing the state: without the quirk, the record goes. That a discarded
    one is not announced is assumed.
    """
    record = kept.of(given.record)
    if record is None:
        return Step(kept, (_answer(kept, view),))
    if record.is_running:
        done = msgspec.structs.replace(
            record, status="init", is_running=False, ended_ms=view.now_ms
        )
        return Step(_with(kept, done), (_answer(kept, view),))
    if view.settings.strict_quirks:
        return Step(kept, (_answer(kept, view),))
    rest = tuple(each for each in kept.records if each.id != record.id)
    return Step(msgspec.structs.replace(kept, records=rest), (_answer(kept, view),))


# --- it ends by itself ----------------------------------------------------------------------------


def on_track_ended(kept: Records, given: TrackEnded, view: View) -> Step:
    """Stop what took this source; the app has to begin anew, and has another file then."""
    which = tuple(
        each
        for each in kept.records
        if each.is_running and (each.id == given.record or given.source in each.sources)
    )
    after, effects = _stopped(kept, which, view)
    return Step(after, effects)


def on_call_over(kept: Records, given: CallOver, view: View) -> Step:
    which = tuple(
        each for each in kept.records if each.is_running and given.account in ("", each.account)
    )
    after, effects = _stopped(kept, which, view)
    return Step(after, effects)


def on_unloaded(kept: Records, _given: Unloaded, view: View) -> Step:
    """Save what is running: the page is closed."""
    running = tuple(each for each in kept.records if each.is_running)
    after, _ = _stopped(kept, running, view)
    gone = msgspec.structs.replace(after, state=State.GONE)
    return Step(gone, (*(_saved(kept, each, view) for each in running), Retire()))


CLOSED: Final = Refuse(errors.NO_CONNECTION, "the connection has ended")
DEAF: Final = Ignore("the connection ended in the same instant")
NOTHING: Final = Ignore("nothing is recorded")
CALLS: Final = (MediaStart, MediaStop, MediaList, MediaDownload, MediaClean)
EITHER: Final = (State.IDLE, State.RECORDING)
BOTH: Final[Mapping[type, Cell]] = {
    MediaStart: do(
        on_start, *EITHER, refusals=(errors.NO_STREAM, errors.TOO_OFTEN, *STRIKES.values())
    ),
    MediaStop: do(on_stop, *EITHER, refusals=(errors.NO_RECORD,)),
    MediaList: do(on_list, *EITHER),
    MediaDownload: do(on_download, *EITHER, refusals=(errors.NO_RECORD,)),
    MediaClean: do(on_clean, *EITHER),
    Unloaded: do(on_unloaded, State.GONE),
}
TABLE: Final[Table] = {
    State.IDLE: {**BOTH, CallOver: NOTHING, TrackEnded: NOTHING},
    State.RECORDING: {
        **BOTH,
        CallOver: do(on_call_over, *EITHER),
        TrackEnded: do(on_track_ended, *EITHER),
    },
    State.GONE: {
        **dict.fromkeys(CALLS, CLOSED),
        **dict.fromkeys((CallOver, TrackEnded, Unloaded), DEAF),
    },
}
MACHINE: Final = Machine(NAME, TABLE, Records, CALLS)
