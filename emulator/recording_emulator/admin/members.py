"""Verbs about members, the clients that hold a vendor's SDK: who there is, and losing one."""

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin.verbs import LISTED, TENANT, Context, json, verb
from recording_emulator.core.inputs import Drop
from recording_emulator.core.members import line_url
from recording_emulator.core.sdk import Member
from recording_emulator.errors import Conflict, NotFound


@verb("GET", f"{TENANT}/members", answer={"members": list[Member]})
async def members(ctx: Context, request: Request) -> Response:
    """List the clients with an SDK, those without a connection included."""
    found = list(ctx.hand(request).world.members.all.values())
    return json({"members": found[:LISTED]})


@verb("POST", f"{TENANT}/members/{{member}}/drop", answer=Member)
async def drop(ctx: Context, request: Request) -> Response:
    """Break a member's connection, at this instant; it may resume."""
    hand, wanted = ctx.hand(request), request.path_params["member"]
    there = hand.world.members.all
    if wanted not in there:
        raise NotFound(f"no member {wanted!r}; there are {list(there)[:LISTED]}")
    member = there[wanted]
    if not member.is_up:
        raise Conflict(f"member {wanted!r} has no connection")
    hand.apply(Drop(wanted, member.epoch, "dropped by the control API"))
    await ctx.directory.switch.cut(line_url(hand.name, wanted, member.epoch))
    await hand.quiet()
    return json(there.get(wanted, member))
