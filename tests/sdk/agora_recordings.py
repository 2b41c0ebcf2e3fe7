"""A recording service as a user of Agora's Python client writes it; run by the tests beside it.

Usage: ``python agora_recordings.py sync|async|acquire|twice|individual|web``. Prints one line of
JSON for each call; after ``start`` it waits for a line on its standard input, while people talk.

Only ``resolve_here`` knows of the emulator: it stands for a hosts file and port 443 of a container.
Without ``TLS_PORT`` the program is as a user has it.
"""

import json
import os
import socket
import sys
from typing import Any

CNAME, UID = os.environ.get("ROOM", "weekly-review"), "900001"
VENDOR_NAMES = (".agora.io", ".sd-rtn.com")


def resolve_here(tls_port: int) -> None:
    """Have the vendor's names mean this machine, and no other name mean anything."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *more: Any, **named: Any) -> Any:
        if host.endswith(VENDOR_NAMES) and port == 443:
            return look_up("127.0.0.1", tls_port, *more, **named)
        raise socket.gaierror(f"{host}:{port} is not for this test")

    def gethostbyname(host: str) -> str:
        getaddrinfo(host, 443)
        return "127.0.0.1"

    vars(socket).update(getaddrinfo=getaddrinfo, gethostbyname=gethostbyname)


if "TLS_PORT" in os.environ:
    resolve_here(int(os.environ["TLS_PORT"]))

from agora_rest_client.core import exceptions  # noqa: E402
from agora_rest_client.core.domain import Domain, EndpointRegion  # noqa: E402
from agora_rest_client.services.cloud_recording.v1 import api, api_update  # noqa: E402
from agora_rest_client.services.cloud_recording.v1.individual_recording import (  # noqa: E402
    api_start as individual_api_start,
)
from agora_rest_client.services.cloud_recording.v1.individual_recording import (  # noqa: E402
    individual_recording_client,
)
from agora_rest_client.services.cloud_recording.v1.mix_recording import (  # noqa: E402
    api_start,
    api_update_layout,
    mix_recording_client,
)
from agora_rest_client.services.cloud_recording.v1.web_recording import (  # noqa: E402
    api_start as web_api_start,
)
from agora_rest_client.services.cloud_recording.v1.web_recording import (  # noqa: E402
    api_update as web_api_update,
)
from agora_rest_client.services.cloud_recording.v1.web_recording import (  # noqa: E402
    web_recording_client,
)


def built(kind: Any) -> Any:
    """Build one of the client's clients as its README does."""
    return (
        kind.new_builder()
        .with_app_id(os.environ["AGORA_APP_ID"])
        .with_credential_basic_auth(
            os.environ["AGORA_BASIC_AUTH_USER_NAME"], os.environ["AGORA_BASIC_AUTH_PASSWORD"]
        )
        .with_domain(Domain(EndpointRegion[os.environ.get("AGORA_REGION", "US")].value))
        .with_http_timeout_seconds(float(os.environ.get("AGORA_TIMEOUT_S", "10")))
        .build()
    )


client = built(mix_recording_client.MixRecordingClient)

storage = api_start.StorageConfig(
    vendor=api.StorageVendor.AMAZON_S3.value,
    region=0,
    bucket="recordings",
    accessKey="AKIAEXAMPLE",
    secretKey="example-secret",
    fileNamePrefix=["meetings", "2030"],
)
recording = api_start.RecordingConfig(
    channelType=api.ChannelType.COMMUNICATION.value,
    streamTypes=api.StreamTypes.AUDIO_AND_VIDEO.value,
    maxIdleTime=120,
)
audio_of_41 = api_update.StreamSubscribe(
    audioUidList=api_update.AudioUidList(subscribeAudioUids=["41"]),
    videoUidList=api_update.VideoUidList(subscribeVideoUids=["41"]),
)
two_panes = [
    api_update_layout.LayoutConfig(uid="41", x_axis=0.0, y_axis=0.0, width=0.5, height=1.0),
    api_update_layout.LayoutConfig(uid="42", x_axis=0.5, y_axis=0.0, width=0.5, height=1.0),
]


def say(call: str, answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"call": call, **answer}) + "\n")
    sys.stdout.flush()


