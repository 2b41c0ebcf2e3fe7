"""Fragments that are uploaded while they are recorded (``RealtimeUploadFragment``).

The first is told of (event 102) once it is there with its playlist. Where storage is real, what has
been closed since goes up every so often; what storage does not take goes with the next upload, and
nobody is told before the end.

Source:
    Sheet §5.7 (realtime fragments go up during recording; DOC), §6.4 (event 102; its time is
    assumed). How often, and that what fails meanwhile is tried again in silence, is assumed.
"""

from msgspec.structs import replace

from recording_emulator.core.machine import Arm, Cancel, Effect, Emit, Put, Step, Upload, View
from recording_emulator.core.media import NEVER_MS
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.zego import files, inputs, storing
from recording_emulator.vendors.zego.box import State, Uploader, event, label
from recording_emulator.vendors.zego.entries import entry
from recording_emulator.vendors.zego.files import File, Plan
from recording_emulator.vendors.zego.recipes import Fragments, Playlist


def puts(
    plan: Plan, file: File, stored_ms: int, until_ms: int = NEVER_MS, *, has_ended: bool
) -> list[Put]:
    """Store a playlist and its fragments, from ``stored_ms`` on."""
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


def growing(plan: Plan, file: File, *, is_new: bool) -> list[Effect]:
    """Keep what is uploaded while it is recorded, and tell where it is (event 102)."""
    effects: list[Effect] = [*puts(plan, file, file.begin_ms, has_ended=False)]
    if is_new:
        effects.append(_first(file, plan.fragment_ms))
    elif not file.is_open:
        effects.append(Cancel(label("fragment", file)))
    return effects


def _first(file: File, wait_ms: int) -> Arm:
    given = inputs.FirstFragment(*file.what)
    return Arm(label("fragment", file), wait_ms, given, Tempo.LONG)


def watching(plan: Plan, view: View) -> tuple[Effect, ...]:
    """Run the timer of uploads where there is storage to reach."""
    if plan.place is None or not plan.is_realtime:
        return ()
    every_ms: int = view.settings.upload_every_ms
    return (Arm("live", every_ms, inputs.UploadDue(), Tempo.PERIODIC),)


def on_first_fragment(box: Uploader, given: inputs.FirstFragment, view: View) -> Step:
    plan = box.task_plan
    file = box.open(given.stream, given.kind)
    if plan.place is None:
        return Step(box, (_told(plan, file, view),))
    name = f"{storing.FIRST} {given.kind} {given.stream}"
    found = tuple(puts(plan, file, file.begin_ms, has_ended=False))
    return Step(box, (Upload(name, plan.place, found),))


def first_ended(box: Uploader, which: str, given: UploadEnded, view: View) -> Step:
    """Tell of a playlist, or try again where the storage does not take it."""
    kind, _, stream = which.partition(" ")
    what = stream, int(kind)
    file = next((each for each in box.files if each.is_open and each.what == what), None)
    if file is None or box.state is not State.UP:
        return Step(box)
    if given.is_stored:
        return Step(box, (_told(box.task_plan, file, view),))
    return Step(box, (_first(file, view.settings.upload_every_ms),))


def _told(plan: Plan, file: File, view: View) -> Emit:
    told = replace(entry(plan, file, view.now_ms, has_ended=False), status=files.STORED)
    return Emit("102", plan.task, event(plan, (told,)), plan.url)


def on_upload_due(box: Uploader, _given: inputs.UploadDue, view: View) -> Step:
    """Upload what has grown since the last time; one upload of these is out at a time."""
    plan = box.task_plan
    again = watching(plan, view)
    grown = tuple(
        put
        for each in box.files
        if each.is_open or (each.segments[-1][1] or 0) >= box.sent_ms
        for put in puts(plan, each, each.begin_ms, has_ended=False)
    )
    if plan.place is None or not grown or box.sending_ms:
        return Step(box, again)
    sending = replace(box, sending_ms=view.now_ms)
    return Step(sending, (*again, Upload(storing.LIVE, plan.place, grown)))


def live_ended(box: Uploader, given: UploadEnded) -> Step:
    sent_ms = box.sending_ms if given.is_stored else box.sent_ms
    return Step(replace(box, sending_ms=0, sent_ms=sent_ms))
