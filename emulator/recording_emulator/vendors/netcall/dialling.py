"""What a client asks its SDK for: signalling, calls, and what belongs to them.

Source:
    Sheet §2.3. What a build does that its documents do not say is the SDK's; what neither says is
    assumed, and stands where it is decided.
"""

from typing import Final

import msgspec

from recording_emulator.core.machine import Cancel, Effect, Refusal, Step, Target, Tell, View
from recording_emulator.vendors.netcall import errors, machine, sessions
from recording_emulator.vendors.netcall.inputs import (
    CALL,
    Caller,
    Control,
    Dial,
    HangUp,
    Instance,
    Party,
    Respond,
    SignalOff,
    SignalOn,
    StartRtc,
    Switch,
    UseDevice,
)
from recording_emulator.vendors.netcall.instance import (
    Device,
    State,
    close_recordings,
    devices,
    hear,
    idle,
    recorder,
    reject,
    resolve,
    where,
)
from recording_emulator.vendors.netcall.told import (
    Answered,
    Commanded,
    Dialled,
    Left,
    MediaUp,
    Said,
    Sends,
    Switched,
    TrackEnded,
)

AGENTS: Final = {
    "absent": errors.NO_AGENT,
    "busy": errors.AGENT_TAKEN,
    "old": errors.AGENT_OLD,
}
"""What ``initSignal`` is rejected with, by how the setting ``agent`` says that it is."""
FULL: Final = "the tenant's live_limit of things is reached"


def refused(device: Device, row: str, hint: str = "") -> Refusal:
    return Refusal(row, hint, facts=Said(device.channel, None, device.profile))


# --- signalling -----------------------------------------------------------------------------------


def on_instance(device: Device, given: Instance, view: View) -> Step:
    """Say which build it is; one with a PC Agent has no signal yet."""
    profile = given.profile or view.settings.sdk_profile
    made = msgspec.structs.replace(device, profile=profile, client_type=given.client_type)
    if profile != device.profile:
        state = State.QUIET if made.is_agent else State.READY
        made = msgspec.structs.replace(made, state=state, was_quiet=False)
    return Step(made, (resolve(made),))


def on_same(device: Device, _given: Caller, _view: View) -> Step:
    """Change nothing: the SDK hands out the instance there is, or has nothing to do."""
    return Step(device, (resolve(device),))


def on_signal_on(device: Device, _given: SignalOn, view: View) -> Step | Refusal:
    row = AGENTS.get(view.settings.agent, "")
    if row:
        return refused(device, row, f"setting agent is {view.settings.agent!r}")
    return Step(msgspec.structs.replace(device, state=State.READY), (resolve(device),))


def on_signal_off(device: Device, _given: SignalOff, _view: View) -> Step:
    """Leave the PC Agent, and any call with it."""
    after = msgspec.structs.replace(idle(device, State.QUIET), was_quiet=True)
    return Step(after, (*_gone(device), resolve(after)))


def _gone(device: Device) -> tuple[Effect, ...]:
    """Leave the call one is in, if any; local recordings end with it."""
    if not device.channel:
        return ()
    left = Tell(where(device), Left(device.account))
    return (Cancel("hangup"), close_recordings(device), left)


# --- calls ----------------------------------------------------------------------------------------


def on_dial(device: Device, given: Dial, view: View) -> Step | Refusal:
    if not given.account and device.is_agent:
        return refused(device, errors.NO_CALLEE)
    if not given.account or given.account == device.account:
        return refused(device, errors.PARAMETER, "account: whom to call, and not oneself")
    rung = tuple(each.member for each in devices(view, given.account))
    if not rung and given.account not in view.settings.auto_peers:
        hint = f"{given.account[:40]!r} has no client here; setting auto_peers needs none"
        return refused(device, errors.CALLEE_OFFLINE, hint)
    if view.is_full:
        return refused(device, errors.TOO_OFTEN, FULL)
    channel = sessions.new_channel(view, device.account)
    uid = sessions.uid_of(view, device.account)
    caller = Party(device.account, uid, device.member, given.flags, is_caller=True)
    callee = Party(given.account, sessions.uid_of(view, given.account))
    after = msgspec.structs.replace(device, state=State.CALLING, channel=channel)
    dialled = Dialled(caller, callee, given.kind, given.custom, given.push, rung)
    answer = {
        "timetag": view.now_ms,
        "uid": uid,
        "channelId": int(channel),
        "turnServerList": [],
        "sturnServerList": [],
        "proxyServerList": [],
        "keepCallingAccounts": [],
        "accountUidMap": {caller.account: uid, callee.account: callee.uid},
        "clientConfig": "{}",
        "serverMap": "{}",
        "type": given.kind,
        "accounts": [],
    }
    return Step(after, (resolve(after, answer), Tell(Target(CALL, channel), dialled)))


