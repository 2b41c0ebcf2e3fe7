"""Stored files over HTTP: exactly what is listed, by its URL, and nothing besides."""

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from recording_emulator.core import links
from recording_emulator.testing import Emulator, Tenant
from recording_emulator.vendors.agora import client

Record = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def record(recording_emulator: Tenant) -> Record:
    """Record a minute and return what is stored, as the admin API lists it."""

    def record(cname: str = "demo", **storage: Any) -> list[dict[str, Any]]:
        agora = recording_emulator.agora
        pair, config = agora.credentials, {**client.STORAGE, **storage}

        def call(outward: Any) -> Any:
            url = f"{agora.base_url}{outward.path}"
            answer = httpx.request(
                outward.method, url, headers=outward.headers, content=outward.body
            )
            assert answer.status_code == 200, answer.text
            return answer.json()

        resource = call(client.acquire(pair, cname, "1"))["resourceId"]
        files = {"avFileType": ["hls", "mp4"]}
        start = client.start(
            pair, cname, "1", resource, storageConfig=config, recordingFileConfig=files
        )
        sid = call(start)["sid"]
        agora.advance(minutes=1)
        call(client.task_call(pair, "stop", cname, "1", resource, sid))
        url = f"{recording_emulator.emulator.url}/_emulator/tenants/{recording_emulator.info.id}"
        found: list[dict[str, Any]] = httpx.get(f"{url}/objects").json()["objects"]
        return found

    return record


def raw_get(url: str, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Send a path as it is: other clients tidy it first."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.request(method, path)
    response = connection.getresponse()
    found = response.status, response.read()
    connection.close()
    return found


def test_every_listed_file_can_be_read_and_has_the_size_and_type_it_is_listed_with(
    record: Record,
) -> None:
    listed = record()

    for each in listed:
        answer = httpx.get(each["url"])
        assert (answer.status_code, len(answer.content)) == (200, each["size_bytes"])
        assert answer.headers["content-type"] == each["content_type"]
    assert {each["key"].rpartition(".")[2] for each in listed} == {"m3u8", "ts", "mp4"}


def test_a_playlist_names_the_slices_that_lie_beside_it(record: Record) -> None:
    listed = record(fileNamePrefix=["dirA"])

    (playlist,) = (each for each in listed if each["key"].endswith(".m3u8"))
    lines = httpx.get(playlist["url"]).text.splitlines()
    named = {f"dirA/{line}" for line in lines if not line.startswith("#")}
    assert named == {each["key"] for each in listed if each["key"].endswith(".ts")}


def test_head_tells_the_size_without_the_bytes_to_a_page_of_any_origin(record: Record) -> None:
    movie = next(each for each in record() if each["key"].endswith(".mp4"))

    answer = httpx.head(movie["url"])

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(movie["size_bytes"])
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("cname", ["a b", "100%", "c#1?x=2&y", "%41", "[x]{y}|~,;"])
def test_whatever_a_room_is_called_its_files_urls_lead_to_them(
    record: Record, recording_emulator: Tenant, cname: str
) -> None:
    listed = record(cname)

    playlist = next(each for each in listed if each["key"].endswith(".m3u8"))
    answer = httpx.get(playlist["url"])
    handle = recording_emulator.agora.read_object(playlist["key"], bucket=playlist["bucket"])
    assert (answer.status_code, answer.content) == (200, handle)
    assert cname in playlist["key"]


@pytest.mark.parametrize("bucket", ["a/b", "..", "会议", "a b?c#d"])
def test_whatever_a_bucket_is_called_the_handle_can_read_from_it(
    record: Record, recording_emulator: Tenant, bucket: str
) -> None:
    listed = record(bucket=bucket)

    playlist = next(each for each in listed if each["key"].endswith(".m3u8"))
    content = recording_emulator.agora.read_object(playlist["key"], bucket=bucket)
    assert content.startswith(b"#EXTM3U")


@pytest.mark.parametrize(
    "path",
    [
        "/_files",
        "/_files/",
        "/_files/{tenant}",
        "/_files/{tenant}/{bucket}",
        "/_files/{tenant}/{bucket}/",
        "/_files/{tenant}/{bucket}/nothing.m3u8",
        "/_files/{tenant}/other/{key}",
        "/_files/{tenant}/{bucket}/../{bucket}/{key}",
        "/_files/{tenant}/{bucket}/%2e%2e/{bucket}/{key}",
        "/_files/{tenant}/{bucket}//{key}",
        "/_files/{tenant}/{bucket}/./{key}",
        "/_files/../../etc/passwd",
        "/_files/{tenant}/../../../etc/passwd",
        "/_files/{tenant}/{bucket}/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/_files/{tenant}/{bucket}/..%5c..%5cwin.ini",
        "/_files/{tenant}/{bucket}/{key}%00",
        "/_files/{tenant}/{bucket}/%ff%fe",
        "/_files/{tenant}/{bucket}/{key}/",
        "/_files/%2f/{bucket}/{key}",
    ],
)
def test_any_other_path_is_404_and_reads_nothing(
    record: Record, recording_emulator: Tenant, path: str
) -> None:
    first = record()[0]
    asked = path.format(tenant=recording_emulator.info.id, bucket=first["bucket"], key=first["key"])

    assert raw_get(recording_emulator.emulator.url, asked) == (404, b"")


def test_another_tenants_file_is_not_there_under_ones_own_name(
    record: Record, recording_emulator: Tenant, recording_emulator_server: Emulator
) -> None:
    first = record()[0]
    other = recording_emulator_server.tenant("other", replace=True)

    theirs = raw_get(other.emulator.url, f"/_files/other/{first['bucket']}/{first['key']}")
    other.close()

    assert theirs == (404, b"")


def test_a_deleted_tenants_files_are_gone(
    record: Record, recording_emulator: Tenant, recording_emulator_server: Emulator
) -> None:
    first = record()[0]
    path = urlsplit(first["url"]).path
    before = raw_get(recording_emulator_server.url, path)

    httpx.delete(
        f"{recording_emulator_server.url}/_emulator/tenants/{recording_emulator.info.id}"
    ).raise_for_status()

    assert before[0] == 200
    assert raw_get(recording_emulator_server.url, path) == (404, b"")


def test_files_are_read_only(record: Record) -> None:
    first = record()[0]

    answers = [httpx.request(each, first["url"]) for each in ("PUT", "POST", "DELETE")]

    assert [each.status_code for each in answers] == [404] * 3
    assert httpx.get(first["url"]).status_code == 200


@pytest.fixture
def movie(record: Record) -> tuple[str, bytes]:
    """A file of some size: where it is, and what is in it."""
    found = next(each for each in record() if each["key"].endswith(".mp4"))
    return found["url"], httpx.get(found["url"]).content


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=7-", slice(7, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=0-", slice(0, None)),
        ("bytes=5-999999999999", slice(5, None)),
    ],
)
def test_a_range_is_answered_with_that_part(
    movie: tuple[str, bytes], asked: str, part: slice
) -> None:
    url, whole = movie

    answer = httpx.get(url, headers={"Range": asked})

    first = range(len(whole))[part][0]
    assert (answer.status_code, answer.content) == (206, whole[part])
    last = first + len(whole[part]) - 1
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=9-8", "lines=0-1", "bytes=0-1,4-5"]
)
def test_what_is_no_range_is_answered_with_the_whole(movie: tuple[str, bytes], asked: str) -> None:
    url, whole = movie

    answer = httpx.get(url, headers={"Range": asked})

    assert (answer.status_code, answer.content) == (200, whole)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=99999999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_416_and_says_how_much_there_is(
    movie: tuple[str, bytes], asked: str
) -> None:
    url, whole = movie

    answer = httpx.get(url, headers={"Range": asked.format(size=len(whole))})

    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(whole)}"


