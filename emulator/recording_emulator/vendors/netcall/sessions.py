"""What a call and a meeting have in common: who is in it, how it is recorded and reported.

Source:
    Sheet §1.6 (eventType 5), §9 (uid, channelId).
"""

from typing import Any, ClassVar, Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.casts import Seen
from recording_emulator.core.machine import Arm, Claim, Effect, Emit, Retire, Target, Tell, View
from recording_emulator.core.segments import Segments
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.netcall import recorder
from recording_emulator.vendors.netcall.files import SIZE
from recording_emulator.vendors.netcall.inputs import VIDEO, Live, Party
from recording_emulator.vendors.netcall.panes import panes
from recording_emulator.vendors.netcall.told import (
    Begin,
    Bill,
    Billed,
    Finish,
    StillOn,
)

SUCCESS: Final = "SUCCESS"
TIMED_OUT: Final = "TIMEOUT"
SINGLE: Final = "SINGLE_PARTICIPATE"
UNKNOWN: Final = "UNKNOWN"
DURATION: Final = "5"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of either; ``room`` is how events name it, ``video`` when it was a video call.

    ``is_recorded`` says that the recorder knows of it.
    """

    is_meeting: ClassVar[bool] = False

    channel: str
    room: str = ""
    kind: int = 0
    created_ms: int = 0
    ended_ms: int = 0
    ext: str = ""
    parties: tuple[Party, ...] = ()
    video: Segments = ()
    live: Live = Live()
    status: str = ""
    is_recorded: bool = False

    def party(self, account: str) -> Party | None:
        return next((each for each in self.parties if each.account == account), None)

    @property
    def uids(self) -> dict[str, int]:
        return {each.account: each.uid for each in self.parties}


# --- names ----------------------------------------------------------------------------------------


def uid_of(view: View, account: str) -> int:
    """Return an account's numeric uid in calls; it is the same in all of them.

    Source:
        Sheet §9: deterministic by account. Its range is assumed.
    """
    return ids.number(view.derive("netcall.uid", account, 6), 100_000_000, 999_999_999)


def new_channel(view: View, key: str) -> str:
    """Draw a channel's id: 14 digits as in samples of 2018, or 19 as in the manual."""
    raw = view.draw("netcall.channel", key, 8)
    if view.settings.channel_id_digits == 19:
        return str(ids.number(raw, 10**18, 9 * 10**18))
    return str(51 * 10**12 + ids.number(raw, 1, 10**12 - 1))


def near(channel: str) -> str:
    """Return the name under which a channel is found: its id as a JavaScript number holds it.

    >>> near("51000000000001"), near("5100000000000000001") == near("5100000000000000002")
    ('channel/51000000000001', True)
    >>> near("nobody's"), near("1e999")
    ('', '')
    """
    try:
        return f"channel/{int(float(channel))}"
    except (ValueError, OverflowError):
        return ""


def found(view: View, channel: str) -> str:
    """Return the exact id of a channel that a client names, or an empty text."""
    return view.holder(near(channel)) or ""


def claim(channel: str) -> Claim:
    return Claim(near(channel))


# --- people ---------------------------------------------------------------------------------------


def with_party(session: Any, party: Party) -> Any:
    """Put somebody in, in place of themselves if they are there."""
    if session.party(party.account) is None:
        return msgspec.structs.replace(session, parties=(*session.parties, party))
    parties = tuple(party if each.account == party.account else each for each in session.parties)
    return msgspec.structs.replace(session, parties=parties)


def joined(session: Any, party: Party, view: View) -> Any:
    """Begin somebody's media session; who comes back has the same one (assumed)."""
    joined_ms = view.now_ms if party.joined_ms is None else party.joined_ms
    return with_party(session, msgspec.structs.replace(party, joined_ms=joined_ms, left_ms=None))


def left(session: Any, party: Party, view: View) -> Any:
    if not party.is_up:
        return session
    return with_party(session, msgspec.structs.replace(party, left_ms=view.now_ms))


def switched(session: Any, is_video: bool, view: View) -> Any:
    """Make it a video call, or none any more."""
    video = session.video
    is_on = bool(video) and video[-1][1] is None
    if is_video and not is_on:
        video = (*video, (view.now_ms, None))
    elif not is_video and is_on:
        video = (*video[:-1], (video[-1][0], view.now_ms))
    return msgspec.structs.replace(session, kind=VIDEO if is_video else 1, video=video)


def sending(session: Any, account: str, source: str, is_on: bool) -> Any:
    """Take up what somebody does with a source; a screen is no part of a call (assumed)."""
    party = session.party(account)
    if party is None or source == "screen":
        return session
    rest = tuple(each for each in party.off if each != source)
    off = rest if is_on else (*rest, source)
    return with_party(session, msgspec.structs.replace(party, off=off))


