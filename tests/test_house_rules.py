"""House rules that no linter knows: sizes, sources, purity, and what ships."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from recording_emulator.core.surface import Sourced, Supported
from recording_emulator.vendors.base import load

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "emulator" / "recording_emulator"
MODULES = sorted(PACKAGE.rglob("*.py"))
FILE_LINES, FUNCTION_LINES = 600, 70
VENDOR_FILE_LINES = 400


def test_files_are_of_a_size_one_reads_at_a_sitting() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in MODULES
        if (lines := len(path.read_text().splitlines()))
        > (VENDOR_FILE_LINES if "vendors" in path.parts and path.parent.name != "vendors"
           else FILE_LINES)
    }  # fmt: skip
    assert long == {}


def test_functions_fit_on_a_screen() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append((path.name, node.name, lines))
    assert long == []


def test_every_module_says_in_one_line_what_it_is() -> None:
    silent = [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]

    assert silent == []


def test_every_catalogue_row_has_a_source() -> None:
    for adapter in load():
        found = adapter.surface
        rows: tuple[Sourced, ...] = (
            *found.operations, *found.errors, *found.events, *found.limits,
            *found.fields, *found.states,
        )  # fmt: skip
        for row in rows:
            assert row.source, row


def test_what_is_assumed_says_so_where_it_stands() -> None:
    for adapter in load():
        found = adapter.surface
        rows: tuple[Sourced, ...] = (*found.errors, *found.limits, *found.fields, *found.states)
        for row in rows:
            if row.basis == "assumed":
                assert re.search(r"assumed|ours", row.source), row


def test_what_is_not_supported_says_why_and_nothing_else_does() -> None:
    for adapter in load():
        found = adapter.surface
        rows: tuple[Supported, ...] = (
            *found.events, *found.fields, *found.states, *found.limits,
        )  # fmt: skip
        assert [row for row in rows if row.supported == bool(row.why)] == []


def test_error_rows_are_unique_and_codes_are_integers() -> None:
    for adapter in load():
        rows = adapter.surface.errors
        assert len({row.id for row in rows}) == len(rows)
        assert all(row.code is None or isinstance(row.code, int) for row in rows)


@pytest.mark.parametrize("module", ["core", "vendors.agora.machine"])
def test_a_clock_in_a_pure_file_breaks_the_import_contract(tmp_path: Path, module: str) -> None:
    """The contract is checked in CI; this shows that it would notice."""
    import shutil

    pytest.importorskip("importlinter", reason="import-linter comes with the group `lint`")
    copy = tmp_path / "emulator"
    shutil.copytree(PACKAGE, copy / "recording_emulator")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = copy / "recording_emulator" / f"{module.replace('.', '/')}"
    path = broken / "ids.py" if broken.is_dir() else broken.with_suffix(".py")
    path.write_text(f"{path.read_text()}\n\nimport time\n")

    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    env = {"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "core and the pure files of a vendor are pure BROKEN" in done.stdout
