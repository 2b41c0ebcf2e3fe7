"""A recording service as a user of Agora's Python client writes it; run by the tests beside it.

Usage: ``python agora_mix.py sync|async|twice``. Prints one line of JSON for each call; after
``start`` it waits for a line on its standard input, while people talk in the channel.

Only ``resolve_here`` knows of the emulator: it stands for a hosts file and port 443 of a container.
"""

import json
import os
import socket
import sys
from typing import Any

CNAME, UID = "weekly-review", "900001"
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


resolve_here(int(os.environ["TLS_PORT"]))

from agora_rest_client.core import exceptions  # noqa: E402
from agora_rest_client.core.domain import Domain, EndpointRegion  # noqa: E402
from agora_rest_client.services.cloud_recording.v1 import api, api_update  # noqa: E402
from agora_rest_client.services.cloud_recording.v1.mix_recording import (  # noqa: E402
    api_start,
    api_update_layout,
    mix_recording_client,
)

client = (
    mix_recording_client.MixRecordingClient.new_builder()
    .with_app_id(os.environ["AGORA_APP_ID"])
    .with_credential_basic_auth(
        os.environ["AGORA_BASIC_AUTH_USER_NAME"], os.environ["AGORA_BASIC_AUTH_PASSWORD"]
    )
    .with_domain(Domain(EndpointRegion[os.environ.get("AGORA_REGION", "US")].value))
    .with_http_timeout_seconds(float(os.environ.get("AGORA_TIMEOUT_S", "10")))
    .build()
)

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


def start_twice() -> None:
    resource_id = client.acquire(CNAME, UID).resourceId
    for _ in range(2):
        started = client.start(resource_id, CNAME, UID, "", storage, recording_config=recording)
        say("start", started.to_dict())


def main() -> None:
    try:
        if sys.argv[1] == "twice":
            start_twice()
        else:
            record(async_stop=sys.argv[1] == "async")
    except exceptions.ClientException as error:
        told = {"status": error.status_code, "code": error.error_code, "message": error.error_msg}
        say(type(error).__name__, told)


try:
    main()
finally:
    # The client has started a thread that never ends.
    os._exit(0 if sys.exc_info()[0] is None else 1)
