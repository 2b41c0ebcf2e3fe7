"""A mixer's content is changed: what counts, what is ignored, and the web SDK's defects."""

from concurrent.futures import TimeoutError as TimedOut
from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, TALK, camera, picture

from recording_emulator.testing import Rejected
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Client, Clients

EACH_SDK = pytest.mark.parametrize("profile", ["native", "web", "mini"])
DONE = {"native": 0, "web": {"errCode": 0, "errDesc": "success"}, "mini": 0}
SINGLE = {
    "mode": 1,
    "videoFileCfg": {"svrFileNameSuffix": ".mp4", "subscribeVideos": ["alice.-1"]},
}


def subscribe(*cameras: str) -> dict[str, Any]:
    return {"videoFileCfg": {"subscribeVideos": list(cameras)}}


def running(client: "Clients", cloudroom: CloudRoom, cfg: Any, profile: str = "web") -> Any:
    """Return Alice and Bob, and a mixer that runs."""
    alice, bob, _ = client.pair(profile)
    alice.create(cfg)
    cloudroom.advance(seconds=2)
    return alice, bob


def remarks(cloudroom: CloudRoom) -> list[str]:
    calls = [each["detail"] or {} for each in cloudroom.journal(kind="call")]
    return [note for each in calls for note in each.get("notes", ())]


def never_settles(client: "Client", mixer: str, cfg: Any) -> bool:
    """Whether a promise stays open though the next call is answered, and so is one after it."""
    promise = client.member.begin("updateCloudMixerContent", mixerID=mixer, cfg=cfg)
    client.call("getAllCloudMixerInfo")
    with pytest.raises(TimedOut):
        promise.result(0)
    return not promise.done()


