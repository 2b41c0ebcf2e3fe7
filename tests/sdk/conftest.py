from collections.abc import Iterator

import pytest

from recording_emulator.testing import Emulator, Inbox, Tenant

collect_ignore = ["agora_recordings.py"]


@pytest.fixture(scope="session")
def tls_emulator() -> Iterator[Emulator]:
    """A server that also answers under the vendors' own names."""
    emulator = Emulator(tls=True)
    yield emulator
    emulator.close()


@pytest.fixture
def tls_tenant(request: pytest.FixtureRequest, tls_emulator: Emulator) -> Iterator[Tenant]:
    tenant = tls_emulator.tenant(request.node.nodeid)
    yield tenant
    tenant.close()


@pytest.fixture
def tls_inbox(tls_tenant: Tenant) -> Inbox:
    return tls_tenant.inbox()
