"""NERoom's HTTP endpoints: find the operation, see who asks, decode, submit, render.

Order of checks: path → method → AppKey → signature or token → body and query → room → state; that
it is this one is assumed.
"""

from typing import Final

from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.families import vod
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.neroom import errors, gateway, paths, replies, requests
from recording_emulator.vendors.neroom.gateway import Denial, Door

JSON: Final = (b"content-type", b"application/json;charset=utf-8")
UNROUTED: Final = "unrouted"
NOBODYS: Final = "0" * 32
"""``requestId`` of an answer to a request that belongs to no tenant."""


def claims(path: str) -> bool:
    """Whether a path at the root can only be one of these."""
    return path.startswith(("/scene/apps/", "/apps/", "/app/vod/"))


def open_door(request: Request) -> Door:
    """Read path and headers, once for finding the tenant and for checking them."""
    route = paths.find(request.method, request.path)
    named = paths.app_of(request.path) or request.headers.get(b"appkey", b"").decode("latin-1")
    return Door(route, named.strip(), request.headers)


def denial(request: Request, door: Door, hand: Hand) -> Denial | None:
    """Check what comes before the body: the row and the hint of the first check that fails."""
    found = gateway.problem(door, request.method)
    own, view = hand.credentials["neroom"], hand.world.views["neroom"]
    if found is None and door.route.layer == paths.VOD:
        secret = None if hand.is_open else own["app_secret"]
        return vod.denial(request.method, request.headers, secret, request.wall_ms)
    if found is None:
        found = gateway.stranger(door, own, view, request.wall_ms, is_open=hand.is_open)
    if found is None and request.too_large:
        return errors.BAD_REQUEST, "a body has at most 1 MiB"
    return found


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    door: Door = request.decoded or open_door(request)
    operation = door.route.operation or UNROUTED
    denied = denial(request, door, hand)
    if denied is not None:
        return respond(hand.apply(Denied("neroom", operation, *denied)), operation, None, hand)
    given, notes = requests.read(
        door.route,
        request.body,
        request.query,
        door.user,
        hand.world.journal.last_seq,
        hand.settings("neroom"),
    )
    answer = await hand.call(Call("neroom", operation, given, notes))
    return respond(answer, operation, given, hand)


def respond(answer: Answer, operation: str, given: replies.Given, hand: Hand) -> Response:
    """Render an answer; ``requestId`` is 32 hexadecimal digits (sheet §2.3)."""
    view = hand.world.views["neroom"]
    if operation in vod.PATHS.values() and answer.row not in errors.BY_ID:
        status, body = vod.write(answer, view.files_url)
    else:
        request_id = hand.derive("neroom.call", str(answer.call), 16).hex()
        status, body = replies.render(operation, given, answer, view, request_id)
    return Response(status, body, (JSON,), answer.hint, answer.call, answer.spoil)


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request that belongs to no tenant: its AppKey is nobody's."""
    door: Door = request.decoded or open_door(request)
    found = gateway.problem(door, request.method)
    row, hint = found or (errors.FORBIDDEN, hint)
    if found is None and door.route.layer == paths.VOD:
        status, body = vod.write(Answer(0, vod.STRANGER), "")
        return Response(status, body, (JSON,), hint)
    shown = errors.BY_ID[row]
    assert shown.code is not None
    body = replies.envelope(shown.code, shown.text, NOBODYS, request.wall_ms)
    return Response(shown.http, body, (JSON,), hint)
