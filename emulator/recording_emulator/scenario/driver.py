"""What a player needs of whoever runs the tenant: its hand, and ways to the vendor's doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.base import Outward, Spoken

Tell = Callable[[str], None]


class Said(msgspec.Struct, frozen=True):
    """What a call was answered.

    An HTTP answer has a ``status``. An SDK's has none: its promise is ``resolved`` or ``rejected``
    (``how``) with the object in ``body``. With neither no answer came. ``slow_ms`` is how much
    later than at once, by a fault.
    """

    status: int = 0
    body: bytes = b""
    slow_ms: int = 0
    how: Literal["", "resolved", "rejected"] = ""

    @property
    def outcome(self) -> str:
        """The answer in a word."""
        return self.how or str(self.status or "no answer")


class Driver(Protocol):
    """What a player needs of whoever runs the tenant."""

    @property
    def hand(self) -> Hand:
        """The tenant that is played on."""

    @property
    def wall_ms(self) -> int:
        """What a client's own clock reads, for vendors whose clients sign with it."""

    async def send(self, vendor: str, call: Outward) -> Said:
        """Carry a client's request to the vendor's door."""

    async def speak(self, vendor: str, call: Spoken) -> Said:
        """Carry a call of an SDK over its user's connection.

        It is opened where there is none, and resumed where it was lost, as an SDK does by itself.
        """

    async def open(self, vendor: str, user: str, query: dict[str, str], *, again: bool) -> str:
        """Open a user's connection anew, or the one ``again`` that was lost.

        Returns why it was refused, or an empty text.
        """

    async def bye(self, vendor: str, user: str) -> None:
        """Let a user's client leave for good."""
