"""What only HTTP can do to a room: enter with open media, mute by stream, properties, paged lists.

Everything else that an HTTP call does to a room is what a client's SDK does, too, and is the same
input. A caller has no connection here: it is a user, or the app's own server.

Source:
    Sheet §2.4 and §2.5. What a call says beyond what stands there is assumed.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core import rooms
from recording_emulator.core.machine import Do, Effect, Refusal, Reply, Step, Tell, View
from recording_emulator.vendors.neroom import errors
from recording_emulator.vendors.neroom.describing import snapshot, tell
from recording_emulator.vendors.neroom.inputs import Assign, Caller, Enter, Rename, Said, Share
from recording_emulator.vendors.neroom.managing import barred, on_assign, on_rename
from recording_emulator.vendors.neroom.media import on_share, published
from recording_emulator.vendors.neroom.people import ABSENT, on_enter
from recording_emulator.vendors.neroom.room import Person, Room, State, channel

IN_ROOM: Final = 2
"""``state`` of somebody who is in the room (查询在线人员列表)."""
RESERVED: Final = "record"
"""The property of a recording is the backend's own."""
MAX_PROPERTIES: Final = 100


class EnterWith(Enter, frozen=True, kw_only=True, tag="neroom.EnterWith"):
    """A user joins with these media on; one with any is in the RTC channel, too."""

    audio: bool = False
    video: bool = False


class Stream(Caller, frozen=True, kw_only=True, tag="neroom.Stream"):
    """A stream of ``target`` goes on or off; None leaves a medium as it is."""

    target: str
    audio: bool | None = None
    video: bool | None = None
    screen: bool | None = None


class SetProperty(Caller, frozen=True, kw_only=True, tag="neroom.SetProperty"):
    """The room gets a property, or with None has it no more."""

    key: str
    value: str | None


class Update(Caller, frozen=True, kw_only=True, tag="neroom.Update"):
    """The room changes; None leaves a thing as it is."""

    name: str | None = None
    password: str | None = None


class UpdateMember(Caller, frozen=True, kw_only=True, tag="neroom.UpdateMember"):
    """Somebody gets another name, another role, or both; None leaves it."""

    target: str
    name: str | None = None
    role: str | None = None


class Online(Caller, frozen=True, kw_only=True, tag="neroom.Online"):
    """The app's server asks who is in the room, page by page."""

    page: int
    size: int


class GetMember(Caller, frozen=True, kw_only=True, tag="neroom.GetMember"):
    """The app's server asks for one of those in the room."""

    target: str


class GetConfig(Caller, frozen=True, tag="neroom.GetConfig"):
    """The caller asks what the room was made with."""


TYPES: Final = (
    EnterWith, Stream, SetProperty, Update, UpdateMember, Online, GetMember, GetConfig,
)  # fmt: skip
CALLS: Final = TYPES


# --- entering and streams -------------------------------------------------------------------------


def on_enter_with(room: Room, given: EnterWith, view: View) -> Step | Refusal:
    entered = on_enter(room, given, view)
    if isinstance(entered, Refusal):
        return entered
    after: Room = entered.task
    me = after.of(given)
    assert me is not None
    told = Reply(Said(room.uuid, entry(after, me, view)))
    effects: list[Effect] = [told if isinstance(each, Reply) else each for each in entered.effects]
    if room.has_rtc and (given.audio or given.video):
        effects.append(_joins(after, me, audio=given.audio, video=given.video))
    return Step(after, tuple(effects))


def _joins(room: Room, person: Person, *, audio: bool, video: bool) -> Effect:
    """Bring a user into the RTC channel: who publishes over HTTP has no SDK that could say so."""
    return Tell(channel(room), rooms.Join(person.devices[0].key, audio=audio, video=video))


def entry(room: Room, me: Person, view: View) -> dict[str, Any]:
    """Describe a room to who has just joined; media go on an instant later, and are not in it.

    Source:
        Sheet §2.4 (the education line's, trimmed). The keys of RTC are made up.
    """
    key = f"{room.archive}/{me.uuid}"
    member = {
        "userUuid": me.uuid,
        "userName": me.name,
        "role": me.role,
        "rtcUid": me.rtc_uid,
        "rtcKey": view.credentials["app_key"],
        "rtcToken": view.derive("neroom.rtc_token", key, 16).hex(),
        "time": view.now_ms,
        "streams": {},
        "properties": {},
    }
    return {"room": snapshot(room, 0, view)["room"], "member": member}


def on_stream(room: Room, given: Stream, view: View) -> Step | Refusal:
    """Turn a stream on or off: one's own, or off that of somebody else (assumed)."""
    me, them = room.of(given), room.person(given.target)
    is_own = me is not None and me.uuid == given.target
    refusal = None if is_own else barred(room, given, view, given.target)
    if refusal is not None or them is None:
        return refusal or Refusal(errors.NO_TARGET)
    if not is_own and (given.audio or given.video or given.screen):
        return Refusal(errors.FORBIDDEN, "a stream of somebody else can only be turned off")
    if given.screen is not None:
        return _screen(room, given, view)
    said = Reply(Said(room.uuid, _value(bool(given.audio or given.video), view)))
    inside = tuple(each for each in them.devices if each.in_rtc)
    if inside:
        after, effects = published(room, inside, given.audio, given.video, me)
        return Step(after, (said, *effects))
    if not (given.audio or given.video):
        return Step(room, (said,))
    if not room.has_rtc:
        return Refusal(errors.NOT_OPENED, "the room was made without rtc")
    joins = _joins(room, them, audio=bool(given.audio), video=bool(given.video))
    return Step(room, (said, joins))


