"""What no client should send: it is refused as the SDK refuses, and changes nothing."""

import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recording_emulator.core import snapshot
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.inputs import Answer, Bye, Call, Connect, Drop, Elapse, Fire
from recording_emulator.core.sdk import Admitted, Unwelcome
from recording_emulator.core.world import Spec, World
from recording_emulator.errors import BadRequest
from recording_emulator.testing import Tenant
from recording_emulator.vendors.netcall import ADAPTER, styles
from recording_emulator.vendors.netcall.handle import Netcall
from recording_emulator.vendors.netcall.sdk import METHODS, NetcallSdk

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients

SDK = NetcallSdk()
NAMES = sorted(SDK.operations)
LONG = "x" * 65


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("getInstance", {"sdkProfile": "netcall-1.0"}),
        ("getInstance", {"fromClientType": 256}),
        ("call", {"account": "bob"}),
        ("call", {"account": "bob", "type": 3}),
        ("call", {"account": 7, "type": 2}),
        ("call", {"account": LONG, "type": 2}),
        ("call", {"account": "bob", "type": 2, "pushConfig": "x"}),
        ("call", {"account": "bob", "type": 2, "sessionConfig": []}),
        ("call", {"account": "bob", "type": 2, "sessionConfig": {"recordAudio": "yes"}}),
        ("call", {"account": "bob", "type": 2, "sessionConfig": {"recordType": 3}}),
        ("response", {"beCalledInfo": []}),
        ("response", {"beCalledInfo": {"channelId": []}}),
        ("response", {"channelId": LONG}),
        ("hangup", {"channelId": {}}),
        ("control", {"command": "busy"}),
        ("control", {"command": -1}),
        ("createChannel", {}),
        ("createChannel", {"channelName": ""}),
        ("createChannel", {"channelName": LONG}),
        ("joinChannel", {"channelName": "m", "type": 0}),
        ("startDevice", {}),
        ("stopDevice", {"type": "camera"}),
        ("startRecordMp4", {"path": "a", "width": 1_281}),
        ("startRecordMp4", {"path": ["a"]}),
        ("startRecordAac", {"path": "x" * 1_025}),
        ("stopRecordMp4", {"account": {}}),
    ],
)
def test_a_wrong_parameter_is_414(
    client: "Clients", netcall: Netcall, method: str, params: dict[str, Any]
) -> None:
    alice, _ = client("alice"), client("bob")
    before = netcall.journal(kind="state")

    error = alice.rejected(method, **params)

    assert (error["code"], error["event"]) == (414, method)
    assert netcall.journal(kind="state") == before


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("startMediaRecording", {"type": "window"}),
        ("startMediaRecording", {"account": ["bob"]}),
        ("stopMediaRecording", {"recordId": 1}),
        ("startRecordMp4", {"account": 1}),
    ],
)
def test_so_it_is_in_a_browser(client: "Clients", method: str, params: dict[str, Any]) -> None:
    assert client("alice", "webrtc-8.5").rejected(method, **params)["code"] == 414


@pytest.mark.parametrize("params", [[], [1], 7, "x"])
def test_params_are_an_object(params: Any) -> None:
    world = World(Spec("w", credentials={"netcall": {"app_key": "k"}}), (ADAPTER,))
    member = world.apply(Connect("netcall", "alice", acks=False)).member

    found, _ = SDK.decode(member, "call", params, world.views["netcall"], wall_ms=0)

    assert isinstance(found, Malformed)


def test_a_method_of_no_build_is_not_a_method(client: "Clients") -> None:
    with pytest.raises(BadRequest, match=r"no method 'startRecord'; it has .*startRecordMp4"):
        client("alice").call("startRecord")


@pytest.mark.parametrize("account", ["", LONG])
@pytest.mark.parametrize("token", ["", "t"])
def test_who_does_not_say_who_they_are_is_turned_away(
    tenant: Tenant, netcall: Netcall, account: str, token: str
) -> None:
    query = {"appKey": netcall.app_key, "account": account, "token": token}

    with pytest.raises(BadRequest, match=r"disconnect \[\{'code': 302"):
        tenant.member("netcall", query)


def test_another_accounts_token_is_302(tenant: Tenant, netcall: Netcall) -> None:
    query = {**netcall.sdk_query("alice"), "token": netcall.token("bob")}

    with pytest.raises(BadRequest, match="302"):
        tenant.member("netcall", query)

    assert netcall.journal(kind="reply")[-1]["name"] == "302 account or token is wrong"


