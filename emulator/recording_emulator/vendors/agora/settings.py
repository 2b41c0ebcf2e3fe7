"""What a tenant may choose about its Agora: each documented default, and each guess as a switch."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recording_emulator.core.uploads import Endpoints

Millis = Annotated[int, Meta(ge=0, le=86_400_000)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agora's side of a tenant.

    Attributes:
        profile: Which error table: ``modern`` is DS of 2026, ``legacy`` the codes of 2020 to 2023.
        qps: Calls a second per App ID; None follows the clock mode (off unless it is ``real``).
        concurrency: Live tasks per App ID before acquire answers 406.
        recording_enabled: False answers acquire with ``invalid_appid``.
        account: ``suspended`` answers acquire with ``no_active_status``.
        upload_ms: From "all components stopped" to "uploaded".
        upload_every_ms: How often what is recorded is uploaded meanwhile, where storage is real:
            the slices that have been closed, and the index anew.
        max_recording_h: A cap on the length of a recording, in hours; None is the vendor's: none.
        redundant_callbacks: Send every event twice to each target, with one ``noticeId``; either
            is retried, and hit by faults, by itself. The vendor sells this as a second channel.
        callback_needs_json: Whether a subscriber's 200 counts only with a JSON body.
        utc_key: The spelling of the time in events 43 and 44.
        lax_uid: Accept a JSON number where the vendor wants a string.
        cap_uid_group: Record no more users than ``subscribeUidGroup`` says, the first to join.
        postpone_ms: From the end of a session to its postponed transcoding or audio mixing.
        token_ttl_s: How long a channel token is valid, from start on; None is for ever.
        oversized: Whether a mixed picture that is too large is ``refused``, or the start is
            answered 200 and the task ``ends`` soon.
        announce_ha: Announce event 13 when a task is registered for high availability.
        storage_endpoints: Where files are really uploaded to, by storage vendor and region
            (``{"1/0": "http://127.0.0.1:9000"}``) or by vendor (``{"2": …}``), with the client's
            bucket and keys; nowhere for the others. Vendor 11 names its endpoint itself.
        unfilled_app_id: Take a literal ``%s`` in the path for the tenant's App ID (Java client).

    Source:
        Vendor sheet §1.5 (qps, concurrency; DS 2026), §2.1 (lax_uid, assumed), §2.3 (postpone_ms:
        within 24 h; cap_uid_group: DS calls it the peak, that more are left out is assumed), §4.2
        and §4.3 (profile), §5.3 (upload_ms, assumed), §5.5 (upload_every_ms:
        the index is written anew through the recording, DS; how often is assumed), §2.3 (oversized:
        the late end is a documented symptom), §5.6 and §6.4 (token_ttl_s), §6.1
        (redundant_callbacks, callback_needs_json), §6.3 (utc_key, announce_ha), §7
        (unfilled_app_id).
    """

    profile: Literal["modern", "legacy"] = "modern"
    qps: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    concurrency: Annotated[int, Meta(ge=0, le=10_000_000)] = 50
    recording_enabled: bool = True
    account: Literal["active", "suspended"] = "active"
    upload_ms: Millis = 800
    upload_every_ms: Annotated[int, Meta(ge=1_000, le=86_400_000)] = 60_000
    max_recording_h: Annotated[int, Meta(ge=1, le=8_760)] | None = None
    redundant_callbacks: bool = False
    callback_needs_json: bool = True
    utc_key: Literal["UtcMs", "utcMs"] = "UtcMs"
    lax_uid: bool = False
    cap_uid_group: bool = True
    postpone_ms: Annotated[int, Meta(ge=0, le=7 * 86_400_000)] = 3_600_000
    token_ttl_s: Annotated[int, Meta(ge=1, le=31_536_000)] | None = None
    oversized: Literal["refused", "ends"] = "refused"
    announce_ha: bool = False
    storage_endpoints: Endpoints = {}
    unfilled_app_id: bool = False
