"""The surface catalogue: every operation, code, event, state and limit, with its provenance."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol

import msgspec

from recording_emulator.core.faults import Point


class Basis(StrEnum):
    """How we know: from the vendor's documents, from observed behaviour, or not at all."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"


class Sourced(Protocol):
    """What every row has: where it is from, and how sure we are."""

    @property
    def source(self) -> str: ...

    @property
    def basis(self) -> Basis: ...


class Row(msgspec.Struct, frozen=True):
    """One error as the vendor answers it.

    ``id`` is ``"<code> <reason>"``, with the operation in front where a code has two meanings.
    ``code`` None is a gateway error that carries only a message. ``operations`` empty: any.
    ``needs_fault`` is True where nothing a client does leads to it, only a fault. ``stands_for``
    names the rows that it replaces on the wire where a tenant has another table of errors.
    """

    id: str
    http: int
    code: int | None
    text: str
    when: str
    source: str
    basis: Basis
    operations: tuple[str, ...] = ()
    needs_fault: bool = False
    stands_for: tuple[str, ...] = ()


class EventRow(msgspec.Struct, frozen=True):
    """One event a vendor announces; ``id`` is what the wire carries, as text.

    ``service`` is the vendor's number of the component that announces it, where it has one.
    ``why`` says why an event that is not supported is never announced.
    """

    id: str
    service: int
    name: str
    when: str
    source: str
    basis: Basis
    supported: bool = True
    why: str = ""


class Operation(msgspec.Struct, frozen=True):
    """One call a client can make; ``can_fail`` is False where only a fault makes it fail."""

    name: str
    method: str
    path: str
    source: str
    basis: Basis
    can_fail: bool = True


class Limit(msgspec.Struct, frozen=True):
    """A number that bounds something, in the unit its name ends with."""

    name: str
    value: str
    source: str
    basis: Basis
    supported: bool = True
    why: str = ""


NOTHING: Final = "nothing"
"""What a field may be that is refused wherever it stands: one that belongs to another mode."""


class Field(msgspec.Struct, frozen=True):
    """One request field: where it stands, what it may be, what it is when left out.

    One that is not supported is checked and accepted and does nothing; ``why`` says what is
    missing.
    """

    operation: str
    path: str
    allowed: str
    default: str
    source: str
    basis: Basis
    supported: bool = True
    why: str = ""

    @property
    def id(self) -> str:
        return f"{self.operation} {self.path}"


class StateRow(msgspec.Struct, frozen=True):
    """One state of a machine; ``wire`` is how the vendor shows it, empty where it cannot be seen.

    ``why`` says why a state that is not supported is never entered.
    """

    machine: str
    name: str
    wire: str
    source: str
    basis: Basis
    supported: bool = True
    why: str = ""

    @property
    def id(self) -> str:
        """The machine and the state, as the journal names an entry into it."""
        return f"{self.machine} {self.name}"


class Absent(msgspec.Struct, frozen=True):
    """Something a document names that is not modelled, and why."""

    what: str
    why: str


class Body(msgspec.Struct, frozen=True):
    """A request body whose fields are catalogued from its struct.

    The mappings are from the last names of fields: ``assumed`` to why they are documented nowhere,
    ``idle`` to what they should do and do not, ``foreign`` to where they belong instead. ``idle``
    also takes the last two, as in ``StorageParams.Title``.
    """

    operation: str
    kind: type
    source: str
    assumed: Mapping[str, str] = MappingProxyType({})
    idle: Mapping[str, str] = MappingProxyType({})
    foreign: Mapping[str, str] = MappingProxyType({})


class Refused(msgspec.Struct, frozen=True):
    """The body of an error, and which of its fields hold a row's code and text."""

    kind: Any
    code: str = "code"
    text: str = "reason"


