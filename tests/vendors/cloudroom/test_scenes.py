"""What the files of a CloudRoom mixer show: who is in the room, where the layout has a cell."""

from typing import Any

import pytest
from tests.players import (
    RATE_HZ,
    colour_at,
    frames,
    is_like,
    loudness,
    rendered_of,
    samples,
    scene_of,
    told,
)
from tests.vendors.cloudroom.conftest import MIXER, camera, picture
from tests.vendors.cloudroom.test_document_001 import PATH, PICTURE_IN_PICTURE, SIDE_BY_SIDE, cell
from tests.vendors.cloudroom.test_hypothesis import Play

from recording_emulator.core import rooms, snapshot
from recording_emulator.core.casts import NOW
from recording_emulator.core.inputs import ChangeRoom
from recording_emulator.core.scenes import Scene
from recording_emulator.core.tiles import Tile
from recording_emulator.store.drawing import COLOURS
from recording_emulator.store.rendering import TONES_HZ
from recording_emulator.vendors.cloudroom import ADAPTER, cells
from recording_emulator.vendors.cloudroom.bodies import Item, Param, Video
from recording_emulator.vendors.cloudroom.files import NETDISK

ALICE, BOB, CAROL = range(3)
USERS = ("alice", "bob")
WHOLE = (0, 0, 640, 360)
LEFT, RIGHT = (0, 0, 320, 360), (320, 0, 320, 360)
PAIR = (
    {**camera("alice.-1", 0, 0, 320, 360), "keepAspectRatio": 0},
    {**camera("bob.-1", 320, 0, 320, 360), "keepAspectRatio": 0},
)
START_MS, STOP_MS = 2_000, 1_000
UPLOADED_MS = 60_000


class Hall(Play):
    """A room with Alice, who has the web SDK, and Bob, who has a native one; both send all.

    Who has no picture is told as a number, by when they came: ``#0`` is Alice.
    """

    def __init__(self) -> None:
        super().__init__()
        for who in (ALICE, BOB):
            self.call(who, "openVideo", {})

    def do(self, who: int, method: str, **params: Any) -> None:
        answer = self.call(who, method, params)
        assert answer.row == "", answer

    def record(self, cfg: Any) -> None:
        """Create a mixer, and wait until it runs."""
        self.do(ALICE, "createCloudMixer", cfg=cfg, mixerID=MIXER)
        self.wait(START_MS)

    def update(self, cfg: Any) -> None:
        self.do(ALICE, "updateCloudMixerContent", cfg=cfg, mixerID=MIXER)

    def end(self, who: int = ALICE) -> None:
        """Destroy the mixer, and wait until its files are in the net disk."""
        self.do(who, "destroyCloudMixer", mixerID=MIXER)
        self.wait(UPLOADED_MS)

    def change(self, given: Any) -> None:
        """Change the room by hand."""
        self.world.apply(ChangeRoom("cloudroom", self.room, given))

    @property
    def keys(self) -> list[str]:
        return [each.key for each in self.world.objects.files(self.world.now_ms)]

    def shown(self, key: str = "d/a.mp4") -> Scene:
        return scene_of(self.world, NETDISK, key)

    def told(self, key: str = "d/a.mp4") -> list[tuple[int, dict[str, tuple[int, ...]], str]]:
        return told(self.shown(key))


@pytest.fixture
def hall() -> Hall:
    return Hall()


# --- a mixed picture ------------------------------------------------------------------------------


def test_a_picture_shows_who_is_there_with_what_turned_on(hall: Hall) -> None:
    hall.record(picture(*PAIR))
    hall.wait(4_000)
    hall.do(ALICE, "closeMic")
    hall.wait(2_000)
    hall.do(BOB, "closeVideo")
    hall.wait(3_000)
    hall.do(BOB, "exitMeeting")
    hall.wait(5_000)
    hall.end()

    assert hall.told() == [
        (4_000, {"alice": LEFT, "bob": RIGHT}, "alice bob"),
        (2_000, {"alice": LEFT, "bob": RIGHT}, "bob"),
        (3_000, {"alice": LEFT, "(bob)": RIGHT}, "bob"),
        (5_000 + STOP_MS, {"alice": LEFT}, ""),
    ]


