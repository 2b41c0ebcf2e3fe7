"""The application, called by the vendors' own names from any thread of this process.

What stands for a socket is ``exchange``; the libraries' sides are in ``by_urllib3`` and
``by_httpx``. A server that runs elsewhere is called over its address, with the vendor's name in the
Host header.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from recording_emulator.server.names import Names, Whose, bare
from recording_emulator.testing.exchange import (
    CLOSED,
    RESET,
    Asked,
    Connection,
    Replied,
    exchange,
)

if TYPE_CHECKING:
    from recording_emulator.testing.emulator import Emulator

WAY: Final = "in process"
HERE: Final = "127.0.0.1"


class InProcess:
    """One server, by the vendors' names; ``leaks`` are the names that were refused."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._names = Names(emulator.adapters)
        self.leaks: list[str] = []

    def takes(self, host: str, by: str) -> bool:
        """Say whether a call to this host comes here; False: it is none of ours, and goes on.

        Raises:
            ConnectionRefusedError: If it would have reached a vendor.
        """
        whose = self._names.whose(host)
        if whose is Whose.VENDORS:
            raise self.leak(host, by, "is a vendor's and not emulated")
        return whose is Whose.SERVED

    def leak(self, host: str, by: str, why: str) -> ConnectionRefusedError:
        """Note a call that would have reached a vendor; returns the error it gets."""
        name = bare(host)
        self.leaks.append(name)
        self._emulator.note_leak(name, WAY, by)
        return ConnectionRefusedError(f"{name} {why}, so nothing was sent there")

    def ask(self, asked: Asked, timeout_s: float | None) -> Replied:
        """Carry a request out and wait for its answer, or for whatever ends it.

        Raises:
            TimeoutError: If none has come in time; the server sees its client go.
        """
        application = self._emulator.application
        if application is None:
            return _over_there(self._emulator.url, asked, timeout_s)
        connection = Connection()
        loop = self._emulator.loop
        try:
            return loop.begin(exchange(application, asked, connection)).result(timeout_s)
        except TimeoutError:
            loop.tell(connection.close)
            raise
        except CancelledError:  # the server has been stopped
            return Replied(broke=RESET)


def _over_there(url: str, asked: Asked, timeout_s: float | None) -> Replied:
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    line = kind(where.hostname or "", where.port or 0, timeout=timeout_s)
    try:
        line.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        dropped = ("content-length", "transfer-encoding", "connection")
        for name, value in asked.headers:
            if name.lower() not in dropped:
                line.putheader(name, value)
        line.putheader("Content-Length", str(len(asked.body)))
        line.endheaders(asked.body)
        response = line.getresponse()
        headers = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in response.getheaders()
        ]
        try:
            return Replied(response.status, headers, response.read())
        except http.client.IncompleteRead as error:
            return Replied(response.status, headers, error.partial, broke=CLOSED)
    except http.client.RemoteDisconnected:
        return Replied(broke=CLOSED)
    except TimeoutError:
        raise
    except OSError:  # or there is no server any more
        return Replied(broke=RESET)
    finally:
        line.close()


@contextmanager
def routed(server: InProcess) -> Iterator[None]:
    """Have every call of requests, urllib3 and httpx in this process come here by vendors' names.

    The names mean this machine to whoever only looks them up. A library that we do not know, and
    that means to connect, is refused: it would reach the vendor.
    """
    with ExitStack() as undo:
        if find_spec("urllib3") is not None:
            from recording_emulator.testing import by_urllib3

            _replace(undo, by_urllib3.replacements(server))
        if find_spec("httpx") is not None:
            from recording_emulator.testing import by_httpx

            _replace(undo, by_httpx.replacements(server))
        _replace(undo, _resolver(server))
        yield


Replacement = tuple[Any, str, Callable[..., Any]]
"""An owner, the name of its attribute, and what it becomes."""


def _replace(undo: ExitStack, replacements: list[Replacement]) -> None:
    for owner, name, new in replacements:
        undo.callback(setattr, owner, name, getattr(owner, name))
        setattr(owner, name, new)


def _resolver(server: InProcess) -> list[Replacement]:
    connect, look_up, look_up_all = (
        socket.getaddrinfo,
        socket.gethostbyname,
        socket.gethostbyname_ex,
    )

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("latin-1") if isinstance(host, bytes) else host or ""
        try:
            if not server.takes(name, "a name look-up"):
                return connect(host, *args, **kwargs)
            why = "is emulated in process for requests and httpx only (see recording-emulator exec)"
            raise server.leak(name, "a name look-up", why)
        except ConnectionRefusedError as error:
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from None

    def by(found: Callable[[str], Any]) -> Callable[[str], Any]:
        def gethostbyname(host: str) -> Any:
            try:
                return found(HERE if server.takes(host, "a name look-up") else host)
            except ConnectionRefusedError as error:
                raise socket.gaierror(socket.EAI_NONAME, str(error)) from None

        return gethostbyname

    return [
        (socket, "getaddrinfo", getaddrinfo),
        (socket, "gethostbyname", by(look_up)),
        (socket, "gethostbyname_ex", by(look_up_all)),
    ]