def test_head_of_a_range_has_its_length_and_the_etag_of_the_whole(
    movie: tuple[str, bytes],
) -> None:
    url, _ = movie

    part = httpx.head(url, headers={"Range": "bytes=0-4"})

    assert (part.status_code, part.headers["content-length"], part.content) == (206, "5", b"")
    assert part.headers["etag"] == httpx.head(url).headers["etag"]


def test_a_signed_url_ends_on_the_tenants_clock(
    movie: tuple[str, bytes], recording_emulator: Tenant
) -> None:
    url, whole = movie
    agora = recording_emulator.agora
    link = links.signed(url, agora.advance().now_ms + 60_000)

    before = httpx.get(link)
    agora.advance(seconds=60)
    after = httpx.get(link)

    assert (before.status_code, before.content) == (200, whole)
    assert (after.status_code, after.content) == (403, b"")
    assert "tenant's clock" in after.headers["x-recording-emulator-hint"]


@pytest.mark.parametrize(
    ("old", "new"), [("Expires=", "Expires=9"), ("Signature=", "Signature=0"), ("Expires", "E")]
)
def test_a_signed_url_that_was_changed_is_refused(
    movie: tuple[str, bytes], recording_emulator: Tenant, old: str, new: str
) -> None:
    link = links.signed(movie[0], recording_emulator.agora.advance().now_ms + 60_000)

    answer = httpx.get(link.replace(old, new))

    assert answer.status_code == 403
    assert "signature" in answer.headers["x-recording-emulator-hint"]
