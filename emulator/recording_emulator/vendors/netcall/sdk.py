"""netcall's SDK: whom it lets in, what its methods mean, what its listeners are called with.

One connection is one SDK instance of one account (``NIM.getInstance``); ``getInstance`` says which
build it is. Its state is the tenant's, so it is in the journal and deterministic; the double on the
other side only translates style: what throws at once, what is synchronous, what resolves with
nothing. What needs nobody else stays there: constants, ``isCurrentChannelId``, volumes, views,
device lists, ``netDetect`` (sheet §2.1, §2.3, §10).

Source:
    Methods and events: sheet §2.3 to §5.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, View
from recording_emulator.core.sdk import UNAUTHORIZED, Admitted, Change, Failure, Member, Unwelcome
from recording_emulator.families import netease
from recording_emulator.vendors.netcall import errors, files, inputs, params, styles
from recording_emulator.vendors.netcall import instance as builds
from recording_emulator.vendors.netcall.inputs import Flags, Live, MemberChanged
from recording_emulator.vendors.netcall.told import (
    Said,
)

T = TypeVar("T")
Read = Callable[[str, Any], Input]

MAX_ACCOUNT: Final = 64
SOURCES: Final = {0: "mic", 3: "camera"}
"""``DEVICE_TYPE_AUDIO_IN`` and ``DEVICE_TYPE_VIDEO`` (SDK); other inputs are a screen (assumed)."""
OUTPUTS: Final = (1, 2)


def token(app_key: str, account: str) -> str:
    """Return the token of an account: what the app's own server would have set for it."""
    return ids.derive(0, "netcall.token", f"{app_key}/{account}", 0, 16).hex()


# --- methods of all builds ------------------------------------------------------------------------


def _instance(member: str, given: Any) -> Input:
    made = msgspec.convert(given, params.GetInstance)
    return inputs.Instance(member, made.sdkProfile or "", made.fromClientType)


def _call(member: str, given: Any) -> Input:
    call = msgspec.convert(given, params.Call)
    push = call.pushConfig or {}
    custom = push.get("custom", "")
    custom = custom if isinstance(custom, str) else msgspec.json.encode(custom).decode()
    return inputs.Dial(
        member, call.account, call.type, _flags(call.sessionConfig), custom[:4_096], push
    )


def _webrtc_call(member: str, given: Any) -> Input:
    call = msgspec.convert(given, params.Call)
    if call.pushConfig is None or call.sessionConfig is None:
        return Malformed(errors.TYPE_ERROR, hint="this build needs pushConfig and sessionConfig")
    return _call(member, given)


def _flags(config: params.SessionConfig | None) -> Flags:
    if config is None:
        return Flags()
    return Flags(
        audio=bool(config.recordAudio),
        video=bool(config.recordVideo),
        kind=config.recordType,
        is_single=bool(config.singleRecord),
        is_main=bool(config.isHostSpeaker),
    )


def _response(member: str, given: Any) -> Input:
    said = msgspec.convert(given, params.Response)
    info = said.beCalledInfo
    channel = said.channelId if info is None else info.channelId
    is_accepted = said.accepted is not False
    return inputs.Respond(member, _channel(channel), is_accepted, _flags(said.sessionConfig))


def _channel(given: params.ChannelId) -> str:
    return "" if given is None else str(given)


def _hang_up(member: str, given: Any) -> Input:
    return inputs.HangUp(member, _channel(msgspec.convert(given, params.OfChannel).channelId))


def _control(member: str, given: Any) -> Input:
    said = msgspec.convert(given, params.Control)
    return inputs.Control(member, _channel(said.channelId), said.command)


def _create(member: str, given: Any) -> Input:
    made = msgspec.convert(given, params.CreateChannel)
    return inputs.MakeMeeting(member, made.channelName, made.custom)


def _join(member: str, given: Any) -> Input:
    join = msgspec.convert(given, params.JoinChannel)
    config = join.sessionConfig or params.SessionConfig()
    is_live = bool(join.liveEnable or config.liveEnable) and bool(config.rtmpUrl)
    live = Live(is_live, is_live and bool(config.rtmpRecord))
    return inputs.JoinMeeting(member, join.channelName, join.type, _flags(config), live)


def _device(is_on: bool) -> Read:
    def read(member: str, given: Any) -> Input:
        kind = msgspec.convert(given, params.OfDevice).type
        source = "" if kind in OUTPUTS else SOURCES.get(kind, "screen")
        return inputs.UseDevice(member, source, is_on)

    return read


def _bare(kind: Callable[[str], Input]) -> Read:
    return lambda member, _given: kind(member)


def _switch(is_video: bool) -> Read:
    return lambda member, _given: inputs.Switch(member, is_video)


COMMON: Final[Mapping[str, Read]] = {
    "getInstance": _instance,
    "initSignal": _bare(inputs.SignalOn),
    "call": _call,
    "response": _response,
    "hangup": _hang_up,
    "control": _control,
    "switchVideoToAudio": _switch(False),
    "switchAudioToVideo": _switch(True),
    "createChannel": _create,
    "joinChannel": _join,
    "leaveChannel": _bare(inputs.LeaveMeeting),
    "startDevice": _device(True),
    "stopDevice": _device(False),
}

# --- local recorders ------------------------------------------------------------------------------


