"""The adapter object: what the core, the server and the fixtures ask NERoom for."""

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
from recording_emulator.vendors.neroom import (
    callbacks,
    files,
    inputs,
    instance,
    machine,
    recorder,
    room,
)
from recording_emulator.vendors.neroom.client import CLIENT
from recording_emulator.vendors.neroom.sdk import NeRoomSdk
from recording_emulator.vendors.neroom.settings import Settings
from recording_emulator.vendors.neroom.surface import SURFACE

JSON: Final = (b"content-type", b"application/json")
READS: Final = ("getRoomCloudRecordList", "getRoomContext", "getRoomSnapshot")
NOT_MODELLED: Final = "NERoom's REST API is not modelled yet; its SDK connects at /neroom/sdk"


class NeRoomAdapter:
    """NERoom as an adapter; it has no state of its own."""

    name = "neroom"
    hosts: tuple[str, ...] = ("roomkit.netease.im", "roomkit-sg.netease.im")
    machines: tuple[Machine, ...] = (
        machine.MACHINE,
        instance.MACHINE,
        recorder.MACHINE,
        vod.MACHINE,
    )
    surface = SURFACE
    settings = Settings
    retry = callbacks.RETRY
    check_statuses: Mapping[Failure, int] = callbacks.CHECK_STATUSES
    secrets = frozenset({"secret", "password", "token"})
    sdk: Sdk | None = NeRoomSdk()
    client: ClientSide = CLIENT
    types: tuple[type, ...] = (
        room.Room,
        instance.Instance,
        recorder.Recording,
        files.Media,
        *vod.TYPES,
        *(
            each
            for each in vars(inputs).values()
            if isinstance(each, type)
            and issubclass(each, msgspec.Struct)
            and each.__struct_config__.tag is not None
        ),
    )

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.neroom.handle import NeRoom

        return NeRoom

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.neroom.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
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

    async def handle(self, _request: Request, _hand: Hand) -> Response:
        return Response(404, b'{"code":404,"msg":"Not Found"}', (JSON,), NOT_MODELLED)

    def unclaimed(self, _request: Request, hint: str) -> Response:
        return Response(404, b'{"code":404,"msg":"Not Found"}', (JSON,), hint)

    def locate(self, given: Input, view: View) -> Target | Refusal:
        return machine.locate(given, view)

    def room_of(self, given: Input) -> str:
        return getattr(given, "room", "")

    def quota(
        self, _operation: str, _given: Input, _settings: Any, _by_default: bool
    ) -> Quota | None:
        return None

    def is_read(self, operation: str) -> bool:
        return operation in READS

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        return callbacks.outgoing(delivery, target, now_ms, view)

    def accepts(self, status: int, body: bytes, settings: Settings) -> str:
        return callbacks.accepts(status, body, settings.cc_require_body)

    def copies(self, _settings: Settings) -> int:
        return 1

    def check_facts(self, _event: str) -> Facts:
        return inputs.Copied("", {"roomArchiveId": "0", "roomUuid": "check"})

    def event_name(self, event: str) -> str:
        if any(event == row.id for row in SURFACE.events):
            return event
        known = ", ".join(row.id for row in SURFACE.events)
        raise KeyError(f"NERoom announces no event {event!r}; it announces {known}")

    def summary(self, task: Any) -> dict[str, Any] | None:
        if not isinstance(task, recorder.Recording):
            return None
        return {
            "id": task.id,
            "state": task.state,
            "room": task.room,
            "archive": task.archive,
            "started_ms": task.started_ms,
            "ended_ms": task.ended_ms,
            "files": [each.name for each in task.files],
        }


ADAPTER: Final = NeRoomAdapter()
