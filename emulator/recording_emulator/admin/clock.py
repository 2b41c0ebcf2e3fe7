"""Verbs about the clock: look, advance, wait."""

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import TENANT, Context, json, read, verb
from recording_emulator.core.clock import iso
from recording_emulator.errors import BadRequest
from recording_emulator.runtime.wants import Advanced, Until


@verb("GET", f"{TENANT}/clock", answer=bodies.ClockBody)
async def clock(ctx: Context, request: Request) -> Response:
    """Say where the clock stands, what is due next, and what is in flight."""
    hand = ctx.hand(request)
    timers = [
        {
            "due_ms": timer.due_ms,
            "name": f"{timer.target.machine} {timer.name}",
            "subject": timer.target.key,
            "tempo": timer.tempo,
        }
        for timer in list(hand.world.timers)[:20]
    ]
    now_ms = hand.world.now_ms
    count = len(hand.world.timers)
    body = bodies.ClockBody(hand.mode, now_ms, iso(now_ms), count, timers, hand.in_flight)
    return json(body)


@verb("POST", f"{TENANT}/clock/advance", body=bodies.AdvanceBody, answer=Advanced)
async def advance(ctx: Context, request: Request) -> Response:
    """Move the clock causally; the answer lists what fired."""
    hand = ctx.hand(request)
    body = await read(request, bodies.AdvanceBody)
    if sum(each is not None for each in (body.delta_ms, body.to_ms, body.until)) != 1:
        raise BadRequest("an advance takes exactly one of delta_ms, to_ms and until")
    if (body.delta_ms or 0) < 0 or body.limit_ms < 0 or body.max_timers < 1:
        raise BadRequest("delta_ms and limit_ms are at least 0, max_timers at least 1")
    until = _until(ctx, body.until) if body.until is not None else None
    report = await hand.advance(
        body.delta_ms or 0,
        to_ms=body.to_ms,
        until=until,
        limit_ms=body.limit_ms,
        max_timers=body.max_timers,
        is_inside=body.is_inside,
    )
    return json(report)


def _until(ctx: Context, body: bodies.UntilBody) -> Until:
    return Until(body.vendor, ctx.event(body.vendor, body.event), body.room)


@verb("POST", f"{TENANT}/clock/wait", body=bodies.WaitBody, answer={"seq": int})
async def wait(ctx: Context, request: Request) -> Response:
    """Wait in real time for a client's call."""
    hand = ctx.hand(request)
    body = await read(request, bodies.WaitBody)
    if not 0 <= body.timeout_s <= 600:
        raise BadRequest("timeout_s lies between 0 and 600")
    return json({"seq": await hand.wait_for(body.call, body.timeout_s)})
