"""Real storage: where a task's files are uploaded to.

Source:
    Sheet §2.1.6 (StorageParams; S3ForcePathStyle: vendor 10; DOC), §5.7 (what the client's storage
    does not take goes to ZEGO's backup storage, file status 4; DOC). A video service (5, 6) is no
    bucket, so nothing is uploaded there.
"""

from typing import Final

from msgspec import UnsetType

from recording_emulator.core.addresses import host_of, is_numeric
from recording_emulator.core.uploads import Endpoints, Place, endpoint_of, named_endpoint
from recording_emulator.vendors.zego.bodies import Storage

S3_COMPATIBLE: Final = 10
VIDEO_SERVICES: Final = (5, 6)
FILES: Final = "files"
PICTURES: Final = "pictures"
FIRST: Final = "first"
LIVE: Final = "live"
SNAP: Final = "snap"
PICTURE: Final = "picture"


def place(storage: Storage | UnsetType, endpoints: Endpoints) -> Place | None:
    """Say where uploads really go; None: nowhere."""
    if isinstance(storage, UnsetType) or storage.Vendor in VIDEO_SERVICES:
        return None
    url = endpoint_of(endpoints, storage.Vendor, storage.Region)
    is_named = not url and storage.Vendor == S3_COMPATIBLE
    if is_named:
        url = named_endpoint(storage.EndPoint)
    if not url:
        return None
    is_path_style = not is_named or storage.S3ForcePathStyle or is_numeric(host_of(url))
    return Place(
        url,
        storage.Bucket,
        storage.Region,
        storage.AccessKeyId,
        storage.AccessKeySecret,
        is_path_style=is_path_style,
        is_named=is_named,
    )