class Shapes(msgspec.Struct, frozen=True):
    """What an OpenAPI document says beyond the rows; types are those msgspec has schemas for.

    An operation may differ by the value of one parameter of its path, the ``variant``. Then
    "<operation> <value>" names what is for this value only, here and in ``Body.operation``.

    Attributes:
        answers: The bodies of a success, by operation or variant; what has none is no route.
        refusals: The body of an error, by operation; under "" that of all others.
        denial: The body of an error whose row has no code.
        parameters: The type of each parameter of a path.
        query: The parameters that every call has in its query, and their types.
        variant: The parameter whose values (a ``Literal``) get a path each.
        envelope: The fields around a request's body, and their types.
        inside: The field of the envelope in which the body stands.
        refused: Names of fields that are known only so that they can be refused.
        security: Security schemes by name, as OpenAPI has them; all are required.
        headers: Headers of every answer, and their types.
    """

    answers: Mapping[str, tuple[Any, ...]] = MappingProxyType({})
    refusals: Mapping[str, Refused] = MappingProxyType({"": Refused(dict)})
    denial: Refused = Refused(dict, "", "message")
    parameters: Mapping[str, Any] = MappingProxyType({})
    query: Mapping[str, Any] = MappingProxyType({})
    variant: str = ""
    envelope: Mapping[str, Any] = MappingProxyType({})
    inside: str = ""
    refused: frozenset[str] = frozenset()
    security: Mapping[str, Any] = MappingProxyType({})
    headers: Mapping[str, Any] = MappingProxyType({})


