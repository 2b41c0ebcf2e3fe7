"""What the files of a ZEGO recording show: which streams, in which views.

Source:
    Sheet §2.1.1, §2.1.3, §2.1.4, §5.5 and §7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
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

from recording_emulator.core import snapshot
from recording_emulator.core.tiles import Tile
from recording_emulator.store.drawing import COLOURS, EMPTY, MUTED
from recording_emulator.store.rendering import TONES_HZ
from recording_emulator.vendors.zego import ADAPTER
from recording_emulator.vendors.zego.bodies import MAX_VIEWS, MixInput
from recording_emulator.vendors.zego.panes import (
    CUSTOM,
    EQUAL,
    FLOATING,
    HORIZONTAL,
    VERTICAL,
    Canvas,
    Layout,
    panes,
    seated,
)

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Job, Set, Stage

BUCKET = "recordings"
SIZE = (640, 360)
WHOLE = (0, 0, 640, 360)
LEFT, RIGHT = (0, 0, 320, 360), (320, 0, 320, 360)
CORNER = (480, 270, 160, 90)
BOARD = {"HorizontalRatio": 4, "VerticalRatio": 3, "WhiteboardId": "5550001"}
WITH_BOARD: dict[str, Any] = {"HasWhiteboard": True, "Whiteboard": [BOARD]}
Parts = list[tuple[int, dict[str, tuple[int, ...]], str]]


def mix(stage: Stage, *, output: dict[str, Any] | None = None, **config: Any) -> Job:
    """Record a mix of 640 × 360; members of MixConfig by name, others in ``params``."""
    params = config.pop("params", {})
    video = {"Width": 640, "Height": 360, "Fps": 15, "Bitrate": 700_000}
    whole = {"MixOutputStreamId": "mix", "MixOutputVideoConfig": video, **config}
    return stage.record(mixed=True, MixConfig=whole, RecordOutputParams=output or {}, **params)


def view(left: int, top: int, width: int, height: int, **more: Any) -> dict[str, Any]:
    sides = {"Left": left, "Top": top, "Right": left + width, "Bottom": top + height}
    return {**sides, "Layer": 1, **more}


def shown(stage: Stage, ending: str = ".mp4") -> Parts:
    """What the only file of a kind shows."""
    (key,) = (each for each in stage.objects() if each.endswith(ending))
    return told(scene_of(stage.world, BUCKET, key))


def stopped(stage: Stage, job: Job, ending: str = ".mp4") -> Parts:
    job.stop()
    stage.advance(5_000)
    return shown(stage, ending)


# --- the mix --------------------------------------------------------------------------------------


def test_a_mix_shows_who_publishes_what_and_when(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = mix(stage)
    stage.at(5_000)
    stage.join("u2", "s2")
    stage.at(7_000)
    stage.publish("u1", audio=False)
    stage.at(9_000)
    stage.publish("u2", video=False)
    stage.at(12_000)
    stage.leave("u1")
    stage.at(15_000)

    found = stopped(stage, job)

    assert found == [
        (4_000, {"s1": WHOLE}, "s1"),
        (2_000, {"s1": LEFT, "s2": RIGHT}, "s1 s2"),
        (2_000, {"s1": LEFT, "s2": RIGHT}, "s2"),
        (3_000, {"s1": LEFT, "(s2)": RIGHT}, "s2"),
        (3_000, {"(s2)": WHOLE}, "s2"),
    ]


def test_an_updated_layout_replaces_all_of_it_and_begins_no_file(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    job = mix(stage)
    stage.at(3_000)
    job.call("UpdateLayout", MixMode=1, MixInputList=[view(*CORNER, StreamId="s2")])
    stage.at(4_000)
    job.call("UpdateLayout", MixMode=5, MixMaxResolutionStreamId="s2")
    stage.at(5_000)
    job.call("UpdateLayout")
    stage.at(6_000)

    found = stopped(stage, job)

    assert [each[1] for each in found] == [
        {"s1": LEFT, "s2": RIGHT},
        {"s2": CORNER},
        {"s2": WHOLE, "s1": CORNER},
        {"s1": LEFT, "s2": RIGHT},
    ]
    assert [each[2] for each in found] == ["s1 s2"] * 4


def test_a_pause_is_left_out_and_a_layout_of_then_holds_afterwards(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    job = mix(stage)
    stage.at(3_000)
    job.call("PauseRecord")
    stage.at(13_000)
    job.call("UpdateLayout", MixMode=5)
    stage.at(23_000)
    job.call("ResumeRecord")
    stage.at(24_000)
    job.stop()
    stage.advance(5_000)
    (key,) = stage.objects()

    scene = scene_of(stage.world, BUCKET, key)

    assert told(scene) == [
        (2_000, {"s1": LEFT, "s2": RIGHT}, "s1 s2"),
        (1_000, {"s1": WHOLE, "s2": CORNER}, "s1 s2"),
    ]
    assert scene[1].at_ms == 2_000
    assert scene[1].clock_ms == scene[0].clock_ms + 22_000


@pytest.mark.parametrize("fills", [False, True])
def test_a_stream_that_is_gone_keeps_its_view_only_where_gaps_are_filled(
    stage: Stage, fills: bool
) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    job = mix(stage, params={"FillBlank": fills})
    stage.at(3_000)
    stage.leave("u1")
    stage.at(5_000)
    stage.join("u3", "s3")
    stage.at(6_000)

    found = [each[1:] for each in stopped(stage, job)]

    places = {n: tuple(tile) for n, tile in enumerate(_grid(3))}
    assert found == [
        ({"s1": LEFT, "s2": RIGHT}, "s1 s2"),
        ({"(s1)": LEFT, "s2": RIGHT} if fills else {"s2": WHOLE}, "s2"),
        (
            {"(s1)": places[0], "s2": places[1], "s3": places[2]}
            if fills
            else {"s2": LEFT, "s3": RIGHT},
            "s2 s3",
        ),
    ]


@pytest.mark.parametrize("params", [{}, {"FillBlank": True}])
def test_a_stream_that_is_silent_and_dark_for_a_while_comes_back_to_its_view(
    stage: Stage, params: dict[str, Any]
) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    job = mix(stage, params=params)
    stage.at(3_000)
    stage.publish("u1", audio=False, video=False)
    stage.at(4_000)
    stage.publish("u1", audio=True)
    stage.at(5_000)

    found = [each[1] for each in stopped(stage, job)]

    assert (found[0], found[-1]) == (
        {"s1": LEFT, "s2": RIGHT},
        {"(s1)": LEFT, "s2": RIGHT},
    )


def _grid(count: int) -> list[Tile]:
    names = [f"s{n}" for n in range(count)]
    return [each.tile for each in panes(Canvas(SIZE), names).values()]


@pytest.mark.parametrize(("mode", "expected"), [(1, {"(s1)": WHOLE}), (3, {})])
def test_the_view_of_a_camera_that_is_off_is_empty_where_nothing_is_to_fill_it(
    stage: Stage, mode: int, expected: dict[str, Any]
) -> None:
    stage.join("u1", "s1", video=False)
    job = mix(stage, params={"FillFrame": {"FrameFillMode": mode}})
    stage.at(3_000)

    found = stopped(stage, job)

    assert [each[1] for each in found] == [expected]


def test_of_single_streams_only_what_is_configured_is_taken(stage: Stage) -> None:
    for uid in ("s1", "s2", "s3"):
        stage.join(uid)
    configs = [{"StreamId": "s1", "StreamType": 2}, {"StreamType": 1}, {"StreamId": "s3"}]
    job = mix(stage, StreamConfigList=configs)
    stage.at(3_000)

    ((_, pictures, sounds),) = stopped(stage, job)

    assert (list(pictures), sounds) == (["s1", "(s2)", "s3"], "s2 s3")


def test_a_mix_of_audio_takes_no_pictures(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2", audio=False)
    job = mix(stage, params={"StreamType": 1}, output={"OutputFileFormat": "mp3"})
    stage.at(3_000)

    found = stopped(stage, job, ".mp3")

    assert found == [(2_000, {"(s1)": LEFT, "(s2)": RIGHT}, "s1")]


# --- whiteboards ----------------------------------------------------------------------------------


def test_a_whiteboard_has_the_large_view_and_changes_its_name(stage: Stage) -> None:
    stage.join("u1", "s1", board=True)
    stage.join("u2", "s2")
    job = mix(stage, MixMode=5, MixMaxResolutionStreamId="s2", params=WITH_BOARD)
    stage.at(3_000)
    job.call("UpdateWhiteboard", WhiteboardId="5550002")
    stage.at(4_000)
    stage.publish("u1", board=False)
    stage.at(5_000)

    found = [each[1] for each in stopped(stage, job)]

    assert found == [
        {"5550001": (80, 0, 480, 360), "s1": CORNER, "s2": (320, 270, 160, 90)},
        {"5550002": (80, 0, 480, 360), "s1": CORNER, "s2": (320, 270, 160, 90)},
        {"s2": WHOLE, "s1": CORNER},
    ]


def test_a_custom_layout_shows_the_whiteboard_only_in_a_view_for_it(stage: Stage) -> None:
    stage.join("u1", "s1", board=True)
    views = [view(*LEFT), view(*RIGHT, ViewType=2)]
    job = mix(stage, MixMode=1, MixInputList=views, params=WITH_BOARD)
    stage.at(3_000)
    job.call("UpdateLayout", MixMode=1, MixInputList=[view(*LEFT)])
    stage.at(4_000)

    found = [each[1] for each in stopped(stage, job)]

    assert found == [{"s1": LEFT, "5550001": RIGHT}, {"s1": LEFT}]


def test_a_whiteboard_of_its_own_file_fits_in_and_shows_no_stream(stage: Stage) -> None:
    stage.join("u1", "5550001", board=True)
    job = stage.record(**WITH_BOARD)
    stage.at(3_000)
    job.stop()
    stage.advance(5_000)
    keys = sorted(stage.objects(), key=lambda key: "_whiteboard_" in key)

    stream, board = (told(scene_of(stage.world, BUCKET, key)) for key in keys)

    assert [each[1] for each in stream] == [{"5550001": WHOLE}]
    assert [each[1] for each in board] == [{"whiteboard 5550001": (160, 0, 960, 720)}]


def test_a_whiteboard_is_the_first_of_an_equal_split(stage: Stage) -> None:
    stage.join("u1", "s1", board=True)
    job = mix(stage, params=WITH_BOARD)
    stage.at(3_000)

    found = [each[1] for each in stopped(stage, job)]

    assert found == [{"5550001": (0, 60, 320, 240), "s1": RIGHT}]


# --- single streams, fragments, pictures ----------------------------------------------------------


def test_each_stream_fills_the_files_of_its_own(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2", video=False)
    job = stage.record(StreamType=4)
    stage.at(4_000)
    stage.publish("u1", audio=False)
    stage.at(6_000)
    stage.leave("u1")
    stage.at(8_000)
    job.stop()
    stage.advance(5_000)

    found = {each: told(scene_of(stage.world, BUCKET, each)) for each in stage.objects()}

    parts = {key.split("_")[-3] + key[-4:]: each for key, each in found.items()}
    first = [(3_000, {"s1": WHOLE}, "s1"), (2_000, {"s1": WHOLE}, "")]
    assert parts["s1.mp4"] == first
    assert [each[0] for each in parts["s2.aac"]] == [3_000, 2_000, 2_000]
    assert {name for each in parts["s2.aac"] for name in each[1]} == {"(s2)"}
    assert {each[2] for each in parts["s2.aac"]} == {"s2"}


def test_a_resumed_file_leaves_out_what_lies_between(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = stage.record(ResumeWithoutInterruption=True)
    stage.at(3_000)
    stage.leave("u1")
    stage.at(9_000)
    stage.join("u1", "s1")
    stage.at(10_000)

    found = stopped(stage, job)

    assert found == [(2_000, {"s1": WHOLE}, "s1"), (1_000, {"s1": WHOLE}, "s1")]


@pytest.mark.parametrize("is_realtime", [False, True])
def test_fragments_show_their_part_one_after_the_other(stage: Stage, is_realtime: bool) -> None:
    stage.join("u1", "s1")
    output = {"OutputFileFormat": "hls", "RealtimeUploadFragment": is_realtime}
    job = mix(stage, output={**output, "FragmentSeconds": 4})
    stage.at(7_000)
    stage.join("u2", "s2")
    stage.at(10_500)
    if not is_realtime:
        job.stop()
        stage.advance(5_000)
    keys = [each for each in stage.objects() if each.endswith(".ts")]

    scenes = [scene_of(stage.world, BUCKET, each) for each in keys]

    alone, both = ({"s1": WHOLE}, "s1"), ({"s1": LEFT, "s2": RIGHT}, "s1 s2")
    expected = [[(4_000, *alone)], [(2_000, *alone), (2_000, *both)], [(1_500, *both)]]
    assert [told(each) for each in scenes] == expected[: 2 if is_realtime else 3]
    assert scenes[1][0].clock_ms == scenes[0][0].clock_ms + 4_000


def test_a_long_task_is_one_file_of_every_layout_it_had(set_stage: Set) -> None:
    stage = set_stage(max_record_h=24)
    stage.join("u1", "s1")
    job = mix(stage)
    for hour in range(1, 24):
        stage.at(hour * 3_600_000)
        job.call("UpdateLayout", MixMode=2 if hour % 2 else 5)
    stage.join("u2", "s2")
    stage.at(86_400_000)
    stage.advance(5_000)

    found = shown(stage)

    assert [each[1] for each in found] == [{"s1": WHOLE}, {"s1": LEFT, "s2": RIGHT}]
    assert sum(each[0] for each in found) == 86_399_000


def test_the_successor_of_a_dead_recorder_records_whom_it_finds(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.fault("recorder", "crash", after_ms=5_000)
    job = mix(stage)
    stage.at(20_000)
    stage.join("u2", "s2")
    stage.leave("u1")
    stage.at(70_000)
    job.stop()
    stage.advance(5_000)

    found = [told(scene_of(stage.world, BUCKET, each)) for each in sorted(stage.objects())]

    assert [[each[1] for each in parts] for parts in found] == [[{"s1": WHOLE}], [{"s2": WHOLE}]]


@pytest.mark.parametrize("mixed", [False, True])
def test_pictures_show_the_stream_they_were_taken_of_or_the_mix(stage: Stage, mixed: bool) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    output = {"OutputFileFormat": "jpg", "SnapshotInterval": 10}
    if mixed:
        mix(stage, output=output)
    else:
        stage.record(RecordOutputParams=output)
    stage.at(12_000)

    found = [told(scene_of(stage.world, BUCKET, key)) for key in stage.objects()]

    pictures = [[each[1] for each in parts] for parts in found]
    both = [{"s1": LEFT, "s2": RIGHT}]
    assert pictures == ([both] * 2 if mixed else [[{"s1": WHOLE}]] * 2 + [[{"s2": WHOLE}]] * 2)


def test_a_picture_that_was_asked_for_shows_the_mix_of_that_moment(stage: Stage) -> None:
    stage.join("u1", "s1")
    job = mix(stage)
    stage.at(3_000)
    stage.join("u2", "s2")

    job.call("TakeSnapshot")
    stage.at(3_001)
    stage.leave("u2")

    assert [each[1] for each in shown(stage, ".jpg")] == [{"s1": LEFT, "s2": RIGHT}]


def test_what_was_seen_is_kept_in_a_snapshot(stage: Stage) -> None:
    stage.join("u1", "s1")
    views = [view(*LEFT), view(*RIGHT)]
    job = mix(stage, MixMode=1, MixInputList=views, params={"FillBlank": True})
    stage.at(3_000)
    stage.join("u2", "s2")
    stage.leave("u1")
    stage.at(4_000)

    kept = snapshot.restore(snapshot.take(stage.world), (ADAPTER,))
    here = stopped(stage, job)
    stage.world = kept
    there = stopped(stage, job)

    assert here == there
    assert [each[1] for each in here] == [{"s1": LEFT}, {"(s1)": LEFT, "s2": RIGHT}]


# --- rendered -------------------------------------------------------------------------------------


def test_a_rendered_mix_is_seen_and_heard(stage: Stage) -> None:
    stage.join("u1", "s1", board=True)
    stage.join("u2", "s2", audio=False)
    views = [view(*LEFT, StreamId="s1"), view(*RIGHT, ViewType=2, FillMode=2), view(*CORNER)]
    job = mix(stage, MixMode=1, MixInputList=views, params=WITH_BOARD)
    stage.at(3_000)
    stage.publish("u1", video=False)
    stage.at(4_000)
    job.stop()
    stage.advance(5_000)
    (key,) = stage.objects()

    body = rendered_of(stage.world, BUCKET, key)
    at_1_s, at_3_s = (list(frames(body, "video"))[n] for n in (15, 37))

    assert len(body) == job.files[0]["FileSize"]
    board = COLOURS[2]
    for frame, first in ((at_1_s, COLOURS[0]), (at_3_s, MUTED)):
        assert is_like(colour_at(frame, 10, 10), first)
        assert is_like(colour_at(frame, 330, 70), board)
        assert is_like(colour_at(frame, 330, 20), EMPTY)
        assert is_like(colour_at(frame, 630, 340), COLOURS[1])
    heard = samples(body)[RATE_HZ : RATE_HZ + RATE_HZ // 4]
    assert loudness(heard, TONES_HZ[0]) > 20 * loudness(heard, TONES_HZ[1])


# --- where views are ------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [EQUAL, HORIZONTAL, VERTICAL, FLOATING])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 9, 10, 17, 25, 30])
def test_every_view_of_a_preset_is_inside_the_picture_and_covers_no_other(
    mode: int, count: int
) -> None:
    canvas = Canvas(SIZE, Layout(mode))
    seats = seated(canvas, (), [f"s{n}" for n in range(count)])

    found = [each.tile for each in panes(canvas, seats).values()]

    assert len(found) == min(count, MAX_VIEWS)
    small = found[1:] if mode == FLOATING else found
    for tile in found:
        assert tile.width > 0
        assert tile.height > 0
        assert 0 <= tile.left <= 640 - tile.width
        assert 0 <= tile.top <= 360 - tile.height
    assert not any(covers(a, b) for n, a in enumerate(small) for b in small[:n])


def covers(one: Tile, other: Tile) -> bool:
    across = one.left < other.left + other.width and other.left < one.left + one.width
    down = one.top < other.top + other.height and other.top < one.top + one.height
    return across and down


@pytest.mark.parametrize(
    ("mode", "large", "small"),
    [
        (HORIZONTAL, (0, 90, 640, 270), [(0, 0, 160, 90), (160, 0, 160, 90)]),
        (VERTICAL, (0, 0, 480, 360), [(480, 0, 160, 90), (480, 90, 160, 90)]),
        (FLOATING, WHOLE, [CORNER, (320, 270, 160, 90)]),
    ],
)
@pytest.mark.parametrize("largest", ["", "s3", "s9"])
def test_the_large_view_is_for_the_first_or_for_whom_it_was_asked(
    mode: int, large: tuple[int, ...], small: list[tuple[int, ...]], largest: str
) -> None:
    seats = ("s1", "s2", "s3")[: 2 if largest == "s9" else 3]

    found = panes(Canvas(SIZE, Layout(mode, largest=largest)), seats)

    order = {"": ["s1", "s2", "s3"], "s3": ["s3", "s1", "s2"], "s9": ["s9", "s1", "s2"]}[largest]
    expected = dict(zip(order, [large, *small], strict=True))
    expected.pop("s9", None)
    assert {name: tuple(each.tile) for name, each in found.items()} == expected


def test_pictures_are_cut_to_their_view_or_shown_whole() -> None:
    cut = panes(Canvas(SIZE), ["s1", "s2"])
    fit = panes(Canvas(SIZE, fill_mode=2), ["s1", "s2"])

    assert [tuple(each.tile) for each in cut.values()] == [LEFT, RIGHT]
    assert [tuple(each.tile) for each in fit.values()] == [(0, 90, 320, 180), (320, 90, 320, 180)]


def custom(*views: MixInput, fills: bool = False) -> Canvas:
    return Canvas(SIZE, Layout(CUSTOM, views), fills=fills)


def place(stream: str = "", **more: Any) -> MixInput:
    return MixInput(0, 0, 180, 320, 1, stream, **more)


@pytest.mark.parametrize(
    ("fills", "expected"), [(False, ("s3", "", "s2")), (True, ("s1", "s9", "s2"))]
)
def test_a_view_of_nobody_goes_to_the_next_and_that_of_a_stream_to_no_other(
    fills: bool, expected: tuple[str, ...]
) -> None:
    canvas = custom(place(), place("s9"), place(), fills=fills)
    first = seated(canvas, (), ["s1", "s9", "s2", "s3"])

    second = seated(canvas, first, ["s2", "s3", "s4"])

    assert first == ("s1", "s9", "s2")
    assert second == expected


STREAMS = st.lists(st.sampled_from(["s1", "s2", "s3", "s4", "s5"]), unique=True)


@given(
    pins=st.lists(st.sampled_from(["", "", "s1", "s9"]), min_size=1, max_size=4),
    rooms=st.lists(STREAMS, max_size=6),
    fills=st.booleans(),
)
def test_nobody_changes_places_or_waits_for_a_view_that_is_free(
    pins: list[str], rooms: list[list[str]], fills: bool
) -> None:
    canvas = custom(*(place(each) for each in pins), fills=fills)
    seats: tuple[str, ...] = ()

    for streams in rooms:
        before, seats = seats, seated(canvas, seats, streams)

        taken = [each for each, pin in zip(seats, pins, strict=True) if each and not pin]
        left = set(streams) - set(seats) - set(pins)
        stay = [n for n, each in enumerate(before) if each and (fills or each in streams)]
        assert len(seats) == len(pins)
        assert len(taken) == len(set(taken))
        assert [seats[n] for n in stay] == [before[n] for n in stay]
        assert not left or len(taken) == pins.count("")
        assert fills or set(seats) - {""} <= set(streams)


def test_a_stream_with_two_views_is_in_the_first() -> None:
    there, again = place("s1", FillMode=2), MixInput(180, 320, 360, 640, 2, "s1")
    canvas = custom(there, again)

    found = panes(canvas, seated(canvas, (), ["s1"]))

    assert {name: tuple(each.tile) for name, each in found.items()} == {"s1": (0, 0, 320, 180)}


def test_a_higher_layer_covers_a_lower_one_however_large(stage: Stage) -> None:
    stage.join("u1", "s1")
    stage.join("u2", "s2")
    views = [view(*WHOLE, Layer=2, StreamId="s1"), view(*CORNER, Layer=1, StreamId="s2")]
    job = mix(stage, MixMode=1, MixInputList=[{**each} for each in views])
    stage.at(3_000)
    views[0]["Layer"] = 0
    job.call("UpdateLayout", MixMode=1, MixInputList=views)
    stage.at(4_000)

    found = [list(each[1]) for each in stopped(stage, job)]

    assert found == [["s2", "s1"], ["s1", "s2"]]
