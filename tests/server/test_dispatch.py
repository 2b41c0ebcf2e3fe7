"""Which vendor a request is for: by prefix, by Host, by a path nobody else has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import websockets.exceptions
import websockets.sync.client

from recording_emulator.testing import Emulator
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import load

if TYPE_CHECKING:
    from tests.server.conftest import Served

CNAME, UID = "demo", "900001"


def is_granted(answer: httpx.Response) -> bool:
    body = answer.json()
    return answer.status_code == 200 and (body["cname"], body["uid"]) == (CNAME, UID)


async def test_a_vendor_is_reached_by_its_prefix(served: Served) -> None:
    pair = served.credentials("mine")

    answer = await served.send(client.acquire(pair, CNAME, UID), "/agora")

    assert is_granted(answer)


@pytest.mark.parametrize(
    "host",
    [
        "api.agora.io",
        "api-us-west-1.agora.io",
        "api.sd-rtn.com:8443",
        "agora.io",
        "API-CN-EAST-1.SD-RTN.COM",
    ],
)
async def test_a_vendor_is_reached_by_its_host_name(served: Served, host: str) -> None:
    pair = served.credentials("mine")

    answer = await served.send(client.acquire(pair, CNAME, UID), Host=host)

    assert is_granted(answer)


async def test_under_its_host_name_a_vendor_answers_every_path_with_its_own_404(
    served: Served,
) -> None:
    answer = await served.http.get("/v9/nothing", headers={"Host": "api.agora.io"})

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "no Route matched with those values"},
    )


@pytest.mark.parametrize("region", ["", "/na", "/cn"])
async def test_a_vendor_is_reached_by_its_unmistakable_path_at_the_root(
    served: Served, region: str
) -> None:
    pair = served.credentials("mine")

    answer = await served.send(client.acquire(pair, CNAME, UID), region)

    assert is_granted(answer)


@pytest.mark.parametrize("host", ["notagora.io", "agora.io.example.com", "localhost", ""])
@pytest.mark.parametrize("path", ["/", "/v1", "/v1/apps", "/agoras/v1/apps/a", "/favicon.ico"])
async def test_a_path_nobody_serves_gets_404_and_a_hint_with_what_there_is(
    served: Served, host: str, path: str
) -> None:
    answer = await served.http.get(path, headers={"Host": host})

    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
    prefixes = ", ".join(f"/{each.name}/" for each in load())
    assert answer.headers["x-recording-emulator-hint"] == (
        f"no vendor serves {path}; prefixes: {prefixes}; control: /_emulator/"
    )


async def test_the_hint_for_a_strange_path_is_one_printable_line_and_short(served: Served) -> None:
    answer = await served.http.get("/会议%0d%0aX-Evil:1/" + "x" * 5_000)

    hint = answer.headers["x-recording-emulator-hint"]
    assert hint.startswith("no vendor serves /\\u4f1a\\u8bae X-Evil:1/xxx")
    assert hint.isascii()
    assert len(hint) < 400
    assert "x-evil" not in answer.headers


async def test_head_gets_the_headers_of_the_answer_without_its_body(served: Served) -> None:
    answer = await served.http.head("/nowhere")

    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["content-length"] == str(len(b'{"message":"Not Found"}'))


def test_a_websocket_is_refused_as_long_as_no_vendor_serves_one(
    recording_emulator_server: Emulator,
) -> None:
    url = recording_emulator_server.url.replace("http", "ws")

    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        websockets.sync.client.connect(f"{url}/agora/sdk", proxy=None)

    assert refused.value.response.status_code == 403
