"""Signalling: who hears what of a call in which build, and every way it can go wrong."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients

AUDIO, VIDEO = 1, 2
AGENT, WEBRTC, OLD = "netcall-8.5", "webrtc-8.5", "webrtc-6.1"
BUILDS = [AGENT, WEBRTC, OLD]
each_webrtc = pytest.mark.parametrize("build", [WEBRTC, OLD])


# --- taking a call -------------------------------------------------------------------------------


def test_a_callee_hears_who_calls_and_with_what(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client("alice"), client("bob")

    made = alice.dial("bob", pushConfig={"custom": "order-77", "enable": True})
    netcall.settle()

    assert bob.heard("beCalling") == [
        {
            "timetag": netcall.now_ms(),
            "type": VIDEO,
            "channelId": made["channelId"],
            "account": "alice",
            "uid": made["accountUidMap"]["bob"],
            "turnServerList": [],
            "sturnServerList": [],
            "proxyServerList": [],
            "accountUidMap": made["accountUidMap"],
            "clientConfig": "{}",
            "custom": "order-77",
            "pushConfig": {"custom": "order-77", "enable": True},
            "serverMap": "{}",
        }
    ]
    assert made["uid"] == made["accountUidMap"]["alice"]
    assert 51 * 10**12 < made["channelId"] < 52 * 10**12


def test_both_sides_hear_that_it_is_accepted_once_media_are_up(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.ringing()

    answer = bob.answer()
    netcall.settle()

    uids = bob.called["accountUidMap"]
    assert answer == {"channelId": bob.called["channelId"]}
    assert alice.heard("callAccepted") == [{"type": 2, "account": "bob", "uid": uids["bob"]}]
    assert bob.heard("callAccepted") == [{"type": 2, "account": "alice", "uid": uids["alice"]}]


@each_webrtc
def test_a_browser_hears_it_before_any_media(
    client: "Clients", netcall: Netcall, build: str
) -> None:
    alice, bob = client.ringing(VIDEO, build)

    answer = bob.answer()
    netcall.settle()

    channel = bob.called["channelId"]
    assert answer is None
    assert alice.heard("callAccepted") == [{"type": 2, "account": "bob", "channelId": channel}]
    assert bob.heard("callAccepted") == [{"type": 2, "account": "alice", "channelId": channel}]


def test_an_agent_waits_for_the_media_of_a_browser(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client("alice"), client("bob", WEBRTC)
    alice.dial("bob")
    netcall.settle()
    bob.answer()
    netcall.settle()
    before = alice.heard("callAccepted")

    bob.call("startRtc")
    netcall.settle()

    assert (before, len(alice.heard("callAccepted"))) == ([], 1)


@pytest.mark.parametrize("build", BUILDS)
def test_a_call_is_answered_with_its_channel(
    client: "Clients", netcall: Netcall, build: str
) -> None:
    bob = client("bob")

    answer = client("alice", build).dial("bob")
    netcall.settle()

    assert answer["channelId"] == bob.called["channelId"]


def test_accepted_is_whatever_is_not_false(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing()

    bob.call("response", accepted=None, beCalledInfo=bob.called)
    netcall.settle()

    assert len(alice.heard("callAccepted")) == 1


# --- refusing, busy, hanging up ------------------------------------------------------------------


def test_a_refusal_is_heard_as_the_callees_notice(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing()
    channel = bob.called["channelId"]

    bob.answer(accepted=False)
    netcall.settle()

    notice = {"type": 2, "account": "bob", "channelId": channel, "accepted": False}
    assert alice.heard("callRejected") == [notice]
    assert alice.dial("bob")["channelId"] != channel


@each_webrtc
def test_a_browser_hears_less_of_a_refusal(client: "Clients", netcall: Netcall, build: str) -> None:
    alice, bob = client.ringing(VIDEO, build)

    bob.answer(accepted=False)
    netcall.settle()

    assert alice.heard("callRejected") == [{"type": 2, "account": "bob"}]


def test_a_busy_callee_says_so_and_refuses_the_second_caller(
    client: "Clients", netcall: Netcall
) -> None:
    _, bob = client.talking()
    carol = client("carol")
    second = carol.dial("bob")["channelId"]
    netcall.settle()
    bob.call("control", channelId=second, command=9)
    bob.call("hangup", channelId=second)
    netcall.settle()

    assert carol.heard("control") == [{"account": "bob", "type": 9, "channelId": second}]
    assert carol.heard("hangup") == [
        {"channelId": second, "account": "bob", "timetag": netcall.now_ms()}
    ]
    assert bob.call("control", command=3) is None


def test_a_browser_ignores_which_channel_it_is_to_hang_up(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.talking(VIDEO, WEBRTC)
    carol = client("carol")
    second = carol.dial("bob")["channelId"]
    netcall.settle()

    bob.call("hangup", channelId=second)
    netcall.settle()

    assert carol.heard("hangup") == []
    assert len(alice.heard("hangup")) == 1


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (AGENT, {}),
        (WEBRTC, {"name": "USER_LEFT_QUIT", "code": 0, "desc": "the peer has left"}),
        (OLD, {"name": "USER_LEFT_QUIT", "code": 0, "desc": "the peer has left"}),
    ],
)
def test_the_other_side_hears_a_hangup(
    client: "Clients", netcall: Netcall, build: str, expected: dict[str, Any]
) -> None:
    alice, bob = client.talking(VIDEO, build)

    assert alice.call("hangup") is None
    netcall.settle()

    own = {
        "channelId": bob.called["channelId"],
        "account": "alice",
        "timetag": netcall.now_ms(),
    }
    assert bob.heard("hangup") == [{**expected, **own}]
    assert alice.heard("hangup") == []


def test_a_cancelled_call_stops_ringing_everywhere(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing()

    alice.call("hangup")
    netcall.settle()

    assert bob.heard("hangup")[0]["account"] == "alice"
    assert bob.refused()["code"] == 9102


def test_a_call_rings_for_a_minute(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing()
    netcall.advance(seconds=59)
    before = alice.heard("hangup")

    netcall.advance(seconds=1)

    assert before == []
    assert (alice.heard("hangup")[0]["account"], bob.heard("hangup")[0]["account"]) == (
        "bob",
        "alice",
    )
    assert bob.refused()["code"] == 9102


# --- a network is lost ---------------------------------------------------------------------------


def test_a_client_that_comes_back_in_time_has_missed_nothing(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.talking()
    bob.member.drop()
    netcall.advance(seconds=29)
    alice.call("control", command=13)

    bob.member.resume()
    netcall.advance(minutes=2)

    assert alice.heard("hangup") == []
    assert [each["type"] for each in bob.heard("control")] == [13]


def test_an_agent_waits_a_second_before_it_tells_that_a_peer_is_lost(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client.talking()
    uid = bob.called["uid"]
    bob.member.drop()
    netcall.advance(seconds=30)
    before = alice.heard("hangup")

    netcall.advance(seconds=1)

    assert before == []
    assert alice.heard("hangup") == [{"uid": uid, "type": 2, "isMeeting": False, "account": "bob"}]


@each_webrtc
def test_a_browser_hears_of_a_lost_peer_at_once(
    client: "Clients", netcall: Netcall, build: str
) -> None:
    alice, bob = client.talking(VIDEO, build)
    bob.member.drop()
    netcall.advance(seconds=30)

    (told,) = alice.heard("hangup")
    assert (told["name"], told["code"]) == ("USER_LEFT_TIMEOUT", 1)


def test_who_closes_the_page_has_hung_up(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking()

    bob.member.bye()
    netcall.settle()

    assert set(alice.heard("hangup")[0]) == {"channelId", "account", "timetag"}


def test_a_caller_whose_network_is_lost_has_given_up(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.ringing()
    alice.member.drop()
    netcall.advance(seconds=30)

    assert bob.heard("hangup") != []


# --- several devices -----------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", [True, False])
def test_another_device_hears_that_the_call_is_answered(
    client: "Clients", netcall: Netcall, accepted: bool
) -> None:
    alice, bob, phone = client("alice"), client("bob"), client("bob")
    phone.call("getInstance", sdkProfile=AGENT, fromClientType=2)
    alice.dial("bob")
    netcall.settle()

    phone.answer(accepted=accepted)
    netcall.settle()

    assert bob.heard("callerAckSync") == [
        {
            "timetag": netcall.now_ms(),
            "channelId": bob.called["channelId"],
            "type": 2,
            "accepted": accepted,
            "fromClientType": 2,
        }
    ]
    assert phone.heard("callerAckSync") == []
    assert bob.refused()["code"] == 9103


# --- control -------------------------------------------------------------------------------------


def test_a_browser_hears_a_command_twice_over(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking(VIDEO, WEBRTC)

    alice.call("control", command=14)
    netcall.settle()

    channel = bob.called["channelId"]
    assert bob.heard("control") == [
        {"account": "alice", "type": 14, "channelId": channel, "command": 14}
    ]


def test_a_command_without_a_call_or_a_number_does_nothing(client: "Clients") -> None:
    alice, _ = client.talking()
    carol = client("carol")

    assert alice.call("control") is None
    assert carol.call("control", command=13) is None


@pytest.mark.parametrize(("build", "code"), [(AGENT, 9102), (WEBRTC, None)])
def test_a_command_to_a_call_that_is_over_fails_where_it_can(
    client: "Clients", netcall: Netcall, build: str, code: int | None
) -> None:
    alice, bob = client.talking(VIDEO, build)
    alice.call("hangup")
    netcall.settle()
    asked = {"channelId": bob.called["channelId"], "command": 3}

    if code is None:
        assert bob.call("control", **asked) is None
    else:
        assert bob.rejected("control", **asked)["code"] == code


# --- what goes wrong at once ---------------------------------------------------------------------


def test_nobody_there_is_11001_as_each_build_has_it(client: "Clients", netcall: Netcall) -> None:
    agent = client("alice").rejected("call", account="nobody", type=2)
    browser = client("carol", WEBRTC).rejected(
        "call", account="nobody", type=2, pushConfig={}, sessionConfig={}
    )

    error = {
        "message": "callee offline",
        "code": 11001,
        "timetag": netcall.now_ms(),
        "event": "call",
        "callFunc": "netcall::call",
    }
    assert agent == error
    assert browser == {
        "serverCode": 11001,
        "reason": "callee offline",
        "name": "ChannelStartFail",
        "desc": "the call cannot be started",
        **error,
    }


def test_an_agent_without_a_callee_and_a_browser_without_one(client: "Clients") -> None:
    assert client("alice").rejected("call", type=2) == {"code": "noCalleeAccount"}
    browser = client("carol", WEBRTC)
    assert browser.rejected("call", type=2, pushConfig={}, sessionConfig={})["code"] == 414


def test_nobody_calls_themselves(client: "Clients") -> None:
    assert client("alice").rejected("call", account="alice", type=2)["code"] == 414


@each_webrtc
@pytest.mark.parametrize("missing", ["pushConfig", "sessionConfig"])
def test_a_browser_throws_where_a_config_is_missing(
    client: "Clients", build: str, missing: str
) -> None:
    client("bob")
    given = {"account": "bob", "type": 2, "pushConfig": {}, "sessionConfig": {}}
    del given[missing]

    assert client("alice", build).rejected("call", **given)["name"] == "TypeError"


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_second_call_of_an_agent_is_refused_and_breaks_the_first(
    client: "Clients", netcall: Netcall, is_taken: bool
) -> None:
    alice, bob = client.talking() if is_taken else client.ringing()
    client("carol")

    error = alice.rejected("call", account="carol", type=2)
    netcall.settle()

    assert error["type"] == "statusNotMatch"
    assert len(bob.heard("hangup")) == 1
    assert alice.dial("carol")["channelId"]


@each_webrtc
def test_a_second_call_of_a_browser_is_refused_and_the_first_goes_on(
    client: "Clients", netcall: Netcall, build: str
) -> None:
    alice, bob = client.talking(VIDEO, build)
    client("carol")

    error = alice.rejected("call", account="carol", type=2, pushConfig={}, sessionConfig={})
    netcall.settle()

    assert (error["name"], error["code"]) == ("ChannelAlreadyInSession", 20114)
    assert bob.heard("hangup") == []


@pytest.mark.parametrize("build", BUILDS)
def test_who_is_in_a_call_cannot_take_another(
    client: "Clients", netcall: Netcall, build: str
) -> None:
    _, bob = client.talking(VIDEO, build)
    client("carol").dial("bob")
    netcall.settle()

    error = bob.refused()

    assert error.get("code", error.get("type")) == ("statusNotMatch" if build == AGENT else 20114)


def test_an_answer_to_nothing_resolves_and_one_to_somebody_elses_call_does_not(
    client: "Clients", netcall: Netcall
) -> None:
    _, bob = client.ringing()
    carol = client("carol")

    assert carol.call("response", accepted=True) is None
    gone = carol.rejected("response", accepted=True, channelId=bob.called["channelId"])
    assert gone["code"] == 9102
    assert carol.rejected("response", accepted=True, channelId="nobody's")["code"] == 9102


# --- the agent's signal --------------------------------------------------------------------------


def test_without_a_signal_an_agent_can_neither_call_nor_answer(
    client: "Clients", netcall: Netcall
) -> None:
    alice, bob = client("alice", signal=False), client("bob", signal=False)
    client("carol").dial("bob")
    netcall.settle()

    assert alice.rejected("call", account="bob", type=2)["type"] == "statusNotMatch"
    assert alice.rejected("createChannel", channelName="m")["type"] == "statusNotMatch"
    assert alice.rejected("joinChannel", channelName="m")["type"] == "statusNotMatch"
    assert bob.refused() == {"code": "noConnection"}
    assert bob.call("response", accepted=True) is None
    bob.call("initSignal")
    assert bob.answer()["channelId"] == bob.called["channelId"]


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("absent", {"code": "noPC", "errorType": "agent_empty"}),
        ("busy", {"code": 417, "errorType": "device_busy"}),
        ("old", {"errorType": "agent_update"}),
    ],
)
def test_an_agent_may_not_be_there(
    client: "Clients", netcall: Netcall, agent: str, told: dict[str, Any]
) -> None:
    netcall.configure(agent=agent)
    alice = client("alice", signal=False)

    error = alice.rejected("initSignal")

    assert {name: error[name] for name in error if name != "error"} == told


def test_a_signal_that_is_stopped_ends_the_call(client: "Clients", netcall: Netcall) -> None:
    alice, bob = client.talking()

    alice.call("stopSignal")
    netcall.settle()

    assert len(bob.heard("hangup")) == 1
    assert alice.rejected("call", account="bob", type=2)["type"] == "statusNotMatch"


@each_webrtc
def test_a_browser_needs_no_signal_and_cannot_stop_one(client: "Clients", build: str) -> None:
    alice = client("alice", build, signal=False)

    assert alice.call("initSignal") is None
    assert alice.rejected("stopSignal")["name"] == "TypeError"
    assert alice.rejected("startRtc")["code"] == 20113


def test_an_agent_has_no_start_rtc(client: "Clients") -> None:
    assert client("alice").rejected("startRtc")["name"] == "TypeError"


def test_a_second_get_instance_hands_out_the_first(client: "Clients") -> None:
    alice, _ = client.talking()

    alice.call("getInstance", sdkProfile=AGENT)

    assert alice.call("control", command=1) is None


# --- who needs no SDK ----------------------------------------------------------------------------


@pytest.mark.recording_emulator(
    settings={
        "netcall": {
            "auto_peers": {
                "bot": {"does": "accept", "after_ms": 2_000, "hang_up_ms": 30_000},
                "shy": {"does": "reject"},
                "busy": {"does": "busy"},
                "deaf": {"does": "ignore"},
            }
        }
    }
)
def test_an_account_may_answer_by_itself(client: "Clients", netcall: Netcall) -> None:
    alice = client("alice")
    told = []
    for name in ("bot", "shy", "busy", "deaf"):
        alice.dial(name)
        netcall.advance(seconds=60)
        told.append([each.name for each in alice.member.events])
        alice.member.events.clear()

    assert told == [
        ["callAccepted", "hangup"],
        ["callRejected"],
        ["control", "callRejected"],
        ["hangup"],
    ]
