"""What netcall's recorders leave plays: the server's, the agent's, the browser's."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.players import check_served
from tests.vendors.netcall.test_recorded_files import BOTH, record
from tests.vendors.netcall.test_simple_recorder import on_air

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients


@pytest.mark.recording_emulator(settings={"netcall": {"mixed_recording": True}})
def test_what_the_server_recorded_plays(
    client: "Clients", netcall: Netcall, tmp_path: Path
) -> None:
    record(client, netcall, caller=BOTH)

    assert check_served(netcall.objects(), {60_000}, tmp_path) == {"aac", "mp4"}


@pytest.mark.parametrize("what", ["Mp4", "Aac"])
def test_what_the_browser_recorded_plays(
    client: "Clients", netcall: Netcall, tmp_path: Path, what: str
) -> None:
    alice, _ = on_air(client)
    alice.call(f"startRecord{what}", **({"account": "bob"} if what == "Mp4" else {}))
    netcall.advance(seconds=10)

    alice.call(f"stopRecord{what}")

    assert check_served(netcall.objects(), {10_000}, tmp_path) == {"webm"}
