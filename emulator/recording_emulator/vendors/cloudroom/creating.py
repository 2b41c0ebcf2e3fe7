"""A mixer is created: what keeps it from starting, and how each SDK tells that.

Source:
    Sheet §5.1, §3.4, §4.2 and §4.3. ``OUTCOMES`` is that table; its native column and the order of
    the checks are assumed.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core import rooms
from recording_emulator.core.machine import (
    Arm,
    Count,
    Effect,
    Refusal,
    Reply,
    Signal,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.cloudroom import checks, errors, faults, files, mixer, output
from recording_emulator.vendors.cloudroom.inputs import (
    MINI,
    MIXER,
    NATIVE,
    OUTPUT,
    ROOM,
    WEB,
    CreateMixer,
    Failed,
    MixerBegan,
    Said,
    Started,
)
from recording_emulator.vendors.cloudroom.mixer import CREATE_FAILED, Mixer, State
from recording_emulator.vendors.cloudroom.room import Room, channel, room_of_member

COUNTER: Final = "cloudroom.mixers"


class Way(Enum):
    """How an SDK tells that a mixer will not be."""

    EMPTY = "an empty id, and createCloudMixerFailed if there is a code"
    ALONE = "an id, then only createCloudMixerFailed, for each code"
    SILENT = "an id, and nothing else ever"
    THROWS = "the call itself fails"
    FAILED = "an id, then state 0 with the code, for everybody"
    LATE = "the same after state 1"
    STARTS = "nothing is told: it starts all the same"


class Outcome(msgspec.Struct, frozen=True):
    """What an SDK does about one thing that is wrong."""

    way: Way
    codes: tuple[int, ...] = ()


def _out(way: Way, *codes: int) -> Outcome:
    return Outcome(way, codes)


def _alike(way: Way, code: int) -> dict[str, Outcome]:
    return dict.fromkeys((NATIVE, WEB, MINI), _out(way, code))


EMPTY: Final = _out(Way.EMPTY)
OUTCOMES: Final[Mapping[str, Mapping[str, Outcome]]] = {
    "outside": {NATIVE: EMPTY, WEB: _out(Way.SILENT), MINI: _out(Way.ALONE, errors.UNKNOWNERR)},
    checks.UNDEFINED: {
        NATIVE: EMPTY,
        WEB: _out(Way.ALONE, errors.PARAM, errors.UNKNOWNERR),
        MINI: _out(Way.ALONE, errors.PARAM),
    },
    checks.UNREADABLE: {
        NATIVE: EMPTY,
        WEB: _out(Way.FAILED, errors.PARAM),
        MINI: _out(Way.FAILED, errors.PARAM),
    },
    checks.LAYOUT: {
        NATIVE: EMPTY,
        WEB: _out(Way.ALONE, errors.UNKNOWNERR),
        MINI: _out(Way.THROWS),
    },
    checks.PARAM: {
        NATIVE: EMPTY,
        WEB: _out(Way.FAILED, errors.PARAM),
        MINI: _out(Way.FAILED, errors.PARAM),
    },
    "id taken": {
        NATIVE: EMPTY,
        WEB: _out(Way.ALONE, errors.PARAM),
        MINI: _out(Way.ALONE, errors.PARAM),
    },
    "absent": {
        NATIVE: _out(Way.STARTS),
        WEB: _out(Way.ALONE, errors.UNKNOWNERR),
        MINI: _out(Way.STARTS),
    },
    "not_enabled": {
        NATIVE: _out(Way.EMPTY, errors.NOT_ENABLED),
        WEB: _out(Way.ALONE, errors.NOT_ENABLED),
        MINI: _out(Way.ALONE, errors.NOT_ENABLED),
    },
    "expired": _alike(Way.FAILED, errors.EXPIRED),
    "no_balance": _alike(Way.FAILED, errors.NO_BALANCE),
    "path taken": _alike(Way.LATE, errors.PATH_TAKEN),
    "no licence": _alike(Way.LATE, errors.NO_LICENCE),
    "disk full": _alike(Way.LATE, errors.SPACE_FULL),
}


def on_create(blank: Mixer, given: CreateMixer, view: View) -> Step | Refusal:
    room = room_of_member(given.member, view)
    if room is None:
        return _refused(blank, given, None, "outside", "the caller is in no room", view)
    found = _problem(given, room, view)
    if found is not None:
        kind, why = found
        if OUTCOMES[kind][given.profile].way is not Way.STARTS:
            return _refused(blank, given, room, kind, why, view)
    assert given.cfg is not None
    made = _made(blank, given, room, view)
    fault = view.fault(faults.CREATE, room.id)
    if fault is not None and fault.effect == "reject":
        code = errors.code_of(fault.code)
        return _told(blank, given, room, _rejected(code, given.profile), f"fault {fault.id}", view)
    limit = checks.restricted(given.cfg, view.settings)
    if limit is not None:
        return _late(blank, made, given, room, limit, view)
    if fault is not None:
        wrong = errors.code_of(fault.code), f"fault {fault.id}"
        return _late(blank, made, given, room, wrong, view, fault.after_ms)
    started = Arm("start", view.settings.start_delay_ms, Started(), Tempo.SHORT)
    return Step(made, (*_begun(made, given, room, "", view), started))


def _rejected(code: int, profile: str) -> Outcome:
    """Say how a refused request is told: the web SDK says 806 whatever it was (observed)."""
    if profile == NATIVE:
        return _out(Way.EMPTY, code)
    is_kept = profile == WEB or code == errors.NOT_ENABLED
    return _out(Way.ALONE, errors.NOT_ENABLED if is_kept else errors.UNKNOWNERR)


def _problem(given: CreateMixer, room: Room, view: View) -> tuple[str, str] | None:
    """Find the first thing that is wrong: a row of ``OUTCOMES``, and why."""
    settings, cfg = view.settings, given.cfg
    if given.wrong is not None or cfg is None:
        assert given.wrong is not None
        return given.wrong.kind, given.wrong.why
    gone = [each for each in checks.users(cfg, given.profile) if each not in room.users]
    if gone and given.profile == WEB:
        return "absent", f"{gone[0]!r} is not in the room"
    if settings.account != "open":
        return settings.account, f"setting account is {settings.account}"
    if settings.path_conflict == "refuse":
        taken = _taken(view)
        for each in checks.paths(cfg):
            if files.rooted(each) in taken:
                return "path taken", f"{each!r} is taken: setting path_conflict"
    if view.is_full:
        return "no licence", "the tenant holds as many live things as it may: live_limit"
    if view.count(COUNTER) >= settings.max_mixers:
        return "no licence", f"{settings.max_mixers} mixers run"
    is_ours = files.bucket_of(cfg) == files.NETDISK
    if is_ours and output.used_bytes(view) >= settings.quota_bytes:
        return "disk full", f"the net disk holds {settings.quota_bytes} bytes"
    return ("absent", f"{gone[0]!r} is not in the room") if gone else None


def _taken(view: View) -> set[str]:
    account = view.peek(output.ACCOUNT_TARGET)
    kept = {each.path for each in account.files} if account is not None else set()
    return kept | {each.plan.path for each in view.every(OUTPUT) if each.state in output.COMING}


def _refused(
    blank: Mixer, given: CreateMixer, room: Room | None, kind: str, why: str, view: View
) -> Step | Refusal:
    outcome = OUTCOMES[kind][given.profile]
    if outcome.way is Way.LATE:
        assert room is not None
        made = _made(blank, given, room, view)
        return _late(blank, made, given, room, (outcome.codes[0], why), view)
    return _told(blank, given, room, outcome, why, view)


def _told(
    blank: Mixer, given: CreateMixer, room: Room | None, outcome: Outcome, why: str, view: View
) -> Step | Refusal:
    """Tell a client that its mixer will not be; it never was one."""
    about = room.id if room is not None else ""
    if outcome.way is Way.THROWS:
        return Refusal(errors.THROWN, why)
    name = ""
    if outcome.way is not Way.EMPTY:
        name = _named(blank, given, view)
    effects: list[Effect] = [Reply(Said(about, name), hint=why)]
    if outcome.way is Way.FAILED and room is not None:
        failed = replace(blank, id=name, error=outcome.codes[0], owner=given.user)
        effects += mixer.ended(failed, room, was_running=False)
    elif outcome.way is not Way.SILENT:
        for code in outcome.codes:
            facts = Said(about, [name, code], errors.row_of(code))
            effects.append(Signal(CREATE_FAILED, (given.member,), facts))
    return Step(blank, tuple(effects))


def _named(blank: Mixer, given: CreateMixer, view: View) -> str:
    """Return the mixer's id; one that the client has not made is drawn here."""
    if not given.mixer:
        view.draw("cloudroom.mixer", given.user, 16)
    return blank.id


