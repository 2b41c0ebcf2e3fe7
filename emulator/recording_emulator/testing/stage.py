"""A server without a socket: the whole application called in process, callbacks included.

It plays scenarios: calls go through the real front door, and the tenant's callbacks to a receiver
in this process that checks their signatures as an app should.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from recording_emulator.core.inputs import AddTarget, Answered
from recording_emulator.core.journal import canonical
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.runtime.hand import Hand
from recording_emulator.scenario.driver import Said, Tell
from recording_emulator.scenario.load import Loaded
from recording_emulator.scenario.play import Player
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.store.shipping import S3Carrier
from recording_emulator.testing.exchange import Asked, exchange
from recording_emulator.testing.inside import InsideMember
from recording_emulator.vendors.base import Outward, Spoken, VendorAdapter

RECEIVER: Final = "receiver:"
LIMIT: Final = 100_000
"""How much of a scenario's journal and callbacks is kept for its judge."""


class Receiver:
    """A courier that delivers to itself: a receiver as it should be."""

    def __init__(self, adapter: VendorAdapter) -> None:
        self._adapter = adapter
        self.credentials: Mapping[str, str] = {}

    def open(self) -> None:
        """Have nothing to open."""

    async def post(self, attempt: Outgoing) -> Answered:
        """Take a callback, unless its signature is wrong."""
        headers = dict(attempt.headers)
        if self._adapter.client.complaint(self.credentials, headers, attempt.body):
            return Answered(attempt.attempt, 401, b'{"message":"wrong signature"}')
        return Answered(attempt.attempt, 200, b"{}")

    async def close(self) -> None:
        """Have nothing to close."""


class Stage:
    """One tenant on a server of its own, for one scenario."""

    def __init__(self, loaded: Loaded, adapter: VendorAdapter, *, seed: int | None = None) -> None:
        document = loaded.document
        self._loaded, self._adapter = loaded, adapter
        receiver = Receiver(adapter)
        store = Store()
        carrier = S3Carrier(store)
        self._directory = Directory([adapter], receiver, carrier=carrier, render=store.render)
        self._app = App([adapter], self._directory, store, wall_ms=lambda: self.wall_ms)
        wanted = Wanted(
            name="scenario",
            seed=document.seed if seed is None else seed,
            audience=document.audience,
            settings={adapter.name: document.settings},
            guard_ms=None,
            journal_limit=LIMIT,
            callbacks_limit=LIMIT,
        )
        self._hand = self._directory.create(wanted, 0)
        self._opened: list[InsideMember] = []
        self._members: dict[tuple[str, str], InsideMember] = {}
        receiver.credentials = self._hand.credentials[adapter.name]
        secret = receiver.credentials.get("callback_secret", "")
        target = CallbackTarget("receiver", adapter.name, RECEIVER, secret)
        self._hand.apply(AddTarget(target))

    @property
    def wall_ms(self) -> int:
        """The tenant's clock, for the client too: on a stage there is no other to be told."""
        return self._hand.world.now_ms

    @property
    def hand(self) -> Hand:
        """The tenant that is played on."""
        return self._hand

    async def play(self, tell: Tell = lambda _text: None) -> Verdict:
        """Play the scenario and judge it."""
        return await Player(self._loaded, self._adapter, self, tell).play()

    async def close(self) -> None:
        """Stop the tenant."""
        await self._directory.close()
        for each in self._opened:
            await each.rest()

    def journal(self) -> bytes:
        """Return the canonical journal."""
        return canonical(self._hand.world.journal, self._adapter.secrets, {RECEIVER: "{callback}"})

    async def send(self, vendor: str, call: Outward) -> Said:
        """Call the application as a server would; a broken connection is no answer."""
        asked = Asked(call.method, f"/{vendor}{call.path}", [*call.headers.items()], call.body)
        replied = await exchange(self._app, asked)
        return Said(replied.status, replied.body, replied.slow_ms)

    async def speak(self, vendor: str, call: Spoken) -> Said:
        """Call a method over the user's connection, opened or resumed if need be."""
        member = self._members.get((vendor, call.user))
        if member is None or not member.is_up:
            why = await self.open(vendor, call.user, call.query, again=member is not None)
            if why and member is not None:  # it was forgotten meanwhile: an SDK signs in anew
                why = await self.open(vendor, call.user, call.query, again=False)
            if why:
                return Said(body=why.encode())
        return await self._members[vendor, call.user].call(call.method, call.params)

    async def open(self, vendor: str, user: str, query: dict[str, str], *, again: bool) -> str:
        """Connect, or resume what was lost; returns why that was refused."""
        old = self._members.get((vendor, user))
        if again and old is not None:
            query = {**query, "resume": old.id, "seq": str(old.seq)}
        member = InsideMember(self._app, vendor)
        self._opened.append(member)
        why = await member.open(query)
        if not why:
            self._members[vendor, user] = member
        return why

    async def bye(self, vendor: str, user: str) -> None:
        """Leave for good."""
        member = self._members.pop((vendor, user), None)
        if member is not None and member.is_up:
            await member.call("bye", {})
