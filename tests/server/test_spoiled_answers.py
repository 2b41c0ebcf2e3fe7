"""Spoiled answers are real on the socket: a raw client sees what a fault says, and nothing else."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.base import Outward

WIRE = ["status", "slow", "reset", "empty", "truncate", "malform", "hang"]
PARAMETERS = {"status": {"status": 502}, "slow": {"by_ms": 300}}


def raw(agora: Agora, asked: Outward) -> bytes:
    """Write a request as HTTP/1.1, to be closed after the answer."""
    path = f"{urlsplit(agora.base_url).path}{asked.path}"
    headers = {
        **asked.headers, "Host": "x", "Connection": "close", "Content-Length": len(asked.body),
    }  # fmt: skip
    lines = [f"{asked.method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + asked.body


def acquire(agora: Agora) -> Outward:
    return client.acquire(agora.credentials, "demo", "9")


@pytest.fixture
def connection(agora: Agora) -> Iterator[socket.socket]:
    where = urlsplit(agora.base_url)
    made = socket.create_connection((where.hostname or "", where.port or 0), timeout=10)
    yield made
    made.close()


def spoil(agora: Agora, effect: str, **more: Any) -> None:
    params: dict[str, Any] = {**PARAMETERS.get(effect, {}), **more}
    agora.faults.add("call", effect=effect, operation="acquire", **params)


def read_all(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    found = b""
    while chunk := connection.recv(65_536):
        found += chunk
    return found


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("effect", WIRE)
def test_a_spoiled_answer_comes_once_and_the_next_is_whole(agora: Agora, effect: str) -> None:
    spoil(agora, effect)
    url = f"{agora.base_url}{acquire(agora).path}"
    asked = acquire(agora)

    def attempt() -> str:
        try:
            answer = httpx.post(url, content=asked.body, headers=asked.headers, timeout=0.5)
            return f"{answer.status_code} {sorted(answer.json())}"
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            return type(error).__name__

    first, second = attempt(), attempt()

    assert second == "200 ['cname', 'resourceId', 'uid']"
    assert (
        first
        == {
            "status": "JSONDecodeError",
            "slow": second,
            "reset": "ReadError",
            "empty": "RemoteProtocolError",
            "truncate": "RemoteProtocolError",
            "malform": "JSONDecodeError",
            "hang": "ReadTimeout",
        }[effect]
    )


def test_a_reset_is_a_reset(agora: Agora, connection: socket.socket) -> None:
    spoil(agora, "reset")
    connection.sendall(raw(agora, acquire(agora)))

    with pytest.raises(ConnectionResetError):
        read_all(connection)


def test_an_empty_answer_has_no_byte(agora: Agora, connection: socket.socket) -> None:
    spoil(agora, "empty")
    connection.sendall(raw(agora, acquire(agora)))

    assert read_all(connection) == b""


def test_a_truncated_answer_promises_more_than_it_has(
    agora: Agora, connection: socket.socket
) -> None:
    spoil(agora, "truncate")
    connection.sendall(raw(agora, acquire(agora)))

    answer = read_all(connection)
    promised = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert len(body_of(answer)) == promised // 2


def test_a_malformed_answer_is_whole_http_and_no_json(
    agora: Agora, connection: socket.socket
) -> None:
    spoil(agora, "malform")
    connection.sendall(raw(agora, acquire(agora)))

    answer = read_all(connection)
    promised = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    assert len(body_of(answer)) == promised
    with pytest.raises(json.JSONDecodeError):
        json.loads(body_of(answer))


def test_a_replaced_status_is_what_a_proxy_says(agora: Agora, connection: socket.socket) -> None:
    spoil(agora, "status")
    connection.sendall(raw(agora, acquire(agora)))

    answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 502 ")
    assert b"content-type: text/html" in answer
    assert b"x-recording-emulator-hint: fault fault-1, firing 1: status" in answer


def test_nobody_waits_for_a_slow_answer_but_who_asked(
    agora: Agora, connection: socket.socket
) -> None:
    spoil(agora, "slow", by_ms=60_000)
    connection.sendall(raw(agora, acquire(agora)))
    agora.wait_for(call="acquire")
    asked = acquire(agora)

    other = httpx.post(f"{agora.base_url}{asked.path}", content=asked.body, headers=asked.headers)
    agora.advance(seconds=1)

    connection.settimeout(0.05)
    assert other.status_code == 200
    with pytest.raises(TimeoutError):
        connection.recv(1)


def test_a_hanging_call_lets_the_tenant_go_on(agora: Agora, connection: socket.socket) -> None:
    spoil(agora, "hang")
    connection.sendall(raw(agora, acquire(agora)))
    agora.wait_for(call="acquire")

    agora.advance(minutes=1)

    connection.settimeout(0.05)
    with pytest.raises(TimeoutError):
        connection.recv(1)


@pytest.mark.parametrize(("commit", "tasks"), [(False, 0), (True, 1)])
def test_a_lost_answer_was_carried_out_only_if_the_fault_says_so(
    agora: Agora, *, commit: bool, tasks: int
) -> None:
    spoil(agora, "reset", commit=commit)
    asked = acquire(agora)

    with pytest.raises(httpx.ReadError):
        httpx.post(f"{agora.base_url}{asked.path}", content=asked.body, headers=asked.headers)

    assert len(agora.tasks()) == tasks