class Surface(msgspec.Struct, frozen=True):
    """All of one vendor's rows."""

    operations: tuple[Operation, ...]
    errors: tuple[Row, ...]
    events: tuple[EventRow, ...]
    limits: tuple[Limit, ...] = ()
    bodies: tuple[Body, ...] = ()
    states: tuple[StateRow, ...] = ()
    faults: tuple[Point, ...] = ()
    absent: tuple[Absent, ...] = ()
    shapes: Shapes = Shapes()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every request field, worked out from the bodies when somebody looks."""
        return tuple(field for body in self.bodies for field in _fields(body))

    def error(self, row_id: str) -> Row:
        """Return the row of an id.

        Raises:
            KeyError: If the catalogue has no such row.
        """
        for row in self.errors:
            if row.id == row_id:
                return row
        raise KeyError(row_id)

    def event(self, wanted: str, vendor: str) -> EventRow:
        """Find an event by its id or its name.

        Raises:
            KeyError: If there is none; the message lists those there are.
        """
        for row in self.events:
            if wanted in (row.id, row.name):
                return row
        known = ", ".join(f"{row.id} {row.name}" for row in self.events)
        raise KeyError(f"{vendor} announces no event {wanted!r}; it announces {known}")

    def errors_of(self, operation: str) -> list[Row]:
        """Return the rows that an operation can answer."""
        return [row for row in self.errors if not row.operations or operation in row.operations]

    def error_for(self, operation: str, wanted: str) -> Row:
        """Find a row by its id or by its bare code, for one operation.

        Raises:
            KeyError: If none fits; the message lists what this operation can answer.
        """
        fitting = self.errors_of(operation)
        for row in fitting:
            if wanted in (row.id, str(row.code)):
                return row
        known = ", ".join(repr(row.id) for row in fitting)
        raise KeyError(f"{operation or 'any call'} has no error {wanted!r}; it has {known}")


def _fields(body: Body) -> list[Field]:
    """List the fields of a body: types, ranges and defaults as they are checked."""
    (_, components) = msgspec.json.schema_components([body.kind])
    found: list[Field] = []

    def walk(name: str, path: str) -> None:
        for key, told in components[name].get("properties", {}).items():
            if not key[0].isalpha():  # the tag by which we tell modes apart, not a field
                continue
            where = f"{path}{key}"
            inner = re.search(r"\$defs/(\w+)", str(told))
            last_two = ".".join(where.split(".")[-2:])
            idle = body.idle.get(last_two) or body.idle.get(key, "")
            guessed = body.assumed.get(key) or body.foreign.get(key)
            found.append(
                Field(
                    operation=body.operation,
                    path=where,
                    allowed=NOTHING if key in body.foreign else _allowed(told),
                    default=str(told["default"]) if "default" in told and inner is None else "",
                    source=guessed or body.source,
                    basis=Basis.ASSUMED if guessed else Basis.DOCUMENTED,
                    supported=not idle,
                    why=idle,
                )
            )
            if inner is not None:
                walk(inner[1], f"{where}[]." if told.get("type") == "array" else f"{where}.")

    walk(body.kind.__name__, "")
    return found


_WORDS = {
    "minimum": ">=",
    "maximum": "<=",
    "minLength": "length >=",
    "maxLength": "length <=",
    "maxItems": "items <=",
    "pattern": "matching",
}


def _allowed(told: Mapping[str, Any]) -> str:
    """Say in words what a JSON schema allows.

    >>> _allowed({"type": "array", "items": {"enum": ["hls", "mp4"]}, "maxItems": 2})
    'array items <= 2 of one of hls, mp4'
    >>> _allowed({"anyOf": [{"type": "boolean"}, {"type": "null"}]})
    'boolean or null'
    """
    if "anyOf" in told:
        return " or ".join(_allowed(each) for each in told["anyOf"])
    if "enum" in told:
        return "one of " + ", ".join(map(str, told["enum"]))
    words = [str(told.get("type", "object"))]
    for name, word in _WORDS.items():
        if name in told:
            words.append(f"{word} {told[name]}")
    items = told.get("items")
    if items and "$ref" not in items:
        words.append(f"of {_allowed(items)}")
    return " ".join(words)


NOT_SUPPORTED: Final = "not supported"


class Supported(Sourced, Protocol):
    """A row that may be there only to say that what it describes is missing, and why."""

    @property
    def supported(self) -> bool: ...

    @property
    def why(self) -> str: ...


def missing(surface: Surface) -> dict[str, str]:
    """Say why what is known is not emulated, row by row, by how people call it."""
    found: dict[str, Supported] = {}
    for row in surface.fields:
        others = [each.operation for each in surface.fields if each.path == row.path]
        found[f"field `{row.path}` of {', '.join(others)}"] = row
    found |= {f"event {each.id} `{each.name}`": each for each in surface.events}
    found |= {f"state `{each.name}`": each for each in surface.states}
    found |= {f"limit `{each.name}`": each for each in surface.limits}
    rows = {name: each.why for name, each in found.items() if not each.supported}
    return rows | {each.what: each.why for each in surface.absent}


def counts(surface: Surface) -> dict[str, dict[str, int]]:
    """Count the rows of each group by basis, and apart from them those that are not supported."""
    groups: dict[str, Sequence[Sourced]] = {
        "operations": surface.operations,
        "fields": surface.fields,
        "error codes": surface.errors,
        "events": surface.events,
        "states": surface.states,
        "limits": surface.limits,
    }
    return {name: _counted(rows) for name, rows in groups.items()}


def _counted(rows: Sequence[Sourced]) -> dict[str, int]:
    there = [row for row in rows if getattr(row, "supported", True)]
    found = {basis.value: sum(row.basis is basis for row in there) for basis in Basis}
    return {**found, NOT_SUPPORTED: len(rows) - len(there)}


def markdown(surface: Surface) -> str:
    """Write a catalogue as the README shows it: the numbers, what is missing, the errors."""
    columns = [*(basis.value for basis in Basis), NOT_SUPPORTED]
    lines = [f"| | {' | '.join(columns)} |", f"| --- |{' --- |' * len(columns)}"]
    for name, row in counts(surface).items():
        lines.append(f"| {name} | {' | '.join(str(row[column]) for column in columns)} |")
    lines += ["", f"| {NOT_SUPPORTED} | why |", "| --- | --- |"]
    lines += [f"| {name} | {why} |" for name, why in missing(surface).items()]
    lines += ["", "| code | HTTP | text | when | how we know |", "| --- | --- | --- | --- | --- |"]
    for error in surface.errors:
        code = "" if error.code is None else error.code
        text = error.text or "free text"
        when = f"{error.when} (only by a fault)" if error.needs_fault else error.when
        lines.append(f"| {code} | {error.http} | {text} | {when} | {error.source} |")
    lines += ["", "| a fault on | where | effects |", "| --- | --- | --- |"]
    for point in surface.faults:
        effects = "; ".join(f"`{each.name}`: {each.means}" for each in point.effects)
        lines.append(f"| `{point.name}` | {point.means} | {effects} |")
    return "\n".join(lines)
