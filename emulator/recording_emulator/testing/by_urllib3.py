"""requests, and whatever else calls through urllib3, by the vendors' names.

They join in where urllib3 would write a request to a socket, so that retries, their adapters and
the errors are its own (urllib3 2). Both libraries are the user's to install.
"""

from __future__ import annotations

import errno
import http.client
import io
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from urllib3 import HTTPResponse
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError
from urllib3.util.timeout import Timeout

from recording_emulator.testing.exchange import RESET, Asked, Replied

if TYPE_CHECKING:
    from requests import Session
    from requests.adapters import HTTPAdapter

    from recording_emulator.testing.inprocess import InProcess, Replacement

BY: Final = "requests"


def mount(server: InProcess, session: Session) -> None:
    """Give a session adapters that call by vendors' names; its retries stay what they are."""
    from requests.adapters import HTTPAdapter

    pools = _pools(server)
    for each in session.adapters.values():
        if isinstance(each, HTTPAdapter):
            _join(each, pools)


def _join(adapter: HTTPAdapter, pools: dict[str, type[HTTPConnectionPool]]) -> None:
    """Have an adapter make its connections as ``pools`` do, with a proxy and without."""
    make = adapter.proxy_manager_for

    def proxy_manager_for(*args: Any, **kwargs: Any) -> Any:
        manager = make(*args, **kwargs)
        manager.pool_classes_by_scheme = pools
        return manager

    adapter.poolmanager.clear()
    adapter.poolmanager.pool_classes_by_scheme = pools
    adapter.proxy_manager.clear()
    vars(adapter)["proxy_manager_for"] = proxy_manager_for


def replacements(server: InProcess) -> list[Replacement]:
    """Return what makes every connection pool of urllib3's come here by vendors' names."""
    return [
        (kind, name, make(server, getattr(kind, name)))
        for kind, name, make in (
            (HTTPConnectionPool, "_make_request", _request),
            (HTTPSConnectionPool, "_prepare_proxy", _tunnel),
        )
    ]


def _pools(server: InProcess) -> dict[str, type[HTTPConnectionPool]]:
    made: dict[str, type[HTTPConnectionPool]] = {}
    for scheme, kind in (("http", HTTPConnectionPool), ("https", HTTPSConnectionPool)):
        ours = {
            "_make_request": _request(server, kind._make_request),
            "_prepare_proxy": _tunnel(server, kind._prepare_proxy),
        }
        made[scheme] = type(kind.__name__, (kind,), ours)
    return made


def _tunnel(server: InProcess, onward: Any) -> Any:
    """A call that comes here takes no tunnel through a proxy first."""

    def prepare_proxy(self: HTTPConnectionPool, conn: Any) -> None:
        if not _is_ours(server, self.host, conn):
            onward(self, conn)

    return prepare_proxy


def _request(server: InProcess, onward: Any) -> Any:
    def make_request(
        self: HTTPConnectionPool, conn: Any, method: str, url: str, *args: Any, **kwargs: Any
    ) -> Any:
        where = urlsplit(url)
        host = where.hostname or self.host
        if not _is_ours(server, host, conn):
            return onward(self, conn, method, url, *args, **kwargs)
        conn.proxy = None  # it is not asked, so nothing that fails is its fault
        target = f"{where.path}?{where.query}" if where.query else where.path
        asked = Asked(method, target, _headers(host, kwargs), _body(kwargs))
        return _answered(server, self, asked, **kwargs)

    return make_request


def _is_ours(server: InProcess, host: str, conn: Any) -> bool:
    try:
        return server.takes(host, BY)
    except ConnectionRefusedError as error:
        conn.proxy = None
        raise NewConnectionError(conn, str(error)) from None


def _answered(
    server: InProcess,
    pool: HTTPConnectionPool,
    asked: Asked,
    *,
    timeout: Any = None,
    response_conn: Any = None,
    preload_content: bool = True,
    decode_content: bool = True,
    enforce_content_length: bool = True,
    retries: Any = None,
    **_more: Any,
) -> HTTPResponse:
    """Wait for the answer as urllib3 does, and fail as it does."""
    waits = pool._get_timeout(timeout)
    waits.start_connect()
    timeout_s = Timeout.resolve_default_timeout(waits.read_timeout)
    try:
        replied = server.ask(asked, timeout_s)
    except TimeoutError:
        text = f"Read timed out. (read timeout={timeout_s})"
        raise ReadTimeoutError(pool, asked.target, text) from None
    if replied.broke == RESET:
        reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        raise ProtocolError("Connection aborted.", reset)
    if not replied.status:
        gone = http.client.RemoteDisconnected("Remote end closed connection without response")
        raise ProtocolError("Connection aborted.", gone)
    return HTTPResponse(
        body=io.BytesIO(replied.body),
        headers=_decoded(replied),
        status=replied.status,
        reason=http.client.responses.get(replied.status, ""),
        version=11,
        version_string="HTTP/1.1",
        preload_content=preload_content,
        decode_content=decode_content,
        enforce_content_length=enforce_content_length,
        request_method=asked.method,
        request_url=asked.target,
        connection=response_conn,
        pool=pool,
        retries=retries,
    )


def _decoded(replied: Replied) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in replied.headers}


def _headers(host: str, kwargs: dict[str, Any]) -> list[tuple[str, str]]:
    given = kwargs.get("headers") or {}
    found = [(_text(name), _text(value)) for name, value in given.items()]
    has_host = any(name.lower() == "host" for name, _ in found)
    return found if has_host else [("Host", host), *found]


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(kwargs: dict[str, Any]) -> bytes:
    body: Any = kwargs.get("body")
    if hasattr(body, "read"):
        body = body.read()
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    return b"".join(each.encode() if isinstance(each, str) else bytes(each) for each in body)
