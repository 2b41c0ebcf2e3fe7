"""The adapter object: what the core, the server and the fixtures ask CloudRoom for."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.adapter import Quota
from recording_emulator.core.machine import Facts, Input, Machine, Refusal, Target, View
from recording_emulator.core.media import OneFile
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure
from recording_emulator.core.sdk import Sdk
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import ClientSide, Request, Response
from recording_emulator.vendors.cloudroom import (
    account,
    callbacks,
    errors,
    files,
    inputs,
    machine,
    mixer,
    output,
    people,
    room,
    routes,
)
from recording_emulator.vendors.cloudroom.client import CLIENT
from recording_emulator.vendors.cloudroom.sdk import CloudRoomSdk
from recording_emulator.vendors.cloudroom.settings import Settings
from recording_emulator.vendors.cloudroom.surface import SURFACE

READS: Final = (
    "getAllMembers", "getMemberInfo", "getAllCloudMixerInfo", "getCloudMixerInfo", errors.Q,
    "room/onlineUsersNum/query", "room/onlineMembers/query",
)  # fmt: skip


class CloudRoomAdapter:
    """CloudRoom as an adapter; it has no state of its own."""

    name = "cloudroom"
    hosts: tuple[str, ...] = ("cloudroom.com",)
    machines: tuple[Machine, ...] = (
        machine.MACHINE,
        output.MACHINE,
        people.MACHINE,
        account.MACHINE,
    )
    surface = SURFACE
    settings = Settings
    retry = callbacks.RETRY
    check_statuses: Mapping[Failure, int] = callbacks.CHECK_STATUSES
    secrets = frozenset(
        {"accessKey", "secretKey", "secret", "SecretKey", "secretkey", "uploaded_bytes"}
    )
    sdk: Sdk | None = CloudRoomSdk()
    client: ClientSide = CLIENT
    types: tuple[type, ...] = (
        room.Room,
        mixer.Mixer,
        output.Output,
        account.Account,
        OneFile,
        files.Deleted,
        files.Uploaded,
        *(
            each
            for each in vars(inputs).values()
            if isinstance(each, type)
            and issubclass(each, msgspec.Struct)
            and each.__struct_config__.tag is not None
        ),
    )

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.cloudroom.handle import CloudRoom

        return CloudRoom

    def sample(self, fake: Any) -> dict[str, Any]:
        path = f"/{fake.date()}/{fake.slug()}.mp4"
        cell = {"type": 5, "left": 0, "top": 0, "width": 640, "height": 360}
        video = {"svrPathName": path, "vWidth": 640, "vHeight": 360, "layoutConfig": [cell]}
        return {"userID": fake.user_name(), "cfg": {"mode": 0, "videoFileCfg": video}}

    def credentials(self, tenant: str) -> dict[str, str]:
        def derived(kind: str) -> bytes:
            return ids.derive(0, f"cloudroom.{kind}", tenant, 0, 16)

        secret = derived("comp_secret").hex()
        return {
            "comp_id": str(ids.number(derived("comp_id"), 10**14, 10**15 - 1)),
            "comp_secret": secret,
            "app_id": derived("app_id").hex(),
            "app_secret": derived("app_secret").hex(),
            "callback_secret": secret,
        }

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return tuple(("cloudroom", kind, credentials[kind]) for kind in ("comp_id", "app_id"))

    def claims(self, path: str) -> bool:
        return path.startswith(routes.PREFIXES)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = given = routes.asked(request)
        return routes.keys(given)

    async def handle(self, request: Request, hand: Hand) -> Response:
        return await routes.handle(request, hand)

    def unclaimed(self, request: Request, hint: str) -> Response:
        return routes.unclaimed(request, hint)

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

    def accepts(self, status: int, _body: bytes, _settings: Settings) -> str:
        return callbacks.accepts(status)

    def copies(self, _settings: Settings) -> int:
        return 1

    def check_facts(self, _event: str) -> Facts:
        return callbacks.CHECK

    def event_name(self, event: str) -> str:
        return SURFACE.event(event, "CloudRoom").id

    def summary(self, task: Any) -> dict[str, Any] | None:
        if not isinstance(task, mixer.Mixer):
            return None
        return {
            "id": task.id,
            "state": task.state,
            "room": task.room,
            "owner": task.owner,
            "started_ms": task.started_ms,
            "ended_ms": task.ended_ms,
            "error": task.error,
            "files": list(task.paths),
        }


ADAPTER: Final = CloudRoomAdapter()
