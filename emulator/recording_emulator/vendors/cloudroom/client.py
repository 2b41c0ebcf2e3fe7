"""CloudRoom's client side: a call's name and fields become a call of an SDK, sensible by default.

The calls of the HTTP API become signed requests of the app's server instead. Pure: whoever plays it
brings connection and transport. Used by scenarios and the contract suite.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.vendors.base import Outward, SdkSide, Spoken, needed
from recording_emulator.vendors.cloudroom import callbacks, errors, sdk, signatures
from recording_emulator.vendors.cloudroom.inputs import WEB

DEMO: Final[Mapping[str, str]] = {"comp_id": "1", "comp_secret": "1", "callback_secret": "1"}
"""What a self-hosted backend and the vendor's samples come with (sheet §6.1)."""
DEMO_PORT: Final = 2727
"""The port of the vendor's Java sample."""
ROOM: Final = 20314455
"""The number of the first room that a flow makes; others get one that nobody has."""
EVERYBODY: Final = {
    "mode": 1,
    "audioFileCfg": {
        "svrPath": "/demo", "svrFileNameSuffix": ".mp3", "subscribeAudios": ["_cr_all_"],
    },
    "videoFileCfg": {
        "svrPath": "/demo", "svrFileNameSuffix": ".mp4", "subscribeVideos": ["_cr_all_"],
    },
}  # fmt: skip
"""What is recorded where nobody says: everybody, each in files of their own."""
MAKING: Final = ("createMeeting", "room/create")
OF_ROOM: Final = ("enterMeeting", "destroyMeeting")
OF_MIXER: Final = ("updateCloudMixerContent", "destroyCloudMixer", "getCloudMixerInfo")
FORM: Final = "recording-emulator"
JSON: Final = "application/json; charset=utf-8"


class CloudRoomClient(SdkSide):
    """CloudRoom's calls by name, each with what the calls before it have given.

    ``given`` holds a method's parameters; ``meetID`` and ``mixerID`` are those of the call before
    where they are left out. A user is a ``userID`` with the web SDK, or one with the SDK that is
    named behind it: ``bob/native``, ``bob/mini``.
    """

    calls = (*sorted(sdk.PARAMS), *errors.HTTP_CALLS)
    flow = (
        "createMeeting", "enterMeeting", "openMic", "openVideo", "createCloudMixer",
        "getCloudMixerInfo",
    )  # fmt: skip
    ending = "destroyCloudMixer"
    saved = ("meetID", "mixerID")
    user = "alice"
    publishing = ("openMic", "openVideo")
    room = str(ROOM)

    def query(self, credentials: Mapping[str, str], user: str) -> dict[str, str]:
        name, _, profile = user.partition("/")
        return {
            "appID": credentials["app_id"],
            "secret": signatures.md5(credentials["app_secret"]),
            "userID": name,
            "profile": profile or WEB,
        }

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        _wall_ms: int = 0,
    ) -> Spoken | Outward:
        if call in errors.HTTP_CALLS:
            return _asked(call, credentials, {**_about(call, saved, given), **given})
        user = saved.get("user", self.user)
        params = {**_usual(call, saved, given, user), **given}
        return Spoken(user, self.query(credentials, user), call, params)

    def learn(self, call: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        kept = {name: given[name] for name in self.saved if name in given}
        if call == "createCloudMixer" and isinstance(answer, str) and answer:
            kept["mixerID"] = answer
        data = answer.get("Data", answer) if isinstance(answer, dict) else None
        for name in ("ID", "RoomId"):
            if call in MAKING and isinstance(data, dict) and name in data:
                kept["meetID"] = data[name]
        return kept

    def complaint(
        self, credentials: Mapping[str, str], _headers: Mapping[str, str], body: bytes
    ) -> str:
        return callbacks.verify(body, credentials["comp_id"], credentials["callback_secret"])[1]


def _usual(
    call: str, saved: Mapping[str, Any], given: Mapping[str, Any], user: str
) -> dict[str, Any]:
    """Return what a call needs and nobody says."""
    match call:
        case "createMeeting":
            return {} if "meetID" in saved else {"meetID": ROOM}
        case "createCloudMixer":
            return {"cfg": EVERYBODY}
        case "updateCloudMixerContent":
            return {"mixerID": _known("mixerID", call, saved, given), "cfg": {}}
        case "kickout" | "getMemberInfo":
            return {"userID": user.partition("/")[0]}
        case _ if call in OF_ROOM:
            named = {"nickname": user.partition("/")[0].title()} if call == "enterMeeting" else {}
            return {"meetID": _known("meetID", call, saved, given), **named}
        case _ if call in OF_MIXER:
            return {"mixerID": _known("mixerID", call, saved, given)}
        case _:
            return {}


def _known(name: str, call: str, saved: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    if name not in given:
        needed(saved, name, call)
    return given.get(name, saved.get(name))


def _about(call: str, saved: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an HTTP call that nobody says."""
    match call:
        case "room/delete" | "room/onlineMembers/query":
            return {"RoomId": given.get("RoomId") or _known("meetID", call, saved, {})}
        case "room/onlineUsersNum/query":
            return {"RoomIds": given.get("RoomIds") or str(_known("meetID", call, saved, {}))}
        case errors.UPLOAD:
            return {"FileName": "demo.mp4"}
        case _:
            return {}


def _asked(call: str, credentials: Mapping[str, str], fields: Mapping[str, Any]) -> Outward:
    """Ask the HTTP API, as the app's server does; an upload is a form with a file."""
    comp_id = credentials["comp_id"]
    secret = signatures.secret_key(comp_id, credentials["comp_secret"])
    body = {"RequestId": "r-1", "CompID": int(comp_id), "SecretKey": secret, **fields}
    path = f"/CLOUDROOM-API/{call}"
    if call == errors.UPLOAD:
        kind = f"multipart/form-data; boundary={FORM}"
        return Outward("POST", path, {"Content-Type": kind}, _form(body))
    return Outward("POST", path, {"Content-Type": JSON}, msgspec.json.encode(body))


def _form(fields: Mapping[str, Any]) -> bytes:
    """Write a form; what is in its file does not matter."""
    name = str(fields["FileName"]).replace('"', "%22")
    parts = [f'name="{key}"\r\n\r\n{value}' for key, value in fields.items()]
    parts.append(f'name="file"; filename="{name}"\r\nContent-Type: video/mp4\r\n\r\nmp4')
    text = "".join(f"--{FORM}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    return f"{text}--{FORM}--\r\n".encode()


CLIENT: Final = CloudRoomClient()
