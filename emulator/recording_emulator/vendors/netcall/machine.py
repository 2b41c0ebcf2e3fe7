"""A call between two accounts: it rings, is taken or not, and ends.

Rules (sheet §2, §9): all devices of the callee ring, and the first to answer decides for all; media
flow when a side's SDK says so; a call ends when either side leaves it. What each side hears is the
business of its own SDK instance (``device.py``).
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Effect,
    Ignore,
    Machine,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import faults, sessions
from recording_emulator.vendors.netcall.inputs import (
    CALL,
    DEVICE,
    QUIT,
    TIMEOUT,
    UNKNOWN,
    VIDEO,
    Flags,
    Party,
)
from recording_emulator.vendors.netcall.sessions import Session
from recording_emulator.vendors.netcall.settings import Peer
from recording_emulator.vendors.netcall.told import (
    Acknowledged,
    Answered,
    AnsweredElsewhere,
    BeCalled,
    Bill,
    Commanded,
    Dialled,
    Left,
    MediaUp,
    PeerActs,
    PeerCommands,
    PeerGone,
    PeerUp,
    RingOver,
    Sends,
    StillOn,
    Switched,
)

BUSY: Final = 9
"""``NETCALL_CONTROL_COMMAND_BUSY`` (SDK)."""
STATUSES: Final = {
    QUIT: sessions.SUCCESS,
    TIMEOUT: sessions.TIMED_OUT,
    UNKNOWN: sessions.UNKNOWN,
}
"""How a call that two were in is reported, by how the one who ended it left (assumed)."""


class State(StrEnum):
    """Where a call stands."""

    ABSENT = "absent"
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"


class Call(Session, frozen=True, tag="netcall.Call", kw_only=True):
    """One call; its caller comes first. ``devices`` are the callee's that ring.

    ``refused_by`` is the one that said no for all.
    """

    state: State = State.ABSENT
    devices: tuple[str, ...] = ()
    refused_by: str = ""

    @property
    def caller(self) -> Party:
        return self.parties[0]

    @property
    def callee(self) -> Party:
        return self.parties[1]

    def other(self, account: str) -> Party:
        return self.callee if account == self.caller.account else self.caller


def device(member: str) -> Target:
    return Target(DEVICE, member)


# --- it rings -------------------------------------------------------------------------------------


def on_dialled(call: Call, given: Dialled, view: View) -> Step:
    ringing = msgspec.structs.replace(
        call,
        state=State.RINGING,
        room=call.channel,
        kind=given.kind,
        created_ms=view.now_ms,
        ext=given.custom,
        parties=(given.caller, given.callee),
        devices=given.devices,
        video=((view.now_ms, None),) if given.kind == VIDEO else (),
    )
    rung = BeCalled(call.channel, _ring(ringing, given, view))
    effects: list[Effect] = [sessions.claim(call.channel)]
    effects += [Tell(device(each), rung) for each in given.devices]
    effects.append(Arm("ring", view.settings.ring_ms, RingOver(), Tempo.LONG))
    peer = view.settings.auto_peers.get(given.callee.account)
    if peer is not None and not given.devices and peer.does != "ignore":
        effects.append(Arm("peer", peer.after_ms, PeerActs(peer.does), Tempo.SHORT))
    return Step(ringing, tuple(effects))


def _ring(call: Call, given: Dialled, view: View) -> dict[str, object]:
    """Write what ``beCalling`` says (sheet §2.2); ``uid`` is the called account's own."""
    return {
        "timetag": view.now_ms,
        "type": given.kind,
        "channelId": int(call.channel),
        "account": given.caller.account,
        "uid": given.callee.uid,
        "turnServerList": [],
        "sturnServerList": [],
        "proxyServerList": [],
        "accountUidMap": call.uids,
        "clientConfig": "{}",
        "custom": given.custom,
        "pushConfig": given.push,
        "serverMap": "{}",
    }


