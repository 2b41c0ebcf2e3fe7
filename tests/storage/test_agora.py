"""Agora's recordings in a real S3 server: there byte for byte, and what follows when they are not.

Storage of vendor 11 names its endpoint itself; for the others the tenant says where they are.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import RecordingApp
from tests.storage.conftest import Bucket, stored

from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora.handle import Agora

if TYPE_CHECKING:
    import httpx

NOWHERE = "http://127.0.0.1:1"
FIRST_FILE, UPLOADED, BACKED_UP, TROUBLE, WARNING, EXIT = "4", "31", "32", "1", "2", "11"


def storage(there: Bucket, **more: Any) -> dict[str, Any]:
    """A ``storageConfig`` of vendor 11, which names its endpoint."""
    return {
        "vendor": 11,
        "region": 0,
        "bucket": there.name,
        "accessKey": there.s3.key,
        "secretKey": there.s3.secret,
        "extensionParams": {"endpoint": there.s3.url},
        "fileNamePrefix": ["lab"],
        **more,
    }


def record(
    app: RecordingApp, agora: Agora, config: dict[str, Any], *, stops: bool = True, **params: Any
) -> None:
    """Record a minute of somebody, and stop as most apps do: waiting for the upload."""
    agora.room("demo").join(41)
    app.record(storageConfig=config, **params)
    agora.advance(minutes=1)
    if stops:
        assert status(app.stop()) == "uploaded"
        agora.advance(seconds=30)


def status(answer: httpx.Response) -> str:
    return str(answer.json()["serverResponse"]["uploadingStatus"])


def kinds(inbox: Inbox) -> list[str]:
    """The events about files and storage, in order."""
    wanted = (FIRST_FILE, UPLOADED, BACKED_UP, TROUBLE, WARNING, EXIT)
    return [str(each) for each in inbox.event_types if str(each) in wanted]


def test_what_is_recorded_is_in_the_bucket_byte_for_byte(
    app: RecordingApp, agora: Agora, inbox: Inbox, bucket: Bucket
) -> None:
    record(app, agora, storage(bucket), recordingFileConfig={"avFileType": ["hls", "mp4"]})

    kept = stored(agora, bucket.name)
    assert bucket.keys == sorted(kept)
    assert {key: bucket.read(key) for key in bucket.keys} == kept
    assert {key.rpartition(".")[2] for key in kept} == {"ts", "m3u8", "mp4"}
    assert kinds(inbox) == [FIRST_FILE, UPLOADED, EXIT]


@pytest.mark.parametrize("named", ["1/3", "1"])
def test_a_storage_that_names_no_endpoint_goes_where_the_tenant_says(
    app: RecordingApp, agora: Agora, guarded: Bucket, named: str
) -> None:
    agora.configure(storage_endpoints={named: guarded.s3.url})

    record(app, agora, storage(guarded, vendor=1, region=3, extensionParams={}))

    assert {key: guarded.read(key) for key in guarded.keys} == stored(agora, guarded.name)


def test_without_an_endpoint_nothing_leaves(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    record(app, agora, storage(guarded, vendor=1, extensionParams={}))

    assert guarded.keys == []
    assert kinds(inbox) == [FIRST_FILE, UPLOADED, EXIT]
    assert not agora.journal(kind="upload")


def test_an_endpoint_elsewhere_is_not_reached_and_the_journal_says_what_would_allow_it(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    far = {"endpoint": "https://s3.example.com"}

    record(app, agora, storage(guarded, extensionParams=far))

    (first,) = agora.journal(kind="note")
    assert "nothing uploaded: s3.example.com is not this machine" in first["name"]
    assert "--allow-host s3.example.com" in first["name"]
    assert kinds(inbox) == [FIRST_FILE, UPLOADED, EXIT]


def test_when_the_first_file_is_announced_it_is_there(
    app: RecordingApp, agora: Agora, bucket: Bucket
) -> None:
    agora.room("demo").join(41)
    app.record(storageConfig=storage(bucket))

    agora.advance_until(int(FIRST_FILE))

    assert sorted(key.rpartition(".")[2] for key in bucket.keys) == ["m3u8", "ts"]


@pytest.mark.parametrize(
    "wrong",
    [{"secretKey": "wrong"}, {"accessKey": "nobody"}, {"bucket": "no-such-bucket"}],
    ids=str,
)
def test_wrong_keys_or_bucket_end_the_task_and_nothing_goes_to_the_backup_cloud(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket, wrong: dict[str, str]
) -> None:
    record(app, agora, storage(guarded, **wrong), stops=False)

    assert kinds(inbox) == [TROUBLE, EXIT]
    details = [each.json["payload"]["details"] for each in inbox.callbacks]
    (trouble,) = [each for each in details if each["msgName"] == "cloud_recording_error"]
    assert (trouble["module"], trouble["errorLevel"], trouble["errorCode"]) == (1, 5, 32)
    assert details[-1] == {"msgName": "session_exit", "exitStatus": 1}
    assert app.query().status_code == 404
    assert guarded.keys == []


def test_storage_that_is_down_leaves_the_files_in_the_backup_cloud(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    config = storage(guarded, extensionParams={"endpoint": NOWHERE})

    record(app, agora, config, stops=False)

    assert status(app.stop()) == "backuped"
    agora.advance(seconds=30)
    assert kinds(inbox) == [WARNING, FIRST_FILE, BACKED_UP, EXIT]


def test_a_bucket_that_is_gone_at_the_end_is_told_and_the_files_are_lost(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    record(app, agora, storage(guarded), stops=False)
    guarded.drop()

    assert status(app.stop()) == "unknown"

    agora.advance(seconds=30)
    assert kinds(inbox) == [FIRST_FILE, TROUBLE, EXIT]
    assert inbox.callbacks[-1].json["payload"]["details"]["exitStatus"] == 1


def test_what_a_fault_sends_to_the_backup_cloud_is_taken_home_into_the_bucket(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    agora.faults.add("upload", effect="divert")
    record(app, agora, storage(guarded), stops=False)
    guarded.empty()

    assert status(app.stop()) == "backuped"
    there = list(guarded.keys)
    agora.advance(minutes=30)

    assert there == []
    assert {key: guarded.read(key) for key in guarded.keys}.items() <= (
        stored(agora, guarded.name).items()
    )
    assert any(key.endswith(".m3u8") for key in guarded.keys)


def test_snapshots_alone_are_in_the_bucket_too(
    app: RecordingApp, agora: Agora, guarded: Bucket
) -> None:
    config = {"subscribeUidGroup": 0, "subscribeVideoUids": ["#allstream#"], "streamTypes": 1}
    agora.room("demo").join(41)
    assert app.acquire().status_code == 200
    path = f"/resourceid/{app.resource}/mode/individual/start"
    given = {
        "storageConfig": storage(guarded),
        "recordingConfig": config,
        "snapshotConfig": {"captureInterval": 10, "fileType": ["jpg"]},
    }
    assert app._post(path, given).status_code == 200
    agora.advance(minutes=1)
    agora.room("demo").leave(41)

    agora.advance(minutes=5)

    kept = stored(agora, guarded.name)
    assert {key.rpartition(".")[2] for key in kept} == {"jpg"}
    assert {key: guarded.read(key) for key in guarded.keys} == kept


@pytest.mark.parametrize("secret", ["key", "secret"])
def test_the_clients_keys_are_nowhere_to_be_read(
    app: RecordingApp, agora: Agora, guarded: Bucket, secret: str
) -> None:
    record(app, agora, storage(guarded))

    told = [agora.canonical_journal().decode(), agora.timeline(), str(agora.journal())]

    value = getattr(guarded.s3, secret)
    assert not [each for each in told if value in each]
    assert not [each for each in told[:1] if guarded.s3.url in each]


@pytest.mark.recording_emulator(seed=7)
def test_with_and_without_real_storage_the_callbacks_are_the_same(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    config = storage(guarded, vendor=1, extensionParams={})
    record(app, agora, config)
    before = len(inbox.callbacks)
    agora.room("demo").leave(41)
    agora.advance(hours=1)
    agora.configure(storage_endpoints={"1": guarded.s3.url})

    record(app, agora, config)

    told = [each.event_type for each in inbox.callbacks]
    assert told[before:] == told[:before]


@pytest.mark.recording_emulator(guard_ms=100)
def test_storage_that_takes_and_never_answers_is_given_up_after_the_guard(
    app: RecordingApp, agora: Agora, inbox: Inbox, guarded: Bucket
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"

        record(app, agora, storage(guarded, extensionParams={"endpoint": endpoint}), stops=False)

        assert status(app.stop()) == "backuped"
    uploads = [each["detail"]["why"] for each in agora.journal(kind="uploaded")]
    assert uploads == ["nothing got through for the guard"]
    assert kinds(inbox)[:2] == [WARNING, FIRST_FILE]
