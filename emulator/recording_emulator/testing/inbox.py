"""A real HTTP receiver for callbacks: it checks signatures, and it can have a bad day.

It listens on a socket of its own in the emulator's thread, never in the test's event loop; what a
test gives it as a handler runs in a worker thread, as an app's would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final

import msgspec

from recording_emulator.server.run import Site, local_url
from recording_emulator.vendors.handle import Handle
from recording_emulator.vendors.verbs import INSIDE

if TYPE_CHECKING:
    from recording_emulator.testing.emulator import Loop

LIMIT: Final = 100_000


class Received(msgspec.Struct, frozen=True):
    """One callback as it came in: exact headers and body, and what was wrong with it.

    ``event_type`` is the vendor's own number or name; ``answered`` is 0 for one left hanging.
    """

    vendor: str
    event_type: int | str
    headers: dict[str, str]
    body: bytes
    answered: int
    complaint: str

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)

    @property
    def is_genuine(self) -> bool:
        """Whether every signature was right."""
        return not self.complaint


class Inbox:
    """A receiver. It answers 200 and ``{}`` unless told otherwise."""

    def __init__(self, loop: Loop, handles: Mapping[str, Handle], name: str = "inbox") -> None:
        self._loop = loop
        self._handles = handles
        self._name = name
        self._site: Site | None = None
        self._address = ("127.0.0.1", 0)
        self._scripted: list[int | None] = []
        self._handler: Callable[[Received], Any] | None = None
        self._body = b"{}"
        self._status = 200
        self.callbacks: list[Received] = []
        self.up()

    def url(self, vendor: str) -> str:
        """Where it receives the callbacks of a vendor."""
        return f"{local_url('http', self._address)}/{vendor}"

    def subscribe(self, vendor: str, events: list[int | str] | None = None) -> None:
        """Have this vendor's callbacks sent here: these events, or all of them."""
        target = f"{self._name}-{vendor}"
        self._handles[vendor].send_callbacks_to(self.url(vendor), events=events, target=target)

    @property
    def event_types(self) -> list[int | str]:
        """The events that came in, in order, resends included."""
        return [each.event_type for each in self.callbacks]

    def clear(self) -> None:
        """Forget what came in."""
        self.callbacks.clear()

    # --- a bad day -----------------------------------------------------------------------------

    def answer(self, status: int = 200, body: bytes = b"{}") -> None:
        """Answer so from now on."""
        self._status, self._body = status, body

    def fail(self, times: int = 1, status: int = 500) -> None:
        """Answer the next ``times`` callbacks with an error."""
        self._scripted += [status] * times

    def hang(self, times: int = 1) -> None:
        """Never answer the next ``times`` callbacks."""
        self._scripted += [None] * times

    def call_back(self, handler: Callable[[Received], Any] | None) -> None:
        """Run this before each answer, in a thread of its own: it may call the app, or us."""
        self._handler = handler

    def down(self) -> None:
        """Stop listening: connections are refused."""
        if self._site is not None:
            self._loop.run(self._site.close())
            self._site = None

    def up(self) -> None:
        """Listen, on the same port as before if there was one."""
        if self._site is None:
            self._loop.run(self._open())

    def close(self) -> None:
        """Stop for good."""
        self.down()

    async def _open(self) -> None:
        self._site = Site(self._app)
        self._address = await self._site.listen(*self._address)

    # --- receiving -----------------------------------------------------------------------------

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        vendor = scope["path"].strip("/")
        if vendor not in self._handles:
            await _reply(send, 404, b'{"message":"no vendor sends its callbacks here"}')
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        scripted = self._scripted.pop(0) if self._scripted else self._status
        event, complaint = self._handles[vendor].read_callback(headers, body)
        received = Received(vendor, event, headers, body, scripted or 0, complaint)
        if len(self.callbacks) < LIMIT:
            self.callbacks.append(received)
        if scripted is None:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        if self._handler is not None and scripted == 200:
            await self._handle(received)
        await _reply(send, scripted, self._body)

    async def _handle(self, received: Received) -> None:
        assert self._handler is not None
        context = copy_context()
        context.run(INSIDE.set, True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, context.run, self._handler, received)


async def _reply(send: Any, status: int, body: bytes) -> None:
    content = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": content})
    await send({"type": "http.response.body", "body": body})
