"""From NERoom's HTTP calls to inputs: every check of what was sent that needs no room.

Source:
    Sheet §2.4 and §2.5. That a field of the wrong kind is 400 is assumed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import Undecodable, decode, read_query, unknown_fields
from recording_emulator.core.machine import Input
from recording_emulator.families import vod
from recording_emulator.vendors.neroom import (
    backend,
    bodies,
    errors,
    inputs,
    methods,
    users,
)
from recording_emulator.vendors.neroom.asked import Asked, number, short
from recording_emulator.vendors.neroom.bodies import is_on
from recording_emulator.vendors.neroom.paths import VOD, Route
from recording_emulator.vendors.neroom.settings import Settings

Read = tuple[Input, tuple[str, ...]]
"""An input, and what the decoding has to remark about it."""
PAGE_SIZE: Final = 10
MAX_PAGE_SIZE: Final = 50
"""查询在线人员列表: at most 50 on a page; what a page has where nobody says is the sample's 10."""
MAX_USERS: Final = 100
PERMANENT: Final = 2

BODIES: Final[Mapping[str, type[msgspec.Struct]]] = {
    "sceneCreateRoom": bodies.SceneRoom,
    "sceneEnter": bodies.Entry,
    "sceneSetStream": bodies.Value,
    "sceneSetState": bodies.Value,
    "sceneSetProperty": bodies.Property,
    "sceneRecord": bodies.Record,
    "restCreateUser": bodies.CreateUser,
    "restUpdateUser": bodies.PatchUser,
    "restCreateRtcUid": bodies.CreateRtcUid,
    "restCreateRoom": bodies.RestRoom,
    "restUpdateRoom": bodies.RestUpdate,
    "restSetRole": bodies.SetRole,
    "restUpdateMember": bodies.RestMember,
    "appsCreateRoom": bodies.AppsRoom,
    "appsPutUser": bodies.PutUser,
    "appsGetToken": bodies.GetToken,
}
"""The calls that have a body; that of others is not looked at."""
OPTIONAL: Final = ("sceneRecord",)
"""Calls whose body may be left out."""
_DECODERS: Final = {kind: msgspec.json.Decoder(kind) for kind in set(BODIES.values())}
_PLAIN: Final = msgspec.json.Decoder()


def read(route: Route, body: bytes, query: str, user: str, seq: int, settings: Settings) -> Read:
    """Turn a call into its input."""
    if route.layer == VOD:
        return vod.read(route.operation, body), ()
    kind, notes, value = BODIES.get(route.operation), list[str](), None
    room = route.places.get("roomUuid", "")
    if kind is not None and not (route.operation in OPTIONAL and not body):
        found = decode(_DECODERS[kind], body)
        plain = decode(_PLAIN, body)
        if isinstance(found, Undecodable):
            return Malformed(errors.BAD_REQUEST, hint=found.why, room=_named(room, plain)), ()
        value = found
        notes = [f"unknown field {each}" for each in unknown_fields(plain, kind)]
    elif kind is not None:
        value = kind()
    asked = Asked(route, read_query(query), value, user, seq, settings)
    try:
        return _READERS[route.operation](asked), tuple(notes)
    except msgspec.ValidationError as error:
        return Malformed(errors.BAD_REQUEST, hint=str(error), room=room), ()


def _named(room: str, plain: Any) -> str:
    """Return the room that a call names in its path, or in a body that does not fit."""
    told = plain.get("room_uuid") or plain.get("roomUuid") if isinstance(plain, dict) else ""
    return room or (told if isinstance(told, str) else "")


# --- accounts -------------------------------------------------------------------------------------


def _rest_user(asked: Asked) -> Input:
    given: bodies.CreateUser = asked.body
    return users.PutUser(
        uuid=given.user_uuid,
        name=given.user_name,
        icon=given.icon,
        token=given.user_token,
        im_token=given.im_token,
    )


def _patched_user(asked: Asked) -> Input:
    given: bodies.PatchUser = asked.body
    return users.PatchUser(
        uuid=short(asked.place("user_uuid"), "user_uuid"),
        name=given.user_name,
        icon=given.icon,
        token=given.user_token,
        im_token=given.im_token,
    )


