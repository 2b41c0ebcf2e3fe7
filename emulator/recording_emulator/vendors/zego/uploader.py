"""The uploader: turns what the recorder hears into files, and takes the files to storage.

Source:
    Sheet §5.7 (uploads begin with the end; pictures and realtime fragments go up at once; DOC),
    §6.4 (events 1, 7, 102; DOC), §6.5 (their order, assumed).
"""

from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from recording_emulator.core import ids
from recording_emulator.core.inputs import SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Emit,
    Ignore,
    Machine,
    Put,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    Upload,
    View,
    do,
)
from recording_emulator.core.media import NEVER_MS, OneFile
from recording_emulator.core.segments import stretch
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import Outcome, UploadEnded
from recording_emulator.vendors.zego import faults, files, fragments, inputs, pictures, storing
from recording_emulator.vendors.zego.box import State, Uploader, event, label, tell
from recording_emulator.vendors.zego.entries import Entry, entry
from recording_emulator.vendors.zego.files import File, Plan
from recording_emulator.vendors.zego.inputs import TASK, UPLOADER
from recording_emulator.vendors.zego.recipes import SoundWave

NAME_TOO_LONG: Final = 1002
"""``quit_reason`` of a file name that is too long (DOC)."""
ALIBABA_VOD: Final = 5
TENCENT_VOD: Final = 6
WITHOUT_URL: Final = (4, ALIBABA_VOD)
"""Storage vendors whose files are told without a URL (DOC); in the backup too, assumed."""
OUTCOMES: Final = {"divert": files.BACKED_UP, "fail": files.LOST}


def on_prepare(box: Uploader, given: inputs.Prepare, _view: View) -> Step:
    return Step(replace(box, state=State.UP, plan=given.plan))


def on_fed(box: Uploader, given: inputs.Fed, view: View) -> Step:
    plan = box.task_plan
    now = files.followed(plan, box.files, given.feeds, view.now_ms, is_broken=given.is_broken)
    heard = box.heard
    if plan.has_waves:
        voices = tuple(
            each.user if plan.waves_by_user else each.stream
            for each in given.feeds.streams
            if each.audio
        )
        heard = (*heard, (view.now_ms, voices))
    return _changed(box, replace(box, files=now, heard=heard), view)


def _changed(before: Uploader, after: Uploader, view: View) -> Step:
    """Store what grows in storage, watch over silence, and take pictures."""
    plan, effects = after.task_plan, list[Effect]()
    was = {(each.what, each.begin_ms): each for each in before.files}
    for each in after.files:
        old = was.get((each.what, each.begin_ms))
        if old == each:
            continue
        if old is None and len(files.name(plan, each).encode()) > files.MAX_NAME_BYTES:
            return Step(before, (Tell(Target(TASK, after.key), inputs.Failed(NAME_TOO_LONG)),))
        if plan.takes_pictures:
            effects.append(pictures.stored(plan, after.files, each.what))
            effects += pictures.snapping(plan, each, 0, view)
        elif plan.is_realtime:
            effects += fragments.growing(plan, each, is_new=old is None)
        if plan.skips_silence and plan.split_ms is not None:
            effects += _listening(plan.split_ms, each)
    if after.files and not before.files:
        effects += fragments.watching(plan, view)
    return Step(after, tuple(effects))


def _listening(split_ms: int, file: File) -> list[Effect]:
    if file.is_running or not file.is_open:
        return [Cancel(label("split", file))]
    return [Arm(label("split", file), split_ms, inputs.Split(file.stream), Tempo.LONG)]


def on_split(box: Uploader, given: inputs.Split, view: View) -> Step:
    """End a file whose stream has been silent for long enough."""
    now = tuple(
        each.end(view.now_ms) if each.is_open and each.stream == given.stream else each
        for each in box.files
    )
    quiet = (Cancel(label("fragment", each)) for each in now if not each.is_open)
    return Step(replace(box, files=now), tuple(quiet))


def on_settings(box: Uploader, _given: SettingsChanged, view: View) -> Step:
    return Step(box, pictures.resumed(box, view))


