"""The uploader: takes what is recorded to storage, reports progress, and finishes the files.

Source:
    Events 30, 4, 31, 33, 45: sheet §6.3 (DS callback page). First file after the first slice: sheet
    §5.3, assumed. That event 33 counts its minutes from the first recorded media is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Machine,
    Put,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import (
    AUDIO,
    BOTH,
    MIXED,
    PICTURES,
    SLICE_MS,
    VIDEO,
    Track,
    Tracks,
    listed,
    recorded_ms,
    uploaded_ms,
)
from recording_emulator.vendors.agora.inputs import TASK, UPLOADER
from recording_emulator.vendors.agora.recipes import (
    Merged,
    Movies,
    Pictures,
    Playlist,
    Slices,
)

PROGRESS_MS: Final = 60_000
"""``uploading_progress`` comes every minute (DS event 33)."""
WHOLE: Final = 10_000
"""Progress is uploaded / recorded in parts of 10,000 (DS event 33)."""


class State(StrEnum):
    """How far the uploader is."""

    OFF = "off"
    UP = "up"
    FLUSHING = "flushing"
    DONE = "done"


class Uploader(msgspec.Struct, frozen=True, gc=False, tag="agora.Uploader"):
    """The uploader of one task, and what has been recorded so far."""

    state: State
    key: str
    prepared: inputs.Prepare | None = None
    tracks: Tracks = ()

    @property
    def media(self) -> Tracks:
        return tuple(each for each in self.tracks if each.is_media)

    def find(self, uid: str, kind: int) -> Track:
        """Return a track; one that nothing has been recorded of is empty."""
        for each in self.tracks:
            if (each.uid, each.kind) == (uid, kind):
                return each
        return Track(uid, kind)

    def with_track(self, track: Track) -> "Uploader":
        """Return the uploader with one track as it is now; an empty one is dropped."""
        tracks = self.tracks
        for index, each in enumerate(tracks):
            if (each.uid, each.kind) == (track.uid, track.kind):
                now = (track,) if track.segments else ()
                return replace(self, tracks=(*tracks[:index], *now, *tracks[index + 1 :]))
        return replace(self, tracks=(*tracks, track))


def on_prepare(box: Uploader, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(box, prepared=given))


def on_power(box: Uploader, _given: inputs.PowerOn, _view: View) -> Step:
    return Step(replace(box, state=State.UP), (announce(box, "30", {"status": 0}),))


def on_opened(box: Uploader, given: inputs.Opened, view: View) -> Step:
    before = box.find(given.uid, given.kind)
    track = replace(before, segments=(*before.segments, (view.now_ms, None)))
    after = box.with_track(track)
    effects = [*_put(after, track)]
    if not before.segments:
        told = inputs.FirstSlice(track.uid, track.kind)
        wait_ms = SLICE_MS if track.is_media else 0
        effects.append(Arm(_timer("first_slice", track), wait_ms, told, Tempo.LONG))
    if not track.is_media:
        effects += _snapping(track, 0, view)
    elif not before.segments and len(after.media) == 1:
        effects += _ticking(after, view)
    return Step(after, tuple(effects))


def on_closed(box: Uploader, given: inputs.Closed, view: View) -> Step:
    before = box.find(given.uid, given.kind)
    *earlier, (start_ms, _) = before.segments
    quiet: list[Effect] = [] if before.is_media else [Cancel(_timer("snapshot", before))]
    if start_ms == view.now_ms:  # opened and closed in one instant: nothing was recorded
        track = replace(before, segments=tuple(earlier))
        after = box.with_track(track)
        if not earlier:
            quiet.append(Cancel(_timer("first_slice", before)))
        if not after.media:
            quiet.append(Cancel("progress"))
        return Step(after, (*quiet, *_put(after, track)))
    track = replace(before, segments=(*earlier, (start_ms, view.now_ms)))
    after = box.with_track(track)
    if track.has_file:
        return Step(after, (*quiet, *_put(after, track)))
    announced = _announce_first(after, track)
    quiet.append(Cancel(_timer("first_slice", track)))
    return Step(announced.task, (*_put(after, track), *quiet, *announced.effects))


def on_first_slice(box: Uploader, given: inputs.FirstSlice, _view: View) -> Step:
    return _announce_first(box, box.find(given.uid, given.kind))


def _announce_first(box: Uploader, track: Track) -> Step:
    """Announce a track's first file, and tell the task of the first of all."""
    after = box.with_track(replace(track, has_file=True))
    effects: list[Effect] = []
    if track.is_media:
        layout = task_plan(box).layout.of(track.uid, track.kind)
        effects.append(announce(box, "4", {"fileList": layout.playlist}))
    if not any(each.has_file for each in box.tracks):
        effects.append(Tell(Target(TASK, box.key), inputs.FirstFile()))
    return Step(after, tuple(effects))


def _ticking(box: Uploader, view: View) -> list[Effect]:
    """Run the minute timer only for subscribers: nobody else can tell, and days stay cheap."""
    if not view.wants("33"):
        return [Cancel("progress")]
    began_ms = min(each.start_ms for each in box.media)
    rest_ms = PROGRESS_MS - (view.now_ms - began_ms) % PROGRESS_MS
    return [Arm("progress", rest_ms, inputs.Progress(), Tempo.PERIODIC)]


