"""NERTC's endpoints: find the call, authenticate, decode, submit, render.

Order of checks: route → headers → rate → parameters → channel → task (assumed as a whole).
"""

import re
from collections.abc import Mapping
from typing import Final

from recording_emulator.core.adapter import Quota
from recording_emulator.core.decoding import read_query
from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.families import netease
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Request, Response
from recording_emulator.vendors.neroom.nertc import errors, replies, requests
from recording_emulator.vendors.neroom.nertc.paths import FILES, PATHS, operation
from recording_emulator.vendors.neroom.nertc.requests import Asked
from recording_emulator.vendors.neroom.settings import Settings

CALLS_PER_SECOND: Final = 50
JSON: Final = (b"content-type", b"application/json;charset=utf-8")


def claims(path: str) -> bool:
    """Whether a path is one of this layer: ``/v2/api/…``, ``/v3/api/…``, and the media files."""
    return path.startswith(("/v2/api/", "/v3/api/")) or path == FILES


def is_read(operation: str) -> bool:
    """Whether a call only looks."""
    return operation.endswith((".getRoom", ".members", ".tasks", ".mediaFiles"))


def quota(operation: str, settings: Settings, by_default: bool) -> Quota | None:
    """Return the limit of the whole API.

    Source:
        NERTC 调用方式: 50 a second. That they count per AppKey is assumed.
    """
    per_second = settings.nertc_qps or (CALLS_PER_SECOND if by_default else None)
    if per_second is None or not operation.startswith("nertc."):
        return None
    return Quota("neroom/nertc", per_second, errors.RATE)


async def handle(request: Request, hand: Hand) -> Response:
    """Carry one request through to its response."""
    found = find(request)
    name = "unrouted" if isinstance(found, str) else operation(found.name, request.path)
    denied = _denial(request, found, hand)
    if isinstance(found, str) or denied is not None:
        row, hint = denied or (errors.NO_PATH, "")
        return _respond(hand.apply(Denied("neroom", name, row, hint)), hand)
    given, notes = requests.read(found)
    return _respond(await hand.call(Call("neroom", name, given, notes)), hand)


def find(request: Request) -> Asked | str:
    """Find the call that a path and a method mean, or the row that says that there is none."""
    for pattern, methods in PATHS.items():
        match = re.fullmatch(pattern, request.path)
        if match is not None:
            name = methods.get(request.method)
            if name is None:
                return errors.NO_METHOD
            query = read_query(request.query)
            cid = match.groupdict().get("cid", "")
            is_v3 = request.path.startswith("/v3/")
            return Asked(name, is_v3, cid, query, request.body, request.too_large)
    return errors.NO_PATH


def _denial(request: Request, found: Asked | str, hand: Hand) -> tuple[str, str] | None:
    """Check route and signature: the row and the hint of the first that fails."""
    if isinstance(found, str):
        return found, _no_route(request, found)
    signed = netease.read_signature(request.headers)
    if not signed.app_key:
        return errors.header("AppKey"), "the header AppKey names the application"
    wrong = netease.wrong_with_call(
        signed,
        hand.credentials["neroom"]["app_secret"],
        request.wall_ms,
        takes_ms=hand.settings("neroom").lenient_curtime,
        skew_s=hand.settings("neroom").curtime_skew_s,
        checks_sum=not hand.is_open,
    )
    return (errors.header(wrong.partition(":")[0]), wrong) if wrong else None


def _no_route(request: Request, row: str) -> str:
    told = f"{request.method} {request.path[:80]!r}"
    if row == errors.NO_METHOD:
        return f"{told}: {', '.join(_methods(request.path))} would do"
    return f"{told} is no call of NERTC's server API, or not modelled"


def _methods(path: str) -> Mapping[str, str]:
    return next(each for pattern, each in PATHS.items() if re.fullmatch(pattern, path))


def unclaimed(request: Request, hint: str) -> Response:
    """Answer a request that belongs to no tenant."""
    found = find(request)
    has_key = bool(netease.read_signature(request.headers).app_key)
    row = errors.FORBIDDEN if has_key else errors.header("AppKey")
    if isinstance(found, str):
        row, hint = found, _no_route(request, found)
    status, body = replies.refuse(Answer(0, row, hint), "0" * 32)
    return Response(status, body, (JSON,), hint)


def _respond(answer: Answer, hand: Hand) -> Response:
    request_id = hand.derive("neroom.request", str(answer.call), 16).hex()
    status, body = replies.render(answer, hand.world.views["neroom"], request_id)
    return Response(status, body, (JSON,), answer.hint, answer.call, answer.spoil)
