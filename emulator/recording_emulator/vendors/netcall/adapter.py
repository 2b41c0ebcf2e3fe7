"""The adapter object: what the core, the server and the fixtures ask netcall for."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.adapter import Quota
from recording_emulator.core.machine import Facts, Input, Machine, Refusal, Target, View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure
from recording_emulator.core.sdk import Sdk
from recording_emulator.families import vod
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import ClientSide, Request, Response
from recording_emulator.vendors.netcall import (
    agent,
    callbacks,
    device,
    files,
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


class NetcallAdapter:
    """netcall as an adapter; it has no state of its own."""

    name = "netcall"
    hosts: tuple[str, ...] = ()
    machines: tuple[Machine, ...] = MACHINES
    surface = SURFACE
    settings = Settings
    retry = callbacks.RETRY
    check_statuses: Mapping[Failure, int] = callbacks.CHECK_STATUSES
    secrets = frozenset({"secret", "token"})
    sdk: Sdk | None = NetcallSdk()
    client: ClientSide = CLIENT
    types: tuple[type, ...] = (
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
        files.Media,
        files.Webm,
        *vod.TYPES,
        *(
            each
            for each in (vars(inputs) | vars(told)).values()
            if isinstance(each, type)
            and issubclass(each, msgspec.Struct)
            and each.__struct_config__.tag is not None
        ),
    )

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.netcall.handle import Netcall

        return Netcall

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.netcall.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        """Derive the AppKey and its secret, which are NERoom's, too: one AppKey serves both."""

        def derived(kind: str) -> str:
            return ids.derive(0, f"netease.{kind}", tenant, 0, 16).hex()

        secret = derived("app_secret")
        return {"app_key": derived("app_key"), "app_secret": secret, "callback_secret": secret}

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("netease", "app_key", credentials["app_key"]),)

    def claims(self, _path: str) -> bool:
        return False

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        app_key = request.headers.get(b"appkey", b"").decode("latin-1")
        return (("netease", "app_key", app_key),)

    async def handle(self, request: Request, hand: Hand) -> Response:
        return await routes.handle(request, hand)

    def unclaimed(self, request: Request, hint: str) -> Response:
        return routes.unclaimed(request, hint)

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

    def quota(
        self, _operation: str, _given: Input, _settings: Any, _by_default: bool
    ) -> Quota | None:
        return None

    def is_read(self, operation: str) -> bool:
        return operation in ("getVideo", "listMediaRecording")

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        return callbacks.outgoing(delivery, target, now_ms, view)

    def accepts(self, status: int, body: bytes, settings: Settings) -> str:
        return callbacks.accepts(status, body, settings)

    def copies(self, _settings: Settings) -> int:
        return 1

    def check_facts(self, _event: str) -> Facts:
        """Make up the console's probe of an address: an empty object."""
        return Billed("", {})

    def event_name(self, event: str) -> str:
        return SURFACE.event(event, "netcall").id

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
