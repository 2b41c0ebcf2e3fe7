"""What a tenant may choose about its ZEGO: each documented default, and each guess as a switch."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recording_emulator.core.uploads import Endpoints

Millis = Annotated[int, Meta(ge=0, le=86_400_000)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ZEGO's side of a tenant.

    Attributes:
        service_open: False answers every call with "service not open".
        qps: Calls a second per AppId and Action; None follows the clock mode and the vendor.
        concurrency: Live tasks per AppId before StartRecord is refused.
        max_record_h: How many hours ``MaxRecordTime`` may be: 24, or 48 where support raised it.
        signature_clock: Against which clock ``Timestamp`` is judged.
        lax_types: Accept numbers and booleans that are written as texts.
        unreadable_body: What a body that is no JSON object is: a bad parameter, or unreadable.
        storage_optional: Take a start without StorageParams for one with the console's.
        client_ids: Whether a ClientTaskId finds an ended task too, or live ones only.
        join_ms: From the accepted start to status 2.
        upload_ms: From the end of a task to the end of a file's upload.
        upload_every_ms: How often fragments are uploaded while they are recorded, with
            RealtimeUploadFragment and where storage is real.
        missing_stream_ms: From the start to event 6, if a stream that was asked for is not there.
        idle_while_paused: Whether a paused task stops when its room is idle.
        resign_retries: Whether a retried callback gets a nonce, timestamp and signature of its own.
        storage_endpoints: Where files are really uploaded to, by storage vendor and region
            (``{"1/cn-north-1": "http://127.0.0.1:9000"}``) or by vendor (``{"2": …}``), with the
            client's bucket and keys; nowhere for the others. Vendor 10 names its endpoint itself.
        file_urls: Whether file URLs lead to this server or look like those of the storage.

    Source:
        Sheet §1.6 (qps, concurrency; DOC), §2.1.1 (max_record_h; DOC). All else is assumed: §1.4
        (signature_clock), §1.2 (lax_types), §1.5 (unreadable_body), §10 (storage_optional), §5.4
        (client_ids), §5.1 (join_ms), §5.7 (upload_ms, upload_every_ms), §5.5
        (missing_stream_ms), §5.3 (idle_while_paused), §6.1 (resign_retries), §5.6 (file_urls).
    """

    service_open: bool = True
    qps: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    concurrency: Annotated[int, Meta(ge=0, le=10_000_000)] = 1_000
    max_record_h: Literal[24, 48] = 24
    signature_clock: Literal["wall", "tenant"] = "wall"
    lax_types: bool = False
    unreadable_body: Literal["invalid", "unreadable"] = "invalid"
    storage_optional: bool = False
    client_ids: Literal["retained", "live"] = "retained"
    join_ms: Millis = 1_000
    upload_ms: Millis = 5_000
    upload_every_ms: Annotated[int, Meta(ge=1_000, le=86_400_000)] = 15_000
    missing_stream_ms: Millis = 30_000
    idle_while_paused: bool = True
    resign_retries: bool = False
    storage_endpoints: Endpoints = {}
    file_urls: Literal["local", "vendor"] = "local"