# --- what is filmed -------------------------------------------------------------------------------


def cast(session: Session) -> list[Seen]:
    """Say who takes part, and where a mixed picture has them.

    Sound is sent in every call, a picture in one of video, but for a source that was let go in it
    (``stopDevice``): assumed, for no document says what a recording has of it.
    """
    is_video = bool(session.video) and session.video[-1][1] is None
    there = [each for each in session.parties if each.is_up]
    asking = sorted(
        (each for each in there if each.flags.is_main), key=lambda each: each.joined_ms or 0
    )
    main = asking[0].account if asking else ""
    tiles = panes([each.account for each in there], main, SIZE)
    return [
        Seen(
            each.account,
            "mic" not in each.off,
            is_video and "camera" not in each.off,
            tiles[each.account],
        )
        for each in there
    ]


# --- recording ------------------------------------------------------------------------------------


def recorded(session: Any, party: Party, view: View) -> tuple[Any, tuple[Effect, ...]]:
    """Tell the recorder of a session, once somebody who wants to be recorded is in it."""
    knobs = view.settings
    wants = party.flags.is_on and (knobs.meeting_server_recording or not session.is_meeting)
    wants = wants or (session.live.is_on and session.live.is_recorded)
    if session.is_recorded or not wants or not knobs.server_recording:
        return session, ()
    begin = Tell(Target(recorder.NAME, session.channel), Begin(session.room))
    return msgspec.structs.replace(session, is_recorded=True), (begin,)


def over(session: Any, status: str, view: View) -> tuple[Any, tuple[Effect, ...]]:
    """End a session: everybody's media with it, then its files, then its eventType 5."""
    now_ms = view.now_ms
    for each in session.parties:
        session = left(session, each, view)
    video = tuple((start, now_ms if end is None else end) for start, end in session.video)
    after = msgspec.structs.replace(session, ended_ms=now_ms, video=video, status=status)
    effects: list[Effect] = []
    if session.is_recorded:
        finish = Finish(after.parties, video, session.is_meeting, session.live)
        effects.append(Tell(Target(recorder.NAME, session.channel), finish))
    effects.append(Arm("bill", view.settings.duration_copy_ms, Bill(), Tempo.SHORT))
    return after, tuple(effects)


# --- eventType 5 ----------------------------------------------------------------------------------


def running(view: View) -> tuple[Effect, ...]:
    """Have a long call reported while it lasts, if that is wanted."""
    every_ms = view.settings.long_call_copy_ms
    return () if every_ms is None else (Arm("still", every_ms, StillOn(), Tempo.PERIODIC),)


def still_on(session: Session, view: View) -> Emit:
    return _report(session, SUCCESS, view, {"running": True})


def billed(session: Session, view: View) -> tuple[Effect, ...]:
    """Report an ended call, unless nobody took it and such calls are not reported.

    Of a meeting that nobody was in there is nothing to report.
    """
    ended = Retire(_stream(session), near(session.channel))
    is_told = session.status != SINGLE or view.settings.report_unanswered
    if session.is_meeting and not any(each.joined_ms is not None for each in session.parties):
        is_told = False
    return (_report(session, session.status, view, {}), ended) if is_told else (ended,)


def _stream(session: Session) -> str:
    return f"netcall/{session.channel}"


def _report(session: Session, status: str, view: View, more: dict[str, Any]) -> Emit:
    """Write an eventType 5: texts, even of numbers, and members as a text of JSON.

    ``duration`` is the sum of all members': the documents call it the call's, payloads add up.

    Source:
        Sheet §1.6. That a call which was switched to video counts as one is assumed.
    """
    members, total_s = [], 0
    for each in session.parties:
        lasted_s = _lasted_s(each, view.now_ms)
        total_s += lasted_s
        member: dict[str, Any] = {"accid": each.account}
        if each.is_caller:
            member["caller"] = True
        member["duration"] = lasted_s
        if view.settings.has_user_type:
            member["userType"] = 1
        if each.joined_ms is not None or each.is_caller:
            members.append(member)
    video = "VEDIO" if view.settings.strict_quirks else "VIDEO"
    body = {
        "eventType": DURATION,
        "channelId": session.channel,
        "type": video if session.video else "AUDIO",
        "status": status,
        "createtime": str(session.created_ms),
        "duration": str(total_s),
        "live": str(int(session.live.is_on)),
        **({"ext": session.ext} if session.ext else {}),
        "members": msgspec.json.encode(members).decode(),
        **more,
    }
    return Emit(DURATION, _stream(session), Billed(session.room, body))


def _lasted_s(party: Party, now_ms: int) -> int:
    if party.joined_ms is None:
        return 0
    until_ms = now_ms if party.left_ms is None else party.left_ms
    return (until_ms - party.joined_ms) // 1000
