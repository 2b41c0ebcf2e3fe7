"""netcall beside its sister: one AppKey, one video store; and what a handle says of a copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from faker import Faker

from recording_emulator.families import netease
from recording_emulator.server import wallclock
from recording_emulator.testing import Emulator
from recording_emulator.vendors.base import Spoken, Unmade
from recording_emulator.vendors.neroom import ADAPTER as NEROOM
from recording_emulator.vendors.netcall import ADAPTER
from recording_emulator.vendors.netcall.client import CLIENT
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients

OWN = {"app_key": "k", "app_secret": "s"}


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


def test_a_sample_is_a_call_that_is_answered(client: "Clients", netcall: Netcall) -> None:
    fake = Faker()
    fake.seed_instance(7)
    sample = ADAPTER.sample(fake)
    caller, callee = client(sample["caller"]), client(sample["call"]["account"])

    caller.call("call", **sample["call"])
    netcall.settle()
    callee.call("response", beCalledInfo=callee.called, **sample["response"])
    netcall.settle()

    assert caller.heard("callAccepted")
    assert caller.call("hangup", **sample["hangup"]) is None


@pytest.mark.parametrize(("name", "event"), [("files", "6"), ("5", "5"), ("hangup", "hangup")])
def test_an_event_is_known_by_its_number_or_its_name(name: str, event: str) -> None:
    assert ADAPTER.event_name(name) == event


def test_an_event_of_nobody_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="netcall announces no event 'video'; it announces 5 durat"):
        ADAPTER.event_name("video")


def test_what_is_no_copy_is_complained_of(netcall: Netcall) -> None:
    assert netcall.read_callback({}, b"x")[1].startswith("not a copy: ")
    assert netcall.read_callback({}, b"{}") == ("", "MD5 is not that of the body")


def test_a_client_judges_copies() -> None:
    headers = dict(netease.copy_headers("k", "s", b"{}", 1))

    assert CLIENT.complaint({"callback_secret": "s"}, headers, b"{}") == ""
    assert CLIENT.complaint({"callback_secret": "t"}, headers, b"{}") != ""


@pytest.mark.parametrize(
    ("call", "user"),
    [("call", "alice"), ("response", "bob"), ("startRtc", "bob"), ("hangup", "alice")],
)
def test_where_nobody_says_who_alice_calls_bob_who_sits_before_a_page(call: str, user: str) -> None:
    asked = CLIENT.request(call, OWN, {"channelId": 51000000000001}, {})

    assert isinstance(asked, Spoken)
    assert asked.user == user
    assert asked.query == CLIENT.query(OWN, user)


def test_a_users_devices_are_connections_of_one_account() -> None:
    asked = CLIENT.request("initSignal", OWN, {"user": "bob/phone"}, {})

    assert isinstance(asked, Spoken)
    assert (asked.user, asked.query) == ("bob/phone", CLIENT.query(OWN, "bob"))


@pytest.mark.parametrize(
    ("call", "name"),
    [("response", "channelId"), ("downloadMediaRecording", "recordId"), ("getVideo", "vid")],
)
def test_a_call_that_needs_what_no_answer_has_given_is_not_made(call: str, name: str) -> None:
    with pytest.raises(Unmade, match=f"{call} needs a {name}"):
        CLIENT.request(call, OWN, {}, {})


def test_what_an_answer_gives_is_kept_and_a_null_gives_nothing() -> None:
    assert CLIENT.learn("call", {}, {"channelId": 1, "uid": 2}) == {"channelId": 1}
    assert CLIENT.learn("startMediaRecording", {}, {"recordId": "local-1"}) == {
        "recordId": "local-1"
    }
    assert CLIENT.learn("hangup", {}, None) == {}


def test_a_path_at_the_root_is_not_claimed() -> None:
    assert not ADAPTER.claims("/app/vod/video/get")


@pytest.mark.recording_emulator(live_limit=2)
def test_a_full_tenant_takes_no_more_calls(client: "Clients") -> None:
    alice, _ = client("alice"), client("bob")

    assert alice.rejected("call", account="bob", type=2)["code"] == 416
    assert alice.rejected("createChannel", channelName="m")["code"] == 416
