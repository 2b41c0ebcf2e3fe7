"""Who is recorded: everybody by a rule of the server's, or those who say so before they join."""

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.neroom.handle import NeRoom
from recording_emulator.vendors.neroom.methods import AUDIO, SPEAKER, SPELLINGS, TYPE, VIDEO

if TYPE_CHECKING:
    from tests.vendors.neroom.conftest import Client, Clients

BY_KEYS = pytest.mark.recording_emulator(settings={"neroom": {"server_record_rule": "client_keys"}})


def started(client: "Clients", *, video: bool = True, **parameters: Any) -> tuple["Client", str]:
    """Return Alice, who has set these parameters, publishes, and has started to record."""
    alice = client("alice")
    archive = alice.create()
    alice.member.call("setParameters", **parameters)
    alice.join(role="host")
    alice.talk()
    if video:
        alice.call("unmuteMyVideo")
    alice.call("startCloudRecord")
    return alice, archive


def names(alice: "Client", neroom: NeRoom, archive: str) -> list[str]:
    """Record for a minute and list what has become of it, without times and numbers."""
    neroom.advance(minutes=1)
    if alice.call("getRoomContext")["data"]["isCloudRecording"]:
        alice.call("stopCloudRecord")
    neroom.advance(minutes=1)
    return [each["filename"][-10:].partition("-0")[2] for each in alice.files(archive)]


# --- the six steps --------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", AUDIO)
@BY_KEYS
def test_only_the_audio_key_leaves_sound_files_although_the_camera_is_on(
    client: "Clients", neroom: NeRoom, spelling: str
) -> None:
    alice, archive = started(client, **{spelling: True})

    assert names(alice, neroom, archive) == ["-mix.aac", ".aac"]


@pytest.mark.parametrize("spelling", VIDEO)
@BY_KEYS
def test_only_the_video_key_leaves_silent_pictures(
    client: "Clients", neroom: NeRoom, spelling: str
) -> None:
    alice, archive = started(client, **{spelling: True})

    assert names(alice, neroom, archive) == ["-mix.mp4", ".mp4"]
    assert {each["size"] for each in alice.files(archive)} == {300_000}


@pytest.mark.parametrize("spelling", TYPE)
@pytest.mark.parametrize(
    ("kind", "expected"), [(0, ["-mix.aac", ".aac"]), (1, ["-mix.aac"]), (2, [".aac"])]
)
@BY_KEYS
def test_the_starters_record_type_counts_where_the_start_says_nothing(
    client: "Clients", neroom: NeRoom, spelling: str, kind: int, expected: list[str]
) -> None:
    parameters: dict[str, Any] = {"record_audio_enabled": True, spelling: kind}
    alice, archive = started(client, **parameters)

    assert names(alice, neroom, archive) == expected


def test_a_rule_of_the_server_wins_over_a_clients_record_type(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = started(client, video=False, record_type=1)

    assert names(alice, neroom, archive) == ["-mix.aac", ".aac"]


def test_who_has_set_nothing_is_recorded_by_the_rule_of_the_server(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = started(client)

    assert names(alice, neroom, archive) == ["-mix.mp4", ".mp4"]


@BY_KEYS
def test_without_a_key_nobody_takes_part_and_the_recording_ends_at_once(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, archive = started(client)

    neroom.advance(minutes=2)

    assert alice.states == [(0, "alice"), (1, None)]
    assert alice.files(archive) == []


@BY_KEYS
def test_a_talker_who_takes_no_part_keeps_nothing_going(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = started(client, record_audio_enabled=True)
    bob = client("bob")
    bob.join()
    bob.talk()
    alice.call("muteMyVideo")

    alice.call("muteMyAudio")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, None)]


@BY_KEYS
def test_somebody_without_an_sdk_takes_part(client: "Clients", neroom: NeRoom) -> None:
    alice, archive = started(client, record_audio_enabled=True)
    neroom.room("room-7").join("carol")

    assert names(alice, neroom, archive) == ["-mix.mp4", ".aac", ".mp4"]


# --- too late -------------------------------------------------------------------------------------


@BY_KEYS
def test_parameters_set_in_the_room_are_ignored_until_the_next_join(
    client: "Clients", neroom: NeRoom
) -> None:
    alice = client("alice")
    alice.create()
    alice.join()
    alice.member.call("setParameters", record_audio_enabled=True)
    alice.talk()
    alice.call("startCloudRecord")
    neroom.settle()
    alice.call("leaveRoom")
    alice.join()
    alice.talk()
    alice.call("startCloudRecord")

    neroom.settle()

    assert alice.states == [(0, "alice"), (1, None), (0, "alice")]


@pytest.mark.recording_emulator(settings={"neroom": {"set_parameters_after_join": "fail"}})
def test_or_they_are_refused(client: "Clients") -> None:
    alice, _ = client.recording()

    assert alice.rejected("setParameters", record_audio_enabled=True) == (-1, "not support")


@pytest.mark.recording_emulator(
    settings={"neroom": {"set_parameters_after_join": "apply", "server_record_rule": "client_keys"}}
)
def test_or_they_count_at_once_and_may_end_the_recording(client: "Clients", neroom: NeRoom) -> None:
    alice, _ = started(client, record_audio_enabled=True)
    neroom.advance(seconds=10)
    before = alice.states

    alice.member.call("setParameters", record_audio_enabled=False)
    neroom.settle()

    assert before == [(0, "alice")]
    assert alice.states == [(0, "alice"), (1, None)]


def test_another_rule_of_the_server_is_followed_in_the_middle_of_a_recording(
    client: "Clients", neroom: NeRoom
) -> None:
    alice, _ = client.recording()

    neroom.configure(server_record_rule="client_keys")
    neroom.settle()

    assert alice.states == [(0, "alice"), (1, None)]


# --- what may stand there -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        *({name: 1} for name in (*AUDIO[:1], *VIDEO[:1], *SPEAKER[:1])),
        *({TYPE[0]: value} for value in (True, 3, "0", None, [0])),
    ],
)
def test_a_parameter_of_the_wrong_type_is_400(
    client: "Clients", parameters: dict[str, Any]
) -> None:
    assert client("alice").rejected("setParameters", **parameters) == (400, "Bad Request")


def test_every_spelling_is_known_and_others_are_noted(client: "Clients", neroom: NeRoom) -> None:
    own = {name: 0 if name in TYPE else True for name in SPELLINGS}

    client("alice").call("setParameters", **own, kNERtcKeyAutoSubscribeAudio=True)

    (call,) = (each for each in neroom.journal() if each["kind"] == "call")
    assert call["detail"]["notes"] == ["kNERtcKeyAutoSubscribeAudio: not modelled"]
    assert len(own) == 20


def test_a_client_that_has_gone_leaves_nothing_behind(client: "Clients", neroom: NeRoom) -> None:
    alice = client("alice")
    alice.member.call("setParameters", record_audio_enabled=True)
    alice.member.bye()
    again = client("alice")

    again.create()

    assert again.join()
