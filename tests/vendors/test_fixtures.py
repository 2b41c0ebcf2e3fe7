"""The golden files: each says where it is from, and is compact JSON where it is JSON."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from recording_emulator.vendors.base import load

FIXTURES = Path(__file__).parents[2] / "fixtures"
pytestmark = pytest.mark.parametrize("vendor", [each.name for each in load()])


def sources(vendor: str) -> dict[str, Any]:
    return tomllib.loads((FIXTURES / vendor / "SOURCES.toml").read_text())


def files(vendor: str) -> dict[str, Path]:
    root = FIXTURES / vendor
    found = [each for each in root.rglob("*") if each.is_file() and each.name != "SOURCES.toml"]
    return {path.relative_to(root).as_posix(): path for path in found}


def test_every_file_says_where_it_is_from_and_every_source_has_its_file(vendor: str) -> None:
    assert set(sources(vendor)) == set(files(vendor))


def test_every_source_names_a_section_a_basis_where_its_values_are_from_and_its_test(
    vendor: str,
) -> None:
    told = sources(vendor)

    assert {tuple(each) for each in told.values()} == {("sheet", "basis", "values", "test")}
    assert {each["basis"] for each in told.values()} <= {
        "documented", "observed", "assumed", "ours",
    }  # fmt: skip
    assert all(each["sheet"].startswith("§") for each in told.values())
    assert {name for name in told if not (FIXTURES.parent / told[name]["test"]).is_file()} == set()


def test_json_is_compact_with_real_characters_and_one_line(vendor: str) -> None:
    odd = {
        name
        for name, path in files(vendor).items()
        if path.suffix == ".json"
        and msgspec.json.encode(msgspec.json.decode(path.read_bytes())) + b"\n" != path.read_bytes()
    }

    assert odd == set()
