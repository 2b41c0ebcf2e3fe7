"""The SDK half of a vendor, where its clients hold an SDK instead of calling HTTP. All of it pure.

Nothing public says how such an SDK talks to its backend; its methods, events and rules are public.
So a vendor says here what its methods mean and what its events carry; how they travel is the same
for all of them (``core/members.py``, and the sessions above).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Protocol

import msgspec

from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import Facts, Input, View

UNAUTHORIZED: Final = 4402
"""Close code for a connection that signs in wrongly; ours, as every one from 4400 on."""


class Member(msgspec.Struct, frozen=True, gc=False, tag="core.Member"):
    """One client with an SDK: one connection at a time, or none for a while.

    Attributes:
        id: ``vendor:nth``, in the order in which they came.
        user: Who it is, as the vendor knows its users.
        acks: Whether it says when its listeners are done with an event.
        epoch: How many connections it has had, this one included.
        seq: The number of its last event.
        sent: The number of the last one that was sent, or would have been.
        is_up: Whether it has a connection.
        is_deaf: Whether the connection is dead and nobody has noticed (a fault).
        is_stalled: Whether it does not read for a while (a fault).
        profile: Which of the vendor's SDKs it holds, where they differ.
    """

    id: str
    vendor: str
    user: str
    acks: bool
    epoch: int = 1
    seq: int = 0
    sent: int = 0
    is_up: bool = True
    is_deaf: bool = False
    is_stalled: bool = False
    profile: str = ""


class Change(StrEnum):
    """What a vendor hears of a member that is no call of the SDK."""

    CONNECTED = "connected"
    DROPPED = "dropped"
    RESUMED = "resumed"
    LEFT = "left"
    FORGOTTEN = "forgotten"


class Admitted(msgspec.Struct, frozen=True):
    """A connection that may stay, whose it is, and with which of the vendor's SDKs it came."""

    user: str
    profile: str = ""


class Unwelcome(msgspec.Struct, frozen=True):
    """A connection that may not: a row of the error catalogue, and how it is told.

    ``event`` with ``args`` is what the SDK announces before it is closed with ``close``.
    """

    row: str
    close: int
    reason: str
    event: str = ""
    args: tuple[Any, ...] = ()


class Failure(msgspec.Struct, frozen=True):
    """A vendor's own failure: the text, and the exact object a promise is rejected with."""

    message: str
    data: Any


class Sdk(Protocol):
    """What a vendor says about its SDK."""

    operations: frozenset[str]
    """The methods that are served; each is an operation of the catalogue."""

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        """Return the keys by which a connection finds its tenant, in the order to try."""

    def admit(
        self,
        query: Mapping[str, str],
        view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,
    ) -> Admitted | Unwelcome:
        """Judge a connection by its query.

        Args:
            query: What the connection's address says.
            view: The tenant, as the vendor sees it.
            own: The tenant's credentials.
            is_open: Whether any well-formed credential will do.
            wall_ms: The wall clock, at which a token is judged.
        """

    def decode(
        self, member: Member, method: str, params: Any, view: View, *, wall_ms: int
    ) -> tuple[Input, tuple[str, ...]]:
        """Turn a call into an input (``Malformed`` names the row it deserves), with diagnostics.

        A token among ``params`` is judged at ``wall_ms``; what is left of its life is data of the
        input, and runs in tenant time from there.
        """

    def result(self, answer: Answer, operation: str, view: View) -> Any:
        """Say what a promise resolves with."""

    def failure(self, answer: Answer, operation: str, view: View) -> Failure | None:
        """Say what a promise is rejected with; None where the vendor's SDK never settles it."""

    def args(self, event: str, facts: Facts, view: View) -> list[Any]:
        """Say what a listener of an event is called with."""

    def hear(self, member: Member, change: Change) -> Input | None:
        """Return what the vendor's machines are told of it, if anything."""

    def replays(self, settings: Any) -> bool:
        """Whether a member that resumes gets the events it has missed."""