def _apps_user(asked: Asked) -> Input:
    given: bodies.PutUser = asked.body
    return users.PutUser(
        uuid=short(asked.place("userUuid"), "userUuid"),
        name=given.user_name,
        icon=given.icon,
        token=given.user_token,
        im_token=given.im_token,
        is_new=given.assert_not_exist,
        overwrites=given.update_on_conflict,
    )


def _several_users(asked: Asked) -> Input:
    uuids = tuple(each for each in asked.query.get("user_uuids", "").split(",") if each)
    if not 0 < len(uuids) <= MAX_USERS:
        raise msgspec.ValidationError(f"user_uuids names 1 to {MAX_USERS} users, by commas")
    return users.GetUsers(uuid=uuids[0], uuids=uuids)


# --- rooms ----------------------------------------------------------------------------------------


def _rest_room(asked: Asked) -> Input:
    given: bodies.RestRoom = asked.body
    return inputs.Create(
        room=given.room_uuid,
        name=given.room_name,
        password=given.password or "",
        template=given.template_id,
        is_permanent=given.type == PERMANENT,
        host=given.host_user_uuid or "",
        has_rtc=is_on(given.config.rtc, True),
        has_record=is_on(given.config.record, False),
    )


def _apps_room(asked: Asked) -> Input:
    given: bodies.AppsRoom = asked.body
    return _with_properties(
        given.room_properties,
        given.room_config.resource,
        room=given.room_uuid,
        name=given.room_name,
        password=given.password or "",
        template=given.template_id,
        host=given.host_user_uuid or "",
    )


def _scene_room(asked: Asked) -> Input:
    given: bodies.SceneRoom = asked.body
    room = msgspec.convert(asked.place("roomUuid"), methods.RoomUuid)
    return _with_properties(
        given.properties,
        given.config.resource,
        room=room,
        user=asked.user,
        name=given.room_name,
        password=given.password or "",
        template=given.config_id,
    )


def _with_properties(
    properties: Mapping[str, Any], resource: bodies.Resource, **named: Any
) -> Input:
    """Make a room whose properties may have its recording begin by itself."""
    return inputs.Create(
        **named,
        **methods.in_properties(properties),
        has_rtc=is_on(resource.rtc, True),
        has_record=is_on(resource.record, False),
    )


def _entry(asked: Asked) -> Input:
    given: bodies.Entry = asked.body
    if not asked.user:
        raise msgspec.ValidationError("a room is joined by a user: send the headers user and token")
    return backend.EnterWith(
        **asked.who,
        name=given.user_name,
        role=given.role,
        password=given.password or "",
        audio=bool(given.streams.audio.value),
        video=bool(given.streams.video.value),
    )


def _stream(is_there: bool) -> Callable[[Asked], Input]:
    """Read a stream call; deleting a stream turns it off."""

    def make(asked: Asked) -> Input:
        names = {"audio": "audio", "video": "video", "subVideo": "screen"}
        kind = asked.place("streamType")
        if kind not in names:
            raise msgspec.ValidationError(f"a stream is one of {', '.join(names)}")
        on = bool(asked.body.value) if is_there else False
        told: dict[str, Any] = {names[kind]: on}
        target = short(asked.place("userUuid"), "userUuid")
        return backend.Stream(**asked.who, target=target, **told)

    return make


def _state(is_there: bool) -> Callable[[Asked], Input]:
    def make(asked: Asked) -> Input:
        if asked.place("key") != "lock":
            raise msgspec.ValidationError("of a room's states only lock is modelled")
        return inputs.Lock(**asked.who, is_on=bool(asked.body.value) if is_there else False)

    return make


def _property(asked: Asked) -> Input:
    text = methods.texts({"": asked.body.value})[""]
    key = short(asked.place("key"), "key")
    return backend.SetProperty(**asked.who, key=key, value=text)


def _no_property(asked: Asked) -> Input:
    key = short(asked.place("key"), "key")
    return backend.SetProperty(**asked.who, key=key, value=None)


def _remove(asked: Asked) -> Input:
    """Take a member out: a user who takes themselves out leaves."""
    target = short(asked.place("userUuid"), "userUuid")
    if target == asked.user:
        return inputs.Exit(**asked.who)
    return inputs.Kick(**asked.who, target=target)


