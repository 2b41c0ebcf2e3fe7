"""Bodies of the admin API: what a caller sends and gets, as typed structs."""

from typing import Any, Literal

import msgspec

from recording_emulator.core.arming import Wanted
from recording_emulator.runtime.directory import Key
from recording_emulator.runtime.hand import Mode
from recording_emulator.scenario.verdict import Finding


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body in which an unknown field is an error, because it is always a mistake."""


class UntilBody(Strict, frozen=True):
    """The event to stop at; ``event`` is its number or its name."""

    vendor: str
    event: str
    room: str = ""


class AdvanceBody(Strict, frozen=True):
    """``POST …/clock/advance``: exactly one of ``delta_ms``, ``to_ms`` and ``until``."""

    delta_ms: int | None = None
    to_ms: int | None = None
    until: UntilBody | None = None
    limit_ms: int = 86_400_000
    max_timers: int = 250_000
    is_inside: bool = False


class WaitBody(Strict, frozen=True):
    """``POST …/clock/wait``: wait in real time for a client's call."""

    call: str
    timeout_s: float = 5.0


class ParticipantBody(Strict, frozen=True):
    """``POST …/participants``: someone joins; ``PATCH``: publishes or mutes; ``DELETE``: leaves."""

    vendor: str
    room: str
    uid: str
    role: str = "host"
    audio: bool | None = None
    video: bool | None = None
    stream: str = ""
    board: bool | None = None
    is_inside: bool = False


class TargetBody(Strict, frozen=True):
    """``POST …/targets``: where callbacks go. No ``secret``: the tenant's own is used."""

    vendor: str
    url: str
    secret: str = ""
    events: list[str] | None = None
    id: str = ""


class CheckedBody(msgspec.Struct, frozen=True):
    """How a target took the test of one event: what a vendor's console shows, and why."""

    event: str
    status: int
    ok: bool
    why: str


class FaultBody(Wanted, frozen=True, kw_only=True):
    """``POST …/faults``: what goes wrong, where, on what, when and how often.

    ``GET /_emulator/vendors/{vendor}/faults`` lists the points (``on``) and their effects.
    """

    vendor: str


class SettingsBody(Strict, frozen=True):
    """``PATCH …/tenants/{id}``: change a vendor's settings; fields left out keep their value."""

    settings: dict[str, dict[str, Any]]


class ScenarioBody(Strict, frozen=True):
    """``POST …/scenario``: the text of a scenario file, and what the file is called."""

    text: str
    file: str = "scenario.yaml"


class VerdictBody(msgspec.Struct, frozen=True):
    """What became of a scenario; ``text`` says it for people."""

    scenario: str
    file: str
    verdict: Literal["passed", "failed"]
    is_passed: bool
    findings: list[Finding]
    notes: list[str]
    text: str


class UnfiredBody(msgspec.Struct, frozen=True):
    """A fault and why it has not fired; ``why`` is empty if it has."""

    id: str
    fired: int
    why: str


class TenantBody(msgspec.Struct, frozen=True):
    """A tenant as it is described to callers."""

    name: str
    id: str
    mode: Mode
    seed: int
    start_ms: int
    now_ms: int
    is_open: bool
    credentials: dict[str, dict[str, str]]
    settings: dict[str, Any]


class ClockBody(msgspec.Struct, frozen=True):
    """The clock: where it stands and what is due next."""

    mode: Mode
    now_ms: int
    now: str
    timers: int
    next_timers: list[dict[str, Any]]
    in_flight: list[str]


class ErrorBody(msgspec.Struct, frozen=True):
    """What went wrong with an admin call; nothing has changed."""

    error: str
    message: str


class LeakBody(msgspec.Struct, frozen=True):
    """A call that was about to reach a vendor."""

    seq: int
    host: str
    way: str
    by: str
    hint: str


class UnclaimedBody(msgspec.Struct, frozen=True):
    """A request that belonged to no tenant."""

    seq: int
    vendor: str
    method: str
    path: str
    keys: tuple[Key, ...]
    hint: str