@EACH_SDK
def test_a_layout_is_replaced_as_a_whole_and_everybody_hears_of_it(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    cfg = picture(camera("alice.-1"), camera("bob.-1", 320))
    alice, bob = running(client, cloudroom, cfg, profile)

    result = bob.update({"videoFileCfg": {"layoutConfig": [camera("bob.-1")]}})
    cloudroom.settle()

    assert result == DONE[profile]
    ((mixer, after),) = alice.heard("cloudMixerInfoChanged")
    assert mixer == MIXER
    assert [each["param"]["camid"] for each in after["videoFileCfg"]["layoutConfig"]] == ["bob.-1"]
    assert bob.heard("cloudMixerInfoChanged") == [[mixer, after]]


@EACH_SDK
@pytest.mark.parametrize("cfg", [{}, {"layoutConfig": [camera("bob.-1")]}], ids=["empty", "bare"])
def test_an_update_of_nothing_succeeds_and_is_remarked(
    client: "Clients", cloudroom: CloudRoom, profile: str, cfg: dict[str, Any]
) -> None:
    alice, bob = running(client, cloudroom, picture(camera("alice.-1")), profile)

    result = alice.update(cfg)
    cloudroom.settle()

    assert result == DONE[profile]
    assert len(bob.heard("cloudMixerInfoChanged")) == 1
    assert remarks(cloudroom)[0].startswith("update_noop: nothing changes")
    assert ("a layout stands in videoFileCfg" in remarks(cloudroom)[0]) == bool(cfg)


def test_size_path_and_storage_cannot_be_changed_and_that_is_remarked(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _ = running(client, cloudroom, picture(camera("alice.-1")))

    alice.update({
        "mode": 1,
        "videoFileCfg": {"vWidth": 1280, "svrPathName": "/x.mp4", "aChannelContent": ["bob"]},
        "storageConfig": {"vendor": 1},
    })  # fmt: skip
    video = alice.call("getCloudMixerInfo", mixerID=MIXER)["cfg"]["videoFileCfg"]

    assert (video["vWidth"], video["svrPathName"]) == (640, "/d/a.mp4")
    assert video["aChannelContent"] == ["bob"]
    assert remarks(cloudroom) == [
        "update_ignored_field: videoFileCfg.svrPathName",
        "update_ignored_field: videoFileCfg.vWidth",
        "update_ignored_field: storageConfig",
    ]


@EACH_SDK
@pytest.mark.parametrize(
    "cfg",
    [
        {"audioFileCfg": {"aChannelContent": ["bob"]}},
        {"videoFileCfg": {"layoutConfig": [{"type": 2}]}},
        {"videoFileCfg": {"layoutConfig": "all"}},
        {"videoFileCfg": {"aChannelContent": ["alice"]}},
    ],
    ids=["no such file", "local screen", "a text", "one ear"],
)
def test_a_wrong_update_is_5_and_changes_nothing(
    client: "Clients", cloudroom: CloudRoom, profile: str, cfg: dict[str, Any]
) -> None:
    ears: dict[str, Any] = {"aChannelType": 1, "aChannelContent": ["alice", "bob"]}
    alice, bob = running(client, cloudroom, picture(camera("alice.-1"), **ears), profile)

    with pytest.raises(Rejected) as caught:
        alice.update(cfg)
    cloudroom.settle()

    assert caught.value.data["errCode"] == 5
    assert bob.heard("cloudMixerInfoChanged") == []


def test_a_video_cannot_be_added_to_a_sound(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _ = running(client, cloudroom, TALK)
    cfg: dict[str, Any] = {"videoFileCfg": {"layoutConfig": []}}

    assert alice.refused("updateCloudMixerContent", mixerID=MIXER, cfg=cfg) == 5


@EACH_SDK
def test_it_can_be_updated_while_it_starts_but_not_while_it_stops(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, _, _ = client.pair(profile)
    alice.create(picture(camera("alice.-1")))
    early = alice.update({"videoFileCfg": {"layoutConfig": []}})
    told = remarks(cloudroom)
    cloudroom.advance(seconds=2)
    alice.destroy()

    with pytest.raises(Rejected) as caught:
        alice.update({})

    assert early == DONE[profile]
    assert [each.partition(":")[0] for each in told] == (
        [] if profile == "native" else ["update_while_starting"]
    )
    assert caught.value.data["errCode"] == 5


@pytest.mark.recording_emulator(settings={"cloudroom": {"layout_strict": True}})
def test_a_strict_tenant_refuses_an_update_that_draws_outside(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _ = running(client, cloudroom, picture(camera("alice.-1")))
    cfg = {"videoFileCfg": {"layoutConfig": [camera("bob.-1", 640)]}}

    assert alice.refused("updateCloudMixerContent", mixerID=MIXER, cfg=cfg) == 904


# --- mixers that are not there --------------------------------------------------------------------


@pytest.mark.parametrize("mixer", [MIXER, OTHER, ""], ids=["ended", "unknown", "empty"])
def test_an_update_of_no_mixer_is_5_on_native_nothing_in_the_mini_app_and_endless_on_the_web(
    client: "Clients", cloudroom: CloudRoom, mixer: str
) -> None:
    alice, _, room = client.pair("web")
    native, mini = client("nat", "native"), client("min", "mini")
    native.enter(room)
    mini.enter(room)
    alice.create(TALK)
    cloudroom.advance(seconds=5)
    alice.destroy()
    cloudroom.advance(seconds=5)

    assert never_settles(alice, mixer, {})
    assert native.refused("updateCloudMixerContent", mixerID=mixer, cfg="{}") == 5
    assert mini.update({}, mixer) is None


@pytest.mark.recording_emulator(settings={"cloudroom": {"web_update_unknown_rejects": True}})
def test_or_is_5_on_the_web_too(client: "Clients") -> None:
    alice, _, _ = client.pair("web")

    assert alice.refused("updateCloudMixerContent", mixerID=OTHER, cfg={}) == 5


def test_an_update_outside_of_a_room_is_817_on_native_and_unheard_in_javascript(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _ = running(client, cloudroom, TALK)
    native, web, mini = client("n", "native"), client("w", "web"), client("m", "mini")

    assert native.refused("updateCloudMixerContent", mixerID=MIXER, cfg="{}") == 817
    assert never_settles(web, MIXER, {})
    assert mini.update({}) is None
    alice.destroy()
    assert native.refused("updateCloudMixerContent", mixerID=MIXER, cfg="{}") == 817


# --- the web SDK's defects ------------------------------------------------------------------------


def cameras(client: "Client") -> list[str]:
    info = client.call("getCloudMixerInfo", mixerID=MIXER)
    found: list[str] = info["cfg"]["videoFileCfg"]["subscribeVideos"]
    return found


@pytest.mark.parametrize(
    ("is_on", "expected", "files"), [(False, ["_cr_all_"], 2), (True, [], 1)], ids=["off", "on"]
)
def test_the_web_loses_everybody_in_an_update_if_the_tenant_has_that_defect(
    client: "Clients", cloudroom: CloudRoom, is_on: bool, expected: list[str], files: int
) -> None:
    cloudroom.configure(web_update_drops_cr_all=is_on)
    alice, _ = running(client, cloudroom, SINGLE)

    result = alice.update(subscribe("_cr_all_"))
    cloudroom.settle()

    assert result == DONE["web"]
    assert cameras(alice) == expected
    assert len({each["svrFilePathName"] for each in alice.outputs}) == files


def test_the_mini_app_never_has_that_defect(client: "Clients", cloudroom: CloudRoom) -> None:
    cloudroom.configure(web_update_drops_cr_all=True)
    cfg = {"mode": 1, "videoFileCfg": {"subscribeAudios": ["alice.-1"]}}
    alice, _ = running(client, cloudroom, cfg, "mini")

    alice.update(subscribe("_cr_allDefCam_"))

    assert cameras(alice) == ["_cr_allDefCam_"]


@pytest.mark.parametrize(
    ("is_on", "expected", "heard"),
    [(False, ["alice.-1"], 0), (True, ["bob.-1"], 1)],
    ids=["off", "on"],
)
def test_the_web_carries_out_what_it_has_rejected_if_the_tenant_has_that_defect(
    client: "Clients", cloudroom: CloudRoom, is_on: bool, expected: list[str], heard: int
) -> None:
    cloudroom.configure(web_update_reject_but_apply=is_on)
    alice, bob = running(client, cloudroom, SINGLE)
    cfg = subscribe("bob.-1", "nobody.-1")

    code = alice.refused("updateCloudMixerContent", mixerID=MIXER, cfg=cfg)
    cloudroom.settle()

    assert code == 5
    assert cameras(alice) == expected
    assert len(bob.heard("cloudMixerInfoChanged")) == heard


def test_an_absent_user_in_an_update_is_no_error_elsewhere(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _ = running(client, cloudroom, SINGLE, "native")

    assert alice.update(subscribe("nobody.-1")) == 0


def test_nor_in_a_layout_on_the_web(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _ = running(client, cloudroom, picture(camera("alice.-1")))

    alice.update({"videoFileCfg": {"layoutConfig": [camera("nobody.-1")]}})

    assert [each.partition(":")[0] for each in remarks(cloudroom)] == ["layout_cell_empty"]