def _agent_mp4(member: str, given: Any) -> Input:
    start = msgspec.convert(given, params.AgentMp4)
    if not start.path:
        return Malformed(errors.NO_PATH)
    account, has_all_voices = start.account or "", bool(start.aac)
    size = start.width, start.height
    return inputs.AgentStart(member, start.path, account, has_all_voices, *size)


def _agent_aac(member: str, given: Any) -> Input:
    start = msgspec.convert(given, params.AgentAac)
    if not start.path:
        return Malformed(errors.NO_PATH)
    return inputs.AgentStart(member, start.path, None)


def _agent_stop(member: str, given: Any) -> Input:
    account = msgspec.convert(given, params.OfAccount).account
    return inputs.AgentStop(member, account or "")


def _simple_mp4(member: str, given: Any) -> Input:
    """Read the old build's argument: a text is an account, anything else oneself (SDK)."""
    account = msgspec.convert(given, params.AnyAccount).account
    return inputs.SimpleStart(member, account if isinstance(account, str) else "")


def _media_start(member: str, given: Any) -> Input:
    start = msgspec.convert(given, params.MediaRecording)
    return inputs.MediaStart(member, start.account or "", start.type, start.reset)


def _media_mp4(member: str, given: Any) -> Input:
    account = msgspec.convert(given, params.OfAccount).account
    return inputs.MediaStart(member, account or "", is_wrapped=True)


def _of_record(kind: Callable[[str, str], Input]) -> Read:
    def read(member: str, given: Any) -> Input:
        record = msgspec.convert(given, params.OfRecord).recordId
        return kind(member, record) if record else Malformed(errors.NO_RECORD_ID)

    return read


METHODS: Final[Mapping[str, Mapping[str, Read]]] = {
    builds.AGENT: {
        **COMMON,
        "stopSignal": _bare(inputs.SignalOff),
        "startRecordMp4": _agent_mp4,
        "stopRecordMp4": _agent_stop,
        "startRecordAac": _agent_aac,
        "stopRecordAac": lambda member, _given: inputs.AgentStop(member, None),
    },
    builds.OLD_WEBRTC: {
        **COMMON,
        "call": _webrtc_call,
        "startRtc": _bare(inputs.StartRtc),
        "startRecordMp4": _simple_mp4,
        "stopRecordMp4": _bare(inputs.SimpleStop),
        "startRecordAac": lambda member, _given: inputs.SimpleStart(member, is_audio=True),
        "stopRecordAac": _bare(inputs.SimpleStop),
    },
    builds.WEBRTC: {
        **COMMON,
        "call": _webrtc_call,
        "startRtc": _bare(inputs.StartRtc),
        "startRecordMp4": _media_mp4,
        "stopRecordMp4": lambda member, _given: inputs.MediaStop(member, ""),
        "startMediaRecording": _media_start,
        "stopMediaRecording": _of_record(inputs.MediaStop),
        "listMediaRecording": _bare(inputs.MediaList),
        "downloadMediaRecording": _of_record(inputs.MediaDownload),
        "cleanMediaRecording": _of_record(inputs.MediaClean),
    },
}
"""The methods of each build, and how their parameters are read."""


class NetcallSdk:
    """What netcall says about its SDK."""

    operations = frozenset(name for methods in METHODS.values() for name in methods)

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return netease.keys(query.get("appKey", ""))

    def admit(
        self,
        query: Mapping[str, str],
        _view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,  # noqa: ARG002 - its tokens do not expire
    ) -> Admitted | Unwelcome:
        """Let an account in; a wrong token ends as NIM's login does: ``ondisconnect``, code 302."""
        account, given = query.get("account", ""), query.get("token", "")
        told = ({"code": 302, "message": styles.BY_ID[errors.LOGIN].text},)
        if not 0 < len(account) <= MAX_ACCOUNT or not given:
            why = "account and token belong into the query"
            return Unwelcome(errors.LOGIN, UNAUTHORIZED, why, "disconnect", told)
        if not is_open and given != token(own["app_key"], account):
            why = f"the token of {account[:40]!r} is another"
            return Unwelcome(errors.LOGIN, UNAUTHORIZED, why, "disconnect", told)
        return Admitted(account)

    def decode(
        self,
        member: Member,
        method: str,
        params: Any,
        view: View,
        *,
        wall_ms: int,  # noqa: ARG002
    ) -> tuple[Input, tuple[str, ...]]:
        profile = builds.of(view, member.id).profile
        read = METHODS.get(profile, METHODS[builds.AGENT]).get(method)
        if read is None:
            hint = f"the build {profile} has no {method}"
            return Malformed(errors.TYPE_ERROR, hint=hint), ()
        try:
            return read(member.id, {} if params is None else params), ()
        except msgspec.ValidationError as error:
            return Malformed(errors.PARAMETER, hint=f"params: {error}"), ()

    def result(self, answer: Answer, _operation: str, _view: View) -> Any:
        facts = answer.facts
        return facts.data if isinstance(facts, Said) else None

    def failure(self, answer: Answer, operation: str, view: View) -> Failure:
        return styles.failure(answer, operation, view)

    def args(self, event: str, facts: Facts, view: View) -> list[Any]:
        assert isinstance(facts, Said)
        if event == files.DOWNLOAD:
            return [files.download_told(facts.data, view.files_url)]
        return [facts.data]

    def hear(self, member: Member, change: Change) -> Input | None:
        return MemberChanged(member.id, member.user, change)

    def replays(self, settings: Any) -> bool:
        return bool(settings.replay_on_reconnect)
