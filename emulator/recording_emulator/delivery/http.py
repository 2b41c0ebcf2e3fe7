"""Callbacks over HTTP: one POST, no redirects, no retries; those are the core's affair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from recording_emulator.core.inputs import Answered
from recording_emulator.core.outbox import Failure, Outgoing

if TYPE_CHECKING:
    import aiohttp

MAX_ANSWER_BYTES = 65_536


class Courier(Protocol):
    """Makes one attempt and reports how it went; cancelling it closes the connection.

    ``open`` gets ready, so that what comes first does not count as part of an attempt.
    """

    def open(self) -> None:
        """Get ready; called before an attempt."""
        ...

    async def post(self, attempt: Outgoing) -> Answered: ...

    async def close(self) -> None: ...


class HttpCourier:
    """One aiohttp session per event loop; the library is loaded with the first callback."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Load the library and make the session, once; it takes longer than an attempt."""
        if self._session is None:
            import aiohttp

            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None),
                connector=aiohttp.TCPConnector(limit=0),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def post(self, attempt: Outgoing) -> Answered:
        """Send one attempt; whatever goes wrong becomes the ``error`` of the outcome."""
        import aiohttp

        self.open()
        assert self._session is not None
        try:
            async with self._session.post(
                attempt.url,
                data=attempt.body,
                headers=list(attempt.headers),
                allow_redirects=False,
            ) as response:
                return Answered(attempt.attempt, response.status, await _start_of(response))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            words = f"{type(error).__name__}: {error}"
            return Answered(attempt.attempt, error=words, failure=_failure(error))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _failure(error: Exception) -> Failure:
    import aiohttp

    match error:
        case aiohttp.ClientConnectorDNSError():
            return Failure.ADDRESS
        case aiohttp.ClientSSLError():
            return Failure.CERTIFICATE
        case _:
            return Failure.CONNECTION


async def _start_of(response: aiohttp.ClientResponse) -> bytes:
    """Read a body up to the limit; one read returns only what has come in so far."""
    body = bytearray()
    while missing := MAX_ANSWER_BYTES - len(body):
        chunk = await response.content.read(missing)
        if not chunk:
            break
        body += chunk
    return bytes(body)
