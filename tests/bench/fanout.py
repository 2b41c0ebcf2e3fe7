"""Events fanned out to the members of one room, against a bare WebSocket echo.

A hundred members who acknowledge are in a room, and one of them turns its microphone on and off:
each time every member gets an event, and the next turn comes when the last has acknowledged. The
yardstick is a Starlette WebSocket with as many connections: a frame as long as the event out, one
as long as the acknowledgement back, on all connections at once.
"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlencode

import msgspec
import uvloop
from tests.bench import processes, raw_socket
from tests.bench.measure import OWN_CORE, Options, Row, core, median, paired
from tests.bench.processes import Served
from tests.bench.raw_socket import Socket

from recording_emulator.vendors.neroom.users import derived_token

MEMBERS = 100
ROOM = "room-7"
ACK = b'{"jsonrpc":"2.0","method":"ack","params":{"seq":%s}}'


class Turn(msgspec.Struct):
    """One turn against one server: so many frames out and acknowledged, in so long."""

    frames: int
    took_s: float
    server_cpu_s: float

    @property
    def rate(self) -> float:
        return self.frames / self.took_s

    @property
    def load(self) -> float:
        return self.server_cpu_s / self.took_s

    @property
    def cpu_us(self) -> float:
        return self.server_cpu_s / self.frames * 1e6


class Room:
    """The members of one room, and what they have heard."""

    def __init__(self) -> None:
        self.heard = 0
        self.size = 0
        self._wanted = 0
        self._numbers = 0
        self._is_complete = asyncio.Event()
        self._answered: asyncio.Future[bytes] | None = None
        self.sockets: list[Socket] = []

    def take(self, frame: bytes) -> bytes | None:
        """Acknowledge an event; keep the answer to a call."""
        at = frame.find(b'"seq":')
        if at < 0:
            assert self._answered is not None, frame
            self._answered.set_result(frame)
            return None
        if frame.startswith(b'{"jsonrpc":"2.0","method":"connected"'):
            return None
        self.heard += 1
        self.size = len(frame)
        if self.heard == self._wanted:
            self._is_complete.set()
        return ACK % frame[at + 6 : frame.find(b",", at)]

    async def call(self, number: int, method: str, *, events: int, **params: object) -> None:
        """Have a member call a method, and wait until all have heard what it causes."""
        self._wanted, self._numbers = self.heard + events, self._numbers + 1
        self._is_complete.clear()
        self._answered = asyncio.get_running_loop().create_future()
        asked = {"jsonrpc": "2.0", "id": self._numbers, "method": method}
        self.sockets[number].send(
            msgspec.json.encode({**asked, "params": {"roomUuid": ROOM, **params}})
        )
        assert b'"result"' in (answer := await self._answered), answer
        if events:
            await self._is_complete.wait()


async def filled(server: Served) -> Room:
    """Open a room and let everybody in."""
    room, key = Room(), server.credentials["app_key"]
    for number in range(MEMBERS):
        user = f"user{number}"
        query = urlencode(
            {"appKey": key, "user": user, "token": derived_token(key, user), "ack": "1"}
        )
        path = f"/neroom/sdk?{query}"
        room.sockets.append(await raw_socket.connect(server.port, path, room.take))
        if number == 0:
            await room.call(0, "createRoom", events=0)
        await room.call(number, "joinRoom", events=number, userName=user)
    await room.call(0, "joinRtcChannel", events=MEMBERS)
    return room


async def emulator_turn(server: Served, room: Room, options: Options) -> Turn:
    """Switch a microphone on and off."""
    count = options.cycles // 10
    begun_cpu, begun = server.cpu_s, time.perf_counter()
    for number in range(count):
        method = "muteMyAudio" if number % 2 else "unmuteMyAudio"
        await room.call(0, method, events=MEMBERS)
    took = time.perf_counter() - begun
    return Turn(count * MEMBERS, took, server.cpu_s - begun_cpu)


class Echoes:
    """As many connections to the bare server, each of which answers what it gets."""

    def __init__(self) -> None:
        self._left = self._running = 0
        self._is_over = asyncio.Event()
        self.sockets: list[Socket] = []

    def take(self, _frame: bytes) -> bytes | None:
        self._left -= 1
        if self._left >= self._running:
            return ACK % b"1234"
        if self._left == 0:
            self._is_over.set()
        return None

    async def turn(self, server: Served, frames: int) -> Turn:
        """Let frames go to and fro on all connections at once."""
        self._left, self._running = frames, len(self.sockets)
        self._is_over.clear()
        begun_cpu, begun = server.cpu_s, time.perf_counter()
        for each in self.sockets:
            each.send(ACK % b"1234")
        await self._is_over.wait()
        took = time.perf_counter() - begun
        return Turn(frames, took, server.cpu_s - begun_cpu)


async def _turns(ours: Served, bare: Served, options: Options) -> list[tuple[Turn, Turn]]:
    room, echoes = await filled(ours), Echoes()
    await emulator_turn(ours, room, options)
    path = f"/ws?size={room.size}"
    for _ in range(MEMBERS):
        echoes.sockets.append(await raw_socket.connect(bare.port, path, echoes.take))
    pairs: list[tuple[Turn, Turn]] = []
    for _ in range(options.turns):
        mine = await emulator_turn(ours, room, options)
        pairs.append((mine, await echoes.turn(bare, mine.frames)))
    for each in room.sockets + echoes.sockets:
        each.close()
    return pairs


def run(options: Options) -> list[Row]:
    """Measure in alternating turns."""
    with (
        core(OWN_CORE),
        processes.served(processes.SDK) as ours,
        processes.served(processes.BARE) as bare,
    ):
        pairs = uvloop.run(_turns(ours, bare, options))
    found, theirs = [each[0] for each in pairs], [each[1] for each in pairs]

    def row(what: str, ours: list[float], unit: str, base: list[float]) -> Row:
        yard = "bare WebSocket echo"
        return Row("fanout", what, median(ours), unit, yard, median(base), "", paired(ours, base))

    rates, bare_rates = [each.rate for each in found], [each.rate for each in theirs]
    cpu, bare_cpu = [each.cpu_us for each in found], [each.cpu_us for each in theirs]
    return [
        row(f"events to {MEMBERS} members, acknowledged", rates, "/s", bare_rates),
        row("server CPU an event and member", cpu, "µs", bare_cpu),
        Row("fanout", "server CPU, near 100", median([each.load for each in found]) * 100, "%"),
    ]


async def load(server: Served, options: Options) -> None:
    """Put a server under load without measuring it, for a profile."""
    room = await filled(server)
    await emulator_turn(server, room, options)
    for each in room.sockets:
        each.close()
