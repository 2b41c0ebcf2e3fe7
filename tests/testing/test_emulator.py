"""Servers and tenants as a test holds them."""

import socket
import threading
from collections.abc import Iterator

import pytest

from recording_emulator.errors import BadRequest, Conflict, EmulatorError, NotFound
from recording_emulator.testing import Emulator
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.zego.handle import Zego


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    made = Emulator()
    yield made
    made.close()


def test_a_server_of_ones_own_listens_on_loopback_and_has_no_tenant(emulator: Emulator) -> None:
    assert emulator.url.startswith("http://127.0.0.1:")
    assert (emulator.is_own, emulator.tls_url, emulator.ca_path) == (True, "", None)
    assert (emulator.tenants(), emulator.unclaimed()) == ([], [])


def test_two_servers_do_not_know_of_one_another(emulator: Emulator) -> None:
    other = Emulator()
    mine, theirs = emulator.tenant("same"), other.tenant("same")

    mine.agora.advance(hours=1)

    assert mine.agora.credentials == theirs.agora.credentials
    assert theirs.agora.now_ms() == theirs.info.start_ms
    other.close()


def test_an_attached_handle_sees_the_same_tenants(emulator: Emulator) -> None:
    tenant = emulator.tenant("mine", seed=7)
    attached = Emulator(emulator.url + "/")

    assert (attached.url, attached.is_own) == (emulator.url, False)
    assert attached.tenants() == [tenant.info]
    attached.close()
    assert emulator.tenants() == [tenant.info]


def test_a_tenant_has_every_vendor_as_an_attribute(emulator: Emulator) -> None:
    tenant = emulator.tenant("mine")

    assert isinstance(tenant.agora, Agora)
    assert tenant.agora.base_url == f"{emulator.url}/agora"
    assert dict(tenant.agora.credentials) == {
        "app_id": tenant.agora.app_id,
        "customer_id": tenant.agora.customer_id,
        "customer_secret": tenant.agora.customer_secret,
        "callback_secret": tenant.agora.callback_secret,
    }
    assert isinstance(tenant.zego, Zego)
    assert dict(tenant.zego.credentials) == {
        "app_id": str(tenant.zego.app_id),
        "server_secret": tenant.zego.server_secret,
        "callback_secret": tenant.zego.callback_secret,
    }
    with pytest.raises(AttributeError, match="zoom"):
        _ = tenant.zoom
    with pytest.raises(BadRequest, match=r"no vendor 'zoom'; there are \['agora', .*'zego'\]"):
        tenant.vendor("zoom")


def test_a_taken_name_is_a_conflict_unless_it_is_to_be_replaced(emulator: Emulator) -> None:
    first = emulator.tenant("tests/a.py::test_a", seed=1)
    first.agora.advance(hours=1)

    with pytest.raises(Conflict, match=r"tenant 'tests/a\.py::test_a' exists already"):
        emulator.tenant("tests/a.py::test_a")
    second = emulator.tenant("tests/a.py::test_a", replace=True, seed=2)

    assert (second.info.seed, second.agora.now_ms()) == (2, second.info.start_ms)
    assert emulator.tenants() == [second.info]


def test_closing_a_tenant_deletes_it_and_closes_its_inboxes(emulator: Emulator) -> None:
    tenant = emulator.tenant("mine")
    inboxes = [tenant.inbox(), tenant.inbox()]
    ports = [int(each.url("agora").split(":")[2].split("/")[0]) for each in inboxes]

    tenant.close()
    tenant.close()

    assert emulator.tenants() == []
    with pytest.raises(NotFound, match="no tenant 'mine'"):
        tenant.timeline()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_closing_closes_the_inboxes_even_when_the_server_is_gone() -> None:
    emulator = Emulator()
    attached = Emulator(emulator.url)
    tenant = attached.tenant("mine")
    port = int(tenant.inbox().url("agora").split(":")[2].split("/")[0])
    emulator.close()

    with pytest.raises(EmulatorError, match="no emulator answers at"):
        tenant.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    attached.close()


def test_a_closed_server_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    emulator = Emulator()
    emulator.tenant("mine").inbox()
    during = {each.name for each in set(threading.enumerate()) - before}

    emulator.close()

    assert during == {"recording-emulator"}
    assert set(threading.enumerate()) - before == set()


def test_the_timeline_of_a_tenant_is_told_in_words(emulator: Emulator) -> None:
    tenant = emulator.tenant("mine", seed=7)
    tenant.agora.room("demo").join(41)

    assert tenant.timeline().splitlines() == [
        "tenant 'mine', clock manual, seed 7: 2030-01-01T00:00:00.000Z + 0s",
        "#1    +0s           room    join agora/demo 41",
    ]


def test_many_threads_may_use_one_handle(emulator: Emulator) -> None:
    tenant = emulator.tenant("mine")
    together = threading.Barrier(16, timeout=20)
    failed: list[BaseException] = []

    def join(nth: int) -> None:
        try:
            for room in range(20):
                together.wait()
                tenant.agora.room(f"room-{room}").join(nth + 1)
        except BaseException as error:
            failed.append(error)
            together.abort()

    threads = [threading.Thread(target=join, args=(nth,)) for nth in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert failed == []
    assert len(tenant.agora.journal()) == 16 * 20
