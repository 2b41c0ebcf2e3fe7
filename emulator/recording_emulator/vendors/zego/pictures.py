"""Pictures: of each stream or of the mix, every so often, or when asked for.

A picture is told of (event 1) once it is in storage. One that the client's storage does not take is
in the backup; where it comes from a series, the next upload takes it along nevertheless.

Source:
    Sheet §5.7 (pictures go up at once; the backup storage; DOC), §7 (one event 1 for each; DOC).
    That a picture in the backup is taken along later is assumed.
"""

from msgspec.structs import replace

from recording_emulator.core.machine import Arm, Cancel, Effect, Put, Step, Upload, View
from recording_emulator.core.media import OneFile, Pictures
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.zego import files, inputs, storing
from recording_emulator.vendors.zego.box import Uploader, label, tell
from recording_emulator.vendors.zego.entries import picture
from recording_emulator.vendors.zego.files import BACKUP_MS, File, Plan


def stored(plan: Plan, every: tuple[File, ...], what: tuple[str, int]) -> Put:
    """Store all pictures of a stream, whose files have names of one kind."""
    same = [each for each in every if each.what == what]
    segments = tuple(segment for each in same for segment in each.segments)
    key = f"{plan.folder}{files.stem(plan, same[0])[:-17]}*.jpg"
    clip, who = files.snapshot(plan, same[0]), files.stream(plan, same[0]).user
    taken = Pictures(segments, plan.every_ms, clip, plan.cast, who)
    return Put(plan.bucket, key, taken, plan.room)


def snapping(plan: Plan, file: File, wait_ms: int, view: View) -> list[Effect]:
    """Run the timer of a file's pictures only to upload, or for those who would hear of them."""
    has_reason = plan.place is not None or plan.url or view.wants("1")
    if not file.is_running or not has_reason:
        return [Cancel(label("snap", file))]
    return [Arm(label("snap", file), wait_ms, inputs.Snap(*file.what), Tempo.PERIODIC)]


def resumed(box: Uploader, view: View) -> tuple[Effect, ...]:
    """Run the timers anew, now that others may want to hear."""
    plan, effects = box.task_plan, list[Effect]()
    for each in box.files if plan.takes_pictures else ():
        if each.is_running:
            rest_ms = plan.every_ms - (view.now_ms - each.segments[-1][0]) % plan.every_ms
            effects += snapping(plan, each, rest_ms, view)
    return tuple(effects)


def on_snap(box: Uploader, given: inputs.Snap, view: View) -> Step:
    plan = box.task_plan
    file = box.open(given.stream, given.kind)
    again = snapping(plan, file, plan.every_ms, view)
    if plan.place is None:
        taken = picture(plan, file, view.now_ms)
        return Step(box, (*again, tell(plan, (taken,))))
    name = f"{storing.SNAP} {view.now_ms} {given.kind} {given.stream}"
    return Step(box, (*again, Upload(name, plan.place, (stored(plan, box.files, file.what),))))


def on_picture(box: Uploader, _given: inputs.Picture, view: View) -> Step:
    """Take one picture of the mix, with or without a file of its own."""
    plan, at_ms = box.task_plan, view.now_ms
    mix = _of_mix(plan, at_ms)
    taken = picture(plan, mix, at_ms)
    put = Put(plan.bucket, taken.key, _kept(plan, mix, at_ms), plan.room)
    if plan.place is None:
        return Step(box, (put, tell(plan, (taken,))))
    return Step(box, (Upload(f"{storing.PICTURE} {at_ms}", plan.place, (put,)),))


def _of_mix(plan: Plan, at_ms: int) -> File:
    return File(files.MIX, plan.mix_id, files.VIDEO, ((at_ms, None),))


def _kept(plan: Plan, file: File, at_ms: int) -> OneFile:
    shot = files.stream(plan, file).shot((at_ms, at_ms + 1))
    return OneFile(files.snapshot(plan, file), at_ms, filmed=shot)


def upload_ended(box: Uploader, name: str, which: str, given: UploadEnded) -> Step:
    """Tell of a picture, wherever it is."""
    plan = box.task_plan
    at, _, what = which.partition(" ")
    kind, _, stream = what.partition(" ")
    if name == storing.PICTURE:
        file = _of_mix(plan, int(at))
    else:
        whose = (stream, int(kind))
        found = [each for each in box.files if each.what == whose and each.begin_ms <= int(at)]
        if not found:
            return Step(box)
        file = found[-1]
    taken = picture(plan, file, int(at))
    media = _kept(plan, file, int(at))
    puts = [Put(plan.bucket, taken.key, media, plan.room)] if name == storing.PICTURE else []
    if not given.is_stored:
        taken = replace(taken, status=files.BACKED_UP, bucket=files.BACKUP)
        kept = replace(media, until_ms=int(at) + BACKUP_MS)
        puts = [Put(files.BACKUP, taken.key, kept, plan.room)]
    return Step(box, (*puts, tell(plan, (taken,))))
