"""What the verbs of the control API share: their declaration, their context, bodies in and out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recording_emulator.core.adapter import Adapter
from recording_emulator.errors import BadRequest
from recording_emulator.runtime.directory import Directory
from recording_emulator.runtime.hand import Hand

ROOT: Final = "/_emulator"
TENANT: Final = f"{ROOT}/tenants/{{tenant}}"
MAX_BODY_BYTES: Final = 64 << 20
LISTED: Final = 1_000
"""How many of anything one answer lists at most, unless it is paged."""

T = TypeVar("T")
Shape = Any
"""A type, or a mapping of keys to types, that an answer has."""


class Context(msgspec.Struct, frozen=True):
    """What a verb works on: one server."""

    directory: Directory
    wall_ms: Callable[[], int]
    ca_pem: Callable[[], bytes]

    def hand(self, request: Request) -> Hand:
        """Find the tenant a request names."""
        return self.directory.get(request.path_params["tenant"])

    def adapter(self, vendor: str) -> Adapter:
        """Find a vendor by name.

        Raises:
            BadRequest: If there is none; the message lists those there are.
        """
        adapter = self.directory.adapters.get(vendor)
        if adapter is None:
            raise BadRequest(f"no vendor {vendor!r}; there are {sorted(self.directory.adapters)}")
        return adapter

    def event(self, vendor: str, event: str) -> str:
        """Resolve an event's number or name.

        Raises:
            BadRequest: If the vendor announces no such event.
        """
        try:
            return self.adapter(vendor).event_name(event)
        except KeyError as error:
            raise BadRequest(str(error.args[0])) from None

    @property
    def secrets(self) -> frozenset[str]:
        """The names of fields that are never shown."""
        return frozenset().union(*(each.secrets for each in self.directory.adapters.values()))


Handler = Callable[[Context, Request], Awaitable[Response]]


class Verb(msgspec.Struct, frozen=True):
    """One verb: where it is, what it takes, what it answers. The OpenAPI document says the same.

    ``media`` other than JSON leaves ``answer`` None, ``also`` is a second one that the query may
    ask for; ``query`` maps parameters to their types.
    """

    method: str
    path: str
    handler: Handler
    body: type[Any] | None = None
    answer: Shape = None
    status: int = 200
    media: str = "application/json"
    also: str = ""
    query: Mapping[str, Any] = {}


def verb(method: str, path: str, **told: Any) -> Callable[[Handler], Verb]:
    """Declare a verb: ``@verb("GET", f"{TENANT}/tasks", answer={"tasks": list[dict]})``."""
    return lambda handler: Verb(method, path, handler, **told)


def json(body: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(body), status, media_type="application/json")


async def raw_body(request: Request) -> bytes:
    """Read a body, up to the limit.

    Raises:
        BadRequest: If there is more.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise BadRequest(f"the body has more than {MAX_BODY_BYTES} bytes")
    return bytes(raw)


async def read(request: Request, kind: type[T]) -> T:
    """Read a body as a struct.

    Raises:
        BadRequest: Naming what is wrong and which fields there are.
    """
    raw = await raw_body(request)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fields = ", ".join(each.encode_name for each in msgspec.structs.fields(kind))  # type: ignore[arg-type]
        raise BadRequest(f"{error}; the body's fields are {fields}") from None


def whole_number(request: Request, name: str, default: int) -> int:
    """Read a whole number from the query.

    Raises:
        BadRequest: If it is none.
    """
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(f"{name} must be a whole number, not {text!r}")
    return int(text)
