"""What keeps a mixer from starting, and how each SDK tells it (sheet §5.1, cell by cell)."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.cloudroom.conftest import MIXER, OTHER, TALK, camera, picture

from recording_emulator.testing import Rejected
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Client, Clients

EACH_SDK = pytest.mark.parametrize("profile", ["native", "web", "mini"])
BOTH = pytest.mark.parametrize("profile", ["web", "mini"])
STORAGE = {"vendor": 1, "region": "r", "bucket": "b", "accessKey": "a", "secretKey": "s"}
VOICES = {"svrPath": "/c", "svrFileNameSuffix": ".mp3", "subscribeAudios": ["_cr_all_"]}
CAMERAS = {"svrFileNameSuffix": ".mp4", "subscribeVideos": ["_cr_all_"]}


def video(**changes: Any) -> dict[str, Any]:
    return picture(camera("alice.-1"), **changes)


def layout(**item: Any) -> dict[str, Any]:
    return picture({"type": 0, "left": 0, "top": 0, "width": 8, "height": 8, **item})


WRONG = {
    "nothing to record": {"mode": 0},
    "mode": {**TALK, "mode": 2},
    "mode is no number": {**TALK, "mode": "0"},
    "audio path": {"mode": 0, "audioFileCfg": {}},
    "audio extension": {"mode": 0, "audioFileCfg": {"svrPathName": "/a.mp4"}},
    "audio channels": {"audioFileCfg": {"svrPathName": "/a.mp3", "aChannelType": 1}},
    "audio channel type": {"audioFileCfg": {"svrPathName": "/a.mp3", "aChannelType": 2}},
    "video path": video(path=""),
    "video extension": video(path="/a.mkv"),
    "path out of the disk": video(path="/../a.mp4"),
    "no name": video(path="/d/.mp4"),
    "no width": video(vWidth=0),
    "three ears": video(aChannelType=1, aChannelContent=["alice", "bob", "alice"]),
    "a local picture": layout(type=1, param={"resourceid": "x"}),
    "a local screen": layout(type=2),
    "no such type": layout(type=11),
    "a text without text": layout(type=10),
    "a camera without a name": layout(param={"camid": ""}),
    "param is no object": layout(param="x"),
    "no microphones": {"mode": 1, "audioFileCfg": {"svrFileNameSuffix": ".mp3"}},
    "no cameras": {"mode": 1, "videoFileCfg": {"svrFileNameSuffix": ".mp4"}},
    "suffix": {"mode": 1, "audioFileCfg": {**VOICES, "svrFileNameSuffix": ".mp4"}},
    "video suffix": {"mode": 1, "videoFileCfg": {**CAMERAS, "svrFileNameSuffix": ".flv"}},
    "stream type": {"mode": 1, "videoFileCfg": {**CAMERAS, "aStreamType": 2}},
    "single path": {"mode": 1, "audioFileCfg": {**VOICES, "svrPathName": "/$UID$.ogg"}},
    "folder": {"mode": 1, "audioFileCfg": {**VOICES, "svrPath": "/../x"}},
    "storage vendor": {**TALK, "storageConfig": {**STORAGE, "vendor": 2}},
    "storage key": {**TALK, "storageConfig": {**STORAGE, "secretKey": ""}},
}


@pytest.mark.parametrize("cfg", WRONG.values(), ids=WRONG)
@EACH_SDK
def test_a_wrong_cfg_is_an_empty_id_on_native_and_5_with_state_0_in_javascript(
    client: "Clients", cloudroom: CloudRoom, profile: str, cfg: dict[str, Any]
) -> None:
    alice, bob, _ = client.pair(profile)

    mixer = alice.create(cfg)
    cloudroom.advance(minutes=1)

    if profile == "native":
        assert (mixer, alice.states, alice.failures) == ("", [], [])
    else:
        assert (mixer, alice.states, alice.failures) == (MIXER, [0], [5])
        assert bob.heard("cloudMixerStateChanged") == alice.heard("cloudMixerStateChanged")
    assert cloudroom.tasks() == []


@pytest.mark.parametrize("cfg", [None, "{", "[]", "7", 7, []], ids=repr)
def test_a_cfg_that_is_no_object_is_an_empty_id_on_native(client: "Clients", cfg: Any) -> None:
    alice, _, _ = client.pair("native")

    assert alice.call("createCloudMixer", cfg=cfg) == ""
    assert alice.call("createCloudMixer", cfg=TALK) != ""


@pytest.mark.parametrize(("profile", "codes"), [("web", [5, 1]), ("mini", [5])])
def test_a_cfg_that_is_undefined_is_told_twice_on_the_web(
    client: "Clients", cloudroom: CloudRoom, profile: str, codes: list[int]
) -> None:
    alice, bob, _ = client.pair(profile)

    alice.create(None)
    cloudroom.settle()

    assert (alice.failures, alice.states) == (codes, [])
    assert bob.failures == []


@BOTH
def test_a_cfg_that_is_a_text_is_an_empty_one_in_javascript(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, _, _ = client.pair(profile)

    alice.create('{"mode":0}')
    cloudroom.settle()

    assert (alice.failures, alice.states) == ([5], [0])


@pytest.mark.parametrize(
    "cfg",
    [
        {"mode": 0, "videoFileCfg": {"svrPathName": "/a.mp4", "vWidth": 64, "vHeight": 64}},
        layout(),
        layout(param={"text": "x"}),
    ],
    ids=["no layout", "no param", "no camid"],
)
@EACH_SDK
def test_what_the_sdks_stumble_over_is_1_on_the_web_and_an_exception_in_the_mini_app(
    client: "Clients", cloudroom: CloudRoom, profile: str, cfg: dict[str, Any]
) -> None:
    alice, _, _ = client.pair(profile)

    if profile == "mini":
        with pytest.raises(Rejected) as caught:
            alice.create(cfg)
        assert caught.value.data["name"] == "TypeError"
    else:
        assert alice.create(cfg) == ("" if profile == "native" else MIXER)
    cloudroom.settle()

    assert (alice.failures, alice.states) == ([1] if profile == "web" else [], [])


@pytest.mark.parametrize(
    "cfg",
    [
        picture(camera("nobody.-1")),
        {"audioFileCfg": {"svrPathName": "/a.mp3", "aChannelContent": ["nobody"]}},
        {"mode": 1, "audioFileCfg": {**VOICES, "subscribeAudios": ["nobody"]}},
        {"mode": 1, "videoFileCfg": {**CAMERAS, "subscribeVideos": ["nobody.1"]}},
    ],
    ids=["camid", "channel", "voice", "camera"],
)
@EACH_SDK
def test_who_is_not_there_is_1_on_the_web_and_a_blank_elsewhere(
    client: "Clients", cloudroom: CloudRoom, profile: str, cfg: dict[str, Any]
) -> None:
    alice, _, _ = client.pair(profile)
    if profile == "mini" and "videoFileCfg" in cfg and cfg.get("mode") == 1:
        cfg = {"mode": 1, "videoFileCfg": {**cfg["videoFileCfg"], "subscribeAudios": ["x"]}}

    mixer = alice.create(cfg)
    cloudroom.settle()

    assert mixer == MIXER
    assert (alice.failures, alice.states) == (([1], []) if profile == "web" else ([], [1]))


@pytest.mark.parametrize(
    ("changes", "native"),
    [
        ({"vFps": 31}, 904),
        ({"vQP": 52}, 904),
        ({"vBps": 700_001}, 904),
        ({"vWidth": 3848, "vHeight": 2160}, 903),
    ],
    ids=str,
)
@EACH_SDK
def test_what_the_service_restricts_fails_after_state_1(
    client: "Clients", cloudroom: CloudRoom, profile: str, changes: dict[str, int], native: int
) -> None:
    alice, _, _ = client.pair(profile)

    mixer = alice.create(video(**changes))
    cloudroom.settle()

    assert mixer == MIXER
    code = native if profile == "native" else 904
    assert (alice.states, alice.failures) == ([1, 0], [code])


@pytest.mark.parametrize(
    "changes", [{"vFps": 30}, {"vQP": 0}, {"vBps": 700_000}, {"vWidth": 3840, "vHeight": 2160}],
    ids=str,
)  # fmt: skip
def test_what_is_just_within_the_limits_starts(
    client: "Clients", cloudroom: CloudRoom, changes: dict[str, int]
) -> None:
    alice, _, _ = client.pair()

    alice.create(video(**changes))
    cloudroom.advance(seconds=2)

    assert alice.states == [1, 2]


@pytest.mark.recording_emulator(settings={"cloudroom": {"layout_strict": True, "max_cells": 2}})
def test_a_strict_tenant_refuses_what_lies_outside_and_too_many_cells(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair()

    alice.create(picture(camera("alice.-1", left=640)))
    alice.create(picture(*[camera("alice.-1")] * 3), OTHER)
    cloudroom.settle()

    assert alice.failures == [904, 904]


@pytest.mark.parametrize(
    ("account", "native", "javascript"),
    [("not_enabled", (806, [], ""), (806, [])), ("expired", (24, [0], MIXER), (24, [0])),
     ("no_balance", (805, [0], MIXER), (805, [0]))],
)  # fmt: skip
@EACH_SDK
def test_an_account_that_may_not_record_is_told_so(
    client: "Clients",
    cloudroom: CloudRoom,
    profile: str,
    account: str,
    native: Any,
    javascript: Any,
) -> None:
    alice, _, _ = client.pair(profile)
    cloudroom.configure(account=account)

    mixer = alice.create(TALK)
    cloudroom.settle()

    expected = native if profile == "native" else (*javascript, MIXER)
    assert (alice.failures[0], alice.states, mixer) == expected


@EACH_SDK
def test_a_mixer_over_the_licence_is_907_after_state_1(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    alice, bob, _ = client.pair(profile)
    cloudroom.configure(max_mixers=1)
    alice.create(TALK)

    bob.create(picture(camera("alice.-1")), OTHER)
    cloudroom.settle()
    told = [args for args in bob.heard("cloudMixerStateChanged") if args[0] == OTHER]
    alice.destroy()
    cloudroom.advance(minutes=1)
    bob.create(TALK, "a third")
    cloudroom.advance(seconds=2)

    assert [args[1] for args in told] == [1, 0]
    assert told[-1][2] == {"err": 907, "errDesc": "too many cloud records"}
    assert bob.failures == [907]
    assert bob.states[-1] == 2


@pytest.mark.recording_emulator(
    settings={"cloudroom": {"max_mixers": 0, "fail_before_starting": True}}
)
@EACH_SDK
def test_or_without_a_state_1(client: "Clients", cloudroom: CloudRoom, profile: str) -> None:
    alice, _, _ = client.pair(profile)

    alice.create(TALK)
    cloudroom.settle()

    assert (alice.failures, alice.states) == ([907], [0])
    assert cloudroom.tasks() == []


@pytest.mark.recording_emulator(settings={"cloudroom": {"quota_bytes": 100_000}})
@pytest.mark.parametrize(("profile", "code"), [("native", 908), ("web", 902), ("mini", 902)])
def test_a_full_net_disk_is_908_or_what_javascript_makes_of_it(
    client: "Clients", cloudroom: CloudRoom, profile: str, code: int
) -> None:
    alice, _, _ = client.pair(profile)
    alice.create(TALK)
    cloudroom.advance(seconds=2 + 5)
    alice.destroy()
    cloudroom.advance(minutes=1)
    fits = alice.output_states()
    cloudroom.configure(quota_bytes=96_000)

    alice.create(TALK, OTHER)
    cloudroom.settle()

    assert fits[:4] == [1, 2, 4, 5]
    assert alice.failures == [code]


@pytest.mark.recording_emulator(settings={"cloudroom": {"path_conflict": "refuse"}})
@pytest.mark.parametrize(("profile", "code"), [("native", 1503), ("web", 905), ("mini", 905)])
def test_a_path_that_is_taken_can_be_refused(
    client: "Clients", cloudroom: CloudRoom, profile: str, code: int
) -> None:
    alice, _, _ = client.recording(profile)

    alice.create(TALK, OTHER)
    cloudroom.settle()

    assert alice.failures == [code]


@pytest.mark.parametrize(
    ("profile", "mixer", "codes"), [("native", "", []), ("web", MIXER, []), ("mini", MIXER, [1])]
)
def test_a_creation_outside_of_a_room_is_not_told_by_the_web_at_all(
    client: "Clients", cloudroom: CloudRoom, profile: str, mixer: str, codes: list[int]
) -> None:
    alice = client("alice", profile)

    assert alice.create(TALK) == mixer
    cloudroom.advance(minutes=1)

    assert (alice.failures, alice.states) == (codes, [])


@EACH_SDK
def test_an_id_that_is_taken_is_refused_and_the_mixer_goes_on(
    client: "Clients", cloudroom: CloudRoom, profile: str
) -> None:
    _, bob, _ = client.recording(profile)

    again = bob.create(TALK)
    cloudroom.advance(seconds=5)

    assert again == ("" if profile == "native" else MIXER)
    assert bob.failures == ([] if profile == "native" else [5])
    assert bob.states == [1, 2]


@pytest.mark.parametrize(
    ("profile", "code", "told"),
    [("native", 907, 907), ("web", 907, 806), ("mini", 907, 1), ("mini", 806, 806)],
)
def test_a_request_that_is_refused_is_806_on_the_web_whatever_it_was(
    client: "Clients", cloudroom: CloudRoom, profile: str, code: int, told: int
) -> None:
    alice, _, _ = client.pair(profile)
    cloudroom.faults.add("create", effect="reject", code=str(code))

    mixer = alice.create(TALK)
    cloudroom.settle()

    assert mixer == ("" if profile == "native" else MIXER)
    assert (alice.failures, alice.states) == ([told], [])


# --- remarks --------------------------------------------------------------------------------------


def remarks(cloudroom: CloudRoom) -> list[str]:
    calls = [each["detail"] or {} for each in cloudroom.journal(kind="call")]
    return [note.partition(":")[0] for each in calls for note in each.get("notes", ())]


@pytest.mark.parametrize(
    ("cfg", "expected"),
    [
        (picture(camera("alice.0")), ["layout_cell_empty"]),
        (picture(camera("alice.2")), ["layout_cell_empty"]),
        (picture(camera("bob.-1"), camera("alice.-1"), camera("bob.-1")), ["layout_camera_twice"]),
        (picture({"type": 7, "left": 0, "top": 0}), ["deprecated_type"]),
        (picture({"type": 10, "param": {"text": "%timestamp%", "font-size:": 9}}),
         ["unknown_param"]),
        (picture(path="d/a.mp4"), ["path_without_slash"]),
        (picture(vWidth=856, vHeight=482), ["canvas_not_multiple_of_8"]),
        (picture(camera("alice.-1", left=106.67, width=213.33)), []),
        ({"mode": 1, "videoFileCfg": {**CAMERAS, "subscribeAudios": ["bob"]}}, ["wrong_key"]),
    ],
    ids=["no camera", "another camera", "camera twice", "old text", "stray colon", "no slash",
         "856x482", "fractions", "the document's slip"],
)  # fmt: skip
def test_what_will_not_be_seen_is_remarked(
    client: "Clients", cloudroom: CloudRoom, cfg: dict[str, Any], expected: list[str]
) -> None:
    alice, _, _ = client.pair("native")

    alice.create(cfg)
    cloudroom.advance(seconds=2)

    assert remarks(cloudroom) == expected
    assert alice.states == [1, 2]


def test_a_user_with_a_dot_is_another_in_the_mini_app(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    web, mini = client("a.b"), client("alice", "mini")
    room = web.make()
    for each in (web, mini):
        each.enter(room)

    web.create(picture(camera("a.b.-1")))
    before = remarks(cloudroom)
    mini.create(picture(camera("a.b.-1")), OTHER)

    assert before == []
    assert remarks(cloudroom) == ["layout_cell_empty"]


def started(client: "Client") -> dict[str, Any]:
    """The cfg as it was announced last."""
    found: dict[str, Any] = client.heard("cloudMixerStateChanged")[-1][2]
    return found


def test_what_is_left_out_is_filled_in(client: "Clients", cloudroom: CloudRoom) -> None:
    alice, _, _ = client.pair()

    alice.create(picture(camera("alice.-1")))
    cloudroom.settle()
    mixed = started(alice)["videoFileCfg"]
    alice.create({"mode": 1, "audioFileCfg": {"subscribeAudios": ["bob"]}}, OTHER)
    cloudroom.settle()
    single = started(alice)["audioFileCfg"]

    assert {name: mixed[name] for name in ("vFps", "vBps", "vQP", "aChannelType")} == {
        "vFps": 12, "vBps": 350_000, "vQP": 19, "aChannelType": 0,
    }  # fmt: skip
    assert single == {"svrPath": "", "svrFileNameSuffix": ".mp3", "subscribeAudios": ["bob"]}


def test_the_mini_app_reads_its_cameras_under_the_wrong_name(
    client: "Clients", cloudroom: CloudRoom
) -> None:
    alice, _, _ = client.pair("mini")

    alice.create({"mode": 1, "videoFileCfg": {"subscribeAudios": ["bob.-1"]}})
    cloudroom.advance(seconds=2)

    assert [each["fileName"] for each in alice.outputs] != []
    assert started(alice) == {}
