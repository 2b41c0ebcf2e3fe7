"""A recording in a real player: hls.js in Chromium plays what Agora's recorder left."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browsing import Browser, Page, Site
from tests.conftest import RecordingApp
from tests.players import is_like

from recording_emulator.store.drawing import COLOURS
from recording_emulator.store.rendering import TONES_HZ
from recording_emulator.vendors.agora.handle import Agora

HERE = Path(__file__).parent
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder to keep the screenshots in, for whoever wants to look at them."""
BEST_FIT = {"width": 640, "height": 360, "mixedVideoLayout": 1}
LEFT, RIGHT = (20, 20), (620, 20)
AUDIBLE_DB = -60


def hls_js() -> Path | None:
    """Find hls.js where Node.js would, or where npm puts it."""
    roots = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)), "node_modules"]
    found = (Path(root) / "hls.js" / "dist" / "hls.min.js" for root in roots)
    return next((each for each in found if each.is_file()), None)


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Site]:
    player = hls_js()
    if player is None:
        pytest.skip("hls.js is not there: npm install hls.js, and its node_modules on NODE_PATH")
    shutil.copy(player, tmp_path)
    shutil.copy(HERE / "page.html", tmp_path)
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def player(browser: Browser, pages: Site) -> Page:
    return browser.open(pages.url("page.html"))


def heard(player: Page, second: int) -> set[str]:
    """Say whose tone there is in the sound that comes out of the player."""
    tones = dict(zip(("alice", "bob"), TONES_HZ, strict=False))
    levels_db = player.run("(at_s, tones) => heard(at_s, tones)", second, list(tones.values()))
    return {name for name, level in zip(tones, levels_db, strict=True) if level > AUDIBLE_DB}


@pytest.mark.recording_emulator(media="rendered")
def test_two_people_are_seen_to_come_mute_and_leave(
    agora: Agora, app: RecordingApp, player: Page, tmp_path: Path
) -> None:
    room = agora.room("demo")
    room.join("alice")
    room.join("bob")
    app.acquire()
    app.start(recordingConfig={"transcodingConfig": BEST_FIT})
    agora.advance(seconds=23)
    room.publish("alice", audio=False)
    agora.advance(seconds=20)
    room.leave("bob")
    agora.advance(seconds=20)
    app.stop()
    (playlist,) = (each for each in agora.objects() if each.key.endswith(".m3u8"))

    length_s = player.run("(url) => load(url)", playlist.url)
    seen = {}
    for second in (10, 30, 50):
        seen[second] = player.run("(at_s, places) => at(at_s, places)", second, [LEFT, RIGHT])
        player.screenshot(Path(SCREENSHOTS or tmp_path) / f"hls_{second}.png")

    assert length_s == pytest.approx(60.2, abs=0.1)
    assert is_like(seen[10][0], COLOURS[0])
    assert is_like(seen[10][1], COLOURS[1])
    assert is_like(seen[30][0], COLOURS[0])
    assert is_like(seen[30][1], COLOURS[1])
    assert is_like(seen[50][0], COLOURS[0])
    assert is_like(seen[50][1], COLOURS[0])
    assert [heard(player, second) for second in (10, 30, 50)] == [
        {"alice", "bob"},
        {"bob"},
        set(),
    ]
    assert player.run("() => problems") == []
