"""Sockets: opened and closed at once, a clear word when one cannot be had."""

import asyncio
import contextlib
import logging
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.server import tls
from recording_emulator.server.run import Site
from recording_emulator.testing import Emulator


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nobody calls this")


async def test_a_taken_port_is_named_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site = Site(nothing)

        with pytest.raises(BadRequest) as refused:
            await site.listen("127.0.0.1", port)

        await site.close()
    assert str(refused.value).startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert "address already in use" in str(refused.value)


async def test_an_address_of_another_machine_is_named_with_the_reason() -> None:
    site = Site(nothing)

    with pytest.raises(BadRequest, match=r"cannot listen on 192\.0\.2\.1:0 \("):
        await site.listen("192.0.2.1", 0)

    await site.close()


async def test_a_closed_site_gives_its_port_back_at_once() -> None:
    first, second = Site(nothing), Site(nothing)
    address = await first.listen("127.0.0.1", 0)
    await first.close()

    again = await second.listen(*address)

    await second.close()
    assert again == address


async def test_one_site_listens_on_several_sockets() -> None:
    site = Site(nothing)

    addresses = {await site.listen("127.0.0.1", 0), await site.listen("127.0.0.1", 0)}

    assert len(addresses) == 2
    await site.close()
    for address in addresses:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)


@pytest.mark.parametrize("secure", [False, True])
async def test_closing_ends_a_request_under_way_without_a_sound(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, secure: bool
) -> None:
    came, ended = asyncio.Event(), asyncio.Event()

    async def never_answer(scope: Any, receive: Any, send: Any) -> None:
        came.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    site, ca = Site(never_answer), tls.authority(tmp_path)
    served, trusting = None, None
    if secure:
        served = tls.context(ca, ["agora.io"])
        trusting = ssl.create_default_context(cafile=str(ca.cert_path))
    address = await site.listen("127.0.0.1", 0, served)
    reader, writer = await asyncio.open_connection(*address, ssl=trusting)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await came.wait()

    with caplog.at_level(logging.INFO):
        await site.close()

    assert ended.is_set()
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""
    assert [each.message for each in caplog.records if "uvicorn" in each.name] == []
    writer.transport.abort()


def test_after_closing_nobody_answers_and_the_handle_says_so() -> None:
    emulator = Emulator()
    tenant = emulator.tenant("mine")
    url = emulator.url
    emulator.close()

    with pytest.raises(EmulatorError, match=f"no emulator answers at {url}: "):
        tenant.agora.now_ms()
