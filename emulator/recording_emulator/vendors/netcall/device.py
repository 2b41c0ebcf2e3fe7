"""One SDK instance: what its client may ask of it, and when.

Rules: the build with a PC Agent needs ``initSignal`` first and may lose its agent; an instance is
in one call or meeting at a time; a connection that stays away too long has left its call.
"""

from typing import Final

import msgspec

from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Cell,
    Do,
    Ignore,
    Machine,
    Refusal,
    Refuse,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.sdk import Change
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import dialling, errors, listening, sessions
from recording_emulator.vendors.netcall.dialling import refused
from recording_emulator.vendors.netcall.inputs import (
    DEVICE,
    MEETING,
    QUIT,
    TIMEOUT,
    Control,
    Dial,
    HangUp,
    Instance,
    JoinMeeting,
    LeaveMeeting,
    MakeMeeting,
    MemberChanged,
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
    cast,
    close_recordings,
    hear,
    idle,
    mixes,
    recorder,
    resolve,
    where,
)
from recording_emulator.vendors.netcall.meeting import named
from recording_emulator.vendors.netcall.told import (
    Acknowledged,
    AgentDies,
    AnsweredElsewhere,
    Away,
    BeCalled,
    Entered,
    Hung,
    Left,
    Made,
    MediaUp,
    PeerCommands,
    PeerGone,
    PeerUp,
    Unloaded,
)

# --- a connection comes and goes ------------------------------------------------------------------


def on_connected(device: Device, given: MemberChanged, view: View) -> Step:
    """Begin with the build that the settings name; ``getInstance`` may say another."""
    profile = view.settings.sdk_profile
    made = msgspec.structs.replace(device, account=given.user, profile=profile)
    state = State.QUIET if made.is_agent else State.READY
    return Step(msgspec.structs.replace(made, state=state))


def on_member_changed(device: Device, given: MemberChanged, view: View) -> Step:
    match given.change:
        case Change.DROPPED:
            wait_ms = view.settings.reconnect_timeout_ms
            away = msgspec.structs.replace(device, is_up=False)
            return Step(away, (Arm("away", wait_ms, Away(), Tempo.LONG),))
        case Change.RESUMED:
            return Step(msgspec.structs.replace(device, is_up=True), (Cancel("away"),))
        case _:
            how = QUIT if given.change is Change.LEFT else TIMEOUT
            after = msgspec.structs.replace(idle(device, State.GONE), is_up=False)
            left = (Tell(where(device), Left(device.account, how)),) if device.channel else ()
            closed = Tell(recorder(device), Unloaded())
            return Step(after, (Cancel("away"), Cancel("hangup"), *left, closed, Retire()))


def on_away(device: Device, _given: Away, _view: View) -> Step:
    """Leave the call of a client that has not come back in time."""
    if not device.channel:
        return Step(device)
    left = Tell(where(device), Left(device.account, TIMEOUT))
    return Step(idle(device, device.rest), (Cancel("hangup"), close_recordings(device), left))


def on_agent_dies(device: Device, _given: AgentDies, _view: View) -> Step:
    """Notice that the PC Agent is dead; the call has lost its media with it."""
    left = (Tell(where(device), Left(device.account, TIMEOUT)),) if device.channel else ()
    told = hear(device, "error", {"type": "heartbeatError"})
    return Step(idle(device, State.DEAD), (close_recordings(device), told, *left))


# --- meetings -------------------------------------------------------------------------------------


def on_make(device: Device, given: MakeMeeting, view: View) -> Step | Refusal:
    if view.holder(named(given.name)) is not None:
        return refused(device, errors.MEETING_EXISTS, f"{given.name[:40]!r} is in use")
    if view.is_full:
        return refused(device, errors.TOO_OFTEN, dialling.FULL)
    channel = sessions.new_channel(view, f"meeting {given.name}")
    answer = {"timetag": view.now_ms, "channelId": int(channel), "custom": given.custom}
    made = Tell(Target(MEETING, channel), Made(given.name, device.account, given.custom))
    return Step(device, (resolve(device, answer), made))


def on_join(device: Device, given: JoinMeeting, view: View) -> Step | Refusal:
    channel = view.holder(named(given.name))
    if channel is None:
        hint = f"no meeting {given.name[:40]!r}; createChannel makes one"
        return refused(device, errors.NO_MEETING, hint)
    meeting = view.peek(Target(MEETING, channel))
    uid = sessions.uid_of(view, device.account)
    party = Party(device.account, uid, device.member, given.flags)
    after = msgspec.structs.replace(device, state=State.TALKING, channel=channel, is_meeting=True)
    answer = {
        "timetag": view.now_ms,
        "channelId": int(channel),
        "accountUidMap": {**meeting.uids, device.account: uid},
        "serverMap": "{}",
        "clientConfig": "{}",
        "custom": meeting.ext,
    }
    entered = Tell(where(after), Entered(party, given.kind, given.live))
    media = (Tell(where(after), MediaUp(device.account)),) if device.is_agent else ()
    return Step(after, (resolve(after, answer), entered, *media))


def on_busy(device: Device, _given: Dial | JoinMeeting, _view: View) -> Refusal:
    """Refuse to join a meeting while in a call (assumed: as a second call)."""
    return refused(device, errors.STATUS if device.is_agent else errors.IN_SESSION)


def on_leave(device: Device, _given: LeaveMeeting, _view: View) -> Step:
    if not device.is_meeting:
        return Step(device, (resolve(device),))
    left = Tell(where(device), Left(device.account))
    return Step(idle(device), (resolve(device), close_recordings(device), left))


