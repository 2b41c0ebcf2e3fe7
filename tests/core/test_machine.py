"""The step: all or nothing, and true to what its cell promises."""

from enum import StrEnum
from typing import Any

import msgspec
import pytest

from recording_emulator.core.machine import (
    Cancel,
    Effect,
    Ignore,
    Input,
    Machine,
    Refusal,
    Refuse,
    Step,
    Table,
    diagram,
    do,
    step,
)


class State(StrEnum):
    SHUT = "shut"
    OPEN = "open"


class Door(msgspec.Struct, frozen=True):
    state: State


class Push(msgspec.Struct, Input, frozen=True):
    hard: bool = False


class Lock(msgspec.Struct, Input, frozen=True):
    pass


class Wind(msgspec.Struct, Input, frozen=True):
    pass


def on_push(door: Door, given: Push, _view: Any) -> Step | Refusal:
    if given.hard:
        return Refusal("broken", "too hard")
    return Step(Door(State.OPEN), (Cancel("alarm"),))


def on_lock(door: Door, _given: Lock, _view: Any) -> Step:
    return Step(Door(State.OPEN))


def creak(_door: Door, _given: Push, _view: Any) -> tuple[Effect, ...]:
    return (Cancel("creak"),)


TABLE: Table = {
    State.SHUT: {
        Push: do(on_push, State.OPEN, refusals=("broken",)),
        Lock: do(on_lock, State.SHUT),
        Wind: Ignore("it is shut"),
    },
    State.OPEN: {
        Push: Refuse("open already", announce=creak),
        Lock: Refuse("not shut"),
    },
}
DOOR = Machine("door", TABLE, lambda _key: Door(State.SHUT), (Push, Lock))
VIEW: Any = None


def test_a_step_returns_the_task_as_it_is_from_now_on_and_its_effects() -> None:
    outcome = step(DOOR, Door(State.SHUT), Push(), VIEW)

    assert outcome == Step(Door(State.OPEN), (Cancel("alarm"),))


def test_an_action_may_refuse_with_a_row_its_cell_lists() -> None:
    assert step(DOOR, Door(State.SHUT), Push(hard=True), VIEW) == Refusal("broken", "too hard")


def test_a_cell_that_refuses_may_still_announce() -> None:
    outcome = step(DOOR, Door(State.OPEN), Push(), VIEW)

    assert outcome == Refusal("open already", effects=(Cancel("creak"),))


def test_a_cell_that_ignores_says_why() -> None:
    assert step(DOOR, Door(State.SHUT), Wind(), VIEW) == Ignore("it is shut")


def test_an_action_that_ends_in_a_state_its_cell_does_not_list_is_our_bug() -> None:
    with pytest.raises(AssertionError):
        step(DOOR, Door(State.SHUT), Lock(), VIEW)


def test_a_missing_cell_is_our_bug() -> None:
    with pytest.raises(KeyError):
        step(DOOR, Door(State.OPEN), Wind(), VIEW)


def test_the_diagram_has_an_arrow_for_each_change_of_state() -> None:
    assert diagram(TABLE).splitlines() == [
        "stateDiagram-v2",
        "    shut --> open: Push",
        "    open --> [*]",
    ]
