"""CloudRoom's SDKs: whom they let in, what their methods mean, what their events carry.

A connection is a login: its query has ``appID``, ``secret`` (the MD5 of the AppSecret), ``userID``,
and as ``profile`` which of the SDKs it comes from: native, web or mini. A native update or a
mini-app's returns a number where the web SDK has a promise: it is the result, or ``errCode`` of the
failure.

Two events carry more than listeners get, for a client's own copy of the room: ``userEnterMeeting``
a nickname, ``cloudMixerInfoChanged`` the new configuration.

Source:
    Methods, events and the order of their arguments: sheet §1.1, §3.1 (Web, C++), §7.3, §10. The
    names of parameters are ours.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, View
from recording_emulator.core.sdk import UNAUTHORIZED, Admitted, Change, Failure, Member, Unwelcome
from recording_emulator.vendors.cloudroom import bodies, checks, errors, inputs, machine
from recording_emulator.vendors.cloudroom.inputs import PROFILES, WEB, MemberChanged, Said
from recording_emulator.vendors.cloudroom.signatures import MD5, md5

DEVICES: Final[Mapping[str, tuple[bool | None, bool | None]]] = {
    "openMic": (True, None),
    "closeMic": (False, None),
    "openVideo": (None, True),
    "closeVideo": (None, False),
}
PARAMS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "createMeeting": bodies.NewRoom,
    "destroyMeeting": bodies.OfRoom,
    "enterMeeting": bodies.Enter,
    "exitMeeting": bodies.Nothing,
    "kickout": bodies.OfUser,
    "getAllMembers": bodies.Nothing,
    "getMemberInfo": bodies.OfUser,
    **dict.fromkeys(DEVICES, bodies.Nothing),
    "createCloudMixer": bodies.Create,
    "updateCloudMixerContent": bodies.Update,
    "destroyCloudMixer": bodies.OfMixer,
    "getAllCloudMixerInfo": bodies.Nothing,
    "getCloudMixerInfo": bodies.OfMixer,
}


class CloudRoomSdk:
    """What CloudRoom says about its SDKs."""

    operations = frozenset(PARAMS)

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("cloudroom", "app_id", query.get("appID", "")),)

    def admit(
        self,
        query: Mapping[str, str],
        _view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,  # noqa: ARG002 - a login has no time in it
    ) -> Admitted | Unwelcome:
        user, secret = query.get("userID", ""), query.get("secret", "")
        profile = query.get("profile", WEB)
        why = ""
        if profile not in PROFILES:
            why = f"profile is one of {', '.join(PROFILES)}"
        elif not 0 < len(user) <= 128:
            why = "userID has 1 to 128 characters"
        elif not MD5.match(secret) or not query.get("appID"):
            why = "appID, and as secret the MD5 of the AppSecret, belong into the query"
        elif not is_open and not hmac.compare_digest(secret, md5(own["app_secret"])):
            why = "secret is the MD5 of another AppSecret"
        if why:
            row = errors.row_of(errors.APPID)
            return Unwelcome(row, UNAUTHORIZED, why, "loginFail", (errors.APPID,))
        return Admitted(user, profile)

    def decode(
        self,
        member: Member,
        method: str,
        params: Any,
        view: View,
        *,
        wall_ms: int,  # noqa: ARG002 - no call has a time in it
    ) -> tuple[Input, tuple[str, ...]]:
        try:
            read = msgspec.convert(params, PARAMS[method])
        except msgspec.ValidationError as error:
            return Malformed(errors.row_of(errors.PARAM), hint=f"params: {error}"), ()
        who = (member.id, member.user, member.profile)
        match read:
            case bodies.Create() | bodies.Update():
                given = _mixer_call(who, read)
                return given, machine.notes(given, _plain(read.cfg), view)
            case _:
                return _call(who, method, read), ()

    def result(self, answer: Answer, _operation: str, _view: View) -> Any:
        assert isinstance(answer.facts, Said)
        return answer.facts.data

    def failure(self, answer: Answer, _operation: str, _view: View) -> Failure | None:
        if answer.row == errors.UNSETTLED:
            return None
        row = errors.BY_ID[answer.row]
        if answer.row == errors.THROWN:
            return Failure(row.text, {"name": errors.THROWN, "message": row.text})
        return Failure(row.text, {"errCode": row.code, "errDesc": row.text})

    def args(self, _event: str, facts: Facts, _view: View) -> list[Any]:
        assert isinstance(facts, Said)
        return list(facts.data or ())

    def hear(self, member: Member, change: Change) -> Input | None:
        return None if change is Change.CONNECTED else MemberChanged(member.id, change)

    def replays(self, _settings: Any) -> bool:
        return False  # there is no resume: who comes back enters anew (sheet §10)


def _mixer_call(
    who: tuple[str, str, str], read: bodies.Create | bodies.Update
) -> inputs.CreateMixer | inputs.UpdateMixer:
    profile = who[2]
    cfg = checks.read(read.cfg, profile)
    wrong = cfg if isinstance(cfg, checks.Wrong) else None
    if isinstance(read, bodies.Update):
        known = None if isinstance(cfg, checks.Wrong) else cfg
        return inputs.UpdateMixer(*who, mixer=read.mixerID, cfg=known, wrong=wrong)
    whole = None if isinstance(cfg, checks.Wrong) else checks.completed(cfg, profile)
    if whole is not None:
        wrong = checks.wrong(whole)
    name = read.mixerID or ""
    return inputs.CreateMixer(*who, mixer=name, cfg=None if wrong else whole, wrong=wrong)


def _plain(cfg: Any) -> Any:
    """Return a configuration as plain data, for remarks; a text that is no JSON has none."""
    if not isinstance(cfg, str):
        return cfg
    try:
        return msgspec.json.decode(cfg)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _call(who: tuple[str, str, str], method: str, read: Any) -> Input:
    match method:
        case "createMeeting":
            return inputs.Make(*who, room=str(read.meetID or ""))
        case "destroyMeeting":
            return inputs.Destroy(*who, room=str(read.meetID))
        case "enterMeeting":
            return inputs.Enter(*who, room=str(read.meetID), nickname=read.nickname)
        case "exitMeeting":
            return inputs.Exit(*who)
        case "kickout":
            return inputs.Kick(*who, who=read.userID)
        case "getAllMembers":
            return inputs.LookAround(*who)
        case "getMemberInfo":
            return inputs.LookAround(*who, who=read.userID)
        case "destroyCloudMixer":
            return inputs.DestroyMixer(*who, mixer=read.mixerID)
        case "getAllCloudMixerInfo":
            return inputs.ListMixers(*who)
        case "getCloudMixerInfo":
            return inputs.LookMixer(*who, mixer=read.mixerID)
        case _:
            audio, video = DEVICES[method]
            return inputs.Switch(*who, audio=audio, video=video)
