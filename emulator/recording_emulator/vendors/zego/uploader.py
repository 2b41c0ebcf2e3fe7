"""The uploader: turns what the recorder hears into files, and takes the files to storage.

Source:
    Sheet §5.7 (uploads begin with the end; pictures and realtime fragments go up at once; DOC),
    §6.4 (events 1, 7, 102; DOC), §6.5 (their order, assumed).
"""

from enum import StrEnum
from typing import Final
from urllib.parse import quote

import msgspec
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
from recording_emulator.core.media import NEVER_MS, OneFile, Pictures
from recording_emulator.core.segments import stretch
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.zego import faults, files, inputs, storing
from recording_emulator.vendors.zego.files import Entry, File, Plan
from recording_emulator.vendors.zego.inputs import TASK, UPLOADER, Event
from recording_emulator.vendors.zego.recipes import (
    Fragments,
    Playlist,
    SoundWave,
)

BACKUP_MS: Final = 3 * 86_400_000
"""The backup storage keeps a file for three days (DOC)."""
NAME_TOO_LONG: Final = 1002
"""``quit_reason`` of a file name that is too long (DOC)."""
ALIBABA_VOD: Final = 5
TENCENT_VOD: Final = 6
WITHOUT_URL: Final = (4, ALIBABA_VOD)
"""Storage vendors whose files are told without a URL (DOC); in the backup too, assumed."""
OUTCOMES: Final = {"divert": files.BACKED_UP, "fail": files.LOST}


class State(StrEnum):
    """How far the uploader is."""

    OFF = "off"
    UP = "up"
    FLUSHING = "flushing"
    DONE = "done"


class Uploader(msgspec.Struct, frozen=True, gc=False, tag="zego.Uploader"):
    """The uploader of one task, and its files; ``heard`` says who was in the mix, from when on."""

    state: State
    key: str
    plan: Plan | None = None
    files: tuple[File, ...] = ()
    heard: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def task_plan(self) -> Plan:
        assert self.plan is not None, self
        return self.plan


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
            effects += [_stored_pictures(plan, each), *_snapping(plan, each, 0, view)]
        elif plan.is_realtime:
            effects += _growing(plan, each, is_new=old is None)
        if plan.skips_silence and plan.split_ms is not None:
            effects += _listening(plan.split_ms, each)
    return Step(after, tuple(effects))


def _label(name: str, file: File) -> str:
    """Name a file's own timer; a stream has one open file of a kind."""
    return f"{name} {file.kind} {file.stream}"


def _listening(split_ms: int, file: File) -> list[Effect]:
    if file.is_running or not file.is_open:
        return [Cancel(_label("split", file))]
    return [Arm(_label("split", file), split_ms, inputs.Split(file.stream), Tempo.LONG)]


def on_split(box: Uploader, given: inputs.Split, view: View) -> Step:
    """End a file whose stream has been silent for long enough."""
    now = tuple(
        each.end(view.now_ms) if each.is_open and each.stream == given.stream else each
        for each in box.files
    )
    return Step(replace(box, files=now))


# --- pictures -------------------------------------------------------------------------------------


def _stored_pictures(plan: Plan, file: File) -> Put:
    key = f"{plan.folder}{files.stem(plan, file)[:-17]}*.jpg"
    who = files.stream(plan, file).user
    taken = Pictures(file.segments, plan.every_ms, files.snapshot(plan, file), plan.stage, who)
    return Put(plan.bucket, key, taken, plan.room)


def _snapping(plan: Plan, file: File, wait_ms: int, view: View) -> list[Effect]:
    """Run the timer of a stream's pictures only for those who would hear of them."""
    if not file.is_running or not (plan.url or view.wants("1")):
        return [Cancel(_label("snap", file))]
    return [Arm(_label("snap", file), wait_ms, inputs.Snap(*file.what), Tempo.PERIODIC)]


def on_snap(box: Uploader, given: inputs.Snap, view: View) -> Step:
    plan = box.task_plan
    file = _open(box, given.stream, given.kind)
    taken = files.picture(plan, file, view.now_ms)
    return Step(box, (*_snapping(plan, file, plan.every_ms, view), _told(plan, (taken,))))


def _open(box: Uploader, stream: str, kind: int) -> File:
    return next(each for each in box.files if each.is_open and each.what == (stream, kind))


def on_settings(box: Uploader, _given: SettingsChanged, view: View) -> Step:
    plan, effects = box.task_plan, list[Effect]()
    for each in box.files if plan.takes_pictures else ():
        if each.is_running:
            rest_ms = plan.every_ms - (view.now_ms - each.segments[-1][0]) % plan.every_ms
            effects += _snapping(plan, each, rest_ms, view)
    return Step(box, tuple(effects))


def on_picture(box: Uploader, _given: inputs.Picture, view: View) -> Step:
    """Take one picture of the mix, with or without a file of its own."""
    plan = box.task_plan
    mix = File(files.MIX, plan.mix_id, files.VIDEO, ((view.now_ms, None),))
    taken = files.picture(plan, mix, view.now_ms)
    shot = files.stream(plan, mix).shot((view.now_ms, view.now_ms + 1))
    media = OneFile(files.snapshot(plan, mix), view.now_ms, filmed=shot)
    put = Put(plan.bucket, taken.key, media, plan.room)
    return Step(box, (put, _told(plan, (taken,))))


# --- fragments ------------------------------------------------------------------------------------


def _growing(plan: Plan, file: File, *, is_new: bool) -> list[Effect]:
    """Keep what is uploaded while it is recorded, and tell where it is (event 102)."""
    effects: list[Effect] = [*_fragments(plan, file, file.begin_ms, NEVER_MS, has_ended=False)]
    label = _label("fragment", file)
    if is_new:
        given = inputs.FirstFragment(*file.what)
        effects.append(Arm(label, plan.fragment_ms, given, Tempo.LONG))
    elif not file.is_open:
        effects.append(Cancel(label))
    return effects


