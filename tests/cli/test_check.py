"""``recording-emulator check``: every mistake with its place, and nothing started."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recording_emulator.cli import main
from recording_emulator.scenario import schema

BROKEN = sorted((Path(__file__).parents[1] / "scenario" / "broken").glob("*.yaml"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="recording-emulator")


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_ends_with_two_and_one_line(command: str, path: Path, tmp_path: Path) -> None:
    story = ["--story", str(tmp_path / "story.md")] if command == "run" else []

    result = run(command, str(path), *story)

    expected = path.read_text().partition("\n")[0].removeprefix("# ").removesuffix("…")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{path}:{expected}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_good_file_is_ok() -> None:
    result = run("check", "lost_callback", "second_stop_is_49")

    assert result.exit_code == 0
    assert [line.partition(": ")[2].partition(",")[0] for line in result.stdout.splitlines()] == [
        "ok",
        "ok",
    ]


def test_the_mistakes_of_all_files_are_told() -> None:
    result = run("check", str(BROKEN[0]), "lost_callback", str(BROKEN[1]))

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2


def test_a_file_that_is_not_there_is_two() -> None:
    result = run("run", "no_such_scenario")

    assert result.exit_code == 2
    assert "no scenario 'no_such_scenario'" in result.stderr


def test_the_schema_is_printed() -> None:
    result = run("check", "--schema")

    assert result.exit_code == 0
    assert result.stdout_bytes == schema.text()


def test_without_files_it_says_what_to_name() -> None:
    result = run("check")

    assert result.exit_code == 2
    assert "name a file, or ask for --schema" in result.stderr
