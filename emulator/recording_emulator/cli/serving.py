"""``recording-emulator serve``: listen, say where, stop cleanly."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from recording_emulator.core.filming import BUILT_IN, Media
from recording_emulator.core.inputs import AddTarget
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.delivery.http import HttpCourier
from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.runtime.directory import Directory, Leak, Wanted
from recording_emulator.runtime.hand import Hand, Mode
from recording_emulator.server import wallclock
from recording_emulator.server.app import App
from recording_emulator.server.leaks import Leaks
from recording_emulator.server.names import Names
from recording_emulator.server.run import Site, local_url, new_loop
from recording_emulator.store.objects import Store
from recording_emulator.store.shipping import S3Carrier
from recording_emulator.vendors import base

if TYPE_CHECKING:
    from recording_emulator.server.dns import Responder
    from recording_emulator.server.proxy import Proxy
    from recording_emulator.server.tls import Authority

CALM_AFTER_S: Final = 1.0
"""The collector is calmed after the first answers, which come sooner for it."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What is served, and where; checked before anything is started."""

    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int = 0
    no_tls: bool = False
    proxy_port: int | None = None
    dns_port: int | None = None
    dns_answer: str = "127.0.0.1"
    ca_dir: str | None = None
    mode: str | None = None
    speed: float = 1.0
    seed: int | None = None
    media: Media = BUILT_IN
    strict: bool = False
    store: str | None = None
    scenario: str | None = None
    credentials: tuple[str, ...] = ()
    callbacks: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    as_json: bool = False


class Served:
    """A server on this process's loop, with its tenant ``default``."""

    def __init__(self, options: Options, told: Callable[[Leak], None]) -> None:
        self.options = options
        self.adapters = base.load()
        self.played = None
        if options.scenario is not None:
            from recording_emulator.cli.judged import Played

            self.played = Played(options.scenario)
        store = _store(options.store)
        self.directory = Directory(
            self.adapters, HttpCourier(), options.allow_hosts, S3Carrier(store), store.render
        )
        self.hand = self._tenant()
        self._app = App(self.adapters, self.directory, store)
        self._site = Site(self._app)
        self._names = Names(self.adapters)
        self._leaks = Leaks(self.directory, told)
        self._others: list[Proxy | Responder] = []
        self.url = self.tls_url = ""
        self.ca: Authority | None = None
        self.proxy: tuple[str, int] | None = None
        self.dns: tuple[str, int] | None = None

    def _tenant(self) -> Hand:
        options, played = self.options, self.played
        given: dict[str, Any] = {} if played is None else played.tenant()
        if options.seed is not None:
            given["seed"] = options.seed
        default = Wanted(
            name="default",
            mode=Mode(options.mode or ("real" if played is None else "auto")),
            speed=options.speed,
            guard_ms=None,
            is_open=not options.strict,
            media=options.media,
            magic_rooms=not options.strict,
            credentials=_credentials(options.credentials),
            **given,
        )
        hand = self.directory.create(default, wallclock.now_ms())
        targets = [_target(hand, text, number) for number, text in enumerate(options.callbacks, 1)]
        for target in targets:
            hand.apply(AddTarget(target))
        if played is not None:
            played.begin(hand)
        return hand

    async def open(self) -> None:
        """Open every socket that was asked for.

        Raises:
            BadRequest: If an address cannot be had.
        """
        options = self.options
        plain = await self._site.listen(options.host, options.port)
        self.url = local_url("http", plain)
        self.directory.listens_at(self.url)
        if options.no_tls and options.proxy_port is not None:
            raise BadRequest("--proxy-port needs the HTTPS listener; leave --no-tls out")
        if not options.no_tls:
            await self._open_tls(plain)
        if options.dns_port is not None:
            from recording_emulator.server.dns import Responder

            responder = Responder(options.dns_answer, self._names, self._leaks)
            self._others.append(responder)
            self.dns = await responder.listen(options.host, options.dns_port)

    async def _open_tls(self, plain: tuple[str, int]) -> None:
        from recording_emulator.server import tls

        options = self.options
        folder = Path(options.ca_dir) if options.ca_dir else tls.default_folder()
        self.ca = await asyncio.to_thread(tls.authority, folder)
        context = await asyncio.to_thread(tls.context, self.ca, self._names.certified)
        self._app.ca_pem = self.ca.cert_pem
        address = await self._site.listen(options.host, options.tls_port, context)
        self.tls_url = local_url("https", address)
        if options.proxy_port is not None:
            from recording_emulator.server.proxy import Address, Proxy

            here = [Address(_reached(host), port) for host, port in (plain, address)]
            proxy = Proxy(here[0], here[1], self._names, self._leaks)
            self._others.append(proxy)
            self.proxy = await proxy.listen(options.host, options.proxy_port)

    async def close(self) -> None:
        """Close everything that was opened."""
        for each in self._others:
            await each.close()
        await self.directory.close()
        await self._site.close()


