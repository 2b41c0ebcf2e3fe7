"""What goes up while a task records: each track's first file, which is announced once it is there.

Source:
    Event 4: sheet §6.3 (DS callback page). First file after the first slice: sheet §5.3, assumed.
"""

from msgspec.structs import replace

from recording_emulator.core.machine import Effect, Step, Target, Tell
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
        denied = Tell(Target(TASK, box.key), inputs.Failed("storage deny"))
        return Step(replace(box, is_denied=True), () if box.is_denied else (denied,))
    uid, _, kind = which.rpartition(" ")
    track = box.find(uid, int(kind))
    if given.is_stored or box.is_diverted:
        return _announce_first(box, track)
    step = _announce_first(replace(box, is_diverted=True), track)
    return replace(step, effects=(backup.warned(box, backup.TO_BACKUP), *step.effects))


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
