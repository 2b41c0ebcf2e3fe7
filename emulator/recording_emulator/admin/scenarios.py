"""Verbs about scenarios: give a tenant one, ask for the verdict, the schema of the files.

The language is imported when the first of them is called: a server without scenarios starts sooner.
"""

from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import ROOT, TENANT, Context, json, read, verb
from recording_emulator.errors import Conflict, NotFound
from recording_emulator.vendors.base import VendorAdapter


@verb("GET", f"{ROOT}/scenario.schema.json", answer=dict[str, Any])
async def scenario_schema(_ctx: Context, _request: Request) -> Response:
    """Read the JSON Schema of scenario files, for editors."""
    from recording_emulator.scenario import schema

    return Response(schema.text(), media_type="application/json")


@verb("POST", f"{TENANT}/scenario", body=bodies.ScenarioBody, answer={"scenario": str}, status=201)
async def begin(ctx: Context, request: Request) -> Response:
    """Give a tenant a scenario: its settings, faults and timeline; what it expects is judged."""
    from recording_emulator.scenario import begin as scenarios
    from recording_emulator.scenario.load import loads

    hand = ctx.hand(request)
    body = await read(request, bodies.ScenarioBody)
    if hand.world.timeline.standing.title:
        raise Conflict(f"tenant {hand.name!r} plays a scenario already; a tenant plays one")
    adapters = _adapters(ctx)
    loaded = loads(body.text.encode(), body.file, adapters)
    adapter = next(each for each in adapters if each.name == loaded.document.vendor)
    scenarios.begin(hand, loaded, adapter)
    await hand.quiet()
    return json({"scenario": loaded.document.scenario}, 201)


@verb("GET", f"{TENANT}/verdict", answer=bodies.VerdictBody)
async def verdict(ctx: Context, request: Request) -> Response:
    """Judge what a tenant's scenario expects, as things stand now."""
    from recording_emulator.scenario import begin as scenarios
    from recording_emulator.scenario import report

    hand = ctx.hand(request)
    await (hand.advance() if hand.in_flight else hand.quiet())
    found = scenarios.verdict(hand, _adapters(ctx))
    if found is None:
        raise NotFound(f"tenant {hand.name!r} plays no scenario; POST one to …/scenario")
    return json({**report.plain(found), "text": report.words(found)})


def _adapters(ctx: Context) -> tuple[VendorAdapter, ...]:
    return cast("tuple[VendorAdapter, ...]", tuple(ctx.directory.adapters.values()))
