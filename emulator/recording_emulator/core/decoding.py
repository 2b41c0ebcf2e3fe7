"""From bytes to typed structs, with an account of what was wrong or unknown.

Newer fields are accepted: what a client sends beyond the documented schema is a diagnostic, never
an error. What is ill-typed or out of range is reported by the field's own name.
"""

import difflib
import functools
import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar, get_args
from urllib.parse import parse_qsl

import msgspec

T = TypeVar("T")

MAX_QUERY_FIELDS: Final = 64
"""A query with more fields is read as an empty one."""
_AT = re.compile(r" - at `(?P<path>[^`]+)`$")
_MISSING = re.compile(r"missing required field `(?P<field>[^`]+)`")


class Undecodable(msgspec.Struct, frozen=True):
    """Why bytes did not become a struct.

    ``field`` is the last name on the way to the fault ("" for the whole body), ``is_json`` False
    when the bytes are not JSON at all, ``is_missing`` when a required field is not there.
    """

    field: str
    why: str
    is_json: bool = True
    is_missing: bool = False


def read_query(text: str) -> dict[str, str]:
    """Read a query or a form; of a name that comes twice the first counts. Never raises.

    >>> read_query("cname=a%20b&cname=c&x")
    {'cname': 'a b', 'x': ''}
    """
    found: dict[str, str] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        return found
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def decode(decoder: "msgspec.json.Decoder[T]", raw: bytes | msgspec.Raw) -> T | Undecodable:
    """Decode strictly; never raises for what a client sent."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        return explained(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Undecodable("", f"not JSON: {error}", is_json=False)
    except RecursionError:
        return Undecodable("", "nested too deeply", is_json=False)


def explained(message: str) -> Undecodable:
    """Say which field a validation error is about."""
    missing = _MISSING.search(message)
    at = _AT.search(message)
    if missing is not None:
        return Undecodable(missing["field"], message, is_missing=True)
    names = re.findall(r"[A-Za-z_]\w*", at["path"].replace("[...]", "")) if at else []
    return Undecodable(names[-1] if names else "", message)


def unknown_fields(plain: Any, kind: Any, path: str = "$") -> Iterator[str]:
    """Name every field that the schema of ``kind`` does not have, with the nearest that it has.

    >>> class Uid(msgspec.Struct):
    ...     uid: str
    >>> list(unknown_fields({"Uid": "1"}, Uid))
    ['$.Uid (did you mean uid?)']
    """
    struct, known = _schema(kind)
    if struct is None:
        return
    if isinstance(plain, list):
        for index, each in enumerate(plain[:64]):
            yield from unknown_fields(each, struct, f"{path}[{index}]")
    elif isinstance(plain, dict):
        for name, value in plain.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                yield f"{path}.{name}" + (f" (did you mean {near[0]}?)" if near else "")
            elif type(value) in (dict, list):
                yield from unknown_fields(value, known[name], f"{path}.{name}")


@functools.cache
def _schema(kind: Any) -> tuple[Any, dict[str, Any]]:
    """Return the struct inside a type (itself, a list's item, an option) and its fields' types."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind, {each.encode_name: each.type for each in msgspec.structs.fields(kind)}
    for each in get_args(kind):
        found = _schema(each)
        if found[0] is not None:
            return found
    return None, {}
