"""JSON-RPC 2.0 as it is spoken here: bytes to frames and back. Pure.

A client sends requests and the notification ``ack``; it gets results, errors, and an SDK's events
as notifications::

    → {"jsonrpc":"2.0","id":1,"method":"startCloudRecord","params":{}}
    ← {"jsonrpc":"2.0","id":1,"result":null}
    ← {"jsonrpc":"2.0","method":"onRoomEnded","params":{"seq":1,"at_ms":0,"room":"a","args":[3]}}
    → {"jsonrpc":"2.0","method":"ack","params":{"seq":1}}
"""

from typing import Any, Final, TypeAlias

import msgspec

MAX_FRAME_BYTES: Final = 262_144
MAX_METHOD: Final = 100
MAX_ID: Final = 2**53
PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
NO_METHOD: Final = -32601
INTERNAL: Final = -32603
VENDOR: Final = -32000
"""A vendor's own failure; ``data`` is the exact object that a promise is rejected with."""
ACK: Final = "ack"
BYE: Final = "bye"
CONNECTED: Final = "connected"

Id: TypeAlias = int | str


class Ask(msgspec.Struct, frozen=True):
    """A call of a method, which wants an answer."""

    id: Id
    method: str
    params: Any


class Ack(msgspec.Struct, frozen=True):
    """The listeners of an event have returned."""

    seq: int


class Broken(msgspec.Struct, frozen=True):
    """What is no frame of ours, and why; ``id`` is None where there is none to answer to."""

    code: int
    why: str
    id: Id | None = None


def read(raw: str | bytes) -> Ask | Ack | Broken:
    """Read what a client sent; never raises for it.

    >>> read('{"jsonrpc": "2.0", "method": "ack", "params": {"seq": 3}}')
    Ack(seq=3)
    >>> read('{"jsonrpc": "2.0", "id": "a", "method": "login", "params": {"account": "x"}}')
    Ask(id='a', method='login', params={'account': 'x'})
    >>> read('[]').why
    'a frame is one JSON object; batches are not served'
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode())
    if size > MAX_FRAME_BYTES:
        return Broken(INVALID_REQUEST, f"a frame has at most {MAX_FRAME_BYTES:,} bytes")
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Broken(PARSE_ERROR, f"not JSON: {error}")
    if not isinstance(found, dict):
        return Broken(INVALID_REQUEST, "a frame is one JSON object; batches are not served")
    return _judged(found)


def _judged(found: dict[str, Any]) -> Ask | Ack | Broken:
    asked, method, params = found.get("id"), found.get("method"), found.get("params", {})
    is_known = _is_id(asked)
    answers_to = asked if is_known else None
    if found.get("jsonrpc") != "2.0":
        return Broken(INVALID_REQUEST, 'jsonrpc must be "2.0"', answers_to)
    if not isinstance(method, str) or not 0 < len(method) <= MAX_METHOD:
        why = f"method must be a text of 1 to {MAX_METHOD} characters"
        return Broken(INVALID_REQUEST, why, answers_to)
    if not isinstance(params, dict | list):
        return Broken(INVALID_REQUEST, "params must be an object or an array", answers_to)
    if method == ACK and "id" not in found:
        seq = params.get("seq") if isinstance(params, dict) else None
        if type(seq) is not int or not 0 < seq < MAX_ID:
            return Broken(INVALID_REQUEST, "an ack has params {seq}: the event's number")
        return Ack(seq)
    if not is_known:
        return Broken(INVALID_REQUEST, "a call needs an id: a text, or a number below 2^53")
    assert isinstance(asked, int | str)
    return Ask(asked, method, params)


def _is_id(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_METHOD
    return type(value) is int and abs(value) < MAX_ID


def result(to: Id, value: Any) -> str:
    """Write what a promise resolves with.

    >>> result(1, {"录制": None})
    '{"jsonrpc":"2.0","id":1,"result":{"录制":null}}'
    """
    return _written({"jsonrpc": "2.0", "id": to, "result": value})


def error(to: Id | None, code: int, message: str, data: Any = None) -> str:
    """Write what a promise is rejected with; ``data`` None is left out.

    >>> error(7, VENDOR, "no", {"code": 1001})
    '{"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"no","data":{"code":1001}}}'
    """
    told: dict[str, Any] = {"code": code, "message": message}
    if data is not None:
        told["data"] = data
    return _written({"jsonrpc": "2.0", "id": to, "error": told})


def notification(method: str, params: Any) -> str:
    """Write an event; ``params`` may be bytes of JSON already."""
    ready = msgspec.Raw(params) if isinstance(params, bytes) else params
    return _written({"jsonrpc": "2.0", "method": method, "params": ready})


def _written(frame: dict[str, Any]) -> str:
    return msgspec.json.encode(frame).decode()
