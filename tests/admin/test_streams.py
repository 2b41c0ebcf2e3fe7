"""The WebSocket streams: the journal as it grows, and callbacks to a subscriber without HTTP."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from recording_emulator.testing import Tenant
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.handle import Checked

EPOCH_MS = 1_893_456_000_000


def stream_url(tenant: Tenant, name: str, **query: str) -> str:
    base = tenant.emulator.url.replace("http://", "ws://")
    return f"{base}/_emulator/tenants/{tenant.info.id}/{name}/stream?{urlencode(query)}"


@pytest.fixture
def subscriber(recording_emulator: Tenant) -> Iterator[ClientConnection]:
    url = stream_url(recording_emulator, "callbacks", vendor="agora", events="30,40")
    with connect(url) as socket:
        assert json.loads(socket.recv())["target"].startswith("websocket-")
        yield socket


def agora_target(agora: Agora) -> str:
    """The id of the only target there is."""
    (entry,) = agora.journal(kind="config")
    subject: str = entry["subject"]
    return subject


def received(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(socket.recv(timeout=5))
    return message


def advancing(agora: Agora) -> threading.Thread:
    """Advance beside the test, which has to answer meanwhile."""
    thread = threading.Thread(target=agora.advance, kwargs={"seconds": 2})
    thread.start()
    return thread


def test_the_journal_is_streamed_from_where_one_asks(
    app: Any, agora: Agora, recording_emulator: Tenant
) -> None:
    app.record()
    with connect(stream_url(recording_emulator, "journal", since="0")) as socket:
        agora.advance(seconds=3)
        seen = [received(socket)]
        while seen[-1].get("name") != "42":
            seen.append(received(socket))

    assert [entry["seq"] for entry in seen] == list(range(1, len(seen) + 1))
    assert "topsecret" not in json.dumps(seen)
    assert [e["name"] for e in seen if e["kind"] == "event"][:2] == ["30", "40"]


def test_a_subscriber_gets_exact_headers_and_body_and_its_answer_counts(
    app: Any, agora: Agora, subscriber: ClientConnection
) -> None:
    app.record()
    advance = advancing(agora)
    sent = received(subscriber)
    subscriber.send(json.dumps({"attempt": sent["attempt"], "status": 200, "body": "{}"}))
    advance.join()

    headers = dict(sent["headers"])
    key = agora.callback_secret.encode()
    body = sent["body"].encode()
    assert headers["Agora-Signature"] == hmac.new(key, body, "sha1").hexdigest()
    assert headers["Agora-Signature-V2"] == hmac.new(key, body, hashlib.sha256).hexdigest()
    assert json.loads(body)["eventType"] == 30
    assert [each.fate for each in agora.callbacks()] == ["delivered"]


def test_a_subscriber_that_answers_500_is_retried_as_a_receiver_would_be(
    app: Any, agora: Agora, subscriber: ClientConnection
) -> None:
    app.record()
    advance = advancing(agora)
    first = received(subscriber)
    subscriber.send(json.dumps({"attempt": first["attempt"], "status": 500}))
    again = received(subscriber)
    subscriber.send(json.dumps({"attempt": again["attempt"]}))
    advance.join()

    notices = [json.loads(each["body"])["noticeId"] for each in (first, again)]
    assert notices[0] == notices[1]
    outcomes = [attempt["outcome"] for attempt in agora.callbacks()[0].attempts]
    assert outcomes == ["refused", "accepted"]


def test_a_subscriber_gets_the_events_it_asked_for_and_no_others(
    app: Any, agora: Agora, subscriber: ClientConnection
) -> None:
    app.record()
    sent = []
    thread = threading.Thread(target=agora.advance, kwargs={"minutes": 5})
    thread.start()
    for _ in range(2):
        sent.append(received(subscriber))
        subscriber.send(json.dumps({"attempt": sent[-1]["attempt"]}))
    thread.join()

    happened = [entry["name"] for entry in agora.journal(kind="event")]
    assert [json.loads(each["body"])["eventType"] for each in sent] == [30, 40]
    assert [each.event for each in agora.callbacks()] == ["30", "40"]
    assert len(happened) > 2


def test_a_subscriber_is_checked_as_a_receiver_would_be(
    agora: Agora, subscriber: ClientConnection
) -> None:
    checked: list[Checked] = []
    name = agora_target(agora)
    thread = threading.Thread(target=lambda: checked.extend(agora.check_target(name)))
    thread.start()
    for status in (200, 500):
        sent = received(subscriber)
        subscriber.send(json.dumps({"attempt": sent["attempt"], "status": status}))
    thread.join()

    assert [(each.event, each.status, each.ok) for each in checked] == [
        ("30", 200, True),
        ("40", 500, False),
    ]


def test_a_wrong_message_is_answered_with_what_is_wrong(
    agora: Agora, subscriber: ClientConnection
) -> None:
    subscriber.send("not json")
    subscriber.send('{"attempt": 99}')

    assert received(subscriber)["error"].startswith("not an answer: ")
    assert received(subscriber) == {"error": "attempt 99 is not waiting for an answer"}


def test_hanging_up_fails_what_waits_and_removes_the_target(
    app: Any, agora: Agora, subscriber: ClientConnection
) -> None:
    app.record()
    advance = advancing(agora)
    received(subscriber)
    subscriber.close()
    advance.join()

    assert [each.fate for each in agora.callbacks()] == ["dropped"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"vendor": "nobody"}, "no vendor 'nobody'"),
        ({"vendor": "agora", "events": "999"}, "Agora announces no event '999'"),
    ],
)
def test_a_wrong_subscription_is_closed_with_the_reason(
    recording_emulator: Tenant, query: dict[str, str], why: str
) -> None:
    url = stream_url(recording_emulator, "callbacks", **query)
    with connect(url) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400
    assert closed.value.rcvd.reason.startswith(why)


def test_a_socket_anywhere_else_is_refused(recording_emulator: Tenant) -> None:
    base = recording_emulator.emulator.url.replace("http://", "ws://")

    with pytest.raises(Exception, match="403"):
        connect(f"{base}/agora/v1").close()
