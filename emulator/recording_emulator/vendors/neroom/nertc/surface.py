"""NERTC's part of the catalogue: what is emulated of its server API, and how we know."""

from typing import Final

from recording_emulator.core.surface import Absent, Basis, Limit, StateRow
from recording_emulator.vendors.neroom.nertc import channel, copies, errors, paths, task

OPERATIONS: Final = paths.OPERATIONS
ERRORS: Final = errors.ROWS
EVENTS: Final = copies.EVENTS
FAULTS: Final = (task.POINT,)
LIMITS: Final = (
    Limit("nertc_calls_per_second", "50", "NERTC 调用方式", Basis.DOCUMENTED),
    Limit("nertc_tasks_per_channel", "1", "NERTC 创建云端录制任务", Basis.DOCUMENTED),
    Limit("nertc_cname_length", "64", "assumed, as a roomUuid's", Basis.ASSUMED),
    Limit("nertc_nonce_length", "128", "NERTC 调用方式", Basis.DOCUMENTED),
    Limit("nertc_skew_s", "300 both ways", "NERTC 调用方式", Basis.DOCUMENTED),
    Limit("nertc_mixed_videos", "64", "NERTC 录制模式", Basis.DOCUMENTED),
)  # fmt: skip
_SEEN: Final = "sheet §3.1: `stats`; the numbers are assumed"
STATES: Final = (
    *(
        StateRow(channel.NAME, state, str(channel.STATS.get(state, "")), _SEEN, Basis.ASSUMED)
        for state in channel.State
        if state is not channel.State.ABSENT
    ),
    *task.ROWS,
)
ABSENT: Final = (
    Absent("NERTC: kicklist, right/change, streams", "not about recording"),
    Absent("NERTC: live tasks, and their file names", "not about recording"),
    Absent("NERTC: custom media encryption", "what it hides from a recorder is not modelled"),
    Absent("NERTC: `recordConfig.subs`, watermarks, audits", "accepted; they change no file"),
    Absent(
        "NERTC: of a custom layout its `subStreams`, `images` and colours",
        "accepted, not shown: a task records no screens, and pictures of people alone",
    ),
    Absent("NERTC: pictures of another size", "a canvas is scaled to 1280×720, assumed"),
    Absent(
        "NERTC: copies of a room that people were put into by hand",
        "they begin with the first REST call about it",
    ),
)
