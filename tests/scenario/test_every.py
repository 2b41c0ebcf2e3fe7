"""Scenarios for every vendor: read for each, in its own words; what not all have is an error."""

import asyncio
from pathlib import Path

import pytest

from recording_emulator.errors import NotFound
from recording_emulator.scenario.find import bundled, split
from recording_emulator.scenario.load import Loaded, load, load_each, loads
from recording_emulator.scenario.problems import BadScenario
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import SdkSide, VendorAdapter
from recording_emulator.vendors.base import load as adapters
from recording_emulator.vendors.neroom import ADAPTER
from recording_emulator.vendors.neroom.client import NeRoomClient

STORY = b"""\
scenario: stop is answered by a reset
vendor: every
faults:
  - {on: call, operation: stop, effect: reset}
timeline:
  - {after: start, at: 1m, join: {room: demo, uid: 41}}
expect:
  - count: {operation: query, times: 1}
"""
LOOKING = [each.name for each in adapters() if each.client.flow[-1]]
"""Vendors with a call that looks at a recording."""


def is_loud(adapter: VendorAdapter) -> bool:
    """Whether a vendor's client always sends media itself."""
    return isinstance(adapter.client, SdkSide) and not adapter.client.publishing


def path_of(name: str) -> Path:
    return next(each for each in bundled() if each.stem == name)


def test_a_start_whose_answer_was_lost_is_made_again_without_what_comes_before_it() -> None:
    """A second call would end the first one there (netcall)."""
    (loaded,) = load_each(path_of("lost_answer_to_start"), adapters(), "netcall")

    told = asyncio.run(told_by(loaded))

    assert [each for each in told if " call → " in each] == told[2:3]
    assert told[-2].startswith("+1s bob: startRtc → resolved null")


async def told_by(loaded: Loaded) -> list[str]:
    adapter = next(each for each in adapters() if each.name == loaded.document.vendor)
    stage, told = Stage(loaded, adapter), list[str]()
    verdict = await stage.play(told.append)
    await stage.close()
    assert verdict.failures == []
    return [each for each in told if "→" in each]


@pytest.mark.parametrize("vendor", LOOKING)
def test_the_common_words_become_those_of_each_vendor(vendor: str) -> None:
    adapter = next(each for each in adapters() if each.name == vendor)
    client = adapter.client

    loaded = loads(STORY, f"story.yaml@{vendor}", adapters())

    document = loaded.document
    assert (document.vendor, loaded.file) == (vendor, f"story.yaml@{vendor}")
    assert document.faults[0].operation == client.ending
    assert document.timeline[0].after == client.flow[-2]
    assert document.expect[0].count is not None
    assert document.expect[0].count.operation == client.flow[-1]


@pytest.mark.parametrize(("vendor", "room"), [("agora", "demo"), ("cloudroom", "20314455")])
def test_its_room_is_a_number_where_a_vendor_has_no_other_rooms(vendor: str, room: str) -> None:
    loaded = loads(STORY, f"story.yaml@{vendor}", adapters())

    (moment,) = loaded.document.timeline
    assert moment.join is not None
    assert moment.join.room == room


def test_a_file_for_every_vendor_is_read_for_each_or_for_the_one_that_is_named() -> None:
    path = path_of("nobody_comes")

    every = [each.document.vendor for each in load_each(path, adapters())]
    one = [each.document.vendor for each in load_each(path, adapters(), "agora")]

    assert every == [each.name for each in adapters() if not is_loud(each)]
    assert one == ["agora"]


def test_a_vendor_that_is_not_there_or_not_the_files_is_named() -> None:
    with pytest.raises(NotFound, match=r"nobody_comes.yaml plays on agora.*, not 'zoom'"):
        load_each(path_of("nobody_comes"), adapters(), "zoom")
    with pytest.raises(NotFound, match=r"lost_callback.yaml plays on agora.*, not 'zoom'"):
        load(path_of("lost_callback"), adapters(), "zoom")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            b"client:\n  - {call: acquire}\n",
            "10:12: client[0].call: a call that every ",
        ),
        (b"  - callback: {event: 31}\n", "9:5: expect[1].callback: every vendor has its own: "),
        (b"  - reply: {operation: stop, code: 7}\n", "9:5: expect[1].reply: every vendor has "),
    ],
)
def test_what_cannot_be_said_for_all_is_an_error_with_its_place(more: bytes, told: str) -> None:
    with pytest.raises(BadScenario) as refused:
        loads(STORY + more, "story.yaml", adapters())

    assert str(refused.value).startswith(f"story.yaml@agora:{told}")


class Loud(NeRoomClient):
    """NERoom as a vendor whose SDK looks at nothing, and whose client is never silent."""

    flow = (*NeRoomClient.flow[:-1], "")
    publishing = ()


def test_a_file_is_not_for_a_vendor_that_lacks_a_call_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "story.yaml"
    path.write_bytes(STORY)
    monkeypatch.setattr(ADAPTER, "client", Loud())

    with pytest.raises(BadScenario) as refused:
        load(path, adapters(), "neroom")
    others = [each.document.vendor for each in load_each(path, adapters())]

    told = "2:9: vendor: neroom has no call that would be 'query'"
    assert str(refused.value) == f"{path}@neroom:{told}"
    assert others == [each for each in LOOKING if each != "neroom"]


def test_nobody_is_recorded_only_where_a_client_can_be_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = path_of("nobody_comes")
    monkeypatch.setattr(ADAPTER, "client", Loud())

    with pytest.raises(BadScenario, match="a client of neroom always sends media itself"):
        load(path, adapters(), "neroom")

    assert "neroom" not in [each.document.vendor for each in load_each(path, adapters())]


def test_a_name_may_end_with_a_vendor_and_a_file_with_what_it_likes(tmp_path: Path) -> None:
    odd = tmp_path / "me@home.yaml"
    odd.write_text("scenario: x")

    assert split("lost@agora") == ("lost", "agora")
    assert split(str(odd)) == (str(odd), "")
