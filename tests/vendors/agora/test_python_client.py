"""The bodies of Agora's own Python client, all three modes, taken as they are.

Its transport is replaced by a stage: what it would send is read by our requests.

Source:
    agora-rest-client 0.2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from agora_rest_client.services.cloud_recording.v1 import api
from agora_rest_client.services.cloud_recording.v1.individual_recording import (
    api_start as individual,
)
from agora_rest_client.services.cloud_recording.v1.individual_recording import (
    individual_recording_client,
)
from agora_rest_client.services.cloud_recording.v1.mix_recording import mix_recording_client
from agora_rest_client.services.cloud_recording.v1.web_recording import api_start as web
from agora_rest_client.services.cloud_recording.v1.web_recording import (
    api_update,
    web_recording_client,
)

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Stage

STORAGE: dict[str, Any] = {
    "vendor": api.StorageVendor.AMAZON_S3.value,
    "region": 0,
    "bucket": "recordings",
    "accessKey": "k",
    "secretKey": "s",
    "fileNamePrefix": ["dirA"],
}


class Client:
    """One of their clients, whose calls go to a stage; keeps the ids of its task."""

    def __init__(self, stage: Stage, kind: Any) -> None:
        self.stage, self.theirs = stage, kind()
        self.theirs.call_api = self._send
        self.theirs._app_id = "a"
        self.said: list[tuple[int, dict[str, Any]]] = []

    def _send(self, method: str, url: str, post_json: Any = None, **_more: Any) -> dict[str, Any]:
        tail = url.partition("/cloud_recording/")[2]
        body = post_json.to_json() if hasattr(post_json, "to_json") else post_json
        status, said = self.stage.send(tail.rpartition("/")[2], tail, body or {})
        self.said.append((status, said))
        return said

    def call(self, operation: str, *given: Any, **fields: Any) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self.theirs, operation)(*given, **fields)
        return found


def statuses(client: Client) -> list[int]:
    return [status for status, _ in client.said]


def finish(client: Client, resource: str, **update: Any) -> dict[str, Any]:
    """Query, update and stop; return what the query said."""
    sid = client.said[-1][1]["sid"]
    client.stage.at(30_000)
    found = client.call("query", resource, sid)
    client.call("update", resource, sid, "demo", "9", **update)
    client.call("stop", resource, sid, "demo", "9", async_stop=False)
    answered: dict[str, Any] = found["serverResponse"]
    return answered


def test_a_recording_of_users(stage: Stage) -> None:
    client = Client(stage, individual_recording_client.IndividualRecordingClient)
    resource = client.call("acquire", "demo", "9", resource_expired_hour=24)["resourceId"]
    config = individual.RecordingConfig(
        channelType=api.ChannelType.LIVE.value,
        streamTypes=api.StreamTypes.AUDIO_AND_VIDEO.value,
        streamMode=api.StreamMode.STANDARD.value,
        subscribeUidGroup=0,
        subscribeAudioUids=["#allstream#"],
        subscribeVideoUids=["#allstream#"],
        maxIdleTime=300,
    )
    storage = individual.StorageConfig(**STORAGE)

    client.call("start", resource, "demo", "9", "token", storage, recording_config=config)

    subscribe = {"audioUidList": {"subscribeAudioUids": ["41"]}}
    found = finish(client, resource, stream_subscribe=subscribe)
    assert statuses(client) == [200] * 5
    assert [each["trackType"] for each in found["fileList"]] == [
        "audio", "video", "audio_and_video",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [0, 1])
def test_snapshots_alone_and_beside_a_recording(stage: Stage, kind: int) -> None:
    client = Client(stage, individual_recording_client.IndividualRecordingClient)
    resource = client.call("acquire", "demo", "9")["resourceId"]
    pictures = individual.SnapshotConfig(
        captureInterval=5, fileType=[api.SnapshotFileType.JPG.value]
    )

    client.call(
        "start",
        resource,
        "demo",
        "9",
        "token",
        individual.StorageConfig(**STORAGE),
        recording_config=individual.RecordingConfig(subscribeUidGroup=0),
        snapshot_type=kind,
        snapshot_config=pictures,
    )

    subscribe = {"videoUidList": {"subscribeVideoUids": ["41"]}}
    found = finish(client, resource, stream_subscribe=subscribe)
    assert statuses(client) == [200, 200, 200, 200, 200 if kind else 206]
    assert list(found) == ["status", "sliceStartTime"]


def test_a_page(stage: Stage) -> None:
    client = Client(stage, web_recording_client.WebRecordingClient)
    resource = client.call("acquire", "demo", "9")["resourceId"]
    page = web.ServiceParam(
        url="https://example.test/",
        audioProfile=api.AudioProfile.SAMPLE_RATE_48_MONO_ENCODING_48.value,
        videoWidth=1280,
        videoHeight=720,
        maxRecordingHour=1,
        videoBitrate=2000,
        videoFps=15,
        mobile=False,
        maxVideoDuration=120,
        onhold=False,
        readyTimeout=0,
    )
    service = web.ExtensionServices(
        serviceName=api.ExtensionServiceName.WEB_RECORDER_SERVICE.value,
        errorHandlePolicy=api.ExtensionErrorHandlePolicy.ERROR_ABORT.value,
        serviceParam=page,
    )
    services = web.ExtensionServiceConfig(
        errorHandlePolicy=api.ExtensionErrorHandlePolicy.ERROR_ABORT.value,
        extensionServices=[service],
    )

    client.call("start", resource, "demo", "9", web.StorageConfig(**STORAGE), services)

    held = api_update.WebRecordingConfig(onhold=True)
    found = finish(client, resource, web_recording_config=held)
    assert statuses(client) == [200] * 5
    assert found["extensionServiceState"][0]["payload"]["state"] == "inProgress"


def test_a_mix(stage: Stage) -> None:
    client = Client(stage, mix_recording_client.MixRecordingClient)
    resource = client.call("acquire", "demo", "9")["resourceId"]

    client.call("start", resource, "demo", "9", "token", individual.StorageConfig(**STORAGE))

    subscribe = {"audioUidList": {"subscribeAudioUids": ["41"]}}
    found = finish(client, resource, stream_subscribe=subscribe)
    assert statuses(client) == [200] * 5
    assert found["status"] == 5
