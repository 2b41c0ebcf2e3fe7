"""Rooms: who is in, what they publish, and who is told."""

from recording_emulator.core.machine import Target
from recording_emulator.core.rooms import (
    Impossible,
    Join,
    Leave,
    Participant,
    Populate,
    Publish,
    Role,
    Room,
    RoomChanged,
    Unwatch,
    Watch,
    change,
)

EMPTY = Room("demo")


def after(*given: Join | Leave | Publish | Populate | Watch | Unwatch) -> Room:
    room = EMPTY
    for each in given:
        outcome = change(room, each, 7)
        assert isinstance(outcome, tuple), outcome
        room = outcome[0]
    return room


def test_who_joins_publishes_what_the_flags_say() -> None:
    room = after(Join("41", video=False))

    assert room.participants == {"41": Participant("41", 7, audio=True, video=False)}
    assert room.ever_joined


def test_joining_twice_is_impossible_and_changes_nothing() -> None:
    room = after(Join("41"))

    assert change(room, Join("41"), 8) == Impossible("'41' is in room 'demo' already")


def test_the_audience_publishes_nothing() -> None:
    room = after(Join("41", role=Role.AUDIENCE))

    assert (room.participants["41"].audio, room.hosts) == (False, 0)
    outcome = change(room, Publish("41", audio=True), 8)
    assert isinstance(outcome, Impossible)
    assert "only a host publishes" in outcome.why


def test_a_mute_is_told_and_a_second_one_is_not() -> None:
    room = after(Join("41"))

    muted = change(room, Publish("41", audio=False), 8)

    assert isinstance(muted, tuple)
    assert muted[1] == [RoomChanged("publish", "41")]
    again = change(muted[0], Publish("41", audio=False), 9)
    assert isinstance(again, tuple)
    assert again[1] == []


def test_leaving_a_room_one_is_not_in_names_who_is() -> None:
    room = after(Join("41"))

    outcome = change(room, Leave("42"), 8)

    assert outcome == Impossible("'42' is not in room 'demo'; there: '41'")


def test_a_synthetic_participant_fills_only_an_untouched_room() -> None:
    assert list(after(Populate("7")).participants) == ["7"]
    assert list(after(Join("41"), Populate("7")).participants) == ["41"]
    assert list(after(Join("41"), Leave("41"), Populate("7")).participants) == []


def test_the_first_real_participant_replaces_the_synthetic_one_in_the_same_instant() -> None:
    outcome = change(after(Populate("7")), Join("41"), 8)

    assert isinstance(outcome, tuple)
    assert list(outcome[0].participants) == ["41"]
    assert outcome[1] == [RoomChanged("join", "41"), RoomChanged("leave", "7")]


def test_watchers_are_kept_in_the_order_in_which_they_came() -> None:
    one, two = Target("recorder", "1"), Target("recorder", "2")

    assert after(Watch(one), Watch(two), Watch(one)).watchers == (two, one)
    assert after(Watch(one), Watch(two), Unwatch(one)).watchers == (two,)
