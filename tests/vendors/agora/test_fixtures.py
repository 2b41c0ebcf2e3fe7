"""The golden files: each says where it is from, and is compact JSON where it is JSON."""

import tomllib
from pathlib import Path

import msgspec

GOLDEN = Path(__file__).parents[3] / "fixtures" / "agora"
SOURCES = tomllib.loads((GOLDEN / "SOURCES.toml").read_text())
FILES = {
    path.relative_to(GOLDEN).as_posix(): path
    for path in GOLDEN.rglob("*")
    if path.is_file() and path.name != "SOURCES.toml"
}


def test_every_file_says_where_it_is_from_and_every_source_has_its_file() -> None:
    assert set(SOURCES) == set(FILES)


def test_every_source_names_a_section_a_basis_where_its_values_are_from_and_its_test() -> None:
    assert {tuple(each) for each in SOURCES.values()} == {("sheet", "basis", "values", "test")}
    assert {each["basis"] for each in SOURCES.values()} <= {
        "documented", "observed", "assumed", "ours",
    }  # fmt: skip
    assert all(each["sheet"].startswith("§") for each in SOURCES.values())
    assert {
        name for name in SOURCES if not (GOLDEN.parents[1] / SOURCES[name]["test"]).is_file()
    } == set()


def test_json_is_compact_with_real_characters_and_one_line() -> None:
    odd = {
        name
        for name, path in FILES.items()
        if path.suffix == ".json"
        and msgspec.json.encode(msgspec.json.decode(path.read_bytes())) + b"\n" != path.read_bytes()
    }

    assert odd == set()
