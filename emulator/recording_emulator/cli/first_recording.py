"""``recording-emulator demo``: a first recording, played over real HTTP and told line by line."""

from __future__ import annotations

import http.client
import signal
import threading
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from recording_emulator.core.clock import iso, span
from recording_emulator.testing import Emulator, Received
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.callbacks import BY_ID
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.base import Outward

CNAME, UID = "weekly-review", "900001"
SUBSCRIBED: list[int | str] = [40, 42, 4, 41, 31, 11]


def run(*, keep: bool, hours: float) -> None:
    """Play it; with ``keep`` go on serving until interrupted."""
    emulator = Emulator()
    try:
        _play(emulator, hours)
        if keep:
            stop = threading.Event()
            signal.signal(signal.SIGINT, lambda *_: stop.set())
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            click.echo(f"\nStill serving on {emulator.url}. Stop with Ctrl-C.")
            stop.wait()
    finally:
        emulator.close()


def _play(emulator: Emulator, hours: float) -> None:
    tenant = emulator.tenant("default")
    agora: Agora = tenant.agora
    inbox = tenant.inbox()
    inbox.subscribe("agora", SUBSCRIBED)
    inbox.call_back(_tell)
    click.secho(f"Agora cloud recording, emulated at {agora.base_url}", bold=True)
    click.echo("Every line below is real HTTP; only the clock is virtual.\n")

    _step("Ask for a resource. It is good for one recording, within 5 minutes.")
    pair = agora.credentials
    acquired = _call(agora, client.acquire(pair, CNAME, UID))
    resource = acquired["resourceId"]
    _step("Two people are in the channel.")
    room = agora.room(CNAME)
    room.join(41)
    room.join(42)
    _step("Start recording them into one picture, as HLS and MP4.")
    files = {"avFileType": ["hls", "mp4"]}
    started = _call(agora, client.start(pair, CNAME, UID, resource, recordingFileConfig=files))
    sid = started["sid"]
    _step(f"Let {span(round(hours * 3_600_000))} pass. Your app would get these callbacks, signed:")
    agora.advance(hours=hours)
    _step("Ask how it is going, then stop; the answer comes when the files are uploaded.")
    _call(agora, client.task_call(pair, "query", CNAME, UID, resource, sid))
    _call(agora, client.task_call(pair, "stop", CNAME, UID, resource, sid))
    agora.advance(seconds=1)
    _step("What is in the bucket now:")
    stored = agora.objects()
    for each in [*stored[:3], *stored[-1:]]:
        click.echo(f"     {each.size_bytes:>13,} bytes  {each.bucket}/{each.key}")
    playlist = next(each for each in stored if each.key.endswith(".m3u8"))
    head = agora.read_object(playlist.key, bucket=playlist.bucket).decode().splitlines()[:8]
    click.echo("\n".join(["", *(f"     {line}" for line in head), "     …"]))
    genuine = sum(each.is_genuine for each in inbox.callbacks)
    click.echo(f"\n{genuine} callbacks arrived with correct signatures; the clock reads")
    click.echo(f"{iso(agora.now_ms())}. Next: README.md, 'In your tests'.")


def _step(text: str) -> None:
    click.secho(f"\n{text}", fg="cyan")


def _tell(received: Received) -> None:
    payload = received.json["payload"]
    name = BY_ID[str(received.event_type)].name
    mark = "signature ok" if received.is_genuine else received.complaint
    click.echo(f"     {iso(payload['sendts'])}  {received.event_type:>3} {name}  ({mark})")


def _call(agora: Agora, call: Outward) -> Any:
    where = urlsplit(agora.base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.request(call.method, f"{where.path}{call.path}", call.body, call.headers)
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    operation = call.path.rpartition("/")[2]
    shown = raw.decode()
    resource = msgspec.json.decode(raw).get("resourceId", "")
    shown = shown.replace(resource, f"{resource[:8]}…") if resource else shown
    click.echo(f"     {call.method} …/{operation} → {response.status} {shown}")
    return msgspec.json.decode(raw)
