"""Where SDKs connect: which tenant a connection is for, and whether it may stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from recording_emulator.core.adapter import Adapter
from recording_emulator.core.inputs import Connect, Denied, Resume
from recording_emulator.core.members import MAX_MEMBERS
from recording_emulator.core.sdk import Admitted, Unwelcome
from recording_emulator.runtime.directory import Directory
from recording_emulator.runtime.hand import Hand
from recording_emulator.wire import frames
from recording_emulator.wire.session import Session
from recording_emulator.wire.socket import Socket

PATH: Final = "/sdk"
BAD_REQUEST: Final = 4400
"""Close code for what a 4xx would be over HTTP; the reason says what is wrong."""
NO_TENANT: Final = 4401
FULL: Final = 4429


class Door:
    """The SDK door of one server; ``wall_ms`` reads its wall clock."""

    def __init__(self, directory: Directory, wall_ms: Callable[[], int]) -> None:
        self._directory = directory
        self._wall_ms = wall_ms

    async def serve(self, adapter: Adapter, socket: Socket) -> None:
        """Let a client in, or tell it why not, and stay with it until it is gone."""
        sdk = adapter.sdk
        assert sdk is not None
        await socket.accept()
        keys = sdk.identify(socket.query)
        hand = self._directory.find(keys)
        if hand is None:
            noted = self._directory.note_unclaimed(adapter.name, "WS", PATH, keys)
            await socket.close(NO_TENANT, noted.hint)
            return
        hand.enter()
        try:
            session = await self._admit(adapter, hand, socket)
        finally:
            hand.leave()
        if session is not None:
            await session.run()

    async def _admit(self, adapter: Adapter, hand: Hand, socket: Socket) -> Session | None:
        sdk, query, name = adapter.sdk, socket.query, adapter.name
        assert sdk is not None
        own, view = hand.credentials[name], hand.world.views[name]
        wall_ms = self._wall_ms() + hand.skew_ms(name)
        verdict = sdk.admit(query, view, own, is_open=hand.is_open, wall_ms=wall_ms)
        if isinstance(verdict, Unwelcome):
            hand.apply(Denied(name, "sdk", verdict.row, verdict.reason))
            if verdict.event:
                told = {"seq": 0, "at_ms": hand.world.now_ms, "room": "", "args": verdict.args}
                with suppress(OSError):  # who has gone already need not be told
                    await socket.write(frames.notification(verdict.event, told))
            await socket.close(verdict.close, verdict.reason)
            return None
        given = _entry(adapter, hand, socket, verdict)
        if isinstance(given, tuple):
            await socket.close(*given)
            return None
        old = hand.world.members.all.get(query["resume"]) if "resume" in query else None
        welcomed = hand.apply(given)
        session = Session(self._directory, adapter, hand, welcomed.member, socket, self._wall_ms)
        if old is not None and old.is_up:
            await session.replace(old.epoch)
        await session.welcome(welcomed.missed)
        return session


def _entry(
    adapter: Adapter, hand: Hand, socket: Socket, verdict: Admitted
) -> Connect | Resume | tuple[int, str]:
    """Say what a connection does to the world, or why it cannot stay: a close code and a reason."""
    query, known = socket.query, hand.world.members.all
    acks = query.get("ack") == "1"
    if "resume" not in query:
        if len(known) >= MAX_MEMBERS:
            return FULL, f"a tenant has at most {MAX_MEMBERS} members"
        return Connect(adapter.name, verdict.user, acks, verdict.profile)
    member, seq = known.get(query["resume"]), query.get("seq", "")
    if member is None or (member.vendor, member.user) != (adapter.name, verdict.user):
        return BAD_REQUEST, f"no member {query['resume'][:40]!r} of this user to resume"
    if not (seq.isascii() and seq.isdigit() and len(seq) < 16 and int(seq) <= member.seq):
        return BAD_REQUEST, f"seq must be the last event's number, at most {member.seq}"
    return Resume(member.id, int(seq), acks)
