"""The uploader: takes what is recorded to storage, reports progress, and finishes the files.

Source:
    Events 30, 4, 31, 33, 45: sheet §6.3 (DS callback page). First file after the first slice: sheet
    §5.3, assumed. That event 33 counts its minutes from the first recorded media is assumed.
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Emit,
    Ignore,
    Input,
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
from recording_emulator.core.segments import recorded_ms
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.agora import faults, inputs, storing
from recording_emulator.vendors.agora.box import State, Uploader, everything, puts, timer
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import (
    PICTURES,
    SLICE_MS,
    Track,
    listed,
    uploaded_ms,
)
from recording_emulator.vendors.agora.inputs import TASK, UPLOADER
from recording_emulator.vendors.agora.recipes import (
    Playlist,
)

PROGRESS_MS: Final = 60_000
"""``uploading_progress`` comes every minute (DS event 33)."""
TRANSFER_MS: Final = 1_200_000
"""From the backup cloud to the client's own storage: normally within 20 minutes (DS)."""
MEDIUM: Final = 3
"""``errorLevel`` of what a task survives (DS event 1; that it is this one is assumed)."""
UPLOAD_FAILED: Final = 47
TO_OWN: Final = 31
TO_BACKUP: Final = 32
"""``warnCode``: uploaded again to the client's own storage, or to the backup cloud (DS event 2)."""
MAX_FAILURES: Final = 2
WHOLE: Final = 10_000
"""Progress is uploaded / recorded in parts of 10,000 (DS event 33)."""


def on_prepare(box: Uploader, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(box, prepared=given), _credentials_end(given.sts_life_ms))


def _credentials_end(life_ms: int | None) -> tuple[Effect, ...]:
    """Watch over temporary credentials, from the moment they were shown."""
    if life_ms is None:
        return ()
    return (Arm("credentials", life_ms, inputs.CredentialsEnd(), Tempo.LONG),)


def on_power(box: Uploader, _given: inputs.PowerOn, _view: View) -> Step:
    effects: list[Effect] = [announce(box, "30", {"status": 0})]
    if box.is_diverted:  # the credentials were over before anything could be stored
        told = inputs.Failed("storage deny")
        effects.append(Tell(Target(TASK, box.key), told))
    return Step(replace(box, state=State.UP), tuple(effects))


def on_credentials_end(box: Uploader, _given: inputs.CredentialsEnd, _view: View) -> Step:
    """Send everything to the backup cloud from now on (order and level assumed, sheet §8)."""
    diverted = replace(box, is_diverted=True)
    if box.state is State.OFF:
        return Step(diverted)
    details: dict[str, object] = {
        "module": storing.MODULE,
        "errorLevel": MEDIUM,
        "errorCode": UPLOAD_FAILED,
        "stat": 0,
        "errorMsg": "upload failed",
    }
    return Step(diverted, (announce(box, "1", details), _warned(box, TO_BACKUP)))


def on_credentials(box: Uploader, given: inputs.Credentials, _view: View) -> Step:
    """Go on with other credentials, which ``update`` brought."""
    watch = (Cancel("credentials"), *_credentials_end(given.life_ms))
    if box.prepared is not None:
        box = replace(box, prepared=replace(box.prepared, place=given.place))
    if not box.is_diverted or box.state is State.OFF:
        return Step(replace(box, is_diverted=False), watch)
    return Step(replace(box, is_diverted=False), (*watch, _warned(box, TO_OWN)))


def _warned(box: Uploader, code: int) -> Emit:
    return announce(box, "2", {"module": storing.MODULE, "warnCode": code})


def on_moved(box: Uploader, given: inputs.Moved, _view: View) -> Step:
    """Begin a new era: what another recorder records goes into files of its own."""
    return Step(replace(box, prepared=given.prepared, era=box.era + 1))


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
        effects += _snapping(track, 0, view)
    elif not before.segments and len(after.media) == 1:
        effects += _ticking(after, view)
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
    announced = _first(after, track)
    quiet.append(Cancel(timer("first_slice", track)))
    return Step(announced.task, (*puts(after, track), *quiet, *announced.effects))


def on_first_slice(box: Uploader, given: inputs.FirstSlice, _view: View) -> Step:
    return _first(box, box.find(given.uid, given.kind))


