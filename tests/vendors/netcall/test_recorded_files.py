"""Which files result from which flags, as the sheet's table has it, told by real copies."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.vendors.netcall.matrix import MATRIX, Case

from recording_emulator.vendors.netcall.handle import Netcall

if TYPE_CHECKING:
    from tests.vendors.netcall.conftest import Clients, Copies

AUDIO, VIDEO = 1, 2
BOTH = {"recordAudio": True, "recordVideo": True}
HANDFUL = {"recordAudio": True}


def record(
    client: "Clients",
    netcall: Netcall,
    kind: int = VIDEO,
    caller: dict[str, Any] | None = None,
    callee: dict[str, Any] | None = None,
    minutes: int = 1,
) -> None:
    """Let two talk and hang up, and everything that follows happen."""
    alice, _ = client.talking(kind, caller=caller, callee=callee)
    netcall.advance(minutes=minutes)
    alice.call("hangup")
    netcall.advance(minutes=2)


@pytest.mark.parametrize("case", MATRIX, ids=str)
def test_files_follow_from_both_sides_flags_the_service_and_the_kind_of_call(
    client: "Clients", netcall: Netcall, copies: "Copies", case: Case
) -> None:
    netcall.configure(
        server_recording=case.service != "none", mixed_recording=case.service == "mixed"
    )

    record(client, netcall, case.kind, case.caller.config, case.callee.config)

    assert copies.kinds == case.files
    assert all(each.is_genuine for each in copies.inbox.callbacks)
    assert len(copies.durations) == 1
