"""The page of each language, as it stands: its program is run by its own two commands."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "emulator" / "docs"
CLEAN = {name: value for name, value in os.environ.items() if "RECORDING_EMULATOR" not in name}
PAGES = {
    "python": ("python", "record.py", "python3"),
    "node": ("javascript", "record.mjs", "node"),
    "go": ("go", "record.go", "go"),
    "java": ("java", "Record.java", "javac"),
    "curl": ("sh", "record.sh", "curl"),
}
"""The language of a page's program, the file it goes into, and what runs it."""
TIMEOUT_S = 180
"""The first program in Go has the standard library compiled."""


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)


def commands(name: str) -> list[str]:
    found = [each for each in blocks(page(name), "sh") if each.startswith("recording-emulator")]
    assert len(found) == 2
    return found


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with ``emulated.sh``, and one with the command that users have installed."""
    (emulated,) = [each for each in blocks(page("README"), "sh") if "export" in each]
    (tmp_path / "emulated.sh").write_text(emulated)
    (tmp_path / "bin").mkdir()
    for name, words in (("recording-emulator", "-m recording_emulator"), ("python3", "")):
        file = tmp_path / "bin" / name
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        file.chmod(0o755)
    return tmp_path


def run(folder: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    port = free_port()
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    state = {
        "XDG_STATE_HOME": str(folder / "state"),
        "PORT": port,
        "RECORDING_EMULATOR_TIMEOUT": str(TIMEOUT_S - 30),
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace("3000", port)],
        cwd=folder, env={**CLEAN, **state, "PATH": path, **more},
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip


def program(folder: Path, name: str) -> None:
    language, file, runner = PAGES[name]
    if name != "python" and shutil.which(runner) is None:
        pytest.skip(f"{runner} is not on PATH")
    (folder / file).write_text(blocks(page(name), language)[0])


@pytest.mark.parametrize("nth", [0, 1], ids=["unchanged", "by-base-url"])
@pytest.mark.parametrize("name", PAGES)
def test_the_program_of_a_page_records_and_hears_of_it(folder: Path, name: str, nth: int) -> None:
    program(folder, name)

    done = run(folder, commands(name)[nth])

    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert {"recording", "stopped: uploaded"} <= set(said)
    assert name == "curl" or "callback 31 genuine" in said
    assert "callback FORGED" not in done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_a_fault_by_the_name_of_the_room_fails_the_program_and_the_story_is_told(
    folder: Path, name: str
) -> None:
    program(folder, name)

    done = run(folder, commands(name)[1], CHANNEL="fault-agora-start-65")

    assert done.returncode != 0
    assert "65 request not completed" in done.stderr


FORGED = """scenario: the callback about the upload comes with a wrong signature first
vendor: agora
faults:
  - {on: callback, event: uploaded, effect: wrong_signature}
expect:
  - callback: {event: uploaded, attempts: 2}
"""


@pytest.mark.parametrize("name", [each for each in PAGES if each != "curl"])
def test_a_forged_callback_is_refused_and_the_genuine_one_is_heard(folder: Path, name: str) -> None:
    program(folder, name)
    (folder / "forged.yaml").write_text(FORGED)
    command = commands(name)[1].replace("exec", "exec --scenario forged.yaml", 1)

    done = run(folder, command)

    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr + done.stdout
    assert ("callback 31 genuine" in said, "FORGED" in done.stdout) == (True, True)


def test_the_calls_of_the_control_api_run_in_exec(folder: Path) -> None:
    calls = [each for name in ("README", "curl") for each in blocks(page(name), "sh")]
    (folder / "calls.sh").write_text(
        "set -e\n" + "".join(each for each in calls if each.startswith("curl"))
    )

    done = run(folder, "recording-emulator exec --via env -- sh calls.sh")

    assert done.returncode == 0, done.stderr
    assert "tenant 'default'" in done.stdout


def test_every_page_is_listed_and_every_link_leads_somewhere() -> None:
    listed = set(re.findall(r"\]\((\w+)\.md\)", page("README")))
    links = [
        (file, link.partition("#")[0])
        for file in DOCS.glob("*.md")
        for link in re.findall(r"\]\(([^)]+)\)", file.read_text())
    ]

    assert listed == {each.stem for each in DOCS.glob("*.md")} - {"README"}
    assert [(file.name, link) for file, link in links if not (DOCS / link).exists()] == []
