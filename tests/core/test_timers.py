"""Timers fire by due time, then by the order in which they were armed."""

from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.core.inputs import Note
from recording_emulator.core.machine import Target
from recording_emulator.core.timers import Tempo, Timer, Timers

NOTE = Note("", "")


def timer(due_ms: int, sequence: int, key: str = "k", name: str = "n") -> Timer:
    return Timer(due_ms, sequence, Target("m", key), name, NOTE, Tempo.SHORT, 0)


def drained(timers: Timers) -> list[tuple[int, int]]:
    found = []
    while timers.peek() is not None:
        popped = timers.pop()
        found.append((popped.due_ms, popped.sequence))
    return found


@given(st.lists(st.integers(0, 20), max_size=200))
def test_timers_fire_in_order_of_due_time_then_sequence(dues: list[int]) -> None:
    timers = Timers()
    for sequence, due_ms in enumerate(dues):
        timers.arm(timer(due_ms, sequence, key=str(sequence)))

    expected = sorted((due_ms, sequence) for sequence, due_ms in enumerate(dues))
    assert drained(timers) == expected


def test_arming_a_name_again_moves_the_timer() -> None:
    timers = Timers()
    timers.arm(timer(10, 1))
    timers.arm(timer(5, 2))

    assert len(timers) == 1
    assert drained(timers) == [(5, 2)]


def test_a_cancelled_timer_never_fires() -> None:
    timers = Timers()
    timers.arm(timer(10, 1))
    timers.cancel(Target("m", "k"), "n")

    assert timers.peek() is None
    assert not len(timers)


def test_arming_and_cancelling_for_ever_keeps_the_heap_small() -> None:
    timers = Timers()
    for sequence in range(10_000):
        timers.arm(timer(sequence, sequence))

    assert len(timers._heap) < 100


def test_the_timers_of_a_target_are_listed_soonest_first() -> None:
    timers = Timers()
    timers.arm(timer(10, 1, name="late"))
    timers.arm(timer(5, 2, name="soon"))
    timers.arm(timer(1, 3, key="other"))

    assert [each.name for each in timers.of(Target("m", "k"))] == ["soon", "late"]
