"""The server recording of one call: its files are finished, stored, and told in an eventType 6.

Rules (sheet §1.4): a recording is as long as its call; nothing is told while it runs; the single
files come in one copy, the mixed one later in a copy of its own, unless the settings say otherwise.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.machine import (
    Arm,
    Effect,
    Emit,
    Machine,
    Put,
    Retire,
    Step,
    Table,
    Tell,
    View,
    do,
)
from recording_emulator.core.media import OneFile
from recording_emulator.core.timers import Tempo
from recording_emulator.families import vod
from recording_emulator.vendors.netcall import faults, files, gathering
from recording_emulator.vendors.netcall.told import (
    Begin,
    File,
    Filed,
    Finish,
    Gathered,
    Uploaded,
)

NAME: Final = "netcall.recording"
FILES: Final = "6"


class State(StrEnum):
    """Where a recording stands."""

    IDLE = "idle"
    RECORDING = "recording"
    FINALIZING = "finalizing"
    READY = "ready"


class Recording(msgspec.Struct, frozen=True, tag="netcall.Recording"):
    """One recording; ``waiting`` says how many batches of files are still on their way."""

    channel: str
    state: State = State.IDLE
    room: str = ""
    started_ms: int = 0
    ended_ms: int = 0
    files: tuple[File, ...] = ()
    waiting: int = 0


def on_begin(kept: Recording, given: Begin, view: View) -> Step:
    begun = msgspec.structs.replace(
        kept, state=State.RECORDING, room=given.room, started_ms=view.now_ms
    )
    return Step(begun)


def on_finish(kept: Recording, given: Finish, view: View) -> Step:
    after = msgspec.structs.replace(kept, state=State.READY, ended_ms=view.now_ms)
    fault = view.fault(faults.RECORDING, kept.room)
    if fault is not None:
        empty = Emit(FILES, _stream(kept), Filed(kept.room, ()))
        return Step(after, (Retire(), empty) if fault.effect == "empty" else (Retire(),))
    knobs, effects = view.settings, []
    kinds = ((False, files.singles, knobs.files_ms), (True, files.mixes, knobs.mixed_files_ms))
    for is_mix, which, wait_ms in kinds:
        made = which(kept.channel, given, knobs)
        if not made:
            continue
        strike = view.fault(faults.UPLOAD, kept.room)
        effect = "" if strike is None else strike.effect
        if effect == "fail":
            continue
        if strike is not None and effect == "slow":
            wait_ms += strike.by_ms
        new = tuple(
            msgspec.structs.replace(each, vid=_vid(kept, view), is_corrupt=effect == "corrupt")
            for each in made
        )
        after = msgspec.structs.replace(
            after, state=State.FINALIZING, files=(*after.files, *new), waiting=after.waiting + 1
        )
        name = "mixed" if is_mix else "single"
        effects.append(Arm(name, wait_ms, Uploaded(is_mix), Tempo.SHORT))
    return Step(after, tuple(effects) or (Retire(),))


def _stream(kept: Recording) -> str:
    return f"netcall/{kept.channel}"


def _vid(kept: Recording, view: View) -> int:
    """Draw a file's id in the video store (sheet §9: from 700000001 on; that it varies is ours)."""
    return ids.number(view.draw("netcall.vid", kept.channel, 6), 700_000_001, 9_999_999_999)


def on_uploaded(kept: Recording, given: Uploaded, view: View) -> Step:
    now_ms, wait_ms = view.now_ms, view.settings.transcode_ms
    stored = tuple(
        msgspec.structs.replace(each, stored_ms=now_ms) if each.is_mix == given.is_mix else each
        for each in kept.files
    )
    new = tuple(each for each in stored if each.is_mix == given.is_mix)
    effects: list[Effect] = []
    for each in new:
        media = OneFile(files.clip_of(each), now_ms, filmed=each.shot)
        effects.append(Put(files.BUCKET, each.key, media, kept.room))
        effects.append(vod.came_in(each.vid, files.store(each, wait_ms), kept.room, view))
    is_done = kept.waiting == 1
    effects += _copied(kept, new, stored if is_done else (), view)
    if is_done:
        effects.append(Retire())
    state = State.READY if is_done else State.FINALIZING
    after = msgspec.structs.replace(kept, files=stored, waiting=kept.waiting - 1, state=state)
    return Step(after, tuple(effects))


def _copied(
    kept: Recording, new: tuple[File, ...], every: tuple[File, ...], view: View
) -> list[Effect]:
    """Say which files are copied together; ``every`` is empty until the last are there."""
    match view.settings.grouping:
        case "cross-call":
            return [Tell(gathering.TARGET, Gathered(new))]
        case "per-file":
            groups: list[tuple[File, ...]] = [(each,) for each in new]
        case "all":
            groups = [every] if every else []
        case _:
            groups = [new]
    return [Emit(FILES, _stream(kept), Filed(kept.room, each)) for each in groups]


TABLE: Final[Table] = {
    State.IDLE: {Begin: do(on_begin, State.RECORDING)},
    State.RECORDING: {Finish: do(on_finish, State.FINALIZING, State.READY)},
    State.FINALIZING: {Uploaded: do(on_uploaded, State.FINALIZING, State.READY)},
    State.READY: {},
}
MACHINE: Final = Machine(NAME, TABLE, Recording)
