"""What is kept of one SDK instance, and how it is told things in the style of its build."""

from enum import StrEnum
from typing import Any, Final

import msgspec

from recording_emulator.core.casts import Seen
from recording_emulator.core.machine import Reply, Signal, Target, Tell, View
from recording_emulator.core.tiles import Tile
from recording_emulator.vendors.netcall.files import SIZE
from recording_emulator.vendors.netcall.inputs import (
    CALL,
    DEVICE,
    MEETING,
    Party,
)
from recording_emulator.vendors.netcall.panes import panes, screen_of
from recording_emulator.vendors.netcall.told import (
    CallOver,
    Said,
)

AGENT: Final = "netcall-8.5"
WEBRTC: Final = "webrtc-8.5"
OLD_WEBRTC: Final = "webrtc-6.1"
RECORDERS: Final = {
    AGENT: "netcall.agent",
    WEBRTC: "netcall.media",
    OLD_WEBRTC: "netcall.simple",
}
"""The local recorder that each build has."""


class State(StrEnum):
    """Where an SDK instance stands: ``quiet`` has no PC Agent yet, ``dead`` had one."""

    ABSENT = "absent"
    QUIET = "quiet"
    READY = "ready"
    CALLING = "calling"
    TALKING = "talking"
    DEAD = "dead"
    GONE = "gone"


class Device(msgspec.Struct, frozen=True, tag="netcall.Device"):
    """One SDK instance: a connection, its account and build, and the call it is in.

    Attributes:
        member: The connection.
        state: Where it stands.
        account: Whose it is.
        profile: The build of its SDK.
        client_type: What ``fromClientType`` says to other devices (16: web).
        is_up: Whether it has a connection.
        was_quiet: Whether its PC Agent was there once and has been left.
        channel: The call or meeting it is in, or calls.
        is_meeting: Which of the two.
        tracks: The sources that it has taken: ``camera``, ``mic``, ``screen``.
    """

    member: str
    state: State = State.ABSENT
    account: str = ""
    profile: str = ""
    client_type: int = 16
    is_up: bool = True
    was_quiet: bool = False
    channel: str = ""
    is_meeting: bool = False
    tracks: tuple[str, ...] = ()

    @property
    def is_agent(self) -> bool:
        return self.profile == AGENT

    @property
    def rest(self) -> State:
        """Where it stands outside a call."""
        return State.READY if self.state is not State.QUIET else State.QUIET


def where(device: Device) -> Target:
    """Return the call or meeting that a device is in."""
    return Target(MEETING if device.is_meeting else CALL, device.channel)


def recorder(device: Device) -> Target:
    return Target(RECORDERS[device.profile], device.member)


def cast_name(target: Target) -> str:
    """Name what a machine films, be it a call or a device of its own."""
    return f"{target.machine}/{target.key}"


def cast(device: Device) -> list[Seen]:
    """Say what a device films of its own user, in a call or not: camera, microphone, screen."""
    found: list[Seen] = []
    if "camera" in device.tracks or "mic" in device.tracks:
        found.append(Seen(device.account, "mic" in device.tracks, "camera" in device.tracks))
    if "screen" in device.tracks:
        found.append(Seen(screen_of(device.account), video=True))
    return found


def mixes(device: Device) -> dict[str, list[Seen]]:
    """Say what each type of an own record shows (``startMediaRecording``)."""
    whole = Tile(0, 0, *SIZE)
    own, screen = device.account, screen_of(device.account)
    cameras = [own] if "camera" in device.tracks else []
    screens = [screen] if "screen" in device.tracks else []
    both = panes([*screens, *cameras], screen, SIZE)
    return {
        "camera": [Seen(own, tile=whole)] if cameras else [],
        "screen": [Seen(screen, tile=whole)] if screens else [],
        "video": [Seen(name, tile=tile) for name, tile in both.items()],
    }


def of(view: View, member: str) -> Device:
    """Return a connection's SDK instance; one that is not known is absent."""
    found = view.peek(Target(DEVICE, member))
    return found if isinstance(found, Device) else Device(member)


def devices(view: View, account: str) -> tuple[Device, ...]:
    """Return the instances of an account that have a connection, oldest first."""
    return tuple(each for each in view.every(DEVICE) if each.account == account and each.is_up)


def in_call(view: View, device: Device) -> tuple[Party, ...]:
    """Return who is in a device's call, itself included; nobody before it is taken."""
    if device.state is not State.TALKING:
        return ()
    session = view.peek(where(device))
    return session.parties if session is not None else ()


def idle(device: Device, state: State = State.READY) -> Device:
    """Take a device out of its call."""
    return msgspec.structs.replace(device, state=state, channel="", is_meeting=False)


def close_recordings(device: Device, account: str = "") -> Tell:
    """End what a device records locally, or only what it records of one account."""
    return Tell(recorder(device), CallOver(account))


def hear(device: Device, event: str, data: Any, about: str = "") -> Signal:
    return Signal(event, (device.member,), Said(about or device.channel, data))


def resolve(device: Device, data: Any = None) -> Reply:
    return Reply(Said(device.channel, data, device.profile))


def reject(device: Device, row: str, hint: str = "") -> Reply:
    """Answer a failure that is no refusal: what it changes stays changed."""
    return Reply(Said(device.channel, None, device.profile), row, hint)