def on_answered(call: Call, given: Answered, view: View) -> Step:
    """Take the first answer; the callee's other devices hear of it."""
    elsewhere = AnsweredElsewhere(call.channel, call.kind, given.is_accepted, given.client_type)
    others = [Tell(device(each), elsewhere) for each in call.devices if each != given.member]
    if not given.is_accepted:
        refused = msgspec.structs.replace(call, refused_by=given.member)
        return _refused(refused, tuple(others), view)
    callee = msgspec.structs.replace(call.callee, member=given.member, flags=given.flags)
    taken = sessions.with_party(call, callee)
    taken = msgspec.structs.replace(taken, state=State.CONNECTED)
    told = (
        _acknowledged(taken, call.caller, callee),
        _acknowledged(taken, callee, call.caller),
        *others,
    )
    return Step(taken, (Cancel("ring"), Cancel("peer"), *told))


def _acknowledged(call: Call, to: Party, other: Party, *, is_accepted: bool = True) -> Tell:
    said = Acknowledged(call.channel, call.kind, other.account, other.uid, is_accepted)
    return Tell(device(to.member), said)


def _refused(call: Call, told: tuple[Effect, ...], view: View) -> Step:
    after, effects = _ended(call, sessions.SINGLE, view)
    caller = _acknowledged(call, call.caller, call.callee, is_accepted=False)
    return Step(after, (*told, caller, *effects))


def on_peer_acts(call: Call, given: PeerActs, view: View) -> Step:
    """Do what somebody without an SDK does while it rings."""
    if given.does == "accept":
        peer = view.settings.auto_peers.get(call.callee.account, Peer())
        flags = Flags(peer.record_audio, peer.record_video, peer.record_type)
        callee = msgspec.structs.replace(call.callee, flags=flags)
        taken = msgspec.structs.replace(sessions.with_party(call, callee), state=State.CONNECTED)
        up = Tell(Target(CALL, call.channel), MediaUp(callee.account))
        effects: tuple[Effect, ...] = (
            Cancel("ring"),
            _acknowledged(taken, call.caller, callee),
            up,
        )
        if peer.hang_up_ms:
            leave = PeerActs("hang up")
            effects = (*effects, Arm("peer", peer.hang_up_ms, leave, Tempo.LONG))
        return Step(taken, effects)
    busy = PeerCommands(call.channel, call.callee.account, BUSY)
    told = (Tell(device(call.caller.member), busy),) if given.does == "busy" else ()
    return _refused(call, told, view)


def on_cancelled(call: Call, given: Left, view: View) -> Step:
    """Somebody leaves while it rings: the caller, or the callee by ``hangup``."""
    me = call.party(given.account)
    if me is None:
        return Step(call)
    to = call.devices if me.is_caller else (call.caller.member,)
    gone = PeerGone(call.channel, call.kind, me.account, me.uid, given.how)
    after, effects = _ended(call, sessions.SINGLE, view)
    return Step(after, (*(Tell(device(each), gone) for each in to), *effects))


def on_ring_over(call: Call, _given: RingOver, view: View) -> Step:
    after, effects = _ended(call, sessions.SINGLE, view)
    told = [
        Tell(device(each), PeerGone(call.channel, call.kind, who.account, who.uid, QUIT))
        for who, to in ((call.callee, (call.caller.member,)), (call.caller, call.devices))
        for each in to
    ]
    return Step(after, (*told, *effects))


# --- it is taken ----------------------------------------------------------------------------------


def on_media_up(call: Call, given: MediaUp, view: View) -> Step:
    me = call.party(given.account)
    if me is None or me.is_up:
        return Step(call)
    after = sessions.joined(call, me, view)
    after, effects = sessions.recorded(after, me, view)
    other = call.other(me.account)
    if other.member:
        up = PeerUp(call.channel, call.kind, me.account, me.uid)
        effects = (*effects, Tell(device(other.member), up))
    if other.is_up:
        effects = (*effects, *sessions.running(view), *_struck(call, view))
    return Step(after, effects)


def _struck(call: Call, view: View) -> tuple[Effect, ...]:
    """Let a fault end a call that has just got its media."""
    fault = view.fault(faults.SESSION, call.room)
    if fault is None:
        return ()
    how = TIMEOUT if fault.effect == "lose" else UNKNOWN
    return (Arm("fault", fault.after_ms, Left(call.callee.account, how), Tempo.LONG),)


