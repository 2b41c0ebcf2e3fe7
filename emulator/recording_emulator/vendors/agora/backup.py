"""The backup cloud: what sends an upload there, and how it comes home again.

Source:
    Sheet §6.3 (codes of events 1 and 2), §5.4 (names of what comes home), §8 (temporary
    credentials). How often what is there is taken home is assumed.
"""

from typing import Final

from msgspec.structs import replace

from recording_emulator.core.machine import Arm, Cancel, Effect, Emit, Put, Retire, Step, View
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.agora import inputs, storing
from recording_emulator.vendors.agora.box import State, Uploader, everything, pictures
from recording_emulator.vendors.agora.components import announce, task_plan
from recording_emulator.vendors.agora.recipes import Playlist

TRANSFER_MS: Final = 1_200_000
"""From the backup cloud to the client's own storage: normally within 20 minutes (DS)."""
MEDIUM: Final = 3
"""``errorLevel`` of what a task survives (DS event 1; that it is this one is assumed)."""
UPLOAD_FAILED: Final = 47
TO_OWN: Final = 31
TO_BACKUP: Final = 32
"""``warnCode``: uploaded again to the client's own storage, or to the backup cloud (DS event 2)."""
MAX_FAILURES: Final = 2
"""So many failures one after the other lead to the backup cloud (assumed)."""


def warned(box: Uploader, code: int) -> Emit:
    return announce(box, "2", {"module": storing.MODULE, "warnCode": code})


def failed(box: Uploader) -> tuple[Uploader, Emit]:
    """Count a failure: the first is followed by a second try, the second by the backup cloud.

    Source:
        Sheet §6.3: warnCode 31 is a second try, 32 the backup cloud; how many failures lead there
        is assumed.
    """
    after = replace(box, failures=box.failures + 1)
    if after.failures < MAX_FAILURES:
        return after, warned(after, TO_OWN)
    return replace(after, is_diverted=True), warned(after, TO_BACKUP)


def credentials_end(life_ms: int | None) -> tuple[Effect, ...]:
    """Watch over temporary credentials, from the moment they were shown."""
    if life_ms is None:
        return ()
    return (Arm("credentials", life_ms, inputs.CredentialsEnd(), Tempo.LONG),)


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
    return Step(diverted, (announce(box, "1", details), warned(box, TO_BACKUP)))


def on_credentials(box: Uploader, given: inputs.Credentials, view: View) -> Step:
    """Go on with other credentials, which ``update`` brought."""
    watch = (Cancel("credentials"), *credentials_end(given.life_ms))
    if box.prepared is not None:
        is_new = box.prepared.place is None and box.media
        box = replace(box, prepared=replace(box.prepared, place=given.place), failures=0)
        watch = (*watch, *(storing.watching(box, view) if is_new else ()))
    if not box.is_diverted or box.state is State.OFF:
        return Step(replace(box, is_diverted=False), watch)
    return Step(replace(box, is_diverted=False), (*watch, warned(box, TO_OWN)))


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
    found = (*everything(box), *pictures(box))
    rest = [put for put in found if not isinstance(put.recipe, Playlist)]
    return (*rest, *indexes)


def home_ended(box: Uploader, given: UploadEnded, view: View) -> Step:
    if given.is_stored:
        return Step(replace(box, state=State.DONE), (*_home(box, view), Retire()))
    tried = replace(box, failures=box.failures + 1)
    if tried.failures >= storing.MAX_TRANSFERS:
        return Step(replace(tried, state=State.DONE), (Retire(),))
    return Step(tried, (Arm("transfer", TRANSFER_MS, inputs.Transferred(), Tempo.LONG),))
