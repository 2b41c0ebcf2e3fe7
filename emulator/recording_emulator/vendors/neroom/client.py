"""NERoom's client side: a call's name and fields become a call of the SDK, sensible by default.

Pure: whoever plays it brings the connection. Used by scenarios and the contract suite.
"""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.families import netease
from recording_emulator.vendors.base import Spoken, needed
from recording_emulator.vendors.neroom import sdk

LIST: Final = "getRoomCloudRecordList"


class NeRoomClient:
    """NERoom's calls by name, each with what the calls before it have given.

    ``given`` holds a method's parameters; ``roomUuid`` and ``roomArchiveId`` are those of the call
    before where they are left out. A flow makes the room, with recording, and is in it as its host.
    """

    calls: tuple[str, ...] = tuple(sorted(sdk.NeRoomSdk.operations))
    flow: tuple[str, ...] = (
        "createRoom", "joinRoom", "joinRtcChannel", "unmuteMyAudio", "startCloudRecord", LIST,
    )  # fmt: skip
    ending = "stopCloudRecord"
    saved: tuple[str, ...] = ("roomUuid", "roomArchiveId")
    user = "alice"
    publishing: tuple[str, ...] = ("unmuteMyAudio",)
    unless_given: Final = {"roomUuid": "demo"}

    def query(self, credentials: Mapping[str, str], user: str) -> dict[str, str]:
        token = self._token(credentials, user)
        return {"appKey": credentials["app_key"], "user": user, "token": token}

    def _token(self, credentials: Mapping[str, str], user: str) -> str:
        return sdk.token(credentials["app_key"], user)

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        _wall_ms: int = 0,
    ) -> Spoken:
        names: dict[str, Any] = {**self.unless_given, "user": self.user, **saved}
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


CLIENT: Final = NeRoomClient()
