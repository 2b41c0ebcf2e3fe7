"""What the tests of every vendor share: the whole application without a socket or a receiver."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.couriers import AtHand

from recording_emulator.core.inputs import Answered
from recording_emulator.core.outbox import Outgoing
from recording_emulator.runtime.directory import Directory
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.vendors import base


class Silence(AtHand):
    """A courier for tenants without subscribers."""

    async def post(self, attempt: Outgoing) -> Answered:
        return Answered(attempt.attempt, error="nobody is there")


@pytest.fixture
async def building() -> AsyncIterator[tuple[Directory, httpx.AsyncClient]]:
    """A server in process, for tenants to be made on, and a client of it."""
    directory = Directory(base.load(), Silence())
    transport = httpx.ASGITransport(App(base.load(), directory, Store()))
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator.test") as http:
        yield directory, http
    await directory.close()
