"""The ASGI application: which vendor a request is for, whose it is, and its answer on the wire.

Dispatch is a dictionary look-up on the first segment of the path; Host names and unmistakable
paths come after it. Vendor calls run as raw ASGI; the admin API is a Starlette application.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Directory
from recording_emulator.server import spoiled, wallclock
from recording_emulator.server.files import Files
from recording_emulator.server.names import Names, Whose
from recording_emulator.store.objects import Store
from recording_emulator.vendors.base import (
    HINT_HEADER,
    MAX_BODY_BYTES,
    Request,
    Response,
    VendorAdapter,
    hint_value,
)
from recording_emulator.wire.door import PATH, Door
from recording_emulator.wire.socket import INSIDE, Near, Socket

if TYPE_CHECKING:
    from starlette.applications import Starlette

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

ADMIN: Final = "_emulator"
FILES: Final = "_files"
JSON: Final = ((b"content-type", b"application/json"),)


class App:
    """One server: a directory of tenants behind every vendor's front door."""

    def __init__(
        self,
        adapters: Sequence[VendorAdapter],
        directory: Directory,
        store: Store,
        ca_pem: bytes = b"",
        wall_ms: Callable[[], int] = wallclock.now_ms,
    ) -> None:
        self.directory = directory
        self.store = store
        self.ca_pem = ca_pem
        self._wall_ms = wall_ms
        self._by_prefix = {each.name: each for each in adapters}
        self._adapters = tuple(adapters)
        self._names = Names(adapters)
        self._admin: Starlette | None = None
        self._files = Files(directory, store)
        self._door = Door(directory, wall_ms)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        adapter = self._by_prefix.get(first)
        if scope["type"] != "http" and first != ADMIN:
            await self._sdk(adapter, path[len(first) + 1 :], scope, receive, send)
            return
        if adapter is not None:
            await self._vendor(adapter, path[len(first) + 1 :], scope, receive, send)
        elif first == ADMIN:
            await self._admin_app()(scope, receive, send)
        elif first == FILES:
            await self._files.serve(scope, send)
        else:
            await self._by_name(path, scope, receive, send)

    async def _sdk(
        self, adapter: VendorAdapter | None, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if adapter is None or adapter.sdk is None or path != PATH:
            await send({"type": "websocket.close"})
            return

        def abort() -> None:
            spoiled.transport(scope).abort()

        near: Near | None = scope.get("extensions", {}).get(INSIDE)
        breaking = abort if near is None else near.abort
        socket = Socket(scope["query_string"], receive, send, breaking, near)
        await self._door.serve(adapter, socket)

    def _admin_app(self) -> Starlette:
        if self._admin is None:
            from recording_emulator.admin.routes import Admin

            admin = Admin(self.directory, self._wall_ms, lambda: self.ca_pem)
            self._admin = admin.app()
        return self._admin

    async def _by_name(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        whose = self._names.vendor(host)
        if whose is not None:
            await self._vendor(whose, path, scope, receive, send)
            return
        if self._names.whose(host) is Whose.VENDORS:
            self.directory.note_leak(host, "host", ":".join(map(str, scope.get("client") or ())))
        for adapter in self._adapters:
            if adapter.claims(path):
                await self._vendor(adapter, path, scope, receive, send)
                return
        known = ", ".join(f"/{each.name}/" for each in self._adapters)
        text = f"no vendor serves {path[:200]}; prefixes: {known}; control: /{ADMIN}/"
        body = b'{"message":"Not Found"}'
        await _send(send, Response(404, body, JSON, hint=text), scope["method"])

    async def _vendor(
        self, adapter: VendorAdapter, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        body, too_large = await _read(receive)
        request = Request(
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=dict(scope["headers"]),
            body=body,
            wall_ms=self._wall_ms(),
            too_large=too_large,
        )
        keys = adapter.identify(request)
        hand = self.directory.find(keys)
        if hand is None:
            noted = self.directory.note_unclaimed(adapter.name, request.method, path, keys)
            await _send(send, adapter.unclaimed(request, noted.hint), request.method)
            return
        request.wall_ms += hand.skew_ms(adapter.name)
        hand.enter()
        try:
            response = await adapter.handle(request, hand)
            if response.spoil is None:
                await _send(send, response, request.method)
        except EmulatorError as error:
            text = f"{type(error).__name__}: {error}"
            response = Response(503, b"{}", JSON, hint=text)
            await _send(send, response, request.method)
        finally:
            hand.leave()
        if response.spoil is not None:  # the tenant goes on: nobody waits for a broken answer
            await spoiled.send(response, response.spoil, scope, receive, send)


async def _read(receive: Receive) -> tuple[bytes, bool]:
    """Read a body up to the limit; what is beyond is read and thrown away."""
    message = await receive()
    if not message.get("more_body"):
        body = message.get("body", b"")
        return (body, False) if len(body) <= MAX_BODY_BYTES else (b"", True)
    chunks, size = [message.get("body", b"")], 0
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
    body = b"".join(chunks)
    return (body, False) if len(body) <= MAX_BODY_BYTES and size <= MAX_BODY_BYTES else (b"", True)


async def _send(send: Send, response: Response, method: str) -> None:
    headers = [*response.headers, (b"content-length", str(len(response.body)).encode())]
    if response.hint:
        headers.append((HINT_HEADER, hint_value(response.hint)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = b"" if method == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})
