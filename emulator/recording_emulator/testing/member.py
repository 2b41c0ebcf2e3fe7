"""A client with a vendor's SDK, for tests: it calls methods, hears events, drops and comes back."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

import msgspec

from recording_emulator.errors import BadRequest
from recording_emulator.vendors.verbs import INSIDE, Ask, Control, nothing

TIMEOUT_S: Final = 30.0
Promises: TypeAlias = dict[int, "Future[Any]"]


class Rejected(Exception):
    """A call failed as the vendor has it; ``data`` is what its promise is rejected with."""

    def __init__(self, message: str, data: Any) -> None:
        super().__init__(message)
        self.data = data


class Heard(msgspec.Struct, frozen=True):
    """One event as it came: its number, the tenant's time, and what a listener is called with.

    ``room`` is the room it is about, empty where it is about none.
    """

    name: str
    seq: int
    at_ms: int
    room: str
    args: list[Any]


class Member:
    """One member of a tenant. Its listeners run one at a time, in a thread of their own.

    With ``acks`` (the default) the tenant's clock waits for them, as for callbacks: when an
    ``advance`` returns, every event has been heard.
    """

    def __init__(
        self, control: Control, tenant: str, vendor: str, query: Mapping[str, str], *, acks: bool
    ) -> None:
        self._control = control
        self._path = f"/_emulator/tenants/{tenant}/members"
        self._url = f"{control.url.replace('http', 'ws', 1)}/{vendor}/sdk"
        self._query = {**query, **({"ack": "1"} if acks else {})}
        self._acks = acks
        self._open_lines = ExitStack()
        self._numbers = itertools.count(1)
        self._waiting: Promises = {}
        self._listeners: list[tuple[str, Callable[[Heard], Any]]] = []
        self._work = ThreadPoolExecutor(1, "recording-emulator-member")
        self._failures: list[Exception] = []
        self.events: list[Heard] = []
        self.id = ""
        self.missed = 0
        self.closed: tuple[int, str] | None = None
        self._open(self._query)

    def _open(self, query: dict[str, str]) -> None:
        from websockets.exceptions import ConnectionClosed
        from websockets.sync.client import connect

        url = f"{self._url}?{urlencode(query)}"
        line = connect(url, compression=None, close_timeout=TIMEOUT_S)
        self._socket = self._open_lines.enter_context(line)
        try:
            frame = msgspec.json.decode(self._socket.recv(TIMEOUT_S))
        except ConnectionClosed as error:
            code, reason = _ending(error)
            raise BadRequest(f"closed with {code}: {reason}") from None
        if frame["method"] != "connected":
            raise BadRequest(f"{frame['method']} {frame['params']['args']}")
        self.id, self.missed = frame["params"]["member"], frame["params"]["missed"]
        self.closed = None
        self._waiting = {}
        args = (self._socket, self._waiting)
        self._reader = threading.Thread(target=self._read, args=args, daemon=True)
        self._reader.start()

    def _read(self, socket: Any, promises: Promises) -> None:
        from websockets.exceptions import ConnectionClosed

        ending = None
        try:
            for raw in socket:
                frame = msgspec.json.decode(raw)
                if "method" in frame:
                    heard = msgspec.convert({"name": frame["method"], **frame["params"]}, Heard)
                    self.events.append(heard)
                    self._work.submit(self._tell, socket, heard)
                elif (promise := promises.pop(frame["id"], None)) is not None:
                    _settle(promise, frame)
        except ConnectionClosed as error:
            ending = _ending(error)
        except msgspec.DecodeError as error:
            ending = 0, f"not JSON: {error}"
        ending = ending or (socket.close_code or 0, socket.close_reason or "")
        if socket is self._socket:
            self.closed = ending
        for promise in list(promises.values()):
            promise.set_exception(ConnectionResetError(f"closed with {ending}"))

    def _tell(self, socket: Any, heard: Heard) -> None:
        from websockets.exceptions import ConnectionClosed

        INSIDE.set(True)
        try:
            for name, listener in list(self._listeners):
                if name in ("", heard.name):
                    listener(heard)
        except Exception as error:
            self._failures.append(error)
        if self._acks:
            ack = {"jsonrpc": "2.0", "method": "ack", "params": {"seq": heard.seq}}
            with suppress(ConnectionClosed):
                socket.send(msgspec.json.encode(ack).decode())

    @property
    def names(self) -> list[str]:
        """The events it has heard, in order."""
        return [each.name for each in self.events]

    def on(self, event: str, listener: Callable[[Heard], Any]) -> None:
        """Run this for an event (an empty text: for all), before it is acknowledged."""
        self._listeners.append((event, listener))

    def begin(self, method: str, **params: Any) -> Future[Any]:
        """Call a method of the SDK and return its promise."""
        number = next(self._numbers)
        waiting: Future[Any] = Future()
        self._waiting[number] = waiting
        frame = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self._socket.send(msgspec.json.encode(frame).decode())
        return waiting

    def call(self, method: str, **params: Any) -> Any:
        """Call a method of the SDK and wait for what its promise resolves with.

        Raises:
            Rejected: With the vendor's own failure as ``data``.
            BadRequest: If the vendor's SDK has no such method.
            ConnectionResetError: If the connection ends first.
        """
        return self.begin(method, **params).result(TIMEOUT_S)

    def drop(self) -> None:
        """Lose the connection, at this instant of tenant time."""
        path = f"{self._path}/{quote(self.id, safe='')}/drop"
        self._control.ask(Ask("POST", path, nothing))
        self._reader.join(TIMEOUT_S)

    def resume(self, seq: int | None = None) -> None:
        """Come back on a new connection, after event ``seq`` (None: the last one heard)."""
        last = max((each.seq for each in self.events), default=0) if seq is None else seq
        self._open({**self._query, "resume": self.id, "seq": str(last)})

    def bye(self) -> None:
        """Leave for good, and wait until that has happened."""
        self.call("bye")
        self._reader.join(TIMEOUT_S)

    def close(self) -> None:
        """Close the connection and the threads; raises what a listener raised."""
        self._open_lines.close()
        self._reader.join(TIMEOUT_S)
        self._work.shutdown()
        if self._failures:
            raise self._failures[0]


def _ending(error: Any) -> tuple[int, str]:
    """Return the code and the reason a connection was closed with; 1006 where there was none."""
    return (error.rcvd.code, error.rcvd.reason) if error.rcvd is not None else (1006, "")


def _settle(promise: Future[Any], frame: dict[str, Any]) -> None:
    error = frame.get("error")
    if error is None:
        promise.set_result(frame["result"])
        return
    if error["code"] != -32000:
        promise.set_exception(BadRequest(f"{error['code']}: {error['message']}"))
        return
    promise.set_exception(Rejected(error["message"], error.get("data")))
