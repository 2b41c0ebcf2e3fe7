"""NERoom's SDK: whom it lets in, what its methods mean, what its listeners are called with.

Source:
    Sheet §1.2 (methods), §1.7 (listeners), §9 (who is let in).
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, View
from recording_emulator.core.sdk import UNAUTHORIZED, Admitted, Change, Failure, Member, Unwelcome
from recording_emulator.families import netease, vod
from recording_emulator.vendors.neroom import errors, files, inputs, methods, users
from recording_emulator.vendors.neroom.inputs import Listed, MemberChanged, Said
from recording_emulator.vendors.neroom.methods import METHODS

ABOUT_NO_ROOM: Final = ("initialize", "login", "setParameters", "getRoomCloudRecordList")
NAMES_SOMEBODY: Final = ("muteMemberAudio", "muteMemberVideo", "changeMemberRole", "kickMemberOut")


class NeRoomSdk:
    """What NERoom says about its SDK."""

    operations = frozenset({*METHODS, *ABOUT_NO_ROOM})

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return netease.keys(query.get("appKey", ""))

    def admit(
        self,
        query: Mapping[str, str],
        view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,  # noqa: ARG002 - its tokens do not expire
    ) -> Admitted | Unwelcome:
        user, given = query.get("user", ""), query.get("token", "")
        if not 0 < len(user) <= 64 or not given:
            why = "user and token belong into the query"
            return Unwelcome(errors.TOKEN, UNAUTHORIZED, why, "onAuthEvent", ("UNAUTHORIZED",))
        if not is_open and given != users.token_of(own["app_key"], user, view):
            why = f"the token of {user[:40]!r} is another"
            return Unwelcome(errors.TOKEN, UNAUTHORIZED, why, "onAuthEvent", ("INCORRECT_TOKEN",))
        return Admitted(user)

    def decode(
        self,
        member: Member,
        method: str,
        params: Any,
        view: View,
        *,
        wall_ms: int,  # noqa: ARG002
    ) -> tuple[Input, tuple[str, ...]]:
        try:
            return _read(member, method, params, view)
        except msgspec.ValidationError as error:
            room = params.get("roomUuid", "") if isinstance(params, dict) else ""
            where = room if isinstance(room, str) else ""
            return Malformed(errors.BAD_REQUEST, hint=f"params: {error}", room=where), ()

    def result(self, answer: Answer, _operation: str, view: View) -> Any:
        facts = answer.facts
        data = listed(facts, view) if isinstance(facts, Listed) else None
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


Read = tuple[Input, tuple[str, ...]]


def _read(member: Member, method: str, params: Any, view: View) -> Read:
    if method in METHODS:
        kind, make = METHODS[method]
        given = msgspec.convert(params, kind)
        if method in NAMES_SOMEBODY and not getattr(given, "userUuid", ""):
            return Malformed(errors.NO_UUID, hint="userUuid", room=given.roomUuid), ()
        made = make(given, member=member.id, user=member.user, room=given.roomUuid)
        if isinstance(made, inputs.Snap):
            made = msgspec.structs.replace(made, seq=member.seq)
        return made, _unknown(kind, params)
    match method:
        case "initialize":
            return _initialize(member, msgspec.convert(params, methods.Initialize), view), ()
        case "login":
            return _login(member, msgspec.convert(params, methods.Login), view), ()
        case "setParameters":
            own = msgspec.convert(params, dict[str, Any])
            others = tuple(f"{each}: not modelled" for each in own if each not in KNOWN)
            return methods.parameters(member, own), others
        case _:
            archive = msgspec.convert(params, methods.ListOf).roomArchiveId
            return inputs.ListRecords(archive), _unknown(methods.ListOf, params)


KNOWN: Final = frozenset({*methods.SPELLINGS, "roomUuid"})


def _unknown(kind: type[msgspec.Struct], params: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is accepted and does nothing, ``crossAppAuthorization`` among it."""
    known = kind.__struct_fields__
    return tuple(f"{each}: not modelled" for each in params if each not in known)


def _initialize(member: Member, given: methods.Initialize, view: View) -> Input:
    app_key, own = given.options.appKey, view.credentials["app_key"]
    if not app_key:
        return Malformed(errors.NO_APP_KEY, hint="options.appKey")
    if app_key != own:
        return Malformed(errors.FORBIDDEN, hint="the connection has another appKey")
    kind, device = given.clientType, given.deviceId
    return inputs.Initialize(member=member.id, client_type=kind, device=device)


def _login(member: Member, given: methods.Login, view: View) -> Input:
    if given.account != member.user or not given.token:
        hint = f"this connection is {member.user[:40]!r}'s; account and token are needed"
        return Malformed(errors.UNAUTHORIZED, hint=hint)
    is_right = given.token == users.token_of(view.credentials["app_key"], given.account, view)
    if view.settings.login_checks_token and not is_right:
        return Malformed(errors.TOKEN, hint="setting login_checks_token")
    return inputs.Login(member=member.id)


def listed(facts: Listed, view: View) -> list[dict[str, Any]]:
    """Write the list; ``recordEndTime`` is 0 while recording goes on (assumed)."""
    has_detail = view.settings.list_vod_detail
    found = []
    for each in facts.records:
        infos = []
        for file in each.files:
            info = files.told(file, view)
            if has_detail:
                info["vodInfo"] = _detail(file, view)
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


def _detail(file: inputs.File, view: View) -> dict[str, Any] | None:
    """Describe a file as the video store does; None when it is deleted (assumed)."""
    video = view.peek(vod.where(str(file.vid)))
    if video is None or video.state is vod.State.DELETED:
        return None
    return vod.detail(video, view.files_url, view.now_ms)
