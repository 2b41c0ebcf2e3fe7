"""What comes before the body of an HTTP call to NERoom: the path, who asks, and whether they may.

The order (path, method, AppKey, signature or token) is assumed as a whole.

Source:
    Sheet §2.2 (the signature; 请求结构) and §2.4 (the headers of an SDK's calls). The codes of a
    signature or a token that is wrong are assumed.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from recording_emulator.core.machine import View
from recording_emulator.families import netease
from recording_emulator.vendors.neroom import errors, users
from recording_emulator.vendors.neroom.paths import SCENE, Route

Denial = tuple[str, str]
"""A row, and our hint."""
MAX_USER: Final = 64


class Door(msgspec.Struct, frozen=True, gc=False):
    """What a request says before its body is looked at: where to, which app, which user."""

    route: Route
    app_key: str
    headers: Mapping[bytes, bytes]

    @property
    def user(self) -> str:
        """Whose SDK asks; empty where a signature says that it is the app's own server."""
        is_signed = b"checksum" in self.headers
        return "" if is_signed or self.route.layer != SCENE else self.text(b"user")

    def text(self, name: bytes) -> str:
        raw = self.headers.get(name, b"").strip()
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return raw.decode("latin-1")


def problem(door: Door, method: str) -> Denial | None:
    """Check what can be judged without knowing whose call it is."""
    route = door.route
    if not route.operation and not route.allowed:
        return errors.NO_PATH, "no such path; `recording-emulator surface neroom` lists them"
    if not route.operation:
        return errors.WRONG_METHOD, f"{method} is not served here; {', '.join(route.allowed)} is"
    if not door.app_key:
        return errors.UNSIGNED, "AppKey: missing"
    return None


def stranger(
    door: Door, own: Mapping[str, str], view: View, wall_ms: int, *, is_open: bool
) -> Denial | None:
    """Check the signature, or the token of a user, as this tenant has them."""
    named = door.text(b"appkey")
    if named and named != door.app_key:
        return errors.FORBIDDEN, f"AppKey: {named[:40]!r} in the headers, another in the path"
    if not is_open and door.app_key != own["app_key"]:
        return errors.FORBIDDEN, f"AppKey: the tenant's is {own['app_key']}"
    if door.route.layer == SCENE and b"checksum" not in door.headers:
        return _not_signed_in(door, own, view, is_open=is_open)
    settings = view.settings
    why = netease.wrong_with_call(
        netease.read_signature(door.headers),
        own["app_secret"],
        wall_ms,
        takes_ms=settings.lenient_curtime,
        skew_s=settings.curtime_skew_s,
        checks_sum=not is_open,
    )
    return (errors.UNSIGNED, why) if why else None


def _not_signed_in(
    door: Door, own: Mapping[str, str], view: View, *, is_open: bool
) -> Denial | None:
    user, token = door.user, door.text(b"token")
    if not 0 < len(user) <= MAX_USER or not token:
        return errors.LOGIN, "the headers user and token, or AppKey, Nonce, CurTime and CheckSum"
    if not is_open and token != users.token_of(own["app_key"], user, view):
        return errors.TOKEN, f"the token of {user[:40]!r} is another"
    return None
