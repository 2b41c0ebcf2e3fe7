"""The adapter object: what the core, the server and the fixtures ask CloudRoom for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core import ids
from recording_emulator.core.media import OneFile
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.base import Request
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

READS: Final = frozenset({
    "getAllMembers", "getMemberInfo", "getAllCloudMixerInfo", "getCloudMixerInfo", errors.Q,
    "room/onlineUsersNum/query", "room/onlineMembers/query",
})  # fmt: skip


class CloudRoomAdapter(BaseAdapter):
    """CloudRoom as an adapter; it has no state of its own."""

    name = "cloudroom"
    title = "CloudRoom"
    hosts = ("cloudroom.com",)
    machines = (
        machine.MACHINE,
        output.MACHINE,
        people.MACHINE,
        account.MACHINE,
    )
    surface = SURFACE
    reads = READS
    settings = Settings
    retry = callbacks.RETRY
    check = callbacks.CHECK
    check_statuses = callbacks.CHECK_STATUSES
    secrets = frozenset(
        {"accessKey", "secretKey", "secret", "SecretKey", "secretkey", "uploaded_bytes"}
    )
    sdk = CloudRoomSdk()
    client = CLIENT
    types = (
        room.Room,
        mixer.Mixer,
        output.Output,
        account.Account,
        OneFile,
        files.Deleted,
        files.Uploaded,
        *tagged(inputs),
    )

    locate = staticmethod(machine.locate)
    outgoing = staticmethod(callbacks.outgoing)
    handle = staticmethod(routes.handle)
    unclaimed = staticmethod(routes.unclaimed)

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.cloudroom.handle import CloudRoom

        return CloudRoom

    def sample(self, fake: Any) -> dict[str, Any]:
        path = f"/{fake.date()}/{fake.slug()}.mp4"
        cell = {"type": 5, "left": 0, "top": 0, "width": 640, "height": 360}
        video = {"svrPathName": path, "vWidth": 640, "vHeight": 360, "layoutConfig": [cell]}
        return {"userID": fake.user_name(), "cfg": {"mode": 0, "videoFileCfg": video}}

    def credentials(self, tenant: str) -> dict[str, str]:
        company = ids.number(self.derived(tenant, "comp_id", 16), 10**14, 10**15 - 1)
        kinds = ("comp_secret", "app_id", "app_secret")
        own = {kind: self.derived(tenant, kind, 16).hex() for kind in kinds}
        return {"comp_id": str(company), **own, "callback_secret": own["comp_secret"]}

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return tuple(("cloudroom", kind, credentials[kind]) for kind in ("comp_id", "app_id"))

    def claims(self, path: str) -> bool:
        return path.startswith(routes.PREFIXES)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = given = routes.asked(request)
        return routes.keys(given)

    def accepts(self, status: int, _body: bytes, _settings: Settings) -> str:
        return callbacks.accepts(status)

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
