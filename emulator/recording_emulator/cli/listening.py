"""``recording-emulator listen``: callbacks brought to an app that the server cannot reach."""

from __future__ import annotations

import asyncio
import signal
from typing import Any, Final
from urllib.parse import quote, urlencode

import click
import msgspec

from recording_emulator.core.outbox import Outgoing
from recording_emulator.delivery.http import HttpCourier
from recording_emulator.delivery.socket import Returned, Sent
from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.testing.control import HttpControl
from recording_emulator.vendors.verbs import Ask

SHOWN: Final = 160
GOOD: Final = range(200, 300)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The flags of ``listen``."""

    forward_to: str
    url: str
    tenant: str
    vendors: tuple[str, ...]
    events: str | None
    replay: int | None
    as_json: bool


def run(options: Options) -> None:
    """Listen until interrupted or the server ends; with ``replay`` until that one is answered.

    Raises:
        click.ClickException: If a flag is wrong, or no server is there.
    """
    if not options.forward_to.startswith(("http://", "https://")):
        raise click.ClickException(f"--forward-to {options.forward_to!r}: expected http(s)://…")
    try:
        asyncio.run(_listen(options))
    except (EmulatorError, OSError) as error:
        raise click.ClickException(str(error)) from None


async def _listen(options: Options) -> None:
    control = HttpControl(options.url)
    path = f"/_emulator/tenants/{quote(options.tenant, safe='')}"
    tenant = await control.ask_async(Ask("GET", path, msgspec.json.decode))
    vendors = options.vendors or tuple(tenant["credentials"])
    replayed: dict[str, Any] = {}
    if options.replay is not None:
        where = f"{path}/callbacks/{options.replay}"
        replayed = await control.ask_async(Ask("GET", where, msgspec.json.decode))
        vendors = (replayed["vendor"],)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    courier = HttpCourier()
    courier.open()
    lines = [_Line(options, f"{path}/callbacks", each, courier) for each in vendors]
    try:
        targets = [await each.open() for each in lines]
        if not options.as_json:
            names = ", ".join(vendors)
            click.secho(f"callbacks of {names} go to {options.forward_to}", bold=True, err=True)
        tasks = [asyncio.ensure_future(each.run()) for each in lines]
        if replayed:
            again = f"{path}/callbacks/{options.replay}/replay?target={targets[0]}"
            await control.ask_async(Ask("POST", again, msgspec.json.decode))
        else:
            tasks.append(asyncio.ensure_future(stop.wait()))  # type: ignore[arg-type]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
    finally:
        for line in lines:
            await line.close()
        await courier.close()


class _Line:
    """One vendor's callbacks, on a connection of their own."""

    def __init__(self, options: Options, path: str, vendor: str, courier: HttpCourier) -> None:
        query = {"vendor": vendor}
        if options.replay is not None:
            query["events"] = ""
        elif options.events is not None:
            query["events"] = options.events
        base = options.url.rstrip("/").replace("http", "ws", 1)
        self._url = f"{base}{path}/stream?{urlencode(query)}"
        self._options, self._vendor, self._courier = options, vendor, courier
        self._socket: Any = None
        self._open: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Connect, and return the id of the target that stands for this connection."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed

        try:
            self._socket = await connect(self._url, max_size=None)
            told = msgspec.json.decode(await self._socket.recv())
        except ConnectionClosed as error:
            raise BadRequest(str(error.rcvd and error.rcvd.reason)) from None
        target: str = told["target"]
        return target

    async def run(self) -> None:
        """Carry callbacks until the server ends; each is one attempt."""
        async for raw in self._socket:
            if "error" in msgspec.json.decode(raw):
                continue
            sent = msgspec.json.decode(raw, type=Sent)
            task = asyncio.ensure_future(self._forward(sent))
            self._open.add(task)
            task.add_done_callback(self._open.discard)

    async def _forward(self, sent: Sent) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        out = Outgoing(
            sent.attempt,
            "",
            self._options.forward_to,
            tuple(sent.headers),
            sent.body.encode(),
            0,
        )
        answered = await self._courier.post(out)
        took_ms = round((loop.time() - begun) * 1000)
        body = answered.body.decode("utf-8", "replace")
        answer = Returned(sent.attempt, answered.status, body, answered.error)
        await self._socket.send(msgspec.json.encode(answer).decode())
        told = self._plain if self._options.as_json else self._words
        told(sent, answer, took_ms)

    def _plain(self, sent: Sent, answer: Returned, took_ms: int) -> None:
        line = {
            "number": sent.number,
            "vendor": self._vendor,
            "headers": dict(sent.headers),
            "body": sent.body,
            "status": answer.status,
            "error": answer.error,
            "took_ms": took_ms,
        }
        click.echo(msgspec.json.encode(line).decode())

    def _words(self, sent: Sent, answer: Returned, took_ms: int) -> None:
        said = answer.error or str(answer.status)
        text = sent.body if len(sent.body) <= SHOWN else f"{sent.body[:SHOWN]}…"
        colour = "green" if answer.status in GOOD else "red"
        head = click.style(f"#{sent.number} {self._vendor} → {said} in {took_ms} ms", fg=colour)
        click.echo(f"{head}  {text}")

    async def close(self) -> None:
        if self._socket is not None:
            await asyncio.gather(*self._open, return_exceptions=True)
            await self._socket.close()
