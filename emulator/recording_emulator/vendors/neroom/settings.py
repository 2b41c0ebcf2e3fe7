"""What a tenant may set about NERoom: what its documents leave open, and what they fix.

Source:
    Sheet §9.1; every default that no document gives is assumed.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

Ms = Annotated[int, Meta(ge=0, le=31_536_000_000)]
Some = Annotated[int, Meta(ge=1_000, le=31_536_000_000)]

DEMO_MS: Final = 1_800_000
"""A room of an AppKey on trial lives for 30 minutes (sheet §5; documented)."""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A room template of the console: how many may have each role it defines (-1: any number)."""

    id: int
    roles: dict[str, Annotated[int, Meta(ge=-1)]] = {}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        record_roles: Who may start and stop, in rooms made from then on; ``*`` is everybody
            (assumed: the template decides; the meeting app lets host and cohost).
        manage_roles: Who may mute, rename and kick others, change roles, lock and end (assumed).
        templates: The templates there are; with none, any id and any role will do (assumed).
        server_record_rule: Whose media are recorded: everybody's, as a rule of the console has it,
            or those of clients that say so themselves (``setParameters``) (assumed).
        set_parameters_after_join: What ``setParameters`` does in a room: nothing, be answered -1,
            or count from then on (assumed).
        login_checks_token: Whether ``login`` judges its token again, after the connection's.
        start_without_media: Whether a start while nobody publishes is accepted, and then ends by
            itself (assumed), or is answered 1001.
        second_start: What a start while recording is answered: 409 (assumed), or success.
        stop_when_idle: What a stop without a recording is answered: 800 (assumed), or success.
        count_screen_share: Whether a shared screen alone keeps a recording going (assumed: not).
        callback_first: Whether a start's promise resolves before its events come (assumed).
        idle_grace_ms: How long nobody may publish before a recording ends (assumed).
        reconnect_timeout_ms: How long a lost connection counts as there (assumed).
        slice_ms: A file is closed after so long (2 h, NERTC).
        slice_files_early: Whether a closed file is uploaded at once, or all with the end (assumed).
        upload_ms: From the end of a file to its place in the video store (assumed).
        transcode_ms: From there until its formats are made (assumed).
        file_ttl_ms: How long a file is on the list and can be read; 0 is for ever (assumed).
        is_demo: Whether the AppKey is on trial, where a room lives for 30 minutes.
        online_max: How many people may be in all rooms of the app (500).
        room_max_ms: How long a room lives (24 h, REST; a client guide says 16 h for some). A change
            renews the rooms there are.
        room_unjoined_ms: How long a room lives that nobody joins (24 h).
        room_empty_ms: How long a room lives that everybody has left (assumed).
        cc_signature: How copies are signed: as NERoom does, or as the education line.
        cc_require_body: What a receiver must answer besides 200: nothing, or one of two bodies.
        cc_vid_as_string: Whether ``vid`` is a text in copies (assumed: a number).
        list_vod_detail: Whether the list says of a file what the guide promises (``vodInfo``).
        replay_on_reconnect: Whether a client that comes back gets the events it has missed.
        lenient_curtime: Whether a server's ``CurTime`` may be in milliseconds, as the education
            line has it (assumed).
        curtime_skew_s: By how much it may be off (5 min).
        record_state_path: Which number in the path of a call over HTTP starts recording; the
            other one stops it (assumed: 1 starts, though the SDK's own 0 is "on").
        rtc_copies: Whether this customer subscribes to copies of RTC itself (NERTC), too.
        nertc_qps: Calls a second of NERTC's server API; None follows the clock mode and the vendor.
    """

    record_roles: tuple[str, ...] = ("*",)
    manage_roles: tuple[str, ...] = ("*",)
    templates: tuple[Template, ...] = ()
    server_record_rule: Literal["all", "client_keys"] = "all"
    set_parameters_after_join: Literal["ignore", "fail", "apply"] = "ignore"
    login_checks_token: bool = False
    start_without_media: Literal["accept_then_autostop", "reject"] = "accept_then_autostop"
    second_start: Literal["conflict", "idempotent"] = "conflict"
    stop_when_idle: Literal["error800", "idempotent"] = "error800"
    count_screen_share: bool = False
    callback_first: bool = True
    idle_grace_ms: Ms = 0
    reconnect_timeout_ms: Ms = 30_000
    slice_ms: Some = 7_200_000
    slice_files_early: bool = True
    upload_ms: Ms = 60_000
    transcode_ms: Ms = 200_000
    file_ttl_ms: Ms = 0
    is_demo: bool = False
    online_max: Annotated[int, Meta(ge=1, le=1_000_000)] = 500
    room_max_ms: Some = 86_400_000
    room_unjoined_ms: Some = 86_400_000
    room_empty_ms: Ms = 60_000
    cc_signature: Literal["neroom", "edu"] = "neroom"
    cc_require_body: Literal["", "errCode0", "code200"] = ""
    cc_vid_as_string: bool = False
    list_vod_detail: bool = True
    replay_on_reconnect: bool = False
    lenient_curtime: bool = True
    curtime_skew_s: Annotated[int, Meta(ge=1, le=86_400)] = 300
    record_state_path: Literal["1start", "0start"] = "1start"
    rtc_copies: bool = False
    nertc_qps: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None

    @property
    def life_ms(self) -> int:
        """How long a room lives that is not permanent."""
        return min(self.room_max_ms, DEMO_MS) if self.is_demo else self.room_max_ms
