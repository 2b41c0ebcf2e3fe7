"""What a test holds, whatever the vendor: verbs over the admin API, blocking or awaitable.

``Handle`` blocks, ``AsyncHandle`` (a handle's ``aio``) returns something to await.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from recording_emulator.runtime.wants import Advanced, Fired
from recording_emulator.vendors.arranging import AsyncFaults, AsyncRoom, Faults, Room
from recording_emulator.vendors.verbs import (
    INSIDE,
    Ask,
    Awaiting,
    Blocking,
    Control,
    Verbs,
    nothing,
    reading,
    verb,
)

HOUR_MS: Final = 3_600_000


class Info(msgspec.Struct, frozen=True):
    """A tenant as the admin API describes it."""

    name: str
    id: str
    mode: str
    seed: int
    start_ms: int
    now_ms: int
    credentials: dict[str, dict[str, str]]


class Callback(msgspec.Struct, frozen=True):
    """One delivery as the admin API lists it."""

    number: int
    vendor: str
    event: str
    target: str
    fate: str
    emitted_ms: int
    cause: int
    attempts: list[dict[str, Any]]
    body: dict[str, Any] | None
    is_check: bool


class Checked(msgspec.Struct, frozen=True):
    """How a target took the test of one event; ``status`` is what the vendor's console shows."""

    event: str
    status: int
    ok: bool
    why: str


class StoredObject(msgspec.Struct, frozen=True):
    """One stored file, with the URL it can be read from."""

    bucket: str
    key: str
    size_bytes: int
    content_type: str
    stored_ms: int
    url: str


def span_ms(hours: float, minutes: float, seconds: float, ms: int) -> int:
    """Add up a duration.

    >>> span_ms(1, 0, 0.5, 3)
    3600503
    """
    return round(hours * HOUR_MS + minutes * 60_000 + seconds * 1_000) + ms