def _first(box: Uploader, track: Track) -> Step:
    """Store a track's first file; where storage is real it is announced once it is there."""
    name = f"{storing.FIRST} {track.uid} {track.kind}"
    sent = storing.upload(box, name, tuple(puts(box, track)))
    return _announce_first(box, track) if sent is None else Step(box, (sent,))


def on_upload_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    """Go on with what has been uploaded, or do what follows where it could not be."""
    name, _, which = given.name.partition(" ")
    if name == storing.FIRST:
        return _first_ended(box, which, given)
    if box.state is not State.FLUSHING:
        return _home_ended(box, given, view)
    if given.is_stored:
        return _over(box) if name == storing.PICTURES_ONLY else _flushed(box, view)
    if given.outcome in storing.FOR_GOOD:
        lost = _over(box, is_lost=True)
        return replace(lost, effects=(storing.wrong_storage(box), *lost.effects))
    return on_flush_failed(box, inputs.FlushFailed(), view)


def _first_ended(box: Uploader, which: str, given: UploadEnded) -> Step:
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
    return replace(step, effects=(_warned(box, TO_BACKUP), *step.effects))


def _home_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    if given.is_stored:
        return Step(replace(box, state=State.DONE), (*_home(box, view), Retire()))
    tried = replace(box, failures=box.failures + 1)
    if tried.failures >= MAX_FAILURES + storing.MAX_TRANSFERS:
        return Step(replace(tried, state=State.DONE), (Retire(),))
    return Step(tried, (Arm("transfer", TRANSFER_MS, inputs.Transferred(), Tempo.LONG),))


def _over(box: Uploader, *, is_lost: bool = False) -> Step:
    """End with nothing to announce but, where it is lost, why."""
    told = Tell(Target(TASK, box.key), inputs.Uploaded(is_lost=is_lost))
    return Step(replace(box, state=State.DONE), (told, Retire()))


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
        return [Cancel(timer("snapshot", track))]
    given = inputs.Snap(track.uid)
    return [Arm(timer("snapshot", track), wait_ms, given, Tempo.PERIODIC)]


def on_snap(box: Uploader, given: inputs.Snap, view: View) -> Step:
    told, track = task_plan(box), box.find(given.uid, PICTURES)
    stem = told.layout.of(given.uid, PICTURES, track.era).stem
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
    quiet = (Cancel("progress"), Cancel("credentials"))
    if box.is_denied:
        lost = _over(box, is_lost=True)
        return replace(lost, effects=(*quiet, *lost.effects))
    if not box.media:
        pictures = tuple(put for each in box.tracks for put in puts(box, each))
        sent = storing.upload(box, storing.PICTURES_ONLY, pictures) if pictures else None
        if sent is not None:
            return Step(replace(box, state=State.FLUSHING), (*quiet, sent))
        told = Tell(Target(TASK, box.key), inputs.Uploaded())
        return Step(replace(box, state=State.DONE), (*quiet, told, Retire()))
    return _upload(replace(box, state=State.FLUSHING), view, quiet)


def _upload(box: Uploader, view: View, before: tuple[Effect, ...] = ()) -> Step:
    """Upload what is left, to its own storage or to the backup cloud.

    Source:
        Sheet §6.3: warnCode 31 is a second try, 32 the backup cloud; how many failures lead there
        is assumed.
    """
    wait_ms: int = view.settings.upload_ms
    given: Input = inputs.FlushDone()
    fault = None if box.is_diverted else view.fault(faults.UPLOAD, task_plan(box).cname)
    if fault is not None and fault.effect == "fail":
        given = inputs.FlushFailed()
    elif fault is not None and fault.effect == "slow":
        wait_ms += fault.by_ms
    elif fault is not None:
        box, before = replace(box, is_diverted=True), (*before, _warned(box, TO_BACKUP))
    return Step(box, (*before, Arm("upload", wait_ms, given, Tempo.SHORT)))


def on_flush_failed(box: Uploader, _given: inputs.FlushFailed, view: View) -> Step:
    failed = replace(box, failures=box.failures + 1)
    if failed.failures == MAX_FAILURES:
        return _upload(replace(failed, is_diverted=True), view, (_warned(box, TO_BACKUP),))
    return _upload(failed, view, (_warned(box, TO_OWN),))


