"""What a tenant may set about netcall: what its documents leave open, and what was bought.

Source:
    Sheet §0, §1.2 to §1.6, §2.5, §2.6; every default that no document gives is assumed.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Ms = Annotated[int, Meta(ge=0, le=31_536_000_000)]
Some = Annotated[int, Meta(ge=1_000, le=31_536_000_000)]
Minute = Annotated[int, Meta(ge=60_000, le=31_536_000_000)]
Patterns = tuple[Annotated[str, Meta(max_length=256)], ...]


class Peer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is called and has no SDK here: what they do, and after how long.

    ``busy`` sends control command 9 and refuses; ``ignore`` lets it ring.
    """

    does: Literal["accept", "reject", "busy", "ignore"] = "accept"
    after_ms: Ms = 2_000
    hang_up_ms: Ms = 0
    record_audio: bool = False
    record_video: bool = False
    record_type: Literal[0, 1, 2] = 0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        sdk_profile: The build of the SDK where a client does not say (``getInstance``).
        strict_quirks: Whether what the SDK and the copies do against their documents is done, too.
        server_recording: Whether server recording has been bought; if not, flags do nothing.
        mixed_recording: Whether the mixed file has been bought as well.
        mix_aac_for_audio_calls: Whether an audio call is mixed to one ``aac`` (assumed).
        meeting_server_recording: Whether flags count in a meeting (assumed: they do not).
        piece_ms: A file is closed after so long; None: never (nobody says how long).
        duration_copy_ms: From the end of a call to its eventType 5 (assumed).
        files_ms: From there to the single files in the video store, and their copy (assumed).
        mixed_files_ms: The same for the mixed file (assumed).
        transcode_ms: From the video store to the formats made of a file (assumed).
        url_ttl_s: How long the URL of a copy holds, which is signed then and ends with 403; 0: for
            ever, without a signature, as in samples (that it can be otherwise is assumed).
        grouping: Which files share one eventType 6 (assumed; ``cross-call``: see ``gather_ms``).
        gather_ms: With ``cross-call``, how long files of all calls are gathered (assumed).
        report_unanswered: Whether a call that nobody took has an eventType 5 (assumed).
        long_call_copy_ms: How often a running call is reported with ``running``; None: never.
        has_user_type: Whether members have ``userType`` (seen since 2019).
        has_piece_index: Whether files have ``pieceindex`` (since about 2018).
        copy_statuses: What counts as received: 200 (assumed), or any 2xx.
        copy_requires_code_200: Whether the answer must be ``{"code":200}`` as well (assumed: no).
        channel_id_digits: 14 as in samples of 2018, or 19 as in the manual: beyond what a
            JavaScript number holds.
        ring_ms: How long a call rings before its channel is gone (assumed).
        reconnect_timeout_ms: How long a lost connection counts as there (assumed).
        peer_left_ms: How long a PC Agent waits for a peer whose media has gone (1 s, SDK).
        meeting_unjoined_ms: How long a meeting lives that nobody joins (assumed).
        agent: How the PC Agent is on these machines: running, absent, taken by another page, or of
            an older version.
        agent_start_ms: From the answer to a start to ``recordMp4`` (assumed).
        agent_heartbeat_ms: How long the death of an agent goes unnoticed (35 s).
        denied_paths: Patterns of paths that a PC Agent may not write (403).
        existing_paths: Patterns of paths where there is a file already (400).
        auto_peers: Accounts that need no SDK, and what they do when they are called.
        replay_on_reconnect: Whether a client that comes back gets the events it has missed.
    """

    sdk_profile: Literal["netcall-8.5", "webrtc-8.5", "webrtc-6.1"] = "netcall-8.5"
    strict_quirks: bool = True
    server_recording: bool = True
    mixed_recording: bool = False
    mix_aac_for_audio_calls: bool = True
    meeting_server_recording: bool = False
    piece_ms: Minute | None = None
    duration_copy_ms: Ms = 1_000
    files_ms: Ms = 30_000
    mixed_files_ms: Ms = 45_000
    transcode_ms: Ms = 200_000
    url_ttl_s: Annotated[int, Meta(ge=0, le=31_536_000)] = 0
    grouping: Literal["single-then-mix", "all", "per-file", "cross-call"] = "single-then-mix"
    gather_ms: Ms = 60_000
    report_unanswered: bool = True
    long_call_copy_ms: Minute | None = None
    has_user_type: bool = True
    has_piece_index: bool = True
    copy_statuses: Literal["200", "2xx"] = "200"
    copy_requires_code_200: bool = False
    channel_id_digits: Literal[14, 19] = 14
    ring_ms: Some = 60_000
    reconnect_timeout_ms: Ms = 30_000
    peer_left_ms: Ms = 1_000
    meeting_unjoined_ms: Some = 86_400_000
    agent: Literal["running", "absent", "busy", "old"] = "running"
    agent_start_ms: Ms = 50
    agent_heartbeat_ms: Ms = 35_000
    denied_paths: Patterns = ()
    existing_paths: Patterns = ()
    auto_peers: Mapping[str, Peer] = {}
    replay_on_reconnect: bool = True
