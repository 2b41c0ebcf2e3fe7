"""Where faults bite at NERoom besides calls, copies and the wire, and what they can do there.

Source:
    Sheet §9.2 (what people want to rehearse), §1.7 (reasons why a room ends), §2.6 (states of a
    video). The names of the effects are ours.
"""

from typing import Final

from recording_emulator.core.faults import Effect, Point
from recording_emulator.families import vod

ROOM: Final = "room"
RECORDING: Final = "recording"
UPLOAD: Final = "upload"

REASONS: Final = {
    "close": "CLOSE_BY_BACKEND",
    "end_of_life": "END_OF_LIFE",
    "end_of_rtc": "END_OF_RTC",
    "unknown": "UNKNOWN",
}
"""``NERoomEndReason`` of a room that a fault ends."""

POINTS: Final = (
    Point(
        ROOM,
        "a room is live",
        tuple(
            Effect(name, f"it ends: onRoomEnded with {reason}", (), ("after_ms",))
            for name, reason in REASONS.items()
        ),
    ),
    Point(
        RECORDING,
        "a recording runs",
        (Effect("stop", "it ends by itself; the event names nobody", (), ("after_ms",)),),
    ),
    Point(
        UPLOAD,
        "the files of one piece are uploaded",
        (
            Effect("fail", "they are lost: no copy, and the list has none of them"),
            Effect("slow", "it takes so much longer", ("by_ms",)),
            Effect("list_late", "the list has them so much later than the copies", ("by_ms",)),
            Effect("empty", "they have no bytes"),
            Effect("extra", "there is a separate sound file beside a mix that has pictures"),
        ),
    ),
    vod.POINT,
)
