"""Verbs about what happened: journal, timeline, objects, inputs."""

import itertools
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin.verbs import LISTED, TENANT, Context, json, verb, whole_number
from recording_emulator.core import story
from recording_emulator.core.ids import tenant_id
from recording_emulator.core.journal import canonical, redact
from recording_emulator.errors import Conflict

JOURNAL = {"entries": list[dict[str, Any]], "evicted": int, "counts": dict[str, int]}
OBJECTS = {"objects": list[dict[str, Any]], "has_more": bool, "evicted": int}
INPUTS = {"inputs": list[dict[str, Any]], "holds_secrets": bool}


@verb(
    "GET",
    f"{TENANT}/journal",
    answer=JOURNAL,
    also="application/x-ndjson",
    query={"since": int, "kind": str, "canonical": str},
)
async def journal(ctx: Context, request: Request) -> Response:
    """Read the journal, secrets marked; canonical=1 for the form that seed and inputs fix."""
    hand = ctx.hand(request)
    since = whole_number(request, "since", 0)
    entries = hand.world.journal.since(since)
    kinds = request.query_params.getlist("kind")
    if kinds:
        entries = [each for each in entries if each.kind in kinds]
    if "canonical" in request.query_params:
        base = str(request.base_url).rstrip("/")
        addresses = {base: "{base}"}
        addresses |= {each.url: "{callback}" for each in hand.world.outbox.targets.values()}
        named = (each.url for each in hand.world.outbox.every() if each.url)
        addresses |= dict.fromkeys(named, "{callback}")
        addresses |= dict.fromkeys(hand.world.uploads.addresses, "{storage}")
        lines = canonical(entries, ctx.secrets, addresses)
        return Response(lines, media_type="application/x-ndjson")
    journal = hand.world.journal
    told = [redact(each, ctx.secrets) for each in entries]
    return json({"entries": told, "evicted": journal.evicted, "counts": journal.counts})


@verb("GET", f"{TENANT}/timeline", media="text/plain")
async def timeline(ctx: Context, request: Request) -> Response:
    """Read what happened, in words."""
    hand = ctx.hand(request)
    world = hand.world
    lines = story.timeline(world.journal, world.spec.start_ms, ctx.secrets)
    head = story.heading(
        hand.name,
        hand.mode,
        world.spec.seed,
        world.spec.start_ms,
        world.now_ms,
        world.journal.evicted,
    )
    return Response("\n".join([head, *lines, ""]), media_type="text/plain")


@verb("GET", f"{TENANT}/objects", answer=OBJECTS, query={"start": int, "limit": int})
async def objects(ctx: Context, request: Request) -> Response:
    """List stored files, at most 1,000 from the start-th on, with a URL for each."""
    hand = ctx.hand(request)
    base = str(request.base_url).rstrip("/")
    name = tenant_id(hand.name)
    limit = min(whole_number(request, "limit", LISTED), LISTED)
    start = whole_number(request, "start", 0)
    files = hand.world.objects.files(hand.world.now_ms, start)
    found = list(itertools.islice(files, limit + 1))
    listed = [
        {
            **msgspec.structs.asdict(file),
            "url": f"{base}/_files/{name}/{quote(file.bucket, safe='')}/{quote(file.key)}",
        }
        for file in found[:limit]
    ]
    evicted = hand.world.objects.evicted
    has_more = len(found) > limit
    return json({"objects": listed, "has_more": has_more, "evicted": evicted})


@verb("GET", f"{TENANT}/inputs", answer=INPUTS)
async def inputs(ctx: Context, request: Request) -> Response:
    """Read the inputs a tenant has kept; they hold secrets."""
    kept = ctx.hand(request).world.inputs
    if kept is None:
        raise Conflict("this tenant keeps no inputs; create it with keep_inputs")
    return json({"inputs": kept, "holds_secrets": True})
