"""A server for tests: one of your own in a thread, or one that runs elsewhere; tenants on it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from recording_emulator.errors import BadRequest, Conflict, NotFound
from recording_emulator.server.run import new_loop
from recording_emulator.testing.control import HttpControl
from recording_emulator.testing.inbox import Inbox
from recording_emulator.vendors import base
from recording_emulator.vendors.handle import Handle, Info
from recording_emulator.vendors.verbs import Ask, nothing, reading

if TYPE_CHECKING:
    import httpx
    import requests

    from recording_emulator.testing.inprocess import InProcess
    from recording_emulator.testing.member import Member

T = TypeVar("T")


class Loop:
    """An event loop in a daemon thread."""

    def __init__(self) -> None:
        self._loop = new_loop()
        self._begun: set[Future[Any]] = set()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="recording-emulator", daemon=True
        )
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine there that ``cancel`` may end."""
        begun = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._begun.add(begun)
        begun.add_done_callback(self._begun.discard)
        return begun

    def tell(self, callback: Callable[..., object], *args: object) -> None:
        """Call a function there, soon."""
        self._loop.call_soon_threadsafe(callback, *args)

    def cancel(self) -> None:
        """Cancel what has begun and not ended."""
        for each in list(self._begun):
            each.cancel()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


class Emulator:
    """A server, and the door to its tenants.

    Args:
        url: A running server to attach to; None starts one in a thread of this process.
        tls: Also listen with TLS, under a certificate authority made for this server.
        adapters: The vendors; None: all that are installed.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        tls: bool = False,
        adapters: Sequence[base.VendorAdapter] | None = None,
    ) -> None:
        self.adapters = base.load() if adapters is None else tuple(adapters)
        self.loop = Loop()
        self.inboxes: set[Inbox] = set()
        self.tls_url = ""
        self.ca_path: Path | None = None
        self.application: Any = None
        """The ASGI application of a server of our own."""
        self._site: Any = None
        self._directory: Any = None
        self._folder: Any = None
        if url is None:
            url = self.loop.run(self._start(tls=tls))
        self.url = url.rstrip("/")
        self.control = HttpControl(self.url)

    @property
    def is_own(self) -> bool:
        """Whether the server lives in this process."""
        return self._site is not None

    async def _start(self, *, tls: bool) -> str:
        from recording_emulator.delivery.http import HttpCourier
        from recording_emulator.runtime.directory import Directory
        from recording_emulator.server.app import App
        from recording_emulator.server.run import Site, local_url
        from recording_emulator.store.objects import Store
        from recording_emulator.store.shipping import S3Carrier

        store = Store()
        self._directory = Directory(
            self.adapters, HttpCourier(), carrier=S3Carrier(store), render=store.render
        )
        ca_pem, context = self._certificates() if tls else (b"", None)
        self.application = App(self.adapters, self._directory, store, ca_pem)
        self._site = Site(self.application)
        if context is not None:
            address = await self._site.listen("127.0.0.1", 0, context)
            self.tls_url = local_url("https", address)
        url = local_url("http", await self._site.listen("127.0.0.1", 0))
        self._directory.listens_at(url)
        return url

    def _certificates(self) -> tuple[bytes, ssl.SSLContext]:
        from recording_emulator.server import tls
        from recording_emulator.server.names import Names

        self._folder = tempfile.TemporaryDirectory(prefix="recording-emulator-")
        ca = tls.authority(Path(self._folder.name))
        self.ca_path = ca.cert_path
        return ca.cert_pem, tls.context(ca, Names(self.adapters).certified)

    def tenant(self, name: str, *, replace: bool = False, **wanted: Any) -> Tenant:
        """Make a tenant; ``wanted`` are the fields of ``POST /_emulator/tenants``.

        Raises:
            Conflict: If the name is taken and ``replace`` is not set.
            BadRequest: If a field or a setting is unknown.
        """
        if "guard_ms" not in wanted and _is_debugged():
            wanted["guard_ms"] = None
        ask = Ask("POST", "/_emulator/tenants", reading(Info), {"name": name, **wanted})
        try:
            return Tenant(self, self.control.ask(ask))
        except Conflict:
            if not replace:
                raise
            for info in self.tenants():
                if info.name == name:
                    self.control.ask(Ask("DELETE", f"/_emulator/tenants/{info.id}", nothing))
            return Tenant(self, self.control.ask(ask))

    def tenants(self) -> list[Info]:
        """List the tenants of the server."""
        ask = Ask("GET", "/_emulator/tenants", reading(list[Info], "tenants"))
        return self.control.ask(ask)

    def restore(self, snapshot: bytes, *, name: str = "") -> Tenant:
        """Make a tenant from a snapshot; under another name it is a fork."""
        from urllib.parse import urlencode

        path = f"/_emulator/snapshots?{urlencode({'name': name})}"
        ask = Ask("POST", path, reading(Info), msgspec.Raw(snapshot))
        return Tenant(self, self.control.ask(ask))

    def unclaimed(self) -> list[dict[str, Any]]:
        """List the requests that belonged to no tenant."""
        read = reading(list[dict[str, Any]], "unclaimed")
        return self.control.ask(Ask("GET", "/_emulator/unclaimed", read))

    # --- by the vendors' own names, in process -------------------------------------------------

    @contextlib.contextmanager
    def vendor_names(self) -> Iterator[InProcess]:
        """Have requests and httpx reach this server by the vendors' names while this is open.

        Calls of this process come here without a socket and without TLS. A name of a vendor that is
        not emulated is refused, and stands in ``leaks`` of what this yields.
        """
        from recording_emulator.testing.inprocess import InProcess, routed

        server = InProcess(self)
        with routed(server):
            yield server

    def httpx_transport(self, onward: httpx.BaseTransport | None = None) -> httpx.BaseTransport:
        """Make a transport for one client: vendors' names come here, others go ``onward``."""
        from recording_emulator.testing.by_httpx import Transport
        from recording_emulator.testing.inprocess import InProcess

        return Transport(InProcess(self), onward)

    def httpx_async_transport(
        self, onward: httpx.AsyncBaseTransport | None = None
    ) -> httpx.AsyncBaseTransport:
        """Make the same for an ``httpx.AsyncClient``."""
        from recording_emulator.testing.by_httpx import AsyncTransport
        from recording_emulator.testing.inprocess import InProcess

        return AsyncTransport(InProcess(self), onward)

    def mount(self, session: requests.Session) -> None:
        """Have one session of requests reach this server by the vendors' names.

        Its adapters stay what they are, retries included.
        """
        from recording_emulator.testing import by_urllib3
        from recording_emulator.testing.inprocess import InProcess

        by_urllib3.mount(InProcess(self), session)

    def note_leak(self, host: str, way: str, by: str) -> None:
        """Remember a call that would have reached a vendor, at a server of our own."""
        if self._directory is not None:
            self.loop.tell(self._directory.note_leak, host, way, by)

    def close(self) -> None:
        """Stop the server, if it is ours, the inboxes that are still open, and the thread."""
        for inbox in self.inboxes:
            inbox.close()
        self.control.close()
        if self._site is not None:
            self.application = None
            self.loop.cancel()
            self.loop.run(self._stop())
        self.loop.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _stop(self) -> None:
        await self._directory.close()
        await self._site.close()


