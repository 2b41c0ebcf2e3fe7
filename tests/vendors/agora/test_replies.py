"""Answers on the wire, compared as bytes with the golden files.

Source:
    Sheet §3 and §4.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.inputs import Answer
from recording_emulator.vendors.agora import errors, replies

if TYPE_CHECKING:
    import httpx
    from tests.vendors.agora.conftest import Door, Golden, Open

STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
BOTH = {"avFileType": ["hls", "mp4"]}
LISTS = {"audioUidList": {"subscribeAudioUids": ["41"]}}


class Client:
    """A client that keeps the ids of its task."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.resource = self.sid = ""

    async def call(self, operation: str, params: dict[str, Any] | None = None) -> httpx.Response:
        where = self.sid if operation not in ("acquire", "start") else ""
        path = self.door.path(operation, self.resource if operation != "acquire" else "", where)
        body = {"cname": "demo", "uid": "900001", "clientRequest": params or {}}
        method = "GET" if operation == "query" else "POST"
        answer = await self.door.send(method, path, b"" if method == "GET" else body)
        self.resource = answer.json().get("resourceId", self.resource)
        self.sid = answer.json().get("sid", self.sid)
        return answer

    async def record(self, at_ms: int = 0, **params: Any) -> None:
        await self.call("acquire")
        await self.call("start", {"storageConfig": STORAGE, **params})
        if at_ms:
            await self.door.hand.advance(at_ms)


@pytest.fixture
def client(door: Door) -> Client:
    return Client(door)


def wire(answer: httpx.Response) -> tuple[int, bytes]:
    return answer.status_code, answer.content + b"\n"


async def test_acquire(client: Client, golden: Golden) -> None:
    assert wire(await client.call("acquire")) == (200, golden("responses/acquire.json"))


async def test_start(client: Client, golden: Golden) -> None:
    await client.call("acquire")

    assert wire(await client.call("start", {"storageConfig": STORAGE})) == (
        200,
        golden("responses/start.json"),
    )


async def test_a_second_start(client: Client, golden: Golden) -> None:
    await client.record()

    answer = await client.call("start", {"storageConfig": STORAGE})

    assert wire(answer) == (201, golden("responses/start_already_started.json"))


async def test_query_names_the_playlist_before_there_is_media(
    client: Client, golden: Golden
) -> None:
    await client.record()

    assert wire(await client.call("query")) == (200, golden("responses/query_not_started.json"))


async def test_query_of_hls_is_one_name(client: Client, golden: Golden) -> None:
    await client.record(20_000)

    assert wire(await client.call("query")) == (200, golden("responses/query_hls.json"))


async def test_query_of_hls_and_mp4_is_a_list(client: Client, golden: Golden) -> None:
    await client.record(20_000, recordingFileConfig=BOTH)

    assert wire(await client.call("query")) == (200, golden("responses/query_hls_mp4.json"))


async def test_query_of_hls_and_mp4_lists_the_playlist_alone_at_first(
    client: Client, golden: Golden
) -> None:
    await client.record(4_000, recordingFileConfig=BOTH)

    assert wire(await client.call("query")) == (200, golden("responses/query_hls_mp4_early.json"))


@pytest.mark.parametrize(("types", "track"), [(0, "audio"), (1, "video"), (2, "audio_and_video")])
async def test_the_track_type_follows_the_stream_types(
    client: Client, types: int, track: str
) -> None:
    await client.record(recordingFileConfig=BOTH, recordingConfig={"streamTypes": types})

    files = (await client.call("query")).json()["serverResponse"]["fileList"]

    assert [each["trackType"] for each in files] == [track]


async def test_update(client: Client, golden: Golden) -> None:
    await client.record(20_000)

    answer = await client.call("update", {"streamSubscribe": LISTS})

    assert wire(answer) == (200, golden("responses/update.json"))


async def test_update_layout(client: Client, golden: Golden) -> None:
    await client.record(20_000)

    assert wire(await client.call("updateLayout", {"mixedVideoLayout": 1})) == (
        200,
        golden("responses/update_layout.json"),
    )


async def test_stop_of_hls(client: Client, golden: Golden) -> None:
    await client.record(20_000)

    assert wire(await client.call("stop")) == (200, golden("responses/stop_hls.json"))


async def test_stop_of_hls_and_mp4(client: Client, golden: Golden) -> None:
    await client.record(20_000, recordingFileConfig=BOTH)

    assert wire(await client.call("stop")) == (200, golden("responses/stop_hls_mp4.json"))


async def test_an_asynchronous_stop(client: Client, golden: Golden) -> None:
    await client.record(20_000)

    assert wire(await client.call("stop", {"async_stop": True})) == (
        200,
        golden("responses/stop_async.json"),
    )


async def test_a_stop_with_nothing_recorded(client: Client, golden: Golden) -> None:
    await client.record()

    assert wire(await client.call("stop")) == (206, golden("responses/stop_no_recorded_data.json"))


async def test_a_second_stop(client: Client, golden: Golden) -> None:
    await client.record(20_000)
    await client.call("stop", {"async_stop": True})

    assert wire(await client.call("stop")) == (400, golden("responses/stop_invalid_operation.json"))


async def test_a_stop_that_takes_too_long(open_door: Open, golden: Golden) -> None:
    client = Client(await open_door(upload_ms=30_000))
    await client.record(20_000)

    assert wire(await client.call("stop")) == (206, golden("responses/stop_upload_timeout.json"))


async def test_a_query_of_what_has_gone(client: Client, golden: Golden) -> None:
    await client.record(20_000)
    await client.call("stop")
    await client.door.hand.advance(100)

    assert wire(await client.call("query")) == (
        404,
        golden("responses/query_failed_to_find_worker.json"),
    )


async def test_the_documented_text_of_a_bad_parameter(client: Client, golden: Golden) -> None:
    answer = await client.call("acquire", {"resourceExpiredHour": 721})

    assert wire(answer) == (400, golden("responses/acquire_invalid_parameter.json"))


@pytest.mark.parametrize("row", errors.ROWS, ids=lambda row: row.id)
@pytest.mark.parametrize("operation", ["acquire", "start", "stop"])
def test_every_row_renders_in_one_of_the_two_shapes(row: Any, operation: str) -> None:
    status, body = replies.render(Answer(1, row.id, says="Said"), operation)

    shape = '{"message":"Said"}' if row.code is None else f'{{"code":{row.code},"reason":"Said"}}'
    assert (status, body) == (row.http, shape.encode())
