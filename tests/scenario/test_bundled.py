"""Every bundled scenario loads, plays, passes, and is the same story every time."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from recording_emulator.core.faults import POINTS
from recording_emulator.scenario.find import bundled
from recording_emulator.scenario.load import Loaded, load_each
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import VendorAdapter
from recording_emulator.vendors.base import load as adapters

HEAD = "# yaml-language-server: $schema=../scenario.schema.json\n"


EACH = [loaded for path in bundled() for loaded in load_each(path, adapters())]


def name_of(loaded: Loaded) -> str:
    return f"{loaded.document.vendor}-{Path(loaded.file).stem}"


def played(loaded: Loaded) -> tuple[Verdict, bytes]:
    async def play() -> tuple[Verdict, bytes]:
        vendor = loaded.document.vendor
        stage = Stage(loaded, next(each for each in adapters() if each.name == vendor))
        verdict = await stage.play()
        journal = stage.journal()
        await stage.close()
        return verdict, journal

    return asyncio.run(play())


@pytest.mark.parametrize("loaded", EACH, ids=name_of)
def test_a_bundled_scenario_passes_and_is_the_same_byte_for_byte_twice(loaded: Loaded) -> None:
    verdict, journal = played(loaded)

    assert verdict.failures == []
    assert verdict.findings
    assert played(loaded)[1] == journal


@pytest.mark.parametrize("path", bundled(), ids=lambda path: path.stem)
def test_a_bundled_scenario_tells_editors_its_schema_and_lies_in_its_vendors_folder(
    path: Path,
) -> None:
    assert path.read_text().startswith(HEAD)
    (vendor,) = {
        "every" if each.is_for_every else each.document.vendor
        for each in load_each(path, adapters())
    }
    assert vendor == path.parent.name


def test_no_two_bundled_scenarios_have_one_name() -> None:
    names = [path.stem for path in bundled()]

    assert len(set(names)) == len(names) >= 6


def without_faults(loaded: Loaded) -> Loaded:
    """Take out everything that goes wrong, and leave the rest of the story."""
    document = loaded.document
    world = tuple(each for each in document.timeline if not (each.fault or each.outage))
    calm = msgspec.structs.replace(document, faults=(), timeline=world)
    return msgspec.structs.replace(loaded, document=calm)


def goes_wrong(loaded: Loaded) -> bool:
    return without_faults(loaded).document != loaded.document


@pytest.mark.parametrize("loaded", [each for each in EACH if goes_wrong(each)], ids=name_of)
def test_a_bundled_scenario_fails_where_nothing_goes_wrong(loaded: Loaded) -> None:
    verdict, _ = played(without_faults(loaded))

    assert verdict.failures != []


def told_by(vendor: str) -> set[tuple[str, str]]:
    """List the points and effects of the faults of a vendor's scenarios."""
    documents = [each.document for each in EACH if each.document.vendor == vendor]
    return {(fault.on, fault.effect) for each in documents for fault in each.faults}


@pytest.mark.parametrize("adapter", adapters(), ids=lambda each: each.name)
def test_every_kind_of_fault_of_a_vendor_has_a_bundled_scenario(adapter: VendorAdapter) -> None:
    points = adapter.surface.faults

    assert {(p.name, e.name) for p in points for e in p.effects} <= told_by(adapter.name)


def test_every_kind_of_fault_that_all_vendors_share_has_a_bundled_scenario() -> None:
    told = set().union(*(told_by(each.name) for each in adapters()))

    no_connection_to_cut = ("callback", "disconnect")
    every = {(point.name, effect.name) for point in POINTS for effect in point.effects}
    assert every - told == {no_connection_to_cut}
