"""Agora's endpoints: find the operation, authenticate, decode, submit, render.

Order of checks: route → auth → App ID → rate → JSON → envelope → resource → state → parameters
(sheet §4, assumed as a whole; each pair is documented or follows from where the check can be made).
"""

import base64
import binascii
import hmac
from collections.abc import Callable
from typing import Any, Final

from msgspec import UNSET, UnsetType

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.core.machine import Input
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.agora import errors, inputs, replies, requests
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    Layout,
    StartParams,
    StopParams,
    Subscription,
    UpdateParams,
)
from recording_emulator.vendors.base import Request, Response

SERVICE_REGIONS: Final = frozenset({"na", "eu", "ap", "cn"})
NOT_YET: Final = frozenset({"individual", "web"})
JSON: Final = (b"content-type", b"application/json; charset=utf-8")


class Route:
    """An operation and the ids its path carries."""

    __slots__ = ("app", "mode", "operation", "resource", "sid")

    def __init__(
        self, operation: str, app: str, resource: str = "", sid: str = "", mode: str = ""
    ) -> None:
        self.operation, self.app = operation, app
        self.resource, self.sid, self.mode = resource, sid, mode


def find(method: str, path: str) -> Route | str:
    """Find the operation of a path, or return the App ID it names (or an empty text).

    >>> find("POST", "/v1/apps/a/cloud_recording/acquire").operation
    'acquire'
    >>> find("GET", "/v1/apps/a/cloud_recording/acquire")
    'a'
    """
    parts = path.split("/")
    if len(parts) > 2 and parts[1] in SERVICE_REGIONS:
        del parts[1]
    if len(parts) < 5 or parts[1:3] != ["v1", "apps"]:
        return ""
    app, rest = parts[3], parts[5:]
    if parts[4] == "cloud_recording" and all(rest) and app:
        found = _match(rest, app)
        if found is not None and method == ("GET" if found.operation == "query" else "POST"):
            return found
    return app


def _match(rest: list[str], app: str) -> Route | None:
    match rest:
        case ["acquire"]:
            return Route("acquire", app)
        case ["resourceid", resource, "mode", mode, "start"]:
            return Route("start", app, resource, "", mode)
        case ["resourceid", resource, "sid", sid, "mode", mode, operation] if (
            operation in _READ and operation not in ("acquire", "start")
        ):
            return Route(operation, app, resource, sid, mode)
    return None


def basic_pair(header: bytes) -> tuple[str, str] | None:
    """Read ``Authorization: Basic …``; the scheme's case does not matter (DS sample)."""
    scheme, _, text = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(text.strip(), validate=True).partition(b":")
        return (user.decode(), password.decode()) if colon else None
    except (binascii.Error, ValueError):
        return None


def denial(request: Request, route: Route | str, hand: Hand) -> tuple[str, str] | None:
    """Check route, credentials and App ID: the row and the hint of the first that fails."""
    if isinstance(route, str):
        return errors.NO_ROUTE, f"{request.method} {request.path} is no route of this API"
    header = request.headers.get(b"authorization")
    if header is None:
        return errors.UNAUTHORIZED, "no Authorization header"
    pair = basic_pair(header)
    own = hand.credentials["agora"]
    if pair is None or not all(pair):
        return errors.BAD_CREDENTIALS, "expected: Basic base64(customer_id:customer_secret)"
    if hand.is_open:
        is_well_formed = route.app.isascii() and route.app.isalnum() and len(route.app) <= 64
        return None if is_well_formed else (errors.BAD_APP, "an App ID is letters and digits")
    is_customer = hmac.compare_digest(pair[0].encode(), own["customer_id"].encode())
    if not (is_customer and hmac.compare_digest(pair[1].encode(), own["customer_secret"].encode())):
        return errors.BAD_CREDENTIALS, f"the pair of tenant {hand.name!r} is another"
    if route.app != own["app_id"]:
        return errors.BAD_APP, f"the App ID of tenant {hand.name!r} is {own['app_id']}"
    if route.operation == "acquire" and not hand.settings("agora").recording_enabled:
        return errors.DISABLED, "this tenant's setting agora.recording_enabled is false"
    return None


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    route = find(request.method, request.path)
    operation = route if isinstance(route, str) else route.operation
    denied = denial(request, route, hand)
    if isinstance(route, str) or denied is not None:
        row, hint = denied or (errors.NO_ROUTE, "")
        name = "unrouted" if isinstance(route, str) else operation
        return respond(hand.apply(Denied("agora", name, row, hint)), request, hand, name)
    if request.too_large:
        too_large = Denied("agora", operation, errors.TOO_LARGE, "a body has at most 1 MiB")
        return respond(hand.apply(too_large), request, hand, operation)
    # In a tenant of its own the App ID is the tenant's; a fork has another, and the same tasks.
    account = route.app if hand.is_open else ""
    if route.mode in NOT_YET:
        hint = f"mode {route.mode!r} is not emulated yet; mix mode is"
        not_modelled = Denied("agora", operation, errors.NOT_MODELLED, hint)
        return respond(hand.apply(not_modelled), request, hand, operation)
    given, notes = _READ[operation](request.body, route, account, hand.settings("agora").lax_uid)
    answer = await hand.call(Call("agora", operation, given, notes))
    room, uid = getattr(given, "cname", ""), getattr(given, "uid", "")
    named = inputs.Replied(room, uid, route.resource, route.sid)
    return respond(answer, request, hand, operation, named)