def on_left(call: Call, given: Left, view: View) -> Step:
    """End it, whoever leaves: the other side hears of it; so do both if it broke."""
    me = call.party(given.account)
    if me is None:
        return Step(call)
    gone = [(call.other(me.account), me)]
    if given.how == UNKNOWN:
        gone.append((me, call.other(me.account)))
    told = [
        Tell(
            device(to.member),
            PeerGone(call.channel, call.kind, who.account, who.uid, given.how),
        )
        for to, who in gone
        if to.member
    ]
    both = all(each.joined_ms is not None for each in call.parties)
    status = STATUSES[given.how] if both else sessions.SINGLE
    after, effects = _ended(call, status, view)
    return Step(after, (*told, *effects))


def on_peer_hangs_up(call: Call, _given: PeerActs, view: View) -> Step:
    return on_left(call, Left(call.callee.account), view)


def on_switched(call: Call, given: Switched, view: View) -> Step:
    return Step(sessions.switched(call, given.is_video, view))


def on_sends(call: Call, given: Sends, _view: View) -> Step:
    return Step(sessions.sending(call, given.account, given.source, given.is_on))


def on_still_on(call: Call, _given: StillOn, view: View) -> Step:
    return Step(call, (sessions.still_on(call, view), *sessions.running(view)))


def on_commanded(call: Call, given: Commanded, _view: View) -> Step:
    me = call.party(given.account)
    if me is None:
        return Step(call)
    other = call.other(given.account)
    to = (other.member,) if other.member else call.devices
    said = PeerCommands(call.channel, given.account, given.command)
    return Step(call, tuple(Tell(device(each), said) for each in to))


def _ended(call: Call, status: str, view: View) -> tuple[Call, tuple[Effect, ...]]:
    after, effects = sessions.over(call, status, view)
    timers = tuple(Cancel(name) for name in ("ring", "peer", "still", "fault"))
    return msgspec.structs.replace(after, state=State.ENDED), (*timers, *effects)


def on_bill(call: Call, _given: Bill, view: View) -> Step:
    return Step(call, sessions.billed(call, view))


# --- the table ------------------------------------------------------------------------------------

LATE: Final = Ignore("the call ended in the same instant")
EARLY: Final = Ignore("nobody has taken the call yet")
TAKEN: Final = Ignore("the call was taken in the same instant")
TABLE: Final[Table] = {
    State.ABSENT: {Dialled: do(on_dialled, State.RINGING)},
    State.RINGING: {
        Answered: do(on_answered, State.CONNECTED, State.ENDED),
        PeerActs: do(on_peer_acts, State.CONNECTED, State.ENDED),
        Left: do(on_cancelled, State.RINGING, State.ENDED),
        RingOver: do(on_ring_over, State.ENDED),
        Commanded: do(on_commanded, State.RINGING),
        Switched: do(on_switched, State.RINGING),
        Sends: do(on_sends, State.RINGING),
        MediaUp: EARLY,
    },
    State.CONNECTED: {
        Answered: TAKEN,
        PeerActs: do(on_peer_hangs_up, State.ENDED),
        MediaUp: do(on_media_up, State.CONNECTED),
        Left: do(on_left, State.CONNECTED, State.ENDED),
        Switched: do(on_switched, State.CONNECTED),
        Sends: do(on_sends, State.CONNECTED),
        Commanded: do(on_commanded, State.CONNECTED),
        StillOn: do(on_still_on, State.CONNECTED),
    },
    State.ENDED: {
        Answered: LATE,
        MediaUp: LATE,
        Left: LATE,
        Switched: LATE,
        Sends: LATE,
        Commanded: LATE,
        Bill: do(on_bill, State.ENDED),
    },
}


def blank(channel: str) -> Call:
    return Call(channel=channel)


MACHINE: Final = Machine(CALL, TABLE, blank, cast=sessions.cast)
