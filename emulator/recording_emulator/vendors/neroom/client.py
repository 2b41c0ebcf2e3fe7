"""NERoom's client side: a call's name and fields become a call of the SDK, sensible by default.

The calls of NERTC's recording tasks become signed requests of the app's server instead. Pure:
whoever plays it brings connection and transport. Used by scenarios and the contract suite.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from recording_emulator.families import netease
from recording_emulator.vendors.base import Outward, SdkSide, Spoken, needed
from recording_emulator.vendors.neroom import users
from recording_emulator.vendors.neroom.sdk import NeRoomSdk

LIST: Final = "getRoomCloudRecordList"
NERTC: Final = "nertc.v3."
TASKS: Final = {
    f"{NERTC}submit": "/v3/api/cloudrecord/submit",
    f"{NERTC}tasks": "/v3/api/cloudrecord/tasks",
    f"{NERTC}stop": "/v3/api/cloudrecord/stop",
    f"{NERTC}record": "/v3/api/record",
}
NONCE: Final = "9a1c3e"


class NeRoomClient(SdkSide):
    """NERoom's calls by name, each with what the calls before it have given.

    ``given`` holds a method's parameters; ``roomUuid`` and ``roomArchiveId`` are those of the call
    before where they are left out. A flow makes the room, with recording, and is in it as its host.
    """

    calls = (*sorted(NeRoomSdk.operations), *TASKS)
    flow = (
        "createRoom", "joinRoom", "joinRtcChannel", "unmuteMyAudio", "startCloudRecord", LIST,
    )  # fmt: skip
    ending = "stopCloudRecord"
    saved = ("roomUuid", "roomArchiveId")
    user = "alice"
    publishing: tuple[str, ...] = ("unmuteMyAudio",)
    unless_given: Final = {"roomUuid": "demo"}

    def query(self, credentials: Mapping[str, str], user: str) -> dict[str, str]:
        token = self._token(credentials, user)
        return {"appKey": credentials["app_key"], "user": user, "token": token}

    def _token(self, credentials: Mapping[str, str], user: str) -> str:
        return users.derived_token(credentials["app_key"], user)

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        wall_ms: int = 0,
    ) -> Spoken | Outward:
        names: dict[str, Any] = {**self.unless_given, "user": self.user, **saved}
        if call in TASKS:
            channel = given.get("cname", names["roomUuid"])
            path = f"{TASKS[call]}?{urlencode({'cname': channel})}"
            return _task(credentials, path, {"cname": channel, **given}, wall_ms)
        params: dict[str, Any] = {"roomUuid": names["roomUuid"]}
        match call:
            case "createRoom":
                params["enableRecord"] = True
            case "joinRoom":
                params |= {"userName": names["user"].title(), "role": "host"}
            case "initialize":
                params = {"options": {"appKey": credentials["app_key"]}}
            case "login":
                params = {
                    "account": names["user"],
                    "token": self._token(credentials, names["user"]),
                }
            case "setParameters":
                params = {}
            case _ if call == LIST:
                archive = given.get("roomArchiveId") or needed(names, "roomArchiveId", call)
                params = {"roomArchiveId": archive}
        user = names["user"]
        return Spoken(user, self.query(credentials, user), call, {**params, **given})

    def learn(self, _call: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        kept = {"roomUuid": given["roomUuid"]} if "roomUuid" in given else {}
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, dict) and "roomArchiveId" in data:
            kept["roomArchiveId"] = data["roomArchiveId"]
        return kept

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        return netease.wrong_with_copy(headers, body, credentials["callback_secret"])


def _task(
    credentials: Mapping[str, str], path: str, body: Mapping[str, Any], wall_ms: int
) -> Outward:
    """Ask about the recording task of a channel, as the app's server does."""
    own = (credentials["app_key"], credentials["app_secret"], NONCE, wall_ms)
    raw = msgspec.json.encode(body)
    headers = {**netease.signed_call(*own), "Content-Type": "application/json;charset=utf-8"}
    return Outward("POST", path, headers, raw)


CLIENT: Final = NeRoomClient()
