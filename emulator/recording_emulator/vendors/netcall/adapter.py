"""The adapter object: what the core, the server and the fixtures ask netcall for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core.machine import Input, Refusal, Target, View
from recording_emulator.core.media import OneFile
from recording_emulator.families import netease, vod
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.base import Request
from recording_emulator.vendors.netcall import (
    agent,
    callbacks,
    device,
    gathering,
    inputs,
    instance,
    machine,
    media,
    meeting,
    recorder,
    routes,
    simple,
    told,
)
from recording_emulator.vendors.netcall.client import CLIENT
from recording_emulator.vendors.netcall.inputs import Caller
from recording_emulator.vendors.netcall.sdk import NetcallSdk
from recording_emulator.vendors.netcall.settings import Settings
from recording_emulator.vendors.netcall.surface import SURFACE
from recording_emulator.vendors.netcall.told import Billed

MACHINES: Final = (
    machine.MACHINE,
    meeting.MACHINE,
    device.MACHINE,
    recorder.MACHINE,
    gathering.MACHINE,
    agent.MACHINE,
    simple.MACHINE,
    media.MACHINE,
    vod.MACHINE,
)
OWNERS: Final[Mapping[type, str]] = {
    given: each.name for each in MACHINES for given in each.client_inputs
}
"""Which machine a client's call is for."""


class NetcallAdapter(BaseAdapter):
    """netcall as an adapter; it has no state of its own."""

    name = "netcall"
    title = "netcall"
    machines = MACHINES
    surface = SURFACE
    reads = frozenset({"getVideo", "listMediaRecording"})
    settings = Settings
    retry = callbacks.RETRY
    check = Billed("", {})  # the console's probe of an address: an empty object
    check_statuses = callbacks.CHECK_STATUSES
    secrets = frozenset({"secret", "token"})
    sdk = NetcallSdk()
    client = CLIENT
    types = (
        machine.Call,
        meeting.Meeting,
        instance.Device,
        recorder.Recording,
        gathering.Gathering,
        agent.Agent,
        agent.Going,
        simple.Simple,
        media.Records,
        media.Record,
        OneFile,
        *vod.TYPES,
        *tagged(inputs, told),
    )

    outgoing = staticmethod(callbacks.outgoing)
    handle = staticmethod(routes.handle)
    unclaimed = staticmethod(routes.unclaimed)

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.netcall.handle import Netcall

        return Netcall

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.netcall.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        return netease.credentials(tenant)

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return netease.keys(credentials["app_key"])

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        app_key = request.headers.get(b"appkey", b"").decode("latin-1")
        return netease.keys(app_key)

    def locate(self, given: Input, _view: View) -> Target | Refusal:
        """Find what a call is about: the caller's own SDK instance or recorder, or a video."""
        match given:
            case vod.GetVideo(vid) | vod.DeleteVideo(vid):
                return vod.where(vid)
            case inputs.MemberChanged(member):
                return Target(inputs.DEVICE, member)
            case Caller(member):
                return Target(OWNERS[type(given)], member)
            case _:
                raise AssertionError(given)

    def room_of(self, given: Input) -> str:
        if isinstance(given, inputs.MakeMeeting | inputs.JoinMeeting):
            return given.name
        return ""

    def accepts(self, status: int, body: bytes, settings: Settings) -> str:
        return callbacks.accepts(status, body, settings)

    def summary(self, task: Any) -> dict[str, Any] | None:
        if not isinstance(task, recorder.Recording):
            return None
        return {
            "id": task.channel,
            "state": task.state,
            "room": task.room,
            "started_ms": task.started_ms,
            "ended_ms": task.ended_ms,
            "files": [each.key for each in task.files],
        }


ADAPTER: Final = NetcallAdapter()
