"""The tables of all machines: complete, closed, and in the catalogue's words."""

from typing import Any

from recording_emulator.core.machine import Do, Refuse, diagram
from recording_emulator.vendors.agora import (
    ADAPTER,
    box,
    errors,
    inputs,
    machine,
    page,
    recorder,
    transcoder,
    uploader,
)
from recording_emulator.vendors.agora.task import RUNNING, STATUS, State

MACHINES = {each.name: each for each in ADAPTER.machines}


def test_the_adapter_has_these_machines() -> None:
    assert list(MACHINES) == [
        "agora.task", "agora.recorder", "agora.page", "agora.uploader", "agora.transcoder",
        "agora.notifier",
    ]  # fmt: skip


def test_clients_call_the_task_with_six_calls_and_list_the_notifiers_addresses() -> None:
    called = {name: each.client_inputs for name, each in MACHINES.items() if each.client_inputs}

    assert called == {
        "agora.task": (
            inputs.Acquire,
            inputs.Start,
            inputs.Query,
            inputs.Update,
            inputs.UpdateLayout,
            inputs.Stop,
        ),
        "agora.notifier": (inputs.NcsIp,),
    }


def test_a_call_is_only_refused_with_rows_that_its_operation_can_answer() -> None:
    odd = {
        (state, row)
        for state, cells in machine.TABLE.items()
        for given in machine.MACHINE.client_inputs
        for row in rows_of(cells[given])
        if given.__name__[0].lower() + given.__name__[1:] not in operations_of(row)
    }

    assert odd == set()


def rows_of(cell: Any) -> tuple[str, ...]:
    return (cell.row,) if isinstance(cell, Refuse) else cell.refusals


def operations_of(row: str) -> tuple[str, ...]:
    anything = tuple(each.name for each in ADAPTER.surface.operations)
    return errors.BY_ID[row].operations or anything


def test_what_has_ended_acts_no_more() -> None:
    ends = [
        machine.TABLE[State.EXITED],
        machine.TABLE[State.EXPIRED],
        recorder.TABLE[recorder.State.LEFT],
        page.TABLE[page.State.LEFT],
        uploader.TABLE[box.State.DONE],
        transcoder.TABLE[transcoder.State.DONE],
    ]

    assert [cell for row in ends for cell in row.values() if isinstance(cell, Do)] == []


def test_every_state_from_start_on_has_the_vendors_number() -> None:
    assert list(STATUS) == list(State)[3:]
    assert list(STATUS.values()) == [*range(9), 20]
    assert tuple(list(State)[3:9]) == RUNNING


def test_every_row_of_the_catalogue_says_where_it_is_from() -> None:
    assert [row.id for row in errors.ROWS if not (row.when and row.source)] == []
    assert len(errors.BY_ID) == len(errors.ROWS)


def test_the_diagram_of_the_task_is_drawn_from_its_table() -> None:
    drawn = diagram(machine.TABLE).splitlines()

    assert drawn[:5] == [
        "stateDiagram-v2",
        "    absent --> acquired: Acquire",
        "    acquired --> not_started: Start",
        "    acquired --> expired: ResourceExpires",
        "    expired --> [*]",
    ]
    assert drawn[-1] == "    aborted --> [*]"
