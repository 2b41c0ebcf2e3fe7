"""The tables of every vendor's machines: complete, closed, and in the catalogue's words."""

from typing import Any

import pytest

from recording_emulator.core.machine import Do, Machine, Refuse
from recording_emulator.vendors.base import VendorAdapter, load

MACHINES = [
    pytest.param(machine, adapter, id=f"{adapter.name}-{machine.name}")
    for adapter in load()
    for machine in adapter.machines
]
each_machine = pytest.mark.parametrize(("kept", "adapter"), MACHINES)


def states_of(kept: Machine) -> set[Any]:
    """List every state of a machine: the members of its blank's enumeration."""
    kind: Any = type(kept.blank("any").state)
    return set(kind)


@each_machine
def test_every_state_has_a_row_terminal_ones_too(kept: Machine, adapter: VendorAdapter) -> None:
    assert set(kept.table) == states_of(kept)


@each_machine
def test_every_input_of_a_client_has_a_cell_in_every_row(
    kept: Machine, adapter: VendorAdapter
) -> None:
    missing = {
        (state, given.__name__)
        for state, row in kept.table.items()
        for given in kept.client_inputs
        if given not in row
    }

    assert missing == set()


@each_machine
def test_a_cell_names_states_of_its_own_machine_and_rows_of_the_catalogue(
    kept: Machine, adapter: VendorAdapter
) -> None:
    cells = [cell for row in kept.table.values() for cell in row.values()]
    ends = {end for cell in cells if isinstance(cell, Do) for end in cell.states}
    refused = {row for cell in cells if isinstance(cell, Do) for row in cell.refusals}
    refused |= {cell.row for cell in cells if isinstance(cell, Refuse)}

    assert ends <= states_of(kept)
    assert refused <= {row.id for row in adapter.surface.errors}


@each_machine
def test_a_blank_stands_in_the_first_row(kept: Machine, adapter: VendorAdapter) -> None:
    assert kept.blank("key").state == next(iter(kept.table))


@each_machine
def test_every_state_can_be_reached_from_the_first(kept: Machine, adapter: VendorAdapter) -> None:
    reached = {next(iter(kept.table))}
    for _ in kept.table:
        reached |= {
            end
            for state in reached
            for cell in kept.table[state].values()
            if isinstance(cell, Do)
            for end in cell.states
        }

    assert reached == set(kept.table)
