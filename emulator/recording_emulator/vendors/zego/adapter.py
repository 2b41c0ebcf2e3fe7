"""The adapter object: what the core, the server and the fixtures ask ZEGO for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed, Quota
from recording_emulator.core.decoding import read_query
from recording_emulator.core.machine import Input
from recording_emulator.core.media import OneFile, Pictures
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.base import Request
from recording_emulator.vendors.zego import (
    callbacks,
    errors,
    gateway,
    inputs,
    machine,
    recipes,
    recorder,
    register,
    routes,
    uploader,
)
from recording_emulator.vendors.zego.box import Uploader
from recording_emulator.vendors.zego.client import CLIENT
from recording_emulator.vendors.zego.settings import Settings
from recording_emulator.vendors.zego.surface import SURFACE
from recording_emulator.vendors.zego.task import STATUS, Task

HOSTS: Final = (
    "cloudrecord-api.zego.im",
    *(f"cloudrecord-api-{place}.zego.im" for place in ("sha", "hkg", "fra", "lax", "bom", "sgp")),
)
"""One host for all places, and one for each (DOC)."""
CALLS_PER_SECOND: Final = {"StartRecord": 50, "StopRecord": 50}
OTHER_CALLS_PER_SECOND: Final = 10
"""Calls a second by action (DOC); that they count per AppId, in a sliding second, is assumed."""


class ZegoAdapter(BaseAdapter):
    """ZEGO as an adapter; it has no state of its own."""

    name = "zego"
    title = "ZEGO"
    hosts = HOSTS
    domains = ("zego.im", "zegocloud.com")
    machines = (
        machine.MACHINE,
        recorder.MACHINE,
        uploader.MACHINE,
        register.MACHINE,
    )
    surface = SURFACE
    reads = frozenset({"DescribeRecordStatus", "DescribeTasks"})
    settings = Settings
    client = CLIENT
    retry = callbacks.RETRY
    check = callbacks.CHECK
    check_statuses = callbacks.CHECK_STATUSES
    secrets = frozenset({"AccessKeyId", "AccessKeySecret", "SecretId", "SecretKey", "secret"})
    types = (
        Task,
        recorder.Recorder,
        Uploader,
        register.Register,
        OneFile,
        recipes.Playlist,
        recipes.Fragments,
        Pictures,
        recipes.SoundWave,
        *tagged(inputs),
    )

    locate = staticmethod(machine.locate)
    outgoing = staticmethod(callbacks.outgoing)
    handle = staticmethod(routes.handle)
    unclaimed = staticmethod(routes.unclaimed)

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.zego.handle import Zego

        return Zego

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.zego.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        app = self.derived(tenant, "app_id", 8)
        return {
            "app_id": str(ids.number(app, 1_000_000_000, 2**32 - 1)),
            "server_secret": self.derived(tenant, "server_secret", 16).hex(),
            "callback_secret": self.derived(tenant, "callback_secret", 16).hex(),
        }

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("zego", "app_id", credentials["app_id"]),)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = given = read_query(request.query)
        app = gateway.app_of(given)
        return (("zego", "app_id", app),) if app else ()

    def quota(
        self, operation: str, given: Input, settings: Settings, by_default: bool
    ) -> Quota | None:
        by_action = CALLS_PER_SECOND.get(operation, OTHER_CALLS_PER_SECOND)
        per_second = settings.qps or (by_action if by_default else None)
        if per_second is None:
            return None
        app = given.account if isinstance(given, Malformed) else getattr(given, "app", "")
        return Quota(f"zego/{app}/{operation}", per_second, errors.RATE)

    def accepts(self, status: int, _body: bytes, _settings: Settings) -> str:
        return callbacks.accepts(status)

    def summary(self, task: Any) -> dict[str, Any] | None:
        if not isinstance(task, Task):
            return None
        return {
            "id": task.task,
            "state": task.state,
            "room": task.room,
            "status": STATUS.get(task.state),
            "started_ms": task.begin_ms,
            "ended_ms": task.end_ms,
        }


ADAPTER: Final = ZegoAdapter()
