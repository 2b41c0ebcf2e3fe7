"""How a ZEGO task ends, as asked or abnormally, and what goes wrong with its pictures meanwhile.

Source:
    Sheet §5.1 (that a stop answers at once, and that every end but a stop's is status 4: assumed),
    §6.4 and §6.5 (events 2, 3, 5).
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.machine import (
    Cancel,
    Count,
    Effect,
    Emit,
    Release,
    Retire,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.vendors.zego import faults, inputs
from recording_emulator.vendors.zego.bodies import MixInput
from recording_emulator.vendors.zego.inputs import RECORDER
from recording_emulator.vendors.zego.task import DONE, State, Task

LENGTH: Final = 4
"""``quit_reason`` of a task that lasted for MaxRecordTime (DOC)."""
BACKGROUND, WATERMARK, STREAM_BACKGROUND, VIEW_BACKGROUND = 1, 2, 3, 4
"""``image_type`` of event 3 (DOC)."""


def on_stop(task: Task, _given: inputs.StopRecord, view: View) -> Step:
    return _ended(replace(task, state=State.ENDED), view, task.announce("5"), DONE)


def on_failed(task: Task, given: inputs.Failed, view: View) -> Step:
    return failed(task, given.reason, view)


def on_length_cap(task: Task, _given: inputs.LengthCap, view: View) -> Step:
    return failed(task, LENGTH, view)


def failed(task: Task, reason: int, view: View) -> Step:
    """End a task abnormally."""
    told = task.announce("2", quit_reason=reason)
    return _ended(replace(task, state=State.ABNORMAL), view, told)


def _ended(task: Task, view: View, *effects: Effect) -> Step:
    given_up: tuple[Effect, ...] = ()
    if task.claim and view.settings.client_ids == "live":
        given_up = (Release(task.claim),)
    return Step(
        replace(task, end_ms=view.now_ms),
        (
            Cancel("join"),
            Cancel("length"),
            *effects,
            *given_up,
            Count(task.counter, -1),
            Tell(Target(RECORDER, task.task), inputs.Leave()),
        ),
    )


def on_uploaded(task: Task, _given: inputs.Uploaded, _view: View) -> Step:
    return Step(task, (Retire(task.task, task.claim),))


# --- pictures of the layout -----------------------------------------------------------------------


def fetched(task: Task, view: View) -> list[Emit]:
    """Fetch the pictures of a layout; those that cannot be had are left out and told (event 3)."""
    if not task.is_mixed:
        return []
    mix = task.asked.RecordInputParams.mix
    urls = (
        (BACKGROUND, mix.MixOutputBackgroundImage),
        (WATERMARK, mix.MixOutputWatermarkImage),
        (STREAM_BACKGROUND, mix.DefaultMixStreamBackgroundImage),
    )
    told = [each for kind, url in urls for each in _fetch(task, kind, url, view)]
    views = task.layout.MixInputList if task.layout is not None else mix.MixInputList
    return [*told, *fetched_views(task, views, view)]


def fetched_views(task: Task, views: list[MixInput], view: View) -> list[Emit]:
    found = [_fetch(task, VIEW_BACKGROUND, each.BackgroundImage, view) for each in views]
    return [each for one in found for each in one]


def _fetch(task: Task, kind: int, url: str, view: View) -> list[Emit]:
    if not url or view.fault(faults.IMAGE, task.room) is None:
        return []
    return [task.announce("3", image_type=kind, image_url=url)]
