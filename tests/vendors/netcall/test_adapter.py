"""netcall beside its sister: one AppKey, one video store; and what a handle says of a copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from faker import Faker

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.base import Unmade
from recording_emulator.vendors.neroom import ADAPTER as NEROOM
from recording_emulator.vendors.netcall import ADAPTER
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients


@pytest.fixture(scope="module")
def house() -> Iterator[Emulator]:
    server = Emulator(adapters=(NEROOM, ADAPTER))
    yield server
    server.close()


def test_one_app_key_serves_both_products_and_their_connections(house: Emulator) -> None:
    tenant = house.tenant("both")
    netcall, neroom = tenant.vendor("netcall"), tenant.vendor("neroom")
    assert isinstance(netcall, Netcall)

    tenant.member("netcall", netcall.sdk_query("alice"))
    tenant.member("neroom", neroom.sdk_query("alice"))  # type: ignore[attr-defined]

    assert netcall.credentials == neroom.credentials
    tenant.close()


def test_a_call_is_recorded_into_the_store_of_the_house(house: Emulator) -> None:
    tenant = house.tenant("store")
    netcall, inbox = tenant.vendor("netcall"), tenant.inbox()
    assert isinstance(netcall, Netcall)
    netcall.configure(auto_peers={"bot": {"record_audio": True, "hang_up_ms": 60_000}})
    alice = tenant.member("netcall", netcall.sdk_query("alice"))
    alice.call("initSignal")
    alice.call("call", account="bot", type=1)
    netcall.advance(minutes=2)

    headers = netease.signed_call(netcall.app_key, netcall.app_secret, "n", wallclock.now_ms())
    file = httpx.Response(200, text=inbox.callbacks[-1].json["fileinfo"]).json()[0]
    url = f"{netcall.base_url}/app/vod/video/get"
    found = httpx.post(url, json={"vid": file["vid"]}, headers=headers).json()

    assert found["ret"]["videoName"] == file["filename"]
    assert httpx.get(found["ret"]["origUrl"]).status_code == 200
    tenant.close()


def test_a_sample_is_a_call_that_is_taken(client: "Clients") -> None:
    fake = Faker()
    fake.seed_instance(7)
    sample = ADAPTER.sample(fake)
    client(sample["account"])

    assert client("alice").call("call", **sample)["type"] == 2


@pytest.mark.parametrize(("name", "event"), [("files", "6"), ("5", "5"), ("hangup", "hangup")])
def test_an_event_is_known_by_its_number_or_its_name(name: str, event: str) -> None:
    assert ADAPTER.event_name(name) == event


def test_an_event_of_nobody_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="netcall announces no event 'video'; it announces 5 durat"):
        ADAPTER.event_name("video")


def test_what_is_no_copy_is_complained_of(netcall: Netcall) -> None:
    assert netcall.read_callback({}, b"x")[1].startswith("not a copy: ")
    assert netcall.read_callback({}, b"{}") == ("", "MD5 is not that of the body")


def test_a_client_judges_copies_and_makes_no_calls() -> None:
    headers = dict(netease.copy_headers("k", "s", b"{}", 1))

    assert ADAPTER.client.complaint({"app_secret": "s"}, headers, b"{}") == ""
    assert ADAPTER.client.complaint({"app_secret": "t"}, headers, b"{}") != ""
    assert ADAPTER.client.learn("call", {}, {}) == {}
    with pytest.raises(Unmade, match="call is a call of the SDK"):
        ADAPTER.client.request("call", {}, {}, {}, 0)


def test_a_path_at_the_root_is_not_claimed() -> None:
    assert not ADAPTER.claims("/app/vod/video/get")


@pytest.mark.recording_emulator(live_limit=2)
def test_a_full_tenant_takes_no_more_calls(client: "Clients") -> None:
    alice, _ = client("alice"), client("bob")

    assert alice.rejected("call", account="bob", type=2)["code"] == 416
    assert alice.rejected("createChannel", channelName="m")["code"] == 416
