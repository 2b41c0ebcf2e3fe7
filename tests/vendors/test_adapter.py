"""What adapters have in common: the defaults they derive from, and what may stand in a snapshot."""

import sys

import msgspec
import pytest

from recording_emulator.core.sdk import Member
from recording_emulator.vendors.adapter import BaseAdapter, tagged
from recording_emulator.vendors.base import load


class Kept(msgspec.Struct, tag="acme.Kept"):
    """It can be told from other structs by its tag."""

    room: str = "demo"


class Passing(msgspec.Struct):
    """It has no tag, so nobody could read it back."""

    name: str = "demo"


def test_what_has_a_tag_may_stand_in_a_snapshot_wherever_it_was_imported_from() -> None:
    assert tagged(sys.modules[__name__]) == (Member, Kept)


@pytest.mark.parametrize("adapter", load(), ids=lambda each: each.name)
def test_every_input_of_every_machine_may_stand_in_a_snapshot(adapter: BaseAdapter) -> None:
    own = {
        given
        for machine in adapter.machines
        for row in machine.table.values()
        for given in row
        if not given.__module__.startswith("recording_emulator.core.")  # known without a vendor
    }

    assert own - set(adapter.types) == set()
