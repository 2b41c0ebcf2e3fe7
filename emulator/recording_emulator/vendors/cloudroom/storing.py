"""Real storage: where the files of a mixer with a ``storageConfig`` are uploaded to.

Source:
    Sheet §2.4 (vendor 1, Alibaba, is the only one). Bad keys show as output state 6: assumed.
"""

from recording_emulator.core.uploads import Endpoints, Place, endpoint_of
from recording_emulator.vendors.cloudroom.bodies import Cfg

FILE = "file"


def place(cfg: Cfg, endpoints: Endpoints) -> Place | None:
    """Say where uploads really go; None: nowhere."""
    storage = cfg.storageConfig
    if not storage:
        return None
    url = endpoint_of(endpoints, storage.vendor, storage.region)
    if not url:
        return None
    return Place(
        url,
        storage.bucket or "",
        storage.region or "",
        storage.accessKey or "",
        storage.secretKey or "",
    )
