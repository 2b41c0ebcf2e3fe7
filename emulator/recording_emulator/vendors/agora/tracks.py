"""What is recorded: tracks that open and close, and what is told of them while they last.

Source:
    Events 33 and 45: sheet §6.3 (DS callback page). First file after the first slice: sheet §5.3,
    assumed. That event 33 counts its minutes from the first recorded media is assumed.
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import Arm, Cancel, Effect, Step, View
from recording_emulator.core.segments import recorded_ms
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import inputs, sending, storing
from recording_emulator.vendors.agora.box import Uploader, puts, timer
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import PICTURES, SLICE_MS, Track, uploaded_ms

PROGRESS_MS: Final = 60_000
"""``uploading_progress`` comes every minute (DS event 33)."""
WHOLE: Final = 10_000
"""Progress is uploaded / recorded in parts of 10,000 (DS event 33)."""


def on_moved(box: Uploader, given: inputs.Moved, _view: View) -> Step:
    """Begin a new era: what another recorder records goes into files of its own."""
    prepared = replace(given.prepared, place=task_plan(box).place)
    return Step(replace(box, prepared=prepared, era=box.era + 1))


def on_opened(box: Uploader, given: inputs.Opened, view: View) -> Step:
    before = box.find(given.uid, given.kind)
    track = replace(before, segments=(*before.segments, (view.now_ms, None)))
    after = box.with_track(track)
    effects: list[Effect] = [*puts(after, track)]
    if not before.segments:
        told = inputs.FirstSlice(track.uid, track.kind)
        wait_ms = SLICE_MS if track.is_media else 0
        effects.append(Arm(timer("first_slice", track), wait_ms, told, Tempo.LONG))
    if not track.is_media:
        effects += _snapping(after, track, 0, view)
    elif not before.segments and len(after.media) == 1:
        effects += (*_ticking(after, view), *storing.watching(after, view))
    return Step(after, tuple(effects))


def on_closed(box: Uploader, given: inputs.Closed, view: View) -> Step:
    before = box.find(given.uid, given.kind)
    *earlier, (start_ms, _) = before.segments
    quiet: list[Effect] = [] if before.is_media else [Cancel(timer("snapshot", before))]
    if start_ms == view.now_ms:  # opened and closed in one instant: nothing was recorded
        track = replace(before, segments=tuple(earlier))
        after = box.with_track(track)
        if not earlier:
            quiet.append(Cancel(timer("first_slice", before)))
        if not after.media:
            quiet.append(Cancel("progress"))
        return Step(after, (*quiet, *puts(after, track)))
    track = replace(before, segments=(*earlier, (start_ms, view.now_ms)))
    after = box.with_track(track)
    if track.has_file:
        return Step(after, (*quiet, *puts(after, track)))
    announced = sending.first(after, track)
    quiet.append(Cancel(timer("first_slice", track)))
    return Step(announced.task, (*puts(after, track), *quiet, *announced.effects))


def on_first_slice(box: Uploader, given: inputs.FirstSlice, _view: View) -> Step:
    return sending.first(box, box.find(given.uid, given.kind))


def _ticking(box: Uploader, view: View) -> list[Effect]:
    """Run the minute timer only for subscribers: nobody else can tell, and days stay cheap."""
    if not view.wants("33"):
        return [Cancel("progress")]
    began_ms = min(each.start_ms for each in box.media)
    rest_ms = PROGRESS_MS - (view.now_ms - began_ms) % PROGRESS_MS
    return [Arm("progress", rest_ms, inputs.Progress(), Tempo.PERIODIC)]


def _snapping(box: Uploader, track: Track, wait_ms: int, view: View) -> list[Effect]:
    """Run the timer of a user's pictures only for subscribers, as with progress, or to upload."""
    if not view.wants("45") and task_plan(box).place is None:
        return [Cancel(timer("snapshot", track))]
    given = inputs.Snap(track.uid)
    return [Arm(timer("snapshot", track), wait_ms, given, Tempo.PERIODIC)]


def on_snap(box: Uploader, given: inputs.Snap, view: View) -> Step:
    told, track = task_plan(box), box.find(given.uid, PICTURES)
    stem = told.layout.of(given.uid, PICTURES, track.era).stem
    taken = sending.picture(box, track, f"{stem}_{utc_stamp(view.now_ms)}.jpg")
    return Step(box, (*_snapping(box, track, told.snapshot_ms, view), taken))


def on_settings(box: Uploader, _given: SettingsChanged, view: View) -> Step:
    effects = _ticking(box, view) if box.media else []
    for track in box.tracks:
        start_ms, end_ms = track.segments[-1]
        if not track.is_media and end_ms is None:
            every_ms = task_plan(box).snapshot_ms
            rest_ms = every_ms - (view.now_ms - start_ms) % every_ms
            effects += _snapping(box, track, rest_ms, view)
    return Step(box, tuple(effects))


def on_progress(box: Uploader, _given: inputs.Progress, view: View) -> Step:
    media = box.media
    done = sum(uploaded_ms(each.segments, view.now_ms) for each in media)
    share = WHOLE * done // max(1, sum(recorded_ms(each.segments, view.now_ms) for each in media))
    return Step(box, (*_ticking(box, view), announce(box, "33", {"progress": share})))
