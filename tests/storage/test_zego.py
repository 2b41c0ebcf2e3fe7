"""ZEGO's recordings in a real S3 server, and in the backup storage when it does not take them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.storage.conftest import Bucket, stored

from recording_emulator.server import wallclock
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.handle import Zego

STORED, BACKED_UP = 3, 4


@pytest.fixture
def zego(tenant: Tenant) -> Zego:
    found = tenant.vendor("zego")
    assert isinstance(found, Zego)
    return found


def storage(there: Bucket, **more: Any) -> dict[str, Any]:
    """``StorageParams`` of vendor 10, which names its endpoint."""
    return {
        "Vendor": 10,
        "Region": "us-east-1",
        "Bucket": there.name,
        "AccessKeyId": there.s3.key,
        "AccessKeySecret": there.s3.secret,
        "EndPoint": there.s3.url,
        "S3ForcePathStyle": True,
        **more,
    }


def send(zego: Zego, asked: Any) -> dict[str, Any]:
    answer = httpx.request(
        asked.method, f"{zego.base_url}{asked.path}", content=asked.body, headers=asked.headers
    )
    said: dict[str, Any] = answer.json()
    assert said["Code"] == 0, said
    data: dict[str, Any] = said.get("Data", {})
    return data


def begin(zego: Zego, params: dict[str, Any], *, mixed: bool = False, **output: Any) -> str:
    """Let somebody be there, and be recorded from now on; return the task."""
    zego.room("lesson").join("41", stream="s41")
    given = {"StorageParams": params, "RecordOutputParams": {"OutputFolder": "lab", **output}}
    body = {**client.start_body("lesson", mixed=mixed), **given}
    asked = client.call(zego.credentials, "StartRecord", wallclock.now_ms(), body)
    task: str = send(zego, asked)["TaskId"]
    zego.advance(seconds=1)
    return task


def finish(zego: Zego, task: str) -> list[dict[str, Any]]:
    """Stop, and return the files as ZEGO tells them once they are uploaded."""
    for action in ("StopRecord", "DescribeRecordStatus"):
        data = send(zego, client.task_call(zego.credentials, action, task, wallclock.now_ms()))
        zego.advance(seconds=30)
    data = send(zego, client.task_call(zego.credentials, action, task, wallclock.now_ms()))
    files: list[dict[str, Any]] = data.get("RecordFiles", [])
    return files


def record(zego: Zego, params: dict[str, Any], **output: Any) -> list[dict[str, Any]]:
    """Record a minute of somebody, and return the files as ZEGO tells them."""
    task = begin(zego, params, **output)
    zego.advance(minutes=1)
    return finish(zego, task)


@pytest.mark.parametrize("container", ["mp4", "hls"])
def test_what_is_recorded_is_in_the_bucket_byte_for_byte(
    zego: Zego, bucket: Bucket, container: str
) -> None:
    files = record(zego, storage(bucket), OutputFileFormat=container)

    kept = stored(zego, bucket.name)
    assert {key: bucket.read(key) for key in bucket.keys} == kept != {}
    assert {each["Status"] for each in files} == {STORED}


def test_a_recording_of_two_minutes_goes_up_in_parts_and_arrives_whole(
    zego: Zego, guarded: Bucket
) -> None:
    task = begin(zego, storage(guarded))
    zego.advance(minutes=2)

    (file,) = finish(zego, task)

    (key,) = guarded.keys
    assert (file["FileSize"] > 8 << 20, guarded.parts(key)) == (True, 2)
    assert {key: guarded.read(key)} == stored(zego, guarded.name)


def test_a_storage_that_names_no_endpoint_goes_where_the_tenant_says(
    zego: Zego, guarded: Bucket
) -> None:
    zego.configure(storage_endpoints={"2/oss-cn-test": guarded.s3.url}, file_urls="vendor")

    files = record(zego, storage(guarded, Vendor=2, Region="oss-cn-test", EndPoint=""))

    assert [key.rpartition(".")[2] for key in guarded.keys] == ["mp4"]
    assert [each["FileUrl"] for each in files] == [
        f"{guarded.s3.url}/{guarded.name}/{key}" for key in guarded.keys
    ]


def test_pictures_are_in_the_bucket_too(zego: Zego, guarded: Bucket) -> None:
    record(zego, storage(guarded), OutputFileFormat="jpg")

    kept = stored(zego, guarded.name)
    assert {key: guarded.read(key) for key in guarded.keys} == kept != {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"AccessKeySecret": "wrong"},
        {"AccessKeyId": "nobody"},
        {"Bucket": "not-there"},
        {"EndPoint": "http://127.0.0.1:1"},
    ],
    ids=str,
)
def test_what_the_storage_does_not_take_is_in_the_backup_and_event_1_says_so(
    zego: Zego, inbox: Inbox, guarded: Bucket, wrong: dict[str, str]
) -> None:
    files = record(zego, storage(guarded, **wrong))

    (told,) = [each.json["detail"] for each in inbox.callbacks if str(each.event_type) == "1"]
    assert told["upload_status"] == 2
    assert {each["Status"] for each in files} == {BACKED_UP}
    assert {each.bucket for each in zego.objects()} == {"zego-backup"}
    assert guarded.keys == []


def test_the_clients_keys_are_nowhere_to_be_read(zego: Zego, guarded: Bucket) -> None:
    record(zego, storage(guarded))

    told = [zego.canonical_journal().decode(), zego.timeline(), str(zego.journal())]

    assert not [each for each in told if guarded.s3.secret in each]