def _record(asked: Asked) -> Input:
    """Start or stop recording.

    Source:
        Sheet §2.4: what stands for a start in the path is assumed, and a tenant's setting.
    """
    first = {"1start": "1", "0start": "0"}[asked.settings.record_state_path]
    state = asked.place("recordState")
    if state not in ("0", "1"):
        raise msgspec.ValidationError("recordState is 0 or 1: setting record_state_path")
    if state != first:
        return inputs.StopRecord(**asked.who)
    given: bodies.Record = asked.body
    config = methods.config(given.rtc_record_type, given.mode_list)
    return inputs.StartRecord(**asked.who, config=config)


def _records(asked: Asked) -> Input:
    return inputs.ListRecords(str(asked.who["archive"]))


def _online(asked: Asked) -> Input:
    names = ("page_number", "page_size")
    if asked.route.operation == "appsListOnline":
        names = ("pageNumber", "pageSize")
    page = number(asked.query, names[0], 1, 2**31 - 1)
    size = number(asked.query, names[1], PAGE_SIZE, MAX_PAGE_SIZE)
    return backend.Online(**asked.who, page=page, size=size)


def _update_room(asked: Asked) -> Input:
    given: bodies.RestUpdate = asked.body
    return backend.Update(**asked.who, name=given.room_name, password=given.password)


def _rest_target(asked: Asked) -> str:
    text = asked.route.places.get("user_uuid") or asked.query.get("userUuid", "")
    return short(text, "user_uuid")


def _role(asked: Asked) -> Input:
    return inputs.Assign(**asked.who, target=_rest_target(asked), role=asked.body.role)


def _kick(asked: Asked) -> Input:
    return inputs.Kick(**asked.who, target=_rest_target(asked))


def _member(asked: Asked) -> Input:
    given: bodies.RestMember = asked.body
    target = _rest_target(asked)
    return backend.UpdateMember(**asked.who, target=target, name=given.user_name, role=given.role)


def _signed_in(asked: Asked) -> Input:
    if not asked.user:
        raise msgspec.ValidationError("a user signs in: send the headers user and token")
    return users.SignIn(uuid=asked.user)


_READERS: Final[Mapping[str, Callable[[Asked], Input]]] = {
    "sceneLogin": _signed_in,
    "sceneCreateRoom": _scene_room,
    "sceneGetConfig": lambda asked: backend.GetConfig(**asked.who),
    "sceneEnter": _entry,
    "sceneGetSnapshot": lambda asked: inputs.Snap(**asked.who, seq=asked.seq),
    "sceneSetStream": _stream(True),
    "sceneDeleteStream": _stream(False),
    "sceneSetState": _state(True),
    "sceneDeleteState": _state(False),
    "sceneSetProperty": _property,
    "sceneDeleteProperty": _no_property,
    "sceneRemoveMember": _remove,
    "sceneEndRoom": lambda asked: inputs.End(**asked.who),
    "sceneRecord": _record,
    "sceneListRecords": _records,
    "restCreateUser": _rest_user,
    "restUpdateUser": _patched_user,
    "restGetUser": lambda asked: users.GetUser(uuid=_rest_target(asked)),
    "restGetUsers": _several_users,
    "restCreateRtcUid": lambda asked: users.SetRtcUid(
        uuid=asked.body.user_uuid, rtc_uid=asked.body.rtc_uid
    ),
    "restCreateRoom": _rest_room,
    "restUpdateRoom": _update_room,
    "restCloseRoom": lambda asked: inputs.End(**asked.who),
    "restListOnline": _online,
    "restSetRole": _role,
    "restKick": _kick,
    "restUpdateMember": _member,
    "restListMedia": _records,
    "appsCreateRoom": _apps_room,
    "appsCloseRoom": lambda asked: inputs.End(**asked.who),
    "appsListOnline": _online,
    "appsGetMember": lambda asked: backend.GetMember(**asked.who, target=_rest_target(asked)),
    "appsKick": _kick,
    "appsListMedia": _records,
    "appsPutUser": _apps_user,
    "appsGetToken": lambda asked: users.SignIn(uuid=asked.body.user_uuid),
}
