"""What query and stop say of a task's files, one variant per mode.

Source:
    Sheet §3.1 and §3.2 (DS and REC samples; CN23 where it says so).
"""

from recording_emulator.core.machine import Target, View
from recording_emulator.vendors.agora.files import Tracks, listed
from recording_emulator.vendors.agora.inputs import UPLOADER
from recording_emulator.vendors.agora.task import STATUS, State, Task


def queried(task: Task, view: View) -> dict[str, object]:
    """Write the ``serverResponse`` of a query."""
    tracks = _tracks(task, view)
    first_ms = min((each.start_ms for each in tracks), default=0)
    body: dict[str, object] = {"status": STATUS[task.state]}
    return {**body, **_files(task, tracks, view), "sliceStartTime": first_ms}


def stopped(task: Task, view: View, status: str) -> dict[str, object]:
    """Write the ``serverResponse`` of a stop; ``status`` is its ``uploadingStatus``."""
    return {**_files(task, _tracks(task, view), view), "uploadingStatus": status}


def _tracks(task: Task, view: View) -> Tracks:
    tracks: Tracks = view.peek(Target(UPLOADER, task.resource)).tracks
    return tracks


def _files(task: Task, tracks: Tracks, view: View) -> dict[str, object]:
    """Say which files there are: one name, a list, or with snapshots nothing (CN23)."""
    layout = task.layout
    assert layout is not None
    if task.has_snapshots:
        return {}
    if not (layout.movies or layout.per_user):
        return {"fileListMode": "string", "fileList": layout.playlist}
    has_ended = task.state in (State.STOPPED, State.EXITED)
    files = listed(layout, tracks, view.now_ms, has_ended)
    return {"fileListMode": "json", "fileList": files}


def named_files(task: Task, view: View) -> str:
    """Name the files in one text, as event 3 has them.

    Source:
        That it is a text: DS; that several names are joined by semicolons is assumed from event 90.
    """
    layout = task.layout
    assert layout is not None
    if not layout.per_user:
        return layout.playlist
    files = listed(layout, _tracks(task, view), view.now_ms, has_ended=False)
    return ";".join(str(each["fileName"]) for each in files)