def _made(blank: Mixer, given: CreateMixer, room: Room, view: View) -> Mixer:
    me = room.of(given.member)
    assert me is not None
    assert given.cfg is not None
    return replace(
        blank,
        state=State.STARTING,
        room=room.id,
        owner=given.user,
        terminal=me.terminal,
        profile=given.profile,
        cfg=given.cfg,
        began_ms=view.now_ms,
    )


def _begun(made: Mixer, given: CreateMixer, room: Room, why: str, view: View) -> tuple[Effect, ...]:
    _named(made, given, view)
    return (
        Reply(Said(room.id, made.id), hint=why),
        *mixer.started(made, room, view),
        Count(COUNTER, 1),
        Tell(Target(ROOM, room.id), MixerBegan(made.id)),
        Tell(channel(room.id), rooms.Watch(Target(MIXER, made.id))),
    )


def _late(
    blank: Mixer,
    made: Mixer,
    given: CreateMixer,
    room: Room,
    wrong: tuple[int, str],
    view: View,
    after_ms: int = 0,
) -> Step | Refusal:
    """Let a mixer fail after state 1, or without one if the tenant says so."""
    code, why = wrong
    if view.settings.fail_before_starting and not after_ms:
        return _told(blank, given, room, _out(Way.FAILED, code), why, view)
    begun = _begun(made, given, room, why, view)
    if after_ms:
        return Step(made, (*begun, Arm("start", after_ms, Failed(code), Tempo.SHORT)))
    return Step(made, (*begun, Tell(Target(MIXER, made.id), Failed(code))))


def on_taken(kept: Mixer, given: CreateMixer, view: View) -> Step | Refusal:
    """Refuse an id that another mixer has or had; its own client cannot make one twice."""
    room = room_of_member(given.member, view)
    return _refused(kept, given, room, "id taken", "the mixerID is taken", view)
