"""Verbs about the server itself."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator import __version__
from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import ROOT, Context, json, verb
from recording_emulator.core import openapi
from recording_emulator.errors import NotFound

HEALTH = {"status": str, "version": str, "tenants": int}


@verb("GET", f"{ROOT}/health", answer=HEALTH)
async def health(ctx: Context, _request: Request) -> Response:
    """Say that the server is up."""
    return json({"status": "ok", "version": __version__, "tenants": len(ctx.directory)})


@verb("GET", f"{ROOT}/ready", answer=HEALTH)
async def ready(ctx: Context, request: Request) -> Response:
    """Ready as soon as it answers."""
    return await health.handler(ctx, request)


@verb("GET", f"{ROOT}/ca.pem", media="application/x-pem-file")
async def ca(ctx: Context, _request: Request) -> Response:
    """The certificate authority of the TLS listener, as PEM."""
    if not ctx.ca_pem():
        raise NotFound("this server has no TLS listener; start it with --tls-port")
    return Response(ctx.ca_pem(), media_type="application/x-pem-file")


@verb("GET", f"{ROOT}/unclaimed", answer={"unclaimed": list[bodies.UnclaimedBody], "count": int})
async def unclaimed(ctx: Context, _request: Request) -> Response:
    """List requests that belonged to no tenant, with the nearest one."""
    found = list(ctx.directory.unclaimed)
    return json({"unclaimed": found, "count": ctx.directory.counts["unclaimed"]})


@verb("GET", f"{ROOT}/leaks", answer={"leaks": list[bodies.LeakBody], "count": int})
async def leaks(ctx: Context, _request: Request) -> Response:
    """List calls to a vendor's names that are not served: by DNS, by proxy, or by Host."""
    return json({"leaks": list(ctx.directory.leaks), "count": ctx.directory.counts["leaks"]})


@verb("GET", f"{ROOT}/vendors/{{vendor}}/openapi.json", answer=dict[str, Any])
async def surface(ctx: Context, request: Request) -> Response:
    """A vendor's own API as an OpenAPI document, made from its catalogue."""
    name, adapters = request.path_params["vendor"], ctx.directory.adapters
    if name not in adapters:
        raise NotFound(f"no vendor {name!r}; there are {sorted(adapters)}")
    return json(openapi.document(name, adapters[name].surface))