class Tenant:
    """One isolated world on a server: every vendor of it, its inboxes, its name and credentials."""

    def __init__(self, emulator: Emulator, info: Info) -> None:
        self.emulator = emulator
        self.info = info
        self._inboxes: list[Inbox] = []
        self._members: list[Member] = []

    @property
    def name(self) -> str:
        return self.info.name

    def vendor(self, name: str) -> Handle:
        """Return the handle of a vendor, by the name of its adapter.

        Raises:
            BadRequest: If no adapter of that name is installed here and on the server.
        """
        for adapter in self.emulator.adapters:
            if adapter.name == name and name in self.info.credentials:
                kind: type[Handle] = adapter.handle_type()
                return kind(self.emulator.control, self.info, name)
        raise BadRequest(f"no vendor {name!r}; there are {sorted(self.info.credentials)}")

    def __getattr__(self, name: str) -> Any:
        """Return a vendor's handle as an attribute: ``tenant.agora``."""
        if name.startswith("_") or name not in self.info.credentials:
            raise AttributeError(name)
        return self.vendor(name)

    def inbox(self) -> Inbox:
        """Open a receiver and send every vendor's callbacks there."""
        handles = {name: self.vendor(name) for name in self.info.credentials}
        nth = len(self._inboxes) + 1
        inbox = Inbox(self.emulator.loop, handles, "inbox" if nth == 1 else f"inbox-{nth}")
        for name in handles:
            inbox.subscribe(name)
        self._inboxes.append(inbox)
        self.emulator.inboxes.add(inbox)
        return inbox

    def member(
        self, vendor: str, user: str | Mapping[str, str] | None = None, *, acks: bool = True
    ) -> Member:
        """Let a client with a vendor's SDK connect: ``tenant.member("neroom", "alice")``.

        Args:
            vendor: The vendor, by the name of its adapter.
            user: Who it is, by name; or in the vendor's own fields, with a token of your own.
            acks: Whether the tenant's clock waits for its listeners.

        Raises:
            BadRequest: If it is not let in; the message says why.
        """
        from recording_emulator.testing.member import Member

        query = self._signed_in(vendor, user) if isinstance(user, str) else user or {}
        made = Member(self.emulator.control, self.info.id, vendor, query, acks=acks)
        self._members.append(made)
        return made

    def _signed_in(self, vendor: str, user: str) -> dict[str, str]:
        """Return what a user's SDK connects with."""
        found = [each for each in self.emulator.adapters if each.name == vendor]
        client = found[0].client if found else None
        if not isinstance(client, base.SdkSide):
            raise BadRequest(f"{vendor!r} has no SDK that a user could connect with")
        return client.query(self.info.credentials[vendor], user)

    def timeline(self) -> str:
        """Return what happened, in words."""
        path = f"/_emulator/tenants/{self.info.id}/timeline"
        return self.emulator.control.ask(Ask("GET", path, bytes.decode))

    def begin(self, text: str, file: str = "scenario.yaml") -> None:
        """Give it a scenario: settings, faults and timeline; what it expects ``verdict`` judges.

        Raises:
            BadRequest: With a line for each mistake in the text.
            Conflict: If it plays one already.
        """
        body = {"text": text, "file": file}
        path = f"/_emulator/tenants/{self.info.id}/scenario"
        self.emulator.control.ask(Ask("POST", path, nothing, body))

    def verdict(self) -> dict[str, Any]:
        """Judge its scenario as things stand: ``is_passed``, ``findings``, and ``text`` for people.

        Raises:
            NotFound: If it plays none.
        """
        path = f"/_emulator/tenants/{self.info.id}/verdict"
        return self.emulator.control.ask(Ask("GET", path, reading(dict[str, Any])))

    def unfired(self) -> dict[str, str]:
        """Say of each counted fault that has never fired why not."""
        path = f"/_emulator/tenants/{self.info.id}/unfired"
        found = self.emulator.control.ask(
            Ask("GET", path, reading(list[dict[str, Any]], "unfired"))
        )
        return {each["id"]: each["why"] for each in found}

    def close(self) -> None:
        """Delete the tenant, if nobody has yet, and close its inboxes and members."""
        ask = Ask("DELETE", f"/_emulator/tenants/{self.info.id}", nothing)
        try:
            with contextlib.suppress(NotFound):
                self.emulator.control.ask(ask)
        finally:
            for inbox in self._inboxes:
                inbox.close()
            for member in self._members:
                member.close()
            self.emulator.inboxes.difference_update(self._inboxes)


def _is_debugged() -> bool:
    return any(name in sys.modules for name in ("pydevd", "debugpy"))