def on_dial_again(device: Device, _given: Dial, _view: View) -> Step | Refusal:
    """Refuse a second call. The build with a PC Agent resets itself, which ends the first.

    That the first then ends as by ``hangup`` is assumed.
    """
    if not device.is_agent:
        return refused(device, errors.IN_SESSION)
    after = idle(device)
    return Step(after, (reject(after, errors.STATUS, "the call before is over"), *_gone(device)))


def on_respond(device: Device, given: Respond, view: View) -> Step | Refusal:
    """Take a call or refuse it; one who is in a call can only refuse (assumed)."""
    if not given.channel:
        return Step(device, (resolve(device),))
    channel = sessions.found(view, given.channel)
    call = view.peek(Target(CALL, channel))
    if call is None or call.callee.account != device.account:
        return refused(device, errors.CHANNEL_GONE)
    if call.state is not machine.State.RINGING:
        is_late = call.state is machine.State.CONNECTED or call.refused_by not in (
            "",
            device.member,
        )
        return refused(device, errors.ANSWERED if is_late else errors.CHANNEL_GONE)
    if given.is_accepted and device.channel:
        return refused(device, errors.STATUS if device.is_agent else errors.IN_SESSION)
    said = Answered(device.member, given.is_accepted, given.flags, device.client_type)
    after, answer = device, None
    if given.is_accepted:
        after = msgspec.structs.replace(device, state=State.TALKING, channel=channel)
        answer = {"channelId": int(channel)}
    told = resolve(after, answer if device.is_agent else None)
    return Step(after, (told, Tell(Target(CALL, channel), said)))


def on_respond_unheard(device: Device, given: Respond, _view: View) -> Step | Refusal:
    """Refuse to answer without a PC Agent."""
    if not given.channel:
        return Step(device, (resolve(device),))
    return refused(device, errors.NO_CONNECTION, "initSignal comes first")


def on_hang_up(device: Device, given: HangUp, view: View) -> Step:
    """Leave the call one is in, or refuse the one that is named; it never fails.

    The WebRTC build ignores the argument.
    """
    channel = sessions.found(view, given.channel) if device.is_agent else ""
    if channel and channel != device.channel:
        call = view.peek(Target(CALL, channel))
        is_mine = call is not None and call.state is machine.State.RINGING
        is_mine = is_mine and call.callee.account == device.account
        told = (Tell(Target(CALL, channel), Left(device.account)),) if is_mine else ()
        return Step(device, (resolve(device), *told))
    if given.channel and device.is_agent and not channel:
        return Step(device, (resolve(device),))
    after = idle(device, device.rest) if device.channel else device
    return Step(after, (resolve(after), *_gone(device)))


def on_control(device: Device, given: Control, view: View) -> Step | Refusal:
    """Send a command to the others; without one, or without a call, nothing happens.

    Only the build with a PC Agent says when the call is over; the other logs it.
    """
    channel = sessions.found(view, given.channel) if given.channel else device.channel
    if given.command is None or not (given.channel or channel):
        return Step(device, (resolve(device),))
    target = where(device) if channel == device.channel else Target(CALL, channel)
    call = view.peek(target)
    is_live = call is not None and not call.ended_ms and call.party(device.account) is not None
    if not is_live:
        if device.is_agent:
            return refused(device, errors.CHANNEL_GONE)
        return Step(device, (resolve(device),))
    told = Tell(target, Commanded(device.account, given.command))
    return Step(device, (resolve(device), told))


def on_start_rtc(device: Device, _given: StartRtc, _view: View) -> Step:
    return Step(device, (resolve(device), Tell(where(device), MediaUp(device.account))))


def on_switch(device: Device, given: Switch, _view: View) -> Step:
    """Make the call one of video, or of audio alone, for both (assumed)."""
    told = Tell(where(device), Switched(device.account, given.is_video))
    return Step(device, (resolve(device), told))


def on_use_device(device: Device, given: UseDevice, _view: View) -> Step:
    """Take a source or let it go; what was recorded from it before ends, which is a browser's."""
    rest = tuple(each for each in device.tracks if each != given.source)
    tracks = (*rest, given.source) if given.is_on else rest
    after = msgspec.structs.replace(device, tracks=tracks)
    sends = Sends(device.account, given.source, given.is_on)
    told = (Tell(where(device), sends),) if device.state is State.TALKING else ()
    if given.source not in device.tracks or device.is_agent:
        return Step(after, (resolve(after), *told))
    ended: tuple[Effect, ...] = (*told, Tell(recorder(device), TrackEnded(given.source)))
    if given.source == "screen" and not given.is_on:
        ended = (*ended, hear(device, "streamEnded", {"type": given.source}))
    return Step(after, (resolve(after), *ended))
