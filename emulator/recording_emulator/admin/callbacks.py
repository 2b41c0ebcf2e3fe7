"""Verbs about callbacks: where they go, whether they would arrive, how they went, once more."""

import itertools
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import LISTED, TENANT, Context, json, read, verb
from recording_emulator.core import inputs, outbox
from recording_emulator.core.adapter import Adapter
from recording_emulator.core.journal import redact
from recording_emulator.errors import BadRequest, Conflict, NotFound
from recording_emulator.runtime.hand import Hand, Mode

TARGET_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
TOLD: Final = {
    "number": int,
    "vendor": str,
    "event": str,
    "target": str,
    "fate": outbox.Fate,
    "emitted_ms": int,
    "cause": int,
    "attempts": list[outbox.Tried],
    "body": Any,
    "is_check": bool,
}


@verb("GET", f"{TENANT}/targets", answer={"targets": list[outbox.CallbackTarget]})
async def targets(ctx: Context, request: Request) -> Response:
    """List where callbacks go."""
    found = list(ctx.hand(request).world.outbox.targets.values())
    return json({"targets": redact(found, ctx.secrets)})


@verb(
    "POST",
    f"{TENANT}/targets",
    body=bodies.TargetBody,
    answer=outbox.CallbackTarget,
    status=201,
)
async def add_target(ctx: Context, request: Request) -> Response:
    """Send callbacks to one more place."""
    hand = ctx.hand(request)
    body = await read(request, bodies.TargetBody)
    ctx.adapter(body.vendor)
    if not body.url.startswith(("http://", "https://")):
        raise BadRequest(f"url must be http:// or https://, not {body.url!r}")
    own = hand.credentials[body.vendor].get("callback_secret", "")
    events = None
    if body.events is not None:
        events = tuple(ctx.event(body.vendor, each) for each in body.events)
    name = body.id or _free_target(hand, body.vendor)
    if not TARGET_ID.fullmatch(name):
        raise BadRequest(f"a target's id is 1 to 64 of letters, digits, '._-', not {name!r}")
    target = outbox.CallbackTarget(name, body.vendor, body.url, body.secret or own, events)
    hand.apply(inputs.AddTarget(target))
    return json(redact(target, ctx.secrets), 201)


def _free_target(hand: Hand, vendor: str) -> str:
    numbered = (f"{vendor}-{number}" for number in itertools.count(1))
    return next(each for each in numbered if each not in hand.world.outbox.targets)


@verb("DELETE", f"{TENANT}/targets/{{target}}", status=204)
async def remove_target(ctx: Context, request: Request) -> Response:
    """Send callbacks there no more."""
    hand = ctx.hand(request)
    hand.apply(inputs.RemoveTarget(_target(hand, request).id))
    return Response(status_code=204)


def _target(hand: Hand, request: Request) -> outbox.CallbackTarget:
    wanted, there = request.path_params["target"], hand.world.outbox.targets
    if wanted not in there:
        raise NotFound(f"no target {wanted!r}; there are {list(there)}")
    return there[wanted]


@verb(
    "POST",
    f"{TENANT}/targets/{{target}}/check",
    answer={"checked": list[bodies.CheckedBody]},
)
async def check_target(ctx: Context, request: Request) -> Response:
    """Send a test of every event a target subscribes to, as a vendor's console does.

    It waits for the answers. Where time only moves on request it moves to the vendor's limit for
    those that do not come.
    """
    hand = ctx.hand(request)
    target = _target(hand, request)
    adapter = ctx.adapter(target.vendor)
    if hand.mode is Mode.MANUAL:
        await hand.advance()
        if target.id in hand.world.outbox.busy:
            raise Conflict(f"target {target.id!r} has not answered its last callback yet")
    numbers = hand.apply(inputs.Check(target.id))
    await _until_ended(hand, numbers, adapter.retry.limit_ms)
    return json({"checked": [_checked(hand, adapter, number) for number in numbers]})


