"""What a NERTC task of a NERoom room leaves plays, in every container it can ask for."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.players import check_served
from tests.vendors.neroom.nertc.test_files import config, recorded

from recording_emulator.vendors.neroom.handle import NeRoom

if TYPE_CHECKING:
    from tests.vendors.neroom.nertc.conftest import Server


@pytest.mark.parametrize(
    ("container", "kinds"), [(0, {"mp4", "aac"}), (1, {"flv", "aac"}), (2, {"mp3"})]
)
def test_every_container_plays(
    talking: "Server", neroom: NeRoom, tmp_path: Path, container: int, kinds: set[str]
) -> None:
    recorded(talking, neroom, recordConfig=config(0, container=container))

    assert check_served(neroom.objects(), {60_000}, tmp_path) == kinds
