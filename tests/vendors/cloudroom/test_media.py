"""What a CloudRoom mixer leaves plays, whatever its name ends in."""

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.players import check_served, colour_at, ffprobe, frames, is_like
from tests.vendors.cloudroom.conftest import camera, picture

from recording_emulator.store.drawing import COLOURS
from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Api, Clients


@pytest.mark.parametrize("kind", ["mp4", "flv", "ts", "avi"])
def test_a_mixed_picture_plays_in_its_size(
    client: "Clients", cloudroom: CloudRoom, tmp_path: Path, kind: str
) -> None:
    alice, _, _ = client.pair()
    alice.create(picture(camera("alice.-1"), path=f"/d/a.{kind}", vFps=24))
    cloudroom.advance(seconds=12)
    alice.destroy()
    cloudroom.advance(minutes=5)

    kinds = check_served(cloudroom.objects(), {12_000, 11_000}, tmp_path)

    assert kinds == {kind}
    assert ffprobe(tmp_path / f"file.{kind}")[0][2] == (640, 360)


@pytest.mark.parametrize("kind", ["mp3", "wav"])
def test_mixed_sound_plays(
    client: "Clients", cloudroom: CloudRoom, tmp_path: Path, kind: str
) -> None:
    alice, _, _ = client.pair()
    alice.create({"mode": 0, "audioFileCfg": {"svrPathName": f"/d/talk.{kind}"}})
    cloudroom.advance(seconds=12)
    alice.destroy()
    cloudroom.advance(minutes=5)

    assert check_served(cloudroom.objects(), {12_000, 11_000}, tmp_path) == {kind}


@pytest.mark.recording_emulator(media="rendered")
def test_a_downloaded_file_shows_the_room_where_media_are_rendered(
    client: "Clients", cloudroom: CloudRoom, api: "Api"
) -> None:
    alice, bob, _ = client.pair()
    alice.create(picture(camera("alice.-1", width=320), camera("bob.-1", 320, width=320)))
    cloudroom.advance(seconds=4)
    bob.call("exitMeeting")
    cloudroom.advance(seconds=2)
    alice.destroy()
    cloudroom.advance(minutes=1)
    (file,) = api.files(FileName="/d/a.mp4")

    body = httpx.get(file["downUrl"]).content

    first, last = (list(frames(body, "video"))[nth] for nth in (6, -6))
    assert len(body) == int(file["fileSize"])
    assert is_like(colour_at(first, 10, 100), COLOURS[0])
    assert is_like(colour_at(first, 330, 100), COLOURS[1])
    assert is_like(colour_at(last, 10, 100), COLOURS[0])
    assert colour_at(last, 330, 100) == (0, 0, 0)
