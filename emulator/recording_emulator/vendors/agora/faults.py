"""Where faults bite at Agora besides calls and callbacks, and what they can do there.

Source:
    Sheet §5.6 (faults worth modelling: FAQ, best practices), §6.3 (codes of events 1, 2, 71, 72 and
    73), §6.4 (order). Where a document names only a code, what leads to it is assumed.
"""

from typing import Final

from recording_emulator.core.faults import Effect, Point

SERVICE: Final = "service"
RECORDER: Final = "recorder"
TOKEN: Final = "token"
STORAGE: Final = "storage"
UPLOAD: Final = "upload"
PAGE: Final = "page"
TRANSCODER: Final = "transcoder"

POINTS: Final = (
    Point(
        SERVICE,
        "a task's components have been asked to start",
        (Effect("time_out", "they do not come up in time: event 1, code 52, and the task ends"),),
    ),
    Point(
        RECORDER,
        "a recorder joins its channel",
        (
            Effect("fail", "it cannot join: event 41 with leaveCode 0, and the task ends"),
            Effect(
                "crash",
                "it dies; calls answer 404 until another takes over (event 12), three times a task",
                (),
                ("after_ms", "for_ms"),
            ),
            Effect("kick", "it is removed from the channel", (), ("after_ms",)),
        ),
    ),
    Point(
        TOKEN,
        "a recorder shows its channel token",
        (
            Effect("reject", "it is wrong: event 1, code 110, and the task ends"),
            Effect("expire", "its time is over: event 1, code 109, and the task ends", (),
                   ("after_ms",)),
        ),
    ),
    Point(
        STORAGE,
        "a task's storage is used for the first time",
        (
            Effect("deny", "wrong keys or bucket: event 1, code 32, and the task ends"),
            Effect("fail", "an upload fails for good: event 1, code 47, and the task ends"),
            Effect("corrupt", "a file cannot be handled: event 1, code 51, and the task ends"),
        ),
    ),
    Point(
        UPLOAD,
        "what is left is uploaded after the end",
        (
            Effect("fail", "it fails and is tried again (event 2, code 31); the second failure "
                   "sends it to the backup cloud (event 2, code 32; event 32)"),
            Effect("slow", "it takes so much longer", ("by_ms",)),
            Effect("divert", "it goes to the backup cloud at once (event 2, code 32; event 32)"),
        ),
    ),
    Point(
        PAGE,
        "a page is opened in web mode",
        (
            Effect("hang", "it is not ready within readyTimeout: event 73, then event 71, code 4"),
            Effect("unreachable", "it cannot be opened: event 71, code 5"),
            Effect("engine_fails", "its browser does not start: event 71, code 3"),
            Effect("too_heavy", "it needs too much: event 72, then event 71, code 2", (),
                   ("after_ms",)),
            Effect("silent", "it makes no sound and is loaded again: event 73", (), ("after_ms",)),
            Effect("crash", "its recorder breaks: event 71, code 6", (), ("after_ms",)),
        ),
    ),
    Point(
        TRANSCODER,
        "postponed work begins",
        (
            Effect("lose_input", "the files to work on are gone: event 90, then 1001 failed"),
            Effect("fail", "nothing comes of it: event 81 fail, then 1001 failed"),
            Effect("half", "it works for the first user only: partial_success in 81 and 1001"),
        ),
    ),
)  # fmt: skip
