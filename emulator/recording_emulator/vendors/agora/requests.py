"""From Agora's bodies to inputs, with the checks in the vendor's order.

Order of checks: JSON, envelope (``cname``, ``uid``, ``clientRequest``), resource, state of the
task, parameters. The first two are decided here; the parameters are judged here too, but only
*reported* in the input (``problem``), because resource and state come first.

Source:
    Sheet §4.3, the order assumed as a whole.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import Undecodable, decode, unknown_fields
from recording_emulator.core.machine import Input
from recording_emulator.vendors.agora import checks, errors, individual, inputs, web
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    Envelope,
    Layout,
    StartParams,
    StopParams,
    Subscription,
    UpdateParams,
)
from recording_emulator.vendors.agora.checks import FINE, Problem, invalid
from recording_emulator.vendors.agora.individual import IndividualStart
from recording_emulator.vendors.agora.paths import LIST_ADDRESSES, Route
from recording_emulator.vendors.agora.web import WebStart, WebUpdate

MAX_LIFE_MS: Final = 10 * 365 * 86_400_000
"""Credentials that live longer than ten years do not end here (ours)."""

T = TypeVar("T")
Read = tuple[Input, tuple[str, ...]]
"""An input, and what the decoding has to remark about it."""

_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_ANY: Final = msgspec.json.Decoder()
_DECODERS: Final[dict[Any, Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (
        AcquireParams,
        StartParams,
        IndividualStart,
        WebStart,
        UpdateParams,
        WebUpdate,
        Layout,
        StopParams,
    )
}


def read(route: Route, body: bytes, account: str, *, lax_uid: bool) -> Read:
    """Turn a request into its input; ``account`` is the App ID as the tasks know it."""
    if route.operation == "query":  # whatever stands in the body of a GET (the Java client: null)
        return inputs.Query(account, route.resource, route.sid, route.mode), ()
    if route.operation == LIST_ADDRESSES:
        return inputs.NcsIp(account), ()
    found = envelope(route.operation, body, account, lax_uid=lax_uid)
    if isinstance(found, Malformed):
        return found, ()
    return _READERS[route.operation](route, account, *found)


def envelope(
    operation: str, body: bytes, account: str, *, lax_uid: bool
) -> tuple[Envelope, Raw] | Malformed:
    """Read what every body carries: the checks "JSON" and "envelope"."""
    found = decode(_ENVELOPE, body)
    if isinstance(found, Undecodable):
        problem = invalid(operation, found.field, _explained(found, body))
        row = errors.INVALID if found.is_json else errors.NOT_JSON
        return Malformed(row, problem.says, problem.hint, "", account)
    problem = _envelope_problem(operation, found, lax_uid=lax_uid)
    if problem is not FINE:
        return Malformed(errors.INVALID, problem.says, problem.hint, found.cname, account)
    params = found.clientRequest
    return found, Raw(b"{}") if isinstance(params, UnsetType) else params


def _explained(found: Undecodable, body: bytes) -> str:
    """Add the near misses of a missing field: keys are case sensitive (DS)."""
    plain = decode(_ANY, body) if found.is_missing else None
    strange = _strange(plain, Envelope)
    return "; ".join([found.why, *(f"unknown field {each!r}" for each in strange)])


def _strange(plain: Any, kind: Any, path: str = "$") -> list[str]:
    return [] if isinstance(plain, Undecodable) else list(unknown_fields(plain, kind, path))


def _envelope_problem(operation: str, found: Envelope, *, lax_uid: bool) -> Problem:
    if not found.cname:
        return invalid(operation, "cname", "cname is empty")
    if not isinstance(found.uid, str) and not lax_uid:
        return invalid(operation, "uid", f'expected a string such as "{found.uid}", got a number')
    text = str(found.uid)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) < 2**32):
        return invalid(operation, "uid", f"expected a string holding 1..4294967295, got {text!r}")
    params = found.clientRequest
    if isinstance(params, UnsetType):
        if operation != "acquire":
            return invalid(operation, "clientRequest", "clientRequest is missing")
    elif bytes(params)[:1] != b"{":
        return invalid(operation, "clientRequest", "clientRequest must be an object")
    return FINE


def read_params(
    operation: str, kind: type[T], raw: Raw, check: Callable[[T], Problem] | None = None
) -> tuple[T | None, Problem, tuple[str, ...]]:
    """Read ``clientRequest``: the value (None if there is none), its problem, unknown fields."""
    found: T | Undecodable = decode(_DECODERS[kind], raw)
    if isinstance(found, Undecodable):
        return None, invalid(operation, found.field, found.why), ()
    plain = decode(_ANY, raw)
    if isinstance(plain, Undecodable):  # in a field that is not ours, so nothing read it before
        return None, invalid(operation, plain.field, plain.why), ()
    problem = FINE if check is None else check(found)
    notes = tuple(f"unknown field {each}" for each in _strange(plain, kind, "clientRequest"))
    return (found if problem is FINE else None), problem, notes


def normal_form(raw: Raw | UnsetType) -> str:
    """Write a JSON object so that equal objects are equal texts, whatever the order of keys."""
    if isinstance(raw, UnsetType):
        return ""
    found = decode(_ANY, raw)
    try:
        return msgspec.json.encode(found, order="sorted").decode()
    except (RecursionError, ValueError, TypeError):
        return bytes(raw).decode("utf-8", "replace")


_STARTS: Final[dict[str, tuple[Any, Callable[[Any], Problem]]]] = {
    "mix": (StartParams, checks.start_problem),
    "individual": (IndividualStart, individual.start_problem),
    "web": (WebStart, web.start_problem),
}


def dated(given: Input, wall_ms: int) -> Input:
    """Say how long temporary storage credentials still live, by the wall clock at the door."""
    if isinstance(given, inputs.Start):
        storage = given.params.storageConfig if given.params is not None else None
    elif isinstance(given, inputs.Update):
        storage = given.storage
    else:
        return given
    if storage is None or not storage.stsExpiration:
        return given
    life_ms = max(0, storage.stsExpiration * 1000 - wall_ms)
    return msgspec.structs.replace(given, sts_life_ms=min(life_ms, MAX_LIFE_MS))


# --- one function per operation -------------------------------------------------------------------


def _acquire(_route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    found = read_params("acquire", AcquireParams, raw, checks.acquire_problem)
    params, problem, notes = found
    wanted = ""
    if params is not None:
        wanted = normal_form(params.startParameter)
        params = msgspec.structs.replace(params, startParameter=UNSET)
    return inputs.Acquire(account, head.cname, str(head.uid), params, wanted, problem), notes


def _start(route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    kind, check = _STARTS.get(route.mode, _STARTS["mix"])
    params, problem, notes = read_params("start", kind, raw, check)
    if route.mode not in _STARTS:
        hint = f"mode is individual, mix or web, not {route.mode!r}"
        params, problem = None, invalid("start", "mode", hint)
    given = inputs.Start(
        account,
        route.resource,
        route.mode,
        head.cname,
        str(head.uid),
        params,
        normal_form(raw),
        problem,
    )
    return given, notes


def _update(route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    if route.mode == "web":
        return _update_page(route, account, head, raw)
    found = read_params("update", UpdateParams, raw, checks.update_problem)
    params, problem, notes = found
    listed = checks.updated_subscription(params) if params is not None else None
    storage = params.storageConfig if params is not None else UNSET
    given = inputs.Update(
        *_named(route, account, head),
        subscription=listed if isinstance(listed, Subscription) else None,
        storage=None if isinstance(storage, UnsetType) else storage,
        problem=problem,
    )
    return given, notes


def _update_page(route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    found = read_params("update", WebUpdate, raw, web.update_problem)
    params, problem, notes = found
    named = _named(route, account, head)
    if params is None:
        return inputs.Update(*named, problem=problem), notes
    page, cdn, storage = params.webRecordingConfig, params.rtmpPublishConfig, params.storageConfig
    given = inputs.Update(
        *named,
        storage=None if isinstance(storage, UnsetType) else storage,
        is_held=None if isinstance(page, UnsetType) else page.onhold,
        urls=None if isinstance(cdn, UnsetType) else web.urls(cdn.outputs),
    )
    return given, notes


def _update_layout(route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    found = read_params("updateLayout", Layout, raw, checks.whole_layout_problem)
    picture, problem, notes = found
    if route.mode != "mix":
        picture, problem = None, invalid("updateLayout", "mode", "updateLayout is for mix mode")
    given = inputs.UpdateLayout(*_named(route, account, head), picture=picture, problem=problem)
    return given, notes


def _stop(route: Route, account: str, head: Envelope, raw: Raw) -> Read:
    params, problem, notes = read_params("stop", StopParams, raw)
    at_once = params.async_stop if params is not None else False
    return inputs.Stop(*_named(route, account, head), at_once=at_once, problem=problem), notes


def _named(route: Route, account: str, head: Envelope) -> tuple[str, str, str, str, str, str]:
    return account, route.resource, route.sid, route.mode, head.cname, str(head.uid)


_READERS: Final[dict[str, Callable[[Route, str, Envelope, Raw], Read]]] = {
    "acquire": _acquire,
    "start": _start,
    "update": _update,
    "updateLayout": _update_layout,
    "stop": _stop,
}
