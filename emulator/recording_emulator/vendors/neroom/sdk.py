"""NERoom's SDK: whom it lets in, what its methods mean, what its listeners are called with.

Source:
    Methods, parameters and listeners: sheet §1.2, §1.6 and §1.7 (API references 1.44.0). The
    parameters of ``createRoom`` and ``joinRoom`` stand beside their options; that is ours.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, View
from recording_emulator.core.sdk import Admitted, Change, Failure, Member, Unwelcome
from recording_emulator.vendors.neroom import errors, files, inputs
from recording_emulator.vendors.neroom.inputs import Config, Listed, MemberChanged, Said

UNAUTHORIZED: Final = 4402
RoomUuid = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9\-_.~]+$")]
Name = Annotated[str, Meta(max_length=64)]


class InRoom(msgspec.Struct, frozen=True):
    roomUuid: RoomUuid  # noqa: N815


class CreateRoom(InRoom, frozen=True):
    roomName: Name = ""  # noqa: N815
    password: Annotated[str, Meta(max_length=20)] = ""
    enableRecord: bool = False  # noqa: N815


class JoinRoom(InRoom, frozen=True, kw_only=True):
    userName: Name  # noqa: N815
    role: Name = "member"
    password: Annotated[str, Meta(max_length=20)] = ""


class Mode(msgspec.Struct, frozen=True):
    mode: Annotated[int, Meta(ge=0, le=6)]


class Start(InRoom, frozen=True):
    rtcRecordType: int = 0  # noqa: N815
    modeList: tuple[Mode, ...] = ()  # noqa: N815


class ListOf(msgspec.Struct, frozen=True):
    roomArchiveId: Annotated[str, Meta(min_length=1, max_length=36)]  # noqa: N815


MUTES: Final[Mapping[str, tuple[str, bool]]] = {
    "muteMyAudio": ("audio", False),
    "unmuteMyAudio": ("audio", True),
    "muteMyVideo": ("video", False),
    "unmuteMyVideo": ("video", True),
}
PLAIN: Final[Mapping[str, type[inputs.Caller]]] = {
    "leaveRoom": inputs.Exit,
    "endRoom": inputs.End,
    "getRoomContext": inputs.Look,
    "joinRtcChannel": inputs.EnterRtc,
    "leaveRtcChannel": inputs.ExitRtc,
    "stopCloudRecord": inputs.StopRecord,
}
OTHERS: Final = ("createRoom", "joinRoom", "startCloudRecord", "getRoomCloudRecordList")


def token(app_key: str, user: str) -> str:
    """Return the token of a user: what the app's own server would have fetched for them."""
    return ids.derive(0, "neroom.token", f"{app_key}/{user}", 0, 16).hex()


class NeRoomSdk:
    """What NERoom says about its SDK."""

    operations = frozenset({*MUTES, *PLAIN, *OTHERS})

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("netease", "app_key", query.get("appKey", "")),)

    def admit(
        self,
        query: Mapping[str, str],
        _view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,  # noqa: ARG002 - its tokens do not expire
    ) -> Admitted | Unwelcome:
        user, given = query.get("user", ""), query.get("token", "")
        if not 0 < len(user) <= 64 or not given:
            why = "user and token belong into the query"
            return Unwelcome(errors.TOKEN, UNAUTHORIZED, why, "onAuthEvent", ("UNAUTHORIZED",))
        if not is_open and given != token(own["app_key"], user):
            why = f"the token of {user[:40]!r} is another"
            return Unwelcome(errors.TOKEN, UNAUTHORIZED, why, "onAuthEvent", ("INCORRECT_TOKEN",))
        return Admitted(user)

    def decode(
        self,
        member: Member,
        method: str,
        params: Any,
        _view: View,
        *,
        wall_ms: int,  # noqa: ARG002
    ) -> tuple[Input, tuple[str, ...]]:
        try:
            return _read(member, method, params), ()
        except msgspec.ValidationError as error:
            return Malformed(errors.BAD_REQUEST, hint=f"params: {error}"), ()

    def result(self, answer: Answer, _operation: str, view: View) -> Any:
        facts = answer.facts
        data = _listed(facts, view) if isinstance(facts, Listed) else None
        if isinstance(facts, Said):
            data = facts.data
        return {"code": 0, "message": "success", "data": data}

    def failure(self, answer: Answer, _operation: str, _view: View) -> Failure:
        row = errors.BY_ID[answer.row]
        return Failure(row.text, {"code": row.code, "message": row.text})

    def args(self, _event: str, facts: Facts, _view: View) -> list[Any]:
        assert isinstance(facts, Said)
        return list(facts.data)

    def hear(self, member: Member, change: Change) -> Input | None:
        return None if change is Change.CONNECTED else MemberChanged(member.id, change)

    def replays(self, settings: Any) -> bool:
        return bool(settings.replay_on_reconnect)


def _read(member: Member, method: str, params: Any) -> Input:
    who = (member.id, member.user)
    if method in MUTES:
        medium, is_on = MUTES[method]
        there = msgspec.convert(params, InRoom)
        audio, video = (is_on, None) if medium == "audio" else (None, is_on)
        return inputs.Mute(*who, there.roomUuid, audio, video)
    if method in PLAIN:
        return PLAIN[method](*who, msgspec.convert(params, InRoom).roomUuid)
    match method:
        case "createRoom":
            made = msgspec.convert(params, CreateRoom)
            return inputs.Create(
                *who, made.roomUuid, made.roomName, made.password, made.enableRecord
            )
        case "joinRoom":
            join = msgspec.convert(params, JoinRoom)
            return inputs.Enter(*who, join.roomUuid, join.userName, join.role, join.password)
        case "startCloudRecord":
            start = msgspec.convert(params, Start)
            return inputs.StartRecord(*who, start.roomUuid, _config(start))
        case _:
            return inputs.ListRecords(msgspec.convert(params, ListOf).roomArchiveId)


def _config(start: Start) -> Config:
    modes = tuple(each.mode for each in start.modeList)
    if start.rtcRecordType not in (files.ALL, files.BY_MODE):
        raise msgspec.ValidationError("rtcRecordType is 0 or 100")
    if start.rtcRecordType == files.BY_MODE and not modes:
        raise msgspec.ValidationError("rtcRecordType 100 needs a modeList")
    if len(set(modes)) < len(modes):
        raise msgspec.ValidationError("modeList has each mode at most once")
    return Config(start.rtcRecordType, modes)


def _listed(facts: Listed, view: View) -> list[dict[str, Any]]:
    """Write the list; ``recordEndTime`` is 0 while recording goes on (assumed)."""
    has_detail, transcode_ms = view.settings.list_vod_detail, view.settings.transcode_ms
    found = []
    for each in facts.records:
        infos = []
        for file in each.files:
            info = files.told(file, view.files_url)
            if has_detail:
                info["vodInfo"] = files.vod(file, view.files_url, view.now_ms, transcode_ms)
            infos.append(info)
        found.append(
            {
                "recordId": each.id,
                "recordStartTime": each.started_ms,
                "recordEndTime": each.ended_ms,
                "infoList": infos,
            }
        )
    return found
