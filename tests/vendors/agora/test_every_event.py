"""Every event of the catalogue reaches a real receiver, over HTTP and over a WebSocket, signed.

Both listen to the same tenant, so that each event is announced once and delivered twice.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.agora import callbacks, client
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.agora.surface import SURFACE

EVERY = {row.id for row in SURFACE.events if row.supported}
PAGE = {
    "serviceName": "web_recorder_service",
    "serviceParam": {
        "url": "https://example.test/", "audioProfile": 0, "videoWidth": 1280, "videoHeight": 720,
        "maxRecordingHour": 1,
    },
}  # fmt: skip
PUSH = {
    "serviceName": "rtmp_publish_service",
    "serviceParam": {"outputs": [{"rtmpUrl": "rtmp://cdn.test/a"}]},
}


class Subscriber:
    """A program behind a WebSocket: keeps what comes and answers 200."""

    def __init__(self, socket: ClientConnection) -> None:
        self.seen: list[dict[str, Any]] = []
        self._socket = socket
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for message in self._socket:
                told = json.loads(message)
                if "attempt" in told:
                    self.seen.append(told)
                    answer = {"attempt": told["attempt"], "status": 200, "body": "{}"}
                    self._socket.send(json.dumps(answer))
        except ConnectionClosed:
            return

    def close(self) -> None:
        self._socket.close()
        self._thread.join()


@pytest.fixture
def subscriber(recording_emulator: Tenant) -> Iterator[Subscriber]:
    base = recording_emulator.emulator.url.replace("http://", "ws://")
    tenant = recording_emulator.info.id
    with connect(f"{base}/_emulator/tenants/{tenant}/callbacks/stream?vendor=agora") as socket:
        made = Subscriber(socket)
        yield made
        made.close()


def ask(agora: Agora, asked: Any) -> dict[str, Any]:
    url = f"{agora.base_url}{asked.path}"
    answer = httpx.request(asked.method, url, content=asked.body, headers=asked.headers, timeout=30)
    found: dict[str, Any] = answer.json()
    return found


def record(agora: Agora, cname: str, mode: str, scene: int, **params: Any) -> tuple[str, ...]:
    acquired = ask(agora, client.acquire(agora.credentials, cname, "9", scene=scene))
    args = (agora.credentials, cname, "9", acquired["resourceId"])
    started = ask(agora, client.start(*args, mode=mode, **params))
    return cname, "9", acquired["resourceId"], started["sid"]


def stop(agora: Agora, task: tuple[str, ...], mode: str) -> None:
    cname, uid, resource, sid = task
    made = client.task_call(
        agora.credentials, "stop", cname, uid, resource, sid, mode=mode, async_stop=True
    )
    ask(agora, made)


def bad_day_of_a_channel(agora: Agora) -> None:
    """Record one channel: the recorder dies, the upload fails twice; another has no storage."""
    agora.configure(announce_ha=True)
    agora.faults.add("recorder", effect="crash", room="one", after_ms=60_000)
    agora.faults.add("upload", effect="fail", room="one", times=2)
    agora.faults.add("storage", effect="deny", room="two")
    task = record(agora, "one", "mix", 0)
    ask(agora, client.start(agora.credentials, "one", "9", task[2]))
    record(agora, "two", "mix", 0)
    agora.advance(minutes=3)
    stop(agora, task, "mix")
    agora.advance(minutes=1)


def users_and_what_is_made_of_them(agora: Agora) -> None:
    """Record users with pictures; postponed work succeeds in one channel and not in another."""
    agora.faults.add("transcoder", effect="lose_input", room="four")
    for cname in ("three", "four"):
        task = record(
            agora,
            cname,
            "individual",
            2,
            recordingConfig={"subscribeUidGroup": 1},
            appsCollection={"combinationPolicy": "postpone_transcoding"},
            transcodeOptions={"transConfig": {"transMode": "postponeTranscoding"}},
        )
        agora.advance(minutes=1)
        stop(agora, task, "individual")
    config = {"subscribeUidGroup": 1, "streamTypes": 1}
    pictures = {"fileType": ["jpg"], "captureInterval": 10}
    task = record(agora, "five", "individual", 0, recordingConfig=config, snapshotConfig=pictures)
    agora.advance(hours=3)
    stop(agora, task, "individual")


def a_page(agora: Agora) -> None:
    """Record a page that is pushed, goes silent, and becomes too heavy."""
    agora.faults.add("page", effect="silent", room="six", after_ms=30_000)
    record(agora, "six", "web", 1, extensionServiceConfig={"extensionServices": [PAGE, PUSH]})
    agora.advance(minutes=1)
    agora.faults.add("page", effect="too_heavy", room="six")
    agora.advance(minutes=1)


def test_every_event_reaches_a_receiver_over_http_and_over_a_websocket(
    agora: Agora, inbox: Inbox, subscriber: Subscriber
) -> None:
    bad_day_of_a_channel(agora)
    users_and_what_is_made_of_them(agora)
    a_page(agora)
    agora.settle()

    secret = agora.callback_secret
    over_socket = [(dict(each["headers"]), each["body"].encode()) for each in subscriber.seen]
    assert {str(each.event_type) for each in inbox.callbacks} == EVERY
    assert {str(json.loads(body)["eventType"]) for _, body in over_socket} == EVERY
    assert all(each.is_genuine for each in inbox.callbacks)
    assert {callbacks.verify(headers, body, secret) for headers, body in over_socket} == {""}
    assert sorted(each.body for each in inbox.callbacks) == sorted(body for _, body in over_socket)
