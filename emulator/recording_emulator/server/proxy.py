"""A proxy for clients that heed one: vendors' names come here, other names go where they should.

``CONNECT`` to a served name ends at our own TLS listener, so that only for these TLS ends here; to
another name it is a tunnel. A vendor's name that is not served is refused and noted as a leak; any
other is refused to clients on other machines: this is no open proxy.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Final
from urllib.parse import urlsplit

import msgspec

from recording_emulator.errors import BadRequest
from recording_emulator.server.leaks import Leaks
from recording_emulator.server.names import Names, Whose, bare

HEAD_LIMIT: Final = 32_768
HEAD_TIMEOUT_S: Final = 30.0
CONNECT_TIMEOUT_S: Final = 10.0
CHUNK: Final = 65_536
HOP_HEADERS: Final = (b"proxy-connection", b"proxy-authorization", b"connection", b"keep-alive")


class Address(msgspec.Struct, frozen=True):
    """Where to connect to."""

    host: str
    port: int


class Asked(msgspec.Struct, frozen=True):
    """What a client wants of the proxy; ``head`` is what goes on, empty for a tunnel."""

    where: Address
    head: bytes


class Refused(Exception):
    """A request that is not carried: its status and the reason."""

    def __init__(self, status: str, why: str) -> None:
        super().__init__(why)
        self.status = status


def read(head: bytes) -> Asked:
    """Read the head of a request.

    Raises:
        Refused: If it is none that a proxy takes.
    """
    line, *headers = head.rstrip(b"\r\n").split(b"\r\n")
    method, _, rest = line.decode("latin-1").partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/1."):
        raise Refused("400 Bad Request", "not an HTTP/1.1 request")
    is_tunnel = method == "CONNECT"
    parts = urlsplit(f"//{target}" if is_tunnel else target)
    try:
        port = parts.port or (443 if is_tunnel else 80)
    except ValueError:
        raise Refused("400 Bad Request", f"no address: {target[:100]}") from None
    if not parts.hostname or (not is_tunnel and parts.scheme != "http"):
        why = "this is a proxy: CONNECT host:port, or a request with a whole http:// URL"
        raise Refused("400 Bad Request", why)
    where = Address(parts.hostname, port)
    if is_tunnel:
        return Asked(where, b"")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    own = [each for each in headers if each.partition(b":")[0].lower() not in HOP_HEADERS]
    first = f"{method} {path} {version}".encode("latin-1")
    return Asked(where, b"\r\n".join((first, *own, b"Connection: close", b"", b"")))


class Proxy:
    """One listening proxy in front of a server's plain and TLS listeners."""

    def __init__(self, plain: Address, tls: Address, names: Names, leaks: Leaks) -> None:
        self._plain, self._tls = plain, tls
        self._names, self._leaks = names, leaks
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Open its socket and return the address.

        Raises:
            BadRequest: If the address cannot be had.
        """
        try:
            self._server = await asyncio.start_server(self._take, host, port, limit=HEAD_LIMIT)
        except OSError as error:
            why = error.strerror or str(error)
            raise BadRequest(f"cannot proxy on {host}:{port} ({why}); choose another") from None
        address: tuple[str, int] = self._server.sockets[0].getsockname()[:2]
        return address

    async def close(self) -> None:
        """Close the socket and every connection through it."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except Refused as error:
            text = f"{error}\n".encode()
            head = f"HTTP/1.1 {error.status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(text) + text)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # one of the two ends is gone, or we are closing
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_TIMEOUT_S):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            raise Refused("431 Request Header Fields Too Large", "the head is too large") from None
        except TimeoutError:
            raise Refused("408 Request Timeout", "no request came") from None
        asked = read(head)
        where = self._where(asked, writer.get_extra_info("peername"))
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                there, back = await asyncio.open_connection(where.host, where.port)
        except (OSError, TimeoutError) as error:
            why = f"cannot reach {where.host}:{where.port}: {str(error) or 'no answer in time'}"
            raise Refused("502 Bad Gateway", why) from None
        try:
            if asked.head:
                back.write(asked.head)
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            async with asyncio.TaskGroup() as both:
                both.create_task(_carry(reader, back))
                both.create_task(_carry(there, writer))
        except* OSError:
            pass  # either end may break off
        finally:
            back.close()

    def _where(self, asked: Asked, peer: tuple[str, int]) -> Address:
        host = bare(asked.where.host)
        match self._names.whose(host):
            case Whose.SERVED:
                return self._plain if asked.head else self._tls
            case Whose.VENDORS:
                leak = self._leaks.note(host, "proxy", peer)
                raise Refused("403 Forbidden", leak.hint)
            case _:
                if not ipaddress.ip_address(peer[0]).is_loopback:
                    why = f"{host} is no vendor's; only this machine may go on from here"
                    raise Refused("403 Forbidden", why)
                return asked.where


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes until one side ends; the other hears of it."""
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