def record(*, async_stop: bool) -> None:
    acquired = client.acquire(CNAME, UID, resource_expired_hour=24)
    say("acquire", acquired.to_dict())
    resource_id = acquired.resourceId
    started = client.start(resource_id, CNAME, UID, "", storage, recording_config=recording)
    say("start", started.to_dict())
    sid = started.sid

    sys.stdin.readline()

    say("query", client.query(resource_id, sid).to_dict())
    updated = client.update(resource_id, sid, CNAME, UID, stream_subscribe=audio_of_41)
    say("update", updated.to_dict())
    laid_out = client.update_layout(
        resource_id,
        sid,
        CNAME,
        UID,
        mixed_video_layout=api.MixedVideoLayout.CUSTOM.value,
        background_color="#336699",
        layout_config=two_panes,
    )
    say("updateLayout", laid_out.to_dict())
    stopped = client.stop(resource_id, sid, CNAME, UID, async_stop=async_stop)
    say("stop", stopped.to_dict())


def record_each_user() -> None:
    each = built(individual_recording_client.IndividualRecordingClient)
    resource_id = each.acquire(CNAME, UID).resourceId
    alone = api_start.RecordingConfig(
        channelType=api.ChannelType.COMMUNICATION.value,
        streamTypes=api.StreamTypes.AUDIO_AND_VIDEO.value,
        subscribeUidGroup=api.SubscribeUidGroup.UID_1_2.value,
        maxIdleTime=120,
    )
    started = each.start(
        resource_id,
        CNAME,
        UID,
        "",
        storage,
        recording_config=alone,
        snapshot_config=individual_api_start.SnapshotConfig(captureInterval=60, fileType=["jpg"]),
    )
    say("acquire", {"resourceId": resource_id})
    say("start", started.to_dict())
    sys.stdin.readline()
    say("query", each.query(resource_id, started.sid).to_dict())
    updated = each.update(resource_id, started.sid, CNAME, UID, stream_subscribe=audio_of_41)
    say("update", updated.to_dict())
    say("stop", each.stop(resource_id, started.sid, CNAME, UID).to_dict())


def record_a_page() -> None:
    page = built(web_recording_client.WebRecordingClient)
    resource_id = page.acquire(CNAME, UID).resourceId
    service = web_api_start.ExtensionServices(
        serviceName=api.ExtensionServiceName.WEB_RECORDER_SERVICE.value,
        errorHandlePolicy=api.ExtensionErrorHandlePolicy.ERROR_ABORT.value,
        serviceParam=web_api_start.ServiceParam(
            url="https://example.test/board",
            audioProfile=api.AudioProfile.SAMPLE_RATE_48_MONO_ENCODING_128.value,
            videoWidth=1280,
            videoHeight=720,
            maxRecordingHour=4,
        ),
    )
    services = web_api_start.ExtensionServiceConfig(extensionServices=[service])
    started = page.start(resource_id, CNAME, UID, storage, services)
    say("acquire", {"resourceId": resource_id})
    say("start", started.to_dict())
    sys.stdin.readline()
    say("query", page.query(resource_id, started.sid).to_dict())
    held = web_api_update.WebRecordingConfig(onhold=True)
    updated = page.update(resource_id, started.sid, CNAME, UID, web_recording_config=held)
    say("update", updated.to_dict())
    say("stop", page.stop(resource_id, started.sid, CNAME, UID).to_dict())


def start_twice() -> None:
    resource_id = client.acquire(CNAME, UID).resourceId
    for _ in range(2):
        started = client.start(resource_id, CNAME, UID, "", storage, recording_config=recording)
        say("start", started.to_dict())


def acquire_only() -> None:
    say("acquire", client.acquire(CNAME, UID).to_dict())


STORIES = {
    "acquire": acquire_only,
    "twice": start_twice,
    "individual": record_each_user,
    "web": record_a_page,
}


def main() -> None:
    try:
        if sys.argv[1] in STORIES:
            STORIES[sys.argv[1]]()
        else:
            record(async_stop=sys.argv[1] == "async")
    except exceptions.ClientException as error:
        told = {"status": error.status_code, "code": error.error_code, "message": error.error_msg}
        say(type(error).__name__, told)
    except ValueError as error:  # what the client lets through
        say(type(error).__name__, {})


try:
    main()
finally:
    # The client has started a thread that never ends.
    os._exit(0 if sys.exc_info()[0] is None else 1)