def _snapping(track: Track, wait_ms: int, view: View) -> list[Effect]:
    """Run the timer of a user's pictures only for subscribers, as with progress."""
    if not view.wants("45"):
        return [Cancel(_timer("snapshot", track))]
    given = inputs.Snap(track.uid)
    return [Arm(_timer("snapshot", track), wait_ms, given, Tempo.PERIODIC)]


def on_snap(box: Uploader, given: inputs.Snap, view: View) -> Step:
    told, track = task_plan(box), box.find(given.uid, PICTURES)
    stem = told.layout.of(given.uid, PICTURES).stem
    taken = announce(box, "45", {"fileName": f"{stem}_{utc_stamp(view.now_ms)}.jpg"})
    return Step(box, (*_snapping(track, told.snapshot_ms, view), taken))


def on_settings(box: Uploader, _given: SettingsChanged, view: View) -> Step:
    effects = _ticking(box, view) if box.media else []
    for track in box.tracks:
        start_ms, end_ms = track.segments[-1]
        if not track.is_media and end_ms is None:
            every_ms = task_plan(box).snapshot_ms
            rest_ms = every_ms - (view.now_ms - start_ms) % every_ms
            effects += _snapping(track, rest_ms, view)
    return Step(box, tuple(effects))


def on_progress(box: Uploader, _given: inputs.Progress, view: View) -> Step:
    media = box.media
    done = sum(uploaded_ms(each.segments, view.now_ms) for each in media)
    share = WHOLE * done // max(1, sum(recorded_ms(each.segments, view.now_ms) for each in media))
    return Step(box, (*_ticking(box, view), announce(box, "33", {"progress": share})))


def on_flush(box: Uploader, _given: inputs.Flush, view: View) -> Step:
    quiet = Cancel("progress")
    if not box.media:
        told = Tell(Target(TASK, box.key), inputs.Uploaded())
        return Step(replace(box, state=State.DONE), (quiet, told, Retire()))
    upload = Arm("upload", view.settings.upload_ms, inputs.FlushDone(), Tempo.SHORT)
    return Step(replace(box, state=State.FLUSHING), (quiet, upload))


def on_flushed(box: Uploader, _given: inputs.FlushDone, view: View) -> Step:
    told: dict[str, object] = {"status": 0}
    if task_plan(box).page is None:  # a page's files are told by event 71
        layout = task_plan(box).layout
        told["fileList"] = listed(layout, box.tracks, view.now_ms, has_ended=True)
    stored = [put for track in box.media for put in _put(box, track, has_ended=True)]
    return Step(
        replace(box, state=State.DONE),
        (
            *stored,
            announce(box, "33", {"progress": WHOLE}),
            announce(box, "31", told),
            Tell(Target(TASK, box.key), inputs.Uploaded()),
            Retire(),
        ),
    )


def _put(box: Uploader, track: Track, *, has_ended: bool = False) -> tuple[Effect, ...]:
    """Store what follows from a track as it is now."""
    told, segments = task_plan(box), track.segments
    layout = told.layout.of(track.uid, track.kind)
    if not track.is_media:
        return (Put(told.bucket, f"{layout.stem}_*.jpg", Pictures(segments, told.snapshot_ms)),)
    found: list[Effect] = [
        Put(told.bucket, layout.playlist, Playlist(layout, segments, has_ended)),
        Put(told.bucket, f"{layout.stem}_*.ts", Slices(layout, segments)),
    ]
    if layout.movies:
        found.append(Put(told.bucket, f"{layout.stem}_*.mp4", Movies(layout, segments, has_ended)))
    if layout.merged:
        audio, video = (box.find(track.uid, kind).segments for kind in (AUDIO, VIDEO))
        both = told.layout.of(track.uid, BOTH)
        if audio and video:
            found.append(Put(told.bucket, both.playlist, Merged(both, audio, video)))
    return tuple(found)


def _timer(name: str, track: Track) -> str:
    """Name a track's own timer; the mixed one needs no addition."""
    return name if track.uid == MIXED else f"{name} {track.uid} {track.kind}"


TABLE: Final[Table] = {
    State.OFF: {
        inputs.Prepare: do(on_prepare, State.OFF),
        inputs.PowerOn: do(on_power, State.UP),
        inputs.Flush: do(on_flush, State.DONE),
        SettingsChanged: do(on_settings, State.OFF),
    },
    State.UP: {
        inputs.Opened: do(on_opened, State.UP),
        inputs.Closed: do(on_closed, State.UP),
        inputs.FirstSlice: do(on_first_slice, State.UP),
        inputs.Progress: do(on_progress, State.UP),
        inputs.Snap: do(on_snap, State.UP),
        inputs.Flush: do(on_flush, State.FLUSHING, State.DONE),
        SettingsChanged: do(on_settings, State.UP),
    },
    State.FLUSHING: {inputs.FlushDone: do(on_flushed, State.DONE)},
    State.DONE: {},
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
