"""The local recorder of WebRTC builds up to 6.1: one for everything, and a text for every error.

What the browser would download is an object in the bucket ``disk``, under the account and its name.

Source:
    Sheet §4 (SDK 4.4 to 6.1). The words of a rejection, and what ``uid`` is of oneself, are
    assumed.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.machine import (
    Effect,
    Ignore,
    Machine,
    Put,
    Refusal,
    Refuse,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.core.scenes import Shot
from recording_emulator.vendors.netcall import errors, faults, files, instance, sessions
from recording_emulator.vendors.netcall.inputs import DEVICE, SimpleStart, SimpleStop
from recording_emulator.vendors.netcall.instance import Device
from recording_emulator.vendors.netcall.told import (
    CallOver,
    Said,
    TrackEnded,
    Unloaded,
)

NAME: Final = instance.RECORDERS[instance.OLD_WEBRTC]
STRIKES: Final = {
    "no_recorder": errors.REC_NO_RECORDER,
    "no_format": errors.REC_NO_FORMAT,
}


class State(StrEnum):
    """Whether a browser records; ``ended`` if it has before."""

    IDLE = "idle"
    RECORDING = "recording"
    ENDED = "ended"
    GONE = "gone"


class Simple(msgspec.Struct, frozen=True, tag="netcall.Simple"):
    """The one recorder of a build, and what it is at."""

    member: str
    state: State = State.IDLE
    uid: int = 0
    account: str = ""
    is_audio: bool = False
    started_ms: int = 0
    channel: str = ""
    shot: Shot | None = None


def on_start(kept: Simple, given: SimpleStart, view: View) -> Step | Refusal:
    device = instance.of(view, kept.member)
    account = given.account or device.account
    row = _problem(device, account, given, view)
    if row:
        return Refusal(row, f"account {account[:40]!r}")
    strike = view.fault(faults.BROWSER, device.channel, tuple(STRIKES))
    if strike is not None:
        return Refusal(STRIKES[strike.effect], "by a fault")
    uid = sessions.uid_of(view, account)
    begun = Simple(
        kept.member,
        State.RECORDING,
        uid,
        account,
        given.is_audio,
        view.now_ms,
        device.channel,
        _shot(device, account, given),
    )
    answer: dict[str, Any] = {"uid": uid}
    if given.is_audio:
        answer["type"] = "audio"
    return Step(begun, (Reply(Said(device.channel, answer, device.profile)),))


def _problem(device: Device, account: str, given: SimpleStart, view: View) -> str:
    """Return the row of what is missing, or an empty text."""
    people = instance.in_call(view, device)
    if given.is_audio:
        is_heard = any(each.is_up and each.account != device.account for each in people)
        return "" if is_heard or "mic" in device.tracks else errors.REC_NO_STREAM
    if account == device.account:
        return "" if device.tracks else errors.REC_NO_STREAM
    party = next((each for each in people if each.account == account), None)
    if party is None:
        return errors.REC_BAD_ACCOUNT
    return "" if party.is_up else errors.REC_STREAM_MISSING


def _shot(device: Device, account: str, given: SimpleStart) -> Shot:
    """Say what is to be filmed: all voices of the call, somebody else, or what one's own has."""
    call, own = instance.where(device), instance.cast_name(Target(DEVICE, device.member))
    if given.is_audio and device.state is instance.State.TALKING:
        return Shot(instance.cast_name(call), ())
    if account != device.account:
        return Shot(instance.cast_name(call), (), account)
    return Shot(own, (), placed=f"{own}/video")


def on_stop(kept: Simple, _given: SimpleStop, view: View) -> Step:
    """Stop; the download comes after the answer, and nothing tells the app of it."""
    device = instance.of(view, kept.member)
    ended = msgspec.structs.replace(kept, state=State.ENDED)
    return Step(ended, (Reply(Said(device.channel, None, device.profile)), *_saved(kept, view)))


def _saved(kept: Simple, view: View) -> tuple[Effect, ...]:
    """Save the file, and have the browser do so."""
    device = instance.of(view, kept.member)
    what = "audio" if kept.is_audio else "video"
    name = f"{kept.uid}--{kept.started_ms}--{what}.webm"
    clip = files.clip("webm", view.now_ms - kept.started_ms, is_sound=kept.is_audio)
    media = files.saved(clip, kept.shot, kept.started_ms, view.now_ms)
    told = files.download(device.account, name)
    return (
        Put(files.DISK, told["key"], media, kept.channel),
        instance.hear(device, files.DOWNLOAD, told),
    )


def on_call_over(kept: Simple, given: CallOver, view: View) -> Step:
    """Save and stop, with the call or with who was recorded."""
    if given.account and given.account != kept.account:
        return Step(kept)
    return Step(msgspec.structs.replace(kept, state=State.ENDED), _saved(kept, view))


def on_unloaded(kept: Simple, _given: Unloaded, view: View) -> Step:
    """Save what is running; its page is closed, and hears nothing of it."""
    saved = _saved(kept, view)[:1] if kept.state is State.RECORDING else ()
    return Step(msgspec.structs.replace(kept, state=State.GONE), (*saved, Retire()))


CLOSED: Final = Refuse(errors.NO_CONNECTION, "the connection has ended")
DEAF: Final = Ignore("the connection ended in the same instant")
NOTHING: Final = Ignore("nothing is recorded")
START: Final = do(
    on_start,
    State.RECORDING,
    refusals=(
        errors.REC_BAD_ACCOUNT,
        errors.REC_STREAM_MISSING,
        errors.REC_NO_STREAM,
        *STRIKES.values(),
    ),
)
GOES_ON: Final = Ignore("the old SDK begins again, in the same file")
TABLE: Final[Table] = {
    State.IDLE: {
        SimpleStart: START,
        SimpleStop: Refuse(errors.REC_NOT_STARTED),
        CallOver: NOTHING,
        TrackEnded: NOTHING,
        Unloaded: do(on_unloaded, State.GONE),
    },
    State.RECORDING: {
        SimpleStart: Refuse(errors.REC_BUSY),
        SimpleStop: do(on_stop, State.ENDED),
        CallOver: do(on_call_over, State.RECORDING, State.ENDED),
        TrackEnded: GOES_ON,
        Unloaded: do(on_unloaded, State.GONE),
    },
    State.ENDED: {
        SimpleStart: START,
        SimpleStop: Refuse(errors.REC_ENDED),
        CallOver: NOTHING,
        TrackEnded: NOTHING,
        Unloaded: do(on_unloaded, State.GONE),
    },
    State.GONE: {
        SimpleStart: CLOSED,
        SimpleStop: CLOSED,
        CallOver: DEAF,
        TrackEnded: DEAF,
        Unloaded: DEAF,
    },
}
MACHINE: Final = Machine(NAME, TABLE, Simple, (SimpleStart, SimpleStop))
