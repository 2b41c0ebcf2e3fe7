"""The uploader: takes what is recorded to storage, reports progress, and finishes the files.

What is recorded stands in ``tracks``, what goes up meanwhile in ``sending``, the end in
``flushing``, and what storage does not take in ``backup``.

Source:
    Event 30: sheet §6.3 (DS callback page).
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import (
    Effect,
    Ignore,
    Machine,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.uploads import Outcome, UploadEnded
from recording_emulator.vendors.agora import backup, flushing, inputs, sending, storing, tracks
from recording_emulator.vendors.agora.box import State, Uploader
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.inputs import TASK, UPLOADER


def on_prepare(box: Uploader, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(box, prepared=given), backup.credentials_end(given.sts_life_ms))


def on_power(box: Uploader, _given: inputs.PowerOn, _view: View) -> Step:
    effects: list[Effect] = [announce(box, "30", {"status": 0})]
    if box.is_diverted:  # the credentials were over before anything could be stored
        told = inputs.Failed("storage deny")
        effects.append(Tell(Target(TASK, box.key), told))
    return Step(replace(box, state=State.UP), tuple(effects))


def on_upload_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    """Go on with what has been uploaded, or do what follows where it could not be."""
    name, _, which = given.name.partition(" ")
    if given.outcome is Outcome.CLOSED:
        box = replace(box, prepared=replace(task_plan(box), place=None))
    match name:
        case storing.FIRST:
            return sending.first_ended(box, which, given)
        case storing.LIVE:
            return sending.live_ended(box, given)
        case storing.PICTURE:
            return sending.picture_ended(box, which, given)
        case storing.HOME:
            return backup.home_ended(box, given, view)
        case _:
            return _flush_ended(box, name, given, view)


def _flush_ended(box: Uploader, name: str, given: UploadEnded, view: View) -> Step:
    if given.is_stored:
        return flushing.over(box) if name == storing.PICTURES_ONLY else flushing.flushed(box, view)
    if given.outcome in storing.FOR_GOOD:
        lost = flushing.over(box, is_lost=True)
        return replace(lost, effects=(storing.wrong_storage(box), *lost.effects))
    return flushing.on_flush_failed(box, inputs.FlushFailed(), view)


TABLE: Final[Table] = {
    State.OFF: {
        inputs.Prepare: do(on_prepare, State.OFF),
        inputs.PowerOn: do(on_power, State.UP),
        inputs.Flush: do(flushing.on_flush, State.DONE),
        inputs.Credentials: do(backup.on_credentials, State.OFF),
        inputs.CredentialsEnd: do(backup.on_credentials_end, State.OFF),
        SettingsChanged: do(tracks.on_settings, State.OFF),
    },
    State.UP: {
        inputs.Opened: do(tracks.on_opened, State.UP),
        inputs.Closed: do(tracks.on_closed, State.UP),
        inputs.FirstSlice: do(tracks.on_first_slice, State.UP),
        inputs.Progress: do(tracks.on_progress, State.UP),
        inputs.Snap: do(tracks.on_snap, State.UP),
        inputs.UploadDue: do(sending.on_upload_due, State.UP),
        inputs.Flush: do(flushing.on_flush, State.FLUSHING, State.DONE),
        inputs.Moved: do(tracks.on_moved, State.UP),
        inputs.Credentials: do(backup.on_credentials, State.UP),
        inputs.CredentialsEnd: do(backup.on_credentials_end, State.UP),
        UploadEnded: do(on_upload_ended, State.UP),
        SettingsChanged: do(tracks.on_settings, State.UP),
    },
    State.FLUSHING: {
        inputs.FlushFailed: do(flushing.on_flush_failed, State.FLUSHING),
        inputs.FlushDone: do(flushing.on_flush_done, State.FLUSHING, State.BACKED_UP, State.DONE),
        UploadEnded: do(on_upload_ended, State.FLUSHING, State.BACKED_UP, State.DONE),
    },
    State.BACKED_UP: {
        inputs.Transferred: do(backup.on_transferred, State.BACKED_UP, State.DONE),
        UploadEnded: do(on_upload_ended, State.BACKED_UP, State.DONE),
    },
    State.DONE: {UploadEnded: Ignore("what was left has been taken to storage since")},
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
