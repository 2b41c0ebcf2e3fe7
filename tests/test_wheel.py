"""What ships: the entry points resolve, the data is there, the version is one."""

import tomllib
from importlib.metadata import EntryPoint, distribution
from pathlib import Path
from typing import Any

import click
import pytest

import recording_emulator
from recording_emulator import pytest_plugin
from recording_emulator.vendors import agora

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def entry_points() -> dict[str, EntryPoint]:
    found = distribution("recording-emulator").entry_points
    return {f"{each.group}:{each.name}": each for each in found}


def test_the_entry_points_are_those_of_pyproject_and_each_resolves(
    pyproject: dict[str, Any],
) -> None:
    project = pyproject["project"]
    declared = {f"console_scripts:{name}": value for name, value in project["scripts"].items()}
    for group, points in project["entry-points"].items():
        declared |= {f"{group}:{name}": value for name, value in points.items()}

    installed = {name: each.value for name, each in entry_points().items()}
    loaded = {name: each.load() for name, each in entry_points().items()}

    assert installed == declared
    assert isinstance(loaded["console_scripts:recording-emulator"], click.Group)
    assert loaded["pytest11:recording_emulator"] is pytest_plugin
    assert loaded["recording_emulator.vendors:agora"] is agora.ADAPTER


def test_fixtures_and_scenarios_go_into_the_wheel_as_data(pyproject: dict[str, Any]) -> None:
    targets = pyproject["tool"]["hatch"]["build"]["targets"]

    assert targets["wheel"]["force-include"] == {
        "fixtures": "recording_emulator/_data/fixtures",
        "scenarios": "recording_emulator/_data/scenarios",
    }
    assert targets["wheel"]["packages"] == ["emulator/recording_emulator"]
    assert all((ROOT / each).is_dir() for each in targets["sdist"]["only-include"])


def test_the_data_folders_are_no_packages_that_could_shadow_others(
    pyproject: dict[str, Any],
) -> None:
    shipped = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert [each for name in shipped for each in (ROOT / name).rglob("__init__.py")] == []


def test_the_version_is_written_once(pyproject: dict[str, Any]) -> None:
    assert "version" not in pyproject["project"]
    assert distribution("recording-emulator").version == recording_emulator.__version__


def test_the_license_is_named_and_shipped(pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]

    assert project["license"] == "Apache-2.0"
    assert all((ROOT / each).read_text() for each in project["license-files"])
