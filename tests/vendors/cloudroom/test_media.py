"""What a CloudRoom mixer leaves plays, whatever its name ends in."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.players import check_served, ffprobe
from tests.vendors.cloudroom.conftest import camera, picture

from recording_emulator.vendors.cloudroom.handle import CloudRoom

if TYPE_CHECKING:
    from tests.vendors.cloudroom.conftest import Clients


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
