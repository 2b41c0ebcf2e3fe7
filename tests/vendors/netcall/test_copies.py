"""Message copies: what an eventType 5 says of every kind of call, signatures, retries."""

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Inbox
from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients, Copies

AUDIO, VIDEO = 1, 2
EPOCH_MS = 1_893_456_000_000


def call(client: "Clients", netcall: Netcall, kind: int = VIDEO, seconds: int = 30) -> None:
    alice, _ = client.talking(kind)
    netcall.advance(seconds=seconds)
    alice.call("hangup")
    netcall.advance(seconds=1)


def test_everything_outside_is_a_text_and_members_is_json_inside_json(
    client: "Clients", netcall: Netcall, inbox: Inbox
) -> None:
    call(client, netcall)

    (copy,) = inbox.callbacks
    assert copy.json == {
        "eventType": "5",
        "channelId": copy.json["channelId"],
        "type": "VEDIO",
        "status": "SUCCESS",
        "createtime": str(EPOCH_MS),
        "duration": "60",
        "live": "0",
        "members": '[{"accid":"alice","caller":true,"duration":30,"userType":1},'
        '{"accid":"bob","duration":30,"userType":1}]',
    }
    assert list(copy.json)[:4] == ["eventType", "channelId", "type", "status"]


def test_a_signature_holds_for_somebody_who_knows_only_the_manual(
    client: "Clients", netcall: Netcall, inbox: Inbox
) -> None:
    call(client, netcall)

    (copy,) = inbox.callbacks
    own = {name.lower(): value for name, value in copy.headers.items()}
    md5 = hashlib.md5(copy.body).hexdigest()
    signed = f"{netcall.app_secret}{md5}{own['curtime']}"
    assert own["md5"] == md5
    assert own["checksum"] == hashlib.sha1(signed.encode()).hexdigest()
    assert own["curtime"] == str(netcall.now_ms())
    assert (own["appkey"], own["content-type"]) == (netcall.app_key, "application/json")


@pytest.mark.parametrize(("kind", "told"), [(AUDIO, "AUDIO"), (VIDEO, "VEDIO")])
def test_a_video_call_is_misspelt(
    client: "Clients", netcall: Netcall, copies: "Copies", kind: int, told: str
) -> None:
    call(client, netcall, kind)

    assert copies.durations[0]["type"] == told


@pytest.mark.recording_emulator(
    settings={"netcall": {"strict_quirks": False, "has_user_type": False}}
)
def test_without_quirks_it_is_spelt(client: "Clients", netcall: Netcall, copies: "Copies") -> None:
    call(client, netcall)

    assert copies.durations[0]["type"] == "VIDEO"
    assert copies.durations[0]["members"][1] == {"accid": "bob", "duration": 30}


