"""CloudRoom's client side for scenarios: it records with the SDK, which a scenario cannot yet."""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.vendors.base import Outward, Unmade
from recording_emulator.vendors.cloudroom import callbacks

DEMO: Final[Mapping[str, str]] = {"comp_id": "1", "comp_secret": "1", "callback_secret": "1"}
"""What a self-hosted backend and the vendor's samples come with (sheet §6.1)."""
DEMO_PORT: Final = 2727
"""The port of the vendor's Java sample."""


class CloudRoomClient:
    """Judges callbacks; makes no calls over HTTP, for recording has none."""

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
        self, credentials: Mapping[str, str], _headers: Mapping[str, str], body: bytes
    ) -> str:
        return callbacks.verify(body, credentials["comp_id"], credentials["callback_secret"])[1]
