"""ZEGO's one endpoint: read the public parameters, authenticate, decode, submit, render.

Order of checks: gateway (``gateway.py``) → service → rate → body → parameters → concurrency → task
(sheet §1.5, assumed as a whole).
"""

from typing import Final

from recording_emulator.core import ids
from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.zego import errors, gateway, replies, requests
from recording_emulator.vendors.zego.gateway import Denial

JSON: Final = (b"content-type", b"application/json;charset=utf-8")
NOBODYS: Final = "1" + "0" * 18
"""``RequestId`` of an answer to a request that belongs to no tenant."""


def denial(request: Request, given: dict[str, str], hand: Hand) -> Denial | None:
    """Check what comes before the rate and the body: the row and the hint of the first to fail."""
    found = gateway.problem(request.method, request.path, given)
    if found is not None:
        return found
    own, settings = hand.credentials["zego"], hand.settings("zego")
    is_wall = settings.signature_clock == "wall"
    now_ms = request.wall_ms if is_wall else hand.world.now_ms
    found = gateway.stranger(given, None if hand.is_open else own["server_secret"], now_ms)
    if found is None and not settings.service_open:
        return errors.CLOSED, "this tenant's setting zego.service_open is false"
    return found


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    given: dict[str, str] = request.decoded
    action = given.get("Action", "")
    denied = denial(request, given, hand)
    if denied is not None:
        name = action if action in requests.BODIES else "unrouted"
        return respond(hand.apply(Denied("zego", name, *denied)), hand)
    # In a tenant of its own the AppId is the tenant's; a fork has another, and the same tasks.
    app = gateway.app_of(given) if hand.is_open else ""
    body = None if request.method == "GET" else request.body
    read, notes = requests.read(action, body, given, app, hand.settings("zego"))
    return respond(await hand.call(Call("zego", action, read, notes)), hand)


def respond(answer: Answer, hand: Hand) -> Response:
    """Render an answer.

    Source:
        ``RequestId``: 19 decimal digits (DOC sample).
    """
    drawn = hand.derive("zego.request", str(answer.call), 8)
    request_id = str(ids.number(drawn, 10**18, 10**19 - 1))
    status, body = replies.render(answer, hand.world.files_url, request_id)
    return Response(status, body, (JSON,), answer.hint, answer.call, answer.spoil)


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request that belongs to no tenant."""
    found = gateway.problem(request.method, request.path, request.decoded)
    row, hint = found if found is not None else (errors.NO_SECRET, hint)
    status, body = replies.render(Answer(0, row, hint), "", NOBODYS)
    return Response(status, body, (JSON,), hint)
