"""The surface catalogue: every operation, code, event, state and limit, with its provenance."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

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
    """

    id: str
    http: int
    code: int | None
    text: str
    when: str
    source: str
    basis: Basis
    operations: tuple[str, ...] = ()


class EventRow(msgspec.Struct, frozen=True):
    """One event a vendor announces; ``id`` is what the wire carries, as text.

    ``service`` is the vendor's number of the component that announces it, where it has one.
    """

    id: str
    service: int
    name: str
    when: str
    source: str
    basis: Basis
    supported: bool = True


class Operation(msgspec.Struct, frozen=True):
    """One call a client can make."""

    name: str
    method: str
    path: str
    source: str
    basis: Basis


class Limit(msgspec.Struct, frozen=True):
    """A number that bounds something, in the unit its name ends with."""

    name: str
    value: str
    source: str
    basis: Basis


class Field(msgspec.Struct, frozen=True):
    """One request field: where it stands, what it may be, what it is when left out."""

    operation: str
    path: str
    allowed: str
    default: str
    source: str
    basis: Basis


class StateRow(msgspec.Struct, frozen=True):
    """One state of a task; ``wire`` is how the vendor shows it, empty where it cannot be seen."""

    name: str
    wire: str
    source: str
    basis: Basis


class Absent(msgspec.Struct, frozen=True):
    """Something a document names that is not modelled, and why."""

    what: str
    why: str


class Body(msgspec.Struct, frozen=True):
    """A request body whose fields are catalogued from its struct.

    ``assumed`` maps the last names of fields that are documented nowhere to why they are so.
    """

    operation: str
    kind: type
    source: str
    assumed: Mapping[str, str] = MappingProxyType({})


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
            basis = Basis.ASSUMED if key in body.assumed else Basis.DOCUMENTED
            default = str(told["default"]) if "default" in told and inner is None else ""
            why = body.assumed.get(key, body.source)
            found.append(Field(body.operation, where, _allowed(told), default, why, basis))
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
    """Say in words what a JSON schema allows."""
    if "enum" in told:
        return "one of " + ", ".join(map(str, told["enum"]))
    words = [str(told.get("type", "object"))]
    for name, word in _WORDS.items():
        if name in told:
            words.append(f"{word} {told[name]}")
    return " ".join(words)


def counts(surface: Surface) -> dict[str, dict[str, int]]:
    """Count the rows of each group by basis; ``not yet`` counts what is documented but absent."""
    groups: dict[str, Sequence[Sourced]] = {
        "operations": surface.operations,
        "fields": surface.fields,
        "error codes": surface.errors,
        "events": [row for row in surface.events if row.supported],
        "states": surface.states,
        "limits": surface.limits,
    }
    absent = {"events": sum(not row.supported for row in surface.events)}
    return {
        name: {
            **{basis.value: sum(row.basis is basis for row in rows) for basis in Basis},
            "not yet": absent.get(name, 0),
        }
        for name, rows in groups.items()
    }


def markdown(surface: Surface) -> str:
    """Write a catalogue as the README shows it: the numbers, then the errors."""
    bases = [*(basis.value for basis in Basis), "not yet"]
    lines = [f"| | {' | '.join(bases)} |", f"| --- |{' --- |' * len(bases)}"]
    for name, row in counts(surface).items():
        lines.append(f"| {name} | {' | '.join(str(row[basis]) for basis in bases)} |")
    absent = ", ".join(row.id for row in surface.events if not row.supported)
    if absent:
        lines += ["", f"Documented events that are never announced yet: {absent}."]
    lines += ["", "| code | HTTP | text | when | how we know |", "| --- | --- | --- | --- | --- |"]
    for error in surface.errors:
        code = "" if error.code is None else error.code
        text = error.text or "free text"
        lines.append(f"| {code} | {error.http} | {text} | {error.when} | {error.source} |")
    return "\n".join(lines)
