"""The tables of all machines: complete, closed, and in the catalogue's words."""

from typing import Any

from recording_emulator.core.machine import Do, Refuse
from recording_emulator.vendors.zego import (
    ADAPTER,
    box,
    errors,
    inputs,
    machine,
    recorder,
    uploader,
)
from recording_emulator.vendors.zego.requests import BODIES
from recording_emulator.vendors.zego.task import LIVE, STATUS, State

MACHINES = {each.name: each for each in ADAPTER.machines}


def test_the_nine_actions_are_the_inputs_that_clients_cause() -> None:
    called = [given.__name__ for each in MACHINES.values() for given in each.client_inputs]

    assert sorted(called) == sorted(BODIES)
    assert [each.name for each in ADAPTER.surface.operations] == list(BODIES)


def test_a_call_is_only_refused_with_rows_that_its_action_can_answer() -> None:
    odd = {
        (state, given.__name__, row)
        for state, cells in machine.TABLE.items()
        for given in machine.MACHINE.client_inputs
        for row in rows_of(cells[given])
        if errors.BY_ID[row].operations and given.__name__ not in errors.BY_ID[row].operations
    }

    assert odd == set()


def rows_of(cell: Any) -> tuple[str, ...]:
    return (cell.row,) if isinstance(cell, Refuse) else cell.refusals


def test_what_has_ended_never_lives_again() -> None:
    ends = {
        end
        for state in (State.ENDED, State.ABNORMAL)
        for cell in machine.TABLE[state].values()
        if isinstance(cell, Do)
        for end in cell.states
    }

    assert ends == {State.ENDED, State.ABNORMAL}
    assert not [each for each in recorder.TABLE[recorder.State.LEFT].values() if type(each) is Do]
    assert not [each for each in uploader.TABLE[box.State.DONE].values() if type(each) is Do]


def test_every_state_of_a_task_has_the_vendors_number() -> None:
    assert sorted(STATUS.values()) == [1, 2, 3, 4, 5]
    assert set(STATUS) == set(State) - {State.ABSENT}
    assert {STATUS[each] for each in LIVE} == {1, 2, 5}


def test_every_told_input_is_a_type_that_a_snapshot_knows() -> None:
    told = {given for each in MACHINES.values() for row in each.table.values() for given in row}

    assert {each for each in told if each.__module__ == inputs.__name__} <= set(ADAPTER.types)