def on_first_fragment(box: Uploader, given: inputs.FirstFragment, view: View) -> Step:
    plan = box.task_plan
    file = _open(box, given.stream, given.kind)
    told = replace(files.entry(plan, file, view.now_ms, has_ended=False), status=files.STORED)
    return Step(box, (Emit("102", plan.task, _event(plan, (told,)), plan.url),))


def _fragments(
    plan: Plan, file: File, stored_ms: int, until_ms: int, *, has_ended: bool
) -> list[Put]:
    base = files.stem(plan, file)
    shown = base if plan.has_short_paths or not plan.folder else f"{plan.folder}{base}"
    bucket = files.BACKUP if file.status == files.BACKED_UP else plan.bucket
    stream, every_ms = files.stream(plan, file), plan.fragment_ms
    index = Playlist(shown, file.segments, every_ms, stored_ms, has_ended, until_ms)
    parts = Fragments(stream, file.segments, every_ms, stored_ms, until_ms)
    return [
        Put(bucket, f"{plan.folder}{base}.m3u8", index, plan.room),
        Put(bucket, f"{plan.folder}{base}_*.ts", parts, plan.room),
    ]


# --- the end --------------------------------------------------------------------------------------


def on_finish(box: Uploader, _given: inputs.Finish, view: View) -> Step:
    plan = box.task_plan
    ended = tuple(each.end(view.now_ms) if each.is_open else each for each in box.files)
    ended = tuple(each for each in ended if each.segments)
    quiet: list[Effect] = [
        Cancel(_label(name, each)) for each in box.files for name in ("split", "snap", "fragment")
    ]
    done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
    if plan.takes_pictures:
        last = [_stored_pictures(plan, each) for each in ended]
        if plan.place is not None and last:
            sent = Upload(storing.PICTURES, plan.place, tuple(last))
            flushing = replace(box, state=State.FLUSHING, files=ended)
            return Step(flushing, (*quiet, *last, sent))
        return Step(replace(box, state=State.DONE, files=ended), (*quiet, *last, *done))
    if not ended:
        nothing = _told(plan, ())
        return Step(replace(box, state=State.DONE, files=()), (*quiet, nothing, *done))
    ended = tuple(_sent(plan, each, view) for each in ended)
    longest_ms = max(each.done_ms for each in ended) - view.now_ms
    puts = [] if plan.place else _all(replace(box, files=ended))
    return Step(
        replace(box, state=State.FLUSHING, files=ended),
        (
            *quiet,
            Emit("7", plan.task, _event(plan), plan.url),
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
    until_ms = file.done_ms + BACKUP_MS if file.status == files.BACKED_UP else NEVER_MS
    told = files.entry(plan, file, file.done_ms, has_ended=True)
    if told.container == "hls":
        is_there = plan.is_realtime and file.status == files.STORED
        stored_ms = file.begin_ms if is_there else file.done_ms
        found = _fragments(plan, file, stored_ms, until_ms, has_ended=True)
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
    """Tell where the files are; what the client's storage does not take goes to the backup."""
    if given.name == storing.PICTURES:
        done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
        return Step(replace(box, state=State.DONE), done)
    if not given.is_stored:
        own = tuple(
            replace(each, status=files.BACKED_UP) if each.status == files.STORED else each
            for each in box.files
        )
        box = replace(box, files=own)
    return _stored(box, _all(box), view)


def _stored(box: Uploader, puts: list[Put], view: View) -> Step:
    plan = box.task_plan
    done = (Tell(Target(TASK, box.key), inputs.Uploaded()), Retire())
    told = _told(plan, entries(box, view))
    return Step(replace(box, state=State.DONE), (*puts, told, *done))


def entries(box: Uploader, view: View) -> tuple[Entry, ...]:
    """Tell the files of a task; pictures are never among them (DOC)."""
    plan = box.task_plan
    if plan.takes_pictures:
        return ()
    has_ended = box.state in (State.FLUSHING, State.DONE)
    told = [files.entry(plan, each, view.now_ms, has_ended=has_ended) for each in box.files]
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


def _event(plan: Plan, told: tuple[Entry, ...] | None = None, **details: object) -> Event:
    return Event(plan.app, plan.task, plan.room, details, told)


def _told(plan: Plan, told: tuple[Entry, ...]) -> Emit:
    """Tell where files are (event 1)."""
    whole = all(each.status == files.STORED for each in told)
    facts = _event(plan, told, upload_status=1 if whole else 2)
    return Emit("1", plan.task, facts, plan.url)


TABLE: Final[Table] = {
    State.OFF: {inputs.Prepare: do(on_prepare, State.UP)},
    State.UP: {
        inputs.Fed: do(on_fed, State.UP),
        inputs.Split: do(on_split, State.UP),
        inputs.Snap: do(on_snap, State.UP),
        inputs.Picture: do(on_picture, State.UP),
        inputs.FirstFragment: do(on_first_fragment, State.UP),
        inputs.Finish: do(on_finish, State.FLUSHING, State.DONE),
        SettingsChanged: do(on_settings, State.UP),
    },
    State.FLUSHING: {
        inputs.Stored: do(on_stored, State.FLUSHING, State.DONE),
        UploadEnded: do(on_upload_ended, State.DONE),
        inputs.Finish: Ignore("the recorder leaves once"),
    },
    State.DONE: {inputs.Finish: Ignore("the recorder leaves once")},
}

MACHINE: Final = Machine(UPLOADER, TABLE, lambda key: Uploader(State.OFF, key))
