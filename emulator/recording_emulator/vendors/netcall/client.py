"""netcall's client side: its calls are the SDK's, which a scenario cannot make yet."""

from collections.abc import Mapping
from typing import Any

from recording_emulator.families import netease
from recording_emulator.vendors.base import Outward, Unmade


class NetcallClient:
    """Judges message copies; makes no calls over HTTP, for recording has none."""

    calls: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    ending = ""
    saved: tuple[str, ...] = ()

    def request(
        self,
        call: str,
        _credentials: Mapping[str, str],
        _saved: Mapping[str, Any],
        _given: Mapping[str, Any],
        _wall_ms: int,
    ) -> Outward:
        raise Unmade(f"{call} is a call of the SDK, not of HTTP")

    def learn(self, _call: str, _given: Mapping[str, Any], _answer: Any) -> dict[str, Any]:
        return {}

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        return netease.wrong_with_copy(headers, body, credentials["app_secret"])
