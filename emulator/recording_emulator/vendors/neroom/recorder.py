"""One recording: it gathers what members send, cuts it into files and brings them to the store.

Rules (sheet §5): a file is closed after ``slice_ms`` and when the recording ends; each piece is in
the video store ``upload_ms`` later, also while recording goes on (a setting), and then announced
file by file.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.casts import Seen
from recording_emulator.core.inputs import FaultArmed
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Emit,
    Ignore,
    Machine,
    Put,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.families import vod
from recording_emulator.vendors.neroom import faults, files, room
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.inputs import (
    Begin,
    Broken,
    Copied,
    File,
    Finish,
    Rearrange,
    Sending,
    Slice,
    Strike,
    Track,
    Uploaded,
)
from recording_emulator.vendors.neroom.nertc import copies
from recording_emulator.vendors.neroom.nertc.inputs import TASK, FinishTask

NAME: Final = "neroom.recording"


class State(StrEnum):
    """Where a recording stands."""

    IDLE = "idle"
    RECORDING = "recording"
    FINALIZING = "finalizing"
    READY = "ready"


class Recording(msgspec.Struct, frozen=True, tag="neroom.Recording"):
    """One recording; ``tracks`` are those of the piece at hand, ``sending`` who publishes now.

    ``uploaded`` counts the pieces whose upload has begun; one that ``is_task`` has been begun by
    NERTC's task of the same id, not by a room.
    """

    id: str
    state: State = State.IDLE
    archive: str = ""
    room: str = ""
    cid: int = 0
    config: Config = Config()
    is_task: bool = False
    started_ms: int = 0
    ended_ms: int = 0
    piece: int = 0
    piece_ms: int = 0
    uploaded: int = 0
    sending: tuple[Track, ...] = ()
    tracks: tuple[Track, ...] = ()
    files: tuple[File, ...] = ()


def on_begin(kept: Recording, given: Begin, view: View) -> Step:
    begun = msgspec.structs.replace(
        kept,
        state=State.RECORDING,
        archive=given.archive,
        room=given.room,
        cid=given.cid,
        config=given.config,
        is_task=given.is_task,
        started_ms=view.now_ms,
        piece_ms=view.now_ms,
    )
    return Step(begun, (_next_slice(view), *_struck(begun, view)))


def _next_slice(view: View) -> Arm:
    return Arm("slice", view.settings.slice_ms, Slice(), Tempo.PERIODIC)


def _struck(kept: Recording, view: View) -> tuple[Effect, ...]:
    """Ask for a fault that ends the recording."""
    fault = view.fault(faults.RECORDING, kept.room)
    return () if fault is None else (Arm("strike", fault.after_ms, Strike(), Tempo.LONG),)


def on_fault(kept: Recording, _given: FaultArmed, view: View) -> Step:
    return Step(kept, _struck(kept, view))


def on_strike(kept: Recording, _given: Strike, _view: View) -> Step:
    if kept.is_task:
        return Step(kept, (Tell(Target(TASK, kept.id), FinishTask()),))
    return Step(kept, (Tell(Target(room.NAME, kept.archive), Broken(kept.id)),))


def on_sending(kept: Recording, given: Sending, _view: View) -> Step:
    known = {each.user: each for each in kept.tracks}
    for each in given.tracks:
        before = known.get(each.user)
        known[each.user] = each if before is None else _joined(before, each)
    tracks = tuple(known.values())
    return Step(msgspec.structs.replace(kept, sending=given.tracks, tracks=tracks))


def on_rearrange(kept: Recording, given: Rearrange, _view: View) -> Step:
    config = msgspec.structs.replace(kept.config, layout=given.layout)
    return Step(msgspec.structs.replace(kept, config=config))


def _joined(before: Track, now: Track) -> Track:
    """Add what somebody sends now to what they have sent into the piece at hand."""
    return msgspec.structs.replace(
        before,
        audio=before.audio or now.audio,
        video=before.video or now.video,
        since_ms=before.since_ms if before.audio or before.video else now.since_ms,
        screen=before.screen or now.screen,
        screen_ms=before.screen_ms if before.screen else now.screen_ms,
    )


def on_slice(kept: Recording, _given: Slice, view: View) -> Step:
    now_ms = view.now_ms
    again = tuple(
        msgspec.structs.replace(each, since_ms=now_ms, screen_ms=now_ms) for each in kept.sending
    )
    cut = msgspec.structs.replace(
        _cut(kept, view), piece=kept.piece + 1, piece_ms=now_ms, tracks=again
    )
    effects: tuple[Effect, ...] = ()
    if view.settings.slice_files_early:
        cut, effects = _uploading(cut, cut.piece, view)
    return Step(cut, (*effects, _next_slice(view)))


def on_finish(kept: Recording, _given: Finish, view: View) -> Step:
    ended = msgspec.structs.replace(_cut(kept, view), ended_ms=view.now_ms, sending=(), tracks=())
    after, effects = _uploading(ended, kept.piece + 1, view)
    is_done = all(each.stored_ms for each in after.files)
    state = State.READY if is_done else State.FINALIZING
    retired = (Retire(),) if is_done else ()
    left = (Cancel("slice"), Cancel("strike"))
    return Step(msgspec.structs.replace(after, state=state), (*left, *effects, *retired))


def _cut(kept: Recording, view: View) -> Recording:
    """Close the files of the piece at hand; those of no length are none."""
    if view.now_ms == kept.piece_ms:
        return kept
    now_ms, cast = view.now_ms, f"{NAME}/{kept.id}"
    made = files.cut(kept.config, kept.tracks, cast, kept.cid, kept.piece, kept.piece_ms, now_ms)
    named = tuple(msgspec.structs.replace(each, vid=_vid(kept, view)) for each in made)
    return msgspec.structs.replace(kept, files=(*kept.files, *named))


def _vid(kept: Recording, view: View) -> int:
    return ids.number(view.draw("neroom.vid", kept.id, 6), 1_000_000_000, 9_999_999_999)


# --- the upload ----------------------------------------------------------------------------------


def _uploading(kept: Recording, upto: int, view: View) -> tuple[Recording, tuple[Effect, ...]]:
    """Begin to upload the pieces before ``upto`` that are closed and not on their way yet."""
    effects: list[Effect] = []
    for piece in range(kept.uploaded, upto):
        if not any(each.piece == piece for each in kept.files):
            continue
        fault = view.fault(faults.UPLOAD, kept.room)
        effect = fault.effect if fault else ""
        by_ms = fault.by_ms if fault else 0
        kept = msgspec.structs.replace(kept, files=_spoiled(kept, piece, effect, view))
        if effect != "fail":
            wait = view.settings.upload_ms + (by_ms if effect == "slow" else 0)
            given = Uploaded(piece, by_ms if effect == "list_late" else 0)
            effects.append(Arm(f"upload {piece}", wait, given, Tempo.SHORT))
    return msgspec.structs.replace(kept, uploaded=upto), tuple(effects)


def _spoiled(kept: Recording, piece: int, effect: str, view: View) -> tuple[File, ...]:
    """Do to the files of one piece what a fault does to their upload."""
    of_piece = tuple(each for each in kept.files if each.piece == piece)
    others = tuple(each for each in kept.files if each.piece != piece)
    match effect:
        case "fail":
            return others
        case "empty":
            empty = tuple(msgspec.structs.replace(each, size_bytes=0) for each in of_piece)
            return (*others, *empty)
        case "extra":
            sounds = (files.sound_of(each) for each in of_piece if each.is_mix)
            extra = tuple(
                msgspec.structs.replace(each, vid=_vid(kept, view))
                for each in sounds
                if each not in of_piece
            )
            return (*others, *of_piece, *extra)
        case _:
            return kept.files


def on_uploaded(kept: Recording, given: Uploaded, view: View) -> Step:
    now_ms, ttl_ms = view.now_ms, view.settings.file_ttl_ms
    stored = tuple(
        msgspec.structs.replace(
            each,
            stored_ms=now_ms,
            listed_ms=now_ms + given.late_ms,
            expires_ms=now_ms + ttl_ms if ttl_ms else 0,
        )
        if each.piece == given.piece
        else each
        for each in kept.files
    )
    new = [each for each in stored if each.piece == given.piece]
    effects: list[Effect] = [
        Put(files.BUCKET, each.name, files.media(each), kept.room) for each in new
    ]
    wait = view.settings.transcode_ms
    effects += [vod.came_in(each.vid, files.store(each, wait), kept.room, view) for each in new]
    if kept.archive:
        stream = f"neroom/{kept.archive}"
        effects += [Emit("RTC_RECORD", stream, _copied(kept, each)) for each in new]
    effects += copies.of_files(view, kept.cid, kept.room, kept.id, new)
    is_done = kept.state is State.FINALIZING and all(each.stored_ms for each in stored)
    state = State.READY if is_done else kept.state
    if is_done:
        effects.append(Retire())
    return Step(msgspec.structs.replace(kept, files=stored, state=state), tuple(effects))


def _copied(kept: Recording, file: File) -> Copied:
    return Copied(kept.room, {"roomArchiveId": kept.archive, "roomUuid": kept.room}, file)


LATE: Final = Ignore("the recording ended in the same instant")
TABLE: Final[Table] = {
    State.IDLE: {Begin: do(on_begin, State.RECORDING)},
    State.RECORDING: {
        Sending: do(on_sending, State.RECORDING),
        Rearrange: do(on_rearrange, State.RECORDING),
        Slice: do(on_slice, State.RECORDING),
        FaultArmed: do(on_fault, State.RECORDING),
        Strike: do(on_strike, State.RECORDING),
        Finish: do(on_finish, State.FINALIZING, State.READY),
        Uploaded: do(on_uploaded, State.RECORDING),
    },
    State.FINALIZING: {
        **dict.fromkeys((Sending, Rearrange), LATE),
        Uploaded: do(on_uploaded, State.FINALIZING, State.READY),
    },
    State.READY: dict.fromkeys((Sending, Rearrange), LATE),
}


def cast(kept: Recording) -> list[Seen]:
    """Say who is recorded."""
    return files.cast(kept.sending)


def mixes(kept: Recording) -> dict[str, list[Seen]]:
    """Say where each mixed picture has them."""
    return files.mixes(kept.config, kept.sending)


MACHINE: Final = Machine(NAME, TABLE, Recording, (), ("slice",), cast, mixes)
