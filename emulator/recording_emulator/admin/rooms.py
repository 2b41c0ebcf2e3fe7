"""Verbs about rooms and the people in them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import LISTED, TENANT, Context, json, read, verb
from recording_emulator.core import inputs, rooms
from recording_emulator.core.machine import Input
from recording_emulator.errors import BadRequest, Conflict
from recording_emulator.runtime.hand import Hand

PEOPLE = {"participants": list[rooms.Participant]}


@verb("GET", f"{TENANT}/rooms", answer={"rooms": list[dict[str, Any]]})
async def listing(ctx: Context, request: Request) -> Response:
    """List the rooms and who is in them."""
    found = ctx.hand(request).world.rooms.items()
    listed = [
        {
            "vendor": vendor,
            "room": name,
            "participants": list(room.participants.values()),
            "recorders": len(room.watchers),
        }
        for (vendor, name), room in list(found)[:LISTED]
    ]
    return json({"rooms": listed})


@verb("POST", f"{TENANT}/participants", body=bodies.ParticipantBody, answer=PEOPLE, status=201)
async def join(ctx: Context, request: Request) -> Response:
    """Let someone join a room."""
    hand = ctx.hand(request)
    body = await read(request, bodies.ParticipantBody)
    try:
        role = rooms.Role(body.role)
    except ValueError:
        raise BadRequest(f"role is 'host' or 'audience', not {body.role!r}") from None
    given = rooms.Join(
        body.uid,
        role,
        body.audio is not False,
        body.video is not False,
        stream=body.stream,
        board=body.board is True,
    )
    return await _change(ctx, hand, body, given, 201)


@verb("PATCH", f"{TENANT}/participants", body=bodies.ParticipantBody, answer=PEOPLE)
async def publish(ctx: Context, request: Request) -> Response:
    """Let someone start or stop publishing."""
    hand = ctx.hand(request)
    body = await read(request, bodies.ParticipantBody)
    if body.stream:
        raise BadRequest("a stream is named when it is joined; publish takes audio, video, board")
    given = rooms.Publish(body.uid, body.audio, body.video, body.board)
    return await _change(ctx, hand, body, given, 200)


@verb("DELETE", f"{TENANT}/participants", body=bodies.ParticipantBody, answer=PEOPLE)
async def leave(ctx: Context, request: Request) -> Response:
    """Let someone leave."""
    hand = ctx.hand(request)
    body = await read(request, bodies.ParticipantBody)
    return await _change(ctx, hand, body, rooms.Leave(body.uid), 200)


async def _change(
    ctx: Context, hand: Hand, body: bodies.ParticipantBody, given: Input, status: int
) -> Response:
    ctx.adapter(body.vendor)
    if not body.uid or not body.room:
        raise BadRequest("room and uid must not be empty")
    why = hand.apply(inputs.ChangeRoom(body.vendor, body.room, given))
    if why is not None:
        raise Conflict(why)
    await hand.quiet(is_inside=body.is_inside)
    room = hand.world.room(body.vendor, body.room)
    return json({"participants": list(room.participants.values())}, status)
