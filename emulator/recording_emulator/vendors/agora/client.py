"""Agora's client side: a call's name and fields become a signed request, sensible by default.

Pure: whoever plays it brings the transport. Used by the demo, the benches and the contract suite.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.vendors.base import Outward

STORAGE: Final[dict[str, Any]] = {
    "vendor": 1,
    "region": 0,
    "bucket": "recordings",
    "accessKey": "AKIAEXAMPLE",
    "secretKey": "example-secret",
}
"""A storage that any start can name; nothing leaves this machine."""


def acquire(credentials: Mapping[str, str], cname: str, uid: str, **params: Any) -> Outward:
    """Ask for a resource."""
    path = f"/v1/apps/{credentials['app_id']}/cloud_recording/acquire"
    return _post(credentials, path, cname, uid, params)


def start(
    credentials: Mapping[str, str],
    cname: str,
    uid: str,
    resource: str,
    *,
    mode: str = "mix",
    **params: Any,
) -> Outward:
    """Start recording, in mix mode unless another is named."""
    root = f"/v1/apps/{credentials['app_id']}/cloud_recording"
    path = f"{root}/resourceid/{resource}/mode/{mode}/start"
    return _post(credentials, path, cname, uid, {"storageConfig": STORAGE, **params})


def task_call(
    credentials: Mapping[str, str],
    operation: str,
    cname: str,
    uid: str,
    resource: str,
    sid: str,
    *,
    mode: str = "mix",
    **params: Any,
) -> Outward:
    """Make one of the calls about a running task: query, update, updateLayout, stop."""
    root = f"/v1/apps/{credentials['app_id']}/cloud_recording"
    path = f"{root}/resourceid/{resource}/sid/{sid}/mode/{mode}/{operation}"
    if operation == "query":
        return Outward("GET", path, _headers(credentials), b"")
    return _post(credentials, path, cname, uid, params)


def _post(
    credentials: Mapping[str, str], path: str, cname: str, uid: str, params: Mapping[str, Any]
) -> Outward:
    body = {"cname": cname, "uid": uid, "clientRequest": dict(params)}
    return Outward("POST", path, _headers(credentials), msgspec.json.encode(body))


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials['customer_id']}:{credentials['customer_secret']}"
    return {
        "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "Content-Type": "application/json",
    }
