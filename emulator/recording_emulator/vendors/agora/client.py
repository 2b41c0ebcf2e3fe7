"""Agora's client side: a call's name and fields become a signed request, sensible by default.

Pure: whoever plays it brings the transport. Used by scenarios, the demo, the benches and the
contract suite.
"""

import base64
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.vendors.agora import callbacks
from recording_emulator.vendors.base import ClientSide, Outward, needed

STORAGE: Final[dict[str, Any]] = {
    "vendor": 1,
    "region": 0,
    "bucket": "recordings",
    "accessKey": "AKIAEXAMPLE",
    "secretKey": "example-secret",
}
"""A storage that any start can name; nothing is uploaded unless the tenant says where."""


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


class AgoraClient(ClientSide):
    """Agora's calls by name, each with what the calls before it have given.

    ``given`` holds the parameters of ``clientRequest``, and beside them ``cname``, ``uid``,
    ``resource``, ``sid`` and ``mode`` where they are not those of the call before.
    """

    calls = ("acquire", "start", "query", "update", "updateLayout", "stop")
    flow = ("acquire", "start", "query")
    ending = "stop"
    saved = ("cname", "uid", "mode", "resource", "sid")
    unless_given: Final = {"cname": "demo", "uid": "900001", "mode": "mix"}

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        _wall_ms: int = 0,
    ) -> Outward:
        names: dict[str, Any] = {**self.unless_given, **saved, **given}
        params = {key: value for key, value in given.items() if key not in self.saved}
        cname, uid, mode = names["cname"], names["uid"], names["mode"]
        if call == "acquire":
            return acquire(credentials, cname, uid, **params)
        resource = needed(names, "resource", call)
        if call == "start":
            return start(credentials, cname, uid, resource, mode=mode, **params)
        sid = needed(names, "sid", call)
        return task_call(credentials, call, cname, uid, resource, sid, mode=mode, **params)

    def learn(self, call: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        kept = {name: given[name] for name in ("cname", "uid", "mode") if name in given}
        body = answer if isinstance(answer, dict) else {}
        if call == "acquire" and "resourceId" in body:
            kept["resource"] = body["resourceId"]
        if call == "start" and body.get("sid"):
            kept["sid"] = body["sid"]
        return kept

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        return callbacks.verify(dict(headers), body, credentials["callback_secret"])


CLIENT: Final = AgoraClient()
