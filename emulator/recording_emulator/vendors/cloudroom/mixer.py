"""A mixer as it is, and what its room hears of it.

Source:
    Sheet §3.2 (states, who hears which), §3.3 (exParam), §3.4 (createCloudMixerFailed), §1.1
    (info). Who is named as the operator of states 2 and 0 on native is assumed.
"""

from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from recording_emulator.core.machine import Signal, Target, View
from recording_emulator.vendors.cloudroom import errors
from recording_emulator.vendors.cloudroom.bodies import Cfg
from recording_emulator.vendors.cloudroom.inputs import NATIVE, ROOM, SERVER
from recording_emulator.vendors.cloudroom.room import Room, told

MASK: Final = "******"
CREATE_FAILED: Final = "createCloudMixerFailed"
STATE_CHANGED: Final = "cloudMixerStateChanged"
INFO_CHANGED: Final = "cloudMixerInfoChanged"


class State(StrEnum):
    """Where a mixer stands."""

    NULL = "null"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    ENDED = "ended"


WIRE: Final = {
    State.NULL: 0,
    State.STARTING: 1,
    State.RUNNING: 2,
    State.STOPPING: 4,
    State.ENDED: 0,
}
"""``MIXER_STATE``; 3 (paused) is for local mixers only."""


class Mixer(msgspec.Struct, frozen=True, tag="cloudroom.Mixer"):
    """One mixer.

    ``terminal`` is the owner's at the creation, ``by`` who ended it; ``outputs`` are the keys of
    all it ever had, ``streams`` those that are open, by what they record.
    """

    id: str
    state: State = State.NULL
    room: str = ""
    owner: str = ""
    terminal: int = 0
    profile: str = NATIVE
    cfg: Cfg = Cfg()
    began_ms: int = 0
    started_ms: int = 0
    ended_ms: int = 0
    by: str = ""
    error: int = 0
    outputs: tuple[str, ...] = ()
    streams: dict[str, str] = {}
    paths: tuple[str, ...] = ()


def room_of(mixer: Mixer, view: View) -> Room:
    """Return a mixer's room; one that is destroyed has nobody in it."""
    found = view.peek(Target(ROOM, mixer.room))
    return found if isinstance(found, Room) else Room(mixer.room)


def plain(cfg: Cfg) -> dict[str, Any]:
    """Write a configuration as clients get it back: without ``storageConfig`` (observed)."""
    found: dict[str, Any] = msgspec.to_builtins(replace(cfg, storageConfig=UNSET))
    return found


def announced(cfg: Cfg, *, is_leaky: bool) -> dict[str, Any]:
    """Write a configuration as the room hears it at state 1: with the storage, keys masked."""
    found: dict[str, Any] = msgspec.to_builtins(cfg)
    if cfg.storageConfig and not is_leaky:
        found["storageConfig"] |= {"accessKey": MASK, "secretKey": MASK}
    return found


def text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def info(mixer: Mixer, room: Room, profile: str) -> dict[str, Any]:
    """Describe a mixer to one client; ``ID`` is upper-case here, and ``id`` in outputs."""
    cfg = plain(mixer.cfg)
    owner = mixer.owner
    person = room.person(owner)
    if profile != NATIVE and (person is None or person.terminal != mixer.terminal):
        owner = ""
    return {
        "ID": mixer.id,
        "owner": owner,
        "cfg": text(cfg) if profile == NATIVE else cfg,
        "state": WIRE[mixer.state],
    }


def started(mixer: Mixer, room: Room, view: View) -> tuple[Signal, ...]:
    """Tell everybody of state 1, with the configuration."""
    cfg = announced(mixer.cfg, is_leaky=view.settings.leak_storage_secrets)

    def args(profile: str) -> tuple[list[Any], str]:
        extra = text({"jsonCfg": text(cfg)}) if profile == NATIVE else cfg
        return [mixer.id, 1, extra, mixer.owner], ""

    return told(room.id, room.people, STATE_CHANGED, args)


def running(mixer: Mixer, room: Room) -> tuple[Signal, ...]:
    def args(profile: str) -> tuple[list[Any], str]:
        is_native = profile == NATIVE
        return [mixer.id, 2, "{}" if is_native else {}, mixer.owner if is_native else SERVER], ""

    return told(room.id, room.people, STATE_CHANGED, args)


def stopping(mixer: Mixer, room: Room, member: str, view: View) -> tuple[Signal, ...]:
    """Tell of state 4: on native whoever ended it, or everybody if the tenant says so."""
    is_for_all = view.settings.stopping_broadcast
    people = room.people if is_for_all else [each for each in room.people if each.member == member]

    def args(profile: str) -> tuple[list[Any], str] | None:
        if profile != NATIVE and not is_for_all:
            return None
        return [mixer.id, 4, "{}" if profile == NATIVE else {}, mixer.by or SERVER], ""

    return told(room.id, people, STATE_CHANGED, args)


def ended(mixer: Mixer, room: Room, *, was_running: bool) -> tuple[Signal, ...]:
    """Tell everybody of state 0, and of a failure before it as their SDK does."""
    code = mixer.error

    def failed(profile: str) -> tuple[list[Any], str]:
        said = errors.heard_as(code, profile)
        return [mixer.id, said], errors.row_of(said)

    def args(profile: str) -> tuple[list[Any], str]:
        said = errors.heard_as(code, profile)
        extra = {"err": said, "errDesc": errors.text_of(said)}
        if profile == NATIVE:
            return [mixer.id, 0, text(extra), mixer.by or SERVER], errors.row_of(said)
        return [mixer.id, 0, extra, SERVER], errors.row_of(said)

    heard = [
        each
        for each in room.people
        if each.profile != NATIVE or (not was_running and each.user == mixer.owner)
    ]
    before = told(room.id, heard, CREATE_FAILED, failed) if code else ()
    return (*before, *told(room.id, room.people, STATE_CHANGED, args))


def updated(mixer: Mixer, room: Room) -> tuple[Signal, ...]:
    """Tell everybody of new content; the cfg is for a client's own copy, no listener gets it."""

    def args(profile: str) -> tuple[list[Any], str]:
        cfg = plain(mixer.cfg)
        return [mixer.id, text(cfg) if profile == NATIVE else cfg], ""

    return told(room.id, room.people, INFO_CHANGED, args)
