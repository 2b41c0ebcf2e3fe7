"""Where faults bite at netcall besides calls and copies, and what they can do there.

Source:
    Sheet §3 (end reasons of a PC Agent), §5 (a browser's recorder), §7 and §9 (what people want to
    rehearse). The names of the effects are ours.
"""

from typing import Final

from recording_emulator.core.faults import Effect, Point

RECORDING: Final = "recording"
UPLOAD: Final = "upload"
AGENT: Final = "agent"
BROWSER: Final = "browser"
SESSION: Final = "session"
REFUSALS: Final = ("denied", "exists")
BREAKS: Final = {"size_changed": 1, "disk_full": 2, "busy": 3}
"""End reasons of an mp4 (nim_vchat_def.h)."""
POINTS: Final = (
    Point(
        SESSION,
        "a call has been taken and its media flow",
        (
            Effect(
                "lose",
                "the called side's network is gone: TIMEOUT",
                (),
                ("after_ms",),
            ),
            Effect("break", "the call ends for both: status UNKNOWN", (), ("after_ms",)),
        ),
    ),
    Point(
        RECORDING,
        "the files of a call are finished on the server",
        (
            Effect("lose", "there are none, and nobody is told"),
            Effect("empty", "there are none, and an eventType 6 has an empty list"),
        ),
    ),
    Point(
        UPLOAD,
        "finished files are brought to the video store",
        (
            Effect("fail", "they never arrive, and nobody is told"),
            Effect("slow", "it takes so much longer", ("by_ms",)),
            Effect("corrupt", "the copy's md5 is not that of the file"),
        ),
    ),
    Point(
        AGENT,
        "a PC Agent begins to record",
        (
            Effect("denied", "the file cannot be created: 403"),
            Effect("exists", "there is a file already: 400"),
            Effect("size_changed", "it ends with status 1", (), ("after_ms",)),
            Effect("disk_full", "it ends with status 2", (), ("after_ms",)),
            Effect("busy", "it ends with status 3", (), ("after_ms",)),
            Effect("die", "the agent dies; noticed by its heartbeat", (), ("after_ms",)),
        ),
    ),
    Point(
        BROWSER,
        "a browser begins to record",
        (
            Effect("no_recorder", "it has no MediaRecorder"),
            Effect("no_format", "it supports none of the formats"),
            Effect("no_setup", "its recorder cannot be set up (67007)"),
            Effect("no_data", "its recorder gives no data (67008)"),
            Effect("track_ends", "the recorded source ends by itself", (), ("after_ms",)),
        ),
    ),
)
