"""Verbs about tasks: recordings and where they stand."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin.verbs import LISTED, TENANT, Context, json, verb
from recording_emulator.core.journal import redact
from recording_emulator.errors import NotFound
from recording_emulator.runtime.hand import Hand


@verb("GET", f"{TENANT}/tasks", answer={"tasks": list[dict[str, Any]], "count": int})
async def tasks(ctx: Context, request: Request) -> Response:
    """List the recordings, oldest first."""
    hand = ctx.hand(request)
    listed = [each for _, each in _summaries(ctx, hand)]
    return json({"tasks": listed[-LISTED:], "count": len(listed)})


@verb("GET", f"{TENANT}/tasks/{{task}}", answer=dict[str, Any])
async def task(ctx: Context, request: Request) -> Response:
    """Describe one recording, by its id or its sid."""
    hand, wanted = ctx.hand(request), request.path_params["task"]
    for task, told in _summaries(ctx, hand):
        if wanted in (told["id"], told.get("sid")):
            return json({**told, "detail": redact(task, ctx.secrets)})
    raise NotFound(f"no task {wanted!r}")


def _summaries(ctx: Context, hand: Hand) -> list[tuple[Any, dict[str, Any]]]:
    found = []
    for task in hand.world.things.values():
        for vendor, adapter in ctx.directory.adapters.items():
            told = adapter.summary(task)
            if told is not None:
                found.append((task, {"vendor": vendor, **told}))
    return found
