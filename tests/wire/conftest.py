"""A made-up vendor whose clients hold an SDK: rooms in which members say things.

Small on purpose, and a whole adapter: methods, events to members, a callback, a call that waits.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

import msgspec
import pytest
from websockets.sync.client import ClientConnection, connect

from recording_emulator.core import faults
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import (
    Arm,
    Emit,
    Facts,
    Input,
    Machine,
    Park,
    Refusal,
    Reply,
    Signal,
    Step,
    Target,
    View,
    do,
)
from recording_emulator.core.outbox import CallbackTarget, Delivery, Failure, RetrySchedule
from recording_emulator.core.sdk import UNAUTHORIZED, Admitted, Change, Unwelcome
from recording_emulator.core.sdk import Failure as Rejection
from recording_emulator.core.sdk import Member as Known
from recording_emulator.core.surface import Basis, EventRow, Operation, Row, Surface
from recording_emulator.core.timers import Tempo
from recording_emulator.runtime.hand import Hand
from recording_emulator.testing import Emulator, Member, Tenant
from recording_emulator.vendors.adapter import BaseAdapter
from recording_emulator.vendors.agora import ADAPTER as AGORA
from recording_emulator.vendors.base import ClientSide, Outward, Request, Response, Unmade
from recording_emulator.vendors.handle import Handle

WAIT_MS = 5_000
GRACE_MS = 30_000


class Join(msgspec.Struct, Input, frozen=True, tag="toy.Join"):
    member: str
    user: str


class Say(msgspec.Struct, Input, frozen=True, tag="toy.Say"):
    member: str
    text: str
    times: int = 1


class Wait(msgspec.Struct, Input, frozen=True, tag="toy.Wait"):
    member: str


class Waited(msgspec.Struct, Input, frozen=True, tag="toy.Waited"):
    pass


class Changed(msgspec.Struct, Input, frozen=True, tag="toy.Changed"):
    member: str
    change: Change


class Vanish(msgspec.Struct, Input, frozen=True, tag="toy.Vanish"):
    member: str


class Told(msgspec.Struct, Facts, frozen=True, tag="toy.Told"):
    text: str

    @property
    def room(self) -> str:
        return "hall"


class State(StrEnum):
    OPEN = "open"


class Hall(msgspec.Struct, frozen=True, tag="toy.Hall"):
    members: tuple[str, ...] = ()
    state: State = State.OPEN


def on_join(hall: Hall, given: Join, _view: View) -> Step | Refusal:
    if given.member in hall.members:
        return Refusal("409 twice", "in the hall already")
    hall = Hall((*hall.members, given.member))
    return Step(hall, (Reply(Told(given.user)), signal(hall, "onJoined", given.user)))


def on_say(hall: Hall, given: Say, _view: View) -> Step | Refusal:
    if given.member not in hall.members:
        return Refusal("404 outside", "join first")
    said = (signal(hall, "onSaid", given.text),) * given.times
    return Step(hall, (Reply(Told(given.text)), *said, Emit("said", "hall", Told(given.text))))


def on_wait(hall: Hall, _given: Wait, _view: View) -> Step:
    return Step(hall, (Park(WAIT_MS, Waited()),))


def on_waited(hall: Hall, _given: Waited, _view: View) -> Step:
    return Step(hall, (Reply(Told("waited")),))


def on_change(hall: Hall, given: Changed, _view: View) -> Step:
    if given.member not in hall.members:
        return Step(hall)
    if given.change in (Change.LEFT, Change.FORGOTTEN):
        return on_vanish(hall, Vanish(given.member), _view)
    told = signal(hall, f"on{given.change.title()}", given.member)
    if given.change is Change.DROPPED:
        wait = Arm(f"vanish {given.member}", GRACE_MS, Vanish(given.member), Tempo.LONG)
        return Step(hall, (told, wait))
    return Step(hall, (told,))


def on_vanish(hall: Hall, given: Vanish, view: View) -> Step:
    if given.member not in hall.members:
        return Step(hall)
    rest = Hall(tuple(each for each in hall.members if each != given.member))
    return Step(rest, (signal(rest, "onLeft", given.member),))


def signal(hall: Hall, event: str, text: str) -> Signal:
    return Signal(event, hall.members, Told(text))


MACHINE = Machine(
    "toy.hall",
    {
        State.OPEN: {
            Join: do(on_join, State.OPEN, refusals=("409 twice",)),
            Say: do(on_say, State.OPEN, refusals=("404 outside",)),
            Wait: do(on_wait, State.OPEN),
            Waited: do(on_waited, State.OPEN),
            Changed: do(on_change, State.OPEN),
            Vanish: do(on_vanish, State.OPEN),
        }
    },
    lambda _key: Hall(),
    (Join, Say, Wait),
    ("park",),
)
GUESS = Basis.ASSUMED
EVENTS = ("onJoined", "onSaid", "onDropped", "onResumed", "onLeft", "said")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    replays: bool = True


class ToySdk:
    operations = frozenset({"join", "say", "wait"})

    def identify(self, query: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("toy", "key", query.get("key", "")),)

    def admit(
        self,
        query: Mapping[str, str],
        _view: View,
        own: Mapping[str, str],
        *,
        is_open: bool,
        wall_ms: int,
    ) -> Admitted | Unwelcome:
        if not is_open and query.get("token") != own["token"]:
            return Unwelcome("401 token", UNAUTHORIZED, "wrong token", "onAuth", ("UNAUTHORIZED",))
        if int(query.get("expires_ms", wall_ms)) < wall_ms:
            return Unwelcome("401 token", UNAUTHORIZED, "token expired", "onAuth", ("EXPIRED",))
        return Admitted(query.get("user", ""))

    def decode(
        self, member: Known, method: str, params: Any, _view: View, *, wall_ms: int
    ) -> tuple[Input, tuple[str, ...]]:
        match method, params:
            case "join", {"expires_ms": int(expires_ms)} if expires_ms < wall_ms:
                return Malformed("401 token", hint="the token has expired"), ()
            case "join", _:
                return Join(member.id, member.user), ()
            case "say", {"text": str(text)}:
                return Say(member.id, text, int(params.get("times", 1))), ()
            case "wait", _:
                return Wait(member.id), ()
            case _:
                return Malformed("400 params", hint="say what?"), ()

    def result(self, answer: Answer, _operation: str, _view: View) -> Any:
        assert isinstance(answer.facts, Told)
        return {"code": 0, "data": answer.facts.text}

    def failure(self, answer: Answer, _operation: str, _view: View) -> Rejection:
        code, _, text = answer.row.partition(" ")
        return Rejection(text, {"code": int(code), "message": text})

    def args(self, _event: str, facts: Facts, _view: View) -> list[Any]:
        assert isinstance(facts, Told)
        return [facts.text]

    def hear(self, member: Known, change: Change) -> Input | None:
        return Changed(member.id, change)

    def replays(self, settings: Any) -> bool:
        return bool(settings.replays)


class NoClient(ClientSide):
    """Nobody calls it over HTTP."""

    calls, flow, ending, saved = (), (), "", ()

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        wall_ms: int,
    ) -> Outward:
        raise Unmade(call)

    def learn(self, call: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        return {}

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        return ""


class Toy(BaseAdapter):
    """The adapter."""

    name = "toy"
    title = "Toy"
    hosts = ("toy.test",)
    machines = (MACHINE,)
    types = (Join, Say, Wait, Waited, Changed, Vanish, Told, Hall)
    settings = Settings
    retry = RetrySchedule((1_000,), 5_000)
    secrets = frozenset({"token"})
    check = Told("check")
    check_statuses: Mapping[Failure, int] = dict.fromkeys(Failure, 0)
    sdk = ToySdk()
    client = NoClient()
    surface = Surface(
        operations=tuple(
            Operation(name, "SDK", name, "made up: assumed", GUESS) for name in ToySdk.operations
        ),
        errors=tuple(
            Row(row, 200, int(row[:3]), row[4:], "made up", "made up: assumed", GUESS)
            for row in ("400 params", "401 token", "404 outside", "409 twice")
        ),
        events=tuple(
            EventRow(name, 0, name, "made up", "made up: assumed", GUESS) for name in EVENTS
        ),
        limits=(),
        faults=(faults.SDK,),
    )
    hall: ClassVar[Target] = Target("toy.hall", "hall")

    def handle_type(self) -> type[Any]:
        return ToyHandle

    def sample(self, fake: Any) -> dict[str, Any]:
        return {}

    def credentials(self, tenant: str) -> dict[str, str]:
        return {kind: self.derived(tenant, kind, 8).hex() for kind in ("key", "token")}

    def keys(self, credentials: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
        return (("toy", "key", credentials["key"]),)

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        return ()

    async def handle(self, request: Request, hand: Hand) -> Response:
        return Response(404, b"{}")

    def unclaimed(self, request: Request, hint: str) -> Response:
        return Response(401, b"{}", hint=hint)

    def locate(self, given: Input, view: View) -> Target | Refusal:
        return self.hall

    def room_of(self, given: Input) -> str:
        return "hall"

    def outgoing(
        self, delivery: Delivery, target: CallbackTarget, now_ms: int, view: View
    ) -> tuple[tuple[tuple[str, str], ...], bytes]:
        return (), msgspec.json.encode({"event": delivery.event, "facts": delivery.facts})

    def accepts(self, status: int, body: bytes, settings: Any) -> str:
        return "" if status == 200 else f"status {status}"

    def summary(self, task: Any) -> dict[str, Any] | None:
        return None


class ToyHandle(Handle):
    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[int | str, str]:
        return str(json.loads(body)["event"]), ""


@pytest.fixture(scope="session")
def toy_server() -> Iterator[Emulator]:
    server = Emulator(adapters=(Toy(), AGORA))
    yield server
    server.close()


@pytest.fixture(scope="session")
def recording_emulator_server(toy_server: Emulator) -> Emulator:
    """The server on which the plugin makes tenants here."""
    return toy_server


@pytest.fixture
def tls_server() -> Iterator[Emulator]:
    server = Emulator(adapters=(Toy(),), tls=True)
    yield server
    server.close()


@pytest.fixture
def toy(tenant: Tenant) -> Handle:
    return tenant.vendor("toy")


class Hosts:
    """Members of one tenant, who sign in rightly."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def __call__(self, user: str, *, acks: bool = True, joins: bool = True, **query: str) -> Member:
        own = self.tenant.info.credentials["toy"]
        member = self.tenant.member("toy", {"user": user, **own, **query}, acks=acks)
        if joins:
            member.call("join")
        return member


