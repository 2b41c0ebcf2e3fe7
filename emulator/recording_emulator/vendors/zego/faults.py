"""Where faults bite at ZEGO besides calls and callbacks, and what they can do there.

Source:
    Sheet §5.7 and §5.9 (backup storage, a server that dies: FAQ), §6.4 (quit reasons, event 3), §8
    (what people want to rehearse). The names of the effects are ours.
"""

from typing import Final

from recording_emulator.core.faults import Effect, Point

RECORDER: Final = "recorder"
RECORDING: Final = "recording"
UPLOAD: Final = "upload"
IMAGE: Final = "image"

BEGINNINGS: Final = {
    "fail": (1, "it does not start"),
    "login_fails": (2, "it cannot log in to the room"),
    "engine_fails": (5, "its engine does not start"),
}
"""What keeps a task from beginning: ``quit_reason`` and words (DOC end-callback)."""
ENDINGS: Final = {
    "network_lost": (6, "the network is lost"),
    "unknown": (1001, "an unknown error"),
    "open_fails": (1003, "a file cannot be opened"),
    "disk_full": (1004, "there is no disk space"),
    "setup_fails": (1005, "the engine cannot be set up"),
    "header_fails": (1006, "the header of a file cannot be written"),
    "bad_descriptor": (1007, "EBADF"),
    "io_fails": (1008, "EIO"),
    "channel_breaks": (1009, "an internal channel breaks"),
    "format_refused": (1010, "the format is not supported"),
    "illegal_state": (1011, "an illegal state"),
}
"""What ends a task that was recording (DOC end-callback)."""
REASONS: Final = {name: code for name, (code, _) in {**BEGINNINGS, **ENDINGS}.items()}


def _quit(name: str, code: int, words: str, *takes: str) -> Effect:
    return Effect(name, f"{words}: the task ends, event 2 with quit_reason {code}", (), takes)


POINTS: Final = (
    Point(
        RECORDER,
        "a recorder enters its room",
        (
            *(_quit(name, code, words) for name, (code, words) in BEGINNINGS.items()),
            Effect(
                "crash",
                "it dies; another takes over within two minutes, with new files",
                (),
                ("after_ms", "for_ms"),
            ),
        ),
    ),
    Point(
        RECORDING,
        "a task is recording",
        tuple(_quit(name, code, words, "after_ms") for name, (code, words) in ENDINGS.items()),
    ),
    Point(
        IMAGE,
        "a picture of the layout is fetched",
        (Effect("fail", "it cannot be had: it is left out, and event 3 says so"),),
    ),
    Point(
        UPLOAD,
        "a file is uploaded after the end",
        (
            Effect("divert", "it goes to the vendor's backup storage: file status 4", (),
                   ("by_ms",)),
            Effect("fail", "it is lost: file status 5", (), ("by_ms",)),
            Effect("slow", "it takes so much longer", ("by_ms",)),
        ),
    ),
)  # fmt: skip
