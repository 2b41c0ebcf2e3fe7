"""NERoom's HTTP paths: which operation a request is for, and what its path says.

Three layers stand side by side: ``/scene/apps/…`` is what an SDK calls for its user, ``/neroom/…``
is the app's own server in snake_case, ``/apps/…`` the same in camelCase and older.

Source:
    Sheet §2.4 and §2.5: NERoom RESTful API 列表, 创建房间 v4 and v2; the calls of the SDK are those
    of its open ancestor (WisdomEducation, restful_apis.md).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from recording_emulator.core.surface import Basis, Operation
from recording_emulator.families import vod

SCENE: Final = "scene"
REST: Final = "rest"
APPS: Final = "apps"
VOD: Final = "vod"
"""The layers; an operation's name begins with its own."""
_LIST: Final = "NERoom RESTful API 列表"
_EDU: Final = "WisdomEducation restful_apis.md"
_NEMO: Final = "NeRoomService of the vendor's demo server"
_GUESS: Final = f"{_NEMO}; what it takes and says is assumed"
_APP: Final = "/scene/apps/{appKey}"
_ROOM: Final = f"{_APP}/v1/rooms/{{roomUuid}}"
_MEMBER: Final = f"{_ROOM}/members/{{userUuid}}"
_LIFE: Final = "/rooms/{room_archive_id}"


def _seen(name: str, method: str, path: str) -> Operation:
    return Operation(name, method, path, _EDU, Basis.OBSERVED)


def _known(name: str, method: str, path: str) -> Operation:
    return Operation(name, method, path, _LIST, Basis.DOCUMENTED)


OPERATIONS: Final = (
    _seen("sceneLogin", "POST", f"{_APP}/v1/login"),
    _seen("sceneCreateRoom", "PUT", _ROOM),
    _seen("sceneGetConfig", "GET", f"{_ROOM}/config"),
    _seen("sceneEnter", "POST", f"{_ROOM}/entry"),
    _seen("sceneGetSnapshot", "GET", f"{_ROOM}/snapshot"),
    _seen("sceneSetStream", "PUT", f"{_MEMBER}/streams/{{streamType}}"),
    _seen("sceneDeleteStream", "DELETE", f"{_MEMBER}/streams/{{streamType}}"),
    _seen("sceneSetState", "PUT", f"{_ROOM}/states/{{key}}"),
    _seen("sceneDeleteState", "DELETE", f"{_ROOM}/states/{{key}}"),
    _seen("sceneSetProperty", "PUT", f"{_ROOM}/properties/{{key}}"),
    _seen("sceneDeleteProperty", "DELETE", f"{_ROOM}/properties/{{key}}"),
    _seen("sceneRemoveMember", "DELETE", _MEMBER),
    _seen("sceneEndRoom", "DELETE", _ROOM),
    _known("sceneRecord", "POST", f"{_APP}/v2/rooms/{{roomUuid}}/record/state/{{recordState}}"),
    _known("sceneListRecords", "GET", f"{_APP}/v2/rooms/record/list"),
    _known("restCreateUser", "POST", "/neroom/v3/users"),
    _known("restUpdateUser", "PATCH", "/neroom/v3/users/{user_uuid}"),
    _known("restGetUser", "GET", "/neroom/v3/users/{user_uuid}"),
    _known("restGetUsers", "GET", "/neroom/v3/users"),
    _known("restCreateRtcUid", "POST", "/neroom/v4/rtc_uid"),
    _known("restCreateRoom", "POST", "/neroom/v4/rooms"),
    _known("restUpdateRoom", "POST", f"/neroom/v4{_LIFE}"),
    _known("restCloseRoom", "DELETE", f"/neroom/v3{_LIFE}"),
    _known("restListOnline", "GET", f"/neroom/v3{_LIFE}/online_user_list"),
    _known("restSetRole", "PATCH", f"/neroom/v3{_LIFE}/users/{{user_uuid}}/role"),
    _known("restKick", "DELETE", f"/neroom/v3{_LIFE}/users/{{user_uuid}}"),
    _known("restUpdateMember", "PUT", f"/neroom/v4{_LIFE}/members/{{user_uuid}}"),
    _known("restListMedia", "GET", f"/neroom/v3{_LIFE}/media_info"),
    _known("appsCreateRoom", "PUT", "/apps/v2/room"),
    _known("appsCloseRoom", "DELETE", "/apps/v2/room"),
    _known("appsListOnline", "GET", "/apps/v2/online-user-list"),
    Operation("appsGetMember", "GET", "/apps/v2/room-user", _NEMO, Basis.OBSERVED),
    _known("appsKick", "DELETE", "/apps/v2/room-user"),
    _known("appsListMedia", "GET", "/apps/v2/room-media"),
    Operation("appsPutUser", "PUT", "/apps/{appKey}/v1/users/{userUuid}", _NEMO, Basis.OBSERVED),
    Operation("appsGetToken", "POST", "/apps/v1/getToken", _GUESS, Basis.ASSUMED),
)
NAMES: Final = frozenset(each.name for each in (*OPERATIONS, *vod.OPERATIONS))
ALIASES: Final[Mapping[str, str]] = {"/neroom/v3/rooms": "/neroom/v4/rooms"}
"""The list of APIs has a room made under v3, its own page under v4."""


