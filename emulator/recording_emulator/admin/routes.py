"""The control API as an application: every verb of every noun, errors as JSON, OpenAPI."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from recording_emulator.admin import (
    bodies,
    callbacks,
    clock,
    doubles,
    faults,
    members,
    openapi,
    record,
    rooms,
    scenarios,
    server,
    tasks,
    tenants,
)
from recording_emulator.admin.streams import Streams
from recording_emulator.admin.verbs import ROOT, TENANT, Context, Verb, json
from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Directory

NOUNS: Final = (
    server,
    tenants,
    clock,
    rooms,
    members,
    doubles,
    tasks,
    callbacks,
    faults,
    record,
    scenarios,
)


def verbs(*nouns: ModuleType) -> Iterator[Verb]:
    """List the verbs of modules, in the order in which they stand there."""
    for noun in nouns or NOUNS:
        yield from (each for each in vars(noun).values() if isinstance(each, Verb))


class Admin:
    """The control API of one server."""

    def __init__(
        self,
        directory: Directory,
        wall_ms: Callable[[], int],
        ca_pem: Callable[[], bytes],
    ) -> None:
        self._context = Context(directory, wall_ms, ca_pem)
        self._streams = Streams(directory)

    def app(self) -> Starlette:
        """Assemble the routes."""
        by_path: dict[str, dict[str, Verb]] = {}
        for each in verbs():
            by_path.setdefault(each.path, {})[each.method] = each
        routes: list[BaseRoute] = [self._route(path, found) for path, found in by_path.items()]
        routes += [
            Route(f"{ROOT}/openapi.json", self._openapi),
            WebSocketRoute(f"{TENANT}/journal/stream", self._streams.journal),
            WebSocketRoute(f"{TENANT}/callbacks/stream", self._streams.callbacks),
        ]
        handlers = {EmulatorError: _on_error, HTTPException: _on_http}
        return Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]

    def _route(self, path: str, found: dict[str, Verb]) -> Route:
        async def handle(request: Request) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            return await found[method].handler(self._context, request)

        return Route(path, handle, methods=list(found))

    async def _openapi(self, _request: Request) -> Response:
        return json(openapi.document(tuple(verbs())))


async def _on_error(_request: Request, error: EmulatorError) -> Response:
    return json(bodies.ErrorBody(type(error).__name__, str(error)), error.status)


async def _on_http(request: Request, error: HTTPException) -> Response:
    allowed = (error.headers or {}).get("Allow", "")
    told = f"{request.method} {request.url.path}: {error.detail}"
    message = f"{told}; allowed: {allowed}" if allowed else told
    body = bodies.ErrorBody("NotFound" if error.status_code == 404 else "BadRequest", message)
    response = json(body, error.status_code)
    if allowed:
        response.headers["Allow"] = allowed
    return response
