"""One attempt out over HTTP: exact bytes, no redirects, no cookies, no retries, no surprises."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest

from recording_emulator.core.inputs import Answered
from recording_emulator.core.outbox import Failure, Outgoing
from recording_emulator.delivery.http import MAX_ANSWER_BYTES, HttpCourier
from recording_emulator.server.run import Site, local_url

Headers = list[tuple[bytes, bytes]]


class Receiver:
    """A receiver that answers what it is told, and keeps what it was sent."""

    def __init__(self) -> None:
        self.site = Site(self._app)
        self.url = ""
        self.status, self.headers, self.body = 200, list[tuple[bytes, bytes]](), b"{}"
        self.got: list[tuple[str, str, Headers, bytes]] = []
        self.came, self.left = asyncio.Event(), asyncio.Event()
        self.is_silent = False

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        self.got.append((scope["method"], scope["path"], scope["headers"], body))
        self.came.set()
        if self.is_silent:
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left.set()
            return
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    made.url = local_url("http", await made.site.listen("127.0.0.1", 0)) + "/hook"
    yield made
    await made.site.close()


@pytest.fixture
async def courier() -> AsyncIterator[HttpCourier]:
    made = HttpCourier()
    yield made
    await made.close()


def attempt(url: str, body: bytes = b'{"n":1}', number: int = 7) -> Outgoing:
    headers = (("Content-Type", "application/json"), ("Agora-Signature", "abc"))
    return Outgoing(number, "inbox", url, headers, body, 10_000)


async def test_the_exact_body_and_headers_arrive_once(
    receiver: Receiver, courier: HttpCourier
) -> None:
    outcome = await courier.post(attempt(receiver.url, "会议".encode()))

    ((method, path, headers, body),) = receiver.got
    assert outcome == Answered(7, 200, b"{}")
    assert (method, path, body) == ("POST", "/hook", "会议".encode())
    assert dict(headers)[b"content-type"] == b"application/json"
    assert dict(headers)[b"agora-signature"] == b"abc"


@pytest.mark.parametrize("status", [200, 204, 301, 307, 404, 500, 599])
async def test_any_status_is_reported_as_it_came(
    receiver: Receiver, courier: HttpCourier, status: int
) -> None:
    receiver.status, receiver.headers = status, [(b"location", b"/elsewhere")]

    outcome = await courier.post(attempt(receiver.url))

    assert (outcome.status, outcome.error) == (status, "")
    assert [path for _, path, _, _ in receiver.got] == ["/hook"]


async def test_an_endless_answer_is_cut(receiver: Receiver, courier: HttpCourier) -> None:
    receiver.body = b"x" * (MAX_ANSWER_BYTES * 4)

    outcome = await courier.post(attempt(receiver.url))

    assert outcome.status == 200
    assert 0 < len(outcome.body) <= MAX_ANSWER_BYTES
    assert set(outcome.body) == {ord("x")}


async def test_an_answer_in_pieces_is_read_whole(courier: HttpCourier) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'{"n":1}')
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n")
        for piece in (b'{"a"', b':"bc', b'de"}'):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.close()

    outcome = await through(serve, courier)

    assert outcome == Answered(7, 200, b'{"a":"bcde"}')


async def test_a_compressed_answer_is_not_unpacked(
    receiver: Receiver, courier: HttpCourier
) -> None:
    receiver.headers = [(b"content-encoding", b"deflate")]
    receiver.body = zlib.compress(b"0" * 1_000_000)

    outcome = await courier.post(attempt(receiver.url))

    assert outcome.body == receiver.body


async def test_cookies_are_not_kept(receiver: Receiver, courier: HttpCourier) -> None:
    receiver.headers = [(b"set-cookie", b"a=b; Path=/")]

    for number in (1, 2):
        await courier.post(attempt(receiver.url, number=number))

    assert [b"cookie" in dict(headers) for _, _, headers, _ in receiver.got] == [False, False]


async def through(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    courier: HttpCourier,
) -> Answered:
    """Send one attempt to a raw socket server."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = local_url("http", server.sockets[0].getsockname()[:2])
    try:
        return await courier.post(attempt(url))
    finally:
        server.close()


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n", b"HTTP/1.1 x y\r\n\r\n"]
)
async def test_an_answer_that_is_none_becomes_an_error_in_words(
    courier: HttpCourier, raw: bytes
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'{"n":1}')
        writer.write(raw)
        writer.close()

    outcome = await through(serve, courier)

    assert (outcome.attempt, outcome.status, outcome.body) == (7, 0, b"")
    assert outcome.error


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("http://127.0.0.1:1/", Failure.CONNECTION),
        ("http://", Failure.CONNECTION),
        ("http://[", Failure.CONNECTION),
        ("http://a b/", Failure.ADDRESS),
        ("http://nowhere.invalid/", Failure.ADDRESS),
    ],
)
async def test_an_address_that_cannot_be_reached_becomes_an_error_in_words(
    courier: HttpCourier, url: str, failure: Failure
) -> None:
    outcome = await courier.post(attempt(url))

    assert (outcome.attempt, outcome.status, outcome.failure) == (7, 0, failure)
    assert ": " in outcome.error


async def test_cancelling_closes_the_connection_and_harms_no_other(
    receiver: Receiver, courier: HttpCourier
) -> None:
    receiver.is_silent = True
    waiting = asyncio.ensure_future(courier.post(attempt(receiver.url)))
    await receiver.came.wait()

    waiting.cancel()

    await asyncio.wait_for(receiver.left.wait(), 5)
    receiver.is_silent = False
    assert (await courier.post(attempt(receiver.url))).status == 200


async def test_many_attempts_go_out_at_the_same_time(
    receiver: Receiver, courier: HttpCourier
) -> None:
    outcomes = await asyncio.gather(
        *(courier.post(attempt(receiver.url, number=number)) for number in range(150))
    )

    assert [each.attempt for each in outcomes] == list(range(150))
    assert {each.status for each in outcomes} == {200}


async def test_a_closed_courier_opens_again_when_it_is_needed(
    receiver: Receiver, courier: HttpCourier
) -> None:
    await courier.close()
    await courier.close()

    assert (await courier.post(attempt(receiver.url))).status == 200


def test_an_outcome_is_plain_data() -> None:
    outcome = Answered(7, 200, b"{}")

    assert msgspec.json.decode(msgspec.json.encode(outcome), type=Answered) == outcome
