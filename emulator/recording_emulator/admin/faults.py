"""Verbs about faults: arm, look, disarm."""

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import TENANT, Context, json, read, verb
from recording_emulator.core import ids, inputs
from recording_emulator.core.faults import AnswerRow, Fault
from recording_emulator.errors import BadRequest, Conflict, NotFound
from recording_emulator.runtime.hand import Hand


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
    adapter, name, effect = ctx.adapter(body.vendor), body.name, body.effect
    if len(hand.world.faults) >= hand.world.faults.limit:
        raise Conflict(f"a tenant has at most {hand.world.faults.limit} faults")
    if body.on == "callback":
        name = ctx.event(body.vendor, name) if name else ""
        if isinstance(effect, AnswerRow):
            raise BadRequest("'answer' is for calls; a callback is dropped, delayed, duplicated")
    elif body.on == "call":
        known = [each.name for each in adapter.surface.operations]
        if name not in known:
            raise BadRequest(f"{body.vendor} has no operation {name!r}; it has {known}")
        if not isinstance(effect, AnswerRow):
            kind = effect.__struct_config__.tag
            raise BadRequest(f"a call is answered with a row; {kind!r} is for callbacks")
        try:
            effect = AnswerRow(adapter.surface.error_for(name, effect.row).id)
        except KeyError as error:
            raise BadRequest(str(error.args[0])) from None
    else:
        raise BadRequest(f"on is 'call' or 'callback', not {body.on!r}")
    if (body.times is not None and body.times < 1) or body.skip < 0:
        raise BadRequest("times is at least 1 (or null: always), skip at least 0")
    nth = hand.world.journal.last_seq + 1
    raw = ids.derive(hand.world.spec.seed, "fault", f"{body.on} {name}", nth, 4)
    return Fault(
        id=f"fault-{raw.hex()}",
        vendor=body.vendor,
        on=body.on,
        name=name,
        effect=effect,
        room=body.room,
        skip=body.skip,
        times=body.times,
    )


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


@verb("DELETE", f"{TENANT}/faults/{{fault}}", status=204)
async def disarm(ctx: Context, request: Request) -> Response:
    """Take a fault back."""
    hand = ctx.hand(request)
    hand.apply(inputs.DisarmFault(_found(hand, request).id))
    return Response(status_code=204)
