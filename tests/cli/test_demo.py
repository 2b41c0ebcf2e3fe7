"""``recording-emulator demo``: a first recording, told line by line."""

import re
import signal
import subprocess
import sys

import pytest


def demo(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recording_emulator", "demo", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture(scope="module")
def told() -> subprocess.CompletedProcess[str]:
    return demo()


def test_it_tells_the_whole_story_and_ends_well(told: subprocess.CompletedProcess[str]) -> None:
    story = [
        "Agora cloud recording, emulated at http://127.0.0.1:",
        "Ask for a resource.",
        "POST …/acquire → 200",
        "POST …/start → 200",
        "Let 2h pass.",
        "40 recorder_started  (signature ok)",
        "42 recorder_slice_start  (signature ok)",
        "GET …/query → 200",
        "POST …/stop → 200",
        "What is in the bucket now:",
        "bytes  recordings/",
        "#EXTM3U",
        "callbacks arrived with correct signatures; the clock reads",
        "T02:00:02.000Z. Next: README.md",
    ]

    places = [told.stdout.find(line) for line in story]

    assert (told.returncode, told.stderr) == (0, "")
    assert -1 not in places, told.stdout
    assert places == sorted(places)


def test_it_is_the_same_story_every_time(told: subprocess.CompletedProcess[str]) -> None:
    def story(text: str) -> list[str]:
        """The lines without the port; a reply and a callback may be printed in either order."""
        return sorted(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:0", text).splitlines())

    assert story(demo().stdout) == story(told.stdout)


def test_the_recording_is_as_long_as_one_asks() -> None:
    told = demo("--hours", "0.5")

    assert told.returncode == 0
    assert "Let 30m pass." in told.stdout


def test_it_can_go_on_serving_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "recording_emulator", "demo", "--keep", "--hours", "0.1"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("Still serving on http://127.0.0.1:") for line in lines)

        process.send_signal(signal.SIGINT)

        assert (process.stdout.read(), process.stderr.read(), process.wait(10)) == ("", "", 0)