class Route(msgspec.Struct, frozen=True, gc=False):
    """What a path means: an operation, and the values at its places.

    Without an operation, ``allowed`` are the methods of the path: none if nothing is there.
    """

    operation: str = ""
    places: dict[str, str] = {}
    allowed: tuple[str, ...] = ()

    @property
    def layer(self) -> str:
        if self.operation in vod.PATHS.values():
            return VOD
        return next((each for each in (SCENE, REST, APPS) if self.operation.startswith(each)), "")


_BY_LENGTH: dict[int, list[tuple[tuple[str, ...], Operation]]] = {}
for _each in (*OPERATIONS, *vod.OPERATIONS):
    _parts = tuple(_each.path.split("/"))
    _BY_LENGTH.setdefault(len(_parts), []).append((_parts, _each))


def full(path: str) -> str:
    """Give a path back what the server takes for the vendor's prefix.

    >>> full("/v4/rooms"), full("/neroom/v4/rooms"), full("/apps/v2/room")
    ('/neroom/v4/rooms', '/neroom/v4/rooms', '/apps/v2/room')
    """
    whole = f"/neroom{path}" if path.startswith(("/v3/", "/v4/")) else path
    return ALIASES.get(whole, whole)


def find(method: str, path: str) -> Route:
    """Find the operation of a request.

    >>> find("DELETE", "/neroom/v3/rooms/8000123")
    Route(operation='restCloseRoom', places={'room_archive_id': '8000123'}, allowed=())
    >>> find("GET", "/apps/v1/getToken").allowed, find("GET", "/").allowed
    (('POST',), ())
    """
    parts = full(path).split("/")
    allowed = []
    for names, operation in _BY_LENGTH.get(len(parts), ()):
        places = _placed(names, parts)
        if places is None:
            continue
        if operation.method == method:
            return Route(operation.name, places)
        allowed.append(operation.method)
    return Route("", {}, tuple(allowed))


def _placed(names: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    places = {}
    for name, part in zip(names, parts, strict=True):
        if name[:1] == "{" and part:
            places[name[1:-1]] = unquote(part)
        elif name != part:
            return None
    return places


def app_of(path: str) -> str:
    """Return the AppKey that a path names, or an empty text.

    >>> app_of("/scene/apps/ak/v1/login"), app_of("/apps/ak/v1/users/a"), app_of("/apps/v2/room")
    ('ak', 'ak', '')
    """
    match path.split("/"):
        case ["", "scene", "apps", app, *_] | ["", "apps", app, "v1", "users", _]:
            return unquote(app)
        case _:
            return ""