def test_a_call_switched_to_video_counts_as_one(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, _ = client.talking(AUDIO)
    alice.call("switchAudioToVideo")
    netcall.advance(seconds=3)
    alice.call("hangup")
    netcall.advance(seconds=1)

    assert copies.durations[0]["type"] == "VEDIO"


def test_what_was_given_with_the_call_is_told_back(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.dial("bob", pushConfig={"custom": "order-77"})
    netcall.settle()
    assert bob.called["custom"] == "order-77"
    bob.call("hangup", channelId=bob.called["channelId"])
    netcall.advance(seconds=1)

    assert copies.durations[0]["ext"] == "order-77"


UNTAKEN = {
    "status": "SINGLE_PARTICIPATE",
    "duration": "0",
    "members": [{"accid": "alice", "caller": True, "duration": 0, "userType": 1}],
}


@pytest.mark.parametrize("how", ["cancelled", "rejected", "timed out", "refused by hangup"])
def test_a_call_that_nobody_took_names_the_caller_alone(
    client: "Clients", netcall: Netcall, copies: "Copies", how: str
) -> None:
    alice, bob = client.ringing(VIDEO, recordAudio=True)
    netcall.advance(seconds=5)
    match how:
        case "cancelled":
            alice.call("hangup")
        case "rejected":
            bob.answer(accepted=False)
        case "refused by hangup":
            bob.call("hangup", channelId=bob.called["channelId"])
        case _:
            netcall.advance(seconds=55)
    netcall.advance(minutes=2)

    (told,) = copies.durations
    assert {name: told[name] for name in UNTAKEN} == UNTAKEN
    assert copies.posts == []


@pytest.mark.recording_emulator(settings={"netcall": {"report_unanswered": False}})
def test_such_a_call_may_go_unreported(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, _ = client.ringing()
    alice.call("hangup")
    netcall.advance(minutes=1)

    assert copies.durations == []


def test_a_lost_network_is_a_timeout_and_the_files_are_there(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    _, bob = client.talking(callee={"recordAudio": True})
    netcall.advance(seconds=10)
    bob.member.drop()
    netcall.advance(minutes=2)

    assert copies.durations[0]["status"] == "TIMEOUT"
    assert copies.durations[0]["duration"] == "80"
    assert copies.kinds == ["bob.aac"]


@pytest.mark.parametrize(("effect", "status"), [("lose", "TIMEOUT"), ("break", "UNKNOWN")])
def test_a_fault_may_end_a_call(
    client: "Clients", netcall: Netcall, copies: "Copies", effect: str, status: str
) -> None:
    netcall.faults.add("session", effect=effect, after_ms=5_000)
    client.talking()
    netcall.advance(seconds=7)

    assert copies.durations[0]["status"] == status
    assert copies.durations[0]["duration"] == "10"


@pytest.mark.recording_emulator(settings={"netcall": {"long_call_copy_ms": 3_600_000}})
def test_a_long_call_is_reported_while_it_runs(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, _ = client.talking()
    netcall.advance(hours=2.5)
    alice.call("hangup")
    netcall.advance(seconds=1)

    told = [(each.get("running"), each["duration"]) for each in copies.durations]
    assert told == [(True, "7200"), (True, "14400"), (None, "18000")]


@pytest.mark.recording_emulator(settings={"netcall": {"channel_id_digits": 19}})
def test_nineteen_digits_survive_a_javascript_number(
    client: "Clients", netcall: Netcall, copies: "Copies"
) -> None:
    alice, bob = client("alice"), client("bob")
    alice.dial("bob")
    netcall.settle()
    exact = bob.called["channelId"]
    rounded = int(float(exact))
    bob.call("response", accepted=True, beCalledInfo={"channelId": rounded})
    netcall.advance(seconds=5)
    bob.call("hangup", channelId=rounded)
    netcall.advance(seconds=1)

    assert (len(str(exact)), exact == rounded) == (19, False)
    assert copies.durations[0]["channelId"] == str(exact)
    assert copies.durations[0]["status"] == "SUCCESS"


# --- on their way --------------------------------------------------------------------------------


def test_a_retry_has_the_same_body_and_another_signature(
    client: "Clients", netcall: Netcall, inbox: Inbox
) -> None:
    inbox.fail(times=3)
    call(client, netcall)
    times = [len(inbox.callbacks)]
    for seconds in (10, 60, 300):
        netcall.advance(seconds=seconds)
        times.append(len(inbox.callbacks))

    assert times == [1, 2, 3, 4]
    assert len({each.body for each in inbox.callbacks}) == 1
    assert len({each.headers["checksum"] for each in inbox.callbacks}) == 4
    assert all(each.is_genuine for each in inbox.callbacks)


def test_after_three_retries_it_is_kept_and_can_be_sent_again(
    client: "Clients", netcall: Netcall, inbox: Inbox
) -> None:
    inbox.fail(times=4)
    call(client, netcall)
    netcall.advance(hours=1)
    (lost,) = netcall.callbacks()

    netcall.replay(lost.number)
    netcall.settle()

    assert lost.fate == "lost"
    assert len(inbox.callbacks) == 5


@pytest.mark.recording_emulator(guard_ms=500)
def test_a_receiver_that_takes_over_five_seconds_gets_it_twice(
    client: "Clients", netcall: Netcall, inbox: Inbox
) -> None:
    inbox.hang(times=1)

    call(client, netcall)
    netcall.advance(seconds=15)

    assert inbox.event_types == ["5", "5"]


@pytest.mark.parametrize(
    ("settings", "status", "body", "attempts"),
    [
        ({}, 200, b'{"code":414}', 1),
        ({}, 204, b"", 2),
        ({"copy_statuses": "2xx"}, 204, b"", 1),
        ({"copy_statuses": "2xx"}, 302, b"", 2),
        ({"copy_requires_code_200": True}, 200, b'{"code":200}', 1),
        ({"copy_requires_code_200": True}, 200, b'{"code":414}', 2),
        ({"copy_requires_code_200": True}, 200, b"success", 2),
    ],
)
def test_what_counts_as_received(
    client: "Clients",
    netcall: Netcall,
    inbox: Inbox,
    settings: dict[str, Any],
    status: int,
    body: bytes,
    attempts: int,
) -> None:
    netcall.configure(**settings)
    inbox.answer(status, body)

    call(client, netcall)
    netcall.advance(seconds=10)

    assert len(inbox.callbacks) == attempts


def test_a_console_checks_an_address_with_an_empty_object(netcall: Netcall, inbox: Inbox) -> None:
    netcall.send_callbacks_to(inbox.url("netcall"), events=["5"], target="checked")

    (checked,) = netcall.check_target("checked")

    assert inbox.callbacks[-1].body == b"{}"
    assert inbox.callbacks[-1].is_genuine
    assert checked.status == 200
