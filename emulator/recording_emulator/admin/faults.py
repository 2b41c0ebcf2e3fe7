"""Verbs about faults: arm, look, disarm."""

import itertools

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import ROOT, TENANT, Context, json, read, verb
from recording_emulator.core import arming, inputs
from recording_emulator.core.explain import is_unfired, why_unfired
from recording_emulator.core.faults import Fault, Faults, Point, known_points
from recording_emulator.errors import Conflict, NotFound
from recording_emulator.runtime.hand import Hand


@verb("GET", f"{ROOT}/vendors/{{vendor}}/faults", answer={"points": list[Point]})
async def points(ctx: Context, request: Request) -> Response:
    """List where faults bite at a vendor, and what they can do there."""
    adapter = ctx.adapter(request.path_params["vendor"])
    return json({"points": list(known_points(adapter.surface.faults).values())})


@verb("GET", f"{TENANT}/faults", answer={"faults": list[Fault]})
async def faults(ctx: Context, request: Request) -> Response:
    """List the faults, with how often each has fired."""
    return json({"faults": list(ctx.hand(request).world.faults)})


@verb("POST", f"{TENANT}/faults", body=bodies.FaultBody, answer=Fault, status=201)
async def arm(ctx: Context, request: Request) -> Response:
    """Arm a fault."""
    hand = ctx.hand(request)
    fault = _made(ctx, hand, await read(request, bodies.FaultBody))
    hand.apply(inputs.ArmFault(fault))
    return json(fault, 201)


def _made(ctx: Context, hand: Hand, body: bodies.FaultBody) -> Fault:
    known = hand.world.faults
    if len(known) >= known.limit:
        raise Conflict(f"a tenant has at most {known.limit} faults")
    if known.get(body.id) is not None:
        raise Conflict(f"there is a fault {body.id!r} already")
    return arming.fault(ctx.adapter(body.vendor), body, _free_id(known), hand.world.now_ms)


def _free_id(known: Faults) -> str:
    """Number faults as they are armed; an id that was given is left out."""
    numbered = (f"fault-{number}" for number in itertools.count(len(known) + 1))
    return next(each for each in numbered if known.get(each) is None)


@verb("GET", f"{TENANT}/faults/{{fault}}", answer=Fault)
async def fault(ctx: Context, request: Request) -> Response:
    """Describe one fault."""
    return json(_found(ctx.hand(request), request))


def _found(hand: Hand, request: Request) -> Fault:
    wanted = request.path_params["fault"]
    found = hand.world.faults.get(wanted)
    if found is None:
        there = [each.id for each in hand.world.faults]
        raise NotFound(f"no fault {wanted!r}; there are {there}")
    return found


@verb("GET", f"{TENANT}/faults/{{fault}}/why", answer=bodies.UnfiredBody)
async def why(ctx: Context, request: Request) -> Response:
    """Say why a fault has not fired: what it waits for, and what came nearest."""
    hand = ctx.hand(request)
    return json(_unfired(hand, _found(hand, request)))


@verb("GET", f"{TENANT}/unfired", answer={"unfired": list[bodies.UnfiredBody]})
async def unfired(ctx: Context, request: Request) -> Response:
    """List the counted faults that have never fired (but for those that may not), and why."""
    hand = ctx.hand(request)
    found = [each for each in hand.world.faults if is_unfired(each)]
    return json({"unfired": [_unfired(hand, each) for each in found]})


def _unfired(hand: Hand, fault: Fault) -> bodies.UnfiredBody:
    told = "" if fault.fired else why_unfired(hand.world, fault)
    return bodies.UnfiredBody(fault.id, fault.fired, told)


@verb("DELETE", f"{TENANT}/faults/{{fault}}", status=204)
async def disarm(ctx: Context, request: Request) -> Response:
    """Take a fault back."""
    hand = ctx.hand(request)
    hand.apply(inputs.DisarmFault(_found(hand, request).id))
    return Response(status_code=204)
