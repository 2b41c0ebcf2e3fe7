"""A mixer from its creation to its end: the sheet's state table, row by row, and who hears what."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, TALK, camera, picture, read

from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients

EACH_SDK = pytest.mark.parametrize("profile", ["native", "web", "mini"])
JAVASCRIPT = pytest.mark.parametrize("profile", ["web", "mini"])


# --- the table, row by row ------------------------------------------------------------------------


@EACH_SDK
def test_a_creation_that_is_accepted_is_state_1_for_everybody_with_the_cfg(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.pair(profile)

    mixer = alice.create(TALK)
    cloudroom.settle()

    cfg = {"mode": 0, "audioFileCfg": {"svrPathName": "/d/talk.mp3", "aChannelType": 0}}
    (told,) = bob.heard("cloudMixerStateChanged")
    extra = read(told[2]["jsonCfg"]) if profile == "native" else told[2]
    assert mixer == MIXER
    assert [told[0], told[1], extra, told[3]] == [MIXER, 1, cfg, "alice"]
    assert alice.heard("cloudMixerStateChanged") == [told]


@EACH_SDK
def test_after_the_start_delay_it_runs_and_each_target_has_an_output(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.pair(profile)
    alice.create({**TALK, **picture(path="/d/a.mp4;rtmp://push.test/live;/d/b.flv;")})

    cloudroom.advance(seconds=2)

    by = "alice" if profile == "native" else "CRMCU"
    assert bob.heard("cloudMixerStateChanged")[-1] == [MIXER, 2, {}, by]
    assert bob.outputs == [
        {"id": MIXER, "state": 1, "svrFilePathName": path, "fileName": name}
        for path, name in (
            ("/d/talk.mp3", "talk.mp3"),
            ("/d/a.mp4", "a.mp4"),
            ("rtmp://push.test/live", "rtmp://push.test/live"),
            ("/d/b.flv", "b.flv"),
        )
    ]


@EACH_SDK
def test_a_start_that_fails_goes_from_1_to_0_with_the_code(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.pair(profile)
    cloudroom.faults.add("create", effect="fail", code="905", after_ms=1_500)
    alice.create(TALK)

    cloudroom.advance(seconds=10)

    assert alice.member.names[-3:] == [
        "cloudMixerStateChanged", "createCloudMixerFailed", "cloudMixerStateChanged",
    ]  # fmt: skip
    assert (alice.states, alice.failures) == ([1, 0], [905])
    assert bob.heard("cloudMixerStateChanged")[-1][2] == {"err": 905, "errDesc": "file err"}
    assert bob.failures == ([] if profile == "native" else [905])
    assert bob.outputs == []


@EACH_SDK
def test_destroyed_while_starting_it_stops_and_leaves_no_file(
    client: "Clients", cloudroom: CloudRoom, api: "Api", profile: str
) -> None:
    alice, bob, _ = client.recording(profile, after_s=1)

    alice.destroy()
    cloudroom.advance(minutes=1)

    assert alice.states == ([1, 4, 0] if profile == "native" else [1, 0])
    assert bob.states == [1, 0]
    assert alice.outputs == []
    assert api.files(FilePath="/d/") == []


def test_a_destroyed_mixer_says_4_to_its_destroyer_alone_and_only_on_native(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, _ = client.recording("native", "web")

    alice.destroy()
    cloudroom.settle()

    assert alice.heard("cloudMixerStateChanged")[-1] == [MIXER, 4, {}, "alice"]
    assert bob.states == [1, 2]


@pytest.mark.recording_emulator(settings={"cloudroom": {"stopping_broadcast": True}})
def test_or_to_everybody(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob, _ = client.recording("native", "web")

    alice.destroy()
    cloudroom.advance(minutes=1)

    assert alice.states == bob.states == [1, 2, 4, 0]


@EACH_SDK
def test_a_stop_closes_the_files_then_is_0_and_then_uploads(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.recording(profile, after_s=62)
    alice.destroy()
    before = len(bob.member.events)

    cloudroom.advance(minutes=1)

    told = [
        (each.name, read(each.args[1])["state"] if "Output" in each.name else each.args[1])
        for each in bob.member.events[before:]
    ]
    by = "alice" if profile == "native" else "CRMCU"
    output = "cloudMixerOutputInfoChanged"
    assert told == [
        (output, 2),
        ("cloudMixerStateChanged", 0),
        (output, 4),
        (output, 4),
        (output, 5),
        *([] if profile == "native" else [(output, 7)]),
    ]
    assert bob.heard("cloudMixerStateChanged")[-1] == [MIXER, 0, {"err": 0, "errDesc": ""}, by]
    assert [each.get("progress") for each in bob.outputs if each["state"] == 4] == [0.0, 100.0]


@pytest.mark.recording_emulator(settings={"cloudroom": {"state0_before_output2": True}})
def test_or_is_0_before_its_files_are_closed(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _, _ = client.recording()
    alice.destroy()
    before = len(alice.member.events)

    cloudroom.advance(seconds=1)

    assert alice.member.names[before:][:2] == [
        "cloudMixerStateChanged", "cloudMixerOutputInfoChanged",
    ]  # fmt: skip
    assert alice.outputs[-1]["state"] == 4


@EACH_SDK
def test_after_eight_hours_it_ends_with_901_and_the_file_is_whole(
    client: "Clients", cloudroom: CloudRoom, api: "Api", profile: str
) -> None:
    alice, bob, _ = client.pair(profile)
    cloudroom.configure(running_info_interval_ms=0)
    alice.create(TALK)

    cloudroom.advance(hours=8, seconds=1)
    before = bob.states
    cloudroom.advance(hours=1)

    assert before == [1, 2]
    assert bob.states == [1, 2, 0]
    assert bob.heard("cloudMixerStateChanged")[-1][2]["err"] == 901
    assert bob.failures == ([] if profile == "native" else [901])
    assert bob.output_states()[:4] == [1, 2, 4, 5]
    (file,) = api.files(FileName="/d/talk.mp3")
    assert int(file["fileSize"]) == 16_000 * 8 * 3600


@EACH_SDK
def test_a_failure_while_it_runs_breaks_the_files_and_ends_it_without_a_4(
    client: "Clients", cloudroom: CloudRoom, api: "Api", profile: str
) -> None:
    alice, bob, _ = client.recording(profile)
    cloudroom.faults.add("run", effect="fail", code="902", after_ms=30_000)

    cloudroom.advance(minutes=1)
    alice.destroy()
    cloudroom.advance(minutes=1)

    assert bob.states == [1, 2, 0]
    assert bob.output_states() == [1, 3]
    assert bob.outputs[-1]["errCode"] == 902
    assert alice.failures == ([] if profile == "native" else [902])
    assert api.files(FileName="/d/talk.mp3") == []


def test_output_failures_come_first_then_the_mixers(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair()
    cloudroom.faults.add("run", effect="fail", code="900", after_ms=1_000)
    alice.create(TALK)

    cloudroom.advance(seconds=3)

    assert alice.member.names[-3:] == [
        "cloudMixerOutputInfoChanged", "createCloudMixerFailed", "cloudMixerStateChanged",
    ]  # fmt: skip


# --- rooms that end under a mixer -----------------------------------------------------------------


def test_a_mixer_outlives_its_creator_who_is_its_owner_again_when_back(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, room = client.recording()

    alice.member.drop()
    cloudroom.advance(hours=1)
    (away,) = bob.call("getAllCloudMixerInfo")
    again = client("alice")
    (back,) = again.enter(room)["mixers"]

    assert (away["owner"], away["state"]) == ("", 2)
    assert back == {
        "ID": MIXER,
        "owner": "alice",
        "cfg": {"mode": 0, "audioFileCfg": {"svrPathName": "/d/talk.mp3", "aChannelType": 0}},
        "state": 2,
    }
    assert again.states == []


@pytest.mark.recording_emulator(settings={"cloudroom": {"new_terminal_on_rejoin": True}})
def test_or_is_not_its_owner_any_more(client: "Clients") -> None:
    alice, bob, room = client.pair("web", "native")
    alice.create(TALK)
    alice.call("exitMeeting")

    (mixer,) = alice.enter(room)["mixers"]
    native = read(bob.call("getCloudMixerInfo", mixerID=MIXER))

    assert mixer["owner"] == ""
    assert native["owner"] == "alice"


def test_a_room_that_everybody_has_left_ends_its_mixer_after_five_minutes(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Any
) -> None:
    alice, bob, _room = client.recording(after_s=2)
    for each in (alice, bob):
        each.call("exitMeeting")
    cloudroom.advance(minutes=4, seconds=59)
    before = state(cloudroom)

    cloudroom.advance(minutes=1)

    assert before == "running"
    assert state(cloudroom) == "ended"
    assert [each["filePath"] for each in api.files(FileName="/d/talk.mp3")] == ["/d/talk.mp3"]
    assert callbacks.event_types[-1] == "RECORD_FINISH"
    assert bob.states == [1, 2]


def test_who_comes_back_in_time_keeps_it_going(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob, room = client.pair()
    alice.create(TALK)
    for each in (alice, bob):
        each.call("exitMeeting")
    cloudroom.advance(minutes=4)

    bob.enter(room)
    cloudroom.advance(minutes=10)

    assert state(cloudroom) == "running"


@pytest.mark.parametrize("how", ["sdk", "api"])
def test_a_room_that_is_destroyed_ends_its_mixer_and_the_file_is_kept(
    client: "Clients", cloudroom: CloudRoom, api: "Api", how: str
) -> None:
    alice, bob, room = client.recording(after_s=30)

    if how == "sdk":
        alice.call("destroyMeeting", meetID=room)
    else:
        assert api.code("room/delete", RoomId=room) == "0"
    cloudroom.advance(minutes=1)

    assert bob.member.names[-1] == "meetingStopped"
    assert bob.states == [1, 2]
    assert state(cloudroom) == "ended"
    assert len(api.files(FileName="/d/talk.mp3")) == 1
    assert alice.refused("enterMeeting", meetID=room) == 800


def state(cloudroom: CloudRoom) -> str:
    (task,) = cloudroom.tasks()
    return str(task["state"])


# --- who may, and who sees ------------------------------------------------------------------------


@EACH_SDK
def test_any_member_may_end_anothers_mixer(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.recording(profile)

    done = bob.destroy()
    cloudroom.advance(seconds=5)

    assert done == ({"errCode": 0, "errDesc": "success"} if profile == "web" else None)
    assert alice.states == [1, 2, 0]


@pytest.mark.recording_emulator(settings={"cloudroom": {"mixer_owner_only": True}})
def test_or_only_its_owner(client: "Clients", cloudroom: CloudRoom) -> None:
    _, bob, _ = client.recording()

    assert bob.refused("destroyCloudMixer", mixerID=MIXER) == 5
    assert bob.refused("updateCloudMixerContent", mixerID=MIXER, cfg={}) == 5
    assert state(cloudroom) == "running"


def test_another_rooms_member_cannot_touch_it(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _, _ = client.pair()
    alice.create(TALK)
    carol, dave = client("carol"), client("dave", "native")
    carol.enter(carol.make())
    dave.enter(dave.make())
    cloudroom.advance(seconds=5)

    assert carol.refused("destroyCloudMixer", mixerID=MIXER) == 5
    assert carol.refused("updateCloudMixerContent", mixerID=MIXER, cfg={}) == 5
    assert carol.call("getCloudMixerInfo", mixerID=MIXER) is None
    assert dave.destroy() is None
    assert state(cloudroom) == "running"


@EACH_SDK
def test_a_second_end_and_the_end_of_nothing_do_nothing(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, _, _ = client.recording(profile)
    first = alice.destroy()

    again = alice.destroy()
    cloudroom.advance(minutes=1)
    late, nothing = alice.destroy(), alice.destroy(OTHER)

    assert first == again == late == nothing
    assert alice.states.count(0) == 1


@EACH_SDK
def test_a_mixer_that_is_over_is_listed_no_more_and_one_of_no_id_is_nothing(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, _, _ = client.recording(profile)
    during = read(alice.call("getAllCloudMixerInfo"))
    alice.destroy()
    cloudroom.advance(seconds=1)

    after = read(alice.call("getAllCloudMixerInfo"))
    one = alice.call("getCloudMixerInfo", mixerID=MIXER)
    none = alice.call("getCloudMixerInfo", mixerID=OTHER)

    assert [each["state"] for each in during] == [2]
    assert after in ([], "[]")
    assert one == none == ("{}" if profile == "native" else None)


def test_the_rooms_storage_keys_are_masked_and_can_leak(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob, _ = client.pair()
    own = {"vendor": 1, "region": "oss-cn-shenzhen", "bucket": "b-test"}
    cfg = {**TALK, "storageConfig": {**own, "accessKey": "AK-x", "secretKey": "SK-x"}}

    alice.create(cfg)
    cloudroom.configure(leak_storage_secrets=True)
    alice.create(cfg, OTHER)
    cloudroom.settle()
    info = bob.call("getCloudMixerInfo", mixerID=MIXER)

    masked, leaked = (args[2]["storageConfig"] for args in bob.heard("cloudMixerStateChanged"))
    assert masked == {**own, "accessKey": "******", "secretKey": "******"}
    assert leaked == {**own, "accessKey": "AK-x", "secretKey": "SK-x"}
    assert "storageConfig" not in info["cfg"]
    assert b"SK-x" not in cloudroom.canonical_journal()


def test_the_server_makes_an_id_where_the_client_has_made_none(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair()

    first = alice.call("createCloudMixer", cfg=TALK)
    second = alice.call("createCloudMixer", cfg=picture(camera("alice.-1")))

    assert first != second
    assert all(len(each) == 32 and int(each, 16) for each in (first, second))


def test_a_tenant_can_be_taken_and_restored_in_the_middle(
    client: "Clients", cloudroom: CloudRoom, recording_emulator_server: Any
) -> None:
    alice, _, _ = client.pair()
    alice.create(TALK)
    cloudroom.advance(hours=2)

    copy = recording_emulator_server.restore(cloudroom.snapshot(), name="a copy of cloudroom")
    twin = copy.vendor("cloudroom")
    twin.advance(hours=1)
    objects = [each.key for each in twin.objects()]
    copy.close()

    assert objects == ["d/talk.mp3"]  # a copy has no connections: its room is deserted
    assert state(cloudroom) == "running"
