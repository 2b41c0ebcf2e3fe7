"""NERoom's accounts: who they are called, and the token that their SDK signs in with.

A user whom nobody has made is welcome all the same, with a token that follows from the name: an
app that fetches tokens elsewhere needs no account here. One that was made has what it was given.

Source:
    Sheet §2.5 (创建账号, 更新账号和 Token, 创建 RTC 账号; the vendor's demo server). What a second
    creation is answered, and what is left out of an answer, is assumed.
"""

from enum import StrEnum
from typing import Final

import msgspec

from recording_emulator.core import ids
from recording_emulator.core.machine import (
    Facts,
    Input,
    Machine,
    Refusal,
    Refuse,
    Reply,
    Step,
    Table,
    Target,
    View,
    do,
)
from recording_emulator.vendors.neroom import errors

NAME: Final = "neroom.user"


class State(StrEnum):
    """Whether an account was made."""

    ABSENT = "absent"
    KNOWN = "known"


class User(msgspec.Struct, frozen=True, tag="neroom.User"):
    """An account; an empty token is the one that follows from the name."""

    uuid: str
    state: State = State.ABSENT
    name: str = ""
    icon: str = ""
    token: str = ""
    im_token: str = ""
    rtc_uid: int = 0


class OfUser(msgspec.Struct, Input, frozen=True, kw_only=True):
    """A call about one account."""

    uuid: str


class PutUser(OfUser, frozen=True, kw_only=True, tag="neroom.PutUser"):
    """An account is made; what is None keeps what it is.

    ``is_new`` says that it must not be there yet, ``overwrites`` that it may change one that is.
    """

    name: str | None = None
    icon: str | None = None
    token: str | None = None
    im_token: str | None = None
    is_new: bool = True
    overwrites: bool = False


class PatchUser(OfUser, frozen=True, kw_only=True, tag="neroom.PatchUser"):
    """An account changes; what is None stays as it is."""

    name: str | None = None
    icon: str | None = None
    token: str | None = None
    im_token: str | None = None


class GetUser(OfUser, frozen=True, tag="neroom.GetUser"):
    """The app's server asks for an account."""


class GetUsers(OfUser, frozen=True, kw_only=True, tag="neroom.GetUsers"):
    """The app's server asks for several accounts; those that nobody made are left out."""

    uuids: tuple[str, ...]


class SignIn(OfUser, frozen=True, tag="neroom.SignIn"):
    """A user signs in, or their token is asked for; whether they may, the door has judged."""


class SetRtcUid(OfUser, frozen=True, kw_only=True, tag="neroom.SetRtcUid"):
    """An account gets a number in RTC channels: this one, or any."""

    rtc_uid: int | None = None


class Account(msgspec.Struct, Facts, frozen=True, tag="neroom.Account"):
    """What there is to say about accounts."""

    users: tuple[User, ...]


TYPES: Final = (User, PutUser, PatchUser, GetUser, GetUsers, SignIn, SetRtcUid, Account)
CALLS: Final = (PutUser, PatchUser, GetUser, GetUsers, SignIn, SetRtcUid)


def where(uuid: str) -> Target:
    return Target(NAME, uuid)


def derived_token(app_key: str, uuid: str) -> str:
    """Return the token of a user to whom nobody gave one."""
    return ids.derive(0, "neroom.token", f"{app_key}/{uuid}", 0, 16).hex()


def token_of(app_key: str, uuid: str, view: View) -> str:
    """Return the token that a user signs in with."""
    user = view.peek(where(uuid))
    return (user and user.token) or derived_token(app_key, uuid)


def rtc_uid_of(uuid: str, view: View) -> int:
    """Return the number that an account was given for RTC channels, or 0."""
    user = view.peek(where(uuid))
    return user.rtc_uid if user else 0


def secrets_of(user: User, app_key: str) -> User:
    """Fill in the tokens that an account has without having been given them."""
    token = user.token or derived_token(app_key, user.uuid)
    im_token = user.im_token or ids.derive(0, "neroom.im_token", user.uuid, 0, 16).hex()
    return msgspec.structs.replace(user, token=token, im_token=im_token)


def _changed(user: User, given: PutUser | PatchUser) -> User:
    new = {
        name: value
        for name in ("name", "icon", "token", "im_token")
        if (value := getattr(given, name)) is not None
    }
    return msgspec.structs.replace(user, state=State.KNOWN, **new)


def _told(user: User, view: View) -> Step:
    whole = secrets_of(user, view.credentials["app_key"])
    return Step(user, (Reply(Account((whole,))),))


def on_put(user: User, given: PutUser, view: View) -> Step | Refusal:
    is_there = user.state is State.KNOWN
    if is_there and given.is_new:
        return Refusal(errors.EXISTS, f"user {user.uuid[:40]!r} is there")
    if not is_there and view.is_full:
        return Refusal(errors.UNAVAILABLE, "the tenant holds as many things as it may")
    return _told(user if is_there and not given.overwrites else _changed(user, given), view)


def on_patch(user: User, given: PatchUser, view: View) -> Step:
    return _told(_changed(user, given), view)


def on_get(user: User, _given: GetUser, view: View) -> Step:
    return _told(user, view)


def on_get_several(user: User, given: GetUsers, view: View) -> Step:
    app_key = view.credentials["app_key"]
    found = (view.peek(where(uuid)) for uuid in dict.fromkeys(given.uuids))
    known = tuple(secrets_of(each, app_key) for each in found if each is not None)
    return Step(user, (Reply(Account(known)),))


def on_sign_in(user: User, _given: SignIn, view: View) -> Step:
    return _told(user, view)


def on_rtc_uid(user: User, given: SetRtcUid, view: View) -> Step | Refusal:
    if user.state is State.ABSENT and view.is_full:
        return Refusal(errors.UNAVAILABLE, "the tenant holds as many things as it may")
    uid = given.rtc_uid or user.rtc_uid or drawn_uid(user.uuid, view)
    mapped = msgspec.structs.replace(user, state=State.KNOWN, rtc_uid=uid)
    return _told(mapped, view)


def drawn_uid(uuid: str, view: View) -> int:
    return ids.number(view.derive("neroom.rtc_uid", uuid, 4), 10_000_000, 99_999_999)


NOBODY: Final = Refuse(errors.NOT_FOUND, "no such user: POST /neroom/v3/users makes one")
TABLE: Final[Table] = {
    State.ABSENT: {
        PutUser: do(on_put, State.KNOWN, refusals=(errors.UNAVAILABLE,)),
        PatchUser: NOBODY,
        GetUser: NOBODY,
        GetUsers: do(on_get_several, State.ABSENT),
        SignIn: do(on_sign_in, State.ABSENT),
        SetRtcUid: do(on_rtc_uid, State.KNOWN, refusals=(errors.UNAVAILABLE,)),
    },
    State.KNOWN: {
        PutUser: do(on_put, State.KNOWN, refusals=(errors.EXISTS,)),
        PatchUser: do(on_patch, State.KNOWN),
        GetUser: do(on_get, State.KNOWN),
        GetUsers: do(on_get_several, State.KNOWN),
        SignIn: do(on_sign_in, State.KNOWN),
        SetRtcUid: do(on_rtc_uid, State.KNOWN),
    },
}
MACHINE: Final = Machine(NAME, TABLE, User, CALLS)
