"""``recording-emulator serve``: listen, say where, stop cleanly."""

from __future__ import annotations

import asyncio
import gc
import signal
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from recording_emulator.core.inputs import AddTarget
from recording_emulator.core.outbox import CallbackTarget
from recording_emulator.delivery.http import HttpCourier
from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand, Mode
from recording_emulator.server import wallclock
from recording_emulator.server.app import App
from recording_emulator.server.run import Site, local_url, new_loop
from recording_emulator.store.objects import Store
from recording_emulator.vendors import base

CALM_AFTER_S: Final = 1.0
"""The collector is calmed after the first answers, which come sooner for it."""


class Options(msgspec.Struct, frozen=True):
    """The flags of ``serve``, checked before anything is started."""

    host: str
    port: int
    tls_port: int
    no_tls: bool
    ca_dir: str | None
    mode: str | None
    speed: float
    seed: int | None
    strict: bool
    store: str | None
    scenario: str | None
    callbacks: tuple[str, ...]
    allow_hosts: tuple[str, ...]
    as_json: bool


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


async def _serve(options: Options) -> int:
    played = None
    if options.scenario is not None:
        from recording_emulator.cli.judged import Played

        played = Played(options.scenario)
    store = _store(options.store)
    adapters = base.load()
    directory = Directory(adapters, HttpCourier(), options.allow_hosts)
    given: dict[str, Any] = {} if played is None else played.tenant()
    if options.seed is not None:
        given["seed"] = options.seed
    default = Wanted(
        name="default",
        mode=Mode(options.mode or ("real" if played is None else "auto")),
        speed=options.speed,
        guard_ms=None,
        is_open=not options.strict,
        magic_rooms=not options.strict,
        **given,
    )
    hand = directory.create(default, wallclock.now_ms())
    targets = [_target(hand, text, number) for number, text in enumerate(options.callbacks, 1)]
    for target in targets:
        hand.apply(AddTarget(target))
    if played is not None:
        played.begin(hand)
    app = App(adapters, directory, store)
    site = Site(app)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    try:
        url = local_url("http", await site.listen(options.host, options.port))
        directory.listens_at(url)
        tls_url, ca_path = "", ""
        if not options.no_tls:
            tls_url, ca_path = await _listen_tls(options, app, site, adapters)
        _announce(options, hand, url, tls_url, ca_path)
        loop.call_later(CALM_AFTER_S, _calm_collector)
        await stop.wait()
        return 0 if played is None else played.judge(hand, as_json=options.as_json)
    finally:
        await directory.close()
        await site.close()


def _calm_collector() -> None:
    """Look for garbage less often, and not among what was loaded: that lives as long as the server.

    A tenant's data are frozen structs without cycles; collecting them by count cost a tenth of the
    time of a call.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _store(folder: str | None) -> Store:
    if folder is None:
        return Store()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise BadRequest(f"--store {folder}: cannot be made ({why}); choose another") from None
    return Store(Path(folder))


def _target(hand: Hand, text: str, number: int) -> CallbackTarget:
    vendor, equals, url = text.partition("=")
    if not equals or vendor not in hand.credentials or not url.startswith(("http://", "https://")):
        vendors = ", ".join(hand.credentials)
        raise BadRequest(f"--callback {text!r}: expected VENDOR=URL, VENDOR one of {vendors}")
    secret = hand.credentials[vendor].get("callback_secret", "")
    return CallbackTarget(f"{vendor}-{number}", vendor, url, secret)


async def _listen_tls(
    options: Options, app: App, site: Site, adapters: tuple[base.VendorAdapter, ...]
) -> tuple[str, str]:
    from recording_emulator.server import tls

    folder = Path(options.ca_dir) if options.ca_dir else tls.default_folder()
    ca = await asyncio.to_thread(tls.authority, folder)
    names = [host for each in adapters for host in each.hosts]
    context = await asyncio.to_thread(tls.context, ca, names)
    app.ca_pem = ca.cert_pem
    address = await site.listen(options.host, options.tls_port, context)
    return local_url("https", address), str(ca.cert_path)


def _announce(options: Options, hand: Hand, url: str, tls_url: str, ca_path: str) -> None:
    if options.as_json:
        ready = {
            "url": url,
            "tls_url": tls_url,
            "ca": ca_path,
            "tenant": hand.name,
            "credentials": hand.credentials,
        }
        click.echo(msgspec.json.encode(ready).decode())
        return
    click.secho(f"recording-emulator listens on {url}", bold=True)
    if tls_url:
        click.echo(f"  HTTPS    {tls_url}, trust {ca_path} (or GET {url}/_emulator/ca.pem)")
    any_pair = "" if options.strict else ", or any well-formed ones"
    for vendor, pair in hand.credentials.items():
        click.echo(f"  {vendor:<8} base URL {url}/{vendor}")
        for name, value in pair.items():
            click.echo(f"           {name:<16} {value}")
    click.echo(f"  tenant   {hand.name!r}, clock {hand.mode}; these credentials{any_pair}")
    click.echo(f"  control  {url}/_emulator/tenants/default")
    click.echo("Stop with Ctrl-C.")
