"""netcall's HTTP: two calls of the video store, which finds a file by the ``vid`` of its copy."""

from typing import Final

from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.families import vod
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.netcall import requests

JSON: Final = (b"content-type", b"application/json")
NOT_MODELLED: Final = (
    "netcall has no HTTP calls but those of the video store "
    f"({', '.join(vod.PATHS)}); its SDK connects at /netcall/sdk"
)


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    operation = vod.PATHS.get(request.path)
    if operation is None:
        return Response(404, b'{"code":404,"msg":"Not Found"}', (JSON,), NOT_MODELLED)
    own = hand.credentials["netcall"]
    secret = None if hand.is_open else own["app_secret"]
    denied = vod.denial(request.method, request.headers, secret, request.wall_ms)
    if denied is not None:
        return respond(hand.apply(Denied("netcall", operation, *denied)), hand)
    given, notes = requests.read(operation, request.body)
    return respond(await hand.call(Call("netcall", operation, given, notes)), hand)


def respond(answer: Answer, hand: Hand) -> Response:
    """Render an answer."""
    status, body = vod.write(answer, hand.world.files_url)
    return Response(status, body, (JSON,), answer.hint, answer.call, answer.spoil)


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request of nobody's AppKey."""
    if request.path not in vod.PATHS:
        return Response(404, b'{"code":404,"msg":"Not Found"}', (JSON,), NOT_MODELLED)
    status, body = vod.write(Answer(0, vod.STRANGER), "")
    return Response(status, body, (JSON,), hint)
