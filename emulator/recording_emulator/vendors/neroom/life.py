"""A room's life: made, renewed, ended; by somebody, by a server, by its time or by a fault."""

import msgspec

from recording_emulator.core import ids, rooms
from recording_emulator.core.inputs import FaultArmed, SettingsChanged
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Claim,
    Count,
    Effect,
    Refusal,
    Release,
    Reply,
    Retire,
    Step,
    Target,
    Tell,
    View,
)
from recording_emulator.core.timers import Tempo
from recording_emulator.vendors.neroom import errors, faults
from recording_emulator.vendors.neroom.control import stopped
from recording_emulator.vendors.neroom.describing import by, copy, remaining_s, tell
from recording_emulator.vendors.neroom.inputs import Create, End, Expire, Renew, Said
from recording_emulator.vendors.neroom.managing import barred
from recording_emulator.vendors.neroom.media import settled
from recording_emulator.vendors.neroom.nertc.channel import NAME as CHANNEL
from recording_emulator.vendors.neroom.nertc.channel import reserved
from recording_emulator.vendors.neroom.nertc.inputs import Closed, Reserve
from recording_emulator.vendors.neroom.people import loose
from recording_emulator.vendors.neroom.room import NAME, ONLINE, Person, Room, State, channel


def on_create(room: Room, given: Create, view: View) -> Step | Refusal:
    """Make a room; what its template says of roles holds for its whole life (sheet §1.8)."""
    limits = view.settings
    template = next((each for each in limits.templates if each.id == given.template), None)
    if template is None and limits.templates and given.template is not None:
        known = ", ".join(str(each.id) for each in limits.templates)
        return Refusal(errors.BAD_TEMPLATE, f"templateId is one of {known}: setting templates")
    view.draw("neroom.archive", given.room, 6)
    made = Room(
        archive=room.archive,
        state=State.OPEN,
        uuid=given.room,
        name=given.name,
        cid=reserved(view, given.room, _number(room, view)),
        password=given.password,
        host=given.host,
        has_rtc=given.has_rtc,
        has_record=given.has_record,
        is_permanent=given.is_permanent,
        max_members=given.max_members,
        properties=given.properties,
        roles=template.roles if template else {},
        record_roles=limits.record_roles,
        created_ms=view.now_ms,
        life_ms=limits.life_ms,
        ends_ms=0 if given.is_permanent else view.now_ms + limits.life_ms,
        strategy=given.strategy if given.has_record else None,
        config=given.config,
    )
    creator = {"operatorUserUuid": given.user} if given.user else {}
    effects: list[Effect] = [
        Claim(f"room/{given.room}"),
        Tell(channel(made), rooms.Watch(Target(NAME, room.archive))),
        Tell(Target(CHANNEL, str(made.cid)), Reserve(given.room, room.archive)),
        copy(made, "CREATE_ROOM", **creator),
    ]
    if not given.is_permanent:
        unjoined = Expire("ALL_MEMBERS_OUT")
        effects += [
            Arm("life", limits.life_ms, Expire("END_OF_LIFE"), Tempo.EXPIRY),
            Arm("empty", limits.room_unjoined_ms, unjoined, Tempo.EXPIRY),
        ]
    effects += _struck(made, view)
    effects.append(Reply(Said(given.room, {"roomArchiveId": room.archive})))
    return Step(made, tuple(effects))


def _number(room: Room, view: View) -> int:
    return ids.number(view.draw("neroom.cid", room.archive, 6), 100_000_000, 999_999_999)


def _struck(room: Room, view: View) -> list[Effect]:
    """Ask for a fault that ends the room."""
    fault = view.fault(faults.ROOM, room.uuid)
    if fault is None:
        return []
    reason = Expire(faults.REASONS[fault.effect])
    return [Arm("struck", fault.after_ms, reason, Tempo.LONG)]


def on_fault(room: Room, _given: FaultArmed, view: View) -> Step:
    return Step(room, tuple(_struck(room, view)))


def on_settings(room: Room, _given: SettingsChanged, view: View) -> Step:
    """Follow the settings: another rule may end the recording, another life renews the room."""
    life_ms = view.settings.life_ms
    ends_ms = max(room.created_ms + life_ms, view.now_ms)
    after = msgspec.structs.replace(room, life_ms=life_ms)
    effects: list[Effect] = []
    if not room.is_permanent and life_ms != room.life_ms:
        after, effects = _renewed(after, ends_ms, view)
    return settled(after, tuple(effects), view)


def on_renew(room: Room, given: Renew, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    said = Reply(Said(room.uuid))
    if room.is_permanent:
        return Step(room, (said,))
    after, effects = _renewed(room, view.now_ms + given.left_ms, view)
    return Step(after, (said, *effects))


def _renewed(room: Room, ends_ms: int, view: View) -> tuple[Room, list[Effect]]:
    after = msgspec.structs.replace(room, ends_ms=ends_ms)
    life = Arm("life", ends_ms - view.now_ms, Expire("END_OF_LIFE"), Tempo.EXPIRY)
    return after, [life, tell(after, "onRoomRemainingSecondsRenewed", remaining_s(after, view))]


def on_end(room: Room, given: End, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    reason = "CLOSE_BY_BACKEND" if given.is_server else "CLOSE_BY_MEMBER"
    after, effects = _ended(room, reason, room.of(given))
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_end_again(room: Room, given: End, _view: View) -> Step | Refusal:
    """Let a server end what has ended (sheet §2.5, of version 2)."""
    gone = Refusal(errors.NO_ROOM, "the room has ended")
    return Step(room, (Reply(Said(room.uuid)),)) if given.is_server else gone


def on_expire(room: Room, given: Expire, _view: View) -> Step:
    after, effects = _ended(room, given.reason, None)
    return Step(after, effects)


def _ended(room: Room, reason: str, who: Person | None) -> tuple[Room, tuple[Effect, ...]]:
    """End the room; its recording ends first (the order is assumed)."""
    after, effects = stopped(room, who) if room.recording else (room, ())
    told: list[Effect] = [*effects, tell(after, "onRoomEnded", reason)]
    for person in after.people:
        told += [effect for each in person.devices for effect in loose(room, each)]
    told += [
        Count(ONLINE, -len(after.people)),
        Tell(channel(room), rooms.Unwatch(Target(NAME, room.archive))),
        Tell(Target(CHANNEL, str(room.cid)), Closed()),
        copy(after, "CLOSE_ROOM", **by(who)),
        Release(f"room/{room.uuid}"),
        *(Cancel(name) for name in ("life", "empty", "idle", "struck")),
        Retire(f"neroom/{room.archive}"),
    ]
    return msgspec.structs.replace(after, state=State.ENDED, people=()), tuple(told)
