"""From a fault as people write it to one that can be armed: names resolved, mistakes named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from recording_emulator.core import faults
from recording_emulator.core.faults import Fault
from recording_emulator.errors import BadRequest

if TYPE_CHECKING:
    from recording_emulator.core.adapter import Adapter

YEAR_MS: Final = 31_536_000_000
Milliseconds = Annotated[int, Meta(ge=0, le=YEAR_MS)]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong: where, on what, when and how often.

    ``from_ms`` and ``until_ms`` count from the moment of arming, on the tenant's clock; ``code`` is
    a row's id or its bare code; ``file`` is how the name of a stored file ends; the rest is as in
    ``Fault``.
    """

    on: str
    effect: str
    id: str = ""
    operation: str = ""
    event: str = ""
    file: str = ""
    room: str = ""
    nth: int = 1
    times: int | None = 1
    chance: float = 1.0
    from_ms: Milliseconds = 0
    until_ms: Milliseconds | None = None
    may_not_fire: bool = False
    code: str = ""
    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    by_ms: Annotated[int, Meta(ge=-YEAR_MS, le=YEAR_MS)] = 0
    after_ms: Milliseconds = 0
    for_ms: Milliseconds = 0
    commit: bool = False


def fault(adapter: Adapter, wanted: Wanted, fault_id: str, now_ms: int) -> Fault:
    """Make a fault that can be armed.

    Raises:
        BadRequest: Naming the field that is wrong and what it could be.
    """
    until_ms = wanted.until_ms
    made = Fault(
        id=wanted.id or fault_id,
        vendor=adapter.name,
        on=wanted.on,
        effect=wanted.effect,
        name=_name(adapter, wanted),
        room=wanted.room,
        nth=wanted.nth,
        times=wanted.times,
        chance=wanted.chance,
        opens_ms=now_ms + wanted.from_ms,
        closes_ms=faults.FOREVER_MS if until_ms is None else now_ms + until_ms,
        may_not_fire=wanted.may_not_fire,
        code=wanted.code,
        status=wanted.status or 0,
        by_ms=wanted.by_ms,
        after_ms=wanted.after_ms,
        for_ms=wanted.for_ms,
        commit=wanted.commit,
    )
    wrong = faults.problem(made, adapter.surface.faults)
    if wrong:
        raise BadRequest(wrong)
    if made.on != faults.DOOR and made.by_ms < 0:
        raise BadRequest("by_ms is at least 0: only a clock can be behind")
    if made.code:
        try:
            row = adapter.surface.error_for(made.name, made.code).id
        except KeyError as error:
            raise BadRequest(str(error.args[0])) from None
        made = msgspec.structs.replace(made, code=row)
    return made


def _name(adapter: Adapter, wanted: Wanted) -> str:
    """Resolve what a fault names: an operation, event or ending; or an empty text for any."""
    if wanted.operation and wanted.on != faults.CALL:
        raise BadRequest(f"operation is for faults on 'call', not on {wanted.on!r}")
    if wanted.event and wanted.on not in (faults.CALLBACK, faults.SDK.name):
        raise BadRequest(f"event is for faults on 'callback', not on {wanted.on!r}")
    if wanted.file and wanted.on != faults.OBJECT:
        raise BadRequest(f"file is for faults on 'object', not on {wanted.on!r}")
    if wanted.file:
        return wanted.file.rpartition(".")[2]
    if wanted.operation:
        known = [each.name for each in adapter.surface.operations]
        if wanted.operation not in known:
            raise BadRequest(
                f"{adapter.name} has no operation {wanted.operation!r}; it has {', '.join(known)}"
            )
        return wanted.operation
    if not wanted.event:
        return ""
    try:
        return adapter.event_name(wanted.event)
    except KeyError as error:
        raise BadRequest(str(error.args[0])) from None
