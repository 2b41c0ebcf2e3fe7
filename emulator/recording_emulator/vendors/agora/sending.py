"""What goes up while a task records: first files, then what is closed, minute by minute.

Each track's first file and each picture are announced once they are there. Only where storage is
real there is anything to do: elsewhere a day has no timer of this.

Source:
    Events 4 and 45: sheet §6.3 (DS callback page). First file after the first slice: sheet §5.3,
    assumed. The index is uploaded again and again: §5.5 (DS); with what else, and how often, is
    assumed.
"""

from msgspec.structs import replace

from recording_emulator.core.machine import Effect, Emit, Step, Target, Tell, Upload, View
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.agora import backup, inputs, storing
from recording_emulator.vendors.agora.box import State, Uploader, puts
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import Track
from recording_emulator.vendors.agora.inputs import TASK


def first(box: Uploader, track: Track) -> Step:
    """Store a track's first file; where storage is real it is announced once it is there."""
    name = f"{storing.FIRST} {track.uid} {track.kind}"
    sent = storing.upload(box, name, tuple(puts(box, track)))
    return _announce_first(box, track) if sent is None else Step(box, (sent,))


def first_ended(box: Uploader, which: str, given: UploadEnded) -> Step:
    if box.state is not State.UP:
        return Step(box)
    if given.outcome in storing.FOR_GOOD:
        return _denied(box)
    uid, _, kind = which.rpartition(" ")
    track = box.find(uid, int(kind))
    if not track.segments:
        return Step(box)
    if given.is_stored or box.is_diverted:
        return _announce_first(box, track)
    step = _announce_first(replace(box, is_diverted=True), track)
    return replace(step, effects=(backup.warned(box, backup.TO_BACKUP), *step.effects))


def _denied(box: Uploader) -> Step:
    """Let what no second try changes end the task."""
    denied = Tell(Target(TASK, box.key), inputs.Failed("storage deny"))
    return Step(replace(box, is_denied=True), () if box.is_denied else (denied,))


def _announce_first(box: Uploader, track: Track) -> Step:
    """Announce a track's first file, and tell the task of the first of all."""
    after = box.with_track(replace(track, has_file=True))
    effects: list[Effect] = []
    if track.is_media:
        layout = task_plan(box).layout.of(track.uid, track.kind, track.era)
        effects.append(announce(box, "4", {"fileList": layout.playlist}))
    if not any(each.has_file for each in box.tracks):
        effects.append(Tell(Target(TASK, box.key), inputs.FirstFile()))
    return Step(after, tuple(effects))


def on_upload_due(box: Uploader, _given: inputs.UploadDue, view: View) -> Step:
    """Upload what has grown since the last time; one upload of these is out at a time."""
    again = storing.watching(box, view)
    grown = tuple(put for each in box.media if _has_grown(box, each) for put in puts(box, each))
    sent = storing.upload(box, storing.LIVE, grown) if grown and not box.sending_ms else None
    if sent is None:
        return Step(box, again)
    return Step(replace(box, sending_ms=view.now_ms), (*again, sent))


def _has_grown(box: Uploader, track: Track) -> bool:
    end_ms = track.segments[-1][1]
    return track.has_file and (end_ms is None or end_ms >= box.sent_ms)


def live_ended(box: Uploader, given: UploadEnded) -> Step:
    """Go on, try again a minute later, or go over to the backup cloud."""
    rested = replace(box, sending_ms=0)
    if given.is_stored:
        return Step(replace(rested, sent_ms=box.sending_ms, failures=0))
    return _not_taken(rested, given)


def _not_taken(box: Uploader, given: UploadEnded) -> Step:
    if box.state is not State.UP or box.is_diverted:
        return Step(box)
    if given.outcome in storing.FOR_GOOD:
        return _denied(box)
    after, warning = backup.failed(box)
    return Step(after, (warning,))


def picture(box: Uploader, track: Track, name: str) -> Upload | Emit:
    """Take a picture to storage, to be announced once it is there, where storage is real."""
    sent = storing.upload(box, f"{storing.PICTURE} {name}", tuple(puts(box, track)))
    return _announce_picture(box, name) if sent is None else sent


def _announce_picture(box: Uploader, name: str) -> Emit:
    return announce(box, "45", {"fileName": name})


def picture_ended(box: Uploader, name: str, given: UploadEnded) -> Step:
    """Announce a picture, wherever it went; the next upload takes along what did not arrive."""
    if given.is_stored:
        return Step(box, (_announce_picture(box, name),))
    if given.outcome in storing.FOR_GOOD:
        return _not_taken(box, given)
    step = _not_taken(box, given)
    return replace(step, effects=(*step.effects, _announce_picture(box, name)))
