"""The adapter object: what the core, the server and the fixtures ask NERoom for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core.adapter import Quota
from recording_emulator.core.machine import Facts, Input, Machine, Refusal, Target, View
from recording_emulator.core.media import OneFile
from recording_emulator.core.outbox import CallbackTarget, Delivery
from recording_emulator.families import netease, vod
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.neroom import (
    backend,
    callbacks,
    inputs,
    instance,
    machine,
    paths,
    recorder,
    room,
    routes,
    users,
)
from recording_emulator.vendors.neroom.client import CLIENT
from recording_emulator.vendors.neroom.nertc import channel, copies, task
from recording_emulator.vendors.neroom.nertc import inputs as nertc_inputs
from recording_emulator.vendors.neroom.nertc import machine as nertc_machine
from recording_emulator.vendors.neroom.nertc import routes as nertc
from recording_emulator.vendors.neroom.sdk import NeRoomSdk
from recording_emulator.vendors.neroom.settings import Settings
from recording_emulator.vendors.neroom.surface import SURFACE

READS: Final = frozenset(
    {
        "getRoomCloudRecordList",
        "getRoomContext",
        "getRoomSnapshot",
        "getVideo",
        *(each.name for each in paths.OPERATIONS if each.method == "GET"),
    }
)


class NeRoomAdapter(BaseAdapter):
    """NERoom as an adapter; it has no state of its own."""

    name = "neroom"
    title = "NERoom"
    hosts = (
        "roomkit.netease.im",
        "roomkit-sg.netease.im",
        "roomkit-alt1.yunxinapi.com",
        "roomkit-alt2.yunxinapi.com",
        "roomkit-sg.yunxinapi.com",
        vod.HOST,
        "logic-dev.netease.im",
        "rtc.yunxinapi.com",
        "call-prd-ap.netease.im",
    )
    domains = ("netease.im", "yunxinapi.com", "yunxinroom.com")
    machines: tuple[Machine, ...] = (
        machine.MACHINE,
        instance.MACHINE,
        recorder.MACHINE,
        users.MACHINE,
        nertc_machine.MACHINE,
        task.MACHINE,
        vod.MACHINE,
    )
    surface = SURFACE
    reads = READS
    settings = Settings
    retry = callbacks.RETRY
    check = inputs.Copied("", {"roomArchiveId": "0", "roomUuid": "check"})
    check_statuses = callbacks.CHECK_STATUSES
    secrets = frozenset({"secret", "password", "token", "im_token"})
    sdk = NeRoomSdk()
    client = CLIENT
    types = (
        room.Room,
        instance.Instance,
        recorder.Recording,
        OneFile,
        *users.TYPES,
        *backend.TYPES,
        channel.Channel,
        task.Task,
        *vod.TYPES,
        *tagged(inputs, nertc_inputs),
    )

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.neroom.handle import NeRoom

        return NeRoom

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.neroom.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        return netease.credentials(tenant)

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return netease.keys(credentials["app_key"])

    def claims(self, path: str) -> bool:
        return nertc.claims(path) or routes.claims(path)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = door = routes.open_door(request)
        return netease.keys(door.app_key) if door.app_key else ()

    async def handle(self, request: Request, hand: Hand) -> Response:
        if nertc.claims(request.path):
            return await nertc.handle(request, hand)
        return await routes.handle(request, hand)

    def unclaimed(self, request: Request, hint: str) -> Response:
        if nertc.claims(request.path):
            return nertc.unclaimed(request, hint)
        return routes.unclaimed(request, hint)

    def locate(self, given: Input, view: View) -> Target | Refusal:
        if isinstance(given, nertc_inputs.ByChannel):
            return nertc_machine.locate(given, view)
        return machine.locate(given, view)

    def quota(
        self, operation: str, _given: Input, settings: Settings, by_default: bool
    ) -> Quota | None:
        return nertc.quota(operation, settings, by_default)

    def is_read(self, operation: str) -> bool:
        return super().is_read(operation) or nertc.is_read(operation)

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        if isinstance(delivery.facts, nertc_inputs.RtcCopied):
            return copies.outgoing(delivery, target, now_ms, view)
        return callbacks.outgoing(delivery, target, now_ms, view)

    def accepts(self, status: int, body: bytes, settings: Settings) -> str:
        return callbacks.accepts(status, body, settings.cc_require_body)

    def check_facts(self, event: str) -> Facts:
        if event in copies.IDS:
            return copies.check(event)
        return super().check_facts(event)

    def summary(self, thing: Any) -> dict[str, Any] | None:
        if isinstance(thing, task.Task):
            return task.summary(thing)
        if not isinstance(thing, recorder.Recording):
            return None
        return {
            "id": thing.id,
            "state": thing.state,
            "room": thing.room,
            "archive": thing.archive,
            "started_ms": thing.started_ms,
            "ended_ms": thing.ended_ms,
            "files": [each.name for each in thing.files],
        }


ADAPTER: Final = NeRoomAdapter()