@pytest.mark.parametrize(("token", "verdict"), [("any", Admitted), ("", Unwelcome)])
def test_an_open_tenant_takes_any_token_but_none(token: str, verdict: type) -> None:
    world = World(Spec("w", credentials={"netcall": {"app_key": "k"}}), (ADAPTER,))
    query = {"appKey": "k", "account": "alice", "token": token}

    found = SDK.admit(query, world.views["netcall"], {"app_key": "k"}, is_open=True, wall_ms=0)

    assert isinstance(found, verdict)


# --- anything at all -----------------------------------------------------------------------------

ACCOUNTS = ("alice", "bob", "carol")
NAME = st.sampled_from(("alice", "bob", "nobody", ""))
CHANNEL = st.one_of(st.integers(0, 2), st.floats(), st.text(string.digits, max_size=3), st.none())
FLAGS = st.fixed_dictionaries(
    {"recordAudio": st.booleans(), "recordVideo": st.booleans(), "recordType": st.integers(0, 2)}
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "account": NAME,
        "type": st.one_of(st.integers(0, 4), st.sampled_from(("camera", "audio"))),
        "pushConfig": st.just({"custom": "c"}),
        "sessionConfig": FLAGS,
        "accepted": st.booleans(),
        "channelId": CHANNEL,
        "command": st.integers(0, 16),
        "channelName": st.sampled_from(("m", "n")),
        "path": st.sampled_from(("a.mp4", "b.mp4")),
        "recordId": st.sampled_from(("local-1", "local-2", "x")),
        "sdkProfile": st.sampled_from(sorted(METHODS)),
    },
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
STEP = st.tuples(
    st.sampled_from(ACCOUNTS),
    st.sampled_from((*NAMES, *["call", "response", "response", "initSignal"] * 3)),
    st.one_of(KNOWN, KNOWN, KNOWN, ANYTHING),
    st.sampled_from((0, 0, 0, 1_000, 40_000)),
)
DEVELOPED = {"auto_peers": {"bob": {"after_ms": 0}}, "mixed_recording": True}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, max_size=40), st.sampled_from(sorted(METHODS)))
def test_no_order_of_calls_breaks_anything(
    steps: list[tuple[str, str, Any, int]], profile: str
) -> None:
    """Every call is answered, in a shape that can be written, and everything comes to an end.

    On the way the world can be kept and restored, and its inputs lead to the same world again.
    """
    own = {"sdk_profile": profile, **DEVELOPED}
    spec = Spec(
        "w",
        credentials={"netcall": {"app_key": "k"}},
        settings={"netcall": own},
        keep_inputs=True,
    )
    world = World(spec, (ADAPTER,))
    view = world.views["netcall"]
    members = {each: world.apply(Connect("netcall", each, acks=False)).member for each in ACCOUNTS}
    for user, method, params, wait_ms in steps:
        known = dict(params) if isinstance(params, dict) else params
        if isinstance(known, dict) and known.get("channelId") == 1:
            known["channelId"] = newest(world)
        given, _ = SDK.decode(members[user], method, known, view, wall_ms=0)
        answer = world.apply(Call("netcall", method, given))
        assert isinstance(answer, Answer)
        if answer.row:
            assert styles.failure(answer, method, view).message
        else:
            SDK.result(answer, method, view)
        advance(world, wait_ms)
    kept = snapshot.take(world)
    assert snapshot.take(snapshot.restore(kept, (ADAPTER,))) == kept
    again = World(spec, (ADAPTER,))
    for each in world.inputs or ():
        again.apply(each)
    assert snapshot.take(again) == kept
    for nth, each in enumerate(members.values()):
        world.apply(Bye(each.id) if nth else Drop(each.id, each.epoch, "gone"))
    advance(world, 200_000_000)

    assert not list(world.timers)
    assert all(task.state in ("ready", "idle") for task in view.every("netcall.recording"))


def newest(world: World) -> int:
    calls = world.views["netcall"].every("netcall.call")
    return int(calls[-1].channel) if calls else 0


def advance(world: World, by_ms: int) -> None:
    until_ms = world.now_ms + by_ms
    while (due := world.timers.peek()) is not None and due.due_ms <= until_ms:
        world.apply(Elapse(due.due_ms))
        world.apply(Fire())
    world.apply(Elapse(until_ms))