# --- the end --------------------------------------------------------------------------------------


def on_finish(box: Uploader, _given: inputs.Finish, view: View) -> Step:
    plan = box.task_plan
    ended = tuple(each.end(view.now_ms) if each.is_open else each for each in box.files)
    ended = tuple(each for each in ended if each.segments)
    quiet: list[Effect] = [
        Cancel(label(name, each)) for each in box.files for name in ("split", "snap", "fragment")
    ]
    quiet.append(Cancel("live"))
    done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
    if plan.takes_pictures:
        streams = dict.fromkeys(each.what for each in ended)
        last = [pictures.stored(plan, ended, what) for what in streams]
        if plan.place is not None and last:
            sent = Upload(storing.PICTURES, plan.place, tuple(last))
            flushing = replace(box, state=State.FLUSHING, files=ended)
            return Step(flushing, (*quiet, *last, sent))
        return Step(replace(box, state=State.DONE, files=ended), (*quiet, *last, *done))
    if not ended:
        nothing = tell(plan, ())
        return Step(replace(box, state=State.DONE, files=()), (*quiet, nothing, *done))
    ended = tuple(_sent(plan, each, view) for each in ended)
    longest_ms = max(each.done_ms for each in ended) - view.now_ms
    puts = [] if plan.place else _all(replace(box, files=ended))
    return Step(
        replace(box, state=State.FLUSHING, files=ended),
        (
            *quiet,
            Emit("7", plan.task, event(plan), plan.url),
            *puts,
            Arm("stored", longest_ms, inputs.Stored(), Tempo.SHORT),
        ),
    )


def _sent(plan: Plan, file: File, view: View) -> File:
    """Say when a file's upload ends, and how."""
    fault = view.fault(faults.UPLOAD, plan.room)
    wait_ms: int = view.settings.upload_ms + (0 if fault is None else fault.by_ms)
    status = files.STORED if fault is None else OUTCOMES.get(fault.effect, files.STORED)
    return replace(file, done_ms=view.now_ms + wait_ms, status=status)


def _all(box: Uploader) -> list[Put]:
    return [put for each in box.files for put in _puts(box, each)]


def _puts(box: Uploader, file: File) -> list[Put]:
    plan = box.task_plan
    if file.status == files.LOST:
        return []
    until_ms = file.done_ms + files.BACKUP_MS if file.status == files.BACKED_UP else NEVER_MS
    told = entry(plan, file, file.done_ms, has_ended=True)
    if told.container == "hls":
        is_there = plan.is_realtime and file.status == files.STORED
        stored_ms = file.begin_ms if is_there else file.done_ms
        found = fragments.puts(plan, file, stored_ms, until_ms, has_ended=True)
    else:
        clip = files.clip(plan, file, told.length_ms)
        spans = stretch(file.segments, 0, told.length_ms, file.done_ms)
        shot = files.stream(plan, file).shot(*spans)
        media = OneFile(clip, file.done_ms, until_ms, filmed=shot)
        found = [Put(told.bucket, told.key, media, plan.room)]
    if plan.has_waves and file.kind != files.VIDEO:
        label = "user_id" if plan.waves_by_user else "stream_id"
        wave = SoundWave(label, box.heard, file.segments, file.done_ms, until_ms)
        key = f"{plan.folder}{files.stem(plan, file)}.sw"
        found.append(Put(told.bucket, key, wave, plan.room))
    return found


def on_stored(box: Uploader, _given: inputs.Stored, view: View) -> Step:
    """Let the files be in storage, once it has really taken them where it is real."""
    plan = box.task_plan
    own = [each for each in box.files if each.status == files.STORED]
    if plan.place is None or not own:
        puts = _all(box) if plan.place else []
        return _stored(box, puts, view)
    found = tuple(put for each in own for put in _puts(box, each))
    return Step(box, (Upload(storing.FILES, plan.place, found),))


