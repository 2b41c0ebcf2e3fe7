"""The pure half of the adapter contract: what a vendor must say for its tenants to run.

What touches a request or a socket is added in ``vendors/base.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from recording_emulator.core.machine import Facts, Input, Machine, Refusal, Target, View
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Surface

if TYPE_CHECKING:
    from recording_emulator.core.sdk import Sdk


class Quota(msgspec.Struct, frozen=True):
    """At most ``per_second`` calls of one bucket in a sliding second of tenant time."""

    bucket: str
    per_second: int
    row: str


class Malformed(msgspec.Struct, Input, frozen=True, tag="core.Malformed"):
    """A request whose body could not become an input: the row that says so, and why.

    ``says`` is the vendor's free text on the wire, ``hint`` ours; ``account`` is whose call it was.
    """

    row: str
    says: str = ""
    hint: str = ""
    room: str = ""
    account: str = ""


class Adapter(Protocol):
    """A vendor as the core sees it: tables, catalogue, callbacks. All of it pure.

    ``name`` is also the fixture's name, the prefix of its routes and the tag of its types.
    ``types`` lists every struct that may stand in a snapshot: tasks, inputs, facts, recipes.
    ``secrets`` names the fields that are never shown.
    ``check_statuses`` is what a check of a target shows where no status came back.
    ``sdk`` is what there is to say about its SDK, None where clients call HTTP themselves.
    """

    name: str
    machines: tuple[Machine, ...]
    types: tuple[type, ...]
    surface: Surface
    settings: type[Any]
    retry: RetrySchedule
    secrets: frozenset[str]
    check_statuses: Mapping[Failure, int]
    sdk: Sdk | None

    def credentials(self, tenant: str) -> dict[str, str]:
        """Derive what a client of this tenant signs in with, from the tenant's name alone."""

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        """Return the ``(family, kind, value)`` keys under which a request finds the tenant."""

    def locate(self, given: Input, view: View) -> Target | Refusal:
        """Find the task a call is about: the checks that come before the state of the task."""

    def room_of(self, given: Input) -> str:
        """Return the room a call names, or an empty string; faults match on it."""

    def quota(self, operation: str, given: Input, settings: Any, by_default: bool) -> Quota | None:
        """Return the rate limit a call falls under, or None.

        ``by_default`` says whether limits are on where the settings do not say.
        """

    def is_read(self, operation: str) -> bool:
        """Whether a call only looks; in mode ``auto`` a look moves the clock first."""

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        """Render one attempt: its headers, signed, and its body."""

    def accepts(self, status: int, body: bytes, settings: Any) -> str:
        """Judge a subscriber's answer: empty if the delivery succeeded, else why not."""

    def copies(self, settings: Any) -> int:
        """Return how many times every event goes out to each target, each on its own."""

    def check_facts(self, event: str) -> Facts:
        """Make up what an event says that only tests a target (``Check``)."""

    def event_name(self, event: str) -> str:
        """Resolve what a user calls an event to its catalogue id; unknown ones raise KeyError."""

    def summary(self, task: Any) -> dict[str, Any] | None:
        """Describe a task for people; None for things that are part of another task."""