def test_a_mixer_shows_its_creator_no_more_and_again_when_they_are_back(hall: Hall) -> None:
    hall.record(picture(*PAIR))
    hall.wait(4_000)
    hall.do(ALICE, "exitMeeting")
    hall.wait(6_000)
    hall.do(ALICE, "enterMeeting", meetID=int(hall.room))
    hall.wait(5_000)
    hall.do(ALICE, "openVideo")
    hall.wait(5_000)
    hall.end(BOB)

    assert [each[1:] for each in hall.told()] == [
        ({"alice": LEFT, "bob": RIGHT}, "alice bob"),
        ({"bob": RIGHT}, "bob"),
        ({"(alice)": LEFT, "bob": RIGHT}, "bob"),
        ({"alice": LEFT, "bob": RIGHT}, "bob"),
    ]
    assert len({each.number for take in hall.shown() for each in take.shown}) == 2


def test_the_guides_first_layout_shows_half_of_one_and_the_other_not_at_all(hall: Hall) -> None:
    hall.change(rooms.Join("Usr1"))
    hall.change(rooms.Join("Usr2"))

    hall.record(SIDE_BY_SIDE)
    hall.wait(10_000)
    hall.update(PICTURE_IN_PICTURE)
    hall.wait(5_000)
    hall.end()

    assert [each[:2] for each in hall.told(PATH[1:])] == [
        (10_000, {"Usr1": (0, 180, 640, 180)}),
        (5_000 + STOP_MS, {"Usr1": WHOLE, "Usr2": (475, 265, 160, 90)}),
    ]


def test_a_later_cell_lies_on_top_however_small_the_one_below(hall: Hall) -> None:
    small, large = cell("bob.-1", 10, 10, 160, 90), cell("alice.-1", 0, 0, 640, 360)

    hall.record(picture(small, large))
    hall.wait(5_000)
    hall.update({"videoFileCfg": {"layoutConfig": [large, small]}})
    hall.wait(5_000)
    hall.end()

    order = [[each.name for each in take.shown] for take in hall.shown()]
    assert order == [["bob", "alice"], ["alice", "bob"]]


def test_a_text_is_there_whoever_is_and_as_large_as_what_it_says(hall: Hall) -> None:
    stamp = {"text": "At %timestamp%", "font-size": 10, "text-margin": 0}
    hall.record(
        picture(
            *PAIR,
            {"type": 10, "left": 8, "top": 4, "param": {"text": "REC"}},
            {"type": 10, "left": 600, "top": 340, "width": 9, "param": stamp},
            {"type": 10, "left": 640, "top": 0, "param": {"text": "outside"}},
        )
    )
    hall.wait(5_000)
    hall.do(BOB, "exitMeeting")
    hall.do(ALICE, "exitMeeting")
    hall.wait(5_000)
    hall.do(ALICE, "enterMeeting", meetID=int(hall.room))
    hall.end()

    texts = {"(REC)": (8, 4, 42, 32), f"(At {NOW})": (600, 340, 40, 12)}
    assert [each[1] for each in hall.told()] == [
        {"alice": LEFT, "bob": RIGHT, **texts},
        texts,
        {"(alice)": LEFT, **texts},
    ]
    assert {each.name for take in hall.shown() for each in take.shown if each.is_text} == {
        "REC",
        f"At {NOW}",
    }


def test_an_update_while_it_starts_holds_from_the_first_picture(hall: Hall) -> None:
    hall.do(ALICE, "createCloudMixer", cfg=picture(*PAIR), mixerID=MIXER)
    hall.update({"videoFileCfg": {"layoutConfig": [camera("bob.-1")]}})
    hall.wait(START_MS + 5_000)
    hall.end()

    assert [each[1] for each in hall.told()] == [{"bob": WHOLE}]


