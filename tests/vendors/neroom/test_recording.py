"""A room's recording: started, stopped, ending by itself, its files, the list, the copies."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.testing import Rejected, Tenant
from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

EPOCH_MS = 1_893_456_000_000
HOUR_MS = 3_600_000


def code(client: "Client", method: str, **params: Any) -> int:
    with pytest.raises(Rejected) as caught:
        client.call(method, **params)
    return int(caught.value.data["code"])


def listed(client: "Client", archive: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.member.call(
        "getRoomCloudRecordList", roomArchiveId=archive
    )["data"]
    return found


# --- start and stop -------------------------------------------------------------------------------


def test_everybody_hears_of_the_start_the_caller_too(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()

    assert alice.states == [(0, "alice")]
    assert alice.member.names[-2:] == [
        "onRoomPropertiesChanged",
        "onRoomCloudRecordStateChanged",
    ]
    (properties,) = alice.heard("onRoomPropertiesChanged")
    assert properties[0]["record"].startswith('{"recordId":"rec_')


def test_a_newcomer_is_not_told_but_the_context_says_so(client: "Clients", neroom: NeRoom) -> None:
    client.recording()
    bob = client("bob")

    context = bob.join()
    neroom.settle()

    assert bob.states == []
    assert context["isCloudRecording"] is True


def test_another_member_may_stop_it(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()

    bob.call("stopCloudRecord")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, "bob")]
    assert alice.member.names[-2] == "onRoomPropertiesDeleted"
    assert bob.call("getRoomContext")["data"]["isCloudRecording"] is False


def test_a_start_before_anybody_is_in_rtc_is_1001(client: "Clients") -> None:
    alice = client("alice")
    alice.create()
    alice.join()

    assert code(alice, "startCloudRecord") == 1001


def test_a_room_made_without_recording_cannot_be_recorded(client: "Clients") -> None:
    alice = client("alice")
    alice.create(enableRecord=False)
    alice.join()
    alice.talk()

    assert code(alice, "startCloudRecord") == 600420


def test_a_second_start_and_a_stop_of_nothing_are_errors(client: "Clients") -> None:
    alice, _ = client.recording()

    second = code(alice, "startCloudRecord")
    alice.call("stopCloudRecord")

    assert (second, code(alice, "stopCloudRecord")) == (409, 800)


@pytest.mark.recording_emulator(
    settings={"neroom": {"second_start": "idempotent", "stop_when_idle": "idempotent"}}
)
def test_both_can_be_successes_without_an_event(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()

    alice.call("startCloudRecord")
    alice.call("stopCloudRecord")
    alice.call("stopCloudRecord")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, "alice")]
    assert len(listed(alice, archive)) == 1


@pytest.mark.recording_emulator(settings={"neroom": {"record_roles": ["host"]}})
def test_a_template_may_leave_recording_to_some_roles(client: "Clients") -> None:
    client.recording()
    bob = client("bob")
    bob.join(role="member")

    assert code(bob, "startCloudRecord") == 403
    assert code(bob, "stopCloudRecord") == 403


# --- it ends by itself ----------------------------------------------------------------------------


def test_it_ends_when_the_last_who_publishes_mutes(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    bob.talk()
    alice.call("muteMyAudio")
    neroom.settle()
    before = alice.states

    bob.call("muteMyAudio")
    neroom.settle()

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


@pytest.mark.parametrize("how", ["leaveRtcChannel", "leaveRoom", "drop"])
def test_it_ends_when_the_last_who_publishes_goes(
    client: "Clients", neroom: NeRoom, how: str
) -> None:
    alice, _ = client.recording()
    bob = client("bob")
    bob.join()
    if how == "drop":
        alice.member.drop()
        neroom.advance(seconds=29)
        assert bob.states == []
        neroom.advance(seconds=1)
    else:
        alice.call(how)
        neroom.settle()

    assert bob.states == [(1, None)]


def test_a_start_while_nobody_publishes_is_accepted_and_ends_at_once(
    client: "Clients", neroom: NeRoom
) -> None:
    alice = client("alice")
    archive = alice.create()
    alice.join()
    alice.call("joinRtcChannel")

    alice.call("startCloudRecord")
    neroom.advance(minutes=5)

    assert alice.states == [(0, "alice"), (1, None)]
    assert listed(alice, archive)[0]["infoList"] == []


@pytest.mark.recording_emulator(settings={"neroom": {"start_without_media": "reject"}})
def test_or_it_is_refused(client: "Clients") -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.call("joinRtcChannel")

    assert code(alice, "startCloudRecord") == 1001


@pytest.mark.recording_emulator(settings={"neroom": {"idle_grace_ms": 30_000}})
def test_who_talks_again_within_the_grace_keeps_it_going(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    alice.call("muteMyAudio")
    neroom.advance(seconds=29)
    alice.call("unmuteMyVideo")
    neroom.advance(seconds=29)
    alice.call("muteMyVideo")

    neroom.advance(seconds=29)
    before = alice.states
    neroom.advance(seconds=1)

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


def test_somebody_without_an_sdk_keeps_it_going(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = client.recording()
    neroom.room("room-7").join("carol")

    alice.call("muteMyAudio")
    neroom.settle()
    before = alice.states
    neroom.room("room-7").publish("carol", audio=False, video=False)
    neroom.settle()

    assert before == [(0, "alice")]
    assert alice.states[-1] == (1, None)


def test_a_room_that_ends_ends_its_recording_first(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = client.recording()

    neroom.advance(hours=24)

    assert alice.member.names[-3:] == [
        "onRoomPropertiesDeleted",
        "onRoomCloudRecordStateChanged",
        "onRoomEnded",
    ]
    neroom.advance(minutes=1)
    assert len(listed(alice, archive)[0]["infoList"]) == 24


# --- the tables -----------------------------------------------------------------------------------


def test_every_client_call_has_a_cell_in_every_row() -> None:
    from recording_emulator.vendors.neroom.machine import MACHINE

    missing = [
        (state, given.__name__)
        for state, row in MACHINE.table.items()
        for given in MACHINE.client_inputs
        if given not in row
    ]

    assert missing == []


def test_a_tenant_can_be_taken_and_restored_in_the_middle(
    client: "Clients", neroom: NeRoom, tenant: Tenant
) -> None:
    alice, _ = client.recording()
    neroom.advance(hours=3)

    copy = tenant.emulator.restore(neroom.snapshot(), name="a copy")
    twin = copy.vendor("neroom")
    (before,) = twin.tasks()
    twin.advance(minutes=2)
    (after,) = twin.tasks()
    copy.close()

    assert before["state"] == "recording"
    assert after["state"] == "ready"  # a copy has no connections, and nobody came back
    assert after["ended_ms"] == EPOCH_MS + 3 * HOUR_MS + 30_000
    assert alice.states == [(0, "alice")]
