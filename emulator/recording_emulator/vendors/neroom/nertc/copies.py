"""Message copies of RTC itself: numbers for names, a flat body, and ``type: G2`` among the headers.

Only customers who subscribe at this level get them (setting ``rtc_copies``), so they are no part of
what a NERoom app receives by default.

Source:
    Sheet §4.2: 房间管理事件抄送, RtcNotifyEnum of the demo server. The keys of event 3 are from an
    integrator's schema; those of the others are assumed. All numbers of the sample that a 64-bit
    id can be are texts.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Emit, View
from recording_emulator.core.outbox import CallbackTarget, Delivery
from recording_emulator.core.surface import Basis, EventRow
from recording_emulator.families import netease
from recording_emulator.vendors.neroom import files
from recording_emulator.vendors.neroom.inputs import File
from recording_emulator.vendors.neroom.nertc.inputs import RtcCopied

HEADERS: Final = (("Content-Type", "application/json;charset=UTF-8"), ("type", "G2"))
OPENED: Final = "1"
CLOSED: Final = "2"
FILE: Final = "3"
IN: Final = "4"
OUT: Final = "5"
DURATION: Final = "8"
VIDEO: Final = {True: "11", False: "12"}
AUDIO: Final = {True: "13", False: "14"}
_PAGE: Final = "房间管理事件抄送"


def _row(event: str, name: str, when: str, why: str = "") -> EventRow:
    return EventRow(event, 0, name, when, _PAGE, Basis.DOCUMENTED, not why, why)


_ROLES: Final = "a member's role does not change while they are in a channel"
EVENTS: Final = (
    _row(OPENED, "rtc room opened", "a channel begins"),
    _row(CLOSED, "rtc room closed", "a channel has ended"),
    _row(FILE, "rtc recording file", "a recorded file is in the video store"),
    _row(IN, "rtc member in", "somebody is in the channel"),
    _row(OUT, "rtc member out", "somebody has left the channel"),
    _row("6", "rtc join failed", "somebody could not join", "everybody who joins can"),
    _row("7", "rtc create failed", "a channel could not be made", "every channel can be made"),
    _row(DURATION, "rtc call duration", "a channel has ended: who was in it for how long"),
    _row("9", "rtc member became audience", "somebody only listens from now on", _ROLES),
    _row("10", "rtc member became host", "somebody may talk from now on", _ROLES),
    _row(VIDEO[True], "rtc video published", "somebody sends a picture"),
    _row(VIDEO[False], "rtc video stopped", "somebody sends no picture any more"),
    _row(AUDIO[True], "rtc audio published", "somebody sends sound"),
    _row(AUDIO[False], "rtc audio stopped", "somebody sends no sound any more"),
    _row("400", "rtc audit", "content was judged", "content is not judged"),
    _row("401", "rtc audit", "content was judged", "content is not judged"),
    _row("905", "rtc whiteboard", "a whiteboard was recorded", "whiteboards are not recorded"),
)
IDS: Final = frozenset(row.id for row in EVENTS)


def told(view: View, event: str, cid: int, cname: str, **body: Any) -> tuple[Emit, ...]:
    """Announce an event of a channel, to customers who subscribe at this level."""
    if not view.settings.rtc_copies:
        return ()
    own = {"channelId": str(cid), "channelName": cname, **body}
    return (Emit(event, f"rtc/{cid}", RtcCopied(cname, own)),)


def of_files(view: View, cid: int, cname: str, task: str, new: Iterable[File]) -> list[Emit]:
    """Announce files that are in the video store; whose they are, their names begin with."""
    if not view.settings.rtc_copies:
        return []
    found = []
    for each in new:
        uid = each.name.partition("-")[0]
        own = {"channelId": str(cid), "channelName": cname, "uid": uid, "taskId": task}
        found.append(Emit(FILE, f"rtc/{cid}", RtcCopied(cname, own, each)))
    return found


def outgoing(
    delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Write and sign one attempt; how it is signed is NERoom's way, whatever ``cc_signature``."""
    facts = delivery.facts
    assert isinstance(facts, RtcCopied)
    body = {"eventType": int(delivery.event), **facts.body}
    timestamp = delivery.emitted_ms
    if facts.file is not None:
        body |= _file(facts.file, view)
        timestamp = facts.file.stored_ms
    raw = msgspec.json.encode({**body, "timestamp": timestamp})
    signed = netease.copy_headers(view.credentials["app_key"], target.secret, raw, now_ms)
    return (*HEADERS, *signed), raw


def _file(file: File, view: View) -> dict[str, Any]:
    own = files.told(file, view)
    return {
        "filename": own["filename"],
        "md5": own["md5"],
        "size": str(own["size"]),
        "type": own["type"],
        "mix": own["mix"],
        "vid": str(own["vid"]),
        "pieceIndex": own["pieceIndex"],
        "substream": "-substream" in file.name,
        "url": own["url"],
    }


def check(event: str) -> RtcCopied:
    """Make up what an event says that only tests a target."""
    return RtcCopied("", {"channelId": "0", "channelName": f"check {event}"})
