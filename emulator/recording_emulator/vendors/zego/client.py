"""ZEGO's client side: an action and its fields become a signed request, sensible by default.

Pure: whoever plays it brings the transport, and the wall clock that ``Timestamp`` is read from.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from recording_emulator.vendors.base import Outward
from recording_emulator.vendors.zego import gateway

STORAGE: Final[dict[str, Any]] = {
    "Vendor": 1,
    "Region": "cn-north-1",
    "Bucket": "recordings",
    "AccessKeyId": "AKIAEXAMPLE",
    "AccessKeySecret": "example-secret",
}
"""A storage that any start can name; nothing leaves this machine."""
MIX: Final[dict[str, Any]] = {
    "MixOutputStreamId": "mix",
    "MixOutputVideoConfig": {"Width": 1280, "Height": 720, "Fps": 15, "Bitrate": 1_130_000},
}
"""A layout that any mixed start can have."""


def public(
    credentials: Mapping[str, str], action: str, wall_ms: int, nonce: str = "4fd24687296dd9f3"
) -> dict[str, str]:
    """Write the public parameters of a call, signed."""
    seconds = str(wall_ms // 1000)
    app, secret = credentials["app_id"], credentials["server_secret"]
    return {
        "Action": action,
        "AppId": app,
        "SignatureNonce": nonce,
        "Timestamp": seconds,
        "Signature": gateway.signature(app, nonce, secret, seconds),
        "SignatureVersion": gateway.VERSION,
    }


def call(
    credentials: Mapping[str, str], action: str, wall_ms: int, body: Mapping[str, Any]
) -> Outward:
    """Make any of the nine calls."""
    query = urlencode(public(credentials, action, wall_ms))
    headers = {"Content-Type": "application/json;charset=utf-8"}
    return Outward("POST", f"/?{query}", headers, msgspec.json.encode(body))


def start_body(room: str, *, mixed: bool = False, **params: Any) -> dict[str, Any]:
    """Write the body of a start; ``params`` are fields of ``RecordInputParams``."""
    mode: dict[str, Any] = {"RecordMode": 2, "MixConfig": MIX} if mixed else {"RecordMode": 1}
    return {"RoomId": room, "RecordInputParams": {**mode, **params}, "StorageParams": STORAGE}


def start(
    credentials: Mapping[str, str], room: str, wall_ms: int, *, mixed: bool = False, **params: Any
) -> Outward:
    """Start recording, each stream in a file of its own unless ``mixed``."""
    return call(credentials, "StartRecord", wall_ms, start_body(room, mixed=mixed, **params))


def task_call(
    credentials: Mapping[str, str], action: str, task: str, wall_ms: int, **params: Any
) -> Outward:
    """Make one of the calls about a task: StopRecord, DescribeRecordStatus and so on."""
    return call(credentials, action, wall_ms, {"TaskId": task, **params})
