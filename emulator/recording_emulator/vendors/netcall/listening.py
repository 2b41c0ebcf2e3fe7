"""What a client's SDK hears of its calls, in the style of its build.

Source:
    Sheet §2.2 (payloads), §2.4 (which event when).
"""

from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Arm, Cancel, Effect, Step, Target, Tell, View
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall.inputs import DEVICE, TIMEOUT
from recording_emulator.vendors.netcall.instance import (
    Device,
    State,
    close_recordings,
    hear,
    idle,
    where,
)
from recording_emulator.vendors.netcall.told import (
    Acknowledged,
    AnsweredElsewhere,
    BeCalled,
    Hung,
    MediaUp,
    PeerCommands,
    PeerGone,
    PeerUp,
)

ENDINGS: Final = {
    True: ("USER_LEFT_TIMEOUT", 1, "the peer's network is gone"),
    False: ("USER_LEFT_QUIT", 0, "the peer has left"),
}
"""``hangup`` of the WebRTC build: name, code, and our words (SDK)."""


def on_be_called(device: Device, given: BeCalled, _view: View) -> Step:
    return Step(device, (hear(device, "beCalling", given.data, given.channel),))


def on_acknowledged(device: Device, given: Acknowledged, _view: View) -> Step:
    """Hear yes or no.

    The build with a PC Agent brings its media up at once and tells of the peer when its media are
    up, too; the other tells at once, and its media wait for ``startRtc``.
    """
    if given.channel != device.channel:
        return Step(device)
    if given.is_accepted:
        talking = msgspec.structs.replace(device, state=State.TALKING)
        if device.is_agent:
            return Step(talking, (Tell(where(device), MediaUp(device.account)),))
        data = {"type": given.kind, "account": given.account, "channelId": int(given.channel)}
        return Step(talking, (hear(device, "callAccepted", data),))
    notice = {"type": given.kind, "account": given.account}
    if device.is_agent:
        notice |= {"channelId": int(given.channel), "accepted": False}
    return Step(idle(device), (hear(device, "callRejected", notice),))


def on_answered_elsewhere(device: Device, given: AnsweredElsewhere, view: View) -> Step:
    data = {
        "timetag": view.now_ms,
        "channelId": int(given.channel),
        "type": given.kind,
        "accepted": given.is_accepted,
        "fromClientType": given.client_type,
    }
    return Step(device, (hear(device, "callerAckSync", data, given.channel),))


def on_peer_up(device: Device, given: PeerUp, _view: View) -> Step:
    """Hear that somebody's media are there."""
    if given.channel != device.channel:
        return Step(device)
    data: dict[str, Any] = {"type": given.kind, "account": given.account, "uid": given.uid}
    if device.is_meeting:
        joined = {**data, "channelId": int(given.channel)}
        return Step(device, (hear(device, "joinChannel", joined),))
    return Step(device, (hear(device, "callAccepted", data),) if device.is_agent else ())


def on_peer_gone(device: Device, given: PeerGone, view: View) -> Step:
    """Hear that somebody has left; local recordings end before that is told.

    A PC Agent waits a little when only the peer's media are gone.
    """
    target = Target(DEVICE, device.member)
    if given.channel != device.channel:  # it was ringing here, and no more
        return Step(device, (hear(device, "hangup", _notice(device, given, view), given.channel),))
    if device.is_meeting:
        data = {"type": given.kind, "account": given.account, "uid": given.uid}
        left = {**data, "channelId": int(given.channel)}
        told = hear(device, "leaveChannel", left)
        return Step(device, (close_recordings(device, given.account), told))
    if device.is_agent and given.how == TIMEOUT:
        wait_ms = view.settings.peer_left_ms
        return Step(device, (Arm("hangup", wait_ms, Hung(given), Tempo.SHORT),))
    return Step(device, (close_recordings(device), Tell(target, Hung(given))))


def on_hung(device: Device, given: Hung, view: View) -> Step:
    gone = given.gone
    if gone.channel != device.channel:
        return Step(device)
    told: list[Effect] = [hear(device, "hangup", _notice(device, gone, view))]
    if gone.how == TIMEOUT and device.is_agent:
        told = [close_recordings(device), *told]
    return Step(idle(device), (Cancel("hangup"), *told))


def _notice(device: Device, gone: PeerGone, view: View) -> dict[str, Any]:
    """Write what ``hangup`` says."""
    own = {"channelId": int(gone.channel), "account": gone.account, "timetag": view.now_ms}
    if device.is_agent:
        if gone.how != TIMEOUT:
            return own
        return {"uid": gone.uid, "type": gone.kind, "isMeeting": False, "account": gone.account}
    name, code, words = ENDINGS[gone.how == TIMEOUT]
    return {"name": name, "code": code, "desc": words, **own}


def on_peer_commands(device: Device, given: PeerCommands, _view: View) -> Step:
    """Hear a control command; the WebRTC build tells it twice."""
    data: dict[str, Any] = {"account": given.account, "type": given.command}
    data["channelId"] = int(given.channel)
    if not device.is_agent:
        data["command"] = given.command
    return Step(device, (hear(device, "control", data, given.channel),))