@pytest.mark.parametrize("camid", ["dave.-1", "alice.0", "alice.2"])
def test_a_cell_of_a_camera_that_is_not_there_stays_black(hall: Hall, camid: str) -> None:
    hall.record(picture(camera("bob.1")))
    hall.update({"videoFileCfg": {"layoutConfig": [camera(camid)]}})
    hall.wait(5_000)
    hall.end()

    assert [each[1:] for each in hall.told()] == [({}, "#0 #1")]


def test_each_file_of_a_picture_shows_the_same_until_it_fails(hall: Hall) -> None:
    hall.record(picture(*PAIR, path="/d/a.mp4;/d/a.flv;rtmp://x/y;/d/a.ts;/d/a.avi"))
    hall.wait(5_000)
    hall.update({"videoFileCfg": {"layoutConfig": [camera("bob.-1")]}})
    hall.wait(5_000)
    hall.end()

    found = [hall.told(key) for key in hall.keys]

    assert len(found) == 4
    assert [each[1] for each in found[0]] == [{"alice": LEFT, "bob": RIGHT}, {"bob": WHOLE}]
    assert found[1:] == found[:-1]


# --- whose sound ----------------------------------------------------------------------------------


def test_the_sound_is_of_those_who_are_named_and_an_update_names_others(hall: Hall) -> None:
    hall.do(CAROL, "enterMeeting", meetID=int(hall.room))
    hall.do(CAROL, "openMic")
    video = picture(*PAIR, aChannelContent=["alice"])["videoFileCfg"]
    audio = {"svrPathName": "/d/a.mp3", "aChannelContent": ["bob", "carol"]}

    hall.record({"mode": 0, "videoFileCfg": video, "audioFileCfg": audio})
    hall.wait(5_000)
    hall.update({"videoFileCfg": {"aChannelContent": ["bob"]}})
    hall.wait(5_000)
    hall.update({"audioFileCfg": {"aChannelContent": []}})
    hall.wait(5_000)
    hall.end()

    assert [each[2] for each in hall.told()] == ["alice", "bob"]
    assert [each[2] for each in hall.told("d/a.mp3")] == ["#1 #2", "#0 #1 #2"]


def test_left_and_right_are_mixed_into_one(hall: Hall) -> None:
    hall.do(CAROL, "enterMeeting", meetID=int(hall.room))
    hall.do(CAROL, "openMic")

    hall.record(picture(*PAIR, aChannelType=1, aChannelContent=["bob", "alice"]))
    hall.wait(5_000)
    hall.end()

    assert [each[2] for each in hall.told()] == ["alice bob"]


# --- a file for each stream -----------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "heard"), [(0, [(0,), (1,)]), (1, [(0, 1), (0, 1)])])
def test_a_camera_fills_its_file_with_its_own_sound_or_everybodys(
    hall: Hall, kind: int, heard: list[tuple[int, ...]]
) -> None:
    cameras = {"svrPathName": "/$UID$.mp4", "subscribeVideos": ["_cr_all_"], "aStreamType": kind}
    voices = {"svrPathName": "/$UID$.wav", "subscribeAudios": ["_cr_all_"]}

    hall.record({"mode": 1, "videoFileCfg": cameras, "audioFileCfg": voices})
    hall.wait(5_000)
    hall.end()

    pictures, sounds = ([hall.shown(f"{user}.{each}") for user in USERS] for each in ("mp4", "wav"))
    assert [told(each)[0][1] for each in pictures] == [{user: WHOLE} for user in USERS]
    assert [each[0].shown[0].number for each in pictures] == [0, 1]
    assert [each[0].heard for each in pictures] == heard
    assert [each[0].heard for each in sounds] == [(0,), (1,)]


def test_a_camera_that_is_closed_leaves_its_file_grey(hall: Hall) -> None:
    cameras = {"svrPathName": "/$UID$.mp4", "subscribeVideos": ["bob.-1"]}

    hall.record({"mode": 1, "videoFileCfg": cameras})
    hall.wait(5_000)
    hall.do(BOB, "closeVideo")
    hall.wait(5_000)
    hall.do(BOB, "exitMeeting")
    hall.wait(5_000)
    hall.end()

    assert hall.told("bob.mp4") == [
        (5_000, {"bob": WHOLE}, "bob"),
        (5_000, {"(bob)": WHOLE}, "bob"),
    ]


