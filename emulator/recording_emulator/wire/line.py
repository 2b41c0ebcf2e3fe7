"""One connection as the courier sees it: events out, acknowledgements back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from recording_emulator.core.inputs import Answered
from recording_emulator.core.outbox import Outgoing
from recording_emulator.core.sending import SENT
from recording_emulator.wire import frames

ACKNOWLEDGED: Final = 200
MAX_UNWRITTEN: Final = 1_000
"""So many events may wait for the socket of a member that acknowledges nothing."""

Write = Callable[[str], Awaitable[None]]


class Line:
    """A member's connection. One that acknowledges holds the instant; others are not waited for."""

    def __init__(self, write: Write, abort: Callable[[], None], *, acks: bool) -> None:
        self._write = write
        self._abort = abort
        self._acks = acks
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._unwritten: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    async def post(self, attempt: Outgoing) -> Answered:
        told = dict(attempt.headers)
        frame = frames.notification(told["event"], attempt.body)
        if not self._acks:
            return self._post_soon(attempt, frame)
        seq = int(told["seq"])
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[seq] = waiting
        try:
            await self._write(frame)
            await waiting
        except OSError as error:
            return Answered(attempt.attempt, error=f"{type(error).__name__}: {error}")
        finally:
            del self._waiting[seq]
        return Answered(attempt.attempt, ACKNOWLEDGED)

    def _post_soon(self, attempt: Outgoing, frame: str) -> Answered:
        if len(self._unwritten) >= MAX_UNWRITTEN:
            self._abort()
            return Answered(attempt.attempt, error=f"{MAX_UNWRITTEN} events wait for the socket")
        writing = asyncio.ensure_future(self._write_quietly(frame))
        self._unwritten.add(writing)
        writing.add_done_callback(self._unwritten.discard)
        return Answered(attempt.attempt, SENT)

    async def _write_quietly(self, frame: str) -> None:
        try:
            await self._write(frame)
        except OSError:
            return  # the session sees the end of the connection itself

    def acknowledge(self, seq: int) -> None:
        """Take an acknowledgement; one that nobody waits for (any more) means nothing."""
        waiting = self._waiting.get(seq)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def cut(self) -> None:
        """Break the connection, and wait until it is known to be gone."""
        self._abort()
        await self.ended.wait()

    def hang_up(self) -> None:
        """Fail what waits: the connection is gone."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the member's connection is gone"))
        self.ended.set()
