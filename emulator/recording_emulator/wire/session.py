"""One connection of one member: its calls carried out, its events acknowledged, its end noticed.

Rules:

1. A call's result is written before anything it caused begins to be delivered.
2. Calls begin in the order in which they came; one that waits holds up neither the next nor an
   acknowledgement.
3. What is no frame of ours is answered with a protocol error and changes nothing.
4. The end of a connection is an input, stamped when it is seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from typing import Any, Final

from recording_emulator.core.adapter import Adapter
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import Answer, Bye, Call, Drop
from recording_emulator.core.members import line_url
from recording_emulator.core.sdk import Member
from recording_emulator.errors import EmulatorError
from recording_emulator.runtime.directory import Directory
from recording_emulator.runtime.hand import Hand
from recording_emulator.wire import frames
from recording_emulator.wire.line import Line
from recording_emulator.wire.socket import Socket

MAX_CALLS: Final = 64
"""So many calls of one connection may be unanswered."""
NORMAL: Final = 1000


class Session:
    """A member's connection, from its welcome to its end."""

    def __init__(
        self,
        directory: Directory,
        adapter: Adapter,
        hand: Hand,
        member: Member,
        socket: Socket,
        wall_ms: Callable[[], int],
    ) -> None:
        assert adapter.sdk is not None
        self._directory = directory
        self._adapter = adapter
        self._sdk = adapter.sdk
        self._hand = hand
        self._id = member.id
        self._epoch = member.epoch
        self._socket = socket
        self._wall_ms = wall_ms
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._line = Line(self._write, socket.abort, acks=member.acks)
        self._url = line_url(hand.name, member.id, member.epoch)
        directory.switch.connect(self._url, self._line)

    async def replace(self, epoch: int) -> None:
        """End the connection this one comes in place of."""
        await self._directory.switch.cut(line_url(self._hand.name, self._id, epoch))

    async def welcome(self, missed: int) -> None:
        """Say who the client is, and how many events it will never get."""
        member = self._hand.world.members.all[self._id]
        told = {
            "member": member.id,
            "seq": member.seq,
            "missed": missed,
            "at_ms": self._hand.world.now_ms,
        }
        try:
            await self._write(frames.notification(frames.CONNECTED, told))
        except OSError:
            return  # it is gone already; ``run`` sees that

    async def run(self) -> None:
        """Take what the client sends until it is gone."""
        try:
            while (raw := await self._socket.receive()) is not None:
                self._take(raw)
        finally:
            if self._hand in self._directory:
                self._hand.apply(Drop(self._id, self._epoch, "the connection is gone"))
            self._directory.switch.disconnect(self._url)

    async def _write(self, text: str) -> None:
        async with self._order:
            await self._socket.write(text)

    @property
    def _member(self) -> Member | None:
        """The member, if this connection is still its own and gets through."""
        member = self._hand.world.members.all.get(self._id)
        is_own = member is not None and member.is_up and member.epoch == self._epoch
        return member if is_own and member is not None and not member.is_deaf else None

    def _take(self, raw: str | bytes) -> None:
        member = self._member
        if member is None or self._hand not in self._directory:
            self._socket.silent()
            return
        frame = frames.read(raw)
        if isinstance(frame, frames.Ack):
            self._line.acknowledge(frame.seq)
            return
        task = asyncio.ensure_future(self._answer(member, frame))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _answer(
        self, member: Member, frame: frames.Ask | frames.Broken
    ) -> Coroutine[Any, Any, None]:
        match frame:
            case frames.Broken(code, why, to):
                return self._refuse(to, code, why)
            case frames.Ask(_, frames.BYE):
                return self._bye(frame)
            case frames.Ask(to, method) if method not in self._sdk.operations:
                return self._refuse(to, frames.NO_METHOD, self._no_method(method))
            case frames.Ask(to) if len(self._tasks) >= MAX_CALLS:
                why = f"{MAX_CALLS} calls are unanswered"
                return self._refuse(to, frames.INVALID_REQUEST, why)
            case _:
                return self._call(member, frame)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            told = {"message": f"a call of {self._id} failed", "exception": task.exception()}
            asyncio.get_running_loop().call_exception_handler(told)
            self._socket.silent()

    def _no_method(self, method: str) -> str:
        near = get_close_matches(method, self._sdk.operations, n=3)
        known = near or sorted(self._sdk.operations)
        return f"{self._adapter.name} has no method {method!r}; it has {', '.join(known)}"

    async def _refuse(self, to: frames.Id | None, code: int, why: str) -> None:
        await self._reply(frames.error(to, code, why))

    async def _reply(self, text: str) -> None:
        try:
            await self._write(text)
        except OSError:
            return  # nobody is left to tell

    async def _bye(self, ask: frames.Ask) -> None:
        self._hand.enter()
        try:
            self._hand.apply(Bye(self._id))
            await self._reply(frames.result(ask.id, None))
        finally:
            self._hand.leave()
        await self._socket.close(NORMAL, "bye")

    async def _call(self, member: Member, ask: frames.Ask) -> None:
        hand, name = self._hand, self._adapter.name
        hand.enter()
        try:
            view = hand.world.views[name]
            wall_ms = self._wall_ms() + hand.skew_ms(name)
            given, notes = self._sdk.decode(member, ask.method, ask.params, view, wall_ms=wall_ms)
            answer = await hand.call(Call(name, ask.method, given, notes))
            text = self._rendered(ask, answer)
            if answer.spoil is None and text:
                await self._reply(text)
        except EmulatorError as error:
            await self._refuse(ask.id, frames.INTERNAL, f"{type(error).__name__}: {error}")
            return
        finally:
            hand.leave()
        if not text:
            self._socket.silent()
        elif answer.spoil is not None:  # the tenant goes on: nobody waits for a broken answer
            await self._spoiled(text, answer.spoil)

    def _rendered(self, ask: frames.Ask, answer: Answer) -> str:
        """Write an answer; an empty text where the vendor's SDK gives none."""
        view = self._hand.world.views[self._adapter.name]
        if not answer.row:
            return frames.result(ask.id, self._sdk.result(answer, ask.method, view))
        failure = self._sdk.failure(answer, ask.method, view)
        if failure is None:
            return ""
        return frames.error(ask.id, frames.VENDOR, failure.message, failure.data)

    async def _spoiled(self, text: str, fault: Fault) -> None:
        """Answer a call as a fault has it; what breaks an HTTP answer breaks the connection."""
        match fault.effect:
            case "slow":
                await self._socket.late(fault.by_ms)
                await self._reply(text)
            case "malform" | "truncate":
                await self._reply(text[: len(text) // 2])
            case "reset" | "empty" | "status":
                self._socket.abort()
            case "hang":
                self._socket.silent()
            case _:
                raise AssertionError(fault)
