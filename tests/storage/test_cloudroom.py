"""CloudRoom's files with a ``storageConfig`` in a real S3 server, or lost with state 6."""

from __future__ import annotations

from typing import Any

import pytest
from tests.storage.conftest import Bucket, Gate, stored
from tests.vendors.cloudroom.conftest import TALK, Client, Clients, camera

from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.cloudroom.handle import CloudRoom

REGION = "oss-cn-hangzhou"
SIZE = {"vWidth": 640, "vHeight": 360}
VIDEO = {"svrPathName": "/talk.mp4", **SIZE, "layoutConfig": [camera("alice.-1")]}


@pytest.fixture
def cloudroom(tenant: Tenant) -> CloudRoom:
    found = tenant.vendor("cloudroom")
    assert isinstance(found, CloudRoom)
    return found


def own(there: Bucket) -> dict[str, Any]:
    """A ``storageConfig`` of the app's own bucket."""
    keys = {"accessKey": there.s3.key, "secretKey": there.s3.secret}
    return {"vendor": 1, "region": REGION, "bucket": there.name, **keys}


def record(tenant: Tenant, cloudroom: CloudRoom, there: Bucket, **more: str) -> Client:
    """Record ten seconds of a talk into the app's own bucket; return who did."""
    alice, _, _ = Clients(tenant, cloudroom).pair("web")
    alice.create({**TALK, "storageConfig": {**own(there), **more}})
    cloudroom.advance(seconds=12)
    alice.destroy()
    cloudroom.advance(minutes=10)
    return alice


@pytest.mark.parametrize("named", [f"1/{REGION}", "1"])
def test_a_file_is_in_the_apps_bucket_byte_for_byte(
    tenant: Tenant, cloudroom: CloudRoom, bucket: Bucket, inbox: Inbox, named: str
) -> None:
    cloudroom.configure(storage_endpoints={named: bucket.s3.url})

    alice = record(tenant, cloudroom, bucket)

    assert alice.output_states() == [1, 2, 4, 5, 7]
    kept = stored(cloudroom, bucket.name)
    assert {key: bucket.read(key) for key in bucket.keys} == kept != {}
    assert "RECORD_FINISH" in inbox.event_types


@pytest.mark.parametrize(
    "wrong", [{"secretKey": "wrong"}, {"accessKey": "nobody"}, {"bucket": "not-there"}], ids=str
)
def test_what_the_bucket_does_not_take_is_lost_with_state_6(
    tenant: Tenant, cloudroom: CloudRoom, guarded: Bucket, inbox: Inbox, wrong: dict[str, Any]
) -> None:
    cloudroom.configure(storage_endpoints={"1": guarded.s3.url})

    alice = record(tenant, cloudroom, guarded, **wrong)

    assert alice.output_states() == [1, 2, 4, 6]
    assert alice.outputs[-1]["errCode"] == 905
    assert (cloudroom.objects(), guarded.keys) == ([], [])
    assert "RECORD_FINISH" not in inbox.event_types


def test_as_when_the_endpoint_is_down(
    tenant: Tenant, cloudroom: CloudRoom, guarded: Bucket
) -> None:
    cloudroom.configure(storage_endpoints={"1": "http://127.0.0.1:1"})

    assert record(tenant, cloudroom, guarded).output_states() == [1, 2, 4, 6]


def test_each_file_has_one_try_of_its_own_and_what_is_lost_stays_lost(
    tenant: Tenant, cloudroom: CloudRoom, guarded: Bucket, gate: Gate
) -> None:
    cloudroom.configure(storage_endpoints={"1": gate.s3.url}, upload_bps=20_000)
    alice, _, _ = Clients(tenant, cloudroom).pair("web")
    alice.create({**TALK, "videoFileCfg": VIDEO, "storageConfig": own(guarded)})
    cloudroom.advance(seconds=12)
    gate.is_shut = True
    alice.destroy()
    cloudroom.advance(seconds=15)
    gate.is_shut = False

    cloudroom.advance(minutes=10)

    last = {each["svrFilePathName"]: each["state"] for each in alice.outputs}
    assert last == {"/d/talk.mp3": 6, "/talk.mp4": 7}
    assert {key: guarded.read(key) for key in guarded.keys} == stored(cloudroom, guarded.name)
    assert guarded.keys == ["talk.mp4"]


def test_the_apps_keys_are_nowhere_to_be_read(
    tenant: Tenant, cloudroom: CloudRoom, guarded: Bucket
) -> None:
    cloudroom.configure(storage_endpoints={"1": guarded.s3.url})
    record(tenant, cloudroom, guarded)

    told = [cloudroom.canonical_journal().decode(), cloudroom.timeline(), str(cloudroom.journal())]

    assert not [each for each in told if guarded.s3.secret in each]
