"""The line of targets: whatever happens, the earliest delivery that may go is the next."""

from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.core.machine import Facts
from recording_emulator.core.outbox import Delivery, Fate, Outbox

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "begin", "accept", "rest", "again", "hold", "forget"]),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["one", "two"]),
    ),
    max_size=60,
)


def delivery(box: Outbox, target: str, stream: str) -> Delivery:
    return Delivery(
        number=box.made + 1,
        target=target,
        vendor="toy",
        event="said",
        stream=stream,
        ordinal=0,
        emitted_ms=0,
        cause=0,
        facts=Facts(),
    )


def earliest(box: Outbox) -> int | None:
    """Find what is next by looking at everything."""
    free = [
        number
        for target, queue in box.ready.items()
        if target not in box.busy
        for number in [
            next(
                (
                    each
                    for each in queue
                    if box.blocked.get((target, box.live[each].stream), each) == each
                ),
                None,
            )
        ]
        if number is not None
    ]
    return min(free, default=None)


@given(STEPS)
def test_the_next_is_always_the_earliest_that_may_go(steps: list[tuple[str, str, str]]) -> None:
    box = Outbox(100)
    for attempt, (step, target, stream) in enumerate(steps, 1):
        resting = [each for each in box.live.values() if each.fate is Fate.RESTING]
        match step:
            case "add":
                box.add(delivery(box, target, stream))
            case "begin" if box.has_ready:
                expected, taken = earliest(box), box.next_ready()
                assert taken is not None
                assert taken.number == expected
                box.begin(taken, attempt, 0)
            case "accept" | "rest" | "hold" if target in box.busy:
                ended = box.close(box.busy[target])
                assert ended is not None
                if step == "hold":
                    box.block(ended)
                box.update(ended, fate=Fate.DELIVERED if step == "accept" else Fate.RESTING)
            case "again" if resting:
                box.update(resting[0], fate=Fate.READY)
            case "forget":
                for number in box.ready.pop(target, ()):
                    box.update(box.live[number], fate=Fate.DROPPED)
            case _:
                pass
        assert box.has_ready == (earliest(box) is not None)
