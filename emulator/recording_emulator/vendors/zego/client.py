"""ZEGO's client side: an action and its fields become a signed request, sensible by default.

Pure: whoever plays it brings the transport, and the wall clock that ``Timestamp`` is read from.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from recording_emulator.vendors.base import ClientSide, Outward, needed
from recording_emulator.vendors.zego import callbacks, gateway
from recording_emulator.vendors.zego.requests import BODIES

STORAGE: Final[dict[str, Any]] = {
    "Vendor": 1,
    "Region": "cn-north-1",
    "Bucket": "recordings",
    "AccessKeyId": "AKIAEXAMPLE",
    "AccessKeySecret": "example-secret",
}
"""A storage that any start can name; nothing is uploaded unless the tenant says where."""
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


class ZegoClient(ClientSide):
    """ZEGO's calls by name, each with what the calls before it have given.

    ``given`` holds the members of the body, and beside them ``room``, ``mixed`` and ``task`` where
    they are not those of the call before.
    """

    calls = tuple(BODIES)
    flow = ("StartRecord", "DescribeRecordStatus")
    ending = "StopRecord"
    saved = ("room", "mixed", "task")

    def request(
        self,
        name: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        wall_ms: int,
    ) -> Outward:
        names: dict[str, Any] = {"room": "demo", "mixed": False, **saved, **given}
        members = {key: value for key, value in given.items() if key not in self.saved}
        if name == "StartRecord":
            body = start_body(names["room"], mixed=names["mixed"])
        elif name == "DescribeTasks":
            day_ms = 86_400_000
            body = {"Status": 2, "StartTime": wall_ms - day_ms, "EndTime": wall_ms + day_ms}
        else:
            body = {"TaskId": needed(names, "task", name)}
        return call(credentials, name, wall_ms, {**body, **members})

    def learn(self, name: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        kept = {key: given[key] for key in ("room", "mixed") if key in given}
        data = answer.get("Data") if isinstance(answer, dict) else None
        if name == "StartRecord" and isinstance(data, dict) and data.get("TaskId"):
            kept["task"] = data["TaskId"]
        return kept

    def complaint(
        self, credentials: Mapping[str, str], _headers: Mapping[str, str], body: bytes
    ) -> str:
        return callbacks.verify(body, credentials["callback_secret"])[1]


CLIENT: Final = ZegoClient()
