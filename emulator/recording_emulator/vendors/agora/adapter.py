"""The adapter object: what the core, the server and the fixtures ask Agora for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core.adapter import Malformed, Quota
from recording_emulator.core.machine import Input
from recording_emulator.core.media import Pictures
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.agora import (
    callbacks,
    errors,
    inputs,
    machine,
    ncs,
    page,
    paths,
    recipes,
    recorder,
    routes,
    transcoder,
    uploader,
)
from recording_emulator.vendors.agora.box import Uploader
from recording_emulator.vendors.agora.client import CLIENT
from recording_emulator.vendors.agora.settings import Settings
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.agora.task import STATUS, Task
from recording_emulator.vendors.base import Request

DOMAINS: Final = ("agora.io", "sd-rtn.com")
PREFIXES: Final = (
    "api",
    "api-us-west-1",
    "api-us-east-1",
    "api-ap-southeast-1",
    "api-ap-northeast-1",
    "api-eu-west-1",
    "api-eu-central-1",
    "api-cn-east-1",
    "api-cn-east-2",
    "api-cn-north-1",
)
"""The primary and the region hosts (DS); ``api-cn-east-2`` is what Agora's Node client asks for."""
CALLS_PER_SECOND: Final = 10
"""10 requests a second, per App ID (DS; CN23 says per account)."""


class AgoraAdapter(BaseAdapter):
    """Agora as an adapter; it has no state of its own."""

    name = "agora"
    title = "Agora"
    hosts = tuple(f"{prefix}.{domain}" for domain in DOMAINS for prefix in PREFIXES)
    domains = DOMAINS
    machines = (
        machine.MACHINE,
        recorder.MACHINE,
        page.MACHINE,
        uploader.MACHINE,
        transcoder.MACHINE,
        ncs.MACHINE,
    )
    surface = SURFACE
    reads = frozenset({"query"})
    settings = Settings
    client = CLIENT
    retry = callbacks.RETRY
    check = callbacks.CHECK
    check_statuses = callbacks.CHECK_STATUSES
    secrets = frozenset(
        {
            "accessKey",
            "secretKey",
            "stsToken",
            "token",
            "secret",
            "salt",
            "raw",
            "start_parameter",
            "rtmpUrl",
        }
    )
    types = (
        Task,
        recorder.Recorder,
        page.Page,
        Uploader,
        transcoder.Transcoder,
        ncs.Notifier,
        recipes.Playlist,
        recipes.Merged,
        recipes.Slices,
        recipes.Movies,
        Pictures,
        recipes.Transcoded,
        *tagged(inputs),
    )

    locate = staticmethod(machine.locate)
    outgoing = staticmethod(callbacks.outgoing)
    handle = staticmethod(routes.handle)
    unclaimed = staticmethod(routes.unclaimed)

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.agora.handle import Agora

        return Agora

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.agora.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        kinds = {"app_id": 16, "customer_id": 16, "customer_secret": 16, "callback_secret": 8}
        return {kind: self.derived(tenant, kind, size).hex() for kind, size in kinds.items()}

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (
            ("agora", "app_id", credentials["app_id"]),
            ("agora", "customer_id", credentials["customer_id"]),
        )

    def claims(self, path: str) -> bool:
        return bool(paths.find("", path))

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = door = routes.open_door(request)
        app = door.route if isinstance(door.route, str) else door.route.app
        keys = (("agora", "app_id", app),)
        return (*keys, ("agora", "customer_id", door.pair[0])) if door.pair is not None else keys

    def room_of(self, given: Input) -> str:
        return getattr(given, "cname", "")

    def quota(
        self, _operation: str, given: Input, settings: Settings, by_default: bool
    ) -> Quota | None:
        per_second = settings.qps or (CALLS_PER_SECOND if by_default else None)
        if per_second is None:
            return None
        account = given.account if isinstance(given, Malformed) else getattr(given, "app", "")
        return Quota(f"agora/{account}", per_second, errors.RATE)

    def accepts(self, status: int, body: bytes, settings: Settings) -> str:
        return callbacks.accepts(status, body, needs_json=settings.callback_needs_json)

    def copies(self, settings: Settings) -> int:
        return 2 if settings.redundant_callbacks else 1

    def summary(self, task: Any) -> dict[str, Any] | None:
        if not isinstance(task, Task):
            return None
        return {
            "id": task.resource,
            "state": task.state,
            "room": task.cname,
            "uid": task.uid,
            "sid": task.sid,
            "mode": task.mode,
            "status": STATUS.get(task.state),
            "acquired_ms": task.acquired_ms,
            "started_ms": task.started_ms,
        }


ADAPTER: Final = AgoraAdapter()