def on_no_session(device: Device, _given: StartRtc, _view: View) -> Refusal:
    return refused(device, errors.NO_SESSION, "startRtc comes after callAccepted")


# --- the table ------------------------------------------------------------------------------------

CALLS: Final = (
    Instance, SignalOn, SignalOff, Dial, Respond, HangUp, Control, StartRtc, Switch, MakeMeeting,
    JoinMeeting, LeaveMeeting, UseDevice,
)  # fmt: skip
TOLD: Final = (
    BeCalled, Acknowledged, AnsweredElsewhere, PeerUp, PeerGone, Hung, PeerCommands,
)  # fmt: skip
CLOSED: Final = Refuse(errors.NO_CONNECTION, "the connection has ended")
DEAF: Final = Ignore("the connection ended in the same instant")
LATE: Final = Ignore("the call was left in the same instant")
GONE: Final = (errors.CHANNEL_GONE,)
SAME: Final = Do(dialling.on_same, tuple(State))


def _at(state: State, action: object, *refusals: str) -> Do:
    return do(action, state, refusals=refusals)  # type: ignore[arg-type]


def _alive(state: State) -> dict[type, Cell]:
    """List what is the same in every state of a living instance."""
    return {
        MemberChanged: do(on_member_changed, state, State.GONE),
        BeCalled: _at(state, listening.on_be_called),
        Acknowledged: LATE,
        AnsweredElsewhere: _at(state, listening.on_answered_elsewhere),
        PeerUp: _at(state, listening.on_peer_up),
        PeerGone: _at(state, listening.on_peer_gone),
        PeerCommands: _at(state, listening.on_peer_commands),
        Hung: LATE,
        Away: _at(state, on_away),
        AgentDies: do(on_agent_dies, State.DEAD),
        Instance: SAME,
        SignalOn: SAME,
        SignalOff: do(dialling.on_signal_off, State.QUIET),
        HangUp: _at(state, dialling.on_hang_up),
        Control: _at(state, dialling.on_control, *GONE),
        Switch: SAME,
        LeaveMeeting: SAME,
        UseDevice: _at(state, dialling.on_use_device),
        StartRtc: _at(state, on_no_session, errors.NO_SESSION),
        MakeMeeting: _at(state, on_make, errors.MEETING_EXISTS, errors.TOO_OFTEN),
        JoinMeeting: _at(state, on_busy, errors.STATUS, errors.IN_SESSION),
    }


def _in_call(state: State) -> dict[type, Cell]:
    refusals = (errors.CHANNEL_GONE, errors.ANSWERED, errors.STATUS, errors.IN_SESSION)
    return {
        **_alive(state),
        Dial: do(dialling.on_dial_again, State.READY, refusals=(errors.IN_SESSION,)),
        Respond: _at(state, dialling.on_respond, *refusals),
        HangUp: do(dialling.on_hang_up, state, State.READY),
        Acknowledged: do(listening.on_acknowledged, State.TALKING, State.READY, state),
        Hung: do(listening.on_hung, State.READY, state),
        Away: do(on_away, State.READY),
    }


UNHEARD: Final = Refuse(errors.STATUS, "initSignal comes first")
DEAD: Final = Refuse(errors.AGENT_DEAD)
TABLE: Final[Table] = {
    State.ABSENT: {
        **dict.fromkeys(CALLS, CLOSED),
        **dict.fromkeys(TOLD, DEAF),
        MemberChanged: do(on_connected, State.QUIET, State.READY),
    },
    State.QUIET: {
        **_alive(State.QUIET),
        Instance: do(dialling.on_instance, State.QUIET, State.READY),
        SignalOn: do(dialling.on_signal_on, State.READY, refusals=tuple(dialling.AGENTS.values())),
        Dial: UNHEARD,
        Respond: _at(State.QUIET, dialling.on_respond_unheard, errors.NO_CONNECTION),
        MakeMeeting: UNHEARD,
        JoinMeeting: UNHEARD,
        AgentDies: Ignore("the agent was left before it died"),
    },
    State.READY: {
        **_alive(State.READY),
        Instance: do(dialling.on_instance, State.QUIET, State.READY),
        Dial: do(
            dialling.on_dial,
            State.CALLING,
            refusals=(
                errors.NO_CALLEE,
                errors.PARAMETER,
                errors.CALLEE_OFFLINE,
                errors.TOO_OFTEN,
            ),
        ),
        Respond: do(
            dialling.on_respond, State.READY, State.TALKING, refusals=(*GONE, errors.ANSWERED)
        ),
        JoinMeeting: do(on_join, State.TALKING, refusals=(errors.NO_MEETING,)),
    },
    State.CALLING: _in_call(State.CALLING),
    State.TALKING: {
        **_in_call(State.TALKING),
        StartRtc: _at(State.TALKING, dialling.on_start_rtc),
        Switch: _at(State.TALKING, dialling.on_switch),
        LeaveMeeting: do(on_leave, State.TALKING, State.READY),
    },
    State.DEAD: {
        **_alive(State.DEAD),
        **dict.fromkeys((Dial, Respond, Control, MakeMeeting, JoinMeeting, SignalOn), DEAD),
        AgentDies: Ignore("it was dead already"),
    },
    State.GONE: {
        **dict.fromkeys(CALLS, CLOSED),
        **dict.fromkeys((*TOLD, MemberChanged, Away, AgentDies), DEAF),
    },
}
MACHINE: Final = Machine(DEVICE, TABLE, Device, CALLS, cast=cast, mixes=mixes)
