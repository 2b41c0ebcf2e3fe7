"""netcall's client side: a call's name and fields become a call of the SDK, sensible by default.

The calls of the video store become signed requests of the app's server instead. Pure: whoever plays
it brings connection and transport. Used by scenarios and the contract suite.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.families import netease, vod
from recording_emulator.vendors.base import ManySided, Outward, Spoken, needed
from recording_emulator.vendors.netcall import instance, sdk
from recording_emulator.vendors.netcall.inputs import VIDEO

CALLEE: Final = "bob"
RECORDED: Final = {"recordAudio": True, "recordVideo": True}
CAMERA: Final = 3
"""``DEVICE_TYPE_VIDEO`` (SDK)."""
RECORD_STARTED: Final = 13
"""``NETCALL_CONTROL_COMMAND_NOTIFY_RECORD_START`` (SDK)."""
OF_RECORD: Final = tuple(f"{verb}MediaRecording" for verb in ("stop", "download", "clean"))
IN_A_PAGE: Final = frozenset({
    "getInstance", "response", "startRtc", "startDevice", "stopDevice", "startMediaRecording",
    "listMediaRecording", *OF_RECORD,
})  # fmt: skip
"""Calls of who is called, and sits before a web page."""
STORE: Final = {name: path for path, name in vod.PATHS.items()}
"""Calls of the app's server, and their paths."""
NONCE: Final = "9a1c3e"


class NetcallClient(ManySided):
    """netcall's calls by name, each with what the calls before it have given.

    Where nobody says who: Alice, who has a PC Agent, calls Bob, who answers in a web page (WebRTC).
    Both want to be recorded. A user is an account, or one of its devices: ``bob/phone``.
    """

    calls = (*sorted(sdk.NetcallSdk.operations), *STORE)
    flow = ("getInstance", "initSignal", "call", "response", "startRtc", "")
    ending = "hangup"
    saved = ("channelId", "recordId")
    user = "alice"
    publishing = ()
    """A PC Agent's media are up with the call: nobody is in one in silence."""

    def query(self, credentials: Mapping[str, str], user: str) -> dict[str, str]:
        account = user.partition("/")[0]
        app_key = credentials["app_key"]
        return {"appKey": app_key, "account": account, "token": sdk.token(app_key, account)}

    def caller(self, call: str) -> str:
        return CALLEE if call in IN_A_PAGE else self.user

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        wall_ms: int = 0,
    ) -> Spoken | Outward:
        if call in STORE:
            return _asked(credentials, STORE[call], {"vid": needed(given, "vid", call)}, wall_ms)
        user = saved.get("user") or self.caller(call)
        params = {**_usual(call, saved, given), **given}
        return Spoken(user, self.query(credentials, user), call, params)

    def learn(self, _call: str, _given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        told = answer if isinstance(answer, dict) else {}
        return {name: told[name] for name in self.saved if name in told}

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        return netease.wrong_with_copy(headers, body, credentials["callback_secret"])


def _usual(call: str, saved: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a call needs and nobody says."""
    match call:
        case "getInstance":
            return {"sdkProfile": instance.WEBRTC}
        case "call":
            both = {"webrtcEnable": True, "pushConfig": {}, "sessionConfig": RECORDED}
            return {"type": VIDEO, "account": CALLEE, **both}
        case "response":
            channel = needed({**saved, **given}, "channelId", call)
            return {"accepted": True, "channelId": channel, "sessionConfig": RECORDED}
        case "control":
            return {"command": RECORD_STARTED}
        case "createChannel":
            return {"channelName": "demo"}
        case "joinChannel":
            return {"channelName": "demo", "sessionConfig": RECORDED}
        case "startDevice" | "stopDevice":
            return {"type": CAMERA}
        case "startRecordMp4":
            return {"path": "E:/demo.mp4"}
        case "startRecordAac":
            return {"path": "E:/demo.aac"}
        case _ if call in OF_RECORD:
            return {"recordId": needed({**saved, **given}, "recordId", call)}
        case _:
            return {}


def _asked(
    credentials: Mapping[str, str], path: str, body: Mapping[str, Any], wall_ms: int
) -> Outward:
    """Ask the video store, as the app's server does."""
    own = (credentials["app_key"], credentials["app_secret"], NONCE, wall_ms)
    headers = {**netease.signed_call(*own), "Content-Type": "application/json;charset=utf-8"}
    return Outward("POST", path, headers, msgspec.json.encode(body))


CLIENT: Final = NetcallClient()
