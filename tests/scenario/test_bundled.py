"""Every bundled scenario loads, plays, passes, and is the same story every time."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from recording_emulator.core.faults import known_points
from recording_emulator.scenario.find import bundled
from recording_emulator.scenario.load import Loaded, load
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import VendorAdapter
from recording_emulator.vendors.base import load as adapters


def _as_it_is(loaded: Loaded) -> Loaded:
    return loaded


HEAD = "# yaml-language-server: $schema=../scenario.schema.json\n"


def played(path: Path, change: Callable[[Loaded], Loaded] = _as_it_is) -> tuple[Verdict, bytes]:
    async def play() -> tuple[Verdict, bytes]:
        loaded = change(load(path, adapters()))
        vendor = loaded.document.vendor
        stage = Stage(loaded, next(each for each in adapters() if each.name == vendor))
        verdict = await stage.play()
        journal = stage.journal()
        await stage.close()
        return verdict, journal

    return asyncio.run(play())


@pytest.mark.parametrize("path", bundled(), ids=lambda path: path.stem)
def test_a_bundled_scenario_passes_and_is_the_same_byte_for_byte_twice(path: Path) -> None:
    verdict, journal = played(path)

    assert verdict.failures == []
    assert verdict.findings
    assert played(path)[1] == journal


@pytest.mark.parametrize("path", bundled(), ids=lambda path: path.stem)
def test_a_bundled_scenario_tells_editors_its_schema_and_lies_in_its_vendors_folder(
    path: Path,
) -> None:
    assert path.read_text().startswith(HEAD)
    assert load(path, adapters()).document.vendor == path.parent.name


def test_no_two_bundled_scenarios_have_one_name() -> None:
    names = [path.stem for path in bundled()]

    assert len(set(names)) == len(names) >= 6


def without_faults(loaded: Loaded) -> Loaded:
    """Take out everything that goes wrong, and leave the rest of the story."""
    document = loaded.document
    world = tuple(each for each in document.timeline if not (each.fault or each.outage))
    calm = msgspec.structs.replace(document, faults=(), timeline=world)
    return msgspec.structs.replace(loaded, document=calm)


def goes_wrong(path: Path) -> bool:
    return without_faults(load(path, adapters())).document != load(path, adapters()).document


@pytest.mark.parametrize(
    "path", [each for each in bundled() if goes_wrong(each)], ids=lambda path: path.stem
)
def test_a_bundled_scenario_fails_where_nothing_goes_wrong(path: Path) -> None:
    verdict, _ = played(path, without_faults)

    assert verdict.failures != []


@pytest.mark.parametrize("adapter", adapters(), ids=lambda each: each.name)
def test_every_kind_of_fault_has_a_bundled_scenario(adapter: VendorAdapter) -> None:
    documents = [load(path, adapters()).document for path in bundled()]
    told = {
        (fault.on, fault.effect)
        for each in documents
        if each.vendor == adapter.name
        for fault in each.faults
    }

    points = known_points(adapter.surface.faults).values()
    every = {(point.name, effect.name) for point in points for effect in point.effects}
    no_connection_to_cut = {("callback", "disconnect")}
    assert every - told == no_connection_to_cut
