"""The postponed transcoder: some time after the end it makes one file of what was recorded.

For each user an MP4 of audio and video, or of all users one file of mixed audio.

Source:
    Sheet §2.3 (appsCollection, transcodeOptions; REC, CN23), §5.4 (names), §6.3 (events 80, 81, 90,
    1001), §6.4 (order). Results come within 24 h (DS); how long it takes here, that a mix is
    reported as user "0" and that the index begins with 0 is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.machine import (
    Arm,
    Effect,
    Emit,
    Machine,
    Put,
    Retire,
    Step,
    Table,
    Upload,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.agora import faults, inputs
from recording_emulator.vendors.agora.files import BOTH, MIXED, Tracks, union
from recording_emulator.vendors.agora.inputs import TRANSCODER, Event
from recording_emulator.vendors.agora.recipes import Transcoded

TRANSCODING_MS: Final = 60_000
"""From ``transcoder_started`` to ``transcoder_completed`` (assumed)."""


RESULTS: Final = {
    "": ("all_success", "total_success"),
    "half": ("partial_success", "partial_success"),
    "fail": ("fail", "failed"),
}
"""``result`` of events 81 and 1001 (CN23), by what a fault did."""


class State(StrEnum):
    """How far the postponed work is."""

    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Transcoder(msgspec.Struct, frozen=True, gc=False, tag="agora.Transcoder"):
    """The postponed work of one task."""

    state: State
    key: str
    job: inputs.Postpone | None = None
    fate: str = ""


def on_postpone(work: Transcoder, given: inputs.Postpone, view: View) -> Step:
    begin = Arm("postponed", view.settings.postpone_ms, inputs.Transcode(), Tempo.LONG)
    return Step(replace(work, state=State.WAITING, job=given), (begin,))


def on_transcode(work: Transcoder, _given: inputs.Transcode, view: View) -> Step:
    job = _job(work)
    fault = view.fault(faults.TRANSCODER, job.prepared.cname)
    fate = "" if fault is None else fault.effect
    if fate == "lose_input":
        lost: dict[str, object] = {
            "vendor": job.vendor,
            "region": job.region,
            "bucket": job.prepared.bucket,
            "fileName": ";".join(_indexes(job)),
        }
        failed: dict[str, object] = {"result": "failed", "fileList": []}
        told = (_event(job, "90", lost), _event(job, "1001", failed), Retire(job.prepared.sid))
        return Step(replace(work, state=State.DONE), told)
    done = Arm("transcoding", TRANSCODING_MS, inputs.Transcoded(), Tempo.LONG)
    return Step(replace(work, state=State.RUNNING, fate=fate), (_event(job, "80", {}), done))


def on_transcoded(work: Transcoder, _given: inputs.Transcoded, view: View) -> Step:
    """Store what was made; where storage is real it is announced once it is there."""
    where = _job(work).prepared.place
    stored = _outcome(work, view)[0]
    if where is not None and stored:
        return Step(work, (Upload("transcoded", where, stored),))
    return _ended(work, view)


def on_upload_ended(work: Transcoder, given: UploadEnded, view: View) -> Step:
    """Announce what is there; what could not be stored has failed (assumed)."""
    return _ended(work if given.is_stored else replace(work, fate="fail"), view)


def _ended(work: Transcoder, view: View) -> Step:
    stored, told = _outcome(work, view)
    return Step(replace(work, state=State.DONE), (*stored, *told))


def _outcome(work: Transcoder, view: View) -> tuple[tuple[Put, ...], tuple[Effect, ...]]:
    """Say what is stored in the end, and what is told of it."""
    job = _job(work)
    puts: list[Put] = []
    uids: list[dict[str, object]] = []
    names: list[dict[str, str]] = []
    for uid, put in _files(job, view.now_ms):
        is_fine = work.fate == "" or (work.fate == "half" and not uids)
        own = [{"fileName": name} for name in put.recipe.names(put.key)] if is_fine else []
        uids.append({"uid": uid, "result": "success" if is_fine else "fail", "fileList": own})
        names += own
        if is_fine:
            puts.append(Put(put.bucket, put.key, put.recipe, job.prepared.cname))
    of_users, of_all = RESULTS[work.fate]
    completed: dict[str, object] = {"result": of_users, "uids": uids}
    final: dict[str, object] = {"result": of_all, "fileList": names}
    told = (_event(job, "81", completed), _event(job, "1001", final), Retire(job.prepared.sid))
    return tuple(puts), told


class _File(msgspec.Struct, frozen=True):
    bucket: str
    key: str
    recipe: Transcoded


def _files(job: inputs.Postpone, now_ms: int) -> list[tuple[str, _File]]:
    """Say what becomes of the tracks: one file per user, or one of all."""
    layout = job.prepared.layout
    if job.kind == "audioMix":
        groups = [(MIXED, job.tracks, f"{layout.prefix}{layout.sid}_{layout.cname}")]
    else:
        stem = f"{layout.prefix}{layout.sid}_{layout.cname}"
        groups = [
            (
                uid,
                tuple(each for each in job.tracks if each.uid == uid),
                f"{stem}__uid_s_{uid}__uid_e",
            )
            for uid in dict.fromkeys(each.uid for each in job.tracks)
        ]
    return [
        (
            uid,
            _File(job.prepared.bucket, f"{stem}_*.{job.suffix}", _recipe(job, uid, tracks, now_ms)),
        )
        for uid, tracks, stem in groups
    ]


def _recipe(job: inputs.Postpone, uid: str, tracks: Tracks, now_ms: int) -> Transcoded:
    layout, kinds = job.prepared.layout, {each.kind for each in tracks}
    kbps = sum(layout.of(MIXED, kind).kbps for kind in kinds)
    (kind,) = kinds if len(kinds) == 1 else (BOTH,)
    spans = union(each.segments for each in tracks)
    own = replace(layout, stream_types=kind, kbps=kbps, uid=uid, per_user=uid != MIXED)
    return Transcoded(own, job.suffix, spans, now_ms)


def _indexes(job: inputs.Postpone) -> list[str]:
    layout = job.prepared.layout
    return [layout.of(each.uid, each.kind, each.era).playlist for each in job.tracks]


def _job(work: Transcoder) -> inputs.Postpone:
    assert work.job is not None, work
    return work.job


def _event(job: inputs.Postpone, event: str, details: dict[str, object]) -> Emit:
    told = job.prepared
    facts = Event(told.cname, told.uid, told.sid, details, inputs.TRANSCODING)
    return Emit(event, told.sid, facts)


TABLE: Final[Table] = {
    State.IDLE: {inputs.Postpone: do(on_postpone, State.WAITING)},
    State.WAITING: {inputs.Transcode: do(on_transcode, State.RUNNING, State.DONE)},
    State.RUNNING: {
        inputs.Transcoded: do(on_transcoded, State.RUNNING, State.DONE),
        UploadEnded: do(on_upload_ended, State.DONE),
    },
    State.DONE: {},
}

MACHINE: Final = Machine(TRANSCODER, TABLE, lambda key: Transcoder(State.IDLE, key))
