"""Real storage: where a task's files are uploaded to, and what an upload that fails leads to.

Rules: storage is used for the first time with the first file, then every minute and for every
picture, and at the end; keys or a bucket that are wrong end the task (event 1, code 32), be it with
the first file or later, and nothing goes to the backup cloud. Storage that does not answer is tried
again (event 2, code 31) and then given up for the backup cloud (event 2, code 32), at once for a
first file; after the end, what is there is taken home every 20 minutes, three times.

Source:
    Sheet §5.6 (wrong keys; no backup for them since 2019-10: FAQ), §6.3 (codes), §6.4 (order). How
    often what is in the backup cloud is taken home is assumed, as is the path style, and that
    what cannot be stored in the middle ends a task as it does in the beginning.
"""

from typing import Final

from recording_emulator.core.machine import Arm, Effect, Emit, Put, Upload, View
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import Endpoints, Outcome, Place, endpoint_of, named_endpoint
from recording_emulator.vendors.agora import inputs
from recording_emulator.vendors.agora.bodies import Storage
from recording_emulator.vendors.agora.box import Uploader
from recording_emulator.vendors.agora.components import announce, task_plan

S3_COMPATIBLE: Final = 11
REGION: Final = "us-east-1"
"""The region that requests are signed for; S3-compatible servers take it as theirs (assumed)."""
FIRST: Final = "first"
LIVE: Final = "live"
PICTURE: Final = "picture"
FLUSH: Final = "flush"
PICTURES_ONLY: Final = "pictures"
HOME: Final = "home"
MODULE: Final = 1
"""``module`` of the uploader in events 1 and 2 (DS)."""
FATAL: Final = 5
CONFIG_WRONG: Final = 32
MAX_TRANSFERS: Final = 3
FOR_GOOD: Final = (Outcome.DENIED, Outcome.NO_BUCKET)
"""What no second try changes."""


def place(storage: Storage, endpoints: Endpoints) -> Place | None:
    """Say where uploads really go; None: nowhere."""
    is_named = storage.vendor == S3_COMPATIBLE
    url = endpoint_of(endpoints, storage.vendor, storage.region)
    if is_named and not url:
        url = named_endpoint(storage.extensionParams.endpoint)
    elif url:
        is_named = False
    if not url:
        return None
    return Place(
        url,
        storage.bucket,
        REGION,
        storage.accessKey,
        storage.secretKey,
        storage.stsToken,
        is_named=is_named,
    )


def upload(box: Uploader, name: str, found: tuple[Put, ...]) -> Upload | None:
    """Ask for an upload to the client's own storage, if there is one to reach."""
    where = task_plan(box).place
    if where is None or box.is_diverted:
        return None
    once = {(each.bucket, each.key): each for each in found}
    return Upload(name, where, tuple(once.values()))


def watching(box: Uploader, view: View) -> tuple[Effect, ...]:
    """Run the timer of uploads where there is storage to reach."""
    if task_plan(box).place is None:
        return ()
    every_ms: int = view.settings.upload_every_ms
    return (Arm("live", every_ms, inputs.UploadDue(), Tempo.PERIODIC),)


def wrong_storage(box: Uploader) -> Emit:
    """Announce that the storage cannot be used, where the task is over already."""
    details: dict[str, object] = {
        "module": MODULE,
        "errorLevel": FATAL,
        "errorCode": CONFIG_WRONG,
        "stat": 0,
        "errorMsg": "invalid storage config",
    }
    return announce(box, "1", details)
