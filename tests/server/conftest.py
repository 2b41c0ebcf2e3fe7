from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from recording_emulator.delivery.http import HttpCourier
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.vendors import base
from recording_emulator.vendors.base import Outward


class Served(msgspec.Struct, frozen=True):
    """An application without a socket, its directory, and a client."""

    directory: Directory
    http: httpx.AsyncClient

    def credentials(self, tenant: str, **wanted: Any) -> dict[str, str]:
        """Make a tenant and return what its Agora client signs with."""
        hand = self.directory.create(Wanted(tenant, **wanted), 0)
        return dict(hand.credentials["agora"])

    async def send(self, call: Outward, base_url: str = "", **headers: str) -> httpx.Response:
        return await self.http.request(
            call.method,
            f"{base_url}{call.path}",
            headers={**call.headers, **headers},
            content=call.body,
        )


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    adapters = base.load()
    directory = Directory(adapters, HttpCourier())
    app = App(adapters, directory, Store())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator.test") as http:
        yield Served(directory, http)
    await directory.close()
