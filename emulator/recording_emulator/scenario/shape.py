"""Whether plain data has the shape of the document: every mistake, not only the first."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import inspect

from recording_emulator.scenario import duration
from recording_emulator.scenario.problems import Marks, Path, Position, Problem, dotted, meant

_WORDS: Final = {
    inspect.StrType: "text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.NoneType: "null",
    inspect.DictType: "a mapping",
    inspect.VarTupleType: "a list",
    inspect.StructType: "a mapping",
    inspect.AnyType: "anything",
}


class Shape:
    """Compares plain data with a type, and collects what is wrong."""

    def __init__(self, marks: Marks, file: str) -> None:
        self._marks = marks
        self._file = file
        self.problems: list[Problem] = []

    def compare(self, value: Any, kind: type) -> None:
        """Compare a whole document."""
        self._compare(value, inspect.type_info(kind), ())

    def _wrong(self, where: Position, path: Path, message: str) -> None:
        self.problems.append(Problem(where.line, where.column, dotted(path), message, self._file))

    def _compare(self, value: Any, kind: inspect.Type, path: Path) -> None:
        match _bare(kind):
            case inspect.UnionType(types=types):
                self._compare(value, _chosen(value, types), path)
            case inspect.StructType() as struct if isinstance(value, dict):
                self._mapping(value, struct, path)
            case inspect.VarTupleType(item_type=item) if isinstance(value, list):
                for index, each in enumerate(value):
                    self._compare(each, item, (*path, index))
            case inspect.DictType(value_type=inner) if isinstance(value, dict):
                for key, each in value.items():
                    self._compare(each, inner, (*path, key))
            case bare:
                told = mistake(value, bare)
                if told:
                    self._wrong(self._marks.value(path), path, told)

    def _mapping(self, value: dict[str, Any], struct: inspect.StructType, path: Path) -> None:
        known = {each.encode_name: each for each in struct.fields}
        for key, each in value.items():
            inner = (*path, key)
            if key in known:
                self._compare(each, known[key].type, inner)
            else:
                rest = [name for name in known if name not in value]
                near = meant(key, rest) or f"; there are {', '.join(known)}"
                self._wrong(self._marks.key(inner), inner, f"unknown key {key!r}{near}")
        for name, each in known.items():
            if each.required and name not in value:
                where = self._marks.value(path)
                self._wrong(where, path, f"the key {name!r} is missing")


def mistake(value: Any, kind: inspect.Type) -> str:
    """Say what is wrong with a single value, or return an empty text."""
    bare = _bare(kind)
    if isinstance(bare, inspect.UnionType):
        bare = _chosen(value, bare.types)
    expected = _expected(value, bare)
    return f"expected {expected}, not {_shown(value)}" if expected else ""


def _bare(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    return kind


def _chosen(value: Any, types: tuple[inspect.Type, ...]) -> inspect.Type:
    """Choose the member of a union that a value is meant to be."""
    bare = _members(types)
    fitting = [each for each in bare if not _expected(value, each)]
    solid = [each for each in bare if not isinstance(each, inspect.NoneType)]
    return (fitting or solid)[0]


def _members(types: tuple[inspect.Type, ...]) -> list[inspect.Type]:
    found: list[inspect.Type] = []
    for each in map(_bare, types):
        found += _members(each.types) if isinstance(each, inspect.UnionType) else [each]
    return found


def _expected(value: Any, kind: inspect.Type) -> str:
    """Say what was expected of a value that does not fit; an empty text if it does."""
    fits = True
    match kind:
        case inspect.AnyType():
            pass
        case inspect.LiteralType(values=values):
            return "" if value in values else f"one of {', '.join(map(str, values))}"
        case inspect.StrType():
            return _text(value, kind)
        case inspect.BoolType():
            fits = isinstance(value, bool)
        case inspect.NoneType():
            fits = value is None
        case inspect.IntType() | inspect.FloatType():
            return _number(value, kind)
        case inspect.StructType() | inspect.DictType():
            fits = isinstance(value, dict)
        case inspect.VarTupleType():
            fits = isinstance(value, list)
        case _:
            raise AssertionError(kind)
    return "" if fits else _WORDS[type(kind)]


def _text(value: Any, kind: inspect.StrType) -> str:
    pattern = kind.pattern
    if pattern in (duration.PATTERN, duration.SIGNED_PATTERN):
        if not isinstance(value, str) or not re.match(pattern, value):
            return duration.EXPECTED
        try:
            duration.parse(value)
        except ValueError as error:
            return str(error)
        return ""
    if not isinstance(value, str):
        return "text"
    return "" if value else "text that is not empty"


def _number(value: Any, kind: inspect.IntType | inspect.FloatType) -> str:
    is_number = isinstance(value, int) or (
        isinstance(value, float) and type(kind) is inspect.FloatType
    )
    if isinstance(value, bool) or not is_number:
        return _WORDS[type(kind)]
    least, above, most = kind.ge, kind.gt, kind.le
    number: float = value
    is_low = (least is not None and number < least) or (above is not None and number <= above)
    if not is_low and (most is None or number <= most):
        return ""
    bounds = (("at least", least), ("above", above), ("at most", most))
    said = " and ".join(f"{word} {bound:,}" for word, bound in bounds if bound is not None)
    return f"{_WORDS[type(kind)]} {said}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
