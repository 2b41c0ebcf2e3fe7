"""What a test holds, whatever the vendor: verbs over the admin API, blocking or awaitable.

A verb is written once, as the request it makes and how its answer is read; ``Handle`` runs it
blocking, ``AsyncHandle`` (a handle's ``aio``) returns something to await.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar, overload
from urllib.parse import quote, urlencode

import msgspec

from recording_emulator.runtime.wants import Advanced, Fired

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

INSIDE: Final[ContextVar[bool]] = ContextVar("recording_emulator_inside", default=False)
"""True while a callback handler of ours runs: its advance must not wait for its own delivery."""

HOUR_MS: Final = 3_600_000


class Ask(Generic[R]):
    """A request of the admin API, and how its answer becomes a value."""

    __slots__ = ("body", "method", "path", "read")

    def __init__(
        self, method: str, path: str, read: Callable[[bytes], R], body: Any = None
    ) -> None:
        self.method, self.path, self.read = method, path, read
        self.body = None if body is None else msgspec.json.encode(body)


class Control(Protocol):
    """Carries requests to the admin API of one server."""

    @property
    def url(self) -> str: ...

    def ask(self, ask: Ask[R]) -> R: ...

    async def ask_async(self, ask: Ask[R]) -> R: ...


class Verbs:
    """Anything with verbs: it knows a control and whether it blocks."""

    def __init__(self, control: Control) -> None:
        self.control = control


class Blocking(Verbs):
    """Verbs that return their value."""


class Awaiting(Verbs):
    """Verbs that return an awaitable of their value."""


class verb(Generic[P, R]):  # noqa: N801 - reads as a decorator
    """One admin verb as a method of both forms of a handle."""

    def __init__(self, build: Callable[Concatenate[Any, P], Ask[R]]) -> None:
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, instance: Blocking, owner: type) -> Callable[P, R]: ...
    @overload
    def __get__(self, instance: Awaiting, owner: type) -> Callable[P, Awaitable[R]]: ...
    def __get__(self, instance: Verbs, owner: type) -> Callable[P, Any]:
        build, control = self._build, instance.control

        if isinstance(instance, Awaiting):

            @functools.wraps(build)
            def begin(*args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
                return control.ask_async(build(instance, *args, **kwargs))

            return begin

        @functools.wraps(build)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            return control.ask(build(instance, *args, **kwargs))

        return run


def reading(kind: type[T], *path: str) -> Callable[[bytes], T]:
    """Read an answer as ``kind``, from below the given keys."""

    def read(raw: bytes) -> T:
        found = msgspec.json.decode(raw)
        for key in path:
            found = found[key]
        return msgspec.convert(found, kind)

    return read


def nothing(_raw: bytes) -> None:
    """Read an answer that says nothing."""


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


class RoomVerbs(Verbs):
    """A room of one vendor: put people into it, take them out, let them publish."""

    def __init__(self, control: Control, path: str, vendor: str, name: str) -> None:
        super().__init__(control)
        self._path, self._vendor, self.name = path, vendor, name

    def _body(self, uid: int | str, **more: Any) -> dict[str, Any]:
        given = {key: value for key, value in more.items() if value is not None}
        inside = {"is_inside": True} if INSIDE.get() else {}
        return {"vendor": self._vendor, "room": self.name, "uid": str(uid), **given, **inside}

    @verb
    def join(
        self,
        uid: int | str,
        *,
        audio: bool = True,
        video: bool = True,
        role: str = "host",
        stream: str = "",
        board: bool = False,
    ) -> Ask[None]:
        """Someone joins, publishing audio and video unless told otherwise.

        ``stream`` names what they publish (none: the uid); ``board``: they open a whiteboard.
        """
        body = self._body(uid, audio=audio, video=video, role=role, stream=stream, board=board)
        return Ask("POST", f"{self._path}/participants", nothing, body)

    @verb
    def leave(self, uid: int | str) -> Ask[None]:
        """Someone leaves."""
        return Ask("DELETE", f"{self._path}/participants", nothing, self._body(uid))

    @verb
    def publish(
        self,
        uid: int | str,
        *,
        audio: bool | None = None,
        video: bool | None = None,
        board: bool | None = None,
    ) -> Ask[None]:
        """Someone starts or stops publishing, or showing a board; what is left out stays."""
        body = self._body(uid, audio=audio, video=video, board=board)
        return Ask("PATCH", f"{self._path}/participants", nothing, body)


class Room(RoomVerbs, Blocking):
    """A room, blocking."""


class AsyncRoom(RoomVerbs, Awaiting):
    """A room, awaitable."""


class FaultVerbs(Verbs):
    """The faults of a tenant, on one vendor."""

    def __init__(self, control: Control, path: str, vendor: str) -> None:
        super().__init__(control)
        self._path, self._vendor = path, vendor

    def _arm(self, on: str, effect: str, **fields: Any) -> Ask[dict[str, Any]]:
        fields["event"] = str(fields.get("event", ""))
        body = {"vendor": self._vendor, "on": on, "effect": effect, **fields}
        return Ask("POST", f"{self._path}/faults", msgspec.json.decode, body)

    @verb
    def add(
        self,
        /,
        on: str,
        *,
        effect: str,
        operation: str = "",
        event: int | str = "",
        file: str = "",
        room: str = "",
        nth: int = 1,
        times: int | None = 1,
        **more: Any,
    ) -> Ask[dict[str, Any]]:
        """Arm a fault: where it bites (``on``), what happens there (``effect``), how often.

        ``file`` is for faults on ``object``: how the names of the files end (``ts``). ``more`` are
        the effect's parameters (``code``, ``by_ms``, ``after_ms``, ``for_ms``, ``status``,
        ``commit``) and ``chance``, ``from_ms``, ``until_ms``, ``may_not_fire``, ``id``.

        Raises:
            BadRequest: If there is no such point, effect, operation, event or parameter; the
                message lists what there is.
        """
        matcher = {"operation": operation, "event": event, "file": file, "room": room}
        return self._arm(on, effect, nth=nth, times=times, **matcher, **more)

    @verb
    def answer(
        self, /, operation: str, code: int | str, *, commit: bool = False, **more: Any
    ) -> Ask[dict[str, Any]]:
        """Answer a call with a row of the error catalogue, by code or id; ``more`` as in ``add``.

        The call is not carried out, unless ``commit`` says so.
        """
        params = {"code": str(code), "commit": commit, **more}
        return self._arm("call", "answer", operation=operation, **params)

    @verb
    def drop(self, /, event: int | str = "", **more: Any) -> Ask[dict[str, Any]]:
        """Never send a callback; ``more`` as in ``add``."""
        return self._arm("callback", "drop", event=event, **more)

    @verb
    def delay(self, /, event: int | str = "", *, ms: int, **more: Any) -> Ask[dict[str, Any]]:
        """Send a callback this much later, on tenant time; ``more`` as in ``add``."""
        return self._arm("callback", "delay", event=event, by_ms=ms, **more)

    @verb
    def duplicate(self, /, event: int | str = "", **more: Any) -> Ask[dict[str, Any]]:
        """Send a callback twice; ``more`` as in ``add``."""
        return self._arm("callback", "duplicate", event=event, **more)

    @verb
    def disarm(self, fault_id: str) -> Ask[None]:
        """Take a fault back."""
        return Ask("DELETE", f"{self._path}/faults/{quote(fault_id, safe='')}", nothing)

    @verb
    def why(self, fault_id: str) -> Ask[str]:
        """Say why a fault has not fired, and what came nearest; an empty text if it has."""
        path = f"{self._path}/faults/{quote(fault_id, safe='')}/why"
        return Ask("GET", path, reading(str, "why"))

    @verb
    def all(self) -> Ask[list[dict[str, Any]]]:
        """List the faults with their fired counts."""
        return Ask("GET", f"{self._path}/faults", reading(list[dict[str, Any]], "faults"))


class Faults(FaultVerbs, Blocking):
    """Faults, blocking."""


class AsyncFaults(FaultVerbs, Awaiting):
    """Faults, awaitable."""


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
