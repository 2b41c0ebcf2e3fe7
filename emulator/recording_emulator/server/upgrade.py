"""Requests that offer to go on in HTTP/2: the offer is passed over, as a server may.

Java's ``HttpClient`` makes one with every first call in plain HTTP. Our parser takes what follows
the head of such a request for the other protocol, and the body would be lost.
"""

import re
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

OFFER: Final = re.compile(
    rb"(\A[A-Z]+ [^\r\n]+\r\n(?:[^\r\n]+\r\n)*?)Upgrade:[ \t]*h2c[ \t]*\r\n", re.IGNORECASE
)


def passed_over(data: bytes) -> bytes:
    r"""Leave the offer out of the head of a request.

    >>> passed_over(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n")
    b'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    >>> passed_over(b"\r\nUpgrade: h2c\r\n")
    b'\r\nUpgrade: h2c\r\n'
    """
    return OFFER.sub(rb"\1", data, count=1) if b"h2c" in data else data


class Protocol(HttpToolsProtocol):
    """uvicorn's, without such offers."""

    def data_received(self, data: bytes) -> None:
        """Take what has come in."""
        super().data_received(passed_over(data))
