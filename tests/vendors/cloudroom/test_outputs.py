"""Files and live pushes: growing, closed, uploaded, lost; for the room or for each stream."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, TALK, camera, picture

from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients

EPOCH_MS = 1_893_456_000_000
EACH_SDK = pytest.mark.parametrize("profile", ["native", "web", "mini"])
VOICES = {"svrFileNameSuffix": ".mp3", "subscribeAudios": ["_cr_all_"]}
CAMERAS = {"svrFileNameSuffix": ".mp4", "subscribeVideos": ["_cr_all_"]}
LIVE = "rtmp://push.test/live"


def run(client: Any, cloudroom: CloudRoom, cfg: Any, *, seconds: int, profile: str = "web") -> Any:
    """Record for so long, stop, and wait until everything is over; return Alice."""
    alice, _, _ = client.pair(profile)
    alice.create(cfg)
    cloudroom.advance(seconds=2 + seconds)
    alice.destroy()
    cloudroom.advance(minutes=10)
    return alice


def test_while_it_runs_an_output_says_how_far_it_is_every_ten_seconds(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair()
    alice.create(TALK)

    cloudroom.advance(seconds=22)

    assert [each.get("duration") for each in alice.outputs] == [None, 10_000, 20_000]
    assert [each.get("fileSize") for each in alice.outputs] == [None, 160_000, 320_000]


@pytest.mark.parametrize(
    ("settings", "count"),
    [({"running_info_extra": False}, 3), ({"running_info_interval_ms": 0}, 1)],
    ids=str,
)
def test_or_only_that_it_runs(
    client: "Clients", cloudroom: CloudRoom, settings: dict[str, Any], count: int
) -> None:
    cloudroom.configure(**settings)
    alice, _, _ = client.pair()
    alice.create(TALK)

    cloudroom.advance(seconds=22)

    assert [each.get("duration") for each in alice.outputs] == [None] * count


def test_a_closed_file_has_its_start_its_length_and_its_size(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice = run(client, cloudroom, picture(camera("alice.-1"), vBps=400_000), seconds=60)

    closed = next(each for each in alice.outputs if each["state"] == 2)
    assert closed == {
        "id": MIXER,
        "state": 2,
        "svrFilePathName": "/d/a.mp4",
        "fileName": "a.mp4",
        "startTime": EPOCH_MS + 2_000,
        "duration": 61_000,
        "fileSize": (400_000 + 64_000) // 8 * 61,
    }


def test_a_live_push_ends_without_an_upload_and_without_a_callback(
    client: "Clients", cloudroom: CloudRoom, callbacks: Any
) -> None:
    alice = run(client, cloudroom, picture(path=f"/d/a.mp4;{LIVE}"), seconds=60)

    assert alice.output_states(LIVE) == [1, 2]
    assert alice.output_states("/d/a.mp4") == [1, 2, 4, 5, 7]
    assert callbacks.event_types.count("RECORD_FINISH") == 1


def test_one_target_fails_and_the_others_go_on(client: "Clients", cloudroom: CloudRoom) -> None:
    cloudroom.faults.add("output", effect="fail", code="905", after_ms=5_000, nth=2)

    alice = run(client, cloudroom, picture(path=f"/d/a.mp4;{LIVE}"), seconds=60)

    assert alice.output_states(LIVE) == [1, 3]
    assert alice.output_states("/d/a.mp4") == [1, 2, 4, 5, 7]
    assert alice.states == [1, 2, 0]


@pytest.mark.parametrize(
    ("all_done", "native", "web"),
    [("js", False, True), ("everybody", True, True), ("nobody", False, False)],
)
def test_who_hears_that_a_file_can_be_queried_is_a_setting(
    client: "Clients", cloudroom: CloudRoom, all_done: str, native: bool, web: bool
) -> None:
    cloudroom.configure(all_done=all_done)
    alice, bob, _ = client.recording("native", "web", after_s=10)
    alice.destroy()

    cloudroom.advance(minutes=1)

    assert (7 in alice.output_states(), 7 in bob.output_states()) == (native, web)


# --- uploads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "code", "expected"),
    [("native", "", 1202), ("web", "", 905), ("mini", "", 905), ("native", "908", 908),
     ("web", "908", 902)],
)  # fmt: skip
def test_an_upload_that_fails_is_6_and_nobody_is_called_back(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Any,
    profile: str, code: str, expected: int,
) -> None:  # fmt: skip
    cloudroom.faults.add("upload", effect="fail", after_ms=2_500, code=code)

    alice = run(client, cloudroom, TALK, seconds=3600, profile=profile)

    assert alice.output_states() == [1, 2, 4, 6]
    assert alice.outputs[-1]["errCode"] == expected
    assert alice.outputs[-1]["errDesc"] != ""
    assert "RECORD_FINISH" not in callbacks.event_types
    assert api.files(FileName="/d/talk.mp3") == []


def test_an_upload_that_is_slow_takes_so_much_longer(
    client: "Clients", cloudroom: CloudRoom, api: "Api"
) -> None:
    cloudroom.faults.add("upload", effect="slow", by_ms=120_000)
    alice, _, _ = client.recording(after_s=10)
    alice.destroy()

    cloudroom.advance(seconds=120)
    before = api.files(FileName="/d/talk.mp3")
    cloudroom.advance(seconds=3)

    assert before == []
    assert len(api.files(FileName="/d/talk.mp3")) == 1
    progress = [each["progress"] for each in alice.outputs if each["state"] == 4]
    assert progress == sorted(progress)
    assert len(progress) > 100


def test_an_upload_can_end_without_a_word(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Any
) -> None:
    cloudroom.faults.add("upload", effect="silent")

    alice = run(client, cloudroom, TALK, seconds=10)

    assert alice.output_states() == [1, 2, 4]
    assert len(api.files(FileName="/d/talk.mp3")) == 1
    assert callbacks.event_types[-1] == "RECORD_FINISH"


@pytest.mark.parametrize(("profile", "code"), [("native", 908), ("web", 902)])
def test_a_file_that_does_not_fit_into_the_net_disk_is_lost(
    client: "Clients", cloudroom: CloudRoom, profile: str, code: int
) -> None:
    cloudroom.configure(quota_bytes=100_000)

    alice = run(client, cloudroom, TALK, seconds=3600, profile=profile)

    assert alice.output_states() == [1, 2, 4, 6]
    assert alice.outputs[-1]["errCode"] == code


@pytest.mark.parametrize("is_told", [True, False])
def test_a_file_in_ones_own_bucket_is_there_and_not_in_the_net_disk(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Any, is_told: bool
) -> None:
    cloudroom.configure(finish_for_storage=is_told)
    own = {"vendor": 1, "region": "r", "bucket": "b-test", "accessKey": "a", "secretKey": "s"}

    alice = run(client, cloudroom, {**TALK, "storageConfig": own}, seconds=10)

    assert alice.output_states() == [1, 2, 4, 5, 7]
    assert [(each.bucket, each.key) for each in cloudroom.objects()] == [("b-test", "d/talk.mp3")]
    assert api.files(FileName="/d/talk.mp3") == []
    assert ("RECORD_FINISH" in callbacks.event_types) == is_told


def test_two_files_of_one_path_are_kept_beside_each_other(
    client: "Clients", cloudroom: CloudRoom, api: "Api", callbacks: Any
) -> None:
    alice, _, _ = client.pair()
    for each in (MIXER, OTHER):
        alice.create(TALK, each)
        cloudroom.advance(seconds=10)
        alice.destroy(each)
        cloudroom.advance(minutes=1)

    names = [each["fileName"] for each in api.files(FilePath="/d/")]

    assert names == ["talk(1).mp3", "talk.mp3"]
    finished = [each.json["Details"] for each in callbacks.callbacks][-1]
    assert finished["FileName"] == "talk(1).mp3"


# --- a file for each stream -----------------------------------------------------------------------


def test_each_stream_has_a_file_that_begins_with_its_device_and_ends_with_its_user(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, bob = client("alice"), client("bob")
    room = alice.make()
    alice.enter(room)
    bob.enter(room)
    alice.create({"mode": 1, "audioFileCfg": {"svrPath": "/c", **VOICES}, "videoFileCfg": CAMERAS})
    cloudroom.advance(seconds=2)
    silent = list(alice.outputs)
    alice.call("openMic")
    cloudroom.advance(seconds=3)
    bob.call("openVideo")
    alice.call("closeMic")
    cloudroom.advance(seconds=5)
    bob.call("exitMeeting")
    cloudroom.settle()
    during = {each["svrFilePathName"]: each["state"] for each in alice.outputs}
    alice.destroy()
    cloudroom.advance(minutes=1)

    voice = f"/c/Alice_{room}_2030-01-01_08-00-02.mp3"
    picture = f"/Bob_cam1_{room}_2030-01-01_08-00-05.mp4"
    assert silent == []
    assert during == {voice: 1, picture: 2}
    assert alice.output_states(voice) == alice.output_states(picture) == [1, 2, 4, 5, 7]


def test_who_comes_back_gets_a_new_file(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, bob, room = client.pair()
    alice.create({"mode": 1, "audioFileCfg": {**VOICES, "svrPathName": "/$UID$.mp3"}})
    cloudroom.advance(seconds=5)
    bob.call("exitMeeting")

    bob.enter(room)
    bob.call("openMic")
    cloudroom.settle()

    assert alice.output_states("/bob.mp3") == [1, 2]
    assert alice.output_states("/bob(1).mp3") == [1]


def test_only_those_who_are_subscribed_are_recorded_and_an_update_changes_it(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair("native")
    path = {"svrPathName": "/$UID$_cam$CAMID$.mp4"}
    cameras = {**CAMERAS, **path, "subscribeVideos": ["alice.1"]}
    alice.create({"mode": 1, "videoFileCfg": cameras})
    cloudroom.advance(seconds=5)

    alice.update({"videoFileCfg": {"subscribeVideos": ["bob.-1"]}})
    cloudroom.settle()

    assert alice.output_states("/alice_cam1.mp4") == [1, 2]
    assert alice.output_states("/bob_cam1.mp4") == [1]


def test_a_camera_is_pushed_to_each_of_its_addresses(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair()
    push = [{"streamID": "bob.-1", "urls": [f"{LIVE}/1", f"{LIVE}/2"]},
            {"streamID": "alice.-1", "urls": f"{LIVE}/3;"}]  # fmt: skip
    cameras = {**CAMERAS, "subscribeVideos": [], "pushCfg": push}

    alice.create({"mode": 1, "videoFileCfg": cameras})
    cloudroom.advance(seconds=5)

    assert {each["svrFilePathName"] for each in alice.outputs} == {
        f"{LIVE}/1", f"{LIVE}/2", f"{LIVE}/3",
    }  # fmt: skip


def test_somebody_without_an_sdk_is_recorded_too(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _, room = client.pair()
    alice.create({"mode": 1, "audioFileCfg": {**VOICES, "svrPathName": "/$UID$.mp3"}})
    cloudroom.advance(seconds=5)

    cloudroom.room(str(room)).join("carol")
    cloudroom.settle()

    assert alice.output_states("/carol.mp3") == [1]


# --- one path for every ending --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [("/a.mp3", "audio/mpeg", 16_000), ("/a.wav", "audio/wav", 176_400)],
)
def test_sounds_grow_by_their_kind(
    client: "Clients", cloudroom: CloudRoom, path: str, kind: str, size: int
) -> None:
    run(client, cloudroom, {"audioFileCfg": {"svrPathName": path}}, seconds=9)

    (stored,) = cloudroom.objects()
    assert (stored.content_type, stored.size_bytes) == (kind, size * 10)
