"""Every example in the README, executed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A server started by the command line, on a free port."""
    command = [sys.executable, "-m", "recording_emulator", "serve", "--json", "--no-tls"]
    command += ["--port", "0", "--callback", "agora=http://127.0.0.1:3000/hook"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
        server.terminate()


def example(word: str) -> str:
    """Return the first example in Python that has a word in it."""
    return next(block for block in blocks("python") if word in block)


def passed(folder: Path, test: str) -> str:
    """Run a file of tests as a user would; returns how many passed, if all did."""
    (folder / "test_example.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1].partition(" in ")[0]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("def test_", "3 passed"),
        ("zego", "1 passed"),
        ("neroom", "1 passed"),
        ("netcall", "1 passed"),
        ("rendered", "1 passed"),
    ],
)
def test_the_examples_for_tests_pass_as_they_stand(tmp_path: Path, word: str, told: str) -> None:
    assert passed(tmp_path, example(word)) == told


def test_the_scenario_of_clients_with_an_sdk_plays_and_passes(tmp_path: Path) -> None:
    (tmp_path / "lost.yaml").write_text(blocks("yaml")[1])

    command = [sys.executable, "-m", "recording_emulator", "run", "lost.yaml"]
    played = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (played.returncode, played.stderr) == (0, ""), played.stdout


def test_the_example_with_the_vendors_own_names_passes_as_it_stands(tmp_path: Path) -> None:
    hurried = example("vendor_names").replace("timeout=5", "timeout=0.5")

    assert passed(tmp_path, hurried) == "1 passed"


def test_the_async_example_runs(tmp_path: Path) -> None:
    test = f"""import asyncio
{example("aio")}
def test_async(agora):
    asyncio.run(hours_later(agora))
    assert agora.now_ms() == 1_893_456_000_000 + 7_200_000
"""

    assert passed(tmp_path, test) == "1 passed"


def test_the_scenario_plays_passes_and_is_what_a_test_can_be_marked_with(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "lost.yaml").write_text(blocks("yaml")[0])
    (tmp_path / "test_marked.py").write_text(
        "import pytest\n" + example("def test_")
        + """
@pytest.mark.scenario("lost")
def test_marked(agora):
    record(agora, "demo", "900001")
    agora.advance(hours=3)
"""
    )  # fmt: skip

    command = [sys.executable, "-m", "recording_emulator", "run", "lost"]
    played = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "marked"]
    tested = subprocess.run(tests, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (played.returncode, played.stderr) == (0, "")
    assert played.stdout.startswith("passed: the callback about the start is lost")
    assert tested.returncode == 0, tested.stdout


def test_the_calls_of_the_control_api_run_as_they_stand(served: str) -> None:
    calls = next(block for block in blocks("sh") if "curl" in block)
    env = {**os.environ, "EMULATOR": served, "no_proxy": "127.0.0.1"}

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", calls],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert '"mode":"real"' in done.stdout
    assert "tenant 'default'" in done.stdout
    assert "Join" not in done.stderr


def test_the_two_commands_are_the_ones_that_ci_and_the_demo_test_run() -> None:
    one, two = blocks("sh")[:2]

    assert one.strip().endswith(".venv/bin/recording-emulator demo")
    assert two.strip().endswith(".venv/bin/python -m pytest")
    assert "<!-- test-command -->" in README