def on_flush_done(box: Uploader, _given: inputs.FlushDone, view: View) -> Step:
    pictures = tuple(put for each in box.tracks if not each.is_media for put in puts(box, each))
    sent = storing.upload(box, storing.FLUSH, (*everything(box), *pictures))
    return _flushed(box, view) if sent is None else Step(box, (sent,))


def _flushed(box: Uploader, view: View) -> Step:
    told: dict[str, object] = {"status": 0}
    if task_plan(box).page is None:  # a page's files are told by event 71
        layout = task_plan(box).layout
        told["fileList"] = listed(layout, box.tracks, view.now_ms, has_ended=True)
    done = (
        announce(box, "33", {"progress": WHOLE}),
        announce(box, "32" if box.is_diverted else "31", told),
        Tell(Target(TASK, box.key), inputs.Uploaded(box.is_diverted)),
    )
    if box.is_diverted:
        transfer = Arm("transfer", TRANSFER_MS, inputs.Transferred(), Tempo.LONG)
        return Step(replace(box, state=State.BACKED_UP), (*done, transfer))
    return Step(replace(box, state=State.DONE), (*everything(box), *done, Retire()))


def on_transferred(box: Uploader, _given: inputs.Transferred, view: View) -> Step:
    """Bring what went to the backup cloud home, with indexes of a name of their own.

    Source:
        ``_<tick>_<index>`` before the ending: sheet §5.4. That the tick is Unix milliseconds, that
        the index counts up from 0 over a task, and how long it takes is assumed.
    """
    home = _home(box, view)
    sent = storing.upload(replace(box, is_diverted=False), storing.HOME, home)
    if sent is not None:
        return Step(box, (sent,))
    return Step(replace(box, state=State.DONE), (*home, Retire()))


def _home(box: Uploader, view: View) -> tuple[Put, ...]:
    told, indexes = task_plan(box), list[Put]()
    for number, track in enumerate(box.media):
        layout = told.layout.of(track.uid, track.kind, track.era)
        key = f"{layout.stem}_{view.now_ms}_{number}.m3u8"
        index = Playlist(layout, track.segments, has_ended=True)
        indexes.append(Put(told.bucket, key, index, told.cname))
    rest = [put for put in everything(box) if not isinstance(put.recipe, Playlist)]
    return (*rest, *indexes)


TABLE: Final[Table] = {
    State.OFF: {
        inputs.Prepare: do(on_prepare, State.OFF),
        inputs.PowerOn: do(on_power, State.UP),
        inputs.Flush: do(on_flush, State.DONE),
        inputs.Credentials: do(on_credentials, State.OFF),
        inputs.CredentialsEnd: do(on_credentials_end, State.OFF),
        SettingsChanged: do(on_settings, State.OFF),
    },
    State.UP: {
        inputs.Opened: do(on_opened, State.UP),
        inputs.Closed: do(on_closed, State.UP),
        inputs.FirstSlice: do(on_first_slice, State.UP),
        inputs.Progress: do(on_progress, State.UP),
        inputs.Snap: do(on_snap, State.UP),
        inputs.Flush: do(on_flush, State.FLUSHING, State.DONE),
        inputs.Moved: do(on_moved, State.UP),
        inputs.Credentials: do(on_credentials, State.UP),
        inputs.CredentialsEnd: do(on_credentials_end, State.UP),
        UploadEnded: do(on_upload_ended, State.UP),
        SettingsChanged: do(on_settings, State.UP),
    },
    State.FLUSHING: {
        inputs.FlushFailed: do(on_flush_failed, State.FLUSHING),
        inputs.FlushDone: do(on_flush_done, State.FLUSHING, State.BACKED_UP, State.DONE),
        UploadEnded: do(on_upload_ended, State.FLUSHING, State.BACKED_UP, State.DONE),
    },
    State.BACKED_UP: {
        inputs.Transferred: do(on_transferred, State.BACKED_UP, State.DONE),
        UploadEnded: do(on_upload_ended, State.BACKED_UP, State.DONE),
    },
    State.DONE: {UploadEnded: Ignore("what was left has been taken to storage since")},
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