@pytest.fixture
def member(tenant: Tenant) -> Hosts:
    return Hosts(tenant)


class Raw:
    """A bare connection, for what no client of ours would send."""

    def __init__(self, tenant: Tenant, **query: str) -> None:
        own = {**tenant.info.credentials["toy"], **query}
        base = tenant.emulator.url.replace("http", "ws")
        text = "&".join(f"{key}={value}" for key, value in own.items())
        self.line = connect(f"{base}/toy/sdk?{text}")
        self.socket: ClientConnection = self.line.__enter__()
        self.welcome = self.receive()

    def send(self, frame: Any) -> None:
        is_raw = isinstance(frame, str | bytes)
        self.socket.send(frame if is_raw else json.dumps(frame))

    def receive(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.socket.recv(timeout=5))
        return found

    def ask(self, method: str, number: int = 1, **params: Any) -> dict[str, Any]:
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.receive()


class Raws:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.made: list[Raw] = []

    def __call__(self, tenant: Tenant | None = None, **query: str) -> Raw:
        self.made.append(Raw(tenant or self._tenant, user="raw", **query))
        return self.made[-1]


@pytest.fixture
def raw(tenant: Tenant) -> Iterator[Raws]:
    raws = Raws(tenant)
    yield raws
    for each in raws.made:
        each.line.__exit__(None, None, None)


def advancing(toy: Handle, **span: float) -> threading.Thread:
    """Advance beside the test, which has to answer meanwhile."""
    thread = threading.Thread(target=toy.advance, kwargs=span)
    thread.start()
    return thread


@pytest.fixture
def beside() -> Any:
    return advancing


def entries(toy: Handle, kind: str) -> Sequence[tuple[str, str]]:
    """What the journal says of a kind: who, and what."""
    return [(each["subject"], each["name"]) for each in toy.journal(kind=kind)]


@pytest.fixture
def told() -> Any:
    return entries
