"""The adapter object: what the core, the server and the fixtures ask ZEGO for."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed, Quota
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, Machine, Refusal, Target, View
from recording_emulator.core.media import OneFile, Pictures
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure
from recording_emulator.core.sdk import Sdk
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.zego import (
    callbacks,
    errors,
    gateway,
    inputs,
    machine,
    recipes,
    recorder,
    register,
    replies,
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


class ZegoAdapter:
    """ZEGO as an adapter; it has no state of its own."""

    name = "zego"
    hosts = HOSTS
    domains = ("zego.im", "zegocloud.com")
    machines: tuple[Machine, ...] = (
        machine.MACHINE,
        recorder.MACHINE,
        uploader.MACHINE,
        register.MACHINE,
    )
    surface = SURFACE
    settings = Settings
    client = CLIENT
    retry = callbacks.RETRY
    check_statuses: Mapping[Failure, int] = callbacks.CHECK_STATUSES
    sdk: Sdk | None = None
    secrets = frozenset({"AccessKeyId", "AccessKeySecret", "SecretId", "SecretKey", "secret"})
    types: tuple[type, ...] = (
        Task,
        recorder.Recorder,
        Uploader,
        register.Register,
        OneFile,
        recipes.Playlist,
        recipes.Fragments,
        Pictures,
        recipes.SoundWave,
        *(
            each
            for each in vars(inputs).values()
            if isinstance(each, type) and issubclass(each, Input) and each is not Input
        ),
        inputs.Event,
    )

    def handle_type(self) -> type[Any]:
        from recording_emulator.vendors.zego.handle import Zego

        return Zego

    def sample(self, fake: Any) -> dict[str, Any]:
        from recording_emulator.vendors.zego.samples import sample

        return sample(fake)

    def credentials(self, tenant: str) -> dict[str, str]:
        def derived(kind: str, size: int) -> bytes:
            return ids.derive(0, f"zego.{kind}", tenant, 0, size)

        return {
            "app_id": str(ids.number(derived("app_id", 8), 1_000_000_000, 2**32 - 1)),
            "server_secret": derived("server_secret", 16).hex(),
            "callback_secret": derived("callback_secret", 16).hex(),
        }

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("zego", "app_id", credentials["app_id"]),)

    def claims(self, _path: str) -> bool:
        return False  # everything is on /, which could be anybody's

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        request.decoded = given = gateway.fields(request.query)
        app = gateway.app_of(given)
        return (("zego", "app_id", app),) if app else ()

    async def handle(self, request: Request, hand: Hand) -> Response:
        return await routes.handle(request, hand)

    def unclaimed(self, request: Request, hint: str) -> Response:
        found = gateway.problem(request.method, request.path, request.decoded)
        row, hint = found if found is not None else (errors.NO_SECRET, hint)
        status, body = replies.render(Answer(0, row, hint), "", "1" + "0" * 18)
        return Response(status, body, (routes.JSON,), hint)

    def locate(self, given: Input, view: View) -> Target | Refusal:
        return machine.locate(given, view)

    def room_of(self, given: Input) -> str:
        return getattr(given, "room", "")

    def quota(
        self, operation: str, given: Input, settings: Settings, by_default: bool
    ) -> Quota | None:
        by_action = CALLS_PER_SECOND.get(operation, OTHER_CALLS_PER_SECOND)
        per_second = settings.qps or (by_action if by_default else None)
        if per_second is None:
            return None
        app = given.account if isinstance(given, Malformed) else getattr(given, "app", "")
        return Quota(f"zego/{app}/{operation}", per_second, errors.RATE)

    def is_read(self, operation: str) -> bool:
        return operation in ("DescribeRecordStatus", "DescribeTasks")

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
        return SURFACE.event(event, "ZEGO").id

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
