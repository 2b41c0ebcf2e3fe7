"""Faults: one injected misbehaviour each, with a matcher and a count.

A fault is data. Where it bites is a *point*: a call, a callback, the door, or one that a vendor
declares (an upload, a recorder). What would have behaved asks there for the first armed fault that
matches; asking uses one firing up. A fault that is used up stays listed with its fired count.

Effects of the core's points (``POINTS``) work the same for every vendor; those of a vendor's own
points are carried out by its machines.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

CALL: Final = "call"
CALLBACK: Final = "callback"
DOOR: Final = "door"
OBJECT: Final = "object"
FOREVER_MS: Final = 2**53


class Effect(msgspec.Struct, frozen=True):
    """What a fault can do at a point, and which of its parameters say more.

    A parameter in ``needs`` must be given, one in ``takes`` may be.
    """

    name: str
    means: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """A place where faults bite, and what they can do there."""

    name: str
    means: str
    effects: tuple[Effect, ...]

    def effect(self, name: str) -> Effect | None:
        return next((each for each in self.effects if each.name == name), None)


POINTS: Final = (
    Point(
        CALL,
        "a client's call that was let in at the door",
        (
            Effect("answer", "answered with a row of the error catalogue", ("code",), ("commit",)),
            Effect(
                "status",
                "answered with a bare HTTP status, as a proxy in between would",
                ("status",),
                ("commit",),
            ),
            Effect("slow", "carried out; answered so much later, in real time", ("by_ms",)),
            Effect("reset", "the connection is reset instead of an answer", (), ("commit",)),
            Effect("empty", "the connection is closed without a byte", (), ("commit",)),
            Effect("truncate", "carried out; the connection is closed in the middle of the body"),
            Effect("malform", "carried out; the body is cut in half and is no JSON"),
            Effect("hang", "never answered; the client has to give up", (), ("commit",)),
            Effect("before_reply", "the first callback it causes is handled before it is answered"),
        ),
    ),
    Point(
        CALLBACK,
        "an event on its way to one receiver",
        (
            Effect("drop", "never sent"),
            Effect("delay", "sent so much later", ("by_ms",)),
            Effect("duplicate", "sent twice"),
            Effect("swap", "sent after the one that follows it, or a minute later"),
            Effect("lose", "one attempt is lost on the way; the vendor times out and retries"),
            Effect("unheard", "one attempt's answer is lost; the vendor retries what was received"),
            Effect("wrong_signature", "one attempt is signed with another secret"),
            Effect("stale", "one attempt claims to be sent so much earlier", ("by_ms",)),
            Effect("cut", "one attempt has half of its body; the signature is of the whole"),
            Effect("disconnect", "a WebSocket subscriber is cut off by one attempt"),
        ),
    ),
    Point(
        DOOR,
        "a request before its signature or token is judged",
        (Effect("skew", "the backend's clock is so far ahead (behind, if negative)", ("by_ms",)),),
    ),
    Point(
        OBJECT,
        "a file that a recording stores; of slices or pictures the first one, or the first that "
        "is stored after_ms later; what is announced stays as it would be",
        (
            Effect("missing", "it is neither listed nor there", (), ("after_ms",)),
            Effect("truncate", "the second half of it is missing", (), ("after_ms",)),
            Effect("empty", "it has no bytes", (), ("after_ms",)),
            Effect("corrupt", "a byte of it is another, so its md5 is wrong", (), ("after_ms",)),
            Effect("wrong_duration", "a playlist says that its slices are twice as long; media are",
                   (), ("after_ms",)),
            Effect("late", "it comes so much later", ("by_ms",), ("after_ms",)),
            Effect("listed_early", "it is listed, but not there until so much later", ("by_ms",),
                   ("after_ms",)),
        ),
    ),
)  # fmt: skip
SDK: Final = Point(
    "wire",
    "an SDK's event on its way to one member, or a member on its way back",
    (
        Effect("drop", "the connection is dropped instead; a member that resumes gets the event"),
        Effect("lose", "the event is never sent; the next one shows the hole in ``seq``"),
        Effect("slow", "the member reads nothing for so long; what comes waits", ("by_ms",)),
        Effect(
            "half_open",
            "from here on nothing gets through either way; noticed so much later, or after 30 s",
            (),
            ("for_ms",),
        ),
        Effect("gap", "a member that resumes gets nothing of what it has missed"),
    ),
)
"""A point of every vendor with an SDK; such a vendor lists it among its own."""
EVENT: Final = ("drop", "lose", "slow", "half_open")
"""What happens to an event on the wire; the other effect there happens to a member."""
DELIVERY: Final = ("drop", "delay", "duplicate", "swap")
"""What happens to a callback as a whole; the other effects on callbacks happen to one attempt."""
ATTEMPT: Final = ("lose", "unheard", "wrong_signature", "stale", "cut", "disconnect")
CARRIED_OUT: Final = ("slow", "truncate", "malform", "before_reply")
"""Effects on a call that leave it as it is, whatever ``commit`` says."""
WIRE: Final = ("status", "slow", "reset", "empty", "truncate", "malform", "hang")
"""What happens to the bytes of an answer; the server carries it out."""
PARAMETERS: Final = ("code", "status", "by_ms", "after_ms", "for_ms", "commit")


class Fault(msgspec.Struct, frozen=True, tag="core.Fault", kw_only=True):
    """One misbehaviour: where, on what, when, how often, and what happens.

    Attributes:
        on: The point: ``call``, ``callback``, ``door``, or one of the vendor's.
        name: The operation or event, or how a file's name ends (``ts``); empty matches all.
        room: The room; empty matches all.
        nth: From which match on it fires, counted from 1.
        times: How often it fires; None means until it is taken back.
        chance: How likely it is to fire at a match; drawn from the seed, so runs are equal.
        opens_ms: From when on it is armed, on tenant time.
        closes_ms: From when on it is armed no more.
        may_not_fire: Whether a run in which it never fired is fine all the same.
        code: With ``answer``: the row's id.
        status: With ``status``: the HTTP status.
        by_ms: By how much, where an effect is a matter of time.
        after_ms: How long after the point was reached, where a vendor's effect can wait.
        for_ms: How long it lasts, where a vendor's effect can.
        commit: Whether the call is carried out before its answer is spoiled.
        seen: How many matches there were.
        fired: How often it fired.
    """

    id: str
    vendor: str
    on: str
    effect: str
    name: str = ""
    room: str = ""
    nth: int = 1
    times: int | None = 1
    chance: float = 1.0
    opens_ms: int = 0
    closes_ms: int = FOREVER_MS
    may_not_fire: bool = False
    code: str = ""
    status: int = 0
    by_ms: int = 0
    after_ms: int = 0
    for_ms: int = 0
    commit: bool = False
    seen: int = 0
    fired: int = 0

    @property
    def is_left(self) -> bool:
        """Whether it has firings left."""
        return self.times is None or self.fired < self.times


Draw = Callable[[str, int], float]
"""Draws a number in [0, 1) for a fault's id and the ordinal of the match."""


