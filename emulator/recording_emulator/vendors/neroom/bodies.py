"""Bodies of NERoom's HTTP calls, field by field: types, ranges, defaults.

Source:
    Sheet §2.4 and §2.5; the layers differ in the casing of names. ``fields.py`` says which fields
    are documented nowhere, and which are accepted and do nothing.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from recording_emulator.vendors.neroom.methods import Mode, Name, Password, RoomUuid

UserUuid: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Token: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]
Icon: TypeAlias = Annotated[str, Meta(max_length=1_024)]
Switch: TypeAlias = bool | dict[str, Any]
"""Whether a room has a resource: a boolean or an object, which is not certain (sheet §2.5)."""


def is_on(switch: Switch | None, by_default: bool) -> bool:
    """Read a switch; an object is on unless its ``enable`` says otherwise.

    >>> is_on({"enable": False}, True), is_on({}, False), is_on(None, True)
    (False, True, True)
    """
    if switch is None:
        return by_default
    return switch if isinstance(switch, bool) else switch.get("enable", True) is not False


# --- accounts -------------------------------------------------------------------------------------


class PatchUser(msgspec.Struct, frozen=True, kw_only=True):
    """Change an account."""

    user_name: Name | None = None
    user_token: Token | None = None
    icon: Icon | None = None
    im_token: Token | None = None


class CreateUser(PatchUser, frozen=True, kw_only=True):
    """Make an account."""

    user_uuid: UserUuid


class CreateRtcUid(msgspec.Struct, frozen=True):
    """Give an account a number in RTC channels; without one it gets any."""

    user_uuid: UserUuid
    rtc_uid: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None


class PutUser(msgspec.Struct, frozen=True, rename="camel"):
    """Make an account, or change it."""

    user_token: Token | None = None
    im_token: Token | None = None
    assert_not_exist: bool = False
    update_on_conflict: bool = False
    user_name: Name | None = None
    icon: Icon | None = None


class GetToken(msgspec.Struct, frozen=True, rename="camel"):
    """Ask for a user's token."""

    user_uuid: UserUuid


# --- rooms ----------------------------------------------------------------------------------------


class RestConfig(msgspec.Struct, frozen=True):
    """``config``: what the room has."""

    rtc: Switch | None = None
    record: Switch | None = None
    whiteboard: Switch | None = None
    chatroom: Switch | None = None
    sip: Switch | None = None
    live: Switch | None = None
    seat: Switch | None = None


class RestRoom(msgspec.Struct, frozen=True, kw_only=True):
    """Make a room (v4)."""

    template_id: int | None = None
    room_uuid: RoomUuid
    room_name: Name = ""
    password: Password | None = None
    host_user_uuid: UserUuid | None = None
    type: Literal[1, 2] = 1
    room_profile: int = 0
    config: RestConfig = RestConfig()


class RestUpdate(msgspec.Struct, frozen=True):
    """Change a room."""

    room_name: Name | None = None
    password: Password | None = None


class SetRole(msgspec.Struct, frozen=True):
    """Give a member another role."""

    role: Annotated[str, Meta(min_length=1, max_length=64)]


class RestMember(msgspec.Struct, frozen=True):
    """Change a member."""

    user_name: Name | None = None
    role: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class Resource(RestConfig, frozen=True):
    """``config.resource``: what the room has."""


class Resources(msgspec.Struct, frozen=True):
    """``config``, around its one member."""

    resource: Resource = Resource()


class AppsRoom(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Make a room (v2)."""

    template_id: int | None = None
    room_uuid: RoomUuid
    room_name: Name = ""
    password: Password | None = None
    host_user_uuid: UserUuid | None = None
    room_config: Resources = Resources()
    room_properties: dict[str, Any] = {}
    external_live_config: dict[str, Any] = {}
    room_seat_config: dict[str, Any] = {}


class SceneRoom(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Make a room, as an SDK does."""

    room_name: Name = ""
    config_id: int | None = None
    password: Password | None = None
    properties: dict[str, Any] = {}
    config: Resources = Resources()


# --- in a room ------------------------------------------------------------------------------------


class Value(msgspec.Struct, frozen=True):
    """A stream or a state: on (1) or off (0)."""

    value: Literal[0, 1]


class Streams(msgspec.Struct, frozen=True):
    """The streams to enter with."""

    audio: Value = Value(0)
    video: Value = Value(0)


class Entry(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Join a room."""

    user_name: Name
    role: Name = ""
    password: Password | None = None
    streams: Streams = Streams()


class Property(msgspec.Struct, frozen=True):
    """A property's value; what is no text is kept as its JSON."""

    value: str | int | float | bool | dict[str, Any] | list[Any]


class Record(msgspec.Struct, frozen=True, rename="camel"):
    """What is to be recorded."""

    rtc_record_type: int | None = None
    mode_list: tuple[Mode, ...] = ()
