"""Bodies at the door: read whole, up to 1 MiB, and refused in the vendor's shape beyond."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import MAX_BODY_BYTES, Outward

if TYPE_CHECKING:
    from tests.server.conftest import Served

TOO_LARGE = {"message": "Request size limit exceeded"}


def padded(call: Outward, size: int) -> Outward:
    """Make a body ``size`` bytes long with white space, which JSON does not mind."""
    return Outward(call.method, call.path, call.headers, call.body.ljust(size))


async def test_a_body_of_exactly_one_mebibyte_is_read(served: Served) -> None:
    call = padded(client.acquire(served.credentials("mine"), "demo", "1"), MAX_BODY_BYTES)

    answer = await served.send(call, "/agora")

    assert (answer.status_code, answer.json()["cname"]) == (200, "demo")


async def test_one_byte_more_gets_413_in_the_vendors_shape_and_changes_nothing(
    served: Served,
) -> None:
    call = padded(client.acquire(served.credentials("mine"), "demo", "1"), MAX_BODY_BYTES + 1)

    answer = await served.send(call, "/agora")

    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)
    assert answer.headers["x-recording-emulator-hint"] == "a body has at most 1 MiB"
    assert served.directory.get("mine").world.things == {}


@pytest.mark.parametrize("chunk", [1_000, 65_536, MAX_BODY_BYTES])
async def test_a_body_that_comes_in_chunks_is_measured_as_a_whole(
    served: Served, chunk: int
) -> None:
    call = client.acquire(served.credentials("mine"), "demo", "1")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * MAX_BODY_BYTES // chunk):
            yield b" " * chunk

    answer = await served.http.post(f"/agora{call.path}", headers=call.headers, content=endless())

    assert (answer.status_code, answer.json()) == (413, TOO_LARGE)


async def test_whoever_may_not_call_learns_that_first(served: Served) -> None:
    call = padded(client.acquire(served.credentials("mine"), "demo", "1"), MAX_BODY_BYTES + 1)
    stranger = {**call.headers, "Authorization": "Basic bm90Om1pbmU="}

    answer = await served.send(Outward(call.method, call.path, stranger, call.body), "/agora")

    assert (answer.status_code, answer.json()) == (
        401,
        {"message": "Invalid authentication credentials"},
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"cname":1}', b"\x00" * 9]
)
async def test_a_body_that_makes_no_sense_gets_the_vendors_400_and_changes_nothing(
    served: Served, body: bytes
) -> None:
    call = client.acquire(served.credentials("mine"), "demo", "1")

    answer = await served.send(Outward(call.method, call.path, call.headers, body), "/agora")

    assert (answer.status_code, answer.json()["code"]) == (400, 2)
    assert served.directory.get("mine").world.things == {}