# --- as players see it ----------------------------------------------------------------------------


def test_the_guides_layouts_can_be_seen_in_the_file(hall: Hall) -> None:
    hall.change(rooms.Join("Usr1", audio=False))
    hall.change(rooms.Join("Usr2"))
    hall.do(ALICE, "closeMic")
    hall.do(BOB, "closeMic")
    hall.record(SIDE_BY_SIDE)
    hall.wait(2_000)
    hall.update(PICTURE_IN_PICTURE)
    hall.wait(1_000)
    hall.end()

    body = rendered_of(hall.world, NETDISK, PATH[1:])

    at = list(frames(body, "video"))
    heard = samples(body)[RATE_HZ : RATE_HZ * 5 // 4]
    one, two = COLOURS[2], COLOURS[3]
    assert len(at) == 15 * 4
    assert colour_at(at[15], 20, 20) == (0, 0, 0)
    assert is_like(colour_at(at[15], 20, 200), one)
    assert is_like(colour_at(at[15], 630, 350), one)
    assert is_like(colour_at(at[45], 20, 20), one)
    assert is_like(colour_at(at[45], 480, 270), two)
    assert loudness(heard, TONES_HZ[3]) > 20 * loudness(heard, TONES_HZ[2])


# --- what is kept ---------------------------------------------------------------------------------


def test_a_copy_of_the_tenant_shows_the_same(hall: Hall) -> None:
    hall.record(picture(*PAIR))
    hall.wait(5_000)
    hall.do(BOB, "closeVideo")
    hall.wait(5_000)
    hall.end()
    copy = snapshot.restore(snapshot.take(hall.world), [ADAPTER])

    assert scene_of(copy, NETDISK, "d/a.mp4") == hall.shown()


def test_a_file_in_ones_own_bucket_shows_the_same(hall: Hall) -> None:
    storage = {"vendor": 1, "region": "r", "bucket": "b", "accessKey": "a", "secretKey": "s"}

    hall.record({**picture(*PAIR), "storageConfig": storage})
    hall.wait(5_000)
    hall.end()

    assert told(scene_of(hall.world, "b", "d/a.mp4"))[0][1] == {"alice": LEFT, "bob": RIGHT}


# --- cells ----------------------------------------------------------------------------------------


def test_a_picture_that_keeps_its_shape_lies_in_the_middle_of_its_cell() -> None:
    tall, flat = Item(0, 0, 0, 320, 360), Item(0, 100, 0, 640, 90)

    def kept(item: Item) -> Tile | None:
        return cells.cell(Item(0, item.left, item.top, item.width, item.height, 1), 640, 360)

    assert cells.cell(tall, 640, 360) == Tile(0, 0, 320, 360)
    assert kept(tall) == Tile(0, 90, 320, 180)
    assert kept(flat) == Tile(340, 0, 160, 90)


@pytest.mark.parametrize("edge", [-(2**31), -1e308, -50.5, 0, 33.3, 640, 1e308, 2**31])
@pytest.mark.parametrize("side", [-1e308, -1, 0, 0.4, 213.333, 1e308])
@pytest.mark.parametrize("keeps", [0, 1])
def test_whatever_a_cell_says_a_tile_is_inside_the_canvas(
    edge: float, side: float, keeps: int
) -> None:
    tile = cells.cell(Item(0, edge, edge, side, side, keeps), 640, 360)

    if tile is not None:
        assert tile.width > 0
        assert tile.height > 0
        assert 0 <= tile.left <= 640 - tile.width
        assert 0 <= tile.top <= 360 - tile.height


def test_a_camera_in_two_cells_is_seen_in_the_last() -> None:
    def item(left: int) -> Item:
        return Item(0, left, 0, 100, 100, param=Param(camid="alice.-1"))

    found = cells.picture(Video(vWidth=640, vHeight=360, layoutConfig=(item(0), item(200))), "web")

    assert [(each.uid, each.tile, each.layer) for each in found] == [
        ("alice", Tile(200, 0, 100, 100), 1)
    ]
