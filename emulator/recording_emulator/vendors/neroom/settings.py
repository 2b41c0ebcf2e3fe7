"""What a tenant may set about NERoom: what its documents leave open, and what they fix.

Source:
    Sheet §9.1; every default that no document gives is assumed.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Ms = Annotated[int, Meta(ge=0, le=31_536_000_000)]
Some = Annotated[int, Meta(ge=1_000, le=31_536_000_000)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        record_roles: Who may start and stop; ``*`` is everybody (assumed: the template decides).
        start_without_media: Whether a start while nobody publishes is accepted, and then ends by
            itself (assumed), or is answered 1001.
        second_start: What a start while recording is answered: 409 (assumed), or success.
        stop_when_idle: What a stop without a recording is answered: 800 (assumed), or success.
        idle_grace_ms: How long nobody may publish before a recording ends (assumed).
        reconnect_timeout_ms: How long a lost connection counts as there (assumed).
        slice_ms: A file is closed after so long (2 h, NERTC).
        upload_ms: From the end of a file to its place in the video store (assumed).
        transcode_ms: From there until its formats are made (assumed).
        room_max_ms: How long a room lives (24 h, REST; a client guide says 16 h for some).
        room_unjoined_ms: How long a room lives that nobody joins (24 h).
        room_empty_ms: How long a room lives that everybody has left (assumed).
        cc_signature: How copies are signed: as NERoom does, or as the education line.
        cc_require_body: What a receiver must answer besides 200: nothing, or one of two bodies.
        cc_vid_as_string: Whether ``vid`` is a text in copies (assumed: a number).
        list_vod_detail: Whether the list says of a file what the guide promises (``vodInfo``).
        replay_on_reconnect: Whether a client that comes back gets the events it has missed.
        lenient_curtime: Whether a ``CurTime`` of 13 digits is taken as milliseconds.
        rtc_copies: Whether this customer subscribes to copies of RTC itself (NERTC), too.
        nertc_qps: Calls a second of NERTC's server API; None follows the clock mode and the vendor.
    """

    record_roles: tuple[str, ...] = ("*",)
    start_without_media: Literal["accept_then_autostop", "reject"] = "accept_then_autostop"
    second_start: Literal["conflict", "idempotent"] = "conflict"
    stop_when_idle: Literal["error800", "idempotent"] = "error800"
    idle_grace_ms: Ms = 0
    reconnect_timeout_ms: Ms = 30_000
    slice_ms: Some = 7_200_000
    upload_ms: Ms = 60_000
    transcode_ms: Ms = 200_000
    room_max_ms: Some = 86_400_000
    room_unjoined_ms: Some = 86_400_000
    room_empty_ms: Ms = 60_000
    cc_signature: Literal["neroom", "edu"] = "neroom"
    cc_require_body: Literal["", "errCode0", "code200"] = ""
    cc_vid_as_string: bool = False
    list_vod_detail: bool = True
    replay_on_reconnect: bool = False
    lenient_curtime: bool = True
    rtc_copies: bool = False
    nertc_qps: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
