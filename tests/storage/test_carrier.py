"""One upload: what is in the bucket afterwards, which keys it used, and how it went."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator

import msgspec
import pytest
from tests.storage.conftest import S3, Bucket

from recording_emulator.core.clips.clip import Clip, written
from recording_emulator.core.objects import Content, File, Text
from recording_emulator.core.uploads import Outcome, Place, Uploaded
from recording_emulator.store.objects import Store
from recording_emulator.store.shipping import PART_BYTES, S3Carrier

LARGE = Clip("mp4", 4_000, wanted_bytes=2 * PART_BYTES + 4_321)


def place(there: Bucket) -> Place:
    return Place(there.s3.url, there.name, "us-east-1", there.s3.key, there.s3.secret)


def parcels(*contents: Content) -> Iterator[tuple[File, Content]]:
    for number, content in enumerate(contents):
        key = f"a b/{number}.ts"
        yield File("b", key, content.size_bytes, "video/mp2t", 0), content


async def carry(where: Place, *contents: Content) -> Uploaded:
    return await S3Carrier(Store()).carry(7, "t", where, parcels(*contents), lambda: None)


async def test_large_files_go_up_in_parts_and_arrive_whole(bucket: Bucket) -> None:
    outcome = await carry(place(bucket), LARGE, Text(b""), Text(b"x"))

    found = [await asyncio.to_thread(bucket.read, f"a b/{number}.ts") for number in range(3)]
    whole = b"".join(written(LARGE))
    assert outcome == Uploaded(7, Outcome.STORED, 3)
    assert hashlib.md5(found[0][0]).digest() == hashlib.md5(whole).digest()
    assert found[1:] == [(b"", "video/mp2t"), (b"x", "video/mp2t")]


async def test_what_is_larger_than_a_part_is_a_multipart_upload(guarded: Bucket) -> None:
    await carry(place(guarded), LARGE, Text(b"x" * PART_BYTES))

    parts = [await asyncio.to_thread(guarded.parts, f"a b/{number}.ts") for number in range(2)]
    assert parts == [3, 0]


@pytest.mark.parametrize(
    ("wrong", "outcome", "why"),
    [
        ({"secret": "wrong"}, Outcome.DENIED, "SignatureDoesNotMatch"),
        ({"key_id": "nobody"}, Outcome.DENIED, "InvalidAccessKeyId"),
        ({"bucket": "not-there"}, Outcome.NO_BUCKET, "NoSuchBucket"),
        ({"url": "http://127.0.0.1:1"}, Outcome.UNREACHABLE, "no connection"),
    ],
    ids=str,
)
@pytest.mark.parametrize("content", [Text(b"x"), LARGE], ids=["small", "large"])
async def test_what_keeps_an_upload_from_arriving_is_told_apart(
    guarded: Bucket, wrong: dict[str, str], outcome: Outcome, why: str, content: Content
) -> None:
    where = msgspec.structs.replace(place(guarded), **wrong)

    assert await carry(where, content) == Uploaded(7, outcome, 0, why)


async def test_a_server_that_knows_no_bucket_or_key_says_so_too(s3: S3, bucket: Bucket) -> None:
    lost = msgspec.structs.replace(place(bucket), bucket="not-there")
    stranger = msgspec.structs.replace(place(bucket), key_id="nobody")

    outcomes = [(await carry(each, Text(b"x"))).outcome for each in (lost, stranger)]

    assert outcomes == [Outcome.NO_BUCKET, Outcome.DENIED]


async def test_keys_that_lie_about_on_the_machine_are_never_used(
    guarded: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", guarded.s3.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", guarded.s3.secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of somebody else")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    nobody = msgspec.structs.replace(place(guarded), key_id="nobody", secret="nothing")

    assert (await carry(nobody, Text(b"x"))).outcome is Outcome.DENIED
    assert (await carry(place(guarded), Text(b"x"))).outcome is Outcome.STORED


async def test_a_redirect_leads_nowhere(guarded: Bucket) -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {guarded.s3.url}/{guarded.name}/x\r\n"
        writer.write(f"{moved}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        where = msgspec.structs.replace(place(guarded), url=f"http://127.0.0.1:{port}")
        outcome = (await carry(where, Text(b"x"))).outcome

    assert outcome is not Outcome.STORED
    assert await asyncio.to_thread(lambda: guarded.keys) == []
