"""A vendor that ships in a package of its own is found by its entry point, and works like ours."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent / "third_party"
USER = """
import httpx
import pytest


def call(acme, name):
    headers = {"X-Acme-Key": acme.credentials["key"]}
    return httpx.post(f"{acme.base_url}/{name}", json={"room": "demo"}, headers=headers)


def test_its_fixture_records_and_its_callback_is_signed(acme, inbox):
    inbox.subscribe("acme")

    statuses = [call(acme, name).status_code for name in ("start", "start", "stop", "stop")]
    acme.settle()

    assert statuses == [200, 409, 200, 404]
    assert [(each.event_type, each.is_genuine) for each in inbox.callbacks] == [("done", True)]


def test_a_fault_bites_there_too(acme):
    acme.faults.answer("start", 409)

    assert [call(acme, "start").status_code for _ in range(2)] == [409, 200]


@pytest.mark.scenario("answered_twice.yaml")
def test_a_scenario_is_judged(acme):
    call(acme, "start")
    call(acme, "stop")
"""
STORY = """\
scenario: a room is recorded
vendor: acme
expect:
  - callback: {event: done}
  - task: {state: ENDED}
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    paths = [str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True
    )


def test_an_installed_package_brings_a_fixture_faults_and_scenarios(tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(USER)
    (tmp_path / "answered_twice.yaml").write_text(STORY)

    done = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "test_user.py")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_command_line_knows_it(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(STORY)

    surface = run(tmp_path, "recording_emulator", "surface", "acme")
    played = run(tmp_path, "recording_emulator", "run", "story.yaml")

    assert surface.returncode == 0, surface.stderr
    assert "already running" in surface.stdout
    assert (played.returncode, played.stderr) == (0, ""), played.stdout
