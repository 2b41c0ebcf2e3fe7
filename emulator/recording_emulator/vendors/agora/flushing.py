"""The end of the uploads: what is left goes up, is told of, or is lost.

Source:
    Events 31 to 33: sheet §6.3 (DS callback page).
"""

from msgspec.structs import replace

from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Input,
    Retire,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.agora import backup, faults, inputs, storing, tracks
from recording_emulator.vendors.agora.box import State, Uploader, everything, pictures
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.files import listed
from recording_emulator.vendors.agora.inputs import TASK


def on_flush(box: Uploader, _given: inputs.Flush, view: View) -> Step:
    quiet = (Cancel("progress"), Cancel("live"), Cancel("credentials"))
    if box.is_denied:
        lost = over(box, is_lost=True)
        return replace(lost, effects=(*quiet, *lost.effects))
    if not box.media:
        taken = pictures(box)
        sent = storing.upload(box, storing.PICTURES_ONLY, taken) if taken else None
        if sent is not None:
            return Step(replace(box, state=State.FLUSHING), (*quiet, sent))
        told = Tell(Target(TASK, box.key), inputs.Uploaded())
        return Step(replace(box, state=State.DONE), (*quiet, told, Retire()))
    return _again(replace(box, state=State.FLUSHING), view, quiet)


def _again(box: Uploader, view: View, before: tuple[Effect, ...] = ()) -> Step:
    """Upload what is left, to its own storage or to the backup cloud."""
    wait_ms: int = view.settings.upload_ms
    given: Input = inputs.FlushDone()
    fault = None if box.is_diverted else view.fault(faults.UPLOAD, task_plan(box).cname)
    if fault is not None and fault.effect == "fail":
        given = inputs.FlushFailed()
    elif fault is not None and fault.effect == "slow":
        wait_ms += fault.by_ms
    elif fault is not None:
        box, before = (
            replace(box, is_diverted=True),
            (*before, backup.warned(box, backup.TO_BACKUP)),
        )
    return Step(box, (*before, Arm("upload", wait_ms, given, Tempo.SHORT)))


def on_flush_failed(box: Uploader, _given: inputs.FlushFailed, view: View) -> Step:
    after, warning = backup.failed(box)
    return _again(after, view, (warning,))


def on_flush_done(box: Uploader, _given: inputs.FlushDone, view: View) -> Step:
    sent = storing.upload(box, storing.FLUSH, (*everything(box), *pictures(box)))
    return flushed(box, view) if sent is None else Step(box, (sent,))


def flushed(box: Uploader, view: View) -> Step:
    told: dict[str, object] = {"status": 0}
    if task_plan(box).page is None:  # a page's files are told by event 71
        layout = task_plan(box).layout
        told["fileList"] = listed(layout, box.tracks, view.now_ms, has_ended=True)
    done = (
        announce(box, "33", {"progress": tracks.WHOLE}),
        announce(box, "32" if box.is_diverted else "31", told),
        Tell(Target(TASK, box.key), inputs.Uploaded(box.is_diverted)),
    )
    if box.is_diverted:
        transfer = Arm("transfer", backup.TRANSFER_MS, inputs.Transferred(), Tempo.LONG)
        return Step(replace(box, state=State.BACKED_UP, failures=0), (*done, transfer))
    return Step(replace(box, state=State.DONE), (*everything(box), *done, Retire()))


def over(box: Uploader, *, is_lost: bool = False) -> Step:
    """End with nothing to announce but, where it is lost, why."""
    told = Tell(Target(TASK, box.key), inputs.Uploaded(is_lost=is_lost))
    return Step(replace(box, state=State.DONE), (told, Retire()))
