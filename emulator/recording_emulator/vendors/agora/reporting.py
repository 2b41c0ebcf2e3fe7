"""What query and stop say of a task's files, one variant per mode.

Source:
    Sheet §3.1 and §3.2 (DS and REC samples; CN23 where it says so).
"""

from typing import Final

from recording_emulator.core.machine import Target, View
from recording_emulator.vendors.agora.files import Tracks, listed, paged
from recording_emulator.vendors.agora.inputs import UPLOADER
from recording_emulator.vendors.agora.task import STATUS, Task
from recording_emulator.vendors.agora.web import CDN_PUSH, WEB_RECORDER

PAGE_STATES: Final = {
    "closed": "init",
    "loading": "init",
    "open": "inProgress",
    "left": "exit",
}
"""``state`` of a page's services by the state of the page (DS query page)."""


def queried(task: Task, view: View) -> dict[str, object]:
    """Write the ``serverResponse`` of a query."""
    tracks = _tracks(task, view)
    body: dict[str, object] = {"status": STATUS[task.state]}
    if task.mode == "web":
        body["extensionServiceState"] = _services(task, tracks, view)
        return body
    body.update(_files(task, tracks, view))
    body["sliceStartTime"] = tracks[0].start_ms if tracks else 0  # they stand as they were opened
    return body


def stopped(task: Task, view: View, status: str) -> dict[str, object]:
    """Write the ``serverResponse`` of a stop; ``status`` is its ``uploadingStatus``."""
    if task.mode == "web":
        return {"extensionServiceState": _ended(task, _tracks(task, view), view, status)}
    return {**_files(task, _tracks(task, view), view), "uploadingStatus": status}


def _tracks(task: Task, view: View) -> Tracks:
    tracks: Tracks = view.peek(Target(UPLOADER, task.resource)).tracks
    return tracks


def _files(task: Task, tracks: Tracks, view: View) -> dict[str, object]:
    """Say which files there are: one name, a list, or with snapshots nothing (CN23)."""
    layout = task.layout
    assert layout is not None
    if not (layout.movies or layout.per_user):
        return {"fileListMode": "string", "fileList": layout.latest(tracks).playlist}
    if task.has_snapshots:
        return {}
    has_ended = task.has_stopped
    files = listed(layout, tracks, view.now_ms, has_ended)
    return {"fileListMode": "json", "fileList": files}


def _services(task: Task, tracks: Tracks, view: View) -> list[dict[str, object]]:
    """Say how the page and its push are (variants 5 and 6)."""
    page = view.peek(task.crew)
    state = PAGE_STATES[page.state]
    found = [_page(task, tracks, view, state)]
    if page.pushes:
        outputs = [{"rtmpUrl": url, "status": status} for url, status in page.pushes]
        found.append(_service(CDN_PUSH, {"state": state, "outputs": outputs}))
    return found


def _ended(task: Task, tracks: Tracks, view: View, status: str) -> list[dict[str, object]]:
    """Say how a page ended; that its push is then "onhold" is how an old sample has it (CN23)."""
    found = [_page(task, tracks, view, "exit")]
    if view.peek(task.crew).pushes:
        found.append(_service(CDN_PUSH, {"state": "onhold"}))
    return [*found, _service("upload_service", {"uploadingStatus": status})]


def _page(task: Task, tracks: Tracks, view: View, state: str) -> dict[str, object]:
    layout, page = task.layout, view.peek(task.crew)
    assert layout is not None
    has_ended = task.has_stopped
    files = paged(layout, tracks, view.now_ms, has_ended)
    payload = {"state": state, "onhold": page.is_held, "fileList": files}
    return _service(WEB_RECORDER, payload)


def _service(name: str, payload: dict[str, object]) -> dict[str, object]:
    return {"serviceName": name, "payload": payload}


def named_files(task: Task, view: View) -> str:
    """Name the files in one text, as event 3 has them.

    Source:
        That it is a text: DS; that several names are joined by semicolons is assumed from event 90.
    """
    layout = task.layout
    assert layout is not None
    tracks = _tracks(task, view)
    if not layout.per_user:
        return layout.latest(tracks).playlist
    files = listed(layout, tracks, view.now_ms, has_ended=False)
    return ";".join(str(each["fileName"]) for each in files)