def _screen(room: Room, given: Stream, view: View) -> Step | Refusal:
    asked = Share(user=given.target, room=room.uuid, is_on=bool(given.screen))
    shared = on_share(room, asked, view)
    if isinstance(shared, Refusal):
        is_outside = shared.row == errors.NOT_IN_RTC
        hint = "a screen is shared by who publishes a stream over HTTP already"
        return Refusal(errors.NOT_PREPARED, hint) if is_outside else shared
    said = Reply(Said(room.uuid, _value(bool(given.screen), view)))
    return Step(
        shared.task, tuple(said if isinstance(each, Reply) else each for each in shared.effects)
    )


def _value(is_on: bool, view: View) -> dict[str, int]:
    return {"value": int(is_on), "time": view.now_ms}


# --- properties, and what is looked up ------------------------------------------------------------


def on_set_property(room: Room, given: SetProperty, view: View) -> Step | Refusal:
    refusal = barred(room, given, view)
    if refusal is not None:
        return refusal
    if given.key == RESERVED:
        return Refusal(errors.PROPERTY, f"{RESERVED!r} is the backend's: start and stop recording")
    before, said = room.properties.get(given.key), Reply(Said(room.uuid))
    if before == given.value:
        return Step(room, (said,))
    rest = {key: value for key, value in room.properties.items() if key != given.key}
    if given.value is None:
        after = msgspec.structs.replace(room, properties=rest)
        told = tell(after, "onRoomPropertiesDeleted", {given.key: before})
    elif len(rest) >= MAX_PROPERTIES:
        return Refusal(errors.PROPERTY, f"a room has at most {MAX_PROPERTIES} properties")
    else:
        after = msgspec.structs.replace(room, properties={**rest, given.key: given.value})
        told = tell(after, "onRoomPropertiesChanged", {given.key: given.value})
    return Step(after, (said, told))


def on_update(room: Room, given: Update, _view: View) -> Step:
    name = room.name if given.name is None else given.name
    password = room.password if given.password is None else given.password
    after = msgspec.structs.replace(room, name=name, password=password)
    return Step(after, (Reply(Said(room.uuid)),))


def on_update_member(room: Room, given: UpdateMember, view: View) -> Step | Refusal:
    """Change a name and a role in one go: both, or neither."""
    who = {"user": given.user, "room": given.room, "archive": given.archive, "target": given.target}
    after, effects = room, list[Effect]()
    changes: list[tuple[Any, Any]] = []
    if given.name is not None:
        changes.append((on_rename, Rename(**who, name=given.name)))
    if given.role is not None:
        changes.append((on_assign, Assign(**who, role=given.role)))
    if not changes and room.person(given.target) is None:
        return Refusal(errors.NO_TARGET, f"{given.target[:40]!r} is not here")
    for action, change in changes:
        changed = action(after, change, view)
        if isinstance(changed, Refusal):
            return changed
        after = changed.task
        effects += [each for each in changed.effects if not isinstance(each, Reply)]
    return Step(after, (Reply(Said(room.uuid)), *effects))


def on_online(room: Room, given: Online, _view: View) -> Step:
    first = (given.page - 1) * given.size
    page = room.people[first : first + given.size]
    data = {
        "total_count": len(room.people),
        "page_total": -(-len(room.people) // given.size),
        "users": [
            {"user_uuid": each.uuid, "name": each.name, "role": each.role, "state": IN_ROOM}
            for each in page
        ],
    }
    return Step(room, (Reply(Said(room.uuid, data)),))


def on_get_member(room: Room, given: GetMember, _view: View) -> Step | Refusal:
    them = room.person(given.target)
    if them is None:
        return Refusal(errors.NO_TARGET, f"{given.target[:40]!r} is not here")
    data = {"user_uuid": them.uuid, "user_name": them.name, "role": them.role, "state": IN_ROOM}
    return Step(room, (Reply(Said(room.uuid, data)),))


def on_get_config(room: Room, _given: GetConfig, _view: View) -> Step:
    resource = {"rtc": room.has_rtc, "record": room.has_record}
    roles = {name: {"limit": limit} for name, limit in room.roles.items()}
    data = {"roomUuid": room.uuid, "config": {"resource": resource}, "roleConfigs": roles}
    return Step(room, (Reply(Said(room.uuid, data)),))


def _open(action: Any, *refusals: str) -> Do:
    return Do(action, (State.OPEN,), refusals)


MAY: Final = (*ABSENT, errors.FORBIDDEN)
ROLES: Final = (errors.NO_ROLE, errors.ROLE_FULL)
SCREEN: Final = (errors.NOT_OPENED, errors.NOT_PREPARED, errors.SHARED)
OPEN: Final[Mapping[type, Do]] = {
    Stream: _open(on_stream, *MAY, errors.NO_TARGET, *SCREEN),
    SetProperty: _open(on_set_property, *MAY, errors.PROPERTY),
    Update: _open(on_update),
    UpdateMember: _open(on_update_member, *MAY, errors.NO_TARGET, *ROLES),
    Online: _open(on_online),
    GetMember: _open(on_get_member, errors.NO_TARGET),
    GetConfig: _open(on_get_config),
}
"""The cells of a live room; that of ``EnterWith`` refuses what the SDK's ``Enter`` does."""
