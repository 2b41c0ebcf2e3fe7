"""Verbs about tenants: make, look at, change, delete, snapshot, restore."""

from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import ROOT, TENANT, Context, json, raw_body, read, verb
from recording_emulator.core import inputs as given
from recording_emulator.core import snapshot as snapshots
from recording_emulator.core.ids import tenant_id
from recording_emulator.errors import Conflict
from recording_emulator.runtime.directory import Wanted, check_settings
from recording_emulator.runtime.hand import Hand


@verb("GET", f"{ROOT}/tenants", answer={"tenants": list[bodies.TenantBody]})
async def tenants(ctx: Context, _request: Request) -> Response:
    """List the tenants."""
    return json({"tenants": [describe(hand) for hand in ctx.directory]})


@verb("POST", f"{ROOT}/tenants", body=Wanted, answer=bodies.TenantBody, status=201)
async def create(ctx: Context, request: Request) -> Response:
    """Make a tenant; its credentials derive from its name."""
    wanted = await read(request, Wanted)
    return json(describe(ctx.directory.create(wanted, ctx.wall_ms())), 201)


@verb("GET", TENANT, answer=bodies.TenantBody)
async def tenant(ctx: Context, request: Request) -> Response:
    """Describe a tenant, credentials included."""
    return json(describe(ctx.hand(request)))


@verb("PATCH", TENANT, body=bodies.SettingsBody, answer=bodies.TenantBody)
async def configure(ctx: Context, request: Request) -> Response:
    """Change vendors' settings; what is left out keeps its value."""
    hand = ctx.hand(request)
    body = await read(request, bodies.SettingsBody)
    merged = {}
    for vendor, changes in body.settings.items():
        before = msgspec.to_builtins(hand.settings(vendor)) if vendor in hand.world.views else {}
        merged[vendor] = {**before, **changes}
        check_settings(ctx.directory.adapters, vendor, merged[vendor])
    for vendor, settings in merged.items():
        hand.apply(given.Configure(vendor, settings))
    return json(describe(hand))


@verb("DELETE", TENANT, status=204)
async def delete(ctx: Context, request: Request) -> Response:
    """Delete a tenant; what is in a folder stays, as that is the user's."""
    await ctx.directory.delete(request.path_params["tenant"])
    return Response(status_code=204)


@verb("GET", f"{TENANT}/snapshot", answer=dict[str, Any], query={"in_flight": Literal["resend"]})
async def snapshot(ctx: Context, request: Request) -> Response:
    """Take the whole tenant as JSON; it holds secrets."""
    hand = ctx.hand(request)
    resend = request.query_params.get("in_flight") == "resend"
    if not hand.in_flight:
        await hand.quiet()
    if hand.in_flight and not resend:
        held = ", ".join(hand.in_flight)
        raise Conflict(f"deliveries are open: {held}; say in_flight=resend to take it anyway")
    return Response(snapshots.take(hand.world), media_type="application/json")


RESTORE = {"name": str, "in_flight": Literal["resend"]}


@verb("POST", f"{ROOT}/snapshots", body=dict, answer=bodies.TenantBody, status=201, query=RESTORE)
async def restore(ctx: Context, request: Request) -> Response:
    """Make a tenant from a snapshot; under another name it is a fork."""
    raw = await raw_body(request)
    name = request.query_params.get("name", "")
    resend = request.query_params.get("in_flight") == "resend"
    return json(describe(ctx.directory.restore(raw, name, resend=resend)), 201)


def describe(hand: Hand) -> bodies.TenantBody:
    """Describe a tenant, credentials included: they are what a client signs in with."""
    spec = hand.world.spec
    return bodies.TenantBody(
        name=spec.name,
        id=tenant_id(spec.name),
        mode=hand.mode,
        seed=spec.seed,
        start_ms=spec.start_ms,
        now_ms=hand.world.now_ms,
        is_open=hand.is_open,
        credentials=spec.credentials,
        settings={vendor: view.settings for vendor, view in hand.world.views.items()},
    )
