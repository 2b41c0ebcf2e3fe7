"""Timers fire by due time, then by the order in which they were armed."""

from typing import Any

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


def test_the_timers_of_a_key_are_listed_soonest_first() -> None:
    timers = Timers()
    timers.arm(timer(10, 1, name="late"))
    timers.arm(timer(5, 2, name="soon"))
    timers.arm(timer(1, 3, key="other"))

    assert [each.name for each in timers.of("k")] == ["soon", "late"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("arm"), st.integers(0, 9), st.integers(0, 3), st.sampled_from(Tempo)),
        st.tuples(st.just("cancel"), st.integers(0, 3)),
        st.tuples(st.just("pop")),
    ),
    max_size=200,
)


@given(STEPS, st.booleans())
def test_questions_by_tempo_and_by_key_agree_with_the_list_of_all(
    steps: list[tuple[Any, ...]], is_asked_before: bool
) -> None:
    timers = Timers()
    if is_asked_before:
        answered(timers)
    for sequence, step in enumerate(steps):
        match step:
            case ("arm", due_ms, key, tempo):
                target = Target("m", str(key))
                timers.arm(Timer(due_ms, sequence, target, "n", NOTE, tempo, 0))
            case ("cancel", key):
                timers.cancel(Target("m", str(key)), "n")
            case _:
                if len(timers):
                    timers.pop()

    every = list(timers)
    by_tempo = [next((each for each in every if each.tempo is tempo), None) for tempo in Tempo]
    by_key = [[each for each in every if each.target.key == str(key)] for key in range(4)]
    assert answered(timers) == (by_tempo, by_key)


def answered(timers: Timers) -> tuple[list[Timer | None], list[list[Timer]]]:
    by_tempo = [timers.soonest(tempo) for tempo in Tempo]
    return by_tempo, [timers.of(str(key)) for key in range(4)]


def test_arming_and_cancelling_for_ever_keeps_what_answers_by_tempo_and_key_small() -> None:
    timers = Timers()
    answered(timers)
    for sequence in range(10_000):
        timers.arm(timer(sequence, sequence, key=str(sequence)))
        timers.cancel(Target("m", str(sequence)), "n")

    assert len(timers._by_tempo[Tempo.SHORT]) < 100
    assert timers._by_key == {}
