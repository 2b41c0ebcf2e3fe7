"""What a tenant may set about CloudRoom: what its documents leave open, and its SDKs' defects.

Source:
    Sheet §1 to §4, §6 to §8 and §11. No document fixes a default: all are assumed, but for
    ``record_max_ms`` (error 901: 8 h).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recording_emulator.core.uploads import Endpoints

Ms = Annotated[int, Meta(ge=0, le=31_536_000_000)]
Some = Annotated[int, Meta(ge=1, le=31_536_000_000)]
Count = Annotated[int, Meta(ge=0, le=2**53)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        account: Whether the account may record, and if not, why.
        api_open: Whether the account may use the HTTP API.
        max_mixers: How many mixers may run at once.
        max_members: How many may be in one room.
        max_pixels: What a canvas may have at most.
        max_cells: How many cameras a layout may have; 0 is no limit.
        quota_bytes: How much the net disk holds.
        record_max_ms: After so long a mixer ends with 901 (8 h).
        room_empty_stop_ms: A mixer ends so long after everybody has left its room.
        drop_grace_ms: How long a lost connection counts as there.
        start_delay_ms: From a mixer's state 1 to 2.
        stop_delay_ms: From its state 4 to 0.
        running_info_interval_ms: An output says this often how far it is; 0: only once.
        running_info_extra: Whether it then says its duration and size.
        upload_tick_ms: An upload says this often how far it is.
        upload_bps: Bytes that an upload carries in a second.
        all_done: Who hears that a file can be queried (state 7).
        all_done_ms: From state 5 to 7.
        netdisk_visible_delay_ms: From the end of an upload until the net disk shows the file.
        storage_endpoints: Where files with a ``storageConfig`` are really uploaded to, by vendor
            and region (``{"1/oss-cn-hangzhou": "http://127.0.0.1:9000"}``) or by vendor
            (``{"1": …}``), with the app's bucket and keys; otherwise nowhere.
        finish_for_storage: Whether RECORD_FINISH is sent for files in the app's own storage.
        path_conflict: Whether a file of a path that is taken is kept beside it, or refused.
        layout_strict: Whether an item outside of the canvas is refused with 904.
        fail_before_starting: Whether a mixer without a licence fails without a state 1.
        state0_before_output2: Whether a mixer is at 0 before its files are closed.
        stopping_broadcast: Whether everybody hears of state 4, not only who ended it.
        mixer_owner_only: Whether only its creator may change or end a mixer.
        new_terminal_on_rejoin: Whether who comes back is another terminal, so not the owner.
        leak_storage_secrets: Whether the room hears the keys of ``storageConfig``.
        rspcode_as_int: Whether ``RspCode`` is a number.
        tz_minutes: How far the net disk's times are ahead of UTC.
        web_update_unknown_rejects: Whether the web SDK settles an update of no mixer: with 5.
        web_update_drops_cr_all: The web SDK's defect: an update of single streams loses
            ``_cr_all_`` and ``_cr_allDefCam_``.
        web_update_reject_but_apply: The web SDK's defect: an update that names somebody who is
            not there is rejected with 5 and carried out all the same, without them.
    """

    account: Literal["open", "not_enabled", "expired", "no_balance"] = "open"
    api_open: bool = True
    max_mixers: Count = 10
    max_members: Count = 1_000
    max_pixels: Count = 3840 * 2160
    max_cells: Count = 0
    quota_bytes: Count = 10 * 2**30
    record_max_ms: Some = 28_800_000
    room_empty_stop_ms: Ms = 300_000
    drop_grace_ms: Ms = 0
    start_delay_ms: Ms = 2_000
    stop_delay_ms: Ms = 1_000
    running_info_interval_ms: Ms = 10_000
    running_info_extra: bool = True
    upload_tick_ms: Annotated[int, Meta(ge=10, le=3_600_000)] = 1_000
    upload_bps: Annotated[int, Meta(ge=1, le=2**53)] = 4_000_000
    all_done: Literal["js", "everybody", "nobody"] = "js"
    all_done_ms: Ms = 500
    netdisk_visible_delay_ms: Ms = 0
    storage_endpoints: Endpoints = {}
    finish_for_storage: bool = True
    path_conflict: Literal["keep_both", "refuse"] = "keep_both"
    layout_strict: bool = False
    fail_before_starting: bool = False
    state0_before_output2: bool = False
    stopping_broadcast: bool = False
    mixer_owner_only: bool = False
    new_terminal_on_rejoin: bool = False
    leak_storage_secrets: bool = False
    rspcode_as_int: bool = False
    tz_minutes: Annotated[int, Meta(ge=-720, le=840)] = 480
    web_update_unknown_rejects: bool = False
    web_update_drops_cr_all: bool = False
    web_update_reject_but_apply: bool = False
