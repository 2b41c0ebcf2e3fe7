"""Faults: matched in order, counted, used up, and still listed."""

from recording_emulator.core.faults import Drop, Fault, Faults


def fault(fault_id: str = "f", name: str = "40", **more: object) -> Fault:
    return Fault(fault_id, "agora", "callback", name, Drop(), **more)  # type: ignore[arg-type]


def hits(faults: Faults, times: int, name: str = "40", room: str = "demo") -> list[str]:
    found = [faults.hit("agora", "callback", name, room) for _ in range(times)]
    return [each.id if each else "-" for each in found]


def armed(*given: Fault) -> Faults:
    faults = Faults()
    for each in given:
        faults.arm(each)
    return faults


def test_a_counted_fault_fires_so_often_and_then_never() -> None:
    faults = armed(fault(times=2))

    assert hits(faults, 3) == ["f", "f", "-"]
    assert [each.fired for each in faults] == [2]


def test_a_fault_without_a_count_fires_until_it_is_taken_back() -> None:
    faults = armed(fault(times=None))

    assert hits(faults, 3) == ["f", "f", "f"]
    faults.disarm("f")
    assert hits(faults, 1) == ["-"]


def test_a_fault_skips_its_first_matches() -> None:
    assert hits(armed(fault(skip=2)), 4) == ["-", "-", "f", "-"]


def test_the_first_armed_fault_that_matches_bites_then_the_next() -> None:
    assert hits(armed(fault("a"), fault("b")), 3) == ["a", "b", "-"]


def test_a_fault_matches_its_event_and_room_or_any() -> None:
    assert hits(armed(fault(name="31")), 1) == ["-"]
    assert hits(armed(fault(name="")), 1) == ["f"]
    assert hits(armed(fault(room="other")), 1) == ["-"]
    assert hits(armed(fault(room="demo")), 1) == ["f"]


def test_a_fault_on_another_vendor_or_on_calls_does_not_match() -> None:
    faults = armed(fault())

    assert faults.hit("zego", "callback", "40", "demo") is None
    assert faults.hit("agora", "call", "40", "demo") is None
