"""One recording: it gathers what members send, cuts it into files and brings them to the store.

Rules (sheet §5): a file is closed after ``slice_ms`` and when the recording ends; each piece is in
the video store ``upload_ms`` later, also while recording goes on, and then announced file by file.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import ids
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
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import files
from recording_emulator.vendors.neroom.inputs import (
    Begin,
    Config,
    Copied,
    File,
    Finish,
    Sending,
    Slice,
    Track,
    Uploaded,
)
from recording_emulator.vendors.neroom.nertc import copies

NAME: Final = "neroom.recording"


class State(StrEnum):
    """Where a recording stands."""

    IDLE = "idle"
    RECORDING = "recording"
    FINALIZING = "finalizing"
    READY = "ready"


class Recording(msgspec.Struct, frozen=True, tag="neroom.Recording"):
    """One recording; ``tracks`` are those of the piece at hand, ``sending`` who publishes now."""

    id: str
    state: State = State.IDLE
    archive: str = ""
    room: str = ""
    cid: int = 0
    config: Config = Config()
    started_ms: int = 0
    ended_ms: int = 0
    piece: int = 0
    piece_ms: int = 0
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
        started_ms=view.now_ms,
        piece_ms=view.now_ms,
    )
    return Step(begun, (_next_slice(view),))


def _next_slice(view: View) -> Arm:
    return Arm("slice", view.settings.slice_ms, Slice(), Tempo.PERIODIC)


def on_sending(kept: Recording, given: Sending, _view: View) -> Step:
    known = {each.user: each for each in kept.tracks}
    for each in given.tracks:
        before = known.get(each.user)
        if before is None:
            known[each.user] = each
        else:
            known[each.user] = msgspec.structs.replace(
                before, audio=before.audio or each.audio, video=before.video or each.video
            )
    tracks = tuple(known.values())
    return Step(msgspec.structs.replace(kept, sending=given.tracks, tracks=tracks))


def on_slice(kept: Recording, _given: Slice, view: View) -> Step:
    cut, effects = _cut(kept, view)
    now_ms = view.now_ms
    again = tuple(msgspec.structs.replace(each, since_ms=now_ms) for each in kept.sending)
    after = msgspec.structs.replace(cut, piece=kept.piece + 1, piece_ms=now_ms, tracks=again)
    return Step(after, (*effects, _next_slice(view)))


def on_finish(kept: Recording, _given: Finish, view: View) -> Step:
    cut, effects = _cut(kept, view)
    is_done = all(each.stored_ms for each in cut.files)
    state = State.READY if is_done else State.FINALIZING
    after = msgspec.structs.replace(cut, state=state, ended_ms=view.now_ms, sending=(), tracks=())
    ended = (Retire(),) if is_done else ()
    return Step(after, (Cancel("slice"), *effects, *ended))


def _cut(kept: Recording, view: View) -> tuple[Recording, tuple[Effect, ...]]:
    """Close the files of the piece at hand; those of no length are none."""
    if view.now_ms == kept.piece_ms:
        return kept, ()
    made = files.cut(kept.config, kept.tracks, kept.cid, kept.piece, kept.piece_ms, view.now_ms)
    made = tuple(msgspec.structs.replace(each, vid=_vid(kept, view)) for each in made)
    if not made:
        return kept, ()
    given = Uploaded(kept.piece)
    upload = Arm(f"upload {kept.piece}", view.settings.upload_ms, given, Tempo.SHORT)
    return msgspec.structs.replace(kept, files=(*kept.files, *made)), (upload,)


def _vid(kept: Recording, view: View) -> int:
    return ids.number(view.draw("neroom.vid", kept.id, 6), 1_000_000_000, 9_999_999_999)


def on_uploaded(kept: Recording, given: Uploaded, view: View) -> Step:
    now_ms = view.now_ms
    stored = tuple(
        msgspec.structs.replace(each, stored_ms=now_ms) if each.piece == given.piece else each
        for each in kept.files
    )
    new = [each for each in stored if each.piece == given.piece]
    effects: list[Effect] = [
        Put(files.BUCKET, each.name, files.Media(each.kind, each.size_bytes, now_ms))
        for each in new
    ]
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
        Slice: do(on_slice, State.RECORDING),
        Finish: do(on_finish, State.FINALIZING, State.READY),
        Uploaded: do(on_uploaded, State.RECORDING),
    },
    State.FINALIZING: {
        Sending: LATE,
        Uploaded: do(on_uploaded, State.FINALIZING, State.READY),
    },
    State.READY: {Sending: LATE},
}
MACHINE: Final = Machine(NAME, TABLE, Recording, (), ("slice",))