async def _until_ended(hand: Hand, numbers: Sequence[int], limit_ms: int) -> None:
    live = hand.world.outbox.live
    if hand.mode is Mode.MANUAL:
        await hand.advance()
        if any(number in live for number in numbers):
            await hand.advance(limit_ms)
        return
    news = hand.watch()
    try:
        while any(number in live for number in numbers):
            await news.wait()
            news.clear()
    finally:
        hand.unwatch(news)


def _checked(hand: Hand, adapter: Adapter, number: int) -> bodies.CheckedBody:
    found = hand.world.outbox.find(number)
    if found is None:
        limit = hand.world.spec.callbacks_limit
        raise Conflict(f"callback {number} is evicted: callbacks_limit is {limit}")
    if not found.tried:
        return bodies.CheckedBody(found.event, 0, False, "the target was removed")
    last = found.tried[-1]
    status = last.status if last.failure is None else adapter.check_statuses[last.failure]
    return bodies.CheckedBody(found.event, status, found.fate is outbox.Fate.DELIVERED, last.why)


@verb("GET", f"{TENANT}/callbacks", answer={"callbacks": list[dict[str, Any]], "evicted": int})
async def callbacks(ctx: Context, request: Request) -> Response:
    """List the deliveries and their attempts."""
    hand = ctx.hand(request)
    found = hand.world.outbox.every()[-LISTED:]
    told = [_told(ctx, hand, each) for each in found]
    return json({"callbacks": told, "evicted": hand.world.outbox.evicted})


def _told(ctx: Context, hand: Hand, delivery: outbox.Delivery) -> dict[str, Any]:
    target = hand.world.sending.place(delivery)
    view = hand.world.views[delivery.vendor]
    last_ms = delivery.tried[-1].claimed_ms if delivery.tried else delivery.emitted_ms
    body: bytes = b"null"
    if target is not None:
        adapter = ctx.directory.adapters[delivery.vendor]
        _, body = adapter.outgoing(delivery, target, last_ms, view)
    return {
        "number": delivery.number,
        "vendor": delivery.vendor,
        "event": delivery.event,
        "target": delivery.target,
        "fate": delivery.fate,
        "emitted_ms": delivery.emitted_ms,
        "cause": delivery.cause,
        "attempts": delivery.tried,
        "body": msgspec.Raw(body),
        "is_check": delivery.is_check,
    }


@verb("GET", f"{TENANT}/callbacks/{{number:int}}", answer=TOLD)
async def callback(ctx: Context, request: Request) -> Response:
    """Describe one delivery."""
    hand = ctx.hand(request)
    return json(_told(ctx, hand, _delivery(hand, request)))


def _delivery(hand: Hand, request: Request) -> outbox.Delivery:
    number = request.path_params["number"]
    found = hand.world.outbox.find(number)
    if found is None:
        made, evicted = hand.world.outbox.made, hand.world.outbox.evicted
        raise NotFound(f"no callback {number}; {made} were made, {evicted} are evicted")
    return found


@verb("POST", f"{TENANT}/callbacks/{{number:int}}/replay", answer=TOLD, status=201)
async def replay(ctx: Context, request: Request) -> Response:
    """Send a callback once more, as a delivery of its own; ``?target=ID`` sends it elsewhere."""
    hand = ctx.hand(request)
    delivery = _delivery(hand, request)
    name = request.query_params.get("target", "")
    there = hand.world.outbox.targets
    if name and (name not in there or there[name].vendor != delivery.vendor):
        own = [each.id for each in there.values() if each.vendor == delivery.vendor]
        raise NotFound(f"no target {name!r} for {delivery.vendor}; there are {own}")
    if not name and hand.world.sending.place(delivery) is None:
        raise Conflict(f"target {delivery.target!r} is gone; ?target=ID names another")
    number = hand.apply(inputs.Resend(delivery.number, name))
    await hand.quiet()
    found = hand.world.outbox.find(number)
    assert found is not None
    return json(_told(ctx, hand, found), 201)
