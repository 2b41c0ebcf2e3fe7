"""Agora's surface catalogue: what is emulated, row by row, with where each row comes from."""

from typing import Final

from recording_emulator.core.surface import Absent, Basis, Limit, Operation, Surface
from recording_emulator.vendors.agora.callbacks import EVENTS
from recording_emulator.vendors.agora.errors import ROWS
from recording_emulator.vendors.agora.faults import POINTS
from recording_emulator.vendors.agora.fields import BODIES, STATES
from recording_emulator.vendors.agora.shapes import SHAPES

_DOC: Final = Basis.DOCUMENTED
_ASSUMED: Final = Basis.ASSUMED
_APP: Final = "/v1/apps/{appid}/cloud_recording"
_TASK: Final = f"{_APP}/resourceid/{{resourceid}}/sid/{{sid}}/mode/{{mode}}"

SURFACE: Final = Surface(
    operations=(
        Operation("acquire", "POST", f"{_APP}/acquire", "DS acquire", _DOC),
        Operation(
            "start", "POST", f"{_APP}/resourceid/{{resourceid}}/mode/{{mode}}/start",
            "DS start", _DOC,
        ),
        Operation("query", "GET", f"{_TASK}/query", "DS query", _DOC),
        Operation("update", "POST", f"{_TASK}/update", "DS update", _DOC),
        Operation("updateLayout", "POST", f"{_TASK}/updateLayout", "DS updateLayout", _DOC),
        Operation("stop", "POST", f"{_TASK}/stop", "DS stop", _DOC),
        Operation("ncsIp", "GET", "/v1/ncs/ip", "DS notification center; also /v2", _DOC),
    ),
    bodies=BODIES,
    states=STATES,
    shapes=SHAPES,
    errors=ROWS,
    events=EVENTS,
    faults=POINTS,
    absent=(
        Absent(
            "the extra keys of old error bodies (`serverResponse.command`, bitmasks)",
            "seen in the field in parts, whole nowhere",
        ),
        Absent("codes 1033 and 16xx", "nothing says what they mean"),
        Absent("lines `#EXT-X-AGORA-ROTATE` of a playlist", "nobody here turns a phone"),
        Absent("`.webm` slices and `.mpd` indexes of VP8", "everybody here sends H.264"),
        Absent(
            "slices cut early (key frames, size changes, 50 MB)",
            "every slice begins with a key frame and has its 15 s",
        ),
        Absent("callbacks to HTTPS only (2026)", "plain HTTP, as until 2023, is what tests have"),
    ),
    limits=(
        Limit("resource_ttl_s", "300", "DS acquire: valid for 5 minutes", _DOC),
        Limit("resourceExpiredHour", "1..720, default 72", "DS acquire", _DOC),
        Limit("maxIdleTime_s", "5..2592000, default 30", "DS start", _DOC),
        Limit("stop_budget_s", "20", "DS stop", _DOC),
        Limit("calls_per_second", "10 per App ID", "DS; CN23 says per account", _DOC),
        Limit("concurrent_tasks", "50", "DS 2026; older pages say 100, 300, 1000", _DOC),
        Limit("callback_answer_s", "10", "DS notification center", _DOC),
        Limit("callback_retries", "3, after 0 s, 2 s, 5 s", "count DS; gaps assumed", _ASSUMED),
        Limit("slice_s", "15", "DS manage-files", _DOC),
        Limit("mp4_h", "2", "DS start; DS manage-files says 3", _DOC),
        Limit("snapshot_interval_s", "1..3600, default 10", "CN23; REC and DS begin at 5", _DOC),
        Limit("maxRecordingHour", "1..720", "DS start", _DOC),
        Limit("readyTimeout_s", "0..60, default 0", "DS start", _DOC),
        Limit("web_mp4_min", "30..240, default 120", "DS start, maxVideoDuration", _DOC),
        Limit("cname_bytes", "64", "CN23, code 1013", _DOC),
        Limit("web_label_bytes", "1024", "DS; CN23 and REC say 128, profile legacy", _DOC),
        Limit("file_prefix_chars", "128 with its slashes", "DS start, fileNamePrefix", _DOC),
        Limit("picture_pixels", "1920 × 1080", "DS start; of a page, too", _DOC),
        Limit("body_bytes", "1048576", "ours, assumed", _ASSUMED),
    ),
)  # fmt: skip
