"""A DNS responder for the vendors' names, for clients that ask DNS themselves.

It answers A for a served name with one address, AAAA with nothing, and refuses everything else: it
is no resolver. A vendor's name that is not served is noted as a leak.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

from recording_emulator.errors import BadRequest
from recording_emulator.server.leaks import Leaks
from recording_emulator.server.names import Names, Whose, bare

if TYPE_CHECKING:
    from dnslib import DNSRecord  # type: ignore[import-untyped]

TTL_S: Final = 1
MAX_MESSAGE: Final = 4_096
TRIES: Final = 20
"""How often a free port is looked for that is free for both."""


def answered(raw: bytes, address: str, names: Names) -> tuple[bytes, str]:
    """Answer a question: the answer's bytes, empty if it is none, and a name that leaks."""
    from dnslib import QTYPE, RCODE, RR, A, DNSError, DNSRecord

    try:
        asked = DNSRecord.parse(raw)
    except (DNSError, ValueError, UnicodeError):
        return b"", ""
    if asked.header.qr or len(asked.questions) != 1:
        return b"", ""
    reply: DNSRecord = asked.reply()
    host = bare(str(asked.q.qname))
    whose = names.whose(host)
    if whose is not Whose.SERVED:
        reply.header.rcode = RCODE.REFUSED
    elif asked.q.qtype in (QTYPE.A, QTYPE.ANY):
        reply.add_answer(RR(asked.q.qname, QTYPE.A, ttl=TTL_S, rdata=A(address)))
    return cast(bytes, reply.pack()), host if whose is Whose.VENDORS else ""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, address: str, names: Names, leaks: Leaks) -> None:
        self._address, self._names, self._leaks = address, names, leaks

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.DatagramTransport = transport

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        answer, leak = answered(data[:MAX_MESSAGE], self._address, self._names)
        if leak:
            self._leaks.note(leak, "dns", addr[:2], is_udp=True)
        if answer:
            self._transport.sendto(answer, addr)


class Responder:
    """A DNS responder on UDP and, for clients that fall back to it, on TCP."""

    def __init__(self, address: str, names: Names, leaks: Leaks) -> None:
        self._address, self._names, self._leaks = address, names, leaks
        self._datagrams: asyncio.BaseTransport | None = None
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> tuple[str, int]:
        """Open both sockets on one port and return their address.

        Raises:
            BadRequest: If the address cannot be had.
        """
        for attempts_left in reversed(range(TRIES if port == 0 else 1)):
            try:
                return host, await self._open(host, port)
            except OSError as error:
                await self.close()
                if attempts_left:  # the port that is free for UDP was taken for TCP
                    continue
                why = error.strerror or str(error)
                told = f"cannot answer DNS on {host}:{port} ({why}); choose another"
                raise BadRequest(told) from None
        raise AssertionError

    async def _open(self, host: str, port: int) -> int:
        loop = asyncio.get_running_loop()
        self._datagrams, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._address, self._names, self._leaks), (host, port)
        )
        found: int = self._datagrams.get_extra_info("sockname")[1]
        self._server = await asyncio.start_server(self._stream, host, found)
        return found

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")[:2]
        try:
            size = int.from_bytes(await reader.readexactly(2), "big")
            raw = await reader.readexactly(min(size, MAX_MESSAGE))
            answer, leak = answered(raw, self._address, self._names)
            if leak:
                self._leaks.note(leak, "dns", peer)
            if answer:
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass  # it is gone
        finally:
            writer.close()

    async def close(self) -> None:
        if self._datagrams is not None:
            self._datagrams.close()
        if self._server is not None:
            self._server.close()
