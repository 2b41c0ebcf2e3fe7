"""The journal: the bounded, ordered record of what was asked, what happened and why.

Entries hold structs by reference; words, redaction and bytes are made when someone reads. Every
entry names its ``cause``, the sequence number of the entry that led to it (0: from outside).
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

REDACTED: Final = "<secret>"


class Entry(msgspec.Struct, frozen=True, gc=False, tag="core.Entry"):
    """One line of the record.

    ``kind`` is one of ``call reply state timer event attempt outcome room member fault clock
    config note check upload uploaded``; ``subject`` is whom it concerns, ``name`` what happened.
    """

    seq: int
    at_ms: int
    kind: str
    subject: str
    name: str
    cause: int
    detail: Any = None


class Journal:
    """A ring of entries; what it has evicted is counted, and counters never drop."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.last_seq = 0
        self.counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @property
    def evicted(self) -> int:
        return self.last_seq - len(self.entries)

    def add(
        self, at_ms: int, kind: str, subject: str, name: str, cause: int, detail: Any = None
    ) -> int:
        """Append an entry and return its sequence number."""
        self.last_seq = seq = self.last_seq + 1
        self.counts[kind] += 1
        self.entries.append(Entry(seq, at_ms, kind, subject, name, cause, detail))
        return seq

    def led(self, seq: int, to: int) -> bool:
        """Whether the entry ``seq`` led to the entry ``to``, by a chain of causes."""
        while to > seq and to > self.evicted:
            to = self.entries[to - self.evicted - 1].cause
        return to == seq

    def since(self, seq: int) -> list[Entry]:
        """Return the entries after ``seq`` that are still here, oldest first."""
        newest = self.last_seq - seq
        if newest >= len(self.entries):
            return list(self.entries)
        found = []
        for entry in reversed(self.entries):
            if entry.seq <= seq:
                break
            found.append(entry)
        return found[::-1]


def redact(value: Any, secrets: frozenset[str]) -> Any:
    """Turn a detail into plain data with every secret field marked.

    >>> redact({"bucket": "b", "secretKey": "s3cr3t", "n": [{"token": ""}]},
    ...        frozenset({"secretKey", "token"}))
    {'bucket': 'b', 'secretKey': '<secret>', 'n': [{'token': ''}]}
    """
    plain = msgspec.to_builtins(value)
    return _redacted(plain, secrets)


def _redacted(value: Any, secrets: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: REDACTED if key in secrets and each else _redacted(each, secrets)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redacted(each, secrets) for each in value]
    return value


def canonical(
    entries: Iterable[Entry], secrets: frozenset[str], addresses: Mapping[str, str]
) -> bytes:
    """Write entries as JSON lines that depend on seed and inputs alone.

    Args:
        entries: What to write.
        secrets: Field names whose values become a stable mark.
        addresses: Text to replace, such as ``{"http://127.0.0.1:4711": "{base}"}``.
    """
    lines = b"\n".join(msgspec.json.encode(redact(entry, secrets)) for entry in entries)
    for address, mark in addresses.items():
        lines = lines.replace(address.encode(), mark.encode())
    return lines + b"\n" if lines else lines