class Faults:
    """The faults of one tenant, in the order in which they were armed."""

    limit = 1_000

    def __init__(self) -> None:
        self._all: dict[str, Fault] = {}
        self._left: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def get(self, fault_id: str) -> Fault | None:
        return self._all.get(fault_id)

    def arm(self, fault: Fault) -> None:
        self._all[fault.id] = fault
        self._count()

    def disarm(self, fault_id: str) -> Fault | None:
        gone = self._all.pop(fault_id, None)
        self._count()
        return gone

    def _count(self) -> None:
        self._left = frozenset(each.on for each in self if each.is_left)

    def any_at(self, point: str) -> bool:
        """Whether a fault could fire at a point: the cheap question asked first."""
        return point in self._left

    def hit(
        self,
        vendor: str,
        on: str,
        name: str,
        room: str,
        now_ms: int,
        draw: Draw,
        effects: tuple[str, ...] = (),
    ) -> Fault | None:
        """Use up one firing of the first armed fault that matches, or return None.

        ``effects`` restricts the look to faults with one of these; others are not even seen.
        """
        if on not in self._left:
            return None
        for fault in self._all.values():
            if not (
                fault.is_left
                and (fault.vendor, fault.on) == (vendor, on)
                and fault.name in ("", name)
                and fault.room in ("", room)
                and fault.opens_ms <= now_ms < fault.closes_ms
                and (not effects or fault.effect in effects)
            ):
                continue
            seen = fault.seen + 1
            bites = seen >= fault.nth and (fault.chance >= 1 or draw(fault.id, seen) < fault.chance)
            used = msgspec.structs.replace(fault, seen=seen, fired=fault.fired + bites)
            self._all[fault.id] = used
            if bites:
                self._count()
                return used
        return None


def known_points(own: Iterable[Point]) -> dict[str, Point]:
    """List every point of a vendor by name: the core's, then its own."""
    return {each.name: each for each in (*POINTS, *own)}


def problem(fault: Fault, own: Iterable[Point]) -> str:
    """Say what is wrong with a fault, or return an empty text; names are judged elsewhere."""
    points = known_points(own)
    point = points.get(fault.on)
    if point is None:
        return f"on is one of {', '.join(points)}, not {fault.on!r}"
    effect = point.effect(fault.effect)
    if effect is None:
        known = ", ".join(each.name for each in point.effects)
        return f"the effect of a fault on {fault.on!r} is one of {known}, not {fault.effect!r}"
    for each in PARAMETERS:
        is_given = bool(getattr(fault, each))
        if each in effect.needs and not is_given:
            return f"the effect {effect.name!r} needs {each}"
        if is_given and each not in (*effect.needs, *effect.takes):
            return f"the effect {effect.name!r} takes no {each}"
    if fault.name and fault.on not in (CALL, CALLBACK, OBJECT, SDK.name):
        return f"a fault on {fault.on!r} has no operation or event to name"
    if fault.nth < 1 or (fault.times is not None and fault.times < 1):
        return "nth and times are at least 1 (times may be null: always)"
    if not 0 < fault.chance <= 1:
        return f"chance is above 0 and at most 1, not {fault.chance}"
    if fault.closes_ms <= fault.opens_ms:
        return "it would be armed no more before it is armed"
    return ""
