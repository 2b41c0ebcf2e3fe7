"""The impure half of the adapter contract: how a request becomes a call, and an answer bytes.

An adapter is one object. The server asks it, in this order: is this request yours (``hosts``,
``claims``), whose is it (``identify``), and ``handle`` it for a tenant, or say that there is none
(``unclaimed``).
"""

import functools
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, Protocol, runtime_checkable

import msgspec

from recording_emulator.core.adapter import Adapter
from recording_emulator.core.faults import Fault
from recording_emulator.errors import BadRequest, EmulatorError
from recording_emulator.runtime.hand import Hand

ENTRY_POINTS = "recording_emulator.vendors"
HINT_HEADER = b"x-recording-emulator-hint"
MAX_BODY_BYTES = 1_048_576


class Request(msgspec.Struct, gc=False):
    """One HTTP request, read whole; ``path`` is without the vendor's prefix.

    ``wall_ms`` is the wall clock, read once by the server; ``decoded`` carries what ``identify``
    had to decode, so that ``handle`` need not do it again. ``too_large`` means the body was cut.
    """

    method: str
    path: str
    query: str
    headers: Mapping[bytes, bytes]
    body: bytes
    wall_ms: int
    decoded: Any = None
    too_large: bool = False


class Response(msgspec.Struct, gc=False):
    """One HTTP response; ``hint`` becomes a header, ``call`` is the journal entry it answers.

    ``spoil`` is the fault that is done to its bytes.
    """

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    hint: str = ""
    call: int = 0
    spoil: Fault | None = None


class Outward(msgspec.Struct, frozen=True):
    """A request as a client of the vendor makes it; ``path`` is below the base URL."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Spoken(msgspec.Struct, frozen=True):
    """A call of an SDK as a user's client makes it; ``query`` is what its connection opens with."""

    user: str
    query: dict[str, str]
    method: str
    params: dict[str, Any]


class Unmade(EmulatorError):
    """A client cannot make a call yet: it needs what no answer has given it."""


def needed(names: Mapping[str, Any], name: str, call: str) -> str:
    """Return what a call needs and an earlier answer has given.

    Raises:
        Unmade: If none has.
    """
    value = names.get(name)
    if not value:
        raise Unmade(f"{call} needs a {name}, and no answer has given one")
    return str(value)


class ClientSide(Protocol):
    """A vendor's client, for who plays one. Pure: it makes requests, the player carries them.

    ``calls`` lists the names of the calls; ``flow`` is what is played where nobody says what: its
    last two start a recording and look at it, an empty name where a vendor has no such call.
    ``ending`` is the call that ends it; ``saved`` names what ``learn`` keeps of answers.

    A client may also have ``room``: the room that a flow records in, where a vendor's rooms cannot
    be called ``demo``.
    """

    calls: tuple[str, ...]
    flow: tuple[str, ...]
    ending: str
    saved: tuple[str, ...]

    def request(
        self,
        call: str,
        credentials: Mapping[str, str],
        saved: Mapping[str, Any],
        given: Mapping[str, Any],
        wall_ms: int,
    ) -> Outward | Spoken:
        """Make a call: fields left out of ``given`` come from ``saved``, or are sensible.

        ``wall_ms`` is the client's own clock, where signing needs one. For a ``SdkSide``,
        ``saved`` may hold a ``user``: who calls.

        Raises:
            Unmade: If it needs what no earlier answer has given.
        """

    def learn(self, call: str, given: Mapping[str, Any], answer: Any) -> dict[str, Any]:
        """Return what a client keeps of a call and its answer, for the calls that follow.

        The answer of an SDK is what the promise was resolved or rejected with.
        """

    def complaint(
        self, credentials: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> str:
        """Say what a receiver finds wrong with a callback, or return an empty text."""


@runtime_checkable
class SdkSide(ClientSide, Protocol):
    """The client side of a vendor whose clients hold an SDK: they sign in, and are in the room.

    ``user`` is who calls where nobody says. ``publishing`` names the calls of ``flow`` by which a
    client sends media itself; where nobody is to be recorded they are left out.
    """

    user: str
    publishing: tuple[str, ...]

    def query(self, credentials: Mapping[str, str], user: str) -> dict[str, str]:
        """Return what a user's connection is opened with."""


@runtime_checkable
class ManySided(SdkSide, Protocol):
    """The client side of a vendor where recording takes two: who calls depends on the call."""

    def caller(self, call: str) -> str:
        """Return who makes a call where nobody says."""


def caller(client: SdkSide, call: str) -> str:
    """Return who makes a call of an SDK where nobody says."""
    return client.caller(call) if isinstance(client, ManySided) else client.user


class VendorAdapter(Adapter, Protocol):
    """A vendor as the server sees it."""

    client: ClientSide

    hosts: tuple[str, ...]
    """Host names that are served, with all that is below them.

    An adapter may also have ``domains``: what the vendor owns besides. A call to a name there that
    is not served is refused and told as a leak.
    """

    def handle_type(self) -> type[Any]:
        """Return the class of this vendor's test handle; imported only when asked for."""

    def sample(self, fake: Any) -> dict[str, Any]:
        """Make up names and request bodies with a seeded Faker."""

    def claims(self, path: str) -> bool:
        """Whether a path at the root is unmistakably this vendor's."""

    def identify(self, request: Request) -> tuple[tuple[str, str, str], ...]:
        """Return the keys a request carries, in the order to try."""

    async def handle(self, request: Request, hand: Hand) -> Response:
        """Authenticate, decode, submit, render."""

    def unclaimed(self, request: Request, hint: str) -> Response:
        """Answer a request that belongs to no tenant, as the vendor would."""


@functools.cache
def load() -> tuple[VendorAdapter, ...]:
    """Load every installed adapter, in the order of their names.

    Raises:
        BadRequest: If two packages register the same name.
    """
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda each: each.name)
    names = [each.name for each in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadRequest(f"more than one installed package is the vendor adapter {sorted(twice)}")
    return tuple(each.load() for each in found)


def hint_value(text: str) -> bytes:
    r"""Write a hint so that it can stand in a header: one line of printable ASCII.

    >>> hint_value("channel 会议\nis full")
    b'channel \\u4f1a\\u8bae is full'
    >>> hint_value("bell \x07")
    b'bell \\x07'
    """
    line = " ".join(text.split()).encode("ascii", "backslashreplace")[:1000]
    return b"".join(
        b"\\x%02x" % each if each < 32 or each == 127 else bytes((each,)) for each in line
    )