def respond(
    answer: Answer,
    request: Request,
    hand: Hand,
    operation: str,
    named: inputs.Replied | None = None,
) -> Response:
    """Render an answer with Agora's tracing headers.

    Source:
        ``X-Request-Id`` is read by every SDK; that a caller's is echoed and ``X-Resource-ID`` sent
        is seen at sibling products, assumed here (sheet §1.4).
    """
    status, body = replies.render(answer, operation, named)
    asked = request.headers.get(b"x-request-id")
    mint = ids.uuid_text(hand.derive("agora.request", str(answer.call), 16))
    headers = (
        JSON,
        (b"x-request-id", asked[:128] if asked else mint.encode()),
        (b"x-resource-id", mint[::-1].encode()),
    )
    return Response(status, body, headers, answer.hint, answer.call)


# --- decoding, one function per operation ---------------------------------------------------------

_Read = tuple[Input, tuple[str, ...]]


def _acquire(body: bytes, _route: Route, account: str, lax: bool) -> _Read:
    read = requests.envelope("acquire", body, account, lax)
    if isinstance(read, Malformed):
        return read, ()
    head, raw = read
    params, problem, notes = requests.read_params("acquire", AcquireParams, raw)
    wanted = requests.normal_form(params.startParameter) if params is not None else ""
    if params is not None and wanted:
        params = AcquireParams(params.scene, params.resourceExpiredHour, params.region)
    given = inputs.Acquire(account, head.cname, str(head.uid), params, wanted, problem)
    return given, notes


def _start(body: bytes, route: Route, account: str, lax: bool) -> _Read:
    read = requests.envelope("start", body, account, lax)
    if isinstance(read, Malformed):
        return read, ()
    head, raw = read
    params, problem, notes = requests.read_params("start", StartParams, raw, requests.start_problem)
    is_mode = route.mode == "mix"
    if not is_mode:
        hint = f"mode is individual, mix or web, not {route.mode!r}"
        problem = requests.invalid("start", "mode", hint)
    given = inputs.Start(
        account,
        route.resource,
        route.mode,
        head.cname,
        str(head.uid),
        params if is_mode else None,
        requests.normal_form(raw),
        problem,
    )
    return given, notes


def _query(_body: bytes, route: Route, account: str, _lax: bool) -> _Read:
    return inputs.Query(account, route.resource, route.sid, route.mode), ()


def _update(body: bytes, route: Route, account: str, lax: bool) -> _Read:
    read = requests.envelope("update", body, account, lax)
    if isinstance(read, Malformed):
        return read, ()
    head, raw = read
    found = requests.read_params("update", UpdateParams, raw, requests.update_problem)
    params, problem, notes = found
    listed = requests.updated_subscription(params) if params is not None else None
    storage = params.storageConfig if params is not None else UNSET
    given = inputs.Update(
        *_named(route, account, head),
        subscription=listed if isinstance(listed, Subscription) else None,
        storage=None if isinstance(storage, UnsetType) else storage,
        problem=problem,
    )
    return given, notes


def _update_layout(body: bytes, route: Route, account: str, lax: bool) -> _Read:
    read = requests.envelope("updateLayout", body, account, lax)
    if isinstance(read, Malformed):
        return read, ()
    head, raw = read
    found = requests.read_params("updateLayout", Layout, raw, requests.whole_layout_problem)
    picture, problem, notes = found
    given = inputs.UpdateLayout(*_named(route, account, head), picture=picture, problem=problem)
    return given, notes


def _stop(body: bytes, route: Route, account: str, lax: bool) -> _Read:
    read = requests.envelope("stop", body, account, lax)
    if isinstance(read, Malformed):
        return read, ()
    head, raw = read
    params, problem, notes = requests.read_params("stop", StopParams, raw)
    at_once = params.async_stop if params is not None else False
    given = inputs.Stop(*_named(route, account, head), at_once=at_once, problem=problem)
    return given, notes


def _named(route: Route, account: str, head: Any) -> tuple[str, str, str, str, str, str]:
    return account, route.resource, route.sid, route.mode, head.cname, str(head.uid)


_READ: Final[dict[str, Callable[[bytes, Route, str, bool], _Read]]] = {
    "acquire": _acquire,
    "start": _start,
    "query": _query,
    "update": _update,
    "updateLayout": _update_layout,
    "stop": _stop,
}
