"""Stored objects: a file of a series is found by arithmetic, however many there are."""

import sys
from types import FrameType

import pytest

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.media import Pictures, Series
from recording_emulator.core.objects import File, Objects
from recording_emulator.core.segments import Segments
from recording_emulator.core.spoils import Spoil
from recording_emulator.vendors.agora.files import BOTH, Layout
from recording_emulator.vendors.agora.recipes import Slices
from recording_emulator.vendors.zego.files import Stream
from recording_emulator.vendors.zego.recipes import Fragments

DAY_MS = 86_400_000
BEGIN_MS = 1_893_456_000_000
NOW_MS = BEGIN_MS + DAY_MS
WHOLE: Segments = ((BEGIN_MS, NOW_MS),)
HALVES: Segments = ((BEGIN_MS, BEGIN_MS + 40_000_001), (BEGIN_MS + 50_000_000, None))
LAYOUT = Layout("5" * 32, "demo", "rec/", BOTH, 548, False)
PICTURE = Clip("jpg", 0, False, 16, 16)
SERIES: dict[str, Series] = {
    "rec/a_*.ts": Slices(LAYOUT, WHOLE),
    "rec/b_*.ts": Slices(LAYOUT, HALVES),
    "rec/c_*.ts": Fragments(Stream(700, True, (640, 360), 15), WHOLE, 15_000, NOW_MS),
    "rec/d*_*.ts": Fragments(Stream(700, True, (640, 360), 15), HALVES, 2_000, BEGIN_MS),
    "rec/e_*.jpg": Pictures(HALVES, 10_000, PICTURE),
}
CALLS_MAX = 60
"""Finding one file calls so many functions at most, whatever its series holds."""


def stored(*patterns: str) -> Objects:
    found = Objects(100)
    for each in patterns:
        found.put("bucket", each, SERIES[each])
    return found


class Calls:
    """Counts the functions that are called, and the times that generators go on."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> "Calls":
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _seen(self, _frame: FrameType, event: str, _about: object) -> None:
        self.count += event == "call"


@pytest.mark.parametrize("pattern", SERIES)
def test_all_files_of_a_day_are_found_as_they_are_listed(pattern: str) -> None:
    objects = stored(pattern)
    listed = list(objects.files(NOW_MS))

    with Calls() as calls:
        found = [objects.find("bucket", each.key, NOW_MS) for each in listed]

    assert len(listed) > 5_000
    assert [each and each[0] for each in found] == listed
    assert [each and each[1].size_bytes for each in found] == [each.size_bytes for each in listed]
    assert calls.count < CALLS_MAX * len(listed)


@pytest.mark.parametrize("pattern", SERIES)
def test_what_a_series_does_not_list_is_not_found(pattern: str) -> None:
    objects = stored(pattern)
    near = ("", "*", "-1", "00", "9" * 15, "9" * 99, "20300101000000001", "٣")

    found = [objects.find("bucket", pattern.replace("_*", f"_{each}"), NOW_MS) for each in near]

    assert found == [None] * len(near)


@pytest.mark.parametrize("pattern", SERIES)
def test_a_series_counts_its_files_without_listing_them(pattern: str) -> None:
    objects = stored(pattern)

    with Calls() as calls:
        count = SERIES[pattern].count("bucket", pattern, NOW_MS)

    assert count == len(list(objects.files(NOW_MS)))
    assert calls.count < CALLS_MAX


def test_a_fragment_is_not_there_before_it_is_stored_nor_after_it_was_thrown_away() -> None:
    stream = Stream(700, True, (640, 360), 15)
    series = Fragments(stream, WHOLE, 15_000, NOW_MS + 5, NOW_MS + 10)
    objects = Objects(10)
    objects.put("bucket", "a_*.ts", series)

    there = [objects.find("bucket", "a_0.ts", NOW_MS + at) is not None for at in (4, 5, 9, 10)]

    assert there == [False, True, True, False]
    assert [series.count("bucket", "a_*.ts", NOW_MS + at) for at in (4, 5, 10)] == [0, 5_760, 0]


def test_a_page_of_the_list_is_the_same_files_as_of_the_whole() -> None:
    objects = stored(*SERIES)
    objects.spoils["bucket", "rec/b_*.ts"] = Spoil("missing", BEGIN_MS)
    whole = list(objects.files(NOW_MS))

    starts = (0, 1, 5_759, 5_760, 5_761, 11_000, 20_000, len(whole) - 1, len(whole))
    pages = [list(objects.files(NOW_MS, start)) for start in starts]

    assert pages == [whole[start:] for start in starts]


def test_a_page_far_behind_the_end_lists_nothing_on_its_way() -> None:
    objects = stored(*SERIES)

    with Calls() as calls:
        page = list(objects.files(NOW_MS, 10**14))

    assert page == []
    assert calls.count < CALLS_MAX * len(SERIES)


@pytest.mark.parametrize("effect", ["missing", "truncate", "late", "listed_early", "corrupt"])
def test_of_a_spoilt_series_each_file_is_found_as_it_is_listed(effect: str) -> None:
    objects = stored("rec/b_*.ts")
    spoil = Spoil(effect, BEGIN_MS + 60_000, 2 * DAY_MS)
    objects.spoils["bucket", "rec/b_*.ts"] = spoil
    recipe = SERIES["rec/b_*.ts"]
    whole: list[File] = list(recipe.files("bucket", "rec/b_*.ts", NOW_MS))[:9]

    found = [objects.find("bucket", each.key, NOW_MS) for each in whole]

    there = objects.contents("bucket", "rec/b_*.ts", recipe, NOW_MS)
    by_key = {file.key: (file, content) for file, content in there}
    assert found == [by_key.get(each.key) for each in whole]