def _reached(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def run(options: Options) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit code: 1 if a scenario was not met.

    Raises:
        click.ClickException: If a flag is wrong or an address is taken; nothing was started.
    """
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(_serve(options))
    except EmulatorError as error:
        raise click.ClickException(str(error)) from None
    finally:
        gc.enable()


async def _serve(options: Options) -> int:
    served = Served(options, _warn)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    try:
        await served.open()
        _announce(served)
        loop.call_later(CALM_AFTER_S, _calm_collector)
        await stop.wait()
        if served.played is None:
            return 0
        return served.played.judge(served.hand, as_json=options.as_json)
    finally:
        await served.close()


def _warn(leak: Leak) -> None:
    click.secho(f"refused: {leak.hint}", fg="red", err=True)


def _calm_collector() -> None:
    """Look for garbage less often, and not among what was loaded: that lives as long as the server.

    A tenant's data are frozen structs without cycles; collecting them by count cost a tenth of the
    time of a call.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def _store(folder: str | None) -> Store:
    if folder is None:
        return Store()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise BadRequest(f"--store {folder}: cannot be made ({why}); choose another") from None
    return Store(Path(folder))


def _credentials(texts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        where, equals, value = text.partition("=")
        vendor, dot, name = where.partition(".")
        if not (equals and dot and name and value):
            raise BadRequest(f"--credential {text!r}: expected VENDOR.NAME=VALUE")
        found.setdefault(vendor, {})[name] = value
    return found


def _target(hand: Hand, text: str, number: int) -> CallbackTarget:
    vendor, equals, url = text.partition("=")
    if not equals or vendor not in hand.credentials or not url.startswith(("http://", "https://")):
        vendors = ", ".join(hand.credentials)
        raise BadRequest(f"--callback {text!r}: expected VENDOR=URL, VENDOR one of {vendors}")
    secret = hand.credentials[vendor].get("callback_secret", "")
    return CallbackTarget(f"{vendor}-{number}", vendor, url, secret)


def _announce(served: Served) -> None:
    options, hand = served.options, served.hand
    ca_path = "" if served.ca is None else str(served.ca.cert_path)
    proxy = "" if served.proxy is None else local_url("http", served.proxy)
    dns = "" if served.dns is None else "{}:{}".format(*served.dns)
    if options.as_json:
        ready = {
            "url": served.url,
            "tls_url": served.tls_url,
            "ca": ca_path,
            "proxy": proxy,
            "dns": dns,
            "tenant": hand.name,
            "credentials": hand.credentials,
        }
        click.echo(msgspec.json.encode(ready).decode())
        return
    url = served.url
    click.secho(f"recording-emulator listens on {url}", bold=True)
    if served.tls_url:
        click.echo(f"  HTTPS    {served.tls_url}, trust {ca_path} (or GET {url}/_emulator/ca.pem)")
    if proxy:
        click.echo(f"  proxy    {proxy}: set HTTPS_PROXY; vendors' names come here")
    if dns:
        click.echo(f"  DNS      {dns}: vendors' names are {options.dns_answer}")
    any_pair = "" if options.strict else ", or any well-formed ones"
    for vendor, pair in hand.credentials.items():
        click.echo(f"  {vendor:<8} base URL {url}/{vendor}")
        for name, value in pair.items():
            click.echo(f"           {name:<16} {value}")
    click.echo(f"  tenant   {hand.name!r}, clock {hand.mode}; these credentials{any_pair}")
    click.echo(f"  control  {url}/_emulator/tenants/default")
    click.echo("Stop with Ctrl-C.")
