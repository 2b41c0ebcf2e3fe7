"""The surface catalogue: every operation, code, event, state and limit, with its provenance."""

from enum import StrEnum
from typing import Protocol

import msgspec


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


class Surface(msgspec.Struct, frozen=True):
    """All of one vendor's rows."""

    operations: tuple[Operation, ...]
    errors: tuple[Row, ...]
    events: tuple[EventRow, ...]
    limits: tuple[Limit, ...] = ()

    def error(self, row_id: str) -> Row:
        """Return the row of an id.

        Raises:
            KeyError: If the catalogue has no such row.
        """
        for row in self.errors:
            if row.id == row_id:
                return row
        raise KeyError(row_id)

    def error_for(self, operation: str, wanted: str) -> Row:
        """Find a row by its id or by its bare code, for one operation.

        Raises:
            KeyError: If none fits; the message lists what this operation can answer.
        """
        fitting = [row for row in self.errors if not row.operations or operation in row.operations]
        for row in fitting:
            if wanted in (row.id, str(row.code)):
                return row
        known = ", ".join(repr(row.id) for row in fitting)
        raise KeyError(f"{operation} has no error {wanted!r}; it has {known}")
