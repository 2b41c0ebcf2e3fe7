"""The catalogue of netcall: what is emulated of it, and how we know."""

from enum import StrEnum
from typing import Final

from recording_emulator.core import faults as core_faults
from recording_emulator.core.surface import (
    Absent,
    Basis,
    Limit,
    Operation,
    Shapes,
    StateRow,
    Surface,
)
from recording_emulator.families import vod
from recording_emulator.vendors.netcall import (
    agent,
    callbacks,
    errors,
    faults,
    gathering,
    instance,
    machine,
    media,
    meeting,
    params,
    recorder,
    simple,
)
from recording_emulator.vendors.netcall.inputs import CALL, DEVICE, MEETING
from recording_emulator.vendors.netcall.sdk import NetcallSdk

_SEED: Final = ("call", "response", *(f"{what}Record{kind}" for what in ("start", "stop")
                                      for kind in ("Mp4", "Aac")),
                *(f"{what}MediaRecording" for what in
                  ("start", "list", "stop", "download", "clean")))  # fmt: skip
_SDK: Final = "NIM Web SDK 8.5"
_STATES: Final = "sheet §9: states are ours, assumed"


def _operation(name: str) -> Operation:
    if name in _SEED:
        return Operation(name, "SDK", name, "录制相关", Basis.DOCUMENTED)
    can_fail = name != "hangup"  # it returns nothing, whatever there is to hang up
    return Operation(name, "SDK", name, _SDK, Basis.OBSERVED, can_fail)


def _states(name: str, states: type[StrEnum], first: StrEnum) -> tuple[StateRow, ...]:
    """List the states that a thing can enter: all but the one it begins in."""
    found = (each for each in states if each is not first)
    return tuple(StateRow(name, each, "", _STATES, Basis.ASSUMED) for each in found)


SURFACE: Final = Surface(
    operations=(
        *(_operation(name) for name in sorted(NetcallSdk.operations)),
        *vod.OPERATIONS,
    ),
    errors=(*errors.ROWS, *vod.ROWS),
    events=callbacks.EVENTS,
    limits=(
        Limit("copy_timeout_s", "5", "消息抄送服务概述", Basis.DOCUMENTED),
        Limit("copy_retries", "3", "published nowhere; assumed", Basis.ASSUMED),
        Limit("channel_id_digits", "14 or 19", "IM 其他抄送 and samples", Basis.DOCUMENTED),
        Limit("agent_heartbeat_s", "35", "Web SDK 开发手册", Basis.DOCUMENTED),
        Limit("agent_peer_left_s", "1", _SDK, Basis.OBSERVED),
    ),
    bodies=(*params.BODIES, *vod.BODIES),
    states=(
        *_states(CALL, machine.State, machine.State.ABSENT),
        *_states(MEETING, meeting.State, meeting.State.ABSENT),
        *_states(DEVICE, instance.State, instance.State.ABSENT),
        *_states(recorder.NAME, recorder.State, recorder.State.IDLE),
        *_states(gathering.NAME, gathering.State, gathering.State.EMPTY),
        *_states(agent.NAME, agent.State, agent.State.IDLE),
        *_states(simple.NAME, simple.State, simple.State.IDLE),
        *_states(media.NAME, media.State, media.State.IDLE),
        *vod.STATES,
    ),
    faults=(core_faults.SDK, *faults.POINTS, vod.POINT),
    shapes=Shapes(
        answers=vod.ANSWERS,
        refusals={**vod.REFUSALS, "": vod.REFUSALS["getVideo"]},
        security={
            name: {"type": "apiKey", "in": "header", "name": name}
            for name in ("AppKey", "Nonce", "CurTime", "CheckSum")
        },
    ),
    absent=(
        Absent("the PC Agent's own wire (wss://localhost.netease.im)", "no call without NIM's own"),
        Absent("NIM beyond its login: messages, teams, their copies", "another product"),
        Absent("changeRoleToPlayer and changeRoleToAudience", "all who are in a meeting take part"),
        Absent(
            "playMediaRecording, device lists, views, volumes, netDetect, audioVolume, statistics",
            "nothing that anybody else learns of: the double's own",
        ),
        Absent(
            "errors 11000, 11002-11006, 11400, 11403, 20101-20112, 20115-20120, 61001-61009",
            "met only by a browser with a real gateway",
        ),
        Absent(
            "errors 404 VideoRecordInvalid, 400 VideoRecordExsit, 67002 and 67006",
            "no public call of the SDK leads there",
        ),
        Absent(
            "events signalClosed, sessionStarted, sessionConnected, userJoined, userLeft, devices, "
            "deviceStatus, netStatus, remoteTrack, streamResize and the like",
            "their payloads are public nowhere, and none is about recording",
        ),
        Absent("REC_NO_ACCOUNT", "without an account one records oneself"),
        Absent("calling again who is offline (keepCallingAccounts)", "the list is always empty"),
        Absent("size_changed by itself", "a fault only: every picture of a file has one size"),
        Absent(
            "retry profiles plain and guaranteed, the cache of 30 days",
            "what could not be delivered is kept, and sent again over the control API",
        ),
        Absent("a shared screen in server recordings", "no document says that it is in them"),
        Absent("VOD's list, videoDisable and videoRecover", "nothing of a recording needs them"),
    ),
)
