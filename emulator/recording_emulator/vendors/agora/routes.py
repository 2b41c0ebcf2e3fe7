"""Agora's endpoints: find the operation, authenticate, decode, submit, render.

Order of checks: route → auth → App ID → rate → JSON → envelope → resource → state → parameters
(sheet §4, assumed as a whole; each pair is documented or follows from where the check can be made).
"""

import base64
import binascii
import functools
from typing import Final, NamedTuple

from recording_emulator.core import ids
from recording_emulator.core.explain import nearest_route
from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.agora import errors, inputs, replies, requests
from recording_emulator.vendors.agora.paths import LIST_ADDRESSES, Route, find
from recording_emulator.vendors.base import Request, Response

UNFILLED: Final = "%s"
"""The App ID of the Java client since 2025-05: it never fills its path template (sheet §7)."""
JSON: Final = (b"content-type", b"application/json; charset=utf-8")


@functools.lru_cache(maxsize=1_024)
def basic_pair(header: bytes) -> tuple[str, str] | None:
    """Read ``Authorization: Basic …``; the scheme's case does not matter (DS sample).

    An app sends the same pair with every call, so the last ones read are kept.
    """
    scheme, _, text = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(text.strip(), validate=True).partition(b":")
        return (user.decode(), password.decode()) if colon else None
    except (binascii.Error, ValueError):
        return None


class Door(NamedTuple):
    """What a request says at the door: where to, and who is asking."""

    route: Route | str
    pair: tuple[str, str] | None


def open_door(request: Request) -> Door:
    """Read path and credentials, once for finding the tenant and for checking them."""
    header = request.headers.get(b"authorization")
    pair = None if header is None else basic_pair(header)
    return Door(find(request.method, request.path), pair)


def denial(request: Request, door: Door, hand: Hand) -> tuple[str, str] | None:
    """Check route, credentials and App ID: the row and the hint of the first that fails."""
    route, pair = door
    if isinstance(route, str):
        return errors.NO_ROUTE, _no_route(request)
    if b"authorization" not in request.headers:
        return errors.UNAUTHORIZED, "no Authorization header"
    if pair is None or not all(pair):
        return errors.BAD_CREDENTIALS, "expected: Basic base64(customer_id:customer_secret)"
    settings = hand.settings("agora")
    found = _stranger(pair, route.app or hand.credentials["agora"]["app_id"], hand)
    if found is None and route.operation == "acquire" and not settings.recording_enabled:
        return errors.DISABLED, "this tenant's setting agora.recording_enabled is false"
    return found


def _no_route(request: Request) -> str:
    from recording_emulator.vendors.agora.surface import SURFACE

    near = nearest_route(request.method, request.path, SURFACE.operations)
    told = f"{request.method} {request.path!r} is no route of this API"
    return f"{told}; {near}" if near else told


def _stranger(pair: tuple[str, str], app: str, hand: Hand) -> tuple[str, str] | None:
    """Say why a well-formed pair and an App ID are not this tenant's."""
    app = _filled(app, hand)
    if hand.is_open:
        is_well_formed = app.isascii() and app.isalnum() and len(app) <= 64
        return None if is_well_formed else (errors.BAD_APP, "an App ID is letters and digits")
    own = hand.credentials["agora"]
    if pair != (own["customer_id"], own["customer_secret"]):
        return errors.BAD_CREDENTIALS, f"the pair of tenant {hand.name!r} is another"
    if app == UNFILLED:
        hint = "the Java client leaves %s in its paths; setting agora.unfilled_app_id serves it"
        return errors.BAD_APP, hint
    if app != own["app_id"]:
        return errors.BAD_APP, f"the App ID of tenant {hand.name!r} is {own['app_id']}"
    return None


def _filled(app: str, hand: Hand) -> str:
    """Return the App ID a path means."""
    is_meant = app == UNFILLED and hand.settings("agora").unfilled_app_id
    return hand.credentials["agora"]["app_id"] if is_meant else app


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    door: Door = request.decoded or open_door(request)
    route, denied = door.route, denial(request, door, hand)
    if isinstance(route, str) or denied is not None:
        row, hint = denied or (errors.NO_ROUTE, "")
        name = "unrouted" if isinstance(route, str) else route.operation
        return respond(hand.apply(Denied("agora", name, row, hint)), request, hand, name)
    operation = route.operation
    if request.too_large and operation != "query":
        too_large = Denied("agora", operation, errors.TOO_LARGE, "a body has at most 1 MiB")
        return respond(hand.apply(too_large), request, hand, operation)
    settings = hand.settings("agora")
    if settings.profile == "legacy" and not _is_json(request, operation):
        hint = "expected the header Content-Type: application/json"
        given_up = Denied("agora", operation, errors.LEGACY_REQUEST, hint)
        return respond(hand.apply(given_up), request, hand, operation)
    # In a tenant of its own the App ID is the tenant's; a fork has another, and the same tasks.
    account = _filled(route.app, hand) if hand.is_open else ""
    given, notes = requests.read(route, request.body, account, lax_uid=settings.lax_uid)
    given = requests.dated(given, request.wall_ms)
    answer = await hand.call(Call("agora", operation, given, notes))
    room, uid = getattr(given, "cname", ""), getattr(given, "uid", "")
    named = inputs.Replied(room, uid, route.resource, route.sid)
    return respond(answer, request, hand, operation, named)


def _is_json(request: Request, operation: str) -> bool:
    """Whether a request that has a body says that it is JSON (checked by the legacy profile)."""
    kind = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return operation in ("query", LIST_ADDRESSES) or kind == b"application/json"


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
    profile = hand.settings("agora").profile if answer.row else "modern"
    status, body = replies.render(answer, operation, named, profile)
    asked = request.headers.get(b"x-request-id")
    drawn = hand.derive("agora.request", str(answer.call), 32)
    mint = asked[:128] if asked else ids.uuid_text(drawn[:16]).encode()
    other = ids.uuid_text(drawn[16:]).encode()
    headers = (JSON, (b"x-request-id", mint), (b"x-resource-id", other))
    return Response(status, body, headers, answer.hint, answer.call, answer.spoil)


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request that belongs to no tenant."""
    row = errors.BAD_CREDENTIALS
    if isinstance(find(request.method, request.path), str):
        row = errors.NO_ROUTE
    elif b"authorization" not in request.headers:
        row = errors.UNAUTHORIZED
    status, body = replies.render(Answer(0, row, hint), "")
    return Response(status, body, (JSON,), hint)
