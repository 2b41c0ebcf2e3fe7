"""From a file's text to plain data, with the place of every key and value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from recording_emulator.scenario.problems import BadScenario, Marks, Path, Position, Problem

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 20
MAX_ITEMS: Final = 20_000
"""Counted with aliases written out, so that a small file cannot stand for a huge one."""


def read(raw: bytes, file: str) -> tuple[Any, Marks]:
    """Read YAML 1.2 into plain data.

    Raises:
        BadScenario: With the place of what is no YAML, twice there, or too much.
    """
    if len(raw) > MAX_BYTES:
        raise _bad(file, 1, 1, f"{len(raw):,} bytes; a scenario has at most 1 MiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _bad(file, line, 1, "bytes that are no UTF-8 text") from None
    found = _parsed(text, file)
    return _Walk(file).plain(found)


def _parsed(text: str, file: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        raise _said(file, error) from None
    except (YAMLError, RecursionError, ValueError) as error:
        lines = str(error).splitlines() or ["nested too deeply"]
        raise _bad(file, 1, 1, f"no YAML: {lines[0][:200]}") from None


def _said(file: str, error: MarkedYAMLError) -> BadScenario:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    told = str(error.problem or error.context or "no YAML").strip().splitlines()[0]
    twice = re.match(r'found duplicate key "(?P<key>[^"]+)"', told)
    if twice:
        told = f"the key {twice['key']!r} stands here twice; each key stands once"
    elif r"'\t'" in told:
        told = "a tab; YAML indents with spaces"
    else:
        told = f"no YAML: {told}"
    return _bad(file, line, column, told)


def _bad(file: str, line: int, column: int, message: str, path: str = "") -> BadScenario:
    return BadScenario([Problem(line, column, path, message, file)])


class _Walk:
    """Turns what the round-trip loader made into plain data, and notes the places."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._marks = Marks({}, {})
        self._items = 0

    def plain(self, found: Any) -> tuple[Any, Marks]:
        self._marks.values[()] = Position(1, 1)
        return self._plain(found, ()), self._marks

    def _plain(self, found: Any, path: Path) -> Any:
        self._items += 1
        if len(path) > MAX_DEPTH or self._items > MAX_ITEMS:
            what = f"{MAX_DEPTH} levels" if len(path) > MAX_DEPTH else f"{MAX_ITEMS:,} items"
            where = self._marks.value(path)
            told = f"more than {what}, aliases written out"
            raise _bad(self._file, where.line, where.column, told)
        if isinstance(found, dict):
            return {str(key): self._entry(found, key, path) for key in found}
        if isinstance(found, list):
            return [self._item(found, index, path) for index in range(len(found))]
        if found is None or isinstance(found, bool):
            return found
        for kind in (int, float, str):
            if isinstance(found, kind):
                return kind(found)
        where = self._marks.value(path)
        told = f"{_kind(found)}; put quotes around it if it is text"
        raise _bad(self._file, where.line, where.column, told)

    def _entry(self, found: Any, key: Any, path: Path) -> Any:
        inner = (*path, str(key))
        at = found.lc.data.get(key)
        if at is not None:
            self._marks.keys[inner] = Position(at[0] + 1, at[1] + 1)
            self._marks.values[inner] = Position(at[2] + 1, at[3] + 1)
        return self._plain(found[key], inner)

    def _item(self, found: Any, index: int, path: Path) -> Any:
        inner = (*path, index)
        at = found.lc.data.get(index) if found.lc.data else None
        if at is not None:
            self._marks.values[inner] = Position(at[0] + 1, at[1] + 1)
        return self._plain(found[index], inner)


def _kind(found: Any) -> str:
    names = {"TimeStamp": "a date", "date": "a date", "datetime": "a date"}
    return names.get(type(found).__name__, "a value with a tag")
