"""A vendor in a package of its own, as small as one can be: two calls, one event.

``POST /start`` and ``POST /stop`` with ``{"room": "…"}`` and a header ``X-Acme-Key``.
"""

import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer, Call, Denied
from recording_emulator.core.machine import (
    Emit,
    Facts,
    Input,
    Machine,
    Refusal,
    Refuse,
    Reply,
    Retire,
    Step,
    Target,
    View,
    do,
)
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.surface import Basis, EventRow, Operation, Row, Surface
from recording_emulator.runtime.hand import Hand
from recording_emulator.vendors.adapter import BaseAdapter
from recording_emulator.vendors.base import ClientSide, Outward, Request, Response
from recording_emulator.vendors.handle import Handle

TASK: Final = "acme.task"
BAD_KEY, BAD_BODY, NOT_RUNNING, RUNNING = "bad key", "bad body", "not running", "already running"
_DOC: Final = Basis.DOCUMENTED


class State(StrEnum):
    """Whether a room is recorded."""

    IDLE = "idle"
    RECORDING = "recording"
    ENDED = "ended"


class Task(msgspec.Struct, frozen=True, tag="acme.Task"):
    """The recording of one room."""

    state: State
    room: str


class Start(msgspec.Struct, Input, frozen=True, tag="acme.Start"):
    """Record a room."""

    room: str


class Stop(msgspec.Struct, Input, frozen=True, tag="acme.Stop"):
    """Record it no more."""

    room: str


class Done(msgspec.Struct, Facts, frozen=True, tag="acme.Done"):
    """A room, in an answer and in the one event."""

    name: str

    @property
    def room(self) -> str:
        return self.name


def on_start(task: Task, _given: Start, _view: View) -> Step:
    return Step(replace(task, state=State.RECORDING), (Reply(Done(task.room)),))


def on_stop(task: Task, _given: Stop, _view: View) -> Step:
    done = Done(task.room)
    told = Emit("done", task.room, done)
    return Step(replace(task, state=State.ENDED), (told, Reply(done), Retire(task.room)))


MACHINE: Final = Machine(
    TASK,
    {
        State.IDLE: {Start: do(on_start, State.RECORDING), Stop: Refuse(NOT_RUNNING)},
        State.RECORDING: {Start: Refuse(RUNNING), Stop: do(on_stop, State.ENDED)},
        State.ENDED: {Start: do(on_start, State.RECORDING), Stop: Refuse(NOT_RUNNING)},
    },
    lambda key: Task(State.IDLE, key),
    (Start, Stop),
)
SURFACE: Final = Surface(
    operations=tuple(Operation(n, "POST", f"/{n}", "Acme", _DOC) for n in ("start", "stop")),
    errors=tuple(
        Row(name, status, status, name, "…", "Acme", _DOC)
        for name, status in ((BAD_KEY, 401), (BAD_BODY, 400), (NOT_RUNNING, 404), (RUNNING, 409))
    ),
    events=(EventRow("done", 0, "done", "a recording has ended", "Acme", _DOC),),
)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Acme has nothing to choose."""


class Body(msgspec.Struct, frozen=True):
    """What every call says."""

    room: str


class Acme(Handle):
    """Acme of one tenant."""

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        return "done", CLIENT.complaint(self.credentials, headers, body)


class Client(ClientSide):
    """Acme's two calls."""

    calls = ("start", "stop")
    flow = ("start", "start")
    ending = "stop"
    saved = ("room",)

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        _saved: Mapping[str, Any],
        given: Mapping[str, Any],
        _wall_ms: int,
    ) -> Outward:
        body = msgspec.json.encode({"room": given.get("room", "demo")})
        return Outward("POST", f"/{call}", {"X-Acme-Key": credentials["key"]}, body)

    def learn(self, _call: str, _given: Mapping[str, Any], _answer: Any) -> dict[str, Any]:
        return {}

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        mine = hmac.new(credentials["callback_secret"].encode(), body, hashlib.sha256).hexdigest()
        theirs = {name.lower(): value for name, value in headers.items()}.get("x-acme-signature")
        return "" if mine == theirs else "wrong signature"


CLIENT: Final = Client()


class AcmeAdapter(BaseAdapter):
    """Acme as an adapter."""

    name = "acme"
    title = "Acme"
    hosts = ("acme.test",)
    machines = (MACHINE,)
    types = (Task, Start, Stop, Done)
    surface = SURFACE
    settings = Settings
    retry = RetrySchedule((1_000,), 5_000)
    secrets = frozenset[str]()
    check = Done("check")
    check_statuses: Mapping[Failure, int] = {}
    client = CLIENT

    def handle_type(self) -> type[Any]:
        return Acme

    def sample(self, fake: Any) -> dict[str, Any]:
        return {"room": fake.word()}

    def credentials(self, tenant: str) -> dict[str, str]:
        kinds = ("key", "callback_secret")
        return {kind: self.derived(tenant, kind, 8).hex() for kind in kinds}

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("acme", "key", credentials["key"]),)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        return (("acme", "key", request.headers.get(b"x-acme-key", b"").decode("latin-1")),)

    async def handle(self, request: Request, hand: Hand) -> Response:
        operation = request.path.strip("/")
        kinds: dict[str, type[Start] | type[Stop]] = {"start": Start, "stop": Stop}
        kind = kinds.get(operation)
        if kind is None:
            return self._respond(hand.apply(Denied(self.name, operation, NOT_RUNNING)))
        given: Input
        try:
            given = kind(msgspec.json.decode(request.body, type=Body).room)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            given = Malformed(BAD_BODY, hint=str(error))
        return self._respond(await hand.call(Call(self.name, operation, given)))

    def _respond(self, answer: Answer) -> Response:
        status = SURFACE.error(answer.row).http if answer.row else 200
        body = msgspec.json.encode(answer.facts or {"error": answer.row})
        kind = (b"content-type", b"application/json")
        return Response(status, body, (kind,), answer.hint, answer.call, answer.spoil)

    def unclaimed(self, _request: Request, hint: str) -> Response:
        return self._respond(Answer(0, BAD_KEY, hint))

    def locate(self, given: Input, _view: View) -> Target | Refusal:
        return Target(TASK, self.room_of(given))

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, _view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        body = msgspec.json.encode({"event": "done", "room": delivery.facts.room, "at_ms": now_ms})
        mine = hmac.new(target.secret.encode(), body, hashlib.sha256).hexdigest()
        return (("X-Acme-Signature", mine),), body

    def accepts(self, status: int, _body: bytes, _settings: Settings) -> str:
        return "" if status == 200 else f"status {status}, expected 200"

    def summary(self, task: Any) -> dict[str, Any] | None:
        return {"id": task.room, "state": task.state, "room": task.room}


ADAPTER: Final = AcmeAdapter()