class HandleVerbs(Verbs):
    """One vendor of one tenant: its clock, what happened, and where callbacks go.

    Skipped time is shared by everything in the tenant, whatever the vendor.
    """

    def __init__(self, control: Control, info: Info, vendor: str) -> None:
        super().__init__(control)
        self.info = info
        self.vendor = vendor
        self._path = f"/_emulator/tenants/{info.id}"

    @property
    def base_url(self) -> str:
        """Where this vendor's API is, for a client that takes a base URL."""
        return f"{self.control.url}/{self.vendor}"

    @property
    def credentials(self) -> Mapping[str, str]:
        return self.info.credentials[self.vendor]

    def _advance(self, **body: Any) -> Ask[Advanced]:
        inside = {"is_inside": True} if INSIDE.get() else {}
        return Ask("POST", f"{self._path}/clock/advance", reading(Advanced), {**body, **inside})

    @verb
    def advance(
        self,
        *,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        ms: int = 0,
        max_timers: int = 250_000,
    ) -> Ask[Advanced]:
        """Move the clock forward; returns when all that fell due is done and answered.

        Raises:
            TooManyTimers: If more than ``max_timers`` timers fired.
        """
        delta_ms = span_ms(hours, minutes, seconds, ms)
        return self._advance(delta_ms=delta_ms, max_timers=max_timers)

    @verb
    def advance_to(self, at_ms: int) -> Ask[Advanced]:
        """Move the clock to an instant, in milliseconds since the Unix epoch.

        Raises:
            Conflict: If it lies in the past.
        """
        return self._advance(to_ms=at_ms)

    @verb
    def advance_until(
        self, event: int | str, *, room: str = "", hours: float = 24
    ) -> Ask[Advanced]:
        """Move the clock until the deliveries of the next such event are answered.

        Raises:
            NeverHappened: If it does not come within ``hours``.
        """
        until = {"vendor": self.vendor, "event": str(event), "room": room}
        return self._advance(until=until, limit_ms=round(hours * HOUR_MS))

    @verb
    def settle(self) -> Ask[Advanced]:
        """Wait until nothing that is due now is in flight; the clock does not move."""
        return self._advance(delta_ms=0)

    @verb
    def wait_for(self, *, call: str, timeout_s: float = 5) -> Ask[int]:
        """Wait in real time for the app's next call; returns its number in the journal.

        What an app does after it has answered a callback is invisible to the clock; this is for
        such apps.

        Raises:
            NeverHappened: If none came.
        """
        body = {"call": call, "timeout_s": timeout_s}
        return Ask("POST", f"{self._path}/clock/wait", reading(int, "seq"), body)

    @verb
    def now_ms(self) -> Ask[int]:
        """Where the tenant's clock stands, in milliseconds since the Unix epoch."""
        return Ask("GET", f"{self._path}/clock", reading(int, "now_ms"))

    @verb
    def send_callbacks_to(
        self,
        url: str,
        *,
        events: list[int | str] | None = None,
        secret: str = "",
        target: str = "",
    ) -> Ask[str]:
        """Add a place where callbacks go; returns its id. ``events`` None: all of them."""
        names = None if events is None else [str(each) for each in events]
        body = {"vendor": self.vendor, "url": url, "events": names, "secret": secret, "id": target}
        return Ask("POST", f"{self._path}/targets", reading(str, "id"), body)

    @verb
    def remove_target(self, target: str) -> Ask[None]:
        """Send no more callbacks there."""
        return Ask("DELETE", f"{self._path}/targets/{quote(target, safe='')}", nothing)

    @verb
    def check_target(self, target: str) -> Ask[list[Checked]]:
        """Test a target as the vendor's console does: once with every event it subscribes to.

        The clock moves, to the vendor's limit, if the target leaves a test unanswered.

        Raises:
            Conflict: If the target has not answered its last callback yet.
        """
        path = f"{self._path}/targets/{quote(target, safe='')}/check"
        return Ask("POST", path, reading(list[Checked], "checked"))

    @verb
    def configure(self, /, **settings: Any) -> Ask[None]:
        """Change this vendor's settings; what is left out keeps its value."""
        return Ask("PATCH", self._path, nothing, {"settings": {self.vendor: settings}})

    @verb
    def tasks(self) -> Ask[list[dict[str, Any]]]:
        """List the tasks, oldest first."""
        return Ask("GET", f"{self._path}/tasks", reading(list[dict[str, Any]], "tasks"))

    @verb
    def callbacks(self) -> Ask[list[Callback]]:
        """List the deliveries with their attempts, oldest first."""
        return Ask("GET", f"{self._path}/callbacks", reading(list[Callback], "callbacks"))

    @verb
    def replay(self, number: int) -> Ask[Callback]:
        """Send a callback once more, as a delivery of its own."""
        return Ask("POST", f"{self._path}/callbacks/{number}/replay", reading(Callback))

    @verb
    def objects(self, *, start: int = 0) -> Ask[list[StoredObject]]:
        """List what is stored, at most 1,000 files from the ``start``-th on."""
        path = f"{self._path}/objects?{urlencode({'start': start})}"
        return Ask("GET", path, reading(list[StoredObject], "objects"))

    @verb
    def read_object(self, key: str, *, bucket: str) -> Ask[bytes]:
        """Read one stored file."""
        return Ask("GET", f"/_files/{self.info.id}/{quote(bucket, safe='')}/{quote(key)}", bytes)

    @verb
    def journal(self, *, since: int = 0, kind: str = "") -> Ask[list[dict[str, Any]]]:
        """List what happened, oldest first, secrets marked."""
        query = urlencode({"since": since, **({"kind": kind} if kind else {})})
        path = f"{self._path}/journal?{query}"
        return Ask("GET", path, reading(list[dict[str, Any]], "entries"))

    @verb
    def canonical_journal(self) -> Ask[bytes]:
        """Return the journal as lines that depend on seed and inputs alone."""
        return Ask("GET", f"{self._path}/journal?canonical=1", bytes)

    @verb
    def timeline(self) -> Ask[str]:
        """Return what happened in words."""
        return Ask("GET", f"{self._path}/timeline", bytes.decode)

    @verb
    def snapshot(self) -> Ask[bytes]:
        """Return the whole tenant as bytes. They hold secrets.

        Raises:
            Conflict: If deliveries are unanswered.
        """
        return Ask("GET", f"{self._path}/snapshot", bytes)


class Handle(HandleVerbs, Blocking):
    """One vendor of one tenant, blocking; ``aio`` is the same for ``await``."""

    def room(self, name: str) -> Room:
        """Return a room of this vendor."""
        return Room(self.control, self._path, self.vendor, name)

    @property
    def faults(self) -> Faults:
        """The faults of this tenant, on this vendor."""
        return Faults(self.control, self._path, self.vendor)

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        """Read a callback as a subscriber would: its event, and what is wrong with it."""
        raise NotImplementedError

    @property
    def aio(self) -> AsyncHandle:
        """The same verbs, to be awaited."""
        return AsyncHandle(self.control, self.info, self.vendor)


class AsyncHandle(HandleVerbs, Awaiting):
    """One vendor of one tenant, awaitable."""

    def room(self, name: str) -> AsyncRoom:
        """Return a room of this vendor."""
        return AsyncRoom(self.control, self._path, self.vendor, name)

    @property
    def faults(self) -> AsyncFaults:
        """The faults of this tenant, on this vendor."""
        return AsyncFaults(self.control, self._path, self.vendor)


__all__ = ["Advanced", "AsyncHandle", "Fired", "Handle"]
