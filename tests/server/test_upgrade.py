"""An offer to go on in HTTP/2 (Java's client makes one) is passed over, and the body is read."""

import socket
from urllib.parse import urlsplit

import pytest

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.handle import Agora

OFFER = (
    "Connection: Upgrade, HTTP2-Settings",
    "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAABgAGAAA",
)


@pytest.mark.parametrize("spelling", ["Upgrade: h2c", "upgrade:h2c", "UPGRADE:\th2c "])
@pytest.mark.parametrize("is_apart", [True, False])
def test_the_body_of_a_request_with_an_offer_is_read(
    agora: Agora, spelling: str, *, is_apart: bool
) -> None:
    call = client.acquire(agora.credentials, "demo", "9")
    where = urlsplit(agora.base_url)
    lines = [f"POST {where.path}{call.path} HTTP/1.1", "Host: x", *OFFER, spelling]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    head = "\r\n".join([*lines, f"Content-Length: {len(call.body)}", "", ""]).encode()

    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as one:
        for _ in range(2):  # and the connection is good for another
            one.sendall(head if is_apart else head + call.body)
            if is_apart:
                one.sendall(call.body)
            answer = b""
            while b'"resourceId"' not in answer:
                answer += one.recv(65_536)

            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
