"""What the files of an Agora recording show: who was recorded, where the layout puts them."""

from typing import Any

import pytest
from tests.players import scene_of, told
from tests.vendors.agora.conftest import Job, Set, Stage
from tests.vendors.agora.test_individual import snapshots

from recording_emulator.core import rooms
from recording_emulator.core.tiles import Tile
from recording_emulator.vendors.agora.bodies import Layout, LayoutPane
from recording_emulator.vendors.agora.panes import MAX_PANES, panes

BUCKET = "recordings"
WHOLE = (0, 0, 640, 360)
LEFT, RIGHT = (0, 0, 320, 360), (320, 0, 320, 360)


def record(stage: Stage, **layout: Any) -> Job:
    config = {"width": 640, "height": 360, **layout}
    files = {"avFileType": ["hls", "mp4"]}
    config = {"transcodingConfig": config}
    return stage.record(recordingConfig=config, recordingFileConfig=files)


def slices(stage: Stage) -> list[str]:
    return [key for key, _ in stage.objects() if key.endswith(".ts")]


def test_slices_show_who_publishes_what_and_when(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    record(stage, mixedVideoLayout=1)
    begun_ms = stage.now_ms
    stage.at(begun_ms + 4_000)
    stage.join("42")
    stage.at(begun_ms + 6_000)
    stage.room(rooms.Publish("41", audio=False))
    stage.at(begun_ms + 9_000)
    stage.room(rooms.Publish("42", video=False))
    stage.at(begun_ms + 20_000)
    stage.room(rooms.Leave("42"))
    stage.at(begun_ms + 40_000)

    first, second = (scene_of(stage.world, BUCKET, key) for key in slices(stage)[:2])

    assert [each[1:] for each in told(first)] == [
        ({"41": WHOLE}, "41"),
        ({"41": LEFT, "42": RIGHT}, "41 42"),
        ({"41": LEFT, "42": RIGHT}, "42"),
        ({"41": LEFT, "(42)": RIGHT}, "42"),
    ]
    assert [each[1:] for each in told(second)] == [
        ({"41": LEFT, "(42)": RIGHT}, "42"),
        ({"41": WHOLE}, ""),
    ]
    assert sum(each.length_ms for each in first) == sum(each.length_ms for each in second) == 15_000
    assert second[0].clock_ms == first[0].clock_ms + 15_000


def test_an_updated_layout_is_seen_from_then_on(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.join("42")
    job = record(stage, mixedVideoLayout=1)
    stage.at(5_000)
    pane = {"uid": "42", "x_axis": 0.5, "y_axis": 0.5, "width": 0.25, "height": 0.25}

    status, _ = job.update_layout(mixedVideoLayout=3, layoutConfig=[pane])
    stage.at(40_000)

    assert status == 200
    assert [each[1] for each in told(scene_of(stage.world, BUCKET, slices(stage)[0]))] == [
        {"41": LEFT, "42": RIGHT},
        {"42": (320, 180, 160, 90)},
    ]


def test_a_movie_leaves_out_what_lies_between(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    job = record(stage)
    stage.at(10_000)
    stage.room(rooms.Leave("41"))
    stage.at(20_000)
    stage.join("42")
    stage.at(30_000)
    job.stop()
    (movie,) = (key for key, _ in stage.objects() if key.endswith(".mp4"))

    found = scene_of(stage.world, BUCKET, movie)

    assert [each[1] for each in told(found)] == [{"41": WHOLE}, {"42": WHOLE}]
    assert found[1].at_ms == found[0].length_ms
    assert found[1].clock_ms > found[0].clock_ms + found[0].length_ms


def test_each_user_fills_the_files_of_their_own(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.join("42")
    stage.record_users()
    stage.at(20_000)

    found = {key: told(scene_of(stage.world, BUCKET, key)) for key in slices(stage)}

    for key, parts in found.items():
        uid = key.split("__uid_s_")[1].split("__")[0]
        assert [list(each[1]) for each in parts] == [[uid]], key
        assert "e_audio" in key or parts[0][1][uid] == WHOLE


def test_pictures_show_the_user_they_were_taken_of(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.join("42")
    stage.record_users(**snapshots())
    stage.at(21_000)
    taken = [key for key, _ in stage.objects() if key.endswith(".jpg")]

    shown = {key: told(scene_of(stage.world, BUCKET, key))[0][1] for key in taken}

    assert {uid for each in shown.values() for uid in each} == {"41", "42"}
    assert all(f"__uid_s_{next(iter(each))}__" in key for key, each in shown.items())


def test_a_recorder_that_is_down_records_nobody(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.join("41")
    stage.fault("recorder", "crash", after_ms=10_000)
    record(stage)
    stage.at(60_000)

    assert all(
        each[1] == {"41": WHOLE}
        for key in slices(stage)
        for each in told(scene_of(stage.world, BUCKET, key))
    )


def test_a_page_is_shown_by_its_host_while_it_is_not_held(set_stage: Set) -> None:
    stage = set_stage()
    job = stage.record_page(url="https://lab.test/whiteboard?token=t0k3n")
    stage.at(20_000)
    job.update(webRecordingConfig={"onhold": True})
    stage.at(40_000)
    job.update(webRecordingConfig={"onhold": False})
    stage.at(80_000)
    job.stop()

    shown = [told(scene_of(stage.world, BUCKET, key)) for key in slices(stage)]

    assert [list(each[1]) for parts in shown for each in parts] == [["lab.test"]] * len(shown)


@pytest.mark.parametrize("picture", [Layout(0), Layout(1), Layout(2)])
@pytest.mark.parametrize("count", [1, 2, 5, 9, 17, 20])
def test_everybody_with_a_pane_is_inside_the_picture(picture: Layout, count: int) -> None:
    uids = [str(uid) for uid in range(count)]

    found = panes(picture, uids, 640, 360)

    assert list(found) == uids[:MAX_PANES]
    for tile in found.values():
        assert tile.width > 0
        assert tile.height > 0
        assert 0 <= tile.left <= 640 - tile.width
        assert 0 <= tile.top <= 360 - tile.height


@pytest.mark.parametrize("picture", [Layout(0, "43"), Layout(2, "43")])
def test_the_user_that_was_asked_for_is_the_large_one(picture: Layout) -> None:
    found = panes(picture, ["41", "42", "43"], 640, 360)

    assert max(found, key=lambda uid: found[uid].width * found[uid].height) == "43"


def test_panes_of_nobody_go_to_those_who_have_none() -> None:
    first = LayoutPane(0.0, 0.0, 0.5, 1.0)
    second = LayoutPane(0.5, 0.0, 0.5, 1.0, uid="41")

    found = panes(Layout(mixedVideoLayout=3, layoutConfig=[first, second]), ["41", "42"], 640, 360)

    assert found == {"42": Tile(*LEFT), "41": Tile(*RIGHT)}