def on_upload_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    """Go on with what has been uploaded, or do what follows where it could not be."""
    name, _, which = given.name.partition(" ")
    if given.outcome is Outcome.CLOSED:
        box = replace(box, plan=replace(box.task_plan, place=None))
    match name:
        case storing.LIVE:
            return fragments.live_ended(box, given)
        case storing.FIRST:
            return fragments.first_ended(box, which, given, view)
        case storing.SNAP | storing.PICTURE:
            return pictures.upload_ended(box, name, which, given)
        case storing.PICTURES:
            done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
            return Step(replace(box, state=State.DONE), done)
        case _:
            return _files_ended(box, given, view)


def _files_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    """Tell where the files are; what the client's storage does not take goes to the backup."""
    gone: list[Put] = []
    if not given.is_stored:
        gone = _withdrawn(box, view)
        own = tuple(
            replace(each, status=files.BACKED_UP) if each.status == files.STORED else each
            for each in box.files
        )
        box = replace(box, files=own)
    return _stored(box, [*gone, *_all(box)], view)


def _withdrawn(box: Uploader, view: View) -> list[Put]:
    """Let the fragments be in the backup and no more where they were to grow."""
    plan = box.task_plan
    return [
        put
        for each in box.files
        if plan.is_realtime and each.status == files.STORED
        for put in fragments.puts(plan, each, each.begin_ms, view.now_ms, has_ended=True)
    ]


def _stored(box: Uploader, puts: list[Put], view: View) -> Step:
    plan = box.task_plan
    done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
    told = tell(plan, entries(box, view))
    return Step(replace(box, state=State.DONE), (*puts, told, *done))


def entries(box: Uploader, view: View) -> tuple[Entry, ...]:
    """Tell the files of a task; pictures are never among them (DOC)."""
    plan = box.task_plan
    if plan.takes_pictures:
        return ()
    has_ended = box.state in (State.FLUSHING, State.DONE)
    told = [entry(plan, each, view.now_ms, has_ended=has_ended) for each in box.files]
    return tuple(_addressed(plan, _with_video_id(plan, each, view)) for each in told)


def _addressed(plan: Plan, told: Entry) -> Entry:
    """Give a file the address that its storage has for it, if it is not ours to serve."""
    if plan.vendor in WITHOUT_URL:
        return replace(told, has_url=False)
    if told.status != files.STORED or not plan.files_at:
        return told
    return replace(told, url=f"{plan.files_at}{quote(told.key)}")


def _with_video_id(plan: Plan, told: Entry, view: View) -> Entry:
    """Add the id that a video service gives a file once it has it; its form is assumed."""
    if told.status != files.STORED or plan.vendor not in (ALIBABA_VOD, TENCENT_VOD):
        return told
    drawn = view.derive("zego.video", told.name, 16)
    video_id = drawn.hex()
    if plan.vendor == TENCENT_VOD:
        video_id = str(ids.number(drawn, 10**17, 10**18 - 1))
    return replace(told, video_id=video_id)


TABLE: Final[Table] = {
    State.OFF: {inputs.Prepare: do(on_prepare, State.UP)},
    State.UP: {
        inputs.Fed: do(on_fed, State.UP),
        inputs.Split: do(on_split, State.UP),
        inputs.Snap: do(pictures.on_snap, State.UP),
        inputs.Picture: do(pictures.on_picture, State.UP),
        inputs.FirstFragment: do(fragments.on_first_fragment, State.UP),
        inputs.UploadDue: do(fragments.on_upload_due, State.UP),
        inputs.Finish: do(on_finish, State.FLUSHING, State.DONE),
        UploadEnded: do(on_upload_ended, State.UP),
        SettingsChanged: do(on_settings, State.UP),
    },
    State.FLUSHING: {
        inputs.Stored: do(on_stored, State.FLUSHING, State.DONE),
        UploadEnded: do(on_upload_ended, State.FLUSHING, State.DONE),
        inputs.Finish: Ignore("the recorder leaves once"),
    },
    State.DONE: {
        inputs.Finish: Ignore("the recorder leaves once"),
        UploadEnded: Ignore("what was out has been told of, or nobody waits for it"),
    },
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
