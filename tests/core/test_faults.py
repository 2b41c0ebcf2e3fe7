"""Faults: matched in order, counted, used up, and still listed."""

from typing import Any

import pytest

from recording_emulator.core.faults import Effect, Fault, Faults, Point, problem

OWN = (Point("upload", "…", (Effect("fail", "…"), Effect("slow", "…", ("by_ms",)))),)


def fault(fault_id: str = "f", **more: Any) -> Fault:
    given: dict[str, Any] = {"on": "callback", "name": "40", "effect": "drop", **more}
    return Fault(id=fault_id, vendor="agora", **given)


def never(_fault: str, _nth: int) -> float:
    raise AssertionError("a fault that is certain draws nothing")


def hit(faults: Faults, **more: Any) -> Fault | None:
    asked: dict[str, Any] = {
        "vendor": "agora", "on": "callback", "name": "40", "room": "demo", "now_ms": 0,
        "draw": never, **more,
    }  # fmt: skip
    return faults.hit(**asked)


def hits(faults: Faults, times: int, **more: Any) -> list[str]:
    found = [hit(faults, **more) for _ in range(times)]
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


def test_a_fault_fires_from_its_nth_match_on() -> None:
    assert hits(armed(fault(nth=3)), 4) == ["-", "-", "f", "-"]
    assert hits(armed(fault(nth=2, times=2)), 4) == ["-", "f", "f", "-"]


def test_a_fault_fires_only_in_its_window() -> None:
    faults = armed(fault(times=None, opens_ms=10, closes_ms=20))

    assert [hits(faults, 1, now_ms=now_ms) for now_ms in (9, 10, 19, 20)] == [
        ["-"],
        ["f"],
        ["f"],
        ["-"],
    ]
    assert [each.seen for each in faults] == [2]


def test_a_fault_with_a_chance_draws_for_each_match() -> None:
    draws = {("f", 1): 0.6, ("f", 2): 0.3, ("f", 3): 0.5}
    faults = armed(fault(times=None, chance=0.5))

    assert hits(faults, 3, draw=lambda *key: draws[key]) == ["-", "f", "-"]
    assert [(each.seen, each.fired) for each in faults] == [(3, 1)]


def test_a_fault_with_another_effect_is_not_even_seen() -> None:
    faults = armed(fault())

    assert hits(faults, 1, effects=("lose",)) == ["-"]
    assert [each.seen for each in faults] == [0]


def test_the_first_armed_fault_that_matches_bites_then_the_next() -> None:
    assert hits(armed(fault("a"), fault("b")), 3) == ["a", "b", "-"]


def test_a_fault_matches_its_event_and_room_or_any() -> None:
    assert hits(armed(fault(name="31")), 1) == ["-"]
    assert hits(armed(fault(name="")), 1) == ["f"]
    assert hits(armed(fault(room="other")), 1) == ["-"]
    assert hits(armed(fault(room="demo")), 1) == ["f"]


def test_a_fault_on_another_vendor_or_on_calls_does_not_match() -> None:
    faults = armed(fault())

    assert hit(faults, vendor="zego") is None
    assert hit(faults, on="call") is None


def test_points_with_armed_faults_are_known_until_they_are_used_up() -> None:
    faults = armed(fault())

    assert (faults.any_at("callback"), faults.any_at("call")) == (True, False)
    hit(faults)
    assert not faults.any_at("callback")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"on": "weather"}, "on is one of call, callback, door, object, upload, not 'weather'"),
        ({"effect": "melt"}, "the effect of a fault on 'callback' is one of drop, delay, "),
        ({"effect": "delay"}, "the effect 'delay' needs by_ms"),
        ({"by_ms": 5}, "the effect 'drop' takes no by_ms"),
        ({"on": "upload", "effect": "fail"}, "a fault on 'upload' has no operation or event"),
        ({"nth": 0}, "nth and times are at least 1"),
        ({"times": 0}, "nth and times are at least 1"),
        ({"chance": 0.0}, "chance is above 0 and at most 1, not 0.0"),
        ({"opens_ms": 5, "closes_ms": 5}, "it would be armed no more before it is armed"),
        ({}, ""),
        ({"on": "upload", "name": "", "effect": "slow", "by_ms": 1}, ""),
    ],
)
def test_a_fault_that_cannot_be_says_why(given: dict[str, Any], why: str) -> None:
    assert problem(fault(**given), OWN).startswith(why)
    assert bool(problem(fault(**given), OWN)) == bool(why)
