"""The uploader: takes what is recorded to storage, reports progress, and finishes the files.

Source:
    Events 30, 4, 31, 33: sheet §6.3 (DS callback page). First file after the first slice: sheet
    §5.3, assumed. That event 33 counts its minutes from the first recorded media is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Emit,
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
from recording_emulator.vendors.agora.files import (
    SLICE_MS,
    Movies,
    Playlist,
    Segments,
    Slices,
    listed,
    recorded_ms,
    uploaded_ms,
)
from recording_emulator.vendors.agora.inputs import TASK, UPLOADER, Event

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
    segments: Segments = ()
    has_file: bool = False


def on_prepare(box: Uploader, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(box, prepared=given))


def on_power(box: Uploader, _given: inputs.PowerOn, _view: View) -> Step:
    return Step(replace(box, state=State.UP), (_event(box, "30", {"status": 0}),))


def on_opened(box: Uploader, _given: inputs.Opened, view: View) -> Step:
    is_first = not box.segments
    after = replace(box, segments=(*box.segments, (view.now_ms, None)))
    effects = [*_put(after)]
    if is_first:
        effects.append(Arm("first_slice", SLICE_MS, inputs.FirstSlice(), Tempo.LONG))
        effects += _ticking(after, view)
    return Step(after, tuple(effects))


def on_closed(box: Uploader, _given: inputs.Closed, view: View) -> Step:
    *earlier, (start_ms, _) = box.segments
    if start_ms == view.now_ms:  # opened and closed in one instant: nothing was recorded
        quiet = () if earlier else (Cancel("first_slice"), Cancel("progress"))
        after = replace(box, segments=tuple(earlier))
        return Step(after, (*quiet, *_put(after)))
    after = replace(box, segments=(*earlier, (start_ms, view.now_ms)))
    if after.has_file:
        return Step(after, _put(after))
    announced = _announce_first(after)
    return Step(announced.task, (*_put(announced.task), Cancel("first_slice"), *announced.effects))


def on_first_slice(box: Uploader, _given: inputs.FirstSlice, _view: View) -> Step:
    return _announce_first(box)


def _announce_first(box: Uploader) -> Step:
    names: dict[str, object] = {"fileList": _prepared(box).layout.playlist}
    told = Tell(Target(TASK, box.key), inputs.FirstFile())
    return Step(replace(box, has_file=True), (_event(box, "4", names), told))


def _ticking(box: Uploader, view: View) -> list[Effect]:
    """Run the minute timer only for subscribers: nobody else can tell, and days stay cheap."""
    if not view.wants("33"):
        return [Cancel("progress")]
    into_minute_ms = (view.now_ms - box.segments[0][0]) % PROGRESS_MS
    rest_ms = PROGRESS_MS - into_minute_ms
    return [Arm("progress", rest_ms, inputs.Progress(), Tempo.PERIODIC)]


def on_settings(box: Uploader, _given: SettingsChanged, view: View) -> Step:
    return Step(box, tuple(_ticking(box, view)) if box.segments else ())


def on_progress(box: Uploader, _given: inputs.Progress, view: View) -> Step:
    done = uploaded_ms(box.segments, view.now_ms)
    share = WHOLE * done // max(1, recorded_ms(box.segments, view.now_ms))
    return Step(box, (*_ticking(box, view), _event(box, "33", {"progress": share})))


def on_flush(box: Uploader, _given: inputs.Flush, view: View) -> Step:
    quiet = (Cancel("progress"), Cancel("first_slice"))
    if not box.segments:
        told = Tell(Target(TASK, box.key), inputs.Uploaded())
        return Step(replace(box, state=State.DONE), (*quiet, told, Retire()))
    upload = Arm("upload", view.settings.upload_ms, inputs.FlushDone(), Tempo.SHORT)
    return Step(replace(box, state=State.FLUSHING), (*quiet, upload))


def on_flushed(box: Uploader, _given: inputs.FlushDone, view: View) -> Step:
    layout = _prepared(box).layout
    files = listed(layout, box.segments, view.now_ms, has_ended=True)
    return Step(
        replace(box, state=State.DONE),
        (
            *_put(box, has_ended=True),
            _event(box, "33", {"progress": WHOLE}),
            _event(box, "31", {"status": 0, "fileList": files}),
            Tell(Target(TASK, box.key), inputs.Uploaded()),
            Retire(),
        ),
    )


def _put(box: Uploader, *, has_ended: bool = False) -> tuple[Effect, ...]:
    told = _prepared(box)
    layout, segments = told.layout, box.segments
    found: list[Effect] = [
        Put(told.bucket, layout.playlist, Playlist(layout, segments, has_ended)),
        Put(told.bucket, f"{layout.stem}_*.ts", Slices(layout, segments)),
    ]
    if layout.movies:
        found.append(Put(told.bucket, f"{layout.stem}_*.mp4", Movies(layout, segments, has_ended)))
    return tuple(found)


def _prepared(box: Uploader) -> inputs.Prepare:
    assert box.prepared is not None, box
    return box.prepared


def _event(box: Uploader, event: str, details: dict[str, object]) -> Emit:
    told = _prepared(box)
    return Emit(event, told.sid, Event(told.cname, told.uid, told.sid, details))


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
        inputs.Flush: do(on_flush, State.FLUSHING, State.DONE),
        SettingsChanged: do(on_settings, State.UP),
    },
    State.FLUSHING: {inputs.FlushDone: do(on_flushed, State.DONE)},
    State.DONE: {},
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
