"""One output of a mixer: a file or a live push, from its first second to its place in the store.

Rules (sheet §3.6, §4.1): the files of a mixer are uploaded when it is over, each by itself; a live
push ends without an upload; what is told is told to who is in the room then.

Source:
    Sheet §3.6. How long an upload takes, and how often it is told, is assumed.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import machine
from recording_emulator.core.casts import Seen
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Ignore,
    Machine,
    Put,
    Retire,
    Signal,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.media import OneFile
from recording_emulator.core.scenes import Shot
from recording_emulator.core.timers import Tempo
from recording_emulator.core.uploads import UploadEnded
from recording_emulator.vendors.cloudroom import errors, faults, files, storing
from recording_emulator.vendors.cloudroom.inputs import (
    ACCOUNT,
    NATIVE,
    OUTPUT,
    ROOM,
    Break,
    Close,
    Keep,
    LoseUpload,
    Open,
    Plan,
    Queryable,
    Rearrange,
    Report,
    Tick,
    Upload,
)
from recording_emulator.vendors.cloudroom.room import Room, told

INFO: Final = "cloudMixerOutputInfoChanged"
ACCOUNT_TARGET: Final = Target(ACCOUNT, "account")


class State(StrEnum):
    """Where an output stands."""

    NULL = "null"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    UPLOAD_FAILED = "upload_failed"
    ALL_DONE = "all_done"


WIRE: Final = {
    State.NULL: 0,
    State.RUNNING: 1,
    State.STOPPED: 2,
    State.FAILED: 3,
    State.UPLOADING: 4,
    State.UPLOADED: 5,
    State.UPLOAD_FAILED: 6,
    State.ALL_DONE: 7,
}
"""``CLOUDMO_…``: other meanings than those of the same numbers of a mixer."""
COMING: Final = (State.RUNNING, State.STOPPED, State.UPLOADING)
"""The states in which there is no file yet, and may be one."""


class Output(msgspec.Struct, frozen=True, tag="cloudroom.Output"):
    """One output; ``upload_ms`` is how long its upload takes, ``uploading_ms`` since when."""

    key: str
    state: State = State.NULL
    plan: Plan = Plan("", "", "", False, 0, "")
    start_ms: int = 0
    closed_ms: int = 0
    uploading_ms: int = 0
    upload_ms: int = 0
    is_silent: bool = False

    def length_ms(self, now_ms: int) -> int:
        return (self.closed_ms or now_ms) - self.start_ms

    def size_bytes(self, now_ms: int) -> int:
        length_ms = self.length_ms(now_ms)
        if self.plan.is_live or not length_ms:
            return self.plan.bits_per_s * length_ms // 8000
        return files.clip(self.plan, length_ms).size_bytes

    @property
    def filmed(self) -> Shot:
        """What a closed file shows: the people of its room, in the places it has for them."""
        span = (self.start_ms, self.closed_ms)
        return Shot(f"{ROOM}/{self.plan.room}", (span,), placed=f"{OUTPUT}/{self.key}")


def say(out: Output, state: State, view: View, code: int = 0, **more: Any) -> tuple[Signal, ...]:
    """Tell the room how an output is."""
    plan = out.plan
    room = view.peek(Target(ROOM, plan.room))
    people = room.people if isinstance(room, Room) else ()
    if state is State.ALL_DONE and view.settings.all_done == "js":
        people = tuple(each for each in people if each.profile != NATIVE)
    name = plan.path if plan.is_live else files.split(plan.path)[1]
    facts = {
        "id": plan.mixer, "state": WIRE[state], "svrFilePathName": plan.path, "fileName": name,
        **more,
    }  # fmt: skip

    def args(profile: str) -> tuple[list[Any], str]:
        row = ""
        info = dict(facts)
        if code:
            said = errors.heard_as(code, profile)
            info |= {"errCode": said, "errDesc": errors.text_of(said)}
            row = errors.row_of(said)
        as_text = msgspec.json.encode(info).decode()
        return [plan.mixer, as_text if profile == NATIVE else info], row

    return told(plan.room, people, INFO, args)


def on_open(out: Output, given: Open, view: View) -> Step:
    opened = replace(out, state=State.RUNNING, plan=given.plan, start_ms=view.now_ms)
    every_ms = view.settings.running_info_interval_ms
    effects: list[Effect] = [*say(opened, State.RUNNING, view)]
    if every_ms:
        effects.append(Arm("report", every_ms, Report(), Tempo.PERIODIC))
    failing = faults.failing(faults.OUTPUT, given.plan.room, view)
    if failing is not None:
        code, after_ms = failing
        effects.append(Arm("break", after_ms, Break(code), Tempo.LONG))
    return Step(opened, tuple(effects))


def on_rearrange(out: Output, given: Rearrange, _view: View) -> Step:
    return Step(replace(out, plan=replace(out.plan, shown=given.shown)))


def cast(out: Output) -> tuple[Seen, ...]:
    """Place whoever may be there; who is, the room knows."""
    return out.plan.shown


def on_report(out: Output, _given: Report, view: View) -> Step:
    every_ms = view.settings.running_info_interval_ms
    again = (Arm("report", every_ms, Report(), Tempo.PERIODIC),) if every_ms else ()
    more = _so_far(out, view) if view.settings.running_info_extra else {}
    return Step(out, (*say(out, State.RUNNING, view, **more), *again))


def _so_far(out: Output, view: View) -> dict[str, int]:
    now_ms = view.now_ms
    return {"duration": out.length_ms(now_ms), "fileSize": out.size_bytes(now_ms)}


QUIET: Final = (Cancel("report"), Cancel("break"))


def on_close(out: Output, _given: Close, view: View) -> Step:
    closed = replace(out, state=State.STOPPED, closed_ms=view.now_ms)
    more = {"startTime": out.start_ms, **_so_far(closed, view)}
    return Step(closed, (*QUIET, *say(closed, State.STOPPED, view, **more)))


def on_break(out: Output, given: Break, view: View) -> Step:
    broken = replace(out, state=State.FAILED, closed_ms=view.now_ms)
    return Step(broken, (*QUIET, *say(broken, State.FAILED, view, given.code), Retire()))


def on_upload(out: Output, _given: Upload, view: View) -> Step:
    """Begin to upload; a live push has nothing to."""
    if out.plan.is_live:
        return Step(out, (Retire(),))
    settings, size = view.settings, out.size_bytes(view.now_ms)
    tick_ms: int = settings.upload_tick_ms
    takes_ms = max(tick_ms, -(-size * 1000 // settings.upload_bps))
    fault = view.fault(faults.UPLOAD, out.plan.room)
    effects: list[Effect] = [*say(out, State.UPLOADING, view, progress=0)]
    if fault is not None and fault.effect == "slow":
        takes_ms += fault.by_ms
    if fault is not None and fault.effect == "fail":
        lost = LoseUpload(faults.code(fault.code, errors.UPLOAD_FAILED))
        effects.append(Arm("lose", fault.after_ms, lost, Tempo.SHORT))
    effects.append(Arm("tick", min(tick_ms, takes_ms), Tick(), Tempo.SHORT))
    return Step(
        replace(
            out,
            state=State.UPLOADING,
            uploading_ms=view.now_ms,
            upload_ms=takes_ms,
            is_silent=fault is not None and fault.effect == "silent",
        ),
        tuple(effects),
    )


def on_tick(out: Output, _given: Tick, view: View) -> Step:
    spent_ms = view.now_ms - out.uploading_ms
    tenths = min(1_000, 1_000 * spent_ms // out.upload_ms)
    progress = tenths / 10 if tenths % 10 else tenths // 10  # as JavaScript prints it
    so_far = say(out, State.UPLOADING, view, progress=progress)
    if spent_ms < out.upload_ms:
        wait_ms = min(view.settings.upload_tick_ms, out.upload_ms - spent_ms)
        return Step(out, (*so_far, Arm("tick", wait_ms, Tick(), Tempo.SHORT)))
    plan = out.plan
    if plan.place is None:
        return _arrived(out, so_far, view)
    clip = files.clip(plan, out.length_ms(view.now_ms))
    media = OneFile(clip, view.now_ms, filmed=out.filmed)
    put = Put(plan.bucket, files.key(plan.path), media, plan.room)
    sent = machine.Upload(storing.FILE, plan.place, (put,))
    return Step(out, (*so_far, Cancel("lose"), sent))


def on_upload_ended(out: Output, given: UploadEnded, view: View) -> Step:
    """Let the file be there, or lost: nothing tries again (sheet §4.2)."""
    if given.is_stored:
        return _arrived(out, (), view)
    return _lost(out, errors.UPLOAD_FAILED, (), view)


def _arrived(out: Output, so_far: tuple[Signal, ...], view: View) -> Step:
    plan, size = out.plan, out.size_bytes(view.now_ms)
    if plan.bucket == files.NETDISK and used_bytes(view) + size > view.settings.quota_bytes:
        return _lost(out, errors.SPACE_FULL, so_far, view)
    there = replace(out, state=State.UPLOADED)
    clip = files.clip(plan, out.length_ms(view.now_ms))
    keep = Tell(ACCOUNT_TARGET, Keep(plan.path, clip, plan.bucket, plan.room, out.filmed))
    told_5 = () if out.is_silent else say(there, State.UPLOADED, view)
    done = Arm("done", view.settings.all_done_ms, Queryable(), Tempo.SHORT)
    return Step(there, (*so_far, Cancel("lose"), *told_5, keep, done))


def used_bytes(view: View) -> int:
    """Return how full the net disk is."""
    account = view.peek(ACCOUNT_TARGET)
    return 0 if account is None else sum(each.size_bytes for each in account.files)


def on_lose_upload(out: Output, given: LoseUpload, view: View) -> Step:
    return _lost(out, given.code, (Cancel("tick"),), view)


def _lost(out: Output, code: int, before: tuple[Effect, ...], view: View) -> Step:
    lost = replace(out, state=State.UPLOAD_FAILED)
    return Step(lost, (*before, *say(lost, State.UPLOAD_FAILED, view, code), Retire()))


def on_queryable(out: Output, _given: Queryable, view: View) -> Step:
    done = replace(out, state=State.ALL_DONE)
    is_told = not out.is_silent and view.settings.all_done != "nobody"
    return Step(done, (*(say(done, State.ALL_DONE, view) if is_told else ()), Retire()))


OVER: Final = Ignore("the output ended before its mixer did")
TABLE: Final[Table] = {
    State.NULL: {Open: do(on_open, State.RUNNING)},
    State.RUNNING: {
        Report: do(on_report, State.RUNNING),
        Rearrange: do(on_rearrange, State.RUNNING),
        Close: do(on_close, State.STOPPED),
        Break: do(on_break, State.FAILED),
    },
    State.STOPPED: {
        Upload: do(on_upload, State.UPLOADING, State.STOPPED),
        Close: OVER,
        Break: OVER,
    },
    State.FAILED: {Rearrange: OVER, Close: OVER, Break: OVER, Upload: OVER},
    State.UPLOADING: {
        Tick: do(on_tick, State.UPLOADING, State.UPLOADED, State.UPLOAD_FAILED),
        LoseUpload: do(on_lose_upload, State.UPLOAD_FAILED),
        UploadEnded: do(on_upload_ended, State.UPLOADED, State.UPLOAD_FAILED),
    },
    State.UPLOADED: {Queryable: do(on_queryable, State.ALL_DONE)},
    State.UPLOAD_FAILED: {},
    State.ALL_DONE: {},
}
MACHINE: Final = Machine(OUTPUT, TABLE, Output, (), ("report",), cast=cast)
