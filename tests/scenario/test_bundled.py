"""Every bundled scenario loads, plays, passes, and is the same story every time."""

import asyncio
from pathlib import Path

import pytest

from recording_emulator.scenario.find import bundled
from recording_emulator.scenario.load import load
from recording_emulator.scenario.verdict import Verdict
from recording_emulator.testing.stage import Stage
from recording_emulator.vendors.base import load as adapters

HEAD = "# yaml-language-server: $schema=../scenario.schema.json\n"


def played(path: Path) -> tuple[Verdict, bytes]:
    async def play() -> tuple[Verdict, bytes]:
        loaded = load(path, adapters())
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
